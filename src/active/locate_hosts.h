/*
 * Which hosts are measured, as the command line or a file names them.
 */
#pragma once

#include "fabric/locate.h"

enum {
	LOCATE_NAME_MAXIMUM = 170,
	LOCATE_HOSTS_BYTES_MAXIMUM = 32 << 20,
};

struct locate_host {
	const char *name;             /* that the launcher takes */
	const char *const *addresses; /* one a rail, that its partner connects to */
	uint32_t leaf;                /* LOCATE_NONE: not told */
};

struct locate_hosts {
	struct locate_host *hosts;
	uint32_t count;
	unsigned rails;            /* addresses of each host */
	const char *const *leaves; /* names */
	uint32_t leaf_count;
	bool are_all_leafed; /* each host has a leaf */
};

/* Letters, digits and what stands in names and addresses, so that no word can be an option or mean
 * anything to a shell at the other end. */
bool locate_is_name(struct span word);

/* Takes a file of lines "NAME [ADDRESS[,ADDRESS...]] [leaf=LEAF]", one host each; what follows '#'
 * is a comment. Without an address the name is one. Refuses, with the line, what is no name or
 * address, a name or an address that stands twice, and other numbers of addresses than the first
 * host has. */
bool locate_hosts_read(struct span text, const char *file, struct arena *arena,
		       struct locate_hosts *ret_hosts, struct error *err);

/* The same of words "NAME[=ADDRESS[,ADDRESS...]]". */
bool locate_hosts_of(const char *const *words, size_t count, struct arena *arena,
		     struct locate_hosts *ret_hosts, struct error *err);
