/* line 3: operator = requires modifiable lvalue as an operand */
enum e { RED };
BEGIN { RED = 2; }
