/*
 * Frames as network interfaces receive them, of one type of Ethernet: for protocols that switches
 * speak to their neighbours and no socket of the internet carries. Nothing is sent.
 */
#pragma once

#include "host/file.h"

enum {
	PACKET_MAXIMUM = 9216,
	PACKET_NAME_SIZE = 16, /* of an interface, with its NUL */
};

struct packet_ear {
	int fd;
};

/* Hears the type at all interfaces. ERROR_UNSUPPORTED for a machine that is elsewhere; ERROR_IO
 * when the kernel refuses, mostly for want of CAP_NET_RAW, which it then says. */
bool packet_listen(const struct host *host, uint16_t type, struct packet_ear *ret_ear,
		   struct error *err);

/* Has the interface pass on what is sent to this group address while the ear is open. */
bool packet_join(const struct packet_ear *ear, const char *interface, const uint8_t group[6],
		 struct error *err);

/* Waits up to wait_ms for a frame, with its Ethernet head; *ret_length is 0 when none came, or a
 * signal did. What this machine sent itself is passed over. */
bool packet_next(const struct packet_ear *ear, unsigned wait_ms, char into[static PACKET_MAXIMUM],
		 size_t *ret_length, char ret_interface[static PACKET_NAME_SIZE],
		 struct error *err);

void packet_close(struct packet_ear *ear);
