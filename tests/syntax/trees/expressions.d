typedef struct node { struct node *next; int value:3, :5; } node_t;
END
{
	a = b = c ? d : e ? f : g;
	a += -b->c.d[1, 2] * ~c % !d - ++e-- << 2 >> 1;
	a < b == c >= d & e ^ f | g && h ^^ i || j, k;
	p = (node_t *)arg0 + sizeof (node_t) - sizeof a * offsetof(node_t, value);
	s = stringof((char *)p->string) == stringof `linux_banner;
	t = xlate <struct psinfo *> (curthread)->pr_pid + vmlinux`jiffies + 9p`debug;
	u = ((struct vmlinux`task_struct *)arg1)->self->this.provider;
	v = (const unsigned long long)'ab' + '\n' + 0x7fUL + 017 + 1ll + 18446744073709551615u;
	w = "tab\t\x41\101\q\"";
}
