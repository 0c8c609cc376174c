/*
 * signal.d: numbers and codes of signals, and siginfo_t.
 */

inline int SIGHUP = 1;
inline int SIGINT = 2;
inline int SIGQUIT = 3;
inline int SIGILL = 4;
inline int SIGTRAP = 5;
inline int SIGABRT = 6;
inline int SIGIOT = 6;
inline int SIGBUS = 7;
inline int SIGFPE = 8;
inline int SIGKILL = 9;
inline int SIGUSR1 = 10;
inline int SIGSEGV = 11;
inline int SIGUSR2 = 12;
inline int SIGPIPE = 13;
inline int SIGALRM = 14;
inline int SIGTERM = 15;
inline int SIGSTKFLT = 16;
inline int SIGCHLD = 17;
inline int SIGCLD = 17;
inline int SIGCONT = 18;
inline int SIGSTOP = 19;
inline int SIGTSTP = 20;
inline int SIGTTIN = 21;
inline int SIGTTOU = 22;
inline int SIGURG = 23;
inline int SIGXCPU = 24;
inline int SIGXFSZ = 25;
inline int SIGVTALRM = 26;
inline int SIGPROF = 27;
inline int SIGWINCH = 28;
inline int SIGIO = 29;
inline int SIGPOLL = 29;
inline int SIGPWR = 30;
inline int SIGSYS = 31;
inline int SIGRTMIN = 34;
inline int SIGRTMAX = 64;

inline int SIG_DFL = 0;
inline int SIG_IGN = 1;

/* si_code of SIGCHLD, and the reason of proc:::exit */
inline int CLD_EXITED = 1;
inline int CLD_KILLED = 2;
inline int CLD_DUMPED = 3;
inline int CLD_TRAPPED = 4;
inline int CLD_STOPPED = 5;
inline int CLD_CONTINUED = 6;

/* si_code of signals that a program or the kernel sent */
inline int SI_USER = 0;
inline int SI_KERNEL = 0x80;
inline int SI_QUEUE = -1;
inline int SI_TIMER = -2;
inline int SI_MESGQ = -3;
inline int SI_ASYNCIO = -4;
inline int SI_TKILL = -6;

typedef struct d_siginfo {
	int si_signo;
	int si_errno;
	int si_code;
	pid_t si_pid;		/* of kill(2), sigqueue(3) and children */
	uid_t si_uid;
	int si_status;		/* of children */
	uintptr_t si_addr;	/* of faults */
	int64_t si_value;	/* of sigqueue(3) */
	long si_band;		/* of SIGPOLL */
	int si_fd;
} siginfo_t;

/* As in C, which members mean something depends on si_signo and si_code. */
translator siginfo_t < struct kernel_siginfo *I > {
	si_signo = I->si_signo;
	si_errno = I->si_errno;
	si_code = I->si_code;
	si_pid = I->_sifields._kill._pid;
	si_uid = I->_sifields._kill._uid;
	si_status = I->_sifields._sigchld._status;
	si_addr = (uintptr_t)I->_sifields._sigfault._addr;
	si_value = (int64_t)I->_sifields._rt._sigval.sival_ptr;
	si_band = I->_sifields._sigpoll._band;
	si_fd = I->_sifields._sigpoll._fd;
};
