/*
 * A batch on its way into the store; private to append.c and append_ids.c.
 */
#pragma once

#include "store/store_parts.h"

/* An entry on its way in. */
struct intake {
	size_t index; /* in the batch */
	int64_t key, series, sequence;
	bool known;
	bool in_run; /* its id is found by its run */
};

/* One batch on its way in. */
struct intakes {
	struct store *store;
	const struct store_batch *batch;
	struct intake *items; /* all, by key */
	size_t count;
	struct intake **fresh; /* those that are new, in the order of the batch */
	size_t fresh_count;
	int64_t *stems; /* one for each run that is there and begins as any of these ids do */
	size_t stem_count, stem_room;
	struct batch_row row;
	struct arena arena;
};

static inline const struct store_entry *entry_of(const struct intakes *intakes,
						 const struct intake *intake)
{
	return &intakes->batch->entries[intake->index];
}

/* Order by key, and by place in the batch where that is the same. */
int intake_by_key(const void *left, const void *right);

/* `count` placeholders from $1 on behind `head`. */
const char *question_with_list(struct arena *arena, const char *head, size_t count);

/* The store has an entry of this key: the same one as one of the items, which is marked then,
 * another with the same id, which refuses the batch, or another id. */
bool intakes_check_against(struct intakes *intakes, int64_t key, int64_t sequence,
			   struct error *err);

/* ---- runs.c: nothing is done where there is no table of runs ---- */

/* As intakes_check_ids, of what stands in runs. */
bool runs_check(struct intakes *intakes, struct error *err);

/* Marks the items whose ids are kept as runs, and writes these; the items are numbered and in
 * their order. */
bool runs_write(struct intakes *intakes, struct error *err);

/* Marks what is known, in the store or before in the batch; the items are by key, those without an
 * id have the key 0. An id that is there with other bytes refuses the batch. */
bool intakes_check_ids(struct intakes *intakes, struct error *err);
