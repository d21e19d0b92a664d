#include "check/storage/folder.h"

static void judge_folder(struct tally *tally, const char *mark)
{
	const char *device = folder_device(tally, "checksum", mark);
	const struct record *corrupt =
		machine_find(tally->machine, NODE_TEST_STORAGE_CORRUPT, device);
	const struct record *errors =
		machine_find(tally->machine, NODE_TEST_STORAGE_ERRORS, device);
	struct finding *finding;

	if (corrupt && corrupt->says == SAYS_VALUE && corrupt->value > 0) {
		finding = tally_say(tally, VERDICT_FAIL, device, corrupt,
				    "%.0f bytes were read back other than they were written, none "
				    "expected",
				    corrupt->value);
		finding->bar = "none";
		finding->action = "move data away and verify copies; report it to the provider";
	} else if (errors && errors->says == SAYS_VALUE && errors->value > 0) {
		finding = tally_say(tally, VERDICT_FAIL, device, errors,
				    "data could not be written and read back: %.120s",
				    folder_error(tally, "checksum", mark));
		finding->bar = "no operation fails";
		finding->action = "look into the kernel log; report it to the provider";
	} else if (tally_need(tally, NODE_TEST_STORAGE_CORRUPT, device)) {
		tally_well(tally, corrupt);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const char *mark;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((mark = folder_next(&tally, &at)))
		judge_folder(&tally, mark);
	tally_pass(&tally, "all bytes were read back as they were written in %zu folder%s",
		   tally.well, plural(tally.well));
}

CHECK(data_intact) = {
	.title = "What is read is what was written",
	.since = "0.1",
	.needs = "node.test.storage.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
