/* line 4: operands have incompatible types: "string" == "pid_t" */
BEGIN
{
	trace(execname == pid);
}
