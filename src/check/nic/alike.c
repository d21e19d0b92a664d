#include <math.h>
#include <string.h>

#include "check/gpu/majority.h"
#include "check/rdma/port.h"
#include "check/tally.h"

enum {
	ADAPTERS_MAXIMUM = 256,
};

/* Ports of one speed may carry the same rails. */
static const double same_gb_s = 0.5;

/* What has to be the same on all adapters of the back end. */
static const struct {
	enum measure measure;
	const char *what;
} facts[] = {
	{ NODE_RDMA_MODEL, "model" },
	{ NODE_RDMA_BOARD, "board" },
	{ NODE_RDMA_FIRMWARE, "firmware" },
};

struct adapters {
	const char *devices[ADAPTERS_MAXIMUM];
	bool is_odd[ADAPTERS_MAXIMUM];
	size_t count;
};

/* An adapter of another model counts as one of the back end when it is as fast as these. */
static bool is_candidate(const struct rdma_ports *ports, const struct rdma_port *port)
{
	return port->is_back_end ||
	       (ports->usual_gb_s > 0.0 && fabs(port->rate_gb_s - ports->usual_gb_s) < same_gb_s);
}

static void gather(const struct machine *machine, struct arena *arena, struct adapters *adapters)
{
	struct rdma_ports ports = rdma_ports_of(machine, arena);

	for (size_t i = 0; i < ports.count && adapters->count < ADAPTERS_MAXIMUM; i++) {
		bool is_new = is_candidate(&ports, &ports.items[i]);

		for (size_t k = 0; is_new && k < adapters->count; k++)
			is_new = strcmp(adapters->devices[k], ports.items[i].adapter) != 0;
		if (is_new)
			adapters->devices[adapters->count++] = ports.items[i].adapter;
	}
}

static void compare(struct tally *tally, struct adapters *adapters, size_t fact)
{
	const char *texts[ADAPTERS_MAXIMUM], *usual;
	struct finding *finding;
	size_t said;

	for (size_t i = 0; i < adapters->count; i++)
		texts[i] = machine_state(tally->machine, facts[fact].measure, adapters->devices[i]);
	usual = majority_of(texts, adapters->count, &said);
	if (said == 0)
		return;
	if (!usual) {
		finding = tally_say(tally, VERDICT_WARN, NULL, NULL,
				    "the adapters differ in %s, and none has a majority",
				    facts[fact].what);
		finding->about = measures[facts[fact].measure].name;
		finding->action = "make them alike";
		return;
	}
	for (size_t i = 0; i < adapters->count; i++) {
		if (texts[i] && strcmp(texts[i], usual) == 0)
			continue;
		adapters->is_odd[i] = true;
		if (!texts[i]) {
			(void)tally_need(tally, facts[fact].measure, adapters->devices[i]);
			continue;
		}
		finding = tally_say(
			tally, VERDICT_WARN, adapters->devices[i],
			machine_find(tally->machine, facts[fact].measure, adapters->devices[i]),
			"%s '%.60s', most others have '%.60s'", facts[fact].what, texts[i], usual);
		finding->bar = "what most adapters of the back end have";
		finding->action = "ask why another part is in this place, or flash it as the "
				  "others are";
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct adapters *adapters = ARENA_NEW(found->arena, struct adapters);
	struct tally tally;

	tally_start(&tally, seen, found);
	gather(seen->machine, found->arena, adapters);
	if (adapters->count == 1) {
		tally_say(&tally, VERDICT_NOT_APPLICABLE, NULL, NULL,
			  "one adapter has no neighbour to be like");
		return;
	}
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		compare(&tally, adapters, i);
	if (seen->machine->by[NODE_RDMA_FIRMWARE].count == 0)
		return;
	for (size_t i = 0; i < adapters->count; i++)
		if (!adapters->is_odd[i])
			tally_well(&tally, machine_find(seen->machine, NODE_RDMA_FIRMWARE,
							adapters->devices[i]));
	tally_pass(&tally, "%zu adapters of the back end: same model, board and firmware",
		   tally.well);
}

CHECK(nic_alike) = {
	.title = "All adapters of the back-end network are alike",
	.since = "0.1",
	.needs = "node.rdma.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_RDMA,
	.judge = judge,
};
