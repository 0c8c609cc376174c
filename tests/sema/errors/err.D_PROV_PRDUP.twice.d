/* line 2: probe redeclared: app:::a-b */
provider app { probe a__b(); probe a__b(int); };
BEGIN { }
