/* line 4: operator = requires modifiable lvalue as an operand */
BEGIN
{
	strlen("a") = 2;
}
