/*
 * The parts of a sweep: devices that have something to ask, what becomes of answers, and what is in
 * doubt. Private to sweep*.c.
 */
#pragma once

#include "probe/sweep.h"

enum {
	SWEEP_DOUBTS_MAXIMUM = GRAPH_NOTES_MAXIMUM,
	SWEEP_OF_ONE_DEVICE = 8, /* questions under way to it: its processor is a small one */
	SWEEP_PORT_WORDS = 4,    /* of 64 bits, for the 256 numbers of ports */
};

#define SWEEP_NO_PARENT UINT32_MAX

enum sweep_question {
	ASK_NODE, /* who is behind a port */
	ASK_DESCRIPTION,
	ASK_PORT,
	ASK_SPEED, /* whether what a port calls QDR is FDR10 */
};

/* What the sweep knows of a device besides what the graph does. */
struct sweep_device {
	uint32_t parent; /* the device before it on the way there; SWEEP_NO_PARENT: none */
	uint32_t next;   /* in the queue of those that have something to ask */
	/* Bits of ports to be asked for, and of those whose other end is to be asked. */
	uint64_t ports[SWEEP_PORT_WORDS], behind[SWEEP_PORT_WORDS];
	uint64_t *speeds; /* bits of ports to be asked for their speed; NULL: none yet */
	uint8_t hops;     /* from the local device */
	uint8_t way;      /* port of the parent that leads there */
	uint8_t outstanding;
	bool leads_on; /* the fabric goes on behind it */
	bool wants_description, is_queued, is_keyed;
};

enum sweep_doubt_kind {
	DOUBT_SILENT_PORT,
	DOUBT_UNREAD_PORT,
	DOUBT_UNNAMED,
	DOUBT_DUPLICATE,
	DOUBT_SELF,
	DOUBT_RUBBISH,
	DOUBT_TOO_FAR,
};

/* Becomes a note when descriptions are known. */
struct sweep_doubt {
	enum sweep_doubt_kind kind;
	uint32_t device, port; /* number of the port */
	uint64_t guid;         /* of what is meant behind it */
	uint16_t status;
};

struct sweeper {
	const struct sweep_request *request;
	struct graph *graph;
	struct sweep_result *result;
	struct exchange exchange;
	struct sweep_device *devices; /* by node of the graph */
	uint32_t device_room;
	uint32_t head, tail; /* queue; GRAPH_NONE: empty */
	struct sweep_doubt *doubts;
	uint32_t doubt_count;
	unsigned hops_maximum;
};

/* ---- sweep_device.c ---- */

/* Of a switch all ports are to be asked; of an adapter those that something of the fabric leads to.
 * `way` is the parent's port. */
bool sweep_add(struct sweeper *sweeper, const struct smp_node *node, uint32_t parent, unsigned way,
	       uint32_t *ret_index, struct error *err);

void sweep_set_bit(uint64_t *words, unsigned bit);

/* Puts the device into the queue when it has something to ask and may. */
void sweep_enqueue(struct sweeper *sweeper, uint32_t index);

/* Asks one question about the first device of the queue, which is not empty. */
bool sweep_ask_next(struct sweeper *sweeper, struct error *err);

/* ---- sweep_take.c ---- */

/* The question came in by this port of the device. */
void sweep_arrive(struct sweeper *sweeper, uint32_t index, const struct smp_node *node);

/* What became of a question; `mad` is NULL when nobody answered. */
bool sweep_take(struct sweeper *sweeper, const struct exchange_question *question,
		const struct mad *mad, struct error *err);

/* ---- sweep_doubt.c ---- */

void sweep_doubt(struct sweeper *sweeper, const struct sweep_doubt *doubt);

/* Notes of the graph, when everybody's description is known. */
void sweep_tell_doubts(struct sweeper *sweeper);
