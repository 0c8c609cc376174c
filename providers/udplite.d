/*
 * udplite.d: UDP-Lite datagrams as udpliteinfo_t and udplitesinfo_t. Packets and sockets are as in ip.d.
 */

typedef struct udpliteinfo {
	uint16_t udplite_sport;
	uint16_t udplite_dport;
	uint16_t udplite_coverage;	/* bytes with the header that the checksum covers; 0 for all */
	uint16_t udplite_checksum;
	struct udphdr *udplite_hdr;
} udpliteinfo_t;

typedef struct udplitesinfo {
	uintptr_t udplites_addr;	/* struct sock *; 0 where the kernel shows none */
	uint16_t udplites_lport;
	uint16_t udplites_rport;
	string udplites_laddr;
	string udplites_raddr;
} udplitesinfo_t;

translator udplitesinfo_t < struct __packet *P > {
	udplites_addr = (uintptr_t)__any_sk[P];
	udplites_lport = __local_port[P];
	udplites_rport = __remote_port[P];
	udplites_laddr = __local_address[P];
	udplites_raddr = __remote_address[P];
};

translator udpliteinfo_t < struct udphdr *H > {
	udplite_sport = ntohs(H->source);
	udplite_dport = ntohs(H->dest);
	udplite_coverage = ntohs(H->len);
	udplite_checksum = ntohs(H->check);
	udplite_hdr = H;
};
