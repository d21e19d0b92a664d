/*
 * Forms of clouds' answers, a row each; private to this room.
 */
#pragma once

#include "base/node.h"
#include "fabric/placement.h"

enum {
	CLOUD_KEYS_MAXIMUM = 4,
};

/* Where things stand in the map of one host. A way is keys with '>' between them; a key is compared
 * without '-' and '_' and in lower case, because each interface of one cloud writes it its own way;
 * one that holds a '/' or a '.' is a label, compared as it is. */
struct cloud_form {
	const char *name;                           /* for people */
	const char *marks[CLOUD_KEYS_MAXIMUM];      /* one of them: this is a host of this form */
	const char *hosts[CLOUD_KEYS_MAXIMUM];      /* names of the host, the best first */
	const char *ids[CLOUD_KEYS_MAXIMUM];        /* of the instance */
	const char *units[PLACEMENT_TIERS_MAXIMUM]; /* the nearest first */
	const char *lists[CLOUD_KEYS_MAXIMUM];      /* instead: a list of units or of maps with an
						     * id, or a text with '/' between them */
	const char *domains[CLOUD_KEYS_MAXIMUM];
	const char *subdomains[CLOUD_KEYS_MAXIMUM];
	const char *needs; /* a host without it is an empty place, and left out; NULL: none */
	enum cloud_order {
		CLOUD_NEAREST_FIRST,
		CLOUD_NEAREST_LAST,
		CLOUD_HOST_LAST, /* the nearest last, and behind it the machine itself */
	} order;                 /* of a list */
	bool is_open;            /* of the nearest units the first may be left out: fewer tiers */
};

extern const struct cloud_form cloud_forms[];
extern const unsigned cloud_form_count;

/* The value at the first of the ways that there is; NULL. */
const struct node *cloud_find(const struct node *map, const char *const ways[]);

/* Whether the map has one of the form's marks. */
bool cloud_has_mark(const struct cloud_form *form, const struct node *map);

/* Without blanks and ends of lines before it. */
struct span cloud_skip_spaces(struct span text);

/* Cuts the name of a host off a line with what stands between it and the rest, which has no blanks
 * around it then. False when the line begins with none. */
bool cloud_cut_name(struct span *line, struct span *ret_name);
