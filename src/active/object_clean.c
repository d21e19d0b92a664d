#include <limits.h>
#include <string.h>

#include "active/object_errand.h"
#include "probe/vendor_say.h"

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
	errand_send(errand, &request, 1, 1);
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

	errand_send(errand, &request, 1, 1);
	rest = text_span(&request.answer);
	while (object_succeeded(&request) &&
	       answer_next(&rest, "UploadId", errand->arena, &upload)) {
		struct object_request abort = {
			.verb = OBJECT_DELETE,
			.key = errand_large_key(errand),
			.query = arena_format(errand->arena, "uploadId=%s",
					      answer_quote(upload, errand->arena)),
			.most = OBJECT_ANSWER_MAXIMUM,
		};

		errand_send(errand, &abort, 1, 1);
		object_release(&abort);
	}
	object_release(&request);
}

void errand_cleans(struct errand *errand)
{
	struct object_request last;
	long left = LONG_MAX, before;

	errand->what = "clean";
	abort_uploads(errand);
	/* What is removed while it is listed may hide what follows; what cannot be removed stays.
	 */
	do {
		before = left;
		left = errand_lists(errand, &last, remove_key, NULL);
		object_release(&last);
	} while (left > 0 && left < before);
	left = errand_lists(errand, &last, errand_passes, NULL);
	if (left >= 0)
		say_value(errand->port, errand_device(errand, "all"), NODE_TEST_OBJECT_LEFT,
			  (double)left);
	else
		say_unknown(errand->port, errand_device(errand, "all"), NODE_TEST_OBJECT_LEFT, "%s",
			    errand_error(errand, &last));
	object_release(&last);
}
