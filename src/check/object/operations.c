#include "check/object/store.h"

static const char *const operations[] = { "put", "get", "list", "delete", "write", "read" };

static void judge_errors(struct tally *tally, const char *what, const char *store)
{
	const struct record *errors = object_find(tally, NODE_TEST_OBJECT_ERRORS, what, store);
	const struct record *error = object_find(tally, NODE_TEST_OBJECT_ERROR, what, store);
	bool has_worked = object_find(tally, NODE_TEST_OBJECT_LATENCY_P50, what, store) ||
			  object_find(tally, NODE_TEST_OBJECT_BANDWIDTH, what, store);
	struct finding *finding;

	if (!errors || errors->value <= 0)
		return;
	finding = tally_say(tally, has_worked ? VERDICT_WARN : VERDICT_FAIL,
			    errors->subject.parts[SUBJECT_DEVICE], errors,
			    "%.0f requests failed, none expected%s%.160s", errors->value,
			    error ? ": " : "", error ? error->text : "");
	finding->bar = "no request fails";
	finding->action = "look at credentials and rights first, then ask the provider";
}

static double or_zero(const struct record *record)
{
	return record ? record->value : 0;
}

static void judge_store(struct tally *tally, const struct record *put, const char *store)
{
	const struct record *get = object_find(tally, NODE_TEST_OBJECT_LATENCY_P99, "get", store);
	size_t before = tally->found->count;
	struct finding *finding;

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		judge_errors(tally, operations[i], store);
	if (tally->found->count > before)
		return;
	finding = tally_say(
		tally, VERDICT_UNKNOWN, put->subject.parts[SUBJECT_DEVICE], put,
		"%.0f small objects written a second, a read takes %.1f ms in the middle and %.1f "
		"ms "
		"at 99 %%: no published figure to compare with",
		or_zero(object_find(tally, NODE_TEST_OBJECT_RATE, "put", store)),
		1e3 * or_zero(object_find(tally, NODE_TEST_OBJECT_LATENCY_P50, "get", store)),
		1e3 * or_zero(get));
	finding->action = "compare with what the provider states or with other nodes";
	(void)finding_rests_on(finding, get);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_TEST_OBJECT_ERRORS, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *store = store_of(device, "put");

		if (store && one->says == SAYS_UNKNOWN)
			(void)tally_need(&tally, NODE_TEST_OBJECT_ERRORS, device);
		else if (store)
			judge_store(&tally, one, store);
	}
}

CHECK(object_operations) = {
	.title = "The object store answers every request, quickly",
	.since = "0.1",
	.needs = "node.test.object.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
