/*
 * Many questions to a fabric at once: each is asked again when its answer stays away, none waits
 * for another, and how many are under way follows how the fabric keeps up. A question that is asked
 * again does not hold up those that are asked first, so that silent devices cost their own time
 * only.
 */
#pragma once

#include "host/mad.h"

enum {
	EXCHANGE_WINDOW_DEFAULT = 128,
	EXCHANGE_WINDOW_MAXIMUM = 1024,
	EXCHANGE_TRIES_DEFAULT = 4,
	EXCHANGE_SLOTS = 4096, /* a power of two: questions that are under way or wait for more */
};

/* Who asks knows what; nothing here looks at it. */
struct exchange_question {
	uint32_t device, port;
	uint8_t kind;
};

struct exchange_slot {
	struct mad mad;
	struct exchange_question question;
	int64_t sent_ns, deadline_ns;
	uint32_t number;
	uint8_t tries; /* sent so often; 0: the slot is free */
};

struct exchange_tally {
	uint64_t sent, answered, repeated, unanswered, strays;
	unsigned window_most; /* highest number of first questions that were under way together */
};

/* Set the first four and call exchange_start(). */
struct exchange {
	const struct mad_door *door;
	struct arena *arena;
	unsigned window_limit; /* 0: EXCHANGE_WINDOW_DEFAULT */
	unsigned tries;        /* 0: EXCHANGE_TRIES_DEFAULT */

	struct exchange_slot *slots;
	uint16_t *free_slots;
	unsigned free_count, in_use;
	unsigned touched; /* slots that were ever taken, which are the first; the rest is no memory
			   */
	unsigned fresh;   /* under way for the first time */
	double window, slow_start_until;
	double round_trip_us, variation_us, patience_us;
	uint64_t answers_at_loss;
	int64_t next_look_ns; /* when the earliest deadline may have passed */
	int64_t answered_ns;
	int64_t now_ns;      /* when something was received last; 0: not yet */
	unsigned late_reads; /* answers that were read since it did */
	struct exchange_tally tally;
};

void exchange_start(struct exchange *exchange);

/* Whether one more may be sent. */
bool exchange_has_room(const struct exchange *exchange);

/* The number that the next question has to carry (smp_ask's `number`). */
uint32_t exchange_number(const struct exchange *exchange);

/* Sends; there has to be room, and the number has to be exchange_number()'s. */
bool exchange_send(struct exchange *exchange, const struct mad *mad,
		   const struct exchange_question *question, struct error *err);

enum exchange_outcome {
	EXCHANGE_ANSWER,
	EXCHANGE_SILENCE, /* every try was in vain */
	EXCHANGE_WAIT,    /* nothing within a tenth of a second: time to look after other things */
	EXCHANGE_IDLE,    /* nothing is under way */
	EXCHANGE_BROKEN,  /* `err` says why */
};

/* What became of one question. `ret_mad` is its answer. */
enum exchange_outcome exchange_next(struct exchange *exchange,
				    struct exchange_question *ret_question, struct mad *ret_mad,
				    struct error *err);
