#!/usr/sbin/dtrace -s
/*
 * java-methods.d - how often each method of a Java program is called.
 *
 * For: a Java program that is busy; with what?
 * Arguments: [class], with slashes for dots: java/lang/String; all classes without.
 * Habit of: Solaris, illumos, macOS: the probes of the HotSpot virtual machine.
 * On Linux: run the program with java -XX:+ExtendedDTraceProbes; without it the methods have no probes.
 *
 * Sample: d2bpf -s java-methods.d Known -c 'java -XX:+ExtendedDTraceProbes -cp . Known'
 *
 * CLASS                            METHOD                                CALLS
 * Known                            main                                      1
 * Known$Inner                      <init>                                    1
 * Known$Inner                      gamma                                    20
 * Known                            beta                                     50
 * Known                            alpha                                  1000
 */

#pragma D option quiet
#pragma D option defaultargs

/* The virtual machine's texts have a length and no NUL. */
hotspot$target:::method-entry
{
	this->class = (char *)copyin(arg1, arg2 + 1);
	this->class[arg2] = '\0';
	this->method = (char *)copyin(arg3, arg4 + 1);
	this->method[arg4] = '\0';
	this->wanted = $$1 == "" || stringof(this->class) == $$1;
}

hotspot$target:::method-entry
/this->wanted/
{
	@calls[stringof(this->class), stringof(this->method)] = count();
}

dtrace:::END
{
	printf("%-32s %-32s %10s\n", "CLASS", "METHOD", "CALLS");
	printa("%-32s %-32s %@10d\n", @calls);
}
