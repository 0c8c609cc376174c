/*
 * vfs.d: what FreeBSD's operations on files are given. A vnode is a path here, or a name in a directory (struct dentry); the structures
 * of arguments are addresses, or numbers in their place, from which Linux' data are reached.
 */

inline int __FMODE_CREATED = 0x100000;	/* the file was made by this open() */

/* What a function of Linux returns, as FreeBSD's do: a positive error or 0. It may be a number of 32 or 64 bits, or an address. */
inline int __vop_error[int64_t ret] =
	ret < 0 ? (ret > -4096 ? (int)-ret : 0) :
	(ret >> 32) == 0 && (int)ret < 0 ? -(int)ret : 0;

/* ---- arguments: the number of bytes itself ---- */

struct vop_read_args { long __bytes; };
struct vop_write_args { long __bytes; };

inline uio_t *__vop_read_args__a_uio[struct vop_read_args *a] = (uio_t *)a;
inline uio_t *__vop_write_args__a_uio[struct vop_write_args *a] = (uio_t *)a;

/* ---- the open file ---- */

struct vop_open_args { long __file; };
struct vop_close_args { long __file; };
struct vop_fsync_args { long __file; };
struct vop_readdir_args { long __file; };

/* Of the flags FREAD and FWRITE alone: they are one more than O_RDONLY, O_WRONLY and O_RDWR. */
inline int __file_access[struct file *f] = (f->f_flags & 3) + 1;

inline int __vop_open_args__a_mode[struct vop_open_args *a] = __file_access[(struct file *)a];
inline struct file *__vop_open_args__a_fp[struct vop_open_args *a] = (struct file *)a;
inline int __vop_close_args__a_fflag[struct vop_close_args *a] = __file_access[(struct file *)a];

/* ---- others ---- */

struct vop_ioctl_args { long __command; };
struct vop_getattr_args { long __path; };
struct vop_readlink_args { long __dentry; };
struct vop_setattr_args { long __dentry; };

inline unsigned long __vop_ioctl_args__a_command[struct vop_ioctl_args *a] = (unsigned long)a;

/* ---- a name in a directory ---- */

struct vop_create_args { long __dentry; };
struct vop_remove_args { long __dentry; };
struct vop_mkdir_args { long __dentry; };
struct vop_rmdir_args { long __dentry; };
struct vop_symlink_args { long __dentry; };
struct vop_link_args { long __dentry; };

inline struct dentry *__vop_create_args__a_dvp[struct vop_create_args *a] = ((struct dentry *)a)->d_parent;
inline struct dentry *__vop_remove_args__a_dvp[struct vop_remove_args *a] = ((struct dentry *)a)->d_parent;
inline struct dentry *__vop_mkdir_args__a_dvp[struct vop_mkdir_args *a] = ((struct dentry *)a)->d_parent;
inline struct dentry *__vop_rmdir_args__a_dvp[struct vop_rmdir_args *a] = ((struct dentry *)a)->d_parent;
inline struct dentry *__vop_symlink_args__a_dvp[struct vop_symlink_args *a] = ((struct dentry *)a)->d_parent;
inline struct dentry *__vop_link_args__a_tdvp[struct vop_link_args *a] = ((struct dentry *)a)->d_parent;
inline struct dentry *__vop_remove_args__a_vp[struct vop_remove_args *a] = (struct dentry *)a;
inline struct dentry *__vop_rmdir_args__a_vp[struct vop_rmdir_args *a] = (struct dentry *)a;
inline struct dentry *__vop_create_args__a_cnp[struct vop_create_args *a] = (struct dentry *)a;
inline struct dentry *__vop_remove_args__a_cnp[struct vop_remove_args *a] = (struct dentry *)a;
inline struct dentry *__vop_mkdir_args__a_cnp[struct vop_mkdir_args *a] = (struct dentry *)a;
inline struct dentry *__vop_rmdir_args__a_cnp[struct vop_rmdir_args *a] = (struct dentry *)a;
inline struct dentry *__vop_symlink_args__a_cnp[struct vop_symlink_args *a] = (struct dentry *)a;
inline struct dentry *__vop_link_args__a_cnp[struct vop_link_args *a] = (struct dentry *)a;

struct vop_rename_args { long __names; };

inline struct dentry *__vop_rename_args__a_fvp[struct vop_rename_args *a] = ((struct renamedata *)a)->old_dentry;
inline struct dentry *__vop_rename_args__a_fcnp[struct vop_rename_args *a] = ((struct renamedata *)a)->old_dentry;
inline struct dentry *__vop_rename_args__a_fdvp[struct vop_rename_args *a] = ((struct renamedata *)a)->old_dentry->d_parent;
inline struct dentry *__vop_rename_args__a_tvp[struct vop_rename_args *a] = ((struct renamedata *)a)->new_dentry;
inline struct dentry *__vop_rename_args__a_tcnp[struct vop_rename_args *a] = ((struct renamedata *)a)->new_dentry;
inline struct dentry *__vop_rename_args__a_tdvp[struct vop_rename_args *a] = ((struct renamedata *)a)->new_dentry->d_parent;

inline string __dentry__cn_nameptr[struct dentry *d] = stringof(d->d_name.name);
inline long __dentry__cn_namelen[struct dentry *d] = d->d_name.len;

/* ---- vnodes: the name by which FreeBSD's cache of names knows one, and where its file system is mounted ---- */

inline struct dentry *__path__v_cache_dst[struct path *v] = v->dentry;
inline struct dentry *__dentry__v_cache_dst[struct dentry *d] = d;
inline struct dentry *__dentry__tqh_first[struct dentry *d] = d;
inline struct dentry *__dentry__nc_dvp[struct dentry *d] = d->d_parent;
inline string __dentry__nc_name[struct dentry *d] = stringof(d->d_name.name);
inline long __dentry__nc_nlen[struct dentry *d] = d->d_name.len;

inline struct vfsmount *__path__v_mount[struct path *v] = v->mnt;
inline struct vfsmount *__vfsmount__mnt_stat[struct vfsmount *m] = m;
inline string __vfsmount__f_mntonname[struct vfsmount *m] = __mountpoint(m);
inline string __vfsmount__f_fstypename[struct vfsmount *m] = stringof(m->mnt_sb->s_type->name);
