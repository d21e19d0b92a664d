#include <string.h>

#include "check/tally.h"

/* The default partition with full membership; without the highest bit a limited member, which
 * reaches full members alone (InfiniBand Architecture Specification, volume 1, 10.9). */
static const char default_full[] = "0xffff";

static const char partition_action[] =
	"have the keys of the port set by the subnet manager as those of the other ports";

enum {
	PORTS_MAXIMUM = 256,
};

struct ports {
	const struct record *keys[PORTS_MAXIMUM]; /* of active ports of InfiniBand */
	size_t count, idle;
};

static bool has_key(const char *keys, const char *key)
{
	struct span rest = span_of(keys), one;

	while (span_cut(&rest, ',', &one))
		if (span_is(one, key))
			return true;
	return false;
}

/* A port that is down has the keys of nobody yet. */
static void gather(struct tally *tally, struct ports *ports)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_RDMA_LAYER, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *state;
		const struct record *keys;

		if (!device || one->says != SAYS_STATE || strcmp(one->text, "infiniband") != 0)
			continue;
		state = machine_state(tally->machine, NODE_RDMA_STATE, device);
		if (state && strcmp(state, "active") != 0) {
			ports->idle++;
			continue;
		}
		keys = tally_need(tally, NODE_RDMA_PARTITIONS, device);
		if (keys && ports->count < PORTS_MAXIMUM)
			ports->keys[ports->count++] = keys;
	}
}

/* The keys that most ports have; of equally many the first by name. */
static const char *usual_keys(const struct ports *ports)
{
	const char *usual = NULL;
	size_t best = 0;

	for (size_t i = 0; i < ports->count; i++) {
		size_t votes = 0;

		for (size_t k = 0; k < ports->count; k++)
			votes += strcmp(ports->keys[i]->text, ports->keys[k]->text) == 0;
		if (votes <= best)
			continue;
		best = votes;
		usual = ports->keys[i]->text;
	}
	return usual;
}

static bool agrees(struct tally *tally, const struct record *keys, const char *usual,
		   const struct machine *golden)
{
	const char *device = keys->subject.parts[SUBJECT_DEVICE];
	const char *was = golden ? machine_state(golden, NODE_RDMA_PARTITIONS, device) : NULL;
	struct finding *finding;

	if (strcmp(keys->text, was ? was : usual) == 0)
		return true;
	finding = tally_say(tally, VERDICT_FAIL, device, keys,
			    "partition keys %.80s, %.80s expected", keys->text, was ? was : usual);
	finding->bar = was ? "the golden node" : "the keys that most ports of the node have";
	finding->action = partition_action;
	return false;
}

/* What the keys say about who may talk to the node. */
static void judge_keys(struct tally *tally, const struct ports *ports, const char *keys)
{
	bool is_default = has_key(keys, default_full);
	struct finding *finding;

	if (strcmp(keys, "none") == 0) {
		finding = tally_say(tally, VERDICT_FAIL, NULL, ports->keys[0],
				    "no partition key on any port: the node can talk to nobody");
		finding->action = partition_action;
	} else if (is_default && strcmp(keys, default_full) == 0) {
		finding = tally_say(
			tally, VERDICT_UNKNOWN, NULL, ports->keys[0],
			"%zu port%s alike, full members of the default partition alone (%s): "
			"whether other tenants are in it cannot be told from here",
			ports->count, plural(ports->count), default_full);
		finding->bar = "a partition of the tenant's own";
		finding->action =
			"ask for a partition of your own, or for proof that the fabric is "
			"yours alone";
	} else if (is_default) {
		finding = tally_say(tally, VERDICT_WARN, NULL, ports->keys[0],
				    "partition keys %.80s: also full members of the default "
				    "partition, which reaches every endpoint",
				    keys);
		finding->bar = "a partition of the tenant's own, and at most limited membership in "
			       "the default one";
		finding->action = "ask for limited membership in the default partition";
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct ports ports = { .count = 0 };
	struct tally tally;
	const char *usual;

	tally_start(&tally, seen, found);
	gather(&tally, &ports);
	usual = usual_keys(&ports);
	if (!usual) {
		if (ports.idle > 0 && found->count == tally.before)
			tally_say(&tally, VERDICT_UNKNOWN, NULL, NULL,
				  "no port is active: it has no keys yet");
		return;
	}
	for (size_t i = 0; i < ports.count; i++)
		if (agrees(&tally, ports.keys[i], usual, seen->golden))
			tally_well(&tally, ports.keys[i]);
	judge_keys(&tally, &ports, usual);
	tally_pass(&tally, "%zu port%s with the same partition keys %.80s", ports.count,
		   plural(ports.count), usual);
}

CHECK(infiniband_partitions) = {
	.title = "InfiniBand ports are in the same partitions",
	.since = "0.1",
	.needs = "node.rdma.partitions",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_INFINIBAND,
	.judge = judge,
};
