/*
 * io-5.10.d: disks and partitions before Linux 5.11 made them block devices (commits 309dca309fc3, 0d02129e76ed). What stands for a
 * block device is the partition; a disk is its own partition 0.
 */

#pragma D depends_on member struct bio.bi_disk

inline struct hd_struct *__partition[struct block_device *b] = (struct hd_struct *)b;

inline dev_t __device_number[struct block_device *b] = b == NULL ? 0 : __partition[b]->__dev.devt;
inline struct device *__device[struct block_device *b] = &__partition[b]->__dev;

/* The disk is the device above its partitions. */
inline string __disk_name[struct block_device *b] =
	stringof(__partition[b]->partno == 0 ? __device[b]->kobj.name : __device[b]->parent->kobj.name);

inline struct block_device *__bio_device[struct bio *b] = (struct block_device *)&b->bi_disk->part0;

inline struct block_device *__request_device[struct request *r] =
	r->part != NULL ? (struct block_device *)r->part :
	r->rq_disk != NULL ? (struct block_device *)&r->rq_disk->part0 : NULL;
