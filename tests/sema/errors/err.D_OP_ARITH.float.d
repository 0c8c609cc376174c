/* line 3: operator + requires operands of arithmetic type */
float f;
BEGIN { trace(f + 1); }
