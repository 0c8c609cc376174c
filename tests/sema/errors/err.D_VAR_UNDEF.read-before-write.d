/* line 2: x has not yet been declared or assigned */
BEGIN { trace(x); }
END { x = 1; }
