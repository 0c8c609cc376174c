static inline u64 cpu_node(u32 cpu)
{
	u32 *node = cpu_nodes.lookup(&cpu);

	return node ? *node : 0;
}
