/*
 * iofile.d: the file that block I/O is for, where it can be told.
 *
 * The page cache says whose page is read or written: its address space belongs to an inode, the inode to a dentry. Pages of
 * programs (direct I/O), of the file system itself and of swap belong to no file: "<none>".
 */

/* The page that a bio is at. */
inline struct page *__bio_page[struct bio *b] =
	b == NULL || b->bi_io_vec == NULL ? NULL : b->bi_io_vec[b->bi_iter.bi_idx].bv_page;

/* Pages of a large folio but the first hold the address of the first, plus one, in compound_head. */
inline struct page *__head_page[struct page *p] =
	p == NULL ? NULL : (p->compound_head & 1) ? (struct page *)(p->compound_head - 1) : p;

/* The lowest bits of page->mapping mark pages that are not the page cache's. */
inline struct address_space *__page_mapping[struct page *p] =
	p == NULL || ((uintptr_t)p->mapping & 3) != 0 ? NULL : p->mapping;

inline struct inode *__page_inode[struct page *p] =
	__page_mapping[p] == NULL ? NULL : __page_mapping[p]->host;

/* The first name of an inode. Pages of the file system itself are a block device's (S_IFBLK), whose inode has no name in it. */
inline struct dentry *__inode_dentry[struct inode *i] =
	i == NULL || (i->i_mode & 0xf000) == 0x6000 || i->i_dentry.first == NULL ? NULL :
	(struct dentry *)((uintptr_t)i->i_dentry.first - offsetof(struct dentry, d_u));

inline struct dentry *__bio_dentry[struct bio *b] = __inode_dentry[__page_inode[__head_page[__bio_page[b]]]];

inline string __mounted_path[struct dentry *d] =
	__mountpoint(__first_mount[d->d_sb]) == "/" ? __dentry_path(d) :
	__mountpoint(__first_mount[d->d_sb]) == "<unknown>" ? "<unknown>" :
	strjoin(__mountpoint(__first_mount[d->d_sb]), __dentry_path(d));

/* A page's place in its file, in bytes; only the first page of a large folio knows its own. */
inline loff_t __page_offset[struct page *p] = (__page_index[__head_page[p]] + (p - __head_page[p])) << 12;

translator fileinfo_t < struct bio *B > {
	fi_name = __bio_dentry[B] == NULL ? "<none>" : stringof(__bio_dentry[B]->d_name.name);
	fi_dirname = __bio_dentry[B] == NULL ? "<none>" : dirname(__mounted_path[__bio_dentry[B]]);
	fi_pathname = __bio_dentry[B] == NULL ? "<none>" : __mounted_path[__bio_dentry[B]];
	fi_offset = __bio_dentry[B] == NULL ? 0 : __page_offset[__bio_page[B]];
	fi_fs = __bio_dentry[B] == NULL ? "<none>" : stringof(__bio_dentry[B]->d_sb->s_type->name);
	fi_mount = __bio_dentry[B] == NULL ? "<none>" : __mountpoint(__first_mount[__bio_dentry[B]->d_sb]);
	fi_oflags = 0;
};
