#!/usr/sbin/dtrace -s
/*
 * process-tree.d - forks as they happen, children indented below their parents.
 *
 * For: who starts whom, how deep, and under which name: a child that became another program shows what it became.
 * Arguments: none.
 * Habit of: Solaris. create fires in the parent, where args[0] is the child.
 * On Linux: a thread is no process: see threads-created.d.
 *
 * Sample: d2bpf -s process-tree.d -c 'ldd /bin/ls'
 *
 *   5880 ldd forks 5883
 *       5883 ldd forks 5884
 *           5884 becomes ld-linux-x86-64
 *           5884 ld-linux-x86-64 ends
 *       5883 ldd ends
 *   5880 ldd forks 5885
 *       5885 becomes ld-linux-x86-64
 *       5885 ld-linux-x86-64 ends
 *   5880 ldd forks 5886
 *       5886 ldd forks 5887
 *           5887 ldd forks 5888
 *               5888 becomes ld-linux-x86-64
 *               5888 ld-linux-x86-64 ends
 *           5887 ldd ends
 *       5886 ldd ends
 */

#pragma D option quiet
#pragma D option switchrate=10hz

int depth[pid_t];

proc:::create
{
	depth[args[0]->pr_pid] = depth[pid] + 1;
	printf("%*s%d %s forks %d\n", depth[pid] * 4, "", pid, execname, args[0]->pr_pid);
}

proc:::exec-success
/depth[pid]/
{
	printf("%*s%d becomes %s\n", depth[pid] * 4, "", pid, execname);
}

proc:::exit
/depth[pid]/
{
	printf("%*s%d %s ends\n", depth[pid] * 4, "", pid, execname);
	depth[pid] = 0;
}
