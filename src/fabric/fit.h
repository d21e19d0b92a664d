/*
 * Names that fit where they are to stand. What a switch or a cloud's unit is called may hold any
 * character; files of Slurm and objects of Kubernetes take few, and not many of them.
 */
#pragma once

#include "base/arena.h"

enum fit_form {
	FIT_SLURM,  /* letters, digits, '-', '_', '.'; at most 64 */
	FIT_LABEL,  /* the same, with a letter or digit at both ends; at most 63 */
	FIT_OBJECT, /* lower case too, no '_' (RFC 1123); at most 253 */
	FIT_FORM_COUNT,
};

/* For each name one that fits, in their order and no two alike. One that fits stays; of others
 * characters become '-', and where that makes two alike or the name is too long, it ends in a hash
 * of the whole, so that the same name gives the same result whatever stands beside it. */
const char *const *fit_names(const char *const *names, uint32_t count, enum fit_form form,
			     struct arena *arena);

/* A single one; it may be that another gives the same. */
const char *fit_name(const char *name, enum fit_form form, struct arena *arena);

/* Whether the name is what fit_name would make of it. */
bool fit_is(const char *name, enum fit_form form);
