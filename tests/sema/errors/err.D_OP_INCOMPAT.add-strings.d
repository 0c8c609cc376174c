/* line 4: operands have incompatible types: "string" + "string" */
BEGIN
{
	trace(execname + execname);
}
