#include "host/interface.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "host/system.h"

enum {
	ADDRESS_SIZE = 128,
};

/* An address of IPv4 that came over a socket of IPv6 is written so by some. */
static const char mapped[] = "::ffff:";

/* Without the scope. */
static struct span plain(const char *address)
{
	struct span text = span_of(address);

	if (span_starts(text, mapped) && memchr(text.at, '.', text.length)) {
		text.at += sizeof(mapped) - 1;
		text.length -= sizeof(mapped) - 1;
	}
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] == '%')
			text.length = i;
	return text;
}

static bool has_address(const struct ifaddrs *one, const char *address)
{
	char written[ADDRESS_SIZE];
	socklen_t length;

	if (!one->ifa_addr)
		return false;
	if (one->ifa_addr->sa_family == AF_INET)
		length = sizeof(struct sockaddr_in);
	else if (one->ifa_addr->sa_family == AF_INET6)
		length = sizeof(struct sockaddr_in6);
	else
		return false;
	return getnameinfo(one->ifa_addr, length, written, sizeof(written), NULL, 0,
			   NI_NUMERICHOST) == 0 &&
	       span_equal(plain(written), plain(address));
}

bool interface_of_address(const struct host *host, const char *address, struct arena *arena,
			  const char **ret_name, struct error *err)
{
	struct ifaddrs *all, *one;

	if (host_is_elsewhere(host))
		return fail(err, ERROR_UNSUPPORTED,
			    "the interfaces of a machine that is elsewhere");
	if (getifaddrs(&all) != 0)
		return fail(err, ERROR_IO, "asking for the interfaces: %s", strerror(errno));
	for (one = all; one; one = one->ifa_next)
		if (has_address(one, address))
			break;
	if (one)
		*ret_name = arena_string(arena, span_of(one->ifa_name));
	freeifaddrs(all);
	return one || fail(err, ERROR_MISSING, "no interface has the address '%.100s'", address);
}
