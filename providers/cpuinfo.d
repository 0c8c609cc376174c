/*
 * cpuinfo.d: processors as cpuinfo_t.
 */

typedef int chipid_t;
typedef int lgrp_id_t;

typedef struct cpuinfo {
	processorid_t cpu_id;
	psetid_t cpu_pset;	/* 0: Linux has no processor sets */
	chipid_t cpu_chip;	/* physical package */
	lgrp_id_t cpu_lgrp;	/* NUMA node */
} cpuinfo_t;

translator cpuinfo_t < processorid_t c > {
	cpu_id = c;
	cpu_pset = 0;
	cpu_chip = __cpu_package(c);
	cpu_lgrp = __cpu_node(c);
};

inline cpuinfo_t *curcpu = xlate <cpuinfo_t *> (cpu);
inline chipid_t chip = curcpu->cpu_chip;
inline psetid_t pset = curcpu->cpu_pset;
inline lgrp_id_t lgrp = curcpu->cpu_lgrp;
