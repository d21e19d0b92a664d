#include "web/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "host/file.h"

static void nothing(struct web *web, const struct web_request *request, const char *const *segments,
		    struct web_answer *answer)
{
	(void)web;
	(void)request;
	(void)segments;
	(void)answer;
}

static const struct web_route table[] = {
	{ WEB_GET, "/a/{x}", ACCESS_PUBLIC, "x", nothing, 0 },
	{ WEB_GET, "/a/b", ACCESS_PUBLIC, "b", nothing, 0 },
	{ WEB_GET, "/a/{x}/c/{y}", ACCESS_PUBLIC, "y", nothing, 0 },
	{ 0 },
};
static const struct web_route other[] = {
	{ WEB_POST, "/a/{x}", ACCESS_PUBLIC, "post", nothing, 0 },
	{ 0 },
};
static const struct web_route *const tables[] = { table, other, NULL };

static const char *operation_of(enum web_method method, const char *path, struct arena *arena,
				struct route_match *ret_match)
{
	return route_find(tables, method, path, arena, ret_match) == ROUTE_FOUND
		       ? ret_match->route->operation
		       : "";
}

static void a_name_in_braces_stands_for_one_segment(void **state)
{
	struct route_match match;
	SCOPED_ARENA(arena);

	(void)state;
	assert_string_equal(operation_of(WEB_GET, "/a/one", &arena, &match), "x");
	assert_string_equal(match.segments[0], "one");
	assert_null(match.segments[1]);
	assert_string_equal(operation_of(WEB_GET, "/a/1/c/2", &arena, &match), "y");
	assert_string_equal(match.segments[1], "2");
	assert_string_equal(operation_of(WEB_GET, "/a/", &arena, &match), "");
	assert_string_equal(operation_of(WEB_GET, "/a/1/2", &arena, &match), "");
	assert_string_equal(operation_of(WEB_GET, "/a/1/c/", &arena, &match), "");
	assert_string_equal(operation_of(WEB_GET, "/a", &arena, &match), "");
}

static void what_is_written_out_goes_first(void **state)
{
	struct route_match match;
	SCOPED_ARENA(arena);

	(void)state;
	assert_string_equal(operation_of(WEB_GET, "/a/b", &arena, &match), "b");
	assert_null(match.segments[0]);
}

static void another_method_is_told_from_another_path(void **state)
{
	struct route_match match;
	SCOPED_ARENA(arena);

	(void)state;
	assert_int_equal(route_find(tables, WEB_DELETE, "/a/1", &arena, &match),
			 ROUTE_OTHER_METHOD);
	assert_string_equal(route_allow(match.allowed, &arena), "GET, HEAD, POST");
	assert_int_equal(route_find(tables, WEB_GET, "/z", &arena, &match), ROUTE_NONE);
}

static void every_route_has_a_name_and_a_handler(void **state)
{
	(void)state;
	for (const struct web_route *const *one = web_route_tables; *one; one++)
		for (const struct web_route *route = *one; route->path; route++) {
			assert_non_null(route->operation);
			assert_non_null(route->handle);
			assert_int_equal(route->path[0], '/');
		}
}

/* ---- the document ---- */

static const struct node *read_document(struct arena *arena)
{
	const struct host host = { 0 };
	const struct node *root = NULL;
	struct error err = { 0 };
	struct span text;

	if (!host_read(&host, "data/openapi.v1.json", 1 << 20, arena, &text, &err) ||
	    !json_read(text, "data/openapi.v1.json", 1, arena, &root, &err))
		fail_msg("%s", err.text);
	return root;
}

static const char *const words[WEB_METHOD_COUNT] = { "get", "post", "put", "delete" };

/* The pages for people are no part of the API. */
static bool is_of_api(const struct web_route *route)
{
	return strncmp(route->path, "/api/", 5) == 0;
}

static void every_route_of_the_api_is_in_the_document(void **state)
{
	SCOPED_ARENA(arena);
	const struct node *paths = node_find(read_document(&arena), "paths");

	(void)state;
	for (const struct web_route *const *one = web_route_tables; *one; one++)
		for (const struct web_route *route = *one; route->path; route++) {
			const struct node *item = node_find(paths, route->path), *operation;

			if (!is_of_api(route))
				continue;
			operation = item ? node_find(item, words[route->method]) : NULL;
			if (!operation)
				fail_msg("%s %s is not there", words[route->method], route->path);
			assert_true(span_is(node_find(operation, "operationId")->text,
					    route->operation));
			assert_int_equal(node_find(operation, "security") != NULL ||
						 route->scope == ACCESS_PUBLIC,
					 true);
		}
}

static bool is_a_route(unsigned method, const char *path)
{
	for (const struct web_route *const *one = web_route_tables; *one; one++)
		for (const struct web_route *route = *one; route->path; route++)
			if (route->method == method && strcmp(route->path, path) == 0)
				return true;
	return false;
}

static void every_operation_of_the_document_is_a_route(void **state)
{
	SCOPED_ARENA(arena);
	const struct node *paths = node_find(read_document(&arena), "paths");

	(void)state;
	for (uint32_t i = 0; i < paths->count; i++) {
		const char *path = arena_string(&arena, paths->keys[i].text);

		for (unsigned m = 0; m < WEB_METHOD_COUNT; m++)
			if (node_find(&paths->items[i], words[m]) && !is_a_route(m, path))
				fail_msg("%s %s has no route", words[m], path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_in_braces_stands_for_one_segment),
		cmocka_unit_test(what_is_written_out_goes_first),
		cmocka_unit_test(another_method_is_told_from_another_path),
		cmocka_unit_test(every_route_has_a_name_and_a_handler),
		cmocka_unit_test(every_route_of_the_api_is_in_the_document),
		cmocka_unit_test(every_operation_of_the_document_is_a_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
