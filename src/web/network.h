/*
 * Whose an address is. What one customer is given as one counts as one: for how often he may ask,
 * and as the origin of what he says.
 */
#pragma once

#include "base/span.h"

enum {
	NETWORK_SIZE = 48, /* of its text, the end included */
};

/* `address` as inet_ntop writes it: one of version 4 as it is, also where version 6 carries it
 * ("::ffff:192.0.2.1"); of version 6 the first four groups, written out ("2001:db8:0:1"), whatever
 * "::" stands for. Anything else is itself, cut to the room there is. The span is of `into`. */
struct span network_of(const char *address, char into[static NETWORK_SIZE]);
