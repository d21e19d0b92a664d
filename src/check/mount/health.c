#include <string.h>

#include "check/tally.h"

/* Below these shares of space programs begin to fail in ways that hide the cause. */
static const double space_warn = 0.05, space_fail = 0.01;

static bool has_option(const char *options, const char *name)
{
	struct span rest = span_of(options), one;

	while (span_cut(&rest, ',', &one))
		if (span_is(one, name))
			return true;
	return false;
}

/* Types that are read-only by nature below a mount that is not. */
static bool is_image(const char *type)
{
	static const char *const types[] = { "overlay", "squashfs", "erofs", "iso9660", "udf" };

	for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

/* True when it answers; else what it does instead has been said. */
static bool answers(struct tally *tally, const char *device)
{
	static const char *const refusals[] = { "Permission denied", "Operation not permitted" };
	const struct record *one = machine_find(tally->machine, NODE_MOUNT_ANSWERS, device);
	struct finding *finding;

	if (!one || one->says != SAYS_STATE) {
		tally_say(tally, VERDICT_UNKNOWN, device, one,
			  "whether the file system answers is not known: %s",
			  machine_why_unknown(tally->machine, NODE_MOUNT_ANSWERS, device));
		return false;
	}
	if (strcmp(one->text, "ok") == 0)
		return true;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcmp(refusals[i], one->text) == 0) {
			tally_say(tally, VERDICT_UNKNOWN, device, one,
				  "the file system does not let this user look: %s", one->text);
			return false;
		}
	if (strcmp(one->text, "stalled") == 0)
		finding = tally_say(tally, VERDICT_FAIL, device, one,
				    "the file system does not answer: whoever touches it hangs");
	else
		finding = tally_say(tally, VERDICT_FAIL, device, one,
				    "the file system says '%.80s', an answer expected", one->text);
	finding->bar = "an answer to statvfs() in time";
	finding->action = "drain; look at the file server and the way to it; unmount or reboot";
	return false;
}

/* A file system that met an error goes read-only below a mount that still says rw. */
static void judge_mode(struct tally *tally, const char *device, const struct machine *golden)
{
	const struct record *mode = tally_need(tally, NODE_MOUNT_MODE, device);
	const struct record *options = machine_find(tally->machine, NODE_MOUNT_OPTIONS, device);
	const char *type = machine_state(tally->machine, NODE_MOUNT_TYPE, device);
	struct finding *finding;
	bool was_writable, is_torn;

	if (!mode || strcmp(mode->text, "ro") != 0)
		return;
	was_writable = golden && machine_state_is(golden, NODE_MOUNT_MODE, device, "rw");
	is_torn = !is_image(type) && options && options->says == SAYS_TEXT &&
		  has_option(options->text, "rw") && has_option(options->text, "ro");
	if (!was_writable && !is_torn)
		return;
	finding = tally_say(tally, VERDICT_FAIL, device, mode, "read-only, rw expected%s",
			    was_writable ? "" : ": the mount asks for it, the file system refuses");
	finding->bar = was_writable ? "the golden node" : "the options of the mount";
	finding->action =
		"drain; find the error in the kernel log; check the file system; mount it "
		"again";
	finding_rests_on(finding, options);
}

/* Where programs write without asking. */
static bool is_of_system(const char *device)
{
	static const char *const paths[] = { "mount:/", "mount:/tmp", "mount:/var",
					     "mount:/var/tmp", "mount:/var/log" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (strcmp(paths[i], device) == 0)
			return true;
	return false;
}

static void judge_space(struct tally *tally, const char *device)
{
	const struct record *size, *left;
	struct finding *finding;
	double share;

	if (!is_of_system(device))
		return;
	size = tally_need(tally, NODE_MOUNT_SIZE, device);
	left = tally_need(tally, NODE_MOUNT_AVAILABLE, device);
	if (!size || !left || size->value <= 0.0)
		return;
	share = left->value / size->value;
	if (share >= space_warn)
		return;
	finding = tally_say(tally, share < space_fail ? VERDICT_FAIL : VERDICT_WARN, device, left,
			    "%.1f %% of %.1f GB are free, at least %.0f %% expected", 100.0 * share,
			    size->value / 1e9, 100.0 * space_warn);
	finding->bar = "5 %, and 1 % below which it fails";
	finding->action = "clean up; find what fills it";
	finding_rests_on(finding, size);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_MOUNT_TYPE, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		size_t before = found->count;
		bool answered;

		if (!device) {
			(void)tally_need(&tally, NODE_MOUNT_TYPE, NULL);
			continue;
		}
		answered = answers(&tally, device);
		/* What the kernel says of its mode holds though nobody asked the file system. */
		if (answered || machine_state(seen->machine, NODE_MOUNT_MODE, device))
			judge_mode(&tally, device, seen->golden);
		if (!answered)
			continue;
		judge_space(&tally, device);
		if (found->count == before)
			tally_well(&tally, machine_find(seen->machine, NODE_MOUNT_ANSWERS, device));
	}
	tally_pass(&tally, "%zu mounted file system%s answer and can be written as they should",
		   tally.well, plural(tally.well));
}

CHECK(mount_health) = {
	.title = "Mounted file systems answer, take writes and have space",
	.since = "0.1",
	.needs = "node.mount.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.required = true,
	.judge = judge,
};
