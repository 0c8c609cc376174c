/*
 * uio.d: what a read or write of the kernel is asked for, as functions of other systems get it. Linux has no structure for it: the
 * address of a uio_t is the number of bytes itself. At return what is left is asked for, so what was done (arg3 there) is taken off.
 */

struct uio {
	long __bytes;
};

typedef struct uio uio_t;

inline ssize_t __uio_left[struct uio *u] = (ssize_t)u - (probename == "return" ? arg3 : 0);

inline ssize_t __uio__uio_resid[struct uio *u] = __uio_left[u];
inline ssize_t __uio__uio_resid_64[struct uio *u] = __uio_left[u];
