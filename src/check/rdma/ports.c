#include <string.h>

#include "check/rdma/port.h"
#include "check/tally.h"

/* A rate below the bar by no more than this is that of another encoding, and not of a lane. */
static const double rate_tolerance = 0.02;

static const double bits_per_gb = 1e9;

static const char port_action[] =
	"drain; look at cable, optics and the switch port; reset or replace the adapter";

struct expected {
	double port_gb_s;  /* of one port; 0: not known */
	double total_gb_s; /* of all together; 0: not known */
	double ports;      /* 0: not known */
	const char *source;
};

/* What the reference build of the model has. A virtual machine may have less by design. */
static struct expected expect(const struct machine *machine, struct arena *arena)
{
	const struct shape_row *shape = machine->shape;
	struct expected expected = { .source = "" };

	if (!shape || shape->rdma_ports == 0 || shape->rdma_bits_per_s <= 0.0 ||
	    !machine_state_is(machine, NODE_VIRTUAL, NULL, "none"))
		return expected;
	expected.ports = shape->rdma_ports;
	expected.port_gb_s = shape->rdma_bits_per_s / bits_per_gb;
	expected.total_gb_s = expected.ports * expected.port_gb_s;
	expected.source =
		arena_format(arena, "%.0f ports of %.0f Gb/s: shape.tsv %s (%.120s)",
			     expected.ports, expected.port_gb_s, shape->model, shape->source);
	return expected;
}

static const char *words_of_state(const struct rdma_port *port, struct arena *arena)
{
	return arena_format(arena, "%.40s, %.40s", port->state,
			    port->physical ? port->physical : "physical state not known");
}

/* Whether a port that is down is missed: most of its peers are up, or those that are up do not
 * reach what the node should have. */
static bool is_missed(const struct tally *tally, const struct rdma_ports *ports)
{
	struct expected expected = expect(tally->machine, tally->found->arena);

	return 2 * ports->active > ports->back_end ||
	       ports->active_gb_s < expected.total_gb_s * (1.0 - rate_tolerance);
}

/* What is said of a port that is not active. `before` is the same port of the golden node, NULL
 * without one. */
static void judge_down(struct tally *tally, const struct rdma_ports *ports,
		       const struct rdma_port *port, const struct rdma_port *before,
		       bool has_golden)
{
	const struct record *record = machine_find(tally->machine, NODE_RDMA_STATE, port->device);
	const char *words = words_of_state(port, tally->found->arena);
	struct finding *finding;

	if (before && before->state && !rdma_port_is_active(before)) {
		tally_well(tally, record);
		return;
	}
	if (before || (!has_golden && is_missed(tally, ports))) {
		finding = tally_say(tally, VERDICT_FAIL, port->device, record,
				    "%s; active and linkup expected; %zu of the %zu ports of the "
				    "back end are active",
				    words, ports->active, ports->back_end);
		finding->bar = before ? "the golden node"
				      : "most ports of the same adapter model, or the number that "
					"the GPU model asks for";
	} else {
		finding = tally_say(tally, VERDICT_WARN, port->device, record,
				    "%s; nothing tells whether it is meant to be used", words);
		finding->bar = "a golden node would tell";
	}
	finding->action = port_action;
}

static void judge_rate(struct tally *tally, const struct rdma_ports *ports,
		       const struct rdma_port *port, const struct rdma_port *before)
{
	struct expected expected = expect(tally->machine, tally->found->arena);
	double bar = ports->usual_gb_s;
	const char *source = "the rate of its peers";
	const struct record *record;
	struct finding *finding;

	record = tally_need(tally, NODE_RDMA_RATE, port->device);
	if (!record)
		return;
	if (before && before->rate_gb_s > 0.0) {
		bar = before->rate_gb_s;
		source = "the rate of the port on the golden node";
	} else if (expected.port_gb_s > bar &&
		   ports->active_gb_s < expected.total_gb_s * (1.0 - rate_tolerance)) {
		/* More and slower ports that reach the same together are another build. */
		bar = expected.port_gb_s;
		source = expected.source;
	}
	if (port->rate_gb_s >= bar * (1.0 - rate_tolerance)) {
		tally_well(tally, record);
		return;
	}
	finding = tally_say(tally, VERDICT_FAIL, port->device, record,
			    "%.0f Gb/s, %.0f Gb/s expected", port->rate_gb_s, bar);
	finding->bar = source;
	finding->action = port_action;
}

static void judge_active(struct tally *tally, const struct rdma_ports *ports,
			 const struct rdma_port *port, const struct rdma_port *before)
{
	const struct record *state = machine_find(tally->machine, NODE_RDMA_STATE, port->device);
	struct finding *finding;
	double lid;

	if (port->physical && strcmp(port->physical, "linkup") != 0) {
		finding = tally_say(tally, VERDICT_FAIL, port->device, state,
				    "active, and the physical state is %.40s; linkup expected",
				    port->physical);
		finding->action = port_action;
		return;
	}
	if (!port->physical && !tally_need(tally, NODE_RDMA_PHYSICAL, port->device))
		return;
	if (port->layer && strcmp(port->layer, "infiniband") == 0 &&
	    machine_value(tally->machine, NODE_RDMA_LID, port->device, &lid) && lid < 0.5) {
		finding = tally_say(tally, VERDICT_FAIL, port->device,
				    machine_find(tally->machine, NODE_RDMA_LID, port->device),
				    "local identifier 0: no subnet manager has given one");
		finding->bar = "an InfiniBand port has a local identifier above 0";
		finding->action = "look at the subnet manager of the fabric";
		return;
	}
	judge_rate(tally, ports, port, before);
}

static void judge_count(struct tally *tally, const struct rdma_ports *ports, bool has_golden)
{
	struct expected expected = expect(tally->machine, tally->found->arena);
	struct finding *finding;

	if (has_golden || expected.ports <= 0.0 || (double)ports->back_end >= expected.ports ||
	    ports->active_gb_s >= expected.total_gb_s * (1.0 - rate_tolerance))
		return;
	finding = tally_say(tally, VERDICT_FAIL, NULL,
			    machine_find(tally->machine, NODE_RDMA_COUNT, NULL),
			    "%zu port%s of the back end with %.0f Gb/s together, %.0f ports with "
			    "%.0f Gb/s expected",
			    ports->back_end, plural(ports->back_end), ports->active_gb_s,
			    expected.ports, expected.total_gb_s);
	finding->bar = expected.source;
	finding->action = "look for the adapter on the PCI bus and in the kernel log";
}

/* Ports of the golden node that are gone. */
static void judge_missing(struct tally *tally, const struct rdma_ports *ports,
			  const struct rdma_ports *golden)
{
	for (size_t i = 0; i < golden->count; i++) {
		const struct rdma_port *one = &golden->items[i];
		struct finding *finding;

		if (!one->is_back_end || !rdma_port_is_active(one) ||
		    rdma_ports_find(ports, one->device))
			continue;
		finding = tally_say(tally, VERDICT_FAIL, one->device, NULL,
				    "not there; active on the golden node");
		finding->bar = "the golden node";
		finding->action = "look for the adapter on the PCI bus and in the kernel log";
	}
}

static void judge_port(struct tally *tally, const struct rdma_ports *ports,
		       const struct rdma_port *port, const struct rdma_ports *golden)
{
	const struct rdma_port *before = golden ? rdma_ports_find(golden, port->device) : NULL;

	if (!port->state)
		(void)tally_need(tally, NODE_RDMA_STATE, port->device);
	else if (rdma_port_is_active(port))
		judge_active(tally, ports, port, before);
	else
		judge_down(tally, ports, port, before, golden != NULL);
}

/* Adapters, or all of them, whose ports could not be listed. */
static void judge_unread(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	if (!machine_find(tally->machine, NODE_RDMA_COUNT, NULL))
		findings_add_unknown(tally->found, tally->machine, NODE_RDMA_COUNT, NULL);
	while ((one = machine_next(tally->machine, NODE_RDMA_STATE, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (one->says == SAYS_UNKNOWN && (!device || !strchr(device, '/')))
			tally_say(tally, VERDICT_UNKNOWN, device, one,
				  "which ports there are is not known: %s", one->text);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct rdma_ports ports = rdma_ports_of(seen->machine, found->arena), golden;
	struct tally tally;

	tally_start(&tally, seen, found);
	if (seen->golden)
		golden = rdma_ports_of(seen->golden, found->arena);
	judge_unread(&tally);
	for (size_t i = 0; i < ports.count; i++)
		if (ports.items[i].is_back_end)
			judge_port(&tally, &ports, &ports.items[i], seen->golden ? &golden : NULL);
	if (seen->golden)
		judge_missing(&tally, &ports, &golden);
	if (ports.count > 0)
		judge_count(&tally, &ports, seen->golden != NULL);
	tally_pass(&tally,
		   "%zu port%s of the back end: active, linkup, %.0f Gb/s; their number is %s; %zu "
		   "of another network and %zu virtual functions are left out",
		   ports.back_end, plural(ports.back_end), ports.usual_gb_s,
		   seen->golden                                      ? "that of the golden node"
		   : expect(seen->machine, found->arena).ports > 0.0 ? "what the GPU model asks for"
								     : "not judged: no reference",
		   ports.count - ports.back_end, ports.left_out);
}

CHECK(rdma_ports) = {
	.title = "All ports of the back-end network are up at full speed",
	.since = "0.1",
	.needs = "node.rdma.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_RDMA,
	.required = true,
	.settle_s = 240, /* a port that retrains is no lost port: leptonai/gpud takes 4 minutes */
	.judge = judge,
};
