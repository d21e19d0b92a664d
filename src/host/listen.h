/*
 * A socket that others connect to, and how addresses are written.
 */
#pragma once

#include "base/error.h"

enum {
	LISTEN_ADDRESS_SIZE = 64, /* of a numeric address, NUL included */
};

struct sockaddr;

/* A listening TCP socket that does not block at a numeric address, "127.0.0.1" or "::1"; port 0
 * lets the kernel choose, *ret_port is what it became. The caller closes *ret_fd. */
bool host_listen(const char *address, unsigned port, int *ret_fd, unsigned *ret_port,
		 struct error *err);

/* Whether nobody but this machine reaches the address. False for what is no address. */
bool host_is_loopback(const char *address);

/* The address of a peer without its port; "?" for what is neither IPv4 nor IPv6. */
void host_address_text(const struct sockaddr *peer, char ret_text[static LISTEN_ADDRESS_SIZE]);

/* Ends both directions of a connection that somebody else closes. */
void host_hang_up(int fd);
