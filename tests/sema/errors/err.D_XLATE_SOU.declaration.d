/* line 2: translator output type must be a struct or union */
translator int < int i > { b = i; };
BEGIN { }
