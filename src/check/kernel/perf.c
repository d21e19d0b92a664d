#include "check/setting.h"
#include "check/software.h"

static const char paranoid[] = "setting:sysctl:kernel.perf_event_paranoid";
static const char restricted[] = "setting:sysctl:kernel.kptr_restrict";

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *events = setting_value(machine, paranoid);
	const char *pointers = setting_value(machine, restricted);
	bool has_tool = item_presence(machine, (struct item){ NODE_SOFTWARE, "software:perf" }) ==
			PRESENCE_PRESENT;
	struct finding *finding;
	int64_t level, hiding;

	if (!events || !pointers) {
		item_unknown(found, machine, NODE_SETTING, events ? restricted : paranoid)->about =
			NULL;
		return;
	}
	if (!span_to_i64(span_of(events), &level) || !span_to_i64(span_of(pointers), &hiding))
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "perf_event_paranoid '%.40s' and kptr_restrict '%.40s' are no "
				     "numbers",
				     events, pointers);
	else
		/* Levels of the kernel's Documentation/admin-guide/sysctl/kernel.rst. */
		finding = findings_add(
			found, level <= 1 && hiding == 0 ? VERDICT_PASS : VERDICT_WARN, NULL,
			"perf_event_paranoid %lld (1 or lower is open), kptr_restrict "
			"%lld (0 is open)%s",
			(long long)level, (long long)hiding, has_tool ? ", perf is installed" : "");
	if (finding->verdict == VERDICT_WARN)
		finding->action =
			"sysctl kernel.perf_event_paranoid=1 kernel.kptr_restrict=0, where "
			"users are trusted with it";
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, paranoid));
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, restricted));
}

CHECK(kernel_perf) = {
	.title = "Users may profile the CPU and the kernel",
	.since = "0.1",
	.needs = "node.setting",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "software.perf.installed software.perf.perfEventParanoid "
		"software.perf.kptrRestrict",
	.judge = judge,
};
