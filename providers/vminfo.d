/*
 * vminfo.d: page faults, and what block I/O moves between memory and disks.
 */

/* Bits of the error code of a page fault (enum x86_pf_error_code): 1 the page is there, 2 a write. */
inline int __fault_is_protection[uint64_t code] = code & 1;
inline int __fault_is_write[uint64_t code] = (code & 2) != 0;

/*
 * Addresses of processes are the lower half of all. What the kernel reads of them with page faults disabled, as BPF programs do, is
 * no fault of theirs. Reading the member here disables page faults once more while it is read (copy_from_kernel_nofault).
 */
inline int __fault_of_process[uint64_t address] = (int64_t)address >= 0 && curthread->pagefault_disabled <= 1;

inline int __bio_reads[struct bio *b] = (b->bi_opf & 0xff) == 0;
inline int __bio_writes[struct bio *b] = (b->bi_opf & 0xff) == 1;
inline int __bio_swaps[struct bio *b] = (b->bi_opf & (1 << __REQ_SWAP)) != 0;
inline int __bio_pages[struct bio *b] = (b->bi_iter.bi_size + 4095) >> 12;

/* The inode whose pages a piece of I/O moves between the page cache and a disk; NULL for other memory. */
inline struct inode *__bio_inode[struct bio *b] = __page_inode[__head_page[__bio_page[b]]];

/* S_IFBLK: pages of the file system itself. S_IXUSR, S_IXGRP, S_IXOTH: a program. */
inline int __is_metadata[struct inode *i] = i != NULL && (i->i_mode & 0xf000) == 0x6000;
inline int __is_file[struct inode *i] = i != NULL && (i->i_mode & 0xf000) != 0x6000;
inline int __is_program[struct inode *i] = i != NULL && (i->i_mode & 0xf000) == 0x8000 && (i->i_mode & 0x49) != 0;
