/* line 2: enumerator value overflows INT_MAX: GREEN */
enum e { RED = 0x7fffffff, GREEN };
BEGIN { }
