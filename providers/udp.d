/*
 * udp.d: UDP datagrams as udpinfo_t and udpsinfo_t. Packets and sockets are as in ip.d.
 */

typedef struct udpinfo {
	uint16_t udp_sport;
	uint16_t udp_dport;
	uint16_t udp_length;	/* bytes with the header */
	uint16_t udp_checksum;
	struct udphdr *udp_hdr;
} udpinfo_t;

typedef struct udpsinfo {
	uintptr_t udps_addr;	/* struct sock *; 0 where the kernel shows none */
	uint16_t udps_lport;
	uint16_t udps_rport;
	string udps_laddr;
	string udps_raddr;
} udpsinfo_t;

translator udpsinfo_t < struct __packet *P > {
	udps_addr = (uintptr_t)__any_sk[P];
	udps_lport = __local_port[P];
	udps_rport = __remote_port[P];
	udps_laddr = __local_address[P];
	udps_raddr = __remote_address[P];
};

translator udpinfo_t < struct udphdr *H > {
	udp_sport = ntohs(H->source);
	udp_dport = ntohs(H->dest);
	udp_length = ntohs(H->len);
	udp_checksum = ntohs(H->check);
	udp_hdr = H;
};
