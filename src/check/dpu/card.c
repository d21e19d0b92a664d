#include "check/dpu/card.h"

#include <string.h>

/* Device ids of the PCI ID repository: network functions and management functions of BlueField 1
 * to 3. */
static const char *const networks[] = { "15b3:a2d2", "15b3:a2d3", "15b3:a2d6", "15b3:a2dc" };
static const char *const managements[] = { "15b3:c2d2", "15b3:c2d3", "15b3:c2d4", "15b3:c2d5" };

static const struct record *find_id(const struct machine *machine, const char *const *ids,
				    size_t count)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_PCI_ID, &at)))
		for (size_t i = 0; i < count; i++)
			if (one->says == SAYS_STATE && strcmp(one->text, ids[i]) == 0)
				return one;
	return NULL;
}

const struct record *dpu_find_management(const struct machine *machine)
{
	return find_id(machine, managements, sizeof(managements) / sizeof(managements[0]));
}

enum presence dpu_presence(const struct machine *machine, const struct record **ret_record)
{
	const struct record *one;
	size_t at = 0;

	*ret_record = find_id(machine, networks, sizeof(networks) / sizeof(networks[0]));
	if (!*ret_record)
		*ret_record = dpu_find_management(machine);
	if (*ret_record)
		return PRESENCE_PRESENT;
	if (machine->by[NODE_PCI_ID].count == 0)
		return PRESENCE_UNKNOWN;
	while ((one = machine_next(machine, NODE_PCI_ID, &at)))
		if (one->says != SAYS_STATE)
			return PRESENCE_UNKNOWN;
	return PRESENCE_ABSENT;
}

bool dpu_applies(const struct machine *machine, struct findings *found)
{
	const struct record *record;
	enum presence presence = dpu_presence(machine, &record);

	if (presence == PRESENCE_ABSENT)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "no DPU on the PCI bus")
			->observed = machine->observed;
	else if (presence == PRESENCE_UNKNOWN)
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "whether the node has a DPU is not known: the PCI bus was not read")
			->observed = machine->observed;
	return presence == PRESENCE_PRESENT;
}
