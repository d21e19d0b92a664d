#include <string.h>

#include "check/storage/folder.h"

/* The fastest drives sold state about 5 microseconds for a write of 4 KiB (Intel Optane P5800X:
 * below 6 us), and a network adds more: an fsync below that has reached no medium. */
static const double too_fast_s = 5e-6;

/* A promise that was tried so often and seen broken so often. */
static void judge_promise(struct tally *tally, const char *what, const char *promise,
			  const char *mark)
{
	const char *device = folder_device(tally, what, mark);
	const struct record *broken =
		machine_find(tally->machine, NODE_TEST_STORAGE_VIOLATIONS, device);
	const struct record *failed =
		machine_find(tally->machine, NODE_TEST_STORAGE_ERRORS, device);
	struct finding *finding;
	double rounds = 0;

	(void)folder_value(tally, NODE_TEST_STORAGE_ROUNDS, what, mark, &rounds);
	if (broken && broken->says == SAYS_VALUE && broken->value > 0) {
		finding =
			tally_say(tally, VERDICT_FAIL, device, broken,
				  "%s: broken %.0f times of %.0f", promise, broken->value, rounds);
		finding->bar = "never (POSIX rename and O_APPEND)";
		finding->action =
			"keep checkpoints and logs that several processes write elsewhere";
	} else if (failed && failed->says == SAYS_VALUE && failed->value > 0) {
		/* Where each one failed there is nothing that could have been broken. */
		finding = tally_say(tally, VERDICT_WARN, device, failed,
				    "%.0f operations failed, none expected: %.120s", failed->value,
				    folder_error(tally, what, mark));
		finding->bar = "no operation fails";
		finding->action = "look into the kernel log and ask for the server's";
	} else if (tally_need(tally, NODE_TEST_STORAGE_VIOLATIONS, device)) {
		tally_well(tally, broken);
	}
}

static bool is_memory(const struct tally *tally, const char *mark)
{
	const char *type = machine_state(tally->machine, NODE_TEST_STORAGE_TYPE,
					 folder_device(tally, "type", mark));

	return type && (strcmp(type, "tmpfs") == 0 || strcmp(type, "ramfs") == 0);
}

static void judge_fsync(struct tally *tally, const char *mark)
{
	const char *device = folder_device(tally, "fsync", mark);
	const struct record *time;
	struct finding *finding;
	double errors = 0;

	(void)folder_value(tally, NODE_TEST_STORAGE_ERRORS, "fsync", mark, &errors);
	if (errors > 0) {
		finding = tally_say(tally, VERDICT_FAIL, device,
				    machine_find(tally->machine, NODE_TEST_STORAGE_ERRORS, device),
				    "%.0f operations failed, none expected: %.120s", errors,
				    folder_error(tally, "fsync", mark));
		finding->bar = "what was written can be made safe";
		finding->action =
			"stop writing there: data is being lost; look into the kernel log";
		return;
	}
	time = tally_need(tally, NODE_TEST_STORAGE_LATENCY_P50, device);
	if (!time)
		return;
	if (time->value >= too_fast_s) {
		tally_well(tally, time);
		return;
	}
	finding = tally_say(tally, VERDICT_WARN, device, time,
			    is_memory(tally, mark)
				    ? "takes %.2f us: the file system lies in memory, and what is "
				      "written there is gone with the power"
				    : "takes %.2f us, which no medium can: it does not wait until "
				      "data is safe",
			    time->value * 1e6);
	finding->bar = "5 us: the fastest drives need about that for 4 KiB (Intel Optane P5800X)";
	finding->action = "write no checkpoint there that has to survive the loss of the node";
}

/* What hangs while files are removed is told there alone: the tests before were cut by their time.
 */
static void judge_cleanup(struct tally *tally, const char *mark)
{
	const char *error = folder_error(tally, "cleanup", mark);
	struct finding *finding;

	if (error[0] == '\0')
		return;
	finding = tally_say(tally, VERDICT_FAIL, folder_device(tally, "cleanup", mark), NULL,
			    "what the test wrote could not be removed: %.160s", error);
	finding->bar = "every file can be removed";
	finding->action =
		"look into the kernel log; the next test removes it, once the mount answers";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const char *mark;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((mark = folder_next(&tally, &at))) {
		judge_promise(&tally, "rename", "a file that is replaced is there and whole", mark);
		judge_promise(&tally, "append", "what is appended stays whole", mark);
		judge_fsync(&tally, mark);
		judge_cleanup(&tally, mark);
	}
	tally_pass(&tally, "renames are whole, appends too, and fsync takes its time");
}

CHECK(storage_honesty) = {
	.title = "The file system keeps what its calls promise",
	.since = "0.1",
	.needs = "node.test.storage.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
