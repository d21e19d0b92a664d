#include "host/watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/system.h"

enum {
	MESSAGE_MAXIMUM = 16384,
	MESSAGES_AT_ONCE = 1000, /* of a storm; the rest is read at the next call */
	UEVENT_GROUP = 1,        /* what the kernel sends; udev's own is 2 */
};

int host_watch(const struct host *host, enum host_news news, struct error *err)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int protocol = news == HOST_NEWS_LINKS ? NETLINK_ROUTE : NETLINK_KOBJECT_UEVENT;
	int file;

	if (host_is_elsewhere(host))
		return fail(err, ERROR_UNSUPPORTED, "a machine below a root sends no news"), -1;
	address.nl_groups = news == HOST_NEWS_LINKS ? RTMGRP_LINK : UEVENT_GROUP;
	file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (file < 0 || bind(file, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		(void)fail(err, ERROR_IO, "listening to the kernel: %s", strerror(errno));
		if (file >= 0)
			(void)close(file);
		return -1;
	}
	return file;
}

/* "SUBSYSTEM=pci" among the strings behind the first. */
static bool device_matters(struct span message)
{
	static const char *const subsystems[] = {
		"pci", "infiniband", "nvme", "drm", "net", "block"
	};
	struct span piece;

	while (span_cut(&message, '\0', &piece)) {
		if (!span_starts(piece, "SUBSYSTEM="))
			continue;
		for (size_t i = 0; i < sizeof(subsystems) / sizeof(subsystems[0]); i++)
			if (span_is((struct span){ piece.at + 10, piece.length - 10 },
				    subsystems[i]))
				return true;
	}
	return false;
}

/* A new or a removed link; addresses and routes are of other types. */
static bool link_matters(struct span message)
{
	while (message.length >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr head;
		size_t length;

		memcpy(&head, message.at, sizeof(head));
		if (head.nlmsg_type == RTM_NEWLINK || head.nlmsg_type == RTM_DELLINK)
			return true;
		length = NLMSG_ALIGN((size_t)head.nlmsg_len);
		if (length < sizeof(head) || length > message.length)
			return false;
		message.at += length;
		message.length -= length;
	}
	return false;
}

bool host_news_matters(enum host_news news, struct span message)
{
	return news == HOST_NEWS_LINKS ? link_matters(message) : device_matters(message);
}

bool host_watch_read(int descriptor, enum host_news news)
{
	char message[MESSAGE_MAXIMUM];
	bool matters = false;

	for (unsigned i = 0; i < MESSAGES_AT_ONCE; i++) {
		struct sockaddr_nl from = { 0 };
		socklen_t size = sizeof(from);
		ssize_t length = recvfrom(descriptor, message, sizeof(message), 0,
					  (struct sockaddr *)&from, &size);

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			/* ENOBUFS: more came than the socket holds, so anything may have happened.
			 */
			return matters || errno == ENOBUFS;
		/* Other processes may send to the socket; the kernel's port is 0. */
		if (size >= sizeof(from) && from.nl_pid == 0)
			matters = matters ||
				  host_news_matters(news, (struct span){ message, (size_t)length });
	}
	return true;
}
