#include <string.h>

#include "check/tally.h"

/* Seeds of virtual machines and the like are smaller, drives for data are not. */
static const double least_bytes = 64e9;

static bool is_drive(const struct machine *machine, const char *device)
{
	double size;

	/* One whose size is not known may be one. */
	return !machine_value(machine, NODE_DISK_SIZE, device, &size) || size >= least_bytes;
}

static void judge_drive(struct tally *tally, const char *device, size_t *ret_single)
{
	const struct record *use = tally_need(tally, NODE_DISK_USE, device);
	struct finding *finding;
	double size = 0.0;

	if (!use)
		return;
	(void)machine_value(tally->machine, NODE_DISK_SIZE, device, &size);
	if (strcmp(use->text, "unused") != 0) {
		*ret_single += strcmp(use->text, "mounted") == 0;
		tally_well(tally, use);
		return;
	}
	finding = tally_say(tally, VERDICT_WARN, device, use,
			    "a drive of %.2f TB lies idle; mounted, or part of an array or volume "
			    "expected",
			    size / 1e12);
	finding->bar = "all drives that are paid for are in use";
	finding->action = "make one file system of the local drives and mount it at the start";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0, drives = 0, single = 0;

	tally_start(&tally, seen, found);
	if (machine_find(seen->machine, NODE_DISK_SIZE, NULL))
		(void)tally_need(&tally, NODE_DISK_SIZE, NULL);
	while ((one = machine_next(seen->machine, NODE_DISK_SIZE, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || !is_drive(seen->machine, device))
			continue;
		drives++;
		judge_drive(&tally, device, &single);
	}
	if (drives == 0 && found->count == tally.before)
		tally_say(&tally, VERDICT_NOT_APPLICABLE, NULL, NULL,
			  "no local drive of 64 GB or more");
	tally_pass(&tally, "%zu local drive%s in use, %zu of them mounted one by one", tally.well,
		   plural(tally.well), single);
}

CHECK(local_drives) = {
	.title = "No local drive lies idle",
	.since = "0.1",
	.needs = "node.disk.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
