/*
 * io.d: block I/O as bufinfo_t, devinfo_t and fileinfo_t.
 *
 * I/O is described by the request that the driver gets and, where a driver takes no requests (dm, md, zram), by the bio.
 * The bio_* and device_* members are FreeBSD's names for what stands beside them.
 */

typedef struct bufinfo {
	int b_flags;		/* B_READ or B_WRITE, B_ASYNC, B_DONE, B_ERROR */
	size_t b_bcount;	/* bytes */
	caddr_t b_addr;		/* NULL */
	uint64_t b_lblkno;	/* sector of 512 bytes */
	uint64_t b_blkno;	/* sector of 512 bytes */
	size_t b_resid;		/* bytes not transferred */
	size_t b_bufsize;	/* bytes */
	caddr_t b_iodone;	/* function called at the end */
	int b_error;		/* errno, at io:::done */
	dev_t b_edev;
	int b_cmd;		/* BIO_READ ... */
	int bio_cmd;
	uint64_t bio_flags;	/* BIO_ERROR, BIO_DONE */
	long bio_bcount;	/* bytes */
	long bio_length;
	long bio_resid;
	int64_t bio_offset;	/* bytes from the start of the disk */
	int bio_error;
	caddr_t bio_data;	/* NULL */
} bufinfo_t;

typedef struct devinfo {
	int dev_major;
	int dev_minor;
	int dev_instance;	/* the minor number */
	int dev_type;		/* 0: direct access */
	string dev_name;	/* driver, or the disk where it has none */
	string dev_statname;	/* vda1 */
	string dev_pathname;	/* /dev/vda1 */
	string device_name;	/* disk: vda */
	int unit_number;
	int device_number;
	int device_type;
} devinfo_t;

inline int B_BUSY = 0x1;
inline int B_DONE = 0x2;
inline int B_ERROR = 0x4;
inline int B_PAGEIO = 0x10;
inline int B_PHYS = 0x20;
inline int B_READ = 0x40;
inline int B_WRITE = 0x100;
inline int B_ASYNC = 0x400;

inline int BIO_READ = 1;
inline int BIO_WRITE = 2;
inline int BIO_DELETE = 3;
inline int BIO_GETATTR = 4;
inline int BIO_FLUSH = 5;
inline int BIO_CMD0 = 6;
inline int BIO_CMD1 = 7;
inline int BIO_CMD2 = 8;
inline int BIO_ZONE = 9;

inline int BIO_ERROR = 0x1;
inline int BIO_DONE = 0x2;
inline int BIO_ONQUEUE = 0x4;
inline int BIO_ORDERED = 0x8;

inline string bio_cmd_string[int cmd] =
	cmd == BIO_READ ? "BIO_READ" :
	cmd == BIO_WRITE ? "BIO_WRITE" :
	cmd == BIO_DELETE ? "BIO_DELETE" :
	cmd == BIO_GETATTR ? "BIO_GETATTR" :
	cmd == BIO_FLUSH ? "BIO_FLUSH" :
	cmd == BIO_ZONE ? "BIO_ZONE" : "";

inline string bio_flag_string[int flag] =
	flag == BIO_ERROR ? "BIO_ERROR" :
	flag == BIO_DONE ? "BIO_DONE" :
	flag == BIO_ONQUEUE ? "BIO_ONQUEUE" :
	flag == BIO_ORDERED ? "BIO_ORDERED" : "";

/* enum req_op: REQ_OP_READ 0, _WRITE 1, _FLUSH 2, _DISCARD 3, _SECURE_ERASE 5, _WRITE_ZEROES 9; odd ones write. */
inline int __bio_command[uint32_t op] =
	op == 0 ? BIO_READ :
	op == 1 || op == 9 ? BIO_WRITE :
	op == 2 ? BIO_FLUSH :
	op == 3 || op == 5 ? BIO_DELETE : BIO_CMD0;

/* What a read or a write waits for is REQ_SYNC, bit 11. */
inline int __buf_flags[uint32_t opf] = ((opf & 1) ? B_WRITE : B_READ) | ((opf & 0x800) ? 0 : B_ASYNC);

/* blk_status_t: as the table blk_errors of block/blk-core.c turns it into an errno; before Linux 5.16 events had that itself, negative */
inline int __blk_errno[int status] =
	status <= 0 ? -status :
	status == 1 ? EOPNOTSUPP :
	status == 2 ? ETIMEDOUT :
	status == 3 ? ENOSPC :
	status == 4 ? ENOLINK :
	status == 5 ? EREMOTEIO :
	status == 6 ? EBADE :
	status == 7 ? ENODATA :
	status == 8 ? EILSEQ :
	status == 9 ? ENOMEM :
	status == 12 ? EAGAIN : EIO;

/* ---- devices ---- */

inline dev_t __device_number[struct block_device *b] = b == NULL ? 0 : b->bd_dev;
inline struct device *__device[struct block_device *b] = &b->bd_device;
inline string __disk_name[struct block_device *b] = stringof(b->bd_disk->disk_name);
inline struct block_device *__bio_device[struct bio *b] = b->bi_bdev;

/* A request is told its partition only after block_io_start; one without a bio is no disk's. */
inline struct block_device *__request_device[struct request *r] =
	r->part != NULL ? r->part : r->bio != NULL ? __bio_device[r->bio] : NULL;

translator devinfo_t < struct block_device *B > {
	dev_major = __device_number[B] >> 20;
	dev_minor = __device_number[B] & 0xfffff;
	dev_instance = __device_number[B] & 0xfffff;
	dev_type = 0;
	dev_name = B == NULL ? "<none>" :
	    __device[B]->parent == NULL || __device[B]->parent->driver == NULL ? __disk_name[B] :
	    stringof(__device[B]->parent->driver->name);
	dev_statname = B == NULL ? "<none>" : stringof(__device[B]->kobj.name);
	dev_pathname = B == NULL ? "<none>" : strjoin("/dev/", stringof(__device[B]->kobj.name));
	device_name = B == NULL ? "<none>" : __disk_name[B];
	unit_number = __device_number[B] & 0xfffff;
	device_number = __device_number[B] & 0xfffff;
	device_type = 0;
};

/* ---- I/O ---- */

/*
 * The address of a request, or of a bio with bit 0 set; bit 1 says that it has ended, its status (blk_status_t) being arg1 of the
 * probe. NULL stands for no I/O. The type exists for translation only.
 */
struct __io;

inline int __io_is_bio[struct __io *i] = (uintptr_t)i & 1;
inline int __io_is_done[struct __io *i] = (uintptr_t)i & 2;
inline struct request *__io_request[struct __io *i] = (struct request *)((uintptr_t)i & ~3);
inline struct bio *__io_bio[struct __io *i] = (struct bio *)((uintptr_t)i & ~3);

inline uint32_t __io_opf[struct __io *i] =
	i == NULL ? 0 : __io_is_bio[i] ? __io_bio[i]->bi_opf : __io_request[i]->cmd_flags;

inline uint64_t __io_sector[struct __io *i] =
	i == NULL ? 0 : __io_is_bio[i] ? __io_bio[i]->bi_iter.bi_sector : __io_request[i]->__sector;

inline uint32_t __io_bytes[struct __io *i] =
	i == NULL ? 0 : __io_is_bio[i] ? __io_bio[i]->bi_iter.bi_size : __io_request[i]->__data_len;

inline struct block_device *__io_device[struct __io *i] =
	i == NULL ? NULL : __io_is_bio[i] ? __bio_device[__io_bio[i]] : __request_device[__io_request[i]];

inline uintptr_t __io_end[struct __io *i] =
	i == NULL ? 0 : __io_is_bio[i] ? (uintptr_t)__io_bio[i]->bi_end_io : (uintptr_t)__io_request[i]->end_io;

inline int __io_error[struct __io *i] = __io_is_done[i] ? __blk_errno[arg1] : 0;

translator bufinfo_t < struct __io *I > {
	b_flags = I == NULL ? 0 : __buf_flags[__io_opf[I]] |
	    (__io_is_done[I] ? B_DONE : 0) | (__io_error[I] ? B_ERROR : 0);
	b_bcount = __io_bytes[I];
	b_addr = NULL;
	b_lblkno = __io_sector[I];
	b_blkno = __io_sector[I];
	b_resid = 0;
	b_bufsize = __io_bytes[I];
	b_iodone = (caddr_t)__io_end[I];
	b_error = __io_error[I];
	b_edev = __device_number[__io_device[I]];
	b_cmd = __bio_command[__io_opf[I] & 0xff];
	bio_cmd = __bio_command[__io_opf[I] & 0xff];
	bio_flags = (__io_is_done[I] ? BIO_DONE : 0) | (__io_error[I] ? BIO_ERROR : 0);
	bio_bcount = __io_bytes[I];
	bio_length = __io_bytes[I];
	bio_resid = 0;
	bio_offset = __io_sector[I] << 9;
	bio_error = __io_error[I];
	bio_data = NULL;
};
