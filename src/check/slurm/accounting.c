#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char device[] = "setting:slurm:AccountingStorageType";
	static const struct elsewhere elsewhere = {
		"setting:attest:slurm-accounting",
		"accounting_storage/slurmdbd is set; whether jobs are listed with their use shows "
		"only "
		"by asking it",
		"as a user: sacct -X --starttime now-1days --format JobID,User,State,AllocTRES",
	};
	const struct machine *machine = seen->machine;
	const char *value = setting_value(machine, device);
	struct finding *finding;

	if (!slurm_applies(machine, found))
		return;
	if (value && strcmp(value, "accounting_storage/slurmdbd") == 0) {
		finding = elsewhere_add(machine, &elsewhere, found);
	} else if (value && strcmp(value, "accounting_storage/none") != 0) {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "AccountingStorageType is %.60s, which is not known here",
				       value);
	} else if (value || item_presence(machine, (struct item){ NODE_SETTING, device }) ==
				    PRESENCE_ABSENT) {
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "AccountingStorageType is %s: no job is remembered",
				       value ? value : "not set");
		finding->action = "set accounting_storage/slurmdbd and run slurmdbd";
	} else {
		finding = item_unknown(found, machine, NODE_SETTING, device);
	}
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, device));
}

CHECK(slurm_accounting) = {
	.title = "Slurm accounting works",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "slurm.accounting.sacctAvailable",
	.judge = judge,
};
