#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item sudo = { NODE_SOFTWARE, "software:sudo" };
	static const char rule[] = "setting:sudo:nopasswd";
	const struct machine *machine = seen->machine;
	const char *value = setting_value(machine, rule);
	struct finding *finding;

	if (setting_has_word(value, "ALL"))
		finding = findings_add(
			found, VERDICT_WARN, NULL,
			"sudo asks no password of anybody (%.80s): each account is root", value);
	else if (value)
		finding = findings_add(
			found, VERDICT_PASS, NULL,
			"sudo is granted without a password to %.80s; whoever gets hold "
			"of such an account is root",
			value);
	else if (item_presence(machine, sudo) == PRESENCE_PRESENT)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "sudo is installed; who may use it is not shown");
	else if (item_presence(machine, sudo) == PRESENCE_ABSENT)
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"sudo is not installed: where the renter signs in as root, none "
			"is needed; that is not shown");
	else
		finding = item_unknown(found, machine, sudo.measure, sudo.device);
	if (finding->verdict != VERDICT_PASS)
		finding->action = value ? "name the users that need it instead of all"
					: "as the renter: id, and sudo -l";
	finding_rests_on(finding, machine_find(machine, sudo.measure, sudo.device));
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, rule));
}

CHECK(sudo_available) = {
	.title = "The renter has root rights on the node",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "access.sudoAvailable",
	.judge = judge,
};
