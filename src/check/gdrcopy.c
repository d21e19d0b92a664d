#include <string.h>

#include "check/tally.h"

static const char gdrcopy_action[] = "install GDRCopy; load gdrdrv at the start";

/* Others may read and write "device 0666 0". */
static bool is_open_to_all(const char *mode)
{
	return strlen(mode) >= 11 && strncmp(mode, "device 0", 8) == 0 &&
	       (mode[10] == '6' || mode[10] == '7');
}

static void judge_device(struct tally *tally, const struct record *module)
{
	static const char device[] = "file:/dev/gdrdrv";
	const struct record *file = tally_need(tally, NODE_FILE_MODE, device);
	struct finding *finding;

	if (!file)
		return;
	if (is_open_to_all(file->text)) {
		finding =
			tally_say(tally, VERDICT_PASS, NULL, module,
				  "gdrdrv is loaded, and /dev/gdrdrv is open to all users (%.30s)",
				  file->text);
	} else if (strcmp(file->text, "absent") == 0) {
		finding = tally_say(tally, VERDICT_FAIL, NULL, module,
				    "gdrdrv is loaded, and /dev/gdrdrv is not there");
		finding->action = "make the device at the start, as GDRCopy's own service does";
	} else {
		finding = tally_say(tally, VERDICT_WARN, NULL, module,
				    "gdrdrv is loaded, and not every user may use /dev/gdrdrv "
				    "(%.30s); device 0666 expected",
				    file->text);
		finding->action = "give the device the mode 0666, as GDRCopy's own service does";
	}
	finding_rests_on(finding, file);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const char *library = machine_state(seen->machine, NODE_SOFTWARE, "software:gdrcopy");
	struct finding *finding;
	const struct record *module;
	struct tally tally;

	tally_start(&tally, seen, found);
	module = tally_need(&tally, NODE_MODULE, "module:gdrdrv");
	if (!module)
		return;
	if (strcmp(module->text, "absent") != 0) {
		judge_device(&tally, module);
		return;
	}
	finding = tally_say(&tally, VERDICT_WARN, NULL, module, "gdrdrv is not loaded%s",
			    !library                         ? ""
			    : strcmp(library, "absent") == 0 ? ", nor is GDRCopy's library there"
							     : "; GDRCopy's library is there");
	finding->bar = "module and library: small messages are slower without";
	finding->action = gdrcopy_action;
}

CHECK(gdrcopy) = {
	.title = "GDRCopy is loaded and open to users",
	.since = "0.1",
	.needs = "node.module",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_NVIDIA,
	.cmax = "gpus.gdrcopy.installed",
	.judge = judge,
};
