#include "check/storage/folder.h"

static const char *const kinds[] = { "lock.posix", "lock.open", "lock.flock" };

/* What failed in the words of the test: the lock itself, or what was done while it was held. */
static bool is_of_the_lock(const char *error)
{
	struct span words = span_of(error);

	return span_starts(words, "locking") || span_starts(words, "unlocking") ||
	       span_starts(words, "opening the file to lock");
}

static void judge_errors(struct tally *tally, const char *what, const char *mark,
			 const struct record *errors)
{
	const char *device = errors->subject.parts[SUBJECT_DEVICE];
	const char *error = folder_error(tally, what, mark);
	struct finding *finding;

	if (!is_of_the_lock(error)) {
		finding = tally_say(tally, VERDICT_UNKNOWN, device, errors,
				    "could not be tried to the end: %.120s", error);
		finding->action = "look into the kernel log and ask for the server's";
		return;
	}
	finding = tally_say(tally, VERDICT_WARN, device, errors, "the lock is refused: %.120s",
			    error);
	finding->bar = "every kind of lock works";
	finding->action = "mount with locks that reach the server (NFS: without nolock; "
			  "Lustre: with flock)";
}

/* One kind of lock in one folder. */
static void judge_kind(struct tally *tally, const char *what, const char *mark)
{
	const char *device = folder_device(tally, what, mark);
	const struct record *broken =
		machine_find(tally->machine, NODE_TEST_STORAGE_VIOLATIONS, device);
	const struct record *errors =
		machine_find(tally->machine, NODE_TEST_STORAGE_ERRORS, device);
	struct finding *finding;
	double rounds = 0;

	(void)folder_value(tally, NODE_TEST_STORAGE_ROUNDS, what, mark, &rounds);
	if (broken && broken->says == SAYS_VALUE && broken->value > 0) {
		finding = tally_say(tally, VERDICT_FAIL, device, broken,
				    "two held the same exclusive lock %.0f times of %.0f",
				    broken->value, rounds);
		finding->bar = "never";
		finding->action = "run nothing there that trusts locks: databases, package caches, "
				  "Hugging Face downloads";
	} else if (errors && errors->says == SAYS_VALUE && errors->value > 0) {
		judge_errors(tally, what, mark, errors);
	} else if (tally_need(tally, NODE_TEST_STORAGE_VIOLATIONS, device)) {
		tally_well(tally, broken);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const char *mark;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((mark = folder_next(&tally, &at)))
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			judge_kind(&tally, kinds[i], mark);
	tally_pass(&tally, "no two processes held one lock, of %zu kinds of locks and folders",
		   tally.well);
}

CHECK(file_locks) = {
	.title = "File locks exclude",
	.since = "0.1",
	.needs = "node.test.storage.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
