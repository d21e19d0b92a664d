#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/object_errand.h"
#include "active/pattern.h"
#include "host/system.h"
#include "probe/vendor_say.h"

static void say_rate(const struct errand *errand, const char *what, double bytes, int64_t from_ns)
{
	double seconds = (double)(host_boot_ns(errand->task->store.here) - from_ns) / 1e9;

	if (seconds > 0)
		say_value(errand->port,
			  errand_device(errand, arena_format(errand->arena, "%s.c%u", what,
							     errand->task->connections)),
			  NODE_TEST_OBJECT_BANDWIDTH, bytes / seconds);
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
		.key = errand_large_key(errand),
		.query = "uploads=",
		.body = SPAN(""),
		.most = OBJECT_ANSWER_MAXIMUM,
	};
	const char *upload;

	errand_send(errand, &request, 1, 1);
	upload = answer_first(text_span(&request.answer), "UploadId", errand->arena);
	if (object_succeeded(&request) && !upload)
		(void)snprintf(request.error, OBJECT_WORDS, "the answer has no UploadId");
	if (!object_succeeded(&request))
		(void)errand_says_errors(errand, &request, 1);
	object_release(&request);
	return upload ? answer_quote(upload, errand->arena) : NULL;
}

static bool end_upload(struct errand *errand, const char *upload,
		       const struct object_request *parts)
{
	struct object_request request = {
		.verb = OBJECT_POST,
		.key = errand_large_key(errand),
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
	errand_send(errand, &request, 1, 1);
	/* An error may come with status 200, once the store has begun to join the parts. */
	good = object_succeeded(&request) &&
	       !answer_first(text_span(&request.answer), "Code", errand->arena);
	if (!good) {
		request.status = object_succeeded(&request) ? 500 : request.status;
		(void)errand_says_errors(errand, &request, 1);
	}
	object_release(&request);
	return good;
}

static bool write_large(struct errand *errand, const unsigned char *bytes)
{
	const struct object_task *task = errand->task;
	struct object_request *parts =
		errand_small(errand, OBJECT_PUT, task->parts, OBJECT_ANSWER_MAXIMUM);
	int64_t from_ns = host_boot_ns(task->store.here);
	const char *upload;
	bool good;

	errand->what = "write";
	upload = begin_upload(errand);
	if (!upload)
		return false;
	for (unsigned i = 0; i < task->parts; i++) {
		parts[i].key = errand_large_key(errand);
		parts[i].query =
			arena_format(errand->arena, "partNumber=%u&uploadId=%s", i + 1, upload);
		parts[i].is_unsigned = strncmp(task->store.base, "https:", 6) == 0;
		parts[i].body = (struct span){ (const char *)bytes + i * task->part_bytes,
					       task->part_bytes };
	}
	errand_send(errand, parts, task->parts, task->connections);
	good = errand_says_errors(errand, parts, task->parts) == 0 &&
	       end_upload(errand, upload, parts);
	if (good)
		say_rate(errand, "write", (double)task->parts * (double)task->part_bytes, from_ns);
	requests_release(parts, task->parts);
	return good;
}

static void read_large(struct errand *errand)
{
	const struct object_task *task = errand->task;
	struct object_request *ranges =
		errand_small(errand, OBJECT_GET, task->parts, task->part_bytes);
	int64_t from_ns = host_boot_ns(task->store.here);
	unsigned corrupt = 0;

	errand->what = "read";
	for (unsigned i = 0; i < task->parts; i++) {
		size_t at = i * task->part_bytes;

		ranges[i].key = errand_large_key(errand);
		ranges[i].range =
			arena_format(errand->arena, "%zu-%zu", at, at + task->part_bytes - 1);
	}
	errand_send(errand, ranges, task->parts, task->connections);
	if (errand_says_errors(errand, ranges, task->parts) == 0)
		say_rate(errand, "read", (double)task->parts * (double)task->part_bytes, from_ns);
	for (unsigned i = 0; i < task->parts; i++)
		corrupt +=
			object_succeeded(&ranges[i]) &&
			!answer_is_pattern(&ranges[i], 0, i * task->part_bytes, task->part_bytes);
	errand->corrupt += corrupt > 0;
	requests_release(ranges, task->parts);
}

void errand_tests_large(struct errand *errand)
{
	unsigned char *bytes = make_large(errand->task);

	if (write_large(errand, bytes))
		read_large(errand);
	free(bytes);
}
