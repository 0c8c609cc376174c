/*
 * runqueue.d: Solaris' cpu_t and disp_t are the run queue of a processor here.
 */

#pragma D depends_on member struct cfs_rq.rq

inline struct rq *__task_struct__t_cpu[struct task_struct *t] = t->se.cfs_rq->rq;
inline struct rq *__rq__cpu_disp[struct rq *q] = q;
inline processorid_t __rq__cpu_id[struct rq *q] = q->cpu;

/* Linux counts the thread that runs, too. */
inline int __rq__disp_nrunnable[struct rq *q] = q->nr_running - (q->curr != q->idle);
