/*
 * Nodes under repair, the next to be done first, and those that wait for a crew.
 */
#pragma once

#include "base/arena.h"
#include "model/chance.h"

struct repairs {
	double *ends; /* a heap */
	uint32_t count, room, queued;
	uint32_t crews; /* 0: any number */
	double mean_h;
	struct chance chance;
	struct arena *arena; /* takes what the heap grows by */
};

/* Empties it, for a new run; the room stays. */
void repairs_start(struct repairs *repairs, uint32_t crews, double mean_h, uint64_t key);

void repairs_add(struct repairs *repairs, double now, uint32_t nodes);

/* When the next repair ends; INFINITY without one. */
double repairs_next(const struct repairs *repairs);

/* Takes out the one that ends now and begins with the next that waits. */
void repairs_end(struct repairs *repairs, double now);
