/* line 4: operands have incompatible types: "string" = "pid_t" */
BEGIN
{
	x = execname; x = pid;
}
