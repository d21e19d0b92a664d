#include <string.h>

#include "check/object/store.h"

static void judge_lock(struct tally *tally, const char *store)
{
	const struct record *lock = object_find(tally, NODE_TEST_OBJECT_LOCK, "lock", store);
	struct finding *finding;

	if (!lock || strcmp(lock->text, "ignored") != 0)
		return;
	finding = tally_say(tally, VERDICT_FAIL, lock->subject.parts[SUBJECT_DEVICE], lock,
			    "a locked object was deleted; a delete that fails expected");
	finding->bar = "a lock that is granted holds";
	finding->action = "do not rely on object lock there";
}

static void judge_left(struct tally *tally, const char *store)
{
	const struct record *left = object_find(tally, NODE_TEST_OBJECT_LEFT, "all", store);
	struct finding *finding;

	if (!left || left->value <= 0)
		return;
	finding = tally_say(tally, VERDICT_WARN, left->subject.parts[SUBJECT_DEVICE], left,
			    "%.0f objects of this test could not be removed", left->value);
	finding->bar = "what is deleted is gone";
	finding->action = "remove what lies under the prefix assay-";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_TEST_OBJECT_CORRUPT, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *store = store_of(device, "all");
		struct finding *finding;

		if (!store || !tally_need(&tally, NODE_TEST_OBJECT_CORRUPT, device))
			continue;
		judge_lock(&tally, store);
		judge_left(&tally, store);
		if (one->value <= 0) {
			tally_well(&tally, one);
			continue;
		}
		finding =
			tally_say(&tally, VERDICT_FAIL, device, one,
				  "%.0f objects were read back other than they were written, none "
				  "expected",
				  one->value);
		finding->bar = "none";
		finding->action =
			"verify checksums of all that lies there; report it to the provider";
	}
	tally_pass(&tally, "all objects were read back as they were written");
}

CHECK(object_integrity) = {
	.title = "The object store gives back what it was given",
	.since = "0.1",
	.needs = "node.test.object.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
