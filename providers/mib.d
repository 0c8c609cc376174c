/*
 * mib.d: what the counters of mib count. Packets and sockets are as in ip.d and tcp.d.
 */

/* The number of a network namespace, as in /proc/PID/ns/net. */
inline uint32_t __sk_net[struct sock *sk] = sk->__sk_common.skc_net.net->ns.inum;
inline uint32_t __skb_net[struct sk_buff *skb] = skb->dev->nd_net.net->ns.inum;
inline uint32_t __dropped_net[struct sk_buff *skb] =
	skb->sk != NULL ? __sk_net[skb->sk] : skb->dev == NULL ? 0 : __skb_net[skb];

/* Segments of what TCP keeps to send again. */
inline struct tcp_skb_cb *__tcp_cb[struct sk_buff *skb] = (struct tcp_skb_cb *)skb->cb;

inline int __sends_data[struct sk_buff *skb] =
	__is_own[skb, IPPROTO_TCP] && __tcp_data[__sent[skb]] != 0 && !__was_sent[__sent[skb]];
inline int __sends_control[struct sk_buff *skb] =
	__is_own[skb, IPPROTO_TCP] && (__tcp_flags[__sent[skb]] & (TH_SYN | TH_FIN | TH_RST)) != 0;
inline int __sends_ack[struct sk_buff *skb] =
	__is_own[skb, IPPROTO_TCP] && (__tcp_flags[__sent[skb]] & (TH_SYN | TH_FIN | TH_RST | TH_ACK)) == TH_ACK &&
	__tcp_data[__sent[skb]] == 0;

/* ---- tcp_probe: a segment that has come to an established connection, and is not yet worked on ---- */

inline struct tcphdr *__in_header[struct sk_buff *skb] = (struct tcphdr *)(skb->head + skb->transport_header);
inline uint32_t __in_seq[struct sk_buff *skb] = ntohl(__in_header[skb]->seq);
inline uint32_t __in_data[struct sk_buff *skb] = skb->len - ((__byte[(uintptr_t)__in_header[skb], 12] & 0xf0) >> 2);
inline struct tcp_sock *__in_sock[struct sock *sk] = (struct tcp_sock *)sk;

/* How far a segment lies ahead of what is expected, and how much of it is new. */
inline int32_t __ahead[struct sock *sk, struct sk_buff *skb] = (int32_t)(__in_seq[skb] - __in_sock[sk]->rcv_nxt);
inline int32_t __new_data[struct sock *sk, struct sk_buff *skb] = __ahead[sk, skb] + (int32_t)__in_data[skb];

inline int __is_inorder[struct sock *sk, struct sk_buff *skb] = __in_data[skb] != 0 && __ahead[sk, skb] == 0;
inline int __is_unordered[struct sock *sk, struct sk_buff *skb] = __in_data[skb] != 0 && __ahead[sk, skb] > 0;
inline int __is_duplicate[struct sock *sk, struct sk_buff *skb] = __in_data[skb] != 0 && __new_data[sk, skb] <= 0;
inline int __is_partly_duplicate[struct sock *sk, struct sk_buff *skb] = __ahead[sk, skb] < 0 && __new_data[sk, skb] > 0;

inline int32_t __acknowledged[struct sock *sk, struct sk_buff *skb] =
	(int32_t)(ntohl(__in_header[skb]->ack_seq) - __in_sock[sk]->snd_una);
inline int __is_unsent[struct sock *sk, struct sk_buff *skb] =
	(int32_t)(ntohl(__in_header[skb]->ack_seq) - __in_sock[sk]->snd_nxt) > 0;
inline int __is_duplicate_ack[struct sock *sk, struct sk_buff *skb] =
	__in_data[skb] == 0 && __acknowledged[sk, skb] == 0 && __in_sock[sk]->packets_out != 0;

/* ---- datagrams ---- */

inline int __is_inet[struct sock *sk] =
	sk->__sk_common.skc_family == AF_INET || sk->__sk_common.skc_family == AF_INET6;
inline int __is_udp[struct sock *sk] = __is_inet[sk] && sk->sk_protocol == IPPROTO_UDP;
inline int __is_raw[struct sock *sk] = __is_inet[sk] && sk->sk_type == SOCK_RAW;

/* What recvmsg() returns is a datagram if it neither looks ahead (MSG_PEEK) nor takes an error (MSG_ERRQUEUE). */
inline int __is_taken[int got, int flags] = got >= 0 && (flags & 0x2002) == 0;

/* The kernel's own sockets (sk_kern_sock) send TCP's resets and ICMP's answers. */
inline int __is_raw_send[struct sk_buff *skb] = skb->sk != NULL && __is_full[skb->sk] && __is_raw[skb->sk] && !skb->sk->sk_kern_sock;

inline uint8_t __icmp_type[struct __packet *p] = __byte[__payload[p], 0];

/* The packet of a drop, of which nothing is known yet where it comes from. */
inline int __dropped_carries[struct sk_buff *skb, int protocol] = __carries[skb->protocol, __head[skb], protocol];
