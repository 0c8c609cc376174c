/*
 * tcp.d: TCP segments and connections as tcpinfo_t, tcpsinfo_t and tcplsinfo_t. Packets and sockets are as in ip.d.
 */

typedef struct tcpinfo {
	uint16_t tcp_sport;
	uint16_t tcp_dport;
	uint32_t tcp_seq;
	uint32_t tcp_ack;
	uint8_t tcp_offset;	/* bytes of the header */
	uint8_t tcp_flags;	/* TH_SYN ... */
	uint16_t tcp_window;	/* as in the header: not scaled */
	uint16_t tcp_checksum;
	uint16_t tcp_urgent;
	struct tcphdr *tcp_hdr;	/* NULL where the kernel shows no packet */
} tcpinfo_t;

typedef struct tcpsinfo {
	uintptr_t tcps_addr;	/* struct sock *; 0 where the kernel shows none, as are then the members below raddr */
	int tcps_local;		/* the other end is on this machine */
	uint16_t tcps_lport;
	uint16_t tcps_rport;
	string tcps_laddr;
	string tcps_raddr;
	int tcps_active;	/* this end has opened the connection */
	int32_t tcps_state;	/* TCP_STATE_ESTABLISHED ...; -1 where the kernel shows no socket */
	uint32_t tcps_iss;	/* initial sequence number sent */
	uint32_t tcps_irs;	/* and received */
	uint32_t tcps_suna;	/* the first that is not acknowledged */
	uint32_t tcps_snxt;	/* the next to send */
	uint32_t tcps_rack;	/* acknowledged by us */
	uint32_t tcps_rnxt;	/* the next expected */
	uint32_t tcps_swnd;	/* send window, bytes */
	int32_t tcps_snd_ws;	/* its scaling */
	uint32_t tcps_rwnd;	/* receive window, bytes */
	int32_t tcps_rcv_ws;
	uint32_t tcps_cwnd;	/* congestion window, bytes */
	uint32_t tcps_cwnd_ssthresh;
	uint32_t tcps_sack_fack;	/* the highest selectively acknowledged */
	uint32_t tcps_sack_snxt;	/* the next to send again */
	uint32_t tcps_rto;	/* ms */
	uint32_t tcps_mss;	/* bytes */
	int tcps_retransmit;	/* this segment was sent before */
	uint32_t tcps_rtt;	/* smoothed round trip, ms */
	uint32_t tcps_rtt_sd;	/* its deviation, ms */
	uint32_t tcps_smax;	/* FreeBSD's: the highest sent, and 1 */
	uint32_t tcps_srecover;	/* FreeBSD's: where the last recovery from a loss ends */
	uint32_t tcps_srtt;	/* FreeBSD's: as tcps_rtt */
	int tcps_debug;		/* FreeBSD's: the option SO_DEBUG */
} tcpsinfo_t;

typedef struct tcplsinfo {
	int32_t tcps_state;	/* the state left */
} tcplsinfo_t;

inline int TCP_STATE_ESTABLISHED = 1;
inline int TCP_STATE_SYN_SENT = 2;
inline int TCP_STATE_SYN_RECEIVED = 3;
inline int TCP_STATE_FIN_WAIT_1 = 4;
inline int TCP_STATE_FIN_WAIT_2 = 5;
inline int TCP_STATE_TIME_WAIT = 6;
inline int TCP_STATE_CLOSED = 7;
inline int TCP_STATE_CLOSE_WAIT = 8;
inline int TCP_STATE_LAST_ACK = 9;
inline int TCP_STATE_LISTEN = 10;
inline int TCP_STATE_CLOSING = 11;
inline int TCP_STATE_IDLE = 0;
inline int TCP_STATE_BOUND = -4;	/* no state here */

inline string tcp_state_string[int32_t state] =
	state == TCP_STATE_CLOSED ? "state-closed" :
	state == TCP_STATE_IDLE ? "state-idle" :
	state == TCP_STATE_BOUND ? "state-bound" :
	state == TCP_STATE_LISTEN ? "state-listen" :
	state == TCP_STATE_SYN_SENT ? "state-syn-sent" :
	state == TCP_STATE_SYN_RECEIVED ? "state-syn-received" :
	state == TCP_STATE_ESTABLISHED ? "state-established" :
	state == TCP_STATE_CLOSE_WAIT ? "state-close-wait" :
	state == TCP_STATE_FIN_WAIT_1 ? "state-fin-wait-1" :
	state == TCP_STATE_CLOSING ? "state-closing" :
	state == TCP_STATE_LAST_ACK ? "state-last-ack" :
	state == TCP_STATE_FIN_WAIT_2 ? "state-fin-wait-2" :
	state == TCP_STATE_TIME_WAIT ? "state-time-wait" : "<unknown>";

inline uint8_t TH_FIN = 0x01;
inline uint8_t TH_SYN = 0x02;
inline uint8_t TH_RST = 0x04;
inline uint8_t TH_PUSH = 0x08;
inline uint8_t TH_PSH = 0x08;
inline uint8_t TH_ACK = 0x10;
inline uint8_t TH_URG = 0x20;
inline uint8_t TH_ECE = 0x40;
inline uint8_t TH_CWR = 0x80;

/* ---- segments ---- */

inline struct tcphdr *__tcphdr[struct __packet *p] = (struct tcphdr *)__payload[p];
inline uint8_t __offset_of[uintptr_t t] = (__byte[t, 12] & 0xf0) >> 2;
inline uint8_t __tcp_offset[struct __packet *p] = __offset_of[__payload[p]];
inline uint8_t __tcp_flags[struct __packet *p] = __byte[__payload[p], 13];
inline uint32_t __tcp_data[struct __packet *p] = __payload_bytes[p] - __tcp_offset[p];

/* Sequence numbers that a segment takes: SYN and FIN take one each. */
inline int __one_each[uint8_t flags] = (flags & TH_SYN ? 1 : 0) + (flags & TH_FIN ? 1 : 0);
inline uint32_t __tcp_length[struct __packet *p] = __tcp_data[p] + __one_each[__tcp_flags[p]];

/* A reset that answers what acknowledges nothing, that is a SYN, has sequence number 0 and acknowledges that. */
inline int __refuses[struct __packet *p] =
	(__tcp_flags[p] & (TH_RST | TH_ACK)) == (TH_RST | TH_ACK) && __tcphdr[p]->seq == 0;

/* ---- sockets ---- */

/*
 * The connection's socket behind any_sk, where it is one: NULL for the stand-ins (__is_full), for the kernel's own that sends
 * resets (SOCK_RAW), and for tunnels.
 */
inline struct tcp_sock *__tcp_sock_of[struct sock *sk] =
	__is_full[sk] && sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM ? (struct tcp_sock *)sk : NULL;
inline struct tcp_sock *__tcp_sock[struct __packet *p] =
	__is_skb[p] ? __tcp_sock_of[__any_sk[p]] : (struct tcp_sock *)__sk[p];

inline struct inet_connection_sock *__icsk[struct tcp_sock *tp] = (struct inet_connection_sock *)tp;
inline struct sock *__sock[struct tcp_sock *tp] = (struct sock *)tp;

/* A socket that came from a listening one has its backlog; and it has no file while its state is SYN_RECV. */
inline int __is_passive[struct sock *sk] =
	sk->sk_max_ack_backlog != 0 || (sk->__sk_common.skc_state == 3 && sk->sk_socket == NULL);

inline int __state_number[int state] = state == 12 ? TCP_STATE_SYN_RECEIVED : state;
inline int __state_of[struct sock *sk] = sk == NULL ? -1 : __state_number[sk->__sk_common.skc_state];
inline int __tcp_state[struct __packet *p] = __new_state[p] != 0 ? __new_state[p] : __state_of[__any_sk[p]];

/* A segment that was sent before ends where the socket has already been. */
inline int __is_behind[struct tcp_sock *tp, uint32_t seq, uint32_t length] =
	tp != NULL && length != 0 && (int32_t)(seq + length - tp->snd_nxt) <= 0;
inline int __was_sent[struct __packet *p] =
	__kind[p] == 1 && __is_behind[__tcp_sock[p], ntohl(__tcphdr[p]->seq), __tcp_length[p]];

/* icsk_retransmits counts before a SYN is sent again. */
inline int __has_not_sent[struct tcp_sock *tp] = tp != NULL && __icsk[tp]->icsk_retransmits == 0;
inline int __is_first_syn[struct __packet *p] =
	(__tcp_flags[p] & (TH_SYN | TH_ACK)) == TH_SYN && __has_not_sent[__tcp_sock[p]];

/* What tcpsinfo_t has of a socket; 0 without one. */
inline int __active[struct tcp_sock *tp] = tp == NULL ? 0 : !__is_passive[__sock[tp]];
inline uint32_t __iss[struct tcp_sock *tp] =
	tp == NULL ? 0 : tp->snd_una - tp->bytes_acked - __is_passive[__sock[tp]];
inline uint32_t __irs[struct tcp_sock *tp] =
	tp == NULL || tp->rcv_nxt == 0 ? 0 : tp->rcv_nxt - tp->bytes_received - 1;
inline uint32_t __suna[struct tcp_sock *tp] = tp == NULL ? 0 : tp->snd_una;
inline uint32_t __snxt[struct tcp_sock *tp] = tp == NULL ? 0 : tp->snd_nxt;
inline uint32_t __rack[struct tcp_sock *tp] = tp == NULL ? 0 : tp->rcv_wup;
inline uint32_t __rnxt[struct tcp_sock *tp] = tp == NULL ? 0 : tp->rcv_nxt;
inline uint32_t __swnd[struct tcp_sock *tp] = tp == NULL ? 0 : tp->snd_wnd;
inline int32_t __snd_ws[struct tcp_sock *tp] = tp == NULL ? 0 : tp->rx_opt.snd_wscale;
inline uint32_t __rwnd[struct tcp_sock *tp] = tp == NULL ? 0 : tp->rcv_wnd;
inline int32_t __rcv_ws[struct tcp_sock *tp] = tp == NULL ? 0 : tp->rx_opt.rcv_wscale;
inline uint32_t __cwnd[struct tcp_sock *tp] = tp == NULL ? 0 : tp->snd_cwnd * tp->mss_cache;
inline uint32_t __mss[struct tcp_sock *tp] = tp == NULL ? 0 : tp->mss_cache;
inline uint32_t __high_seq[struct tcp_sock *tp] = tp == NULL ? 0 : tp->high_seq;
inline int __debug[struct tcp_sock *tp] = tp == NULL ? 0 : __sock[tp]->__sk_common.skc_flags >> SOCK_DBG & 1;
inline uint32_t __rtt[struct tcp_sock *tp] = tp == NULL ? 0 : (tp->srtt_us >> 3) / 1000;
inline uint32_t __rtt_sd[struct tcp_sock *tp] = tp == NULL ? 0 : (tp->mdev_us >> 2) / 1000;

/* TCP_INFINITE_SSTHRESH stands for no threshold. */
inline uint32_t __ssthresh[struct tcp_sock *tp] = tp == NULL ? 0 :
	tp->snd_ssthresh >= 0x7fffffff ? tp->snd_ssthresh : tp->snd_ssthresh * tp->mss_cache;

inline uint32_t __sack_fack[struct tcp_sock *tp] = tp == NULL ? 0 :
	tp->sacked_out == 0 ? tp->snd_una :
	tp->highest_sack == NULL ? tp->snd_nxt : ((struct tcp_skb_cb *)tp->highest_sack->cb)->seq;

/* As __tcp_set_rto() of net/ipv4/tcp_input.c has it, doubled at every timeout; a second before anything is measured. */
inline uint32_t __rto[struct tcp_sock *tp] = tp == NULL ? 0 :
	(tp->srtt_us == 0 ? 1000 : ((tp->srtt_us >> 3) + tp->rttvar_us) / 1000) << __icsk[tp]->icsk_backoff;

inline int __is_loopback[struct net_device *device] = (device->flags & 8) != 0;
inline int __is_local[struct __packet *p] =
	__is_skb[p] ? __is_loopback[__skb[p]->dev] :
	__sk[p]->sk_dst_cache == NULL ? 0 : __is_loopback[__sk[p]->sk_dst_cache->dev];

translator tcpsinfo_t < struct __packet *P > {
	tcps_addr = (uintptr_t)__any_sk[P];
	tcps_local = __is_local[P];
	tcps_lport = __local_port[P];
	tcps_rport = __remote_port[P];
	tcps_laddr = __local_address[P];
	tcps_raddr = __remote_address[P];
	tcps_state = __tcp_state[P];
	tcps_active = __active[__tcp_sock[P]];
	tcps_iss = __iss[__tcp_sock[P]];
	tcps_irs = __irs[__tcp_sock[P]];
	tcps_suna = __suna[__tcp_sock[P]];
	tcps_snxt = __snxt[__tcp_sock[P]];
	tcps_rack = __rack[__tcp_sock[P]];
	tcps_rnxt = __rnxt[__tcp_sock[P]];
	tcps_swnd = __swnd[__tcp_sock[P]];
	tcps_snd_ws = __snd_ws[__tcp_sock[P]];
	tcps_rwnd = __rwnd[__tcp_sock[P]];
	tcps_rcv_ws = __rcv_ws[__tcp_sock[P]];
	tcps_cwnd = __cwnd[__tcp_sock[P]];
	tcps_cwnd_ssthresh = __ssthresh[__tcp_sock[P]];
	tcps_sack_fack = __sack_fack[__tcp_sock[P]];
	tcps_sack_snxt = __snxt[__tcp_sock[P]];
	tcps_rto = __rto[__tcp_sock[P]];
	tcps_mss = __mss[__tcp_sock[P]];
	tcps_retransmit = __was_sent[P];
	tcps_rtt = __rtt[__tcp_sock[P]];
	tcps_rtt_sd = __rtt_sd[__tcp_sock[P]];
	tcps_smax = __snxt[__tcp_sock[P]];
	tcps_srecover = __high_seq[__tcp_sock[P]];
	tcps_srtt = __rtt[__tcp_sock[P]];
	tcps_debug = __debug[__tcp_sock[P]];
};

translator tcplsinfo_t < int S > {
	tcps_state = __state_number[S];
};

/*
 * Where a socket changes its state, the segment that made it do so is gone; what the socket has kept of it is shown. A reset in
 * answer to a SYN (the state does not change yet) has sequence number 0.
 */
inline int __is_synack[struct __packet *p] = __new_state[p] == 1 && __sk[p]->__sk_common.skc_state == 2;
inline struct tcp_sock *__tp[struct __packet *p] = (struct tcp_sock *)__sk[p];

inline uint8_t __implied_flags[struct __packet *p] =
	__new_state[p] == 0 ? TH_RST | TH_ACK : __is_synack[p] ? TH_SYN | TH_ACK : TH_ACK;
inline uint32_t __implied_seq[struct __packet *p] =
	__new_state[p] == 0 ? 0 : __tp[p]->rcv_nxt - (__is_synack[p] ? 1 : 0);
inline uint32_t __implied_ack[struct __packet *p] =
	__new_state[p] == 0 ? __tp[p]->snd_nxt : __tp[p]->snd_una;
inline uint16_t __implied_window[struct __packet *p] =
	__new_state[p] == 0 ? 0 : __is_synack[p] ? __tp[p]->snd_wnd : __tp[p]->snd_wnd >> __tp[p]->rx_opt.snd_wscale;

translator tcpinfo_t < struct __packet *P > {
	tcp_sport = __source_port[P];
	tcp_dport = __destination_port[P];
	tcp_seq = __is_skb[P] ? ntohl(__tcphdr[P]->seq) : __implied_seq[P];
	tcp_ack = __is_skb[P] ? ntohl(__tcphdr[P]->ack_seq) : __implied_ack[P];
	tcp_offset = __is_skb[P] ? __tcp_offset[P] : 0;
	tcp_flags = __is_skb[P] ? __tcp_flags[P] : __implied_flags[P];
	tcp_window = __is_skb[P] ? ntohs(__tcphdr[P]->window) : __implied_window[P];
	tcp_checksum = __is_skb[P] ? ntohs(__tcphdr[P]->check) : 0;
	tcp_urgent = __is_skb[P] ? ntohs(__tcphdr[P]->urg_ptr) : 0;
	tcp_hdr = __is_skb[P] ? __tcphdr[P] : NULL;
};
