/*
 * sdt.d: what Solaris and FreeBSD call members of timers and of work that is done later.
 */

typedef struct timer_list callout_t;
typedef struct workqueue_struct taskq_t;
typedef struct work_struct taskq_ent_t;

inline uintptr_t __timer_list__c_func[struct timer_list *t] = (uintptr_t)t->function;
inline uintptr_t __timer_list__c_arg[struct timer_list *t] = (uintptr_t)t;

inline string __workqueue_struct__tq_name[struct workqueue_struct *q] = stringof(q->name);

inline uintptr_t __work_struct__tqent_func[struct work_struct *w] = (uintptr_t)w->func;
inline uintptr_t __work_struct__tqent_arg[struct work_struct *w] = (uintptr_t)w;
