/*
 * network [gated] DEED... : does each DEED in turn in a network namespace of its own, where it finds no traffic but its own and every
 * port free. With `gated` it waits for a byte on standard input before, prints "done" after, and begins anew.
 *
 *   tcp4=PORT,COUNT,SIZE      connects to a listening socket on PORT of the loopback interface, COUNT times sends SIZE bytes that the
 *                             other end reads before the next, and closes; then the other end closes
 *   tcp6=..., mapped=...      the same by IPv6, and by an IPv6 socket to an IPv4 address
 *   echo4=PORT,COUNT,SIZE     as tcp4, but the other end sends the bytes back
 *   abort4=PORT,COUNT         COUNT connections that their opener closes with a reset
 *   refused4=PORT,COUNT       connects to PORT, where nobody listens
 *   refused6=PORT,COUNT
 *   lost4=PORT,SIZE           as tcp4 with one piece of data, which gets lost until the sender has sent it twice
 *   twice4=PORT,SIZE          ... which arrives, but is acknowledged only after it was sent twice
 *   late4=PORT,SIZE           ... and another: the first gets lost, so that the second comes too early
 *   udp4=PORT,COUNT,SIZE      sends datagrams from a socket to one on PORT, which reads each before the next is sent
 *   udp6=...
 *   full4=PORT,COUNT,SIZE     sends datagrams to a socket whose buffer is full with the first
 *   nobody4=PORT,COUNT        sends datagrams of one byte to PORT, which no socket has
 *   message4=TYPE,COUNT       sends ICMP messages of a type
 *   wrong4=PROTOCOL,COUNT     sends packets of a protocol (1 ICMP, 6 TCP, 17 UDP) to port 7777 with a wrong checksum; 0: IP's is wrong
 *   strange4=VERSION,COUNT    sends packets of an unknown protocol that claim to be of a version of IP
 *   mtu=BYTES                 limits packets of the loopback interface, which is 65536 bytes otherwise
 *   ping4=COUNT,SIZE          sends echo requests with SIZE bytes, and reads the answers
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum family { IPV4, IPV6, MAPPED };

static void must(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

/* A namespace of its own, with nothing but the loopback interface; what was lost is sent again by the timer, and not by a probe before. */
static void isolate(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int any, early;

	must(unshare(CLONE_NEWNET) == 0, "unshare");
	any = socket(AF_INET, SOCK_DGRAM, 0);
	must(any >= 0 && ioctl(any, SIOCSIFFLAGS, &request) == 0, "lo");
	close(any);
	early = open("/proc/sys/net/ipv4/tcp_early_retrans", O_WRONLY);
	must(early >= 0 && write(early, "0", 1) == 1, "tcp_early_retrans");
	close(early);
}

static socklen_t loopback(enum family family, long port, struct sockaddr_storage *address)
{
	struct sockaddr_in *four = (void *)address;
	struct sockaddr_in6 *six = (void *)address;

	memset(address, 0, sizeof(*address));
	if (family == IPV4) {
		*four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
		four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*four);
	}
	*six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
	if (family == MAPPED)
		inet_pton(AF_INET6, "::ffff:127.0.0.1", &six->sin6_addr);
	return sizeof(*six);
}

static int made(enum family family, int type)
{
	int fd = socket(family == IPV4 ? AF_INET : AF_INET6, type, 0), yes = 1;

	must(fd >= 0, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	return fd;
}

static int bound(enum family family, int type, long port)
{
	struct sockaddr_storage address;
	socklen_t length = loopback(family, port, &address);
	int fd = made(family, type);

	must(bind(fd, (void *)&address, length) == 0, "bind");
	must(type != SOCK_STREAM || listen(fd, 128) == 0, "listen");
	return fd;
}

static int connected(enum family family, int type, long port)
{
	struct sockaddr_storage address;
	socklen_t length = loopback(family, port, &address);
	int fd = made(family, type);

	if (connect(fd, (void *)&address, length) != 0)
		must(errno == ECONNREFUSED, "connect");
	return fd;
}

static void receive(int fd, char *block, long size)
{
	for (long got, at = 0; at < size; at += got) {
		got = recv(fd, block, size - at, 0);
		must(got > 0, "recv");
	}
}

static void exchange(int from, int to, long count, long size)
{
	char *block = calloc(1, size);

	for (long i = 0; i < count; i++) {
		must(send(from, block, size, 0) == size, "send");
		receive(to, block, size);
	}
	free(block);
}

static void converse(enum family family, long port, long count, long size, int back)
{
	int listening = bound(family, SOCK_STREAM, port), client = connected(family, SOCK_STREAM, port);
	int server = accept(listening, NULL, NULL);
	char end;

	must(server >= 0, "accept");
	for (long i = 0; i < count; i++) {
		exchange(client, server, 1, size);
		if (back)
			exchange(server, client, 1, size);
	}
	close(client);
	must(recv(server, &end, 1, 0) == 0, "recv");
	close(server);
	close(listening);
}

static void refuse(enum family family, long port, long count)
{
	while (count--)
		close(connected(family, SOCK_STREAM, port));
}

static void cut(long port, long count)
{
	struct linger at_once = {.l_onoff = 1};
	int listening = bound(IPV4, SOCK_STREAM, port);
	char end;

	while (count--) {
		int client = connected(IPV4, SOCK_STREAM, port), server = accept(listening, NULL, NULL);

		setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(client);
		must(recv(server, &end, 1, 0) < 0 && errno == ECONNRESET, "recv");
		close(server);
	}
	close(listening);
}

/* From now on nothing reaches a socket, or again everything. */
static void deafen(int fd, int deaf)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog filter = {1, &nothing};

	setsockopt(fd, SOL_SOCKET, deaf ? SO_ATTACH_FILTER : SO_DETACH_FILTER, &filter, sizeof(filter));
}

static void until_sent_again(int fd)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	while (info.tcpi_total_retrans == 0) {
		usleep(1000);
		getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length);
	}
}

enum loss { DATA, ACKNOWLEDGEMENT, FIRST_OF_TWO };

static void lose(enum loss what, long port, long size)
{
	int listening = bound(IPV4, SOCK_STREAM, port), client = connected(IPV4, SOCK_STREAM, port);
	int server = accept(listening, NULL, NULL), at_once = 1;
	char *block = calloc(1, size);

	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
	deafen(what == ACKNOWLEDGEMENT ? client : server, 1);
	must(send(client, block, size, 0) == size, "send");
	if (what == FIRST_OF_TWO) {
		deafen(server, 0);
		must(send(client, block, size, 0) == size, "send");
		receive(server, block, size);
	} else {
		until_sent_again(client);
		deafen(what == ACKNOWLEDGEMENT ? client : server, 0);
	}
	receive(server, block, size);
	close(client);
	close(server);
	close(listening);
	free(block);
}

static void datagrams(enum family family, long port, long count, long size)
{
	int to = bound(family, SOCK_DGRAM, port), from = connected(family, SOCK_DGRAM, port);

	exchange(from, to, count, size);
	close(from);
	close(to);
}

static void overflow(long port, long count, long size)
{
	int to = bound(IPV4, SOCK_DGRAM, port), from = connected(IPV4, SOCK_DGRAM, port), least = 1;
	char *block = calloc(1, size);

	setsockopt(to, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least));
	while (count--)
		must(send(from, block, size, 0) == size, "send");
	close(from);
	close(to);
	free(block);
}

static void nobody(long port, long count)
{
	struct sockaddr_storage address;
	socklen_t length = loopback(IPV4, port, &address);
	int from = made(IPV4, SOCK_DGRAM);

	while (count--)
		must(sendto(from, "x", 1, 0, (void *)&address, length) == 1, "sendto");
	close(from);
}

/* Of bytes behind which there is a zero. */
static unsigned short checksum(const unsigned short *words, size_t bytes)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < (bytes + 1) / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

static void ping(long count, long size)
{
	struct sockaddr_storage address;
	socklen_t length = loopback(IPV4, 0, &address);
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	size_t whole = sizeof(struct icmphdr) + size;
	struct icmphdr *message = calloc(1, whole + 1);
	unsigned char answer[2048];

	must(fd >= 0, "socket");
	message->type = ICMP_ECHO;
	message->un.echo.id = getpid();
	memset(message + 1, 'x', size);
	message->checksum = checksum((void *)message, whole);
	while (count--) {
		must(sendto(fd, message, whole, 0, (void *)&address, length) == (long)whole, "sendto");
		do
			must(recv(fd, answer, sizeof(answer), 0) > 20, "recv");
		while (answer[20] != ICMP_ECHOREPLY);
	}
	close(fd);
	free(message);
}

static void post(long type, long count)
{
	struct sockaddr_storage address;
	socklen_t length = loopback(IPV4, 0, &address);
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	unsigned short message[21] = {htons(type << 8)};	/* with the header of a packet that it may be about */

	must(fd >= 0, "socket");
	message[4] = htons(0x4500);
	message[1] = checksum(message, 40);
	while (count--)
		must(sendto(fd, message, 40, 0, (void *)&address, length) == 40, "sendto");
	close(fd);
}

/* Lets a setting of the loopback interface of this namespace be 1. */
static void allow(const char *what)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/lo/%s", what);
	file = fopen(path, "w");
	must(file && fputs("1", file) > 0 && fclose(file) == 0, path);
}

/* Packets with their IP header, as they are; their way is looked up as that of strangers. */
static void inject(long version, long protocol, int is_wrong, long count)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_halen = 6};
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
	unsigned short packet[20] = {htons(version << 12 | 0x500), htons(40)};
	unsigned int lo = htonl(INADDR_LOOPBACK);

	allow("route_localnet");
	allow("accept_local");
	address.sll_ifindex = if_nametoindex("lo");
	must(fd >= 0, "socket");
	packet[4] = htons(64 << 8 | protocol);
	memcpy(packet + 6, &lo, 4);
	memcpy(packet + 8, &lo, 4);
	packet[10] = packet[11] = htons(7777);
	packet[12] = htons(20);	/* UDP's length */
	packet[13] = 0x1234;
	packet[16] = htons(0x5002);	/* TCP's length, and a SYN */
	packet[18] = 0x1234;
	packet[5] = checksum(packet, 20) + is_wrong;
	while (count--)
		must(sendto(fd, packet, 40, 0, (void *)&address, sizeof(address)) == 40, "sendto");
	close(fd);
}

static void limit(long mtu)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_mtu = mtu};
	int any = socket(AF_INET, SOCK_DGRAM, 0);

	must(any >= 0 && ioctl(any, SIOCSIFMTU, &request) == 0, "mtu");
	close(any);
}

static void act(const char *deed)
{
	char name[16] = "";
	long port = 0, count = 1, size = 1;

	must(sscanf(deed, "%15[a-z0-9]=%ld,%ld,%ld", name, &port, &count, &size) >= 2, deed);
	if (strcmp(name, "tcp4") == 0)
		converse(IPV4, port, count, size, 0);
	else if (strcmp(name, "tcp6") == 0)
		converse(IPV6, port, count, size, 0);
	else if (strcmp(name, "mapped") == 0)
		converse(MAPPED, port, count, size, 0);
	else if (strcmp(name, "echo4") == 0)
		converse(IPV4, port, count, size, 1);
	else if (strcmp(name, "abort4") == 0)
		cut(port, count);
	else if (strcmp(name, "refused4") == 0)
		refuse(IPV4, port, count);
	else if (strcmp(name, "refused6") == 0)
		refuse(IPV6, port, count);
	else if (strcmp(name, "lost4") == 0)
		lose(DATA, port, count);
	else if (strcmp(name, "twice4") == 0)
		lose(ACKNOWLEDGEMENT, port, count);
	else if (strcmp(name, "late4") == 0)
		lose(FIRST_OF_TWO, port, count);
	else if (strcmp(name, "message4") == 0)
		post(port, count);
	else if (strcmp(name, "wrong4") == 0)
		inject(4, port ? port : IPPROTO_UDP, port == 0, count);
	else if (strcmp(name, "strange4") == 0)
		inject(port, 253, 0, count);
	else if (strcmp(name, "udp4") == 0)
		datagrams(IPV4, port, count, size);
	else if (strcmp(name, "udp6") == 0)
		datagrams(IPV6, port, count, size);
	else if (strcmp(name, "full4") == 0)
		overflow(port, count, size);
	else if (strcmp(name, "nobody4") == 0)
		nobody(port, count);
	else if (strcmp(name, "mtu") == 0)
		limit(port);
	else if (strcmp(name, "ping4") == 0)
		ping(port, count);
	else
		must(0, deed);
}

int main(int argc, char **argv)
{
	int gated = argc > 1 && strcmp(argv[1], "gated") == 0;
	char byte;

	isolate();
	do {
		if (gated && read(0, &byte, 1) != 1)
			return 0;
		for (int i = 1 + gated; i < argc; i++)
			act(argv[i]);
		if (gated) {
			puts("done");
			fflush(stdout);
		}
	} while (gated);
	return 0;
}
