/*
 * Questions to a fabric one after the other, with a pause between them: slow on purpose, for who is
 * a guest there. Only what asks is ever sent; the door refuses the rest.
 */
#pragma once

#include "host/mad.h"

enum reply {
	REPLY_ANSWERED, /* with status 0 */
	REPLY_REFUSED,  /* with another status */
	REPLY_SILENT,   /* nobody answered */
	REPLY_UNUSABLE, /* the device does not let this class out */
	REPLY_BROKEN,   /* the device failed */
	REPLY_SPENT,    /* no question is left */
};

/* Set the first five and leave the rest 0. */
struct asker {
	const struct mad_door *door;
	int64_t pause_ns;    /* between two questions */
	unsigned timeout_ms; /* of one try */
	unsigned tries;
	unsigned left; /* questions, repeated ones too */
	unsigned asked;
	uint32_t number;
	struct error err; /* of REPLY_UNUSABLE and REPLY_BROKEN */
};

struct question {
	uint8_t class, version, method;
	uint16_t attribute;
	uint32_t modifier;
	uint16_t lid;        /* MAD_DIRECTED_LID: by the path */
	uint8_t hops;        /* of the path */
	const uint8_t *path; /* path[1] to path[hops] are the ports that are left by; NULL */
	uint8_t data[8];     /* that the attribute's data begins with */
	uint8_t data_at;     /* where it begins */
};

/* Asks, and waits for the answer. `ret_mad` is written with REPLY_ANSWERED and REPLY_REFUSED; what
 * its table points to stays until the next question. */
enum reply asker_ask(struct asker *asker, const struct question *question, struct mad *ret_mad);
