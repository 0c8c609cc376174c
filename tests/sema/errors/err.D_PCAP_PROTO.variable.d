/* line 4: pcap( ) argument #2 must be an integer constant */
BEGIN
{
	pcap(curthread, pid);
}
