/*
 * lockstat.d: how a readers-writer lock was wanted.
 */

inline int RW_WRITER = 0;
inline int RW_READER = 1;
