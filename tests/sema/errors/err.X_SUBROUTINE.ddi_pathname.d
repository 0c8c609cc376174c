/* line 4: ddi_pathname( ) cannot be translated: Linux device nodes have no such path */
BEGIN
{
	x = ddi_pathname((void *)arg0, 1);
}
