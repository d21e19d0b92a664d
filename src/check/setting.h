/*
 * Settings and modes of files as the probes write them, and what a node cannot show by itself.
 */
#pragma once

#include "check/check.h"

/* The value of "setting:WHERE:NAME"; NULL when it is not set, or not known. */
const char *setting_value(const struct machine *machine, const char *device);

/* The value as a whole number; false when it is none. */
bool setting_number(const struct machine *machine, const char *device, uint64_t *ret_number);

/* One after the other the settings whose device begins with the prefix ("setting:nccl:"), those
 * that are not set left out. `at` starts at 0; NULL at the end. One may be unknown. */
const struct record *setting_next(const struct machine *machine, const char *prefix, size_t *at);

/* True when the word stands in the value; blanks, commas, colons and semicolons separate words.
 * False when the value is NULL. */
bool setting_has_word(const char *value, const char *word);

/* "device 0666 0" of a file. */
struct file_mode {
	struct span kind;
	unsigned permission;
	uint64_t owner;
};

/* False when it is no such text. */
bool file_mode_read(const char *state, struct file_mode *ret_mode);

/* What a node does not show by itself. */
struct elsewhere {
	const char *attest; /* "setting:attest:NAME" where the provider may state it; NULL */
	const char *text;   /* what this node does not show */
	const char *action; /* what to run, and where */
};

/* UNKNOWN about the node with what to run elsewhere. What the provider states is quoted and makes
 * the finding attested; it stays UNKNOWN. */
struct finding *elsewhere_add(const struct machine *machine, const struct elsewhere *elsewhere,
			      struct findings *found);
