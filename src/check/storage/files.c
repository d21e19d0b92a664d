#include "check/storage/folder.h"

/* An import of PyTorch loads about two thousand modules; 8 s and 20 s are what slow file systems
 * were published with (ClusterMAX 2.0 and 3.0, as read on 2026-09-25): 4 ms and 10 ms a module. */
static const double slow_module_s = 0.004;
static const double bad_module_s = 0.010;
/* Ranks that wait for longer than this to make their folder are seen at the start of a job; ours.
 */
static const double long_wait_s = 1;

static const char *const operations[] = { "create", "stat", "read", "list", "delete" };
static const unsigned crowds[] = { 128, 32 };

static void judge_operations(struct tally *tally, const char *mark)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		const char *device = folder_device(tally, operations[i], mark);
		const struct record *errors =
			machine_find(tally->machine, NODE_TEST_STORAGE_ERRORS, device);
		struct finding *finding;

		if (!errors || errors->says != SAYS_VALUE || errors->value <= 0)
			continue;
		finding = tally_say(tally, VERDICT_FAIL, device, errors,
				    "%.0f operations failed, none expected: %.120s", errors->value,
				    folder_error(tally, operations[i], mark));
		finding->bar = "no operation on a small file fails";
		finding->action = "look into the kernel log and ask for the server's";
	}
}

static void judge_crowd(struct tally *tally, const char *mark)
{
	const struct record *errors = NULL;
	const char *what = "", *device = "";
	struct finding *finding;
	double wait_s = 0;

	for (size_t i = 0; i < sizeof(crowds) / sizeof(crowds[0]) && !errors; i++) {
		what = arena_format(tally->found->arena, "make-one.c%u", crowds[i]);
		device = folder_device(tally, what, mark);
		errors = machine_find(tally->machine, NODE_TEST_STORAGE_ERRORS, device);
	}
	if (!errors || errors->says != SAYS_VALUE) {
		tally_say(tally, VERDICT_UNKNOWN, device, errors,
			  "many processes that make one folder were not tried");
		return;
	}
	(void)folder_value(tally, NODE_TEST_STORAGE_LATENCY_P99, what, mark, &wait_s);
	if (errors->value > 0) {
		finding = tally_say(tally, VERDICT_FAIL, device, errors,
				    "%.0f errors when many processes make one folder, none "
				    "expected: %.120s",
				    errors->value, folder_error(tally, what, mark));
		finding->bar = "every rank of a job begins by making the same folder";
		finding->action =
			"ask for the metadata servers' state; start jobs with one rank first";
	} else if (wait_s > long_wait_s) {
		finding =
			tally_say(tally, VERDICT_WARN, device, errors,
				  "some wait %.1f s when many processes make one folder, %.0f s at "
				  "most expected",
				  wait_s, long_wait_s);
		finding->bar = "1 s: longer is seen at the start of a job (ours)";
		finding->action = "ask for the metadata servers' load";
	} else {
		tally_well(tally, errors);
	}
}

/* Cold counts; a warm walk that is too slow is enough to say that the cold one is. */
static void judge_walk(struct tally *tally, const char *mark)
{
	const char *cold_device = folder_device(tally, "walk.cold", mark);
	const struct record *cold =
		machine_find(tally->machine, NODE_TEST_STORAGE_WALK, cold_device);
	const struct record *warm = machine_find(tally->machine, NODE_TEST_STORAGE_WALK,
						 folder_device(tally, "walk.warm", mark));
	const struct record *walk = cold && cold->says == SAYS_VALUE ? cold : warm;
	struct finding *finding;
	double files = 0, module_s;

	if (!walk || walk->says != SAYS_VALUE ||
	    !folder_value(tally, NODE_TEST_STORAGE_FILES, "walk", mark, &files) || files < 2) {
		tally_say(tally, VERDICT_UNKNOWN, cold_device, walk, "no walk was measured: %.160s",
			  folder_error(tally, "walk", mark));
		return;
	}
	module_s = walk->value / (files / 2);
	if (module_s > slow_module_s) {
		finding = tally_say(tally, module_s > bad_module_s ? VERDICT_FAIL : VERDICT_WARN,
				    walk->subject.parts[SUBJECT_DEVICE], walk,
				    "%.1f ms a module, %.0f ms at most expected: an import of "
				    "PyTorch waits for seconds",
				    module_s * 1e3, slow_module_s * 1e3);
		finding->bar =
			"4 ms; 10 ms fails (8 s and 20 s for an import of about 2000 modules, "
			"ClusterMAX 2.0 and 3.0)";
		finding->action = "keep environments on local drives or in images";
	} else if (walk == cold) {
		tally_well(tally, walk);
	} else {
		tally_say(tally, VERDICT_UNKNOWN, cold_device, walk,
			  "warm it takes %.2f ms a module; cold it was not measured: %s",
			  module_s * 1e3,
			  machine_why_unknown(tally->machine, NODE_TEST_STORAGE_WALK, cold_device));
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const char *mark;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((mark = folder_next(&tally, &at))) {
		judge_operations(&tally, mark);
		judge_crowd(&tally, mark);
		judge_walk(&tally, mark);
	}
	tally_pass(&tally, "no operation on small files failed, and walks are quick");
}

CHECK(storage_files) = {
	.title = "Many small files are served quickly and without errors",
	.since = "0.1",
	.needs = "node.test.storage.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
