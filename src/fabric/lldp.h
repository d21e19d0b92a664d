/*
 * LLDP (IEEE 802.1AB), by which a switch tells at each port who it is and which port this is: as
 * frames and as what lldpd's lldpcli prints of them.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum {
	LLDP_FRAME_MAXIMUM = 9216,
	LLDP_TEXT_MAXIMUM = 255, /* bytes of a name or an identifier */
	LLDP_TYPE = 0x88cc,      /* of Ethernet */
};

/* Who is at the other end of a cable. Texts are UTF-8 without control characters. */
struct lldp_neighbour {
	const char *chassis;     /* its identifier with its kind: "mac 44:38:39:00:00:01",
				  * "local leaf1"; never "" */
	const char *name;        /* of the system; "" when it does not say */
	const char *port;        /* its identifier, of whatever kind: "swp3"; never "" */
	const char *description; /* of the port; "" */
	unsigned ttl_s;          /* 0: it says goodbye */
	bool has_capabilities;
	bool is_bridge, is_router; /* switched on, of the capabilities */
};

/* The frame with its Ethernet head. ERROR_INVALID when it is no LLDP or breaks its rules; lengths
 * are never believed beyond the frame. */
bool lldp_frame_read(struct span frame, struct arena *arena, struct lldp_neighbour *ret_neighbour,
		     struct error *err);

/* The MAC address that the chassis's identifier is; 0 when it is none. */
uint64_t lldp_chassis_mac(const struct lldp_neighbour *neighbour);

/* "44:38:39:00:00:01", any case; false for everything else. */
bool mac_parse(struct span text, uint64_t *ret_mac);

struct lldp_heard {
	const char *interface; /* of the host that heard it */
	struct lldp_neighbour neighbour;
};

/* Whether the text is what `lldpcli -f json0 show neighbors` (or -f json) prints. */
bool lldpcli_is(struct span text);

/* What each interface heard by LLDP; what came by another protocol is left out. */
bool lldpcli_read(struct span text, const char *file, struct arena *arena,
		  const struct lldp_heard **ret_heard, size_t *ret_count, struct error *err);
