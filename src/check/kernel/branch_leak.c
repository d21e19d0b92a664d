#include "check/check.h"

#include <string.h>

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char device[] = "vulnerability:vmscape";
	const struct machine *machine = seen->machine;
	const char *word = machine_state(machine, NODE_CPU_VULNERABILITY, device);
	struct finding *finding;

	if (!word) {
		findings_add_unknown(found, machine, NODE_CPU_VULNERABILITY, device)->about = NULL;
		return;
	}
	/* The words are those of the kernel's Documentation/admin-guide/hw-vuln. */
	if (strncmp(word, "Not affected", 12) == 0 || strncmp(word, "Mitigation:", 11) == 0)
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "the kernel says of VMSCAPE: %.120s", word);
	else if (strncmp(word, "Vulnerable", 10) == 0)
		finding = findings_add(
			found, VERDICT_FAIL, NULL,
			"the kernel says of VMSCAPE: %.120s; not affected or mitigated "
			"expected",
			word);
	else
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"the kernel says of VMSCAPE '%.120s', which is not known here", word);
	if (finding->verdict == VERDICT_FAIL)
		finding->action =
			"start the kernel without vmscape=off or mitigations=off, or update it";
	finding_rests_on(finding, machine_find(machine, NODE_CPU_VULNERABILITY, device));
}

CHECK(kernel_branch_leak) = {
	.title = "The kernel guards the host against branch predictor leaks from guests",
	.since = "0.1",
	.needs = "node.cpu.vulnerability",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
