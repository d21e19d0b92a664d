#include "host/packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/system.h"

bool packet_listen(const struct host *host, uint16_t type, struct packet_ear *ret_ear,
		   struct error *err)
{
	int fd;

	if (host_is_elsewhere(host))
		return fail(err, ERROR_UNSUPPORTED, "frames are heard on this machine only");
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(type));
	if (fd < 0 && (errno == EPERM || errno == EACCES))
		return fail(err, ERROR_IO,
			    "the kernel refuses: CAP_NET_RAW is needed; run it as "
			    "root, or: setcap cap_net_raw+ep on the program");
	if (fd < 0)
		return fail(err, ERROR_IO, "opening a packet socket: %s", strerror(errno));
	ret_ear->fd = fd;
	return true;
}

bool packet_join(const struct packet_ear *ear, const char *interface, const uint8_t group[6],
		 struct error *err)
{
	struct packet_mreq wish = { .mr_type = PACKET_MR_MULTICAST, .mr_alen = 6 };
	unsigned index = if_nametoindex(interface);

	if (index == 0)
		return fail(err, ERROR_MISSING, "there is no interface '%s'", interface);
	wish.mr_ifindex = (int)index;
	memcpy(wish.mr_address, group, 6);
	if (setsockopt(ear->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &wish, sizeof(wish)) != 0)
		return fail(err, ERROR_IO, "interface '%s' does not join the group: %s", interface,
			    strerror(errno));
	return true;
}

bool packet_next(const struct packet_ear *ear, unsigned wait_ms, char into[static PACKET_MAXIMUM],
		 size_t *ret_length, char ret_interface[static PACKET_NAME_SIZE], struct error *err)
{
	struct sockaddr_ll from = { 0 };
	socklen_t size = sizeof(from);
	struct pollfd ready = { .fd = ear->fd, .events = POLLIN };
	char name[IF_NAMESIZE];
	ssize_t length;

	*ret_length = 0;
	if (poll(&ready, 1, (int)wait_ms) <= 0)
		return true;
	length = recvfrom(ear->fd, into, PACKET_MAXIMUM, 0, (struct sockaddr *)&from, &size);
	/* An interface that goes down says so once; the others are still heard. */
	if (length < 0 && (errno == EAGAIN || errno == EINTR || errno == ENETDOWN))
		return true;
	if (length < 0)
		return fail(err, ERROR_IO, "hearing frames: %s", strerror(errno));
	if (from.sll_pkttype == PACKET_OUTGOING ||
	    !if_indextoname((unsigned)from.sll_ifindex, name))
		return true;
	(void)snprintf(ret_interface, PACKET_NAME_SIZE, "%s", name);
	*ret_length = (size_t)length;
	return true;
}

void packet_close(struct packet_ear *ear)
{
	if (ear->fd >= 0)
		(void)close(ear->fd);
	ear->fd = -1;
}
