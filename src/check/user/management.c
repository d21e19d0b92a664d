#include "check/setting.h"
#include "check/software.h"

/* The local tools prove nothing; a directory of users is a sign of one place for all nodes. */
static void judge(const struct check_input *seen, struct findings *found)
{
	static const char source[] = "setting:nsswitch:passwd";
	static const struct elsewhere directory = {
		"setting:attest:user-management",
		"users come from a directory; who may change it is not shown to a node",
		"as the renter: add a user in the console or with one command, and sign in on two "
		"nodes",
	};
	static const struct elsewhere files = {
		"setting:attest:user-management",
		"users come from the files of this node alone; whether one command writes them "
		"everywhere is not shown",
		"as the renter: add a user in the console or with one command, and sign in on two "
		"nodes",
	};
	const struct machine *machine = seen->machine;
	const char *value = setting_value(machine, source);
	bool is_directory = setting_has_word(value, "sss") || setting_has_word(value, "ldap") ||
			    setting_has_word(value, "winbind");
	struct finding *finding;

	if (!value) {
		(void)item_unknown(found, machine, NODE_SETTING, source);
		return;
	}
	finding = elsewhere_add(machine, is_directory ? &directory : &files, found);
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, source));
}

CHECK(user_management) = {
	.title = "Users and groups are added by the renter",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "access.userManagement",
	.judge = judge,
};
