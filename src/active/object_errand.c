#include "active/object_errand.h"

#include <stdio.h>
#include <string.h>

#include "active/pattern.h"
#include "active/storage_times.h"
#include "host/system.h"
#include "probe/vendor_say.h"

enum {
	LIST_PAGES = 200, /* of a thousand names: more than a run ever writes */
	ERROR_SIZE = 160,
};

const char *errand_device(const struct errand *errand, const char *what)
{
	return arena_format(errand->arena, "object:%s:%s", what, errand->task->store.mark);
}

/* The requests have limits of their own; what the parent watches is that this goes on at all. */
static void pulse(void *context)
{
	const struct errand *errand = context;

	worker_calls(errand->port, "%.20s at %.60s", errand->what, errand->task->store.mark);
}

void errand_send(const struct errand *errand, struct object_request *requests, size_t count,
		 unsigned connections)
{
	if (object_send(&errand->task->store, requests, count, connections, pulse,
			(void *)(uintptr_t)errand))
		return;
	for (size_t i = 0; i < count; i++)
		if (requests[i].status == 0 && requests[i].error[0] == '\0')
			(void)snprintf(requests[i].error, OBJECT_WORDS,
				       "libcurl 7.85 or later cannot be loaded and started");
}

/* "503 SlowDown", or what the library says. */
const char *errand_error(const struct errand *errand, const struct object_request *request)
{
	const char *code = answer_first(text_span(&request->answer), "Code", errand->arena);

	if (request->error[0] != '\0')
		return arena_format(errand->arena, "%s", request->error);
	return arena_format(errand->arena, "status %ld%s%.80s", request->status, code ? " " : "",
			    code ? code : "");
}

/* How many failed; the first is said. */
unsigned errand_says_errors(const struct errand *errand, const struct object_request *requests,
			    size_t count)
{
	const struct object_request *first = NULL;
	unsigned errors = 0;

	for (size_t i = 0; i < count; i++) {
		if (object_succeeded(&requests[i]))
			continue;
		first = first ? first : &requests[i];
		errors++;
	}
	say_value(errand->port, errand_device(errand, errand->what), NODE_TEST_OBJECT_ERRORS,
		  errors);
	if (first)
		say_text(errand->port, errand_device(errand, errand->what), NODE_TEST_OBJECT_ERROR,
			 "%.*s", ERROR_SIZE, errand_error(errand, first));
	return errors;
}

void errand_says_times(const struct errand *errand, const struct object_request *requests,
		       size_t count, double wall_s)
{
	const char *device = errand_device(errand, errand->what);
	struct storage_times times;

	times_start(&times, count, errand->arena);
	for (size_t i = 0; i < count; i++)
		if (object_succeeded(&requests[i]))
			times_add(&times, requests[i].seconds);
	if (times.count == 0)
		return;
	if (wall_s > 0)
		say_value(errand->port, device, NODE_TEST_OBJECT_RATE,
			  (double)times.count / wall_s);
	say_value(errand->port, device, NODE_TEST_OBJECT_LATENCY_P50,
		  times_percentile(&times, 0.5));
	say_value(errand->port, device, NODE_TEST_OBJECT_LATENCY_P90,
		  times_percentile(&times, 0.9));
	say_value(errand->port, device, NODE_TEST_OBJECT_LATENCY_P99,
		  times_percentile(&times, 0.99));
}

/* Sends all of one kind and says how it went; false when none succeeded. */
bool errand_does(struct errand *errand, const char *what, struct object_request *requests,
		 size_t count)
{
	int64_t from_ns = host_boot_ns(errand->task->store.here);
	double wall_s;

	errand->what = what;
	errand_send(errand, requests, count, errand->task->connections);
	wall_s = (double)(host_boot_ns(errand->task->store.here) - from_ns) / 1e9;
	errand_says_times(errand, requests, count, wall_s);
	return errand_says_errors(errand, requests, count) < count;
}

void requests_release(struct object_request *requests, size_t count)
{
	for (size_t i = 0; i < count; i++)
		object_release(&requests[i]);
}

static const char *small_key(const struct errand *errand, unsigned which)
{
	return arena_format(errand->arena, "%s/small-%05u", errand->task->prefix, which);
}

struct object_request *errand_small(const struct errand *errand, enum object_verb verb,
				    size_t count, size_t most)
{
	struct object_request *requests = ARENA_ARRAY(errand->arena, struct object_request, count);

	for (unsigned i = 0; i < count; i++)
		requests[i] = (struct object_request){
			.verb = verb,
			.key = small_key(errand, i),
			.most = most,
		};
	return requests;
}

/* Bytes of small object `which`, made anew. */
struct span errand_small_body(const struct errand *errand, unsigned which)
{
	size_t size = errand->task->small_bytes;
	unsigned char *bytes = arena_take(errand->arena, size);

	pattern_fill(which + 1, 0, bytes, size);
	return (struct span){ (const char *)bytes, size };
}

bool answer_is_pattern(const struct object_request *request, uint64_t seed, uint64_t offset,
		       size_t size)
{
	return request->answer.length == size &&
	       pattern_differs(seed, offset, (const unsigned char *)request->answer.at, size) == 0;
}

const char *errand_large_key(const struct errand *errand)
{
	return arena_format(errand->arena, "%s/large", errand->task->prefix);
}

static const char *list_query(const struct errand *errand, const char *token)
{
	const char *prefix = answer_quote(arena_format(errand->arena, "%s/", errand->task->prefix),
					  errand->arena);

	/* In the order of the names, as a signature needs it. */
	return arena_format(
		errand->arena, "%s%s%slist-type=2&prefix=%s", token ? "continuation-token=" : "",
		token ? answer_quote(token, errand->arena) : "", token ? "&" : "", prefix);
}

/* Calls `each` with every key under the prefix; returns how many there are, or -1 on an error. */
long errand_lists(const struct errand *errand, struct object_request *ret_last,
		  void (*each)(const struct errand *errand, const char *key, void *context),
		  void *context)
{
	const char *token = NULL;
	long count = 0;

	for (unsigned page = 0; page < LIST_PAGES; page++) {
		struct object_request request = {
			.verb = OBJECT_GET,
			.query = list_query(errand, token),
			.most = OBJECT_ANSWER_MAXIMUM,
		};
		struct span rest;
		const char *key;

		errand_send(errand, &request, 1, 1);
		rest = text_span(&request.answer);
		while (object_succeeded(&request) &&
		       answer_next(&rest, "Key", errand->arena, &key)) {
			count++;
			each(errand, key, context);
		}
		token = answer_first(text_span(&request.answer), "NextContinuationToken",
				     errand->arena);
		if (!object_succeeded(&request) || !token) {
			*ret_last = request;
			return object_succeeded(&request) ? count : -1;
		}
		object_release(&request);
	}
	*ret_last = (struct object_request){ .verb = OBJECT_GET };
	return count;
}

void errand_passes(const struct errand *errand, const char *key, void *context)
{
	(void)errand;
	(void)key;
	(void)context;
}
