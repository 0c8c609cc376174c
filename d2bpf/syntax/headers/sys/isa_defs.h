/* The machine's properties, as Solaris' programs ask for them. */
#ifndef D2BPF_SYS_ISA_DEFS_H
#define D2BPF_SYS_ISA_DEFS_H

#define _LITTLE_ENDIAN
#define _BIT_FIELDS_LTOH
#define _LP64
#define _LONG_LONG_ALIGNMENT 8
#define _CHAR_IS_SIGNED
#define _SUNOS_VTOC_16

#endif
