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

inline uint8_t __byte[uintptr_t header, int at] = *(uint8_t *)(header + at);
inline uint16_t __half[uintptr_t header, int at] = *(uint16_t *)(header + at);

inline uintptr_t __head[struct sk_buff *skb] = (uintptr_t)skb->head + skb->network_header;
inline uintptr_t __ip_header[struct __packet *p] = __kind[p] == 2 ? (uintptr_t)__skb[p]->data : __head[__skb[p]];

/* The first byte of an IP header has the version and the length in units of 4 bytes, which IPv6 does not vary. */
inline int __is_4[uint8_t first] = first >> 4 == 4;
inline uint8_t __header_bytes[uint8_t first] = __is_4[first] ? (first & 15) * 4 : 40;
inline uintptr_t __behind[uintptr_t h] = h + __header_bytes[__byte[h, 0]];
inline uintptr_t __payload[struct __packet *p] = __behind[__ip_header[p]];

/* ETH_P_IP 0x0800, ETH_P_IPV6 0x86dd */
inline int __is_ipv4[struct sk_buff *skb] = skb->protocol == htons(0x0800);
inline int __is_ipv6[struct sk_buff *skb] = skb->protocol == htons(0x86dd);
inline int __is_ip[struct sk_buff *skb] = __is_ipv4[skb] || __is_ipv6[skb];

/* A packet that a device shows though it is another machine's (PACKET_OTHERHOST). */
inline int __is_other_hosts[struct sk_buff *skb] = skb->pkt_type == 3;

/* Whether an IP header is followed by a protocol's: in fragments but the first it is not. */
inline int __ipv4_carries[struct iphdr *h, int protocol] = h->protocol == protocol && (ntohs(h->frag_off) & 0x1fff) == 0;
inline int __carries[uint16_t type, uintptr_t h, int protocol] =
	type == htons(0x0800) ? __ipv4_carries[(struct iphdr *)h, protocol] :
	type == htons(0x86dd) ? ((struct ipv6hdr *)h)->nexthdr == protocol : 0;

/* A packet that came in keeps the device's number: the rest is made here. */
inline int __is_own[struct sk_buff *skb, int protocol] = skb->skb_iif == 0 && __carries[skb->protocol, __head[skb], protocol];
inline int __is_for_us[struct sk_buff *skb, int protocol] =
	!__is_other_hosts[skb] && __carries[skb->protocol, (uintptr_t)skb->data, protocol];

/* Bytes from the IP header on. */
inline uint32_t __ip_bytes[struct sk_buff *skb, uintptr_t h] = skb->len - (h - (uintptr_t)skb->data);

/* The length in the header; of 64 KB and more it is 0. */
inline uint32_t __stated[uint16_t length, struct sk_buff *skb, uintptr_t h, uint32_t without] =
	(length != 0 ? ntohs(length) : __ip_bytes[skb, h]) - without;
inline uint32_t __bytes_behind[struct sk_buff *skb, uintptr_t h, uint8_t first] =
	__is_4[first] ? __stated[__half[h, 2], skb, h, (first & 15) * 4] : __stated[__half[h, 4], skb, h, __half[h, 4] != 0 ? 0 : 40];
inline uint32_t __header_payload[struct sk_buff *skb, uintptr_t h] = __bytes_behind[skb, h, __byte[h, 0]];
inline uint32_t __payload_bytes[struct __packet *p] = __header_payload[__skb[p], __ip_header[p]];

/* Segments that the device or the driver makes of a packet. */
inline uint16_t __at_least_1[uint16_t n] = n > 1 ? n : 1;
inline uint16_t __segments[struct sk_buff *skb] =
	__at_least_1[((struct skb_shared_info *)(skb->head + skb->end))->gso_segs];

/* ---- sockets ---- */

/* An IPv6 socket that speaks IPv4 has addresses ::ffff:a.b.c.d, and keeps the four bytes where an IPv4 socket has them. */
inline int __sk_is_4[struct sock *sk] =
	sk->__sk_common.skc_family == AF_INET ||
	(sk->__sk_common.skc_family == AF_INET6 && sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[2] == htonl(0xffff));

/* A socket that is being closed has given up skc_num, not inet_sport. */
inline uint16_t __sk_port[struct sock *sk] = ((struct inet_sock *)sk)->inet_sport;
inline uint16_t __sk_peer_port[struct sock *sk] = sk->__sk_common.skc_dport;

inline uintptr_t __sk_address[struct sock *sk, int is4] =
	is4 ? (uintptr_t)&sk->__sk_common.skc_rcv_saddr : (uintptr_t)&sk->__sk_common.skc_v6_rcv_saddr;
inline uintptr_t __sk_peer_address[struct sock *sk, int is4] =
	is4 ? (uintptr_t)&sk->__sk_common.skc_daddr : (uintptr_t)&sk->__sk_common.skc_v6_daddr;

/*
 * What sk_buff.sk points to may also be one of the small stand-ins of a connection that begins or has ended: TIME_WAIT 6,
 * NEW_SYN_RECV 12.
 */
inline int __is_full_state[uint8_t state] = state != 6 && state != 12;
inline int __is_full[struct sock *sk] = sk != NULL && __is_full_state[sk->__sk_common.skc_state];

inline struct sock *__any_sk[struct __packet *p] =
	!__is_skb[p] ? __sk[p] : __kind[p] == 1 ? __skb[p]->sk : NULL;

/* While a system call works on a socket it has the lock, and softirqs leave to it what comes in. */
inline int __is_in_call[struct sock *sk] = __is_full[sk] && sk->sk_lock.owned != 0;

/* ---- addresses and ports ---- */

inline int __is_version4[struct __packet *p] = __is_skb[p] ? __is_4[__byte[__ip_header[p], 0]] : __sk_is_4[__sk[p]];

/* Where an address is: in the packet as source and destination, in the socket as ours and the peer's. */
inline uintptr_t __source_at[struct __packet *p, int is4] =
	__is_skb[p] ? __ip_header[p] + (is4 ? 12 : 8) :
	__is_ours[p] ? __sk_address[__sk[p], is4] : __sk_peer_address[__sk[p], is4];
inline uintptr_t __destination_at[struct __packet *p, int is4] =
	__is_skb[p] ? __ip_header[p] + (is4 ? 16 : 24) :
	__is_ours[p] ? __sk_peer_address[__sk[p], is4] : __sk_address[__sk[p], is4];

inline string __address[uintptr_t at, int is4] = is4 ? inet_ntoa((ipaddr_t *)at) : inet_ntoa6((struct in6_addr *)at);
inline string __source_of[struct __packet *p, int is4] = __address[__source_at[p, is4], is4];
inline string __destination_of[struct __packet *p, int is4] = __address[__destination_at[p, is4], is4];
inline string __source[struct __packet *p] = __source_of[p, __is_version4[p]];
inline string __destination[struct __packet *p] = __destination_of[p, __is_version4[p]];

inline string __local_of[struct __packet *p, int is4] =
	__address[__is_ours[p] ? __source_at[p, is4] : __destination_at[p, is4], is4];
inline string __remote_of[struct __packet *p, int is4] =
	__address[__is_ours[p] ? __destination_at[p, is4] : __source_at[p, is4], is4];
inline string __local_address[struct __packet *p] = __local_of[p, __is_version4[p]];
inline string __remote_address[struct __packet *p] = __remote_of[p, __is_version4[p]];

/* A TCP or UDP header begins with the two ports. */
inline uint16_t __source_port[struct __packet *p] =
	ntohs(__is_skb[p] ? __half[__payload[p], 0] : __is_ours[p] ? __sk_port[__sk[p]] : __sk_peer_port[__sk[p]]);
inline uint16_t __destination_port[struct __packet *p] =
	ntohs(__is_skb[p] ? __half[__payload[p], 2] : __is_ours[p] ? __sk_peer_port[__sk[p]] : __sk_port[__sk[p]]);
inline uint16_t __local_port[struct __packet *p] =
	ntohs(__is_skb[p] ? __half[__payload[p], __is_ours[p] ? 0 : 2] : __sk_port[__sk[p]]);
inline uint16_t __remote_port[struct __packet *p] =
	ntohs(__is_skb[p] ? __half[__payload[p], __is_ours[p] ? 2 : 0] : __sk_peer_port[__sk[p]]);

/* ---- connections ---- */

/*
 * A number for one end of a connection, the same whether a packet or the socket is at hand: its network namespace, addresses and
 * ports, mixed by multiplication with odd constants. What has no ports belongs to no connection.
 */
inline uint64_t __address_word[uintptr_t at, int is4] =
	is4 ? *(uint32_t *)at : *(uint64_t *)at * 0xff51afd7ed558ccd ^ *(uint64_t *)(at + 8);

inline uint64_t __mixed[uint64_t net, uint64_t here, uint64_t there, uint64_t port, uint64_t peer] =
	((net + here) * 0x9e3779b97f4a7c15 ^ there) * 0xc4ceb9fe1a85ec53 + (port << 16 | peer) * 0xff51afd7ed558ccd;
inline uint64_t __mixed_by_way[int ours, uint64_t net, uint64_t source, uint64_t destination, uint64_t sport, uint64_t dport] =
	ours ? __mixed[net, source, destination, sport, dport] : __mixed[net, destination, source, dport, sport];

inline uint64_t __header_connection[int ours, uint64_t net, uintptr_t h, int is4, uintptr_t ports] =
	__mixed_by_way[ours, net, __address_word[h + (is4 ? 12 : 8), is4], __address_word[h + (is4 ? 16 : 24), is4],
	    __half[ports, 0], __half[ports, 2]];

inline int __has_ports[uint8_t protocol] =
	protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE;
inline int __is_later_fragment[uintptr_t h] = (ntohs(__half[h, 6]) & 0x1fff) != 0;

inline uint64_t __packet_connection[int ours, uint64_t net, uintptr_t h, uint8_t first] =
	!__has_ports[__byte[h, __is_4[first] ? 9 : 6]] || (__is_4[first] && __is_later_fragment[h]) ? 0 :
	__header_connection[ours, net, h, __is_4[first], h + __header_bytes[first]];
inline uint64_t __skb_connection[int ours, struct sk_buff *skb, uintptr_t h] =
	__packet_connection[ours, (uint64_t)skb->dev->nd_net.net, h, __byte[h, 0]];

inline uint64_t __sk_connection[struct sock *sk, int is4] =
	__mixed[(uint64_t)sk->__sk_common.skc_net.net, __address_word[__sk_address[sk, is4], is4],
	    __address_word[__sk_peer_address[sk, is4], is4], __sk_port[sk], __sk_peer_port[sk]];

inline uint64_t __connection[struct __packet *p] =
	__is_skb[p] ? __skb_connection[__is_ours[p], __skb[p], __ip_header[p]] : __sk_connection[__sk[p], __sk_is_4[__sk[p]]];

/* ---- translators ---- */

translator pktinfo_t < struct sk_buff *S > {
	pkt_addr = (uintptr_t)S;
};

translator csinfo_t < struct __packet *P > {
	cs_addr = (uintptr_t)__any_sk[P];
	cs_cid = __connection[P];
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
