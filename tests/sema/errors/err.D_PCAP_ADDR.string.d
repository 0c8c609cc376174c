/* line 4: pcap( ) argument #1 is incompatible with prototype:\n\tprototype: pointer\n\t argument: string */
BEGIN
{
	pcap(execname, 1);
}
