/*
 * connects KIND COUNT [KIND COUNT]... : COUNT connect() calls of each KIND, each on a new socket.
 *
 * inet, inet6: to a port of this machine that is bound but not listening: ECONNREFUSED. unix: to a path that does not exist:
 * ENOENT. listening: to a listening IPv4 socket of its own: succeeds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in inet;
	struct sockaddr_in6 inet6;
	struct sockaddr_un local;
};

/* Binds a socket to a free port of the loopback interface and fills in its address. */
static int own_port(union address *address, socklen_t *length, int listening)
{
	int server = socket(address->any.sa_family, SOCK_STREAM, 0);

	if (server < 0 || bind(server, &address->any, *length) != 0 || (listening && listen(server, 128) != 0))
		exit(1);
	getsockname(server, &address->any, length);
	return server;
}

static void make(const char *kind, long count)
{
	union address address = {0};
	socklen_t length = sizeof(address.inet);
	int server = -1;

	if (strcmp(kind, "unix") == 0) {
		address.local.sun_family = AF_UNIX;
		strcpy(address.local.sun_path, "/nonexistent/socket");
		length = sizeof(address.local);
	} else if (strcmp(kind, "inet6") == 0) {
		address.inet6.sin6_family = AF_INET6;
		address.inet6.sin6_addr = in6addr_loopback;
		length = sizeof(address.inet6);
		server = own_port(&address, &length, 0);
	} else {
		address.inet.sin_family = AF_INET;
		address.inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		server = own_port(&address, &length, strcmp(kind, "listening") == 0);
	}
	for (long i = 0; i < count; i++) {
		int client = socket(address.any.sa_family, SOCK_STREAM, 0);
		connect(client, &address.any, length);
		close(client);
	}
	if (server >= 0)
		close(server);
}

int main(int argc, char **argv)
{
	for (int at = 1; at + 1 < argc; at += 2)
		make(argv[at], atol(argv[at + 1]));
	return 0;
}
