static inline u64 cpu_package(u32 cpu)
{
	u32 *package = cpu_packages.lookup(&cpu);

	return package ? *package : 0;
}
