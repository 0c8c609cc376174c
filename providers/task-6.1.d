/*
 * task-6.1.d: resident pages before Linux 6.2 made them per-CPU counters (commit f1a7941243c1).
 */

#pragma D depends_on member struct mm_rss_stat.count

inline int64_t __resident_pages[struct mm_struct *mm] =
	mm->rss_stat.count[0].counter + mm->rss_stat.count[1].counter + mm->rss_stat.count[3].counter;
