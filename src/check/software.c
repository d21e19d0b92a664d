#include "check/software.h"

#include <string.h>

enum presence item_presence(const struct machine *machine, struct item item)
{
	const char *state = machine_state(machine, item.measure, item.device);

	/* No file may tell the version of a program that is there. */
	if (!state && item.measure == NODE_SOFTWARE &&
	    (machine_state(machine, NODE_SOFTWARE_PATH, item.device) ||
	     machine_state(machine, NODE_SOFTWARE_PACKAGE, item.device)))
		return PRESENCE_PRESENT;
	if (!state)
		return PRESENCE_UNKNOWN;
	return strcmp(state, "absent") == 0 || strcmp(state, "unset") == 0 ? PRESENCE_ABSENT
									   : PRESENCE_PRESENT;
}

const char *software_version(const struct machine *machine, const char *device)
{
	const char *state = machine_state(machine, NODE_SOFTWARE, device);

	return state && strcmp(state, "absent") != 0 ? state : NULL;
}

const char *item_name(struct item item)
{
	const char *colon = strchr(item.device, ':');

	return colon ? colon + 1 : item.device;
}

struct finding *item_unknown(struct findings *found, const struct machine *machine,
			     enum measure measure, const char *device)
{
	struct finding *finding = findings_add(found, VERDICT_UNKNOWN, NULL, "%s is not known: %s",
					       item_name((struct item){ measure, device }),
					       machine_why_unknown(machine, measure, device));

	return finding_rests_on(finding, machine_find(machine, measure, device));
}

struct roll roll_call(const struct machine *machine, const struct item *items, size_t count,
		      struct arena *arena)
{
	struct roll roll = { .names = { "", "", "" } };
	unsigned records = 0;

	for (size_t i = 0; i < count; i++) {
		enum presence presence = item_presence(machine, items[i]);
		const struct record *record =
			machine_find(machine, items[i].measure, items[i].device);
		const char *before = roll.names[presence];

		roll.count[presence]++;
		roll.names[presence] = arena_format(arena, "%s%s%s", before, *before ? ", " : "",
						    item_name(items[i]));
		if (presence == PRESENCE_UNKNOWN && !roll.reason)
			roll.reason =
				machine_why_unknown(machine, items[i].measure, items[i].device);
		if (record && records < sizeof(roll.records) / sizeof(roll.records[0]))
			roll.records[records++] = record;
	}
	return roll;
}

struct finding *finding_rests_on_roll(struct finding *finding, const struct roll *roll)
{
	for (size_t i = 0; i < sizeof(roll->records) / sizeof(roll->records[0]); i++)
		finding_rests_on(finding, roll->records[i]);
	return finding;
}

void demand_all(const struct check_input *seen, const struct demand *demand, struct findings *found)
{
	struct roll roll = roll_call(seen->machine, demand->items, demand->count, found->arena);
	unsigned absent = roll.count[PRESENCE_ABSENT];
	struct finding *finding;

	if (absent <= demand->tolerated && roll.count[PRESENCE_UNKNOWN] > 0)
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL, "whether there is %s is not known: %s%s%s",
			roll.names[PRESENCE_UNKNOWN], roll.reason,
			absent > 0 ? "; not there: " : "", roll.names[PRESENCE_ABSENT]);
	else if (absent == 0)
		finding = findings_add(found, VERDICT_PASS, NULL, "there are %s",
				       roll.names[PRESENCE_PRESENT]);
	else
		finding = findings_add(
			found, absent <= demand->tolerated ? VERDICT_WARN : demand->lacking, NULL,
			"not there: %s; there: %s", roll.names[PRESENCE_ABSENT],
			roll.count[PRESENCE_PRESENT] > 0 ? roll.names[PRESENCE_PRESENT]
							 : "nothing else of what is expected");
	if (absent > 0)
		finding->action = demand->action;
	finding_rests_on_roll(finding, &roll);
}

bool items_apply(const struct machine *machine, const struct item *items, size_t count,
		 const char *what, struct findings *found)
{
	struct roll roll = roll_call(machine, items, count, found->arena);

	if (roll.count[PRESENCE_PRESENT] > 0)
		return true;
	if (roll.count[PRESENCE_UNKNOWN] > 0)
		finding_rests_on_roll(findings_add(found, VERDICT_UNKNOWN, NULL,
						   "whether there is %s on this node is not "
						   "known (%s): %s",
						   what, roll.names[PRESENCE_UNKNOWN], roll.reason),
				      &roll);
	else
		finding_rests_on_roll(findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
						   "no %s on this node", what),
				      &roll);
	return false;
}

bool slurm_applies(const struct machine *machine, struct findings *found)
{
	static const struct item items[] = {
		{ NODE_SOFTWARE, "software:slurm" },
		{ NODE_SERVICE, "service:slurmd" },
		{ NODE_SERVICE, "service:slurmctld" },
	};

	return items_apply(machine, items, sizeof(items) / sizeof(items[0]), "Slurm", found);
}

bool kubernetes_applies(const struct machine *machine, struct findings *found)
{
	static const struct item items[] = {
		{ NODE_SOFTWARE, "software:kubelet" },
		{ NODE_SERVICE, "service:kubelet" },
	};

	return items_apply(machine, items, sizeof(items) / sizeof(items[0]), "kubelet", found);
}

enum presence other_runtime(const struct machine *machine, const char *but)
{
	static const struct item items[] = {
		{ NODE_SOFTWARE, "software:docker" },     { NODE_SOFTWARE, "software:podman" },
		{ NODE_SOFTWARE, "software:containerd" }, { NODE_SOFTWARE, "software:crio" },
		{ NODE_SOFTWARE, "software:enroot" },     { NODE_SOFTWARE, "software:apptainer" },
	};
	enum presence best = PRESENCE_ABSENT;

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		enum presence presence = item_presence(machine, items[i]);

		if (strcmp(items[i].device, but) == 0)
			continue;
		if (presence == PRESENCE_PRESENT)
			return PRESENCE_PRESENT;
		if (presence == PRESENCE_UNKNOWN)
			best = PRESENCE_UNKNOWN;
	}
	return best;
}

void judge_runtime(const struct check_input *seen, struct item item, const char *action,
		   struct findings *found)
{
	const struct record *record = machine_find(seen->machine, item.measure, item.device);
	enum presence presence = item_presence(seen->machine, item);
	struct finding *finding;

	if (presence == PRESENCE_UNKNOWN) {
		item_unknown(found, seen->machine, item.measure, item.device);
		return;
	}
	if (presence == PRESENCE_PRESENT) {
		const char *version = software_version(seen->machine, item.device);

		finding_rests_on(findings_add(found, VERDICT_PASS, NULL, "%s %.60s is installed",
					      item_name(item),
					      version ? version : "of unknown version"),
				 record);
		return;
	}
	presence = other_runtime(seen->machine, item.device);
	finding = findings_add(found, presence == PRESENCE_ABSENT ? VERDICT_FAIL : VERDICT_WARN,
			       NULL, "%s is not installed, %s", item_name(item),
			       presence == PRESENCE_PRESENT  ? "another program starts containers"
			       : presence == PRESENCE_ABSENT ? "and nothing else starts containers"
							     : "whether something else starts "
							       "containers is not known");
	finding->action = action;
	finding_rests_on(finding, record);
}
