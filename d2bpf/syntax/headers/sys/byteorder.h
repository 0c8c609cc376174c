/* Byte order: BSWAP_n() turns, BE_n() and LE_n() turn where the machine's order is another one. */
#ifndef D2BPF_SYS_BYTEORDER_H
#define D2BPF_SYS_BYTEORDER_H

#include <sys/isa_defs.h>

#define BSWAP_8(x) ((x) & 0xff)
#define BSWAP_16(x) ((BSWAP_8(x) << 8) | BSWAP_8((x) >> 8))
#define BSWAP_32(x) (((uint64_t)BSWAP_16(x) << 16) | BSWAP_16((x) >> 16))
#define BSWAP_64(x) (((uint64_t)BSWAP_32(x) << 32) | BSWAP_32((x) >> 32))

#define BE_8(x) BSWAP_8(x)
#define BE_16(x) BSWAP_16(x)
#define BE_32(x) BSWAP_32(x)
#define BE_64(x) BSWAP_64(x)
#define LE_8(x) (x)
#define LE_16(x) (x)
#define LE_32(x) (x)
#define LE_64(x) (x)

#endif
