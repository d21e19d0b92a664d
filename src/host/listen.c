#include "host/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool find(const char *address, unsigned port, struct addrinfo **ret_found)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	};
	char digits[16];

	(void)snprintf(digits, sizeof(digits), "%u", port);
	return getaddrinfo(address, digits, &hints, ret_found) == 0;
}

static unsigned port_of(int fd)
{
	struct sockaddr_storage own = { 0 };
	socklen_t length = sizeof(own);

	if (getsockname(fd, (struct sockaddr *)&own, &length) != 0)
		return 0;
	if (own.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&own)->sin6_port);
	return ntohs(((const struct sockaddr_in *)&own)->sin_port);
}

bool host_listen(const char *address, unsigned port, int *ret_fd, unsigned *ret_port,
		 struct error *err)
{
	const int one = 1;
	struct addrinfo *found;
	int fd;
	bool good;

	if (!find(address, port, &found))
		return fail(err, ERROR_INVALID,
			    "'%s' is no address; give one in numbers, as 127.0.0.1 or ::1",
			    address);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		freeaddrinfo(found);
		return fail(err, ERROR_IO, "no socket: %s", strerror(errno));
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (found->ai_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	good = bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0;
	if (!good) {
		(void)fail(err, ERROR_IO, "listening at %s port %u: %s", address, port,
			   strerror(errno));
		(void)close(fd);
	}
	freeaddrinfo(found);
	if (!good)
		return false;
	*ret_port = port_of(fd);
	*ret_fd = fd;
	return true;
}

bool host_is_loopback(const char *address)
{
	struct in_addr four;
	struct in6_addr six;

	if (inet_pton(AF_INET, address, &four) == 1)
		return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
	return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

void host_address_text(const struct sockaddr *peer, char ret_text[static LISTEN_ADDRESS_SIZE])
{
	const void *bytes = NULL;
	int family = peer ? peer->sa_family : AF_UNSPEC;

	if (family == AF_INET)
		bytes = &((const struct sockaddr_in *)(const void *)peer)->sin_addr;
	else if (family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
	if (!bytes || !inet_ntop(family, bytes, ret_text, LISTEN_ADDRESS_SIZE))
		(void)snprintf(ret_text, LISTEN_ADDRESS_SIZE, "?");
}

void host_hang_up(int fd)
{
	(void)shutdown(fd, SHUT_RDWR);
}
