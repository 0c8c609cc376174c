/*
 * ip.d: packets, connections and IP headers as pktinfo_t, csinfo_t, ipinfo_t, ifinfo_t, ipv4info_t and ipv6info_t.
 *
 * What tcp and udp say of a packet and of its socket starts here, too.
 */

typedef uint64_t netstackid_t;
typedef struct in6_addr in6_addr_t;

typedef struct pktinfo {
	uintptr_t pkt_addr;	/* struct sk_buff *; 0 where the kernel shows no packet */
} pktinfo_t;

typedef struct csinfo {
	uintptr_t cs_addr;	/* struct sock *, struct request_sock *, struct inet_timewait_sock *; 0 where the kernel shows none */
	uint64_t cs_cid;	/* made of addresses and ports: one for a connection's end in all probes */
	pid_t cs_pid;		/* the process at work on the socket; -1 where the kernel works by itself */
	zoneid_t cs_zoneid;	/* 0 */
} csinfo_t;

typedef struct ipinfo {
	uint8_t ip_ver;
	uint32_t ip_plength;	/* bytes behind the header */
	string ip_saddr;
	string ip_daddr;
} ipinfo_t;

typedef struct ifinfo {
	string if_name;
	int8_t if_local;	/* loopback */
	netstackid_t if_ipstack;	/* 0 */
	uintptr_t if_addr;	/* struct net_device * */
} ifinfo_t;

typedef struct ipv4info {
	uint8_t ipv4_ver;
	uint8_t ipv4_ihl;	/* bytes */
	uint8_t ipv4_tos;
	uint16_t ipv4_length;
	uint16_t ipv4_ident;
	uint8_t ipv4_flags;	/* 4: do not fragment, 2: more fragments */
	uint16_t ipv4_offset;	/* in units of 8 bytes */
	uint8_t ipv4_ttl;
	uint8_t ipv4_protocol;
	string ipv4_protostr;
	uint16_t ipv4_checksum;
	ipaddr_t ipv4_src;	/* network byte order */
	ipaddr_t ipv4_dst;
	string ipv4_saddr;
	string ipv4_daddr;
	struct iphdr *ipv4_hdr;
} ipv4info_t;

typedef struct ipv6info {
	uint8_t ipv6_ver;
	uint8_t ipv6_tclass;
	uint32_t ipv6_flow;
	uint16_t ipv6_plen;
	uint8_t ipv6_nexthdr;
	string ipv6_nextstr;
	uint8_t ipv6_hlim;
	in6_addr_t *ipv6_src;
	in6_addr_t *ipv6_dst;
	string ipv6_saddr;
	string ipv6_daddr;
	struct ipv6hdr *ipv6_hdr;
} ipv6info_t;

/* ---- what the attach points deliver ---- */

/*
 * A packet, or a socket whose packets are meant. Addresses of kernel memory begin with 0xff; that byte is shifted out, which makes
 * room below for bits 0-3, the kind, and bits 4-7, the state that a socket is in if sk_state does not say so yet. The type exists
 * for translation only.
 *
 * kind
 * 1	struct sk_buff on its way to a device; this end is its source
 * 2	struct sk_buff come from a device, its data beginning with the IP header; this end is its destination
 * 3	struct sock, for a packet that it sends
 * 4	struct sock, for a packet that it receives
 */
struct __packet;

inline struct __packet *__tagged[uintptr_t address, int state, int kind] = (struct __packet *)(address << 8 | state << 4 | kind);
inline struct __packet *__sent[struct sk_buff *skb] = __tagged[(uintptr_t)skb, 0, 1];
inline struct __packet *__received[struct sk_buff *skb] = __tagged[(uintptr_t)skb, 0, 2];
inline struct __packet *__sending[struct sock *sk, int state] = __tagged[(uintptr_t)sk, state, 3];
inline struct __packet *__receiving[struct sock *sk, int state] = __tagged[(uintptr_t)sk, state, 4];

inline int __kind[struct __packet *p] = (uintptr_t)p & 15;
inline int __new_state[struct __packet *p] = (uintptr_t)p >> 4 & 15;
inline uintptr_t __untagged[struct __packet *p] = (uintptr_t)p >> 8 | 0xff00000000000000;
inline int __is_skb[struct __packet *p] = __kind[p] <= 2;
inline int __is_ours[struct __packet *p] = __kind[p] == 1 || __kind[p] == 3;
inline struct sk_buff *__skb[struct __packet *p] = (struct sk_buff *)__untagged[p];
inline struct sock *__sk[struct __packet *p] = (struct sock *)__untagged[p];

/* ---- headers ---- */

inline uintptr_t __ip_header[struct __packet *p] =
	__kind[p] == 2 ? (uintptr_t)__skb[p]->data : (uintptr_t)__skb[p]->head + __skb[p]->network_header;
inline struct iphdr *__iphdr[struct __packet *p] = (struct iphdr *)__ip_header[p];
inline struct ipv6hdr *__ipv6hdr[struct __packet *p] = (struct ipv6hdr *)__ip_header[p];

inline uint8_t __byte[uintptr_t header, int at] = *(uint8_t *)(header + at);

/* ETH_P_IP 0x0800, ETH_P_IPV6 0x86dd */
inline int __is_ipv4[struct sk_buff *skb] = skb->protocol == htons(0x0800);
inline int __is_ipv6[struct sk_buff *skb] = skb->protocol == htons(0x86dd);
inline int __is_ip[struct sk_buff *skb] = __is_ipv4[skb] || __is_ipv6[skb];

/* A packet that a device shows though it is another machine's (PACKET_OTHERHOST). */
inline int __is_other_hosts[struct sk_buff *skb] = skb->pkt_type == 3;

inline int __ipv4_begins[struct iphdr *h, int protocol] = h->protocol == protocol && (ntohs(h->frag_off) & 0x1fff) == 0;

/* Whether a packet carries a protocol's header: fragments but the first do not. */
inline int __carries[struct __packet *p, int protocol] =
	__is_ipv4[__skb[p]] ? __ipv4_begins[__iphdr[p], protocol] :
	__is_ipv6[__skb[p]] ? __ipv6hdr[p]->nexthdr == protocol : 0;

/* A packet that came in keeps the device's number: the rest is made here. */
inline int __is_own[struct sk_buff *skb, int protocol] = skb->skb_iif == 0 && __carries[__sent[skb], protocol];
inline int __is_for_us[struct sk_buff *skb, int protocol] = !__is_other_hosts[skb] && __carries[__received[skb], protocol];

/* Address of the header behind IP's. */
inline uintptr_t __payload[struct __packet *p] =
	__ip_header[p] + (__is_ipv4[__skb[p]] ? (__byte[__ip_header[p], 0] & 15) * 4 : sizeof (struct ipv6hdr));

/* Bytes from the IP header on. */
inline uint32_t __ip_bytes[struct __packet *p] =
	__skb[p]->len - (__ip_header[p] - (uintptr_t)__skb[p]->data);

/* Lengths of 64 KB and more do not fit the header's field, which is 0 then. */
inline uint32_t __payload_bytes[struct __packet *p] =
	__is_ipv4[__skb[p]] ?
	    (__iphdr[p]->tot_len != 0 ? ntohs(__iphdr[p]->tot_len) : __ip_bytes[p]) - (__byte[__ip_header[p], 0] & 15) * 4 :
	    __ipv6hdr[p]->payload_len != 0 ? ntohs(__ipv6hdr[p]->payload_len) : __ip_bytes[p] - sizeof (struct ipv6hdr);

/* Segments that the device or the driver makes of a packet. */
inline struct skb_shared_info *__shared_info[struct sk_buff *skb] = (struct skb_shared_info *)(skb->head + skb->end);
inline uint32_t __segments[struct sk_buff *skb] =
	__shared_info[skb]->gso_segs > 1 ? __shared_info[skb]->gso_segs : 1;

/* ---- sockets ---- */

/* An IPv6 socket that speaks IPv4 has addresses ::ffff:a.b.c.d, and keeps the four bytes where an IPv4 socket has them. */
inline int __sk_is_ipv4[struct sock *sk] =
	sk->__sk_common.skc_family == AF_INET ||
	(sk->__sk_common.skc_family == AF_INET6 && sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[2] == htonl(0xffff));

inline int __is_version4[struct __packet *p] = __is_skb[p] ? __is_ipv4[__skb[p]] : __sk_is_ipv4[__sk[p]];

inline ipaddr_t *__local4[struct sock *sk] = (ipaddr_t *)&sk->__sk_common.skc_rcv_saddr;
inline ipaddr_t *__remote4[struct sock *sk] = (ipaddr_t *)&sk->__sk_common.skc_daddr;
inline struct in6_addr *__local6[struct sock *sk] = &sk->__sk_common.skc_v6_rcv_saddr;
inline struct in6_addr *__remote6[struct sock *sk] = &sk->__sk_common.skc_v6_daddr;

inline ipaddr_t *__source4[struct __packet *p] =
	__is_skb[p] ? (ipaddr_t *)&__iphdr[p]->saddr : __is_ours[p] ? __local4[__sk[p]] : __remote4[__sk[p]];
inline ipaddr_t *__destination4[struct __packet *p] =
	__is_skb[p] ? (ipaddr_t *)&__iphdr[p]->daddr : __is_ours[p] ? __remote4[__sk[p]] : __local4[__sk[p]];
inline struct in6_addr *__source6[struct __packet *p] =
	__is_skb[p] ? &__ipv6hdr[p]->saddr : __is_ours[p] ? __local6[__sk[p]] : __remote6[__sk[p]];
inline struct in6_addr *__destination6[struct __packet *p] =
	__is_skb[p] ? &__ipv6hdr[p]->daddr : __is_ours[p] ? __remote6[__sk[p]] : __local6[__sk[p]];

inline string __source[struct __packet *p] =
	__is_version4[p] ? inet_ntoa(__source4[p]) : inet_ntoa6(__source6[p]);
inline string __destination[struct __packet *p] =
	__is_version4[p] ? inet_ntoa(__destination4[p]) : inet_ntoa6(__destination6[p]);

inline string __local_address[struct __packet *p] = __is_ours[p] ? __source[p] : __destination[p];
inline string __remote_address[struct __packet *p] = __is_ours[p] ? __destination[p] : __source[p];

/* A socket that is being closed has given up skc_num, not inet_sport. */
inline uint16_t __sk_port[struct sock *sk] = ntohs(((struct inet_sock *)sk)->inet_sport);
inline uint16_t __sk_peer_port[struct sock *sk] = ntohs(sk->__sk_common.skc_dport);

/* A TCP or UDP header begins with the two ports. */
inline uint16_t __source_port[struct __packet *p] =
	__is_skb[p] ? ntohs(*(uint16_t *)__payload[p]) : __is_ours[p] ? __sk_port[__sk[p]] : __sk_peer_port[__sk[p]];
inline uint16_t __destination_port[struct __packet *p] =
	__is_skb[p] ? ntohs(*(uint16_t *)(__payload[p] + 2)) : __is_ours[p] ? __sk_peer_port[__sk[p]] : __sk_port[__sk[p]];

inline uint16_t __local_port[struct __packet *p] = __is_ours[p] ? __source_port[p] : __destination_port[p];
inline uint16_t __remote_port[struct __packet *p] = __is_ours[p] ? __destination_port[p] : __source_port[p];

/* ---- connections ---- */

/*
 * A number for one end of a connection, the same whether a packet or the socket is at hand: its network namespace, addresses and
 * ports, mixed by multiplication with odd constants.
 */
inline uint64_t __address_word[int is4, ipaddr_t *four, struct in6_addr *six] =
	is4 ? *four : *(uint64_t *)six * 0xff51afd7ed558ccd ^ *((uint64_t *)six + 1);
inline uint64_t __source_word[struct __packet *p] = __address_word[__is_version4[p], __source4[p], __source6[p]];
inline uint64_t __destination_word[struct __packet *p] =
	__address_word[__is_version4[p], __destination4[p], __destination6[p]];

inline struct net *__net[struct __packet *p] =
	__is_skb[p] ? __skb[p]->dev->nd_net.net : __sk[p]->__sk_common.skc_net.net;

inline uint64_t __mixed[uint64_t net, uint64_t here, uint64_t there, uint64_t ports] =
	((net + here) * 0x9e3779b97f4a7c15 ^ there) * 0xc4ceb9fe1a85ec53 + ports * 0xff51afd7ed558ccd;

inline uint64_t __connection[struct __packet *p] =
	__is_ours[p] ?
	    __mixed[(uint64_t)__net[p], __source_word[p], __destination_word[p],
		(uint64_t)__source_port[p] << 16 | __destination_port[p]] :
	    __mixed[(uint64_t)__net[p], __destination_word[p], __source_word[p],
		(uint64_t)__destination_port[p] << 16 | __source_port[p]];

/* What has no ports belongs to no connection. */
inline int __has_ports[struct __packet *p] =
	!__is_skb[p] || __carries[p, IPPROTO_TCP] || __carries[p, IPPROTO_UDP] || __carries[p, IPPROTO_UDPLITE];

/* What sk_buff.sk points to may also be one of the small stand-ins of a connection that begins or has ended: TIME_WAIT 6,
 * NEW_SYN_RECV 12. */
inline int __is_full[struct sock *sk] =
	sk != NULL && sk->__sk_common.skc_state != 6 && sk->__sk_common.skc_state != 12;

inline struct sock *__any_sk[struct __packet *p] =
	!__is_skb[p] ? __sk[p] : __kind[p] == 1 ? __skb[p]->sk : NULL;

/* While a system call works on a socket it has the lock, and softirqs leave to it what comes in. */
inline int __is_in_call[struct sock *sk] = __is_full[sk] && sk->sk_lock.owned != 0;

/* ---- translators ---- */

translator pktinfo_t < struct sk_buff *S > {
	pkt_addr = (uintptr_t)S;
};

translator csinfo_t < struct __packet *P > {
	cs_addr = (uintptr_t)__any_sk[P];
	cs_cid = __has_ports[P] ? __connection[P] : 0;
	cs_pid = __is_in_call[__any_sk[P]] ? pid : -1;
	cs_zoneid = 0;
};

translator ipinfo_t < struct __packet *P > {
	ip_ver = __is_version4[P] ? 4 : 6;
	ip_plength = __is_skb[P] ? __payload_bytes[P] : 0;
	ip_saddr = __source[P];
	ip_daddr = __destination[P];
};

translator ifinfo_t < struct net_device *D > {
	if_name = D == NULL ? "<null>" : stringof(D->name);
	if_local = D == NULL ? 0 : (D->flags & 8) != 0;	/* IFF_LOOPBACK */
	if_ipstack = 0;
	if_addr = (uintptr_t)D;
};

inline string __protocol_name[int protocol] =
	protocol == IPPROTO_TCP ? "TCP" :
	protocol == IPPROTO_UDP ? "UDP" :
	protocol == IPPROTO_IP ? "IP" :
	protocol == IPPROTO_ICMP ? "ICMP" :
	protocol == IPPROTO_IGMP ? "IGMP" :
	protocol == IPPROTO_EGP ? "EGP" :
	protocol == IPPROTO_IPV6 ? "IPv6" :
	protocol == IPPROTO_ROUTING ? "ROUTE" :
	protocol == IPPROTO_ESP ? "ESP" :
	protocol == IPPROTO_AH ? "AH" :
	protocol == IPPROTO_ICMPV6 ? "ICMPv6" :
	protocol == IPPROTO_OSPF ? "OSPF" :
	protocol == IPPROTO_SCTP ? "SCTP" :
	protocol == IPPROTO_RAW ? "RAW" : lltostr(protocol);

translator ipv4info_t < struct iphdr *H > {
	ipv4_ver = H == NULL ? 0 : __byte[(uintptr_t)H, 0] >> 4;
	ipv4_ihl = H == NULL ? 0 : (__byte[(uintptr_t)H, 0] & 15) * 4;
	ipv4_tos = H == NULL ? 0 : H->tos;
	ipv4_length = H == NULL ? 0 : ntohs(H->tot_len);
	ipv4_ident = H == NULL ? 0 : ntohs(H->id);
	ipv4_flags = H == NULL ? 0 : ntohs(H->frag_off) >> 12;
	ipv4_offset = H == NULL ? 0 : ntohs(H->frag_off) & 0xfff;
	ipv4_ttl = H == NULL ? 0 : H->ttl;
	ipv4_protocol = H == NULL ? 0 : H->protocol;
	ipv4_protostr = H == NULL ? "<null>" : __protocol_name[H->protocol];
	ipv4_checksum = H == NULL ? 0 : ntohs(H->check);
	ipv4_src = H == NULL ? 0 : H->saddr;
	ipv4_dst = H == NULL ? 0 : H->daddr;
	ipv4_saddr = H == NULL ? "<null>" : inet_ntoa((ipaddr_t *)&H->saddr);
	ipv4_daddr = H == NULL ? "<null>" : inet_ntoa((ipaddr_t *)&H->daddr);
	ipv4_hdr = H;
};

/* The first word of an IPv6 header: version, traffic class, flow label. */
inline uint32_t __ipv6_word[struct ipv6hdr *h] = ntohl(*(uint32_t *)h);

translator ipv6info_t < struct ipv6hdr *H > {
	ipv6_ver = H == NULL ? 0 : __byte[(uintptr_t)H, 0] >> 4;
	ipv6_tclass = H == NULL ? 0 : __ipv6_word[H] >> 20 & 0xff;
	ipv6_flow = H == NULL ? 0 : __ipv6_word[H] & 0xfffff;
	ipv6_plen = H == NULL ? 0 : ntohs(H->payload_len);
	ipv6_nexthdr = H == NULL ? 0 : H->nexthdr;
	ipv6_nextstr = H == NULL ? "<null>" : __protocol_name[H->nexthdr];
	ipv6_hlim = H == NULL ? 0 : H->hop_limit;
	ipv6_src = H == NULL ? NULL : &H->saddr;
	ipv6_dst = H == NULL ? NULL : &H->daddr;
	ipv6_saddr = H == NULL ? "<null>" : inet_ntoa6(&H->saddr);
	ipv6_daddr = H == NULL ? "<null>" : inet_ntoa6(&H->daddr);
	ipv6_hdr = H;
};
