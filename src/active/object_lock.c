#include <string.h>

#include "active/object_errand.h"
#include "evidence/digest.h"
#include "probe/vendor_say.h"

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

void errand_tries_lock(struct errand *errand)
{
	struct object_request put = lock_request(errand, errand_small_body(errand, 0));
	struct object_request remove = {
		.verb = OBJECT_DELETE,
		.key = put.key,
		.most = OBJECT_ANSWER_MAXIMUM,
	};
	const char *state = "absent";

	errand->what = "lock";
	errand_send(errand, &put, 1, 1);
	if (object_succeeded(&put) && put.version[0] != '\0') {
		remove.query = arena_format(errand->arena, "versionId=%s",
					    answer_quote(put.version, errand->arena));
		errand_send(errand, &remove, 1, 1);
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
		errand_send(errand, &remove, 1, 1);
	}
	if (put.status == 0)
		say_unknown(errand->port, errand_device(errand, "lock"), NODE_TEST_OBJECT_LOCK,
			    "%s", errand_error(errand, &put));
	else
		say_state(errand->port, errand_device(errand, "lock"), NODE_TEST_OBJECT_LOCK,
			  state);
	object_release(&put);
	object_release(&remove);
}
