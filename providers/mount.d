/*
 * mount.d: where a file system is mounted as a whole. Bind mounts of one of its files or folders, which may come first in its list,
 * are passed over as far as four deep. mount-list.d has the same for kernels that keep mounts in another way.
 */

inline int __mounts_all[struct mount *m] = m->mnt.mnt_root == m->mnt.mnt_sb->s_root;

inline struct mount *__mount_from_1[struct mount *m] = m == NULL || __mounts_all[m] ? m : (struct mount *)NULL;
inline struct mount *__mount_from_2[struct mount *m] = m == NULL || __mounts_all[m] ? m : __mount_from_1[m->mnt_next_for_sb];
inline struct mount *__mount_from_3[struct mount *m] = m == NULL || __mounts_all[m] ? m : __mount_from_2[m->mnt_next_for_sb];
inline struct mount *__mount_from_4[struct mount *m] = m == NULL || __mounts_all[m] ? m : __mount_from_3[m->mnt_next_for_sb];

inline struct mount *__whole_mount[struct super_block *s] = __mount_from_4[s->s_mounts];

inline struct vfsmount *__first_mount[struct super_block *s] =
	__whole_mount[s] == NULL ? &s->s_mounts->mnt : &__whole_mount[s]->mnt;
