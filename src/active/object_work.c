#include "active/object_work.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/object_answer.h"
#include "active/storage_promise.h"
#include "active/storage_times.h"
#include "evidence/digest.h"
#include "host/system.h"
#include "probe/vendor_say.h"

enum {
	OBJECT_WINDOWS = 15,
	LIST_PAGES = 200, /* of a thousand names: more than a run ever writes */
	ERROR_SIZE = 160,
};

/* One run of the child. */
struct errand {
	const struct object_task *task;
	struct worker_port *port;
	struct arena *arena;
	const char *what; /* that is being done */
	uint64_t corrupt;
};

static const char *device_of(const struct errand *errand, const char *what)
{
	return arena_format(errand->arena, "object:%s:%s", what, errand->task->store.mark);
}

/* The requests have limits of their own; what the parent watches is that this goes on at all. */
static void pulse(void *context)
{
	const struct errand *errand = context;

	worker_calls(errand->port, "%.20s at %.60s", errand->what, errand->task->store.mark);
}

static void send(const struct errand *errand, struct object_request *requests, size_t count,
		 unsigned connections)
{
	if (object_send(&errand->task->store, requests, count, connections, pulse,
			(void *)(uintptr_t)errand))
		return;
	for (size_t i = 0; i < count; i++)
		if (requests[i].status == 0 && requests[i].error[0] == '\0')
			(void)snprintf(requests[i].error, OBJECT_WORDS, "libcurl cannot be used");
}

/* "503 SlowDown", or what the library says. */
static const char *error_of(const struct errand *errand, const struct object_request *request)
{
	const char *code = answer_first(text_span(&request->answer), "Code", errand->arena);

	if (request->error[0] != '\0')
		return arena_format(errand->arena, "%s", request->error);
	return arena_format(errand->arena, "status %ld%s%.80s", request->status, code ? " " : "",
			    code ? code : "");
}

/* How many failed; the first is said. */
static unsigned say_errors(const struct errand *errand, const struct object_request *requests,
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
	say_value(errand->port, device_of(errand, errand->what), NODE_TEST_OBJECT_ERRORS, errors);
	if (first)
		say_text(errand->port, device_of(errand, errand->what), NODE_TEST_OBJECT_ERROR,
			 "%.*s", ERROR_SIZE, error_of(errand, first));
	return errors;
}

static void say_times(const struct errand *errand, const struct object_request *requests,
		      size_t count, double wall_s)
{
	const char *device = device_of(errand, errand->what);
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
static bool do_all(struct errand *errand, const char *what, struct object_request *requests,
		   size_t count)
{
	int64_t from_ns = host_boot_ns(errand->task->store.here);
	double wall_s;

	errand->what = what;
	send(errand, requests, count, errand->task->connections);
	wall_s = (double)(host_boot_ns(errand->task->store.here) - from_ns) / 1e9;
	say_times(errand, requests, count, wall_s);
	return say_errors(errand, requests, count) < count;
}

static void release_all(struct object_request *requests, size_t count)
{
	for (size_t i = 0; i < count; i++)
		object_release(&requests[i]);
}

static const char *small_key(const struct errand *errand, unsigned which)
{
	return arena_format(errand->arena, "%s/small-%05u", errand->task->prefix, which);
}

static struct object_request *make_requests(const struct errand *errand, enum object_verb verb,
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
static struct span small_body(const struct errand *errand, unsigned which)
{
	size_t size = errand->task->small_bytes;
	unsigned char *bytes = arena_take(errand->arena, size);

	pattern_fill(which + 1, 0, bytes, size);
	return (struct span){ (const char *)bytes, size };
}

static bool is_pattern(const struct object_request *request, uint64_t seed, uint64_t offset,
		       size_t size)
{
	return request->answer.length == size &&
	       pattern_differs(seed, offset, (const unsigned char *)request->answer.at, size) == 0;
}

static bool put_small(struct errand *errand)
{
	size_t count = errand->task->small;
	struct object_request *requests =
		make_requests(errand, OBJECT_PUT, count, OBJECT_ANSWER_MAXIMUM);
	bool good;

	for (unsigned i = 0; i < count; i++)
		requests[i].body = small_body(errand, i);
	good = do_all(errand, "put", requests, count);
	release_all(requests, count);
	return good;
}

static void get_small(struct errand *errand)
{
	const struct object_task *task = errand->task;
	size_t most = task->small_bytes > OBJECT_ANSWER_MAXIMUM ? task->small_bytes
								: OBJECT_ANSWER_MAXIMUM;
	struct object_request *requests = make_requests(errand, OBJECT_GET, task->small, most);

	(void)do_all(errand, "get", requests, task->small);
	for (unsigned i = 0; i < task->small; i++)
		if (object_succeeded(&requests[i]) &&
		    !is_pattern(&requests[i], i + 1, 0, task->small_bytes))
			errand->corrupt++;
	release_all(requests, task->small);
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
static long list_keys(const struct errand *errand, struct object_request *ret_last,
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

		send(errand, &request, 1, 1);
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

static void pass_over(const struct errand *errand, const char *key, void *context)
{
	(void)errand;
	(void)key;
	(void)context;
}

/* Lists several times: one request says nothing of a tail. */
static void list_small(struct errand *errand)
{
	enum { TIMES = 10 };
	struct object_request requests[TIMES];

	errand->what = "list";
	for (unsigned i = 0; i < TIMES; i++) {
		long count = list_keys(errand, &requests[i], pass_over, NULL);

		if (count >= 0 && count < errand->task->small && requests[i].error[0] == '\0')
			(void)snprintf(requests[i].error, OBJECT_WORDS,
				       "%ld of %u objects are listed", count, errand->task->small);
	}
	say_times(errand, requests, TIMES, 0);
	(void)say_errors(errand, requests, TIMES);
	release_all(requests, TIMES);
}

static void delete_small(struct errand *errand)
{
	struct object_request *requests =
		make_requests(errand, OBJECT_DELETE, errand->task->small, OBJECT_ANSWER_MAXIMUM);

	(void)do_all(errand, "delete", requests, errand->task->small);
	release_all(requests, errand->task->small);
}

static void say_rate(const struct errand *errand, const char *what, double bytes, int64_t from_ns)
{
	double seconds = (double)(host_boot_ns(errand->task->store.here) - from_ns) / 1e9;

	if (seconds > 0)
		say_value(errand->port,
			  device_of(errand, arena_format(errand->arena, "%s.c%u", what,
							 errand->task->connections)),
			  NODE_TEST_OBJECT_BANDWIDTH, bytes / seconds);
}

static const char *large_key(const struct errand *errand)
{
	return arena_format(errand->arena, "%s/large", errand->task->prefix);
}

/* Bytes of the large object, all of them at once: parts are pieces of it. */
static unsigned char *make_large(const struct object_task *task)
{
	size_t size = task->parts * task->part_bytes;
	unsigned char *bytes = malloc(size);

	if (!bytes)
		memory_exhausted(size);
	pattern_fill(0, 0, bytes, size);
	return bytes;
}

static const char *begin_upload(struct errand *errand)
{
	struct object_request request = {
		.verb = OBJECT_POST,
		.key = large_key(errand),
		.query = "uploads=",
		.body = SPAN(""),
		.most = OBJECT_ANSWER_MAXIMUM,
	};
	const char *upload;

	send(errand, &request, 1, 1);
	upload = answer_first(text_span(&request.answer), "UploadId", errand->arena);
	if (object_succeeded(&request) && !upload)
		(void)snprintf(request.error, OBJECT_WORDS, "the answer has no UploadId");
	if (!object_succeeded(&request))
		(void)say_errors(errand, &request, 1);
	object_release(&request);
	return upload ? answer_quote(upload, errand->arena) : NULL;
}

static bool end_upload(struct errand *errand, const char *upload,
		       const struct object_request *parts)
{
	struct object_request request = {
		.verb = OBJECT_POST,
		.key = large_key(errand),
		.query = arena_format(errand->arena, "uploadId=%s", upload),
		.most = OBJECT_ANSWER_MAXIMUM,
	};
	bool good;

	SCOPED_TEXT(list);
	text_add(&list, "<CompleteMultipartUpload>");
	for (unsigned i = 0; i < errand->task->parts; i++)
		text_format(&list, "<Part><PartNumber>%u</PartNumber><ETag>%s</ETag></Part>", i + 1,
			    parts[i].tag);
	text_add(&list, "</CompleteMultipartUpload>");
	request.body = text_span(&list);
	send(errand, &request, 1, 1);
	/* An error may come with status 200, once the store has begun to join the parts. */
	good = object_succeeded(&request) &&
	       !answer_first(text_span(&request.answer), "Code", errand->arena);
	if (!good) {
		request.status = object_succeeded(&request) ? 500 : request.status;
		(void)say_errors(errand, &request, 1);
	}
	object_release(&request);
	return good;
}

static bool write_large(struct errand *errand, const unsigned char *bytes)
{
	const struct object_task *task = errand->task;
	struct object_request *parts =
		make_requests(errand, OBJECT_PUT, task->parts, OBJECT_ANSWER_MAXIMUM);
	int64_t from_ns = host_boot_ns(task->store.here);
	const char *upload;
	bool good;

	errand->what = "write";
	upload = begin_upload(errand);
	if (!upload)
		return false;
	for (unsigned i = 0; i < task->parts; i++) {
		parts[i].key = large_key(errand);
		parts[i].query =
			arena_format(errand->arena, "partNumber=%u&uploadId=%s", i + 1, upload);
		parts[i].is_unsigned = strncmp(task->store.base, "https:", 6) == 0;
		parts[i].body = (struct span){ (const char *)bytes + i * task->part_bytes,
					       task->part_bytes };
	}
	send(errand, parts, task->parts, task->connections);
	good = say_errors(errand, parts, task->parts) == 0 && end_upload(errand, upload, parts);
	if (good)
		say_rate(errand, "write", (double)task->parts * (double)task->part_bytes, from_ns);
	release_all(parts, task->parts);
	return good;
}

static void read_large(struct errand *errand)
{
	const struct object_task *task = errand->task;
	struct object_request *ranges =
		make_requests(errand, OBJECT_GET, task->parts, task->part_bytes);
	int64_t from_ns = host_boot_ns(task->store.here);
	unsigned corrupt = 0;

	errand->what = "read";
	for (unsigned i = 0; i < task->parts; i++) {
		size_t at = i * task->part_bytes;

		ranges[i].key = large_key(errand);
		ranges[i].range =
			arena_format(errand->arena, "%zu-%zu", at, at + task->part_bytes - 1);
	}
	send(errand, ranges, task->parts, task->connections);
	if (say_errors(errand, ranges, task->parts) == 0)
		say_rate(errand, "read", (double)task->parts * (double)task->part_bytes, from_ns);
	for (unsigned i = 0; i < task->parts; i++)
		corrupt += object_succeeded(&ranges[i]) &&
			   !is_pattern(&ranges[i], 0, i * task->part_bytes, task->part_bytes);
	errand->corrupt += corrupt > 0;
	release_all(ranges, task->parts);
}

static struct object_request lock_request(const struct errand *errand, struct span body)
{
	char sum[DIGEST_BASE64_SIZE];

	/* A store asks for a checksum of an object that it is to lock. */
	digest_base64(body, sum);
	return (struct object_request){
		.verb = OBJECT_PUT,
		.key = arena_format(errand->arena, "%s/locked", errand->task->prefix),
		.body = body,
		.headers = { "x-amz-object-lock-mode: GOVERNANCE",
			     arena_format(errand->arena, "x-amz-object-lock-retain-until-date: %s",
					  errand->task->lock_until),
			     arena_format(errand->arena, "x-amz-checksum-sha256: %s", sum) },
		.most = OBJECT_ANSWER_MAXIMUM,
	};
}

/* Locks an object for a moment and deletes that version of it all the same. */
static void try_lock(struct errand *errand)
{
	struct object_request put = lock_request(errand, small_body(errand, 0));
	struct object_request remove = {
		.verb = OBJECT_DELETE,
		.key = put.key,
		.most = OBJECT_ANSWER_MAXIMUM,
	};
	const char *state = "absent";

	errand->what = "lock";
	send(errand, &put, 1, 1);
	if (object_succeeded(&put) && put.version[0] != '\0') {
		remove.query = arena_format(errand->arena, "versionId=%s",
					    answer_quote(put.version, errand->arena));
		send(errand, &remove, 1, 1);
		state = object_succeeded(&remove) ? "ignored" : "holds";
	}
	/* Governance lets the owner remove what it has locked: nothing is left for long. */
	if (strcmp(state, "holds") == 0) {
		object_release(&remove);
		remove = (struct object_request){
			.verb = OBJECT_DELETE,
			.key = put.key,
			.query = remove.query,
			.headers = { "x-amz-bypass-governance-retention: true" },
			.most = OBJECT_ANSWER_MAXIMUM,
		};
		send(errand, &remove, 1, 1);
	}
	if (put.status == 0)
		say_unknown(errand->port, device_of(errand, "lock"), NODE_TEST_OBJECT_LOCK, "%s",
			    error_of(errand, &put));
	else
		say_state(errand->port, device_of(errand, "lock"), NODE_TEST_OBJECT_LOCK, state);
	object_release(&put);
	object_release(&remove);
}

/* Puts, reads and removes a handful of objects; how many requests succeeded. */
static size_t mix_once(const struct errand *errand, size_t count)
{
	static const enum object_verb verbs[] = { OBJECT_PUT, OBJECT_GET, OBJECT_DELETE };
	size_t good = 0;

	SCOPED_ARENA(arena);
	struct errand own = *errand;
	own.arena = &arena;
	for (size_t v = 0; v < sizeof(verbs) / sizeof(verbs[0]); v++) {
		struct object_request *requests =
			make_requests(&own, verbs[v], count, OBJECT_ANSWER_MAXIMUM);

		for (unsigned i = 0; i < count && verbs[v] == OBJECT_PUT; i++)
			requests[i].body = small_body(&own, i);
		send(&own, requests, count, own.task->connections);
		for (size_t i = 0; i < count; i++)
			good += object_succeeded(&requests[i]);
		release_all(requests, count);
	}
	return good;
}

/* A lasting load in parts, of which the first fifth is compared with the last. */
static void last_long(struct errand *errand)
{
	const struct object_task *task = errand->task;
	double first = 0, last = 0;

	errand->what = "mixed";
	for (unsigned i = 0; i < OBJECT_WINDOWS; i++) {
		int64_t from_ns = host_boot_ns(task->store.here), now_ns = from_ns;
		size_t good = 0;

		while (now_ns - from_ns < task->window_ns) {
			good += mix_once(errand, task->connections);
			now_ns = host_boot_ns(task->store.here);
		}
		if (i < OBJECT_WINDOWS / 5)
			first += (double)good / (double)(now_ns - from_ns);
		else if (i >= OBJECT_WINDOWS - OBJECT_WINDOWS / 5)
			last += (double)good / (double)(now_ns - from_ns);
	}
	if (first > 0)
		say_value(errand->port, device_of(errand, "mixed"), NODE_TEST_OBJECT_FALL,
			  last < first ? 100 * (1 - last / first) : 0);
	else
		say_unknown(errand->port, device_of(errand, "mixed"), NODE_TEST_OBJECT_FALL,
			    "no request succeeded in the first part");
}

static void test(struct errand *errand)
{
	unsigned char *bytes;

	if (!put_small(errand))
		return;
	get_small(errand);
	list_small(errand);
	delete_small(errand);
	bytes = make_large(errand->task);
	if (write_large(errand, bytes))
		read_large(errand);
	free(bytes);
	if (errand->task->window_ns > 0)
		last_long(errand);
	if (errand->task->may_lock)
		try_lock(errand);
	say_value(errand->port, device_of(errand, "all"), NODE_TEST_OBJECT_CORRUPT,
		  (double)errand->corrupt);
}

/* Never anything but what this run has made: the store may answer with names that nobody asked for.
 */
static void remove_key(const struct errand *errand, const char *key, void *context)
{
	size_t length = strlen(errand->task->prefix);
	struct object_request request = {
		.verb = OBJECT_DELETE,
		.most = OBJECT_ANSWER_MAXIMUM,
	};

	(void)context;
	if (strncmp(key, errand->task->prefix, length) != 0 || key[length] != '/')
		return;
	request.key = arena_format(errand->arena, "%s/%s", errand->task->prefix,
				   answer_quote(key + length + 1, errand->arena));
	send(errand, &request, 1, 1);
	object_release(&request);
}

static void abort_uploads(const struct errand *errand)
{
	struct object_request request = {
		.verb = OBJECT_GET,
		.query =
			arena_format(errand->arena, "prefix=%s%%2F&uploads=", errand->task->prefix),
		.most = OBJECT_ANSWER_MAXIMUM,
	};
	struct span rest;
	const char *upload;

	send(errand, &request, 1, 1);
	rest = text_span(&request.answer);
	while (object_succeeded(&request) &&
	       answer_next(&rest, "UploadId", errand->arena, &upload)) {
		struct object_request abort = {
			.verb = OBJECT_DELETE,
			.key = large_key(errand),
			.query = arena_format(errand->arena, "uploadId=%s",
					      answer_quote(upload, errand->arena)),
			.most = OBJECT_ANSWER_MAXIMUM,
		};

		send(errand, &abort, 1, 1);
		object_release(&abort);
	}
	object_release(&request);
}

static void clean(struct errand *errand)
{
	struct object_request last;
	long left = LONG_MAX, before;

	errand->what = "clean";
	abort_uploads(errand);
	/* What is removed while it is listed may hide what follows; what cannot be removed stays.
	 */
	do {
		before = left;
		left = list_keys(errand, &last, remove_key, NULL);
		object_release(&last);
	} while (left > 0 && left < before);
	left = list_keys(errand, &last, pass_over, NULL);
	if (left >= 0)
		say_value(errand->port, device_of(errand, "all"), NODE_TEST_OBJECT_LEFT,
			  (double)left);
	else
		say_unknown(errand->port, device_of(errand, "all"), NODE_TEST_OBJECT_LEFT, "%s",
			    error_of(errand, &last));
	object_release(&last);
}

void object_work(struct worker_port *port, const char *request, void **state, const void *context)
{
	SCOPED_ARENA(arena);
	struct errand errand = { .task = context, .port = port, .arena = &arena, .what = "start" };

	(void)state;
	if (strcmp(request, "clean") == 0)
		clean(&errand);
	else
		test(&errand);
}
