#define _GNU_SOURCE /* SOCK_CLOEXEC */

#include "host/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/span.h"
#include "host/clock.h"

/* A path, or with '@' before it a name without a file. False when it is neither. */
static bool make_address(const char *name, struct sockaddr_un *address, socklen_t *ret_size)
{
	size_t length = name ? strlen(name) : 0;

	if (length < 2 || length >= sizeof(address->sun_path) || (name[0] != '/' && name[0] != '@'))
		return false;
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, name, length);
	if (name[0] == '@')
		address->sun_path[0] = '\0';
	*ret_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	return true;
}

bool notify_send(const char *lines)
{
	struct sockaddr_un address;
	socklen_t size = 0;
	bool sent;
	int file;

	if (!make_address(getenv("NOTIFY_SOCKET"), &address, &size))
		return false;
	file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (file < 0)
		return false;
	sent = sendto(file, lines, strlen(lines), MSG_NOSIGNAL, (const struct sockaddr *)&address,
		      size) == (ssize_t)strlen(lines);
	(void)close(file);
	return sent;
}

bool notify_reloading(void)
{
	char lines[64];

	(void)snprintf(lines, sizeof(lines), "RELOADING=1\nMONOTONIC_USEC=%lld",
		       (long long)(clock_now_ns() / 1000));
	return notify_send(lines);
}

static bool read_number(const char *name, uint64_t *ret_number)
{
	const char *text = getenv(name);

	return text && span_to_u64(span_of(text), ret_number);
}

uint64_t notify_watchdog_ms(void)
{
	uint64_t us = 0, process = 0;

	if (!read_number("WATCHDOG_USEC", &us))
		return 0;
	/* It may be meant for a parent, which left its environment to this process. */
	if (getenv("WATCHDOG_PID") &&
	    (!read_number("WATCHDOG_PID", &process) || process != (uint64_t)getpid()))
		return 0;
	return us / 1000;
}
