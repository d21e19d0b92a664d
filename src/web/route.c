#include "web/route.h"

#include <string.h>

const char *const web_method_names[WEB_METHOD_COUNT] = {
	[WEB_GET] = "GET",
	[WEB_POST] = "POST",
	[WEB_PUT] = "PUT",
	[WEB_DELETE] = "DELETE",
};

/* Whether the path has the form; fills the segments, and how many there are. */
static bool fits(const char *form, const char *path, struct arena *arena,
		 const char *segments[static TARGET_SEGMENTS_MAXIMUM + 1], unsigned *ret_count)
{
	unsigned count = 0;

	while (*form && *path) {
		if (*form != '{') {
			if (*form++ != *path++)
				return false;
			continue;
		}

		size_t length = strcspn(path, "/");
		if (length == 0 || count == TARGET_SEGMENTS_MAXIMUM)
			return false;
		segments[count++] = arena_string(arena, (struct span){ path, length });
		path += length;
		form = strchr(form, '}') + 1;
	}
	segments[count] = NULL;
	*ret_count = count;
	return *form == *path;
}

enum route_result route_find(const struct web_route *const *tables, enum web_method method,
			     const char *path, struct arena *arena, struct route_match *ret_match)
{
	struct route_match best = { 0 };
	unsigned fewest = TARGET_SEGMENTS_MAXIMUM + 1;

	for (; *tables; tables++) {
		for (const struct web_route *route = *tables; route->path; route++) {
			const char *segments[TARGET_SEGMENTS_MAXIMUM + 1];
			unsigned count = 0;

			if (!fits(route->path, path, arena, segments, &count))
				continue;
			best.allowed |= 1u << route->method;
			if (route->method != method || count >= fewest)
				continue;
			fewest = count;
			best.route = route;
			memcpy(best.segments, segments, sizeof(segments));
		}
	}
	*ret_match = best;
	if (best.route)
		return ROUTE_FOUND;
	return best.allowed ? ROUTE_OTHER_METHOD : ROUTE_NONE;
}

const char *route_allow(unsigned allowed, struct arena *arena)
{
	SCOPED_TEXT(text);

	for (unsigned i = 0; i < WEB_METHOD_COUNT; i++) {
		if (!(allowed & (1u << i)))
			continue;
		text_format(&text, "%s%s%s", text.length > 0 ? ", " : "", web_method_names[i],
			    i == WEB_GET ? ", HEAD" : "");
	}
	return arena_string(arena, text_span(&text));
}
