/*
 * Slurm's short form of many names, "node[01-04,07],login1": written and read. Slurm takes nothing
 * behind a bracket but another prefix and bracket, so that only the last digits of a name fold.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum {
	HOSTLIST_NAMES_MAXIMUM = 1 << 18,
	HOSTLIST_NAME_MAXIMUM = 255,
	HOSTLIST_RANGE_MAXIMUM = 1 << 16, /* Slurm's own, of one range */
};

struct hostlist {
	const char **names;
	uint32_t count, room;
};

/* Whether the name can stand in a list, and in a file of Slurm, as it is. */
bool hostlist_can_hold(const char *name);

/* Appends the names, which it can all hold, in their order: neighbours in it fold, so that natural
 * order gives the shortest text. Reading gives the same names in the same order. */
void hostlist_add(struct text *into, const char *const *names, uint32_t count);

/* Adds the names of the text to the list, which is in the arena and may hold others. Fails on what
 * Slurm refuses, and with ERROR_LIMIT when the list is full, before any name beyond is made. */
bool hostlist_read(struct span text, struct arena *arena, struct hostlist *list, struct error *err);
