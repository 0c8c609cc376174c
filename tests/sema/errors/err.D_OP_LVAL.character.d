/* line 4: operator = requires modifiable lvalue as an operand */
BEGIN
{
	strjoin("a", probename)[0] = 'b';
}
