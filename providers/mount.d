/*
 * mount.d: the first of the mounts of a file system. mount-list.d has the same for kernels that keep them in another way.
 */

inline struct vfsmount *__first_mount[struct super_block *s] = &s->s_mounts->mnt;
