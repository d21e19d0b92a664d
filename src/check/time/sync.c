#include <string.h>

#include "check/tally.h"

static const char *const services[] = { "service:chrony", "service:timesyncd", "service:ntpd" };

enum {
	SERVICES = sizeof(services) / sizeof(services[0]),
};

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);
	const struct record *rest = NULL;
	struct finding *finding;
	struct tally tally;
	size_t known = 0;

	tally_start(&tally, seen, found);
	for (size_t i = 0; i < SERVICES; i++) {
		const struct record *one = machine_find(machine, NODE_SERVICE, services[i]);

		if (!one || one->says != SAYS_STATE)
			continue;
		known++;
		rest = one;
		if (strcmp(one->text, "running") == 0) {
			tally_say(&tally, VERDICT_PASS, NULL, one, "%s keeps the clock",
				  services[i] + strlen("service:"));
			return;
		}
	}
	if (container && strcmp(container, "none") != 0) {
		tally_say(&tally, VERDICT_NOT_APPLICABLE, NULL, NULL,
			  "a container does not show what keeps the clock of its node");
		return;
	}
	if (known < SERVICES) {
		for (size_t i = 0; i < SERVICES; i++)
			(void)tally_need(&tally, NODE_SERVICE, services[i]);
		return;
	}
	finding = tally_say(&tally, VERDICT_WARN, NULL, rest,
			    "none of chrony, systemd-timesyncd and ntpd is running, one expected");
	finding->bar = "one service that keeps the clock";
	finding->action = "run chrony against the provider's time servers";
}

CHECK(time_sync) = {
	.title = "A service keeps the clock right",
	.since = "0.1",
	.needs = "node.service",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
