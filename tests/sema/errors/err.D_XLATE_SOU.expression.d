/* line 2: translator output type must be a struct or union */
BEGIN { trace(xlate <int> (1)); }
