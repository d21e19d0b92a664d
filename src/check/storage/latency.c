#include "check/storage/folder.h"

/* Published for one service: 312 ms past the page cache and 9.2 s through it, sequential reads of
 * many clients, 99th percentile (ClusterMAX 3.0 on AWS FSx, as read on 2026-09-25). The first is
 * what a busy system does; the second stalls every step of a synchronous job. */
static const double good_s = 0.312;
static const double bad_s = 9.2;

static const struct record *worse(const struct record *a, const struct record *b)
{
	if (!a || !b)
		return a ? a : b;
	return a->value >= b->value ? a : b;
}

static void judge_folder(struct tally *tally, const char *mark)
{
	const struct record *direct = folder_most(tally, NODE_TEST_STORAGE_LATENCY_P99,
						  "sequential-read", "direct", mark, NULL);
	const struct record *buffered = folder_most(tally, NODE_TEST_STORAGE_LATENCY_P99,
						    "sequential-read", "buffered", mark, NULL);
	const struct record *slow = worse(direct, buffered);
	struct finding *finding;

	if (!slow) {
		tally_say(tally, VERDICT_UNKNOWN, folder_device(tally, "sequential-read", mark),
			  NULL, "no latency was measured: %s", folder_error(tally, "folder", mark));
		return;
	}
	if (slow->value <= good_s) {
		tally_well(tally, slow);
		return;
	}
	finding = tally_say(
		tally, slow->value >= bad_s ? VERDICT_FAIL : VERDICT_WARN,
		slow->subject.parts[SUBJECT_DEVICE], slow,
		"one of a hundred reads takes longer than %.0f ms, at most %.0f ms expected",
		slow->value * 1e3, good_s * 1e3);
	finding->bar = "312 ms; 9200 ms stalls a synchronous job (published for one service, "
		       "ClusterMAX 3.0)";
	finding->action =
		"ask the provider about load of others and about read-ahead of the client";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const char *mark;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((mark = folder_next(&tally, &at)))
		judge_folder(&tally, mark);
	tally_pass(&tally, "99 of a hundred sequential reads end within %.0f ms in %zu folder%s",
		   good_s * 1e3, tally.well, plural(tally.well));
}

CHECK(storage_latency) = {
	.title = "Slow reads are rare and not very slow",
	.since = "0.1",
	.needs = "node.test.storage.latency",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
