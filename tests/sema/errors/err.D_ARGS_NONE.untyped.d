/* line 2: no args[ ] are known for probe description :::BEGIN */
BEGIN { trace(args[0]); }
