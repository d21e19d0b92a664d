#include "check/setting.h"
#include "check/software.h"

static const struct item services[] = {
	{ NODE_SERVICE, "service:sssd" },
	{ NODE_SERVICE, "service:nslcd" },
	{ NODE_SERVICE, "service:winbind" },
};

static const struct item *find_running(const struct machine *machine)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (machine_state_is(machine, NODE_SERVICE, services[i].device, "running"))
			return &services[i];
	return NULL;
}

/* A word of PAM alone, or a service alone, signs nobody in. */
static void judge(const struct check_input *seen, struct findings *found)
{
	static const char words[] = "setting:pam:identity";
	const struct machine *machine = seen->machine;
	const char *value = setting_value(machine, words);
	enum presence is_set = item_presence(machine, (struct item){ NODE_SETTING, words });
	const struct item *service = find_running(machine);
	struct finding *finding;

	if (value && service)
		finding =
			finding_rests_on(findings_add(found, VERDICT_PASS, NULL,
						      "%s runs and PAM uses %.60s: users come from "
						      "outside",
						      item_name(*service), value),
					 machine_find(machine, NODE_SERVICE, service->device));
	else if (setting_has_word(value, "krb5") || setting_has_word(value, "oidc"))
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "PAM uses %.60s: users come from outside", value);
	else if (value)
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "PAM uses %.60s, but no service that it asks is seen to run",
				       value);
	else if (is_set == PRESENCE_ABSENT)
		finding =
			findings_add(found, VERDICT_WARN, NULL,
				     "no identity provider in PAM: accounts are of this node alone "
				     "(SSH certificates are not looked for)");
	else
		finding = item_unknown(found, machine, NODE_SETTING, words);
	if (finding->verdict == VERDICT_WARN)
		finding->action = "connect SSSD, or the like, to the renter's identity provider";
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, words));
}

CHECK(external_identity) = {
	.title = "Users sign in with the renter's own identity provider",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "access.externalIdp.detected",
	.judge = judge,
};
