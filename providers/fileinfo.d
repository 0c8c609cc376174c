/*
 * fileinfo.d: open files as fileinfo_t, and what a process has open.
 */

typedef struct fileinfo {
	string fi_name;		/* last component */
	string fi_dirname;
	string fi_pathname;
	loff_t fi_offset;
	string fi_fs;		/* type of the file system: ext4, sockfs, pipefs */
	string fi_mount;	/* where that is mounted */
	int fi_oflags;		/* O_RDONLY ... */
} fileinfo_t;

/* A NULL file stands for no file. */
translator fileinfo_t < struct file *F > {
	fi_name = F == NULL ? "<none>" : stringof(F->f_path.dentry->d_name.name);
	fi_dirname = F == NULL ? "<none>" : dirname(__path(&F->f_path));
	fi_pathname = F == NULL ? "<none>" : __path(&F->f_path);
	fi_offset = F == NULL ? 0 : F->f_pos;
	fi_fs = F == NULL ? "<none>" : stringof(F->f_inode->i_sb->s_type->name);
	fi_mount = F == NULL ? "<none>" : __mountpoint(F->f_path.mnt);
	fi_oflags = F == NULL ? 0 : F->f_flags;
};

/* The file behind a descriptor of the current process; NULL when there is none. Kernel threads have no files. */
inline struct file *__fd_file[int fd] =
	curthread->files == NULL || (uint_t)fd >= curthread->files->fdt->max_fds ? NULL : curthread->files->fdt->fd[fd];

inline fileinfo_t fds[int fd] = xlate <fileinfo_t> (__fd_file[fd]);

inline string cwd = curthread->fs == NULL ? "<none>" : __path(&curthread->fs->pwd);
inline string root = curthread->fs == NULL ? "<none>" : __path(&curthread->fs->root);
