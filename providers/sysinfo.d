/*
 * sysinfo.d: what sysinfo counts with; vminfo.d has what requests read and write.
 */

/* How many bits are set: first in pairs, then in groups of four, then in bytes. */
inline uint64_t __bits_in_pairs[uint64_t x] = x - ((x >> 1) & 0x5555555555555555);
inline uint64_t __bits_in_fours[uint64_t x] =
	(__bits_in_pairs[x] & 0x3333333333333333) + ((__bits_in_pairs[x] >> 2) & 0x3333333333333333);
inline uint64_t __bits_set[uint64_t x] =
	(((__bits_in_fours[x] + (__bits_in_fours[x] >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101) >> 56;
