/*
 * fsinfo.d: the file that a system call is about, as it says it: open, or by name.
 */

/*
 * The address of an open file, in the upper half of all addresses, or of a path name in the memory of the process, in the lower
 * half. NULL stands for no file. The type exists for translation only.
 */
struct __node;

inline struct __node *__node_of_file[struct file *f] = (struct __node *)f;
inline struct file *__node_file[struct __node *n] = (struct file *)n;
inline int __node_is_file[struct __node *n] = (int64_t)n < 0;
inline string __node_path[struct __node *n] = copyinstr((uintptr_t)n);

translator fileinfo_t < struct __node *N > {
	fi_name = N == NULL ? "<none>" : __node_is_file[N] ? stringof(__node_file[N]->f_path.dentry->d_name.name) : basename(__node_path[N]);
	fi_dirname = N == NULL ? "<none>" : __node_is_file[N] ? dirname(__path(&__node_file[N]->f_path)) : dirname(__node_path[N]);
	fi_pathname = N == NULL ? "<none>" : __node_is_file[N] ? __path(&__node_file[N]->f_path) : __node_path[N];
	fi_offset = __node_is_file[N] ? __node_file[N]->f_pos : 0;
	fi_fs = N == NULL ? "<none>" : __node_is_file[N] ? stringof(__node_file[N]->f_inode->i_sb->s_type->name) : "<unknown>";
	fi_mount = N == NULL ? "<none>" : __node_is_file[N] ? __mountpoint(__node_file[N]->f_path.mnt) : "<unknown>";
	fi_oflags = __node_is_file[N] ? __node_file[N]->f_flags : 0;
};
