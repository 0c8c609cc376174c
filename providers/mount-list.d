/*
 * mount-list.d: the first of the mounts of a file system, where super_block.s_mounts is a list of struct mount.mnt_instance.
 */

#pragma D depends_on member struct mount.mnt_instance

inline struct vfsmount *__first_mount[struct super_block *s] =
	(struct vfsmount *)((uintptr_t)s->s_mounts.next - offsetof(struct mount, mnt_instance) + offsetof(struct mount, mnt));
