/* line 2: enumerator 'RED' must be assigned to an integral constant expression */
enum e { RED = pid };
BEGIN { }
