/*
 * Which route a path belongs to.
 */
#pragma once

#include "web/target.h"
#include "web/web.h"

/* All tables; the last is NULL. */
extern const struct web_route *const web_route_tables[];

enum route_result {
	ROUTE_FOUND,
	ROUTE_NONE,
	ROUTE_OTHER_METHOD,
};

struct route_match {
	const struct web_route *route;
	const char *segments[TARGET_SEGMENTS_MAXIMUM + 1]; /* what stood for the names in braces */
	unsigned allowed; /* bit n: enum web_method n has this path */
};

/* A path that is written out goes before one with names in braces. */
enum route_result route_find(const struct web_route *const *tables, enum web_method method,
			     const char *path, struct arena *arena, struct route_match *ret_match);

/* "GET, HEAD, POST" */
const char *route_allow(unsigned allowed, struct arena *arena);
