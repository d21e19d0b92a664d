/*
 * Whatever a request line or a form holds, a path that is taken has one spelling and stays below
 * the top, a field that is found reads back, and no route is found for what is none.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "web/route.h"
#include "web/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *path, struct arena *arena)
{
	struct route_match match;
	SCOPED_TEXT(again);
	struct target target;
	const char *why = NULL;

	assert(path[0] == '/' && !strstr(path, "//"));
	assert(!strstr(path, "/../") && !strstr(path, "/./") && !strchr(path, '\\'));
	assert(span_is_utf8(span_of(path), NULL));
	for (const char *at = path; *at; at++)
		assert((unsigned char)*at >= ' ' && *at != 0x7f);

	/* Encoded anew it is the same path. */
	for (const char *at = path; *at; at++) {
		if (*at == '/')
			text_add_char(&again, '/');
		else
			text_add_percent(&again, (struct span){ at, 1 });
	}
	if (again.length <= TARGET_PATH_MAXIMUM) {
		unsigned status = target_read(text_span(&again), arena, &target, &why);

		assert(status == 0 && strcmp(target.path, path) == 0);
		(void)status;
	}
	for (unsigned i = 0; i < WEB_METHOD_COUNT; i++) {
		enum route_result result =
			route_find(web_route_tables, (enum web_method)i, path, arena, &match);

		assert((result == ROUTE_FOUND) == (match.route != NULL));
		(void)result;
	}
}

static void check_fields(struct span text, struct arena *arena)
{
	const char *value = NULL;
	struct error err;

	if (!fields_find(text, "a", arena, &value, &err) || !value)
		return;

	SCOPED_TEXT(again);
	const char *back = NULL;
	bool is_read;

	text_add(&again, "a=");
	text_add_percent(&again, span_of(value));
	assert(span_is_utf8(span_of(value), NULL));
	/* A value that was read is read again. */
	is_read = fields_find(text_span(&again), "a", arena, &back, &err);
	assert(is_read);
	assert(back && strcmp(back, value) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct target target;
	const char *why = NULL;
	SCOPED_ARENA(arena);

	if (target_read(text, &arena, &target, &why) == 0)
		check_path(target.path, &arena);
	else
		assert(why);
	check_fields(text, &arena);
	return 0;
}
