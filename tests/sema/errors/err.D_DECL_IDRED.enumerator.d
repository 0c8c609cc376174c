/* line 3: identifier redeclared: RED */
enum a { RED };
enum b { RED };
BEGIN { }
