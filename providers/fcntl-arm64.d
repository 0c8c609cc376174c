/*
 * fcntl-arm64.d: the flags of open(2) that have other values on arm64.
 */

#pragma D depends_on type struct user_fpsimd_state

inline int O_DIRECTORY = 040000;
inline int O_NOFOLLOW = 0100000;
inline int O_DIRECT = 0200000;
inline int O_LARGEFILE = 0400000;
inline int O_TMPFILE = 020040000;
