#include <string.h>

#include "check/nccl/effective.h"
#include "check/tally.h"

/* "nccl-plugin:net:/opt/x/libnccl-net.so" */
static void parts_of(const char *device, struct span *ret_kind, struct span *ret_path)
{
	struct span rest = span_of(device), word;

	(void)span_cut(&rest, ':', &word);
	(void)span_cut(&rest, ':', ret_kind);
	*ret_path = rest;
}

static void judge_interfaces(struct tally *tally, const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	struct arena *arena = tally->found->arena;
	struct span kind_span, path;
	struct finding *finding;
	const char *kind;
	uint64_t has, takes;

	parts_of(device, &kind_span, &path);
	kind = arena_string(arena, kind_span);
	has = nccl_interface_of_plugin(record->text, kind);
	takes = nccl_interface_of_library(tally->machine, kind, arena);
	if (takes == 0) {
		finding = findings_add(tally->found, VERDICT_UNKNOWN, device,
				       "%.*s: which versions of the %s interface NCCL takes is not "
				       "known",
				       SPAN_ARGS(path), kind);
	} else if (has & takes) {
		finding = findings_add(tally->found, VERDICT_PASS, device,
				       "%.*s: NCCL takes version %u of its %s interface",
				       SPAN_ARGS(path), nccl_interface_newest(has & takes), kind);
	} else {
		finding = findings_add(
			tally->found, VERDICT_FAIL, device,
			"%.*s has %.100s: none that NCCL %s takes (%s up to v%u)", SPAN_ARGS(path),
			record->text,
			nccl_version_of(tally->machine) ? nccl_version_of(tally->machine) : "here",
			kind, nccl_interface_newest(takes));
		finding->action = "install the plug-in that was built for this NCCL";
	}
	finding_rests_on(finding, record);
	finding_rests_on(finding, machine_find(tally->machine, NODE_NCCL_INTERFACE,
					       arena_format(arena, "nccl-interface:%s", kind)));
}

static void judge_plugin(struct tally *tally, const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	struct span kind, path;
	struct finding *finding;

	parts_of(device, &kind, &path);
	if (record->says != SAYS_STATE) {
		findings_add_unknown(tally->found, tally->machine, NODE_NCCL_PLUGIN, device);
		return;
	}
	if (strcmp(record->text, "missing") != 0) {
		judge_interfaces(tally, record);
		return;
	}
	/* It may lie in a folder that is on the loader's path in a job only. */
	finding = findings_add(tally->found, VERDICT_WARN, device,
			       "the %.*s plug-in '%.*s' is named by a setting and not found: NCCL "
			       "goes on without it",
			       SPAN_ARGS(kind), SPAN_ARGS(path));
	finding->action = "install it, or mend the name; see NCCL_DEBUG=INFO in a job";
	finding_rests_on(finding, record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *library = machine_state(machine, NODE_NCCL_LIBRARY, NULL);
	const struct record *one;
	struct finding *finding;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(machine, NODE_NCCL_PLUGIN, &at)))
		if (one->subject.parts[SUBJECT_DEVICE])
			judge_plugin(&tally, one);
	if (found->count > tally.before)
		return;
	if (!library) {
		findings_add_unknown(found, machine, NODE_NCCL_LIBRARY, NULL);
		return;
	}
	finding = findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			       "no plug-in of NCCL is installed or named");
	finding_rests_on(finding, machine_find(machine, NODE_NCCL_LIBRARY, NULL));
}

CHECK(nccl_plugins) = {
	.title = "NCCL can load the plug-ins that are there",
	.since = "0.1",
	.needs = "node.nccl.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.judge = judge,
};
