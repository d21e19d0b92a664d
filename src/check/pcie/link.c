#include <string.h>

#include "check/pcie/path.h"
#include "evidence/kernel_line.h"

/* GT/s of each generation (PCI Express Base Specification 6.0). */
static const double speeds[] = { 0.0, 2.5, 5.0, 8.0, 16.0, 32.0, 64.0 };

enum {
	GENERATIONS = sizeof(speeds) / sizeof(speeds[0]),
};

/* Speeds are at least this far apart in truth. */
static const double slack = 0.1;

/* What is known of one endpoint's link. */
struct link {
	const struct endpoint *endpoint;
	struct pci_path path;
	double width, width_maximum, speed, speed_maximum;
	bool has_width, has_width_maximum, has_speed, has_speed_maximum;
	bool judges_speed; /* the current speed tells something: not of an idle GPU */
	bool is_full;      /* width and current speed were judged and are what they can be */
};

/* What is wrong with it, the worst first. */
struct complaint {
	enum verdict verdict; /* PASS when nothing is */
	struct text text;
	const char *bar;
	const struct record *evidence[2];
};

struct tally {
	unsigned judged[ENDPOINT_KIND_COUNT];
	unsigned without_link, not_loaded;
	bool all_well;
};

static void complain(struct complaint *complaint, enum verdict verdict, const char *bar,
		     const struct record *evidence)
{
	if (complaint->verdict == VERDICT_PASS ||
	    (complaint->verdict == VERDICT_WARN && verdict == VERDICT_FAIL)) {
		complaint->verdict = verdict;
		complaint->bar = bar;
	}
	if (!complaint->evidence[0])
		complaint->evidence[0] = evidence;
	else if (!complaint->evidence[1])
		complaint->evidence[1] = evidence;
	text_add(&complaint->text, complaint->text.length > 0 ? "; " : "");
}

/* A GPU trains its link down when it has nothing to do: only of one that works the current speed
 * tells something. */
static bool is_loaded(const struct machine *machine, const struct endpoint *endpoint)
{
	const char *reasons = machine_state(machine, NODE_GPU_THROTTLE, endpoint->about);
	double utilisation;

	if (endpoint->kind != ENDPOINT_GPU)
		return true;
	return machine_value(machine, NODE_GPU_UTILISATION, endpoint->about, &utilisation) &&
	       utilisation > 0.0 && reasons && !strstr(reasons, "idle");
}

static void read_link(const struct machine *machine, const struct endpoint *endpoint,
		      struct link *link)
{
	const char *pci = endpoint->pci;

	*link = (struct link){ .endpoint = endpoint };
	link->has_width = machine_value(machine, NODE_PCI_WIDTH, pci, &link->width);
	link->has_width_maximum =
		machine_value(machine, NODE_PCI_WIDTH_MAXIMUM, pci, &link->width_maximum);
	link->has_speed = machine_value(machine, NODE_PCI_SPEED, pci, &link->speed);
	link->has_speed_maximum =
		machine_value(machine, NODE_PCI_SPEED_MAXIMUM, pci, &link->speed_maximum);
	link->judges_speed = link->has_speed && is_loaded(machine, endpoint);
	pci_path_find(machine, pci, &link->path);
	if (!pci_bridges_are_real(machine))
		link->path.count = 0;
}

/* The smaller of what the device can and what its port can. */
static double reach(const struct machine *machine, const struct link *link, enum measure measure,
		    double own)
{
	double port;

	if (link->path.count > 0 && machine_value(machine, measure, link->path.bridges[0], &port) &&
	    port < own)
		return port;
	return own;
}

static void judge_own_link(const struct machine *machine, struct link *link,
			   struct complaint *complaint)
{
	const char *pci = link->endpoint->pci;
	double width = reach(machine, link, NODE_PCI_WIDTH_MAXIMUM, link->width_maximum);
	double speed = reach(machine, link, NODE_PCI_SPEED_MAXIMUM, link->speed_maximum);

	link->is_full = true;
	if (link->has_width && link->has_width_maximum && link->width < width) {
		link->is_full = false;
		complain(complaint, VERDICT_FAIL, "the smaller maximum of the device and its port",
			 machine_find(machine, NODE_PCI_WIDTH, pci));
		text_format(&complaint->text, "%.0f lanes of %.0f", link->width, width);
	}
	if (!link->judges_speed || !link->has_speed_maximum) {
		link->is_full = false;
	} else if (link->speed < speed - slack) {
		link->is_full = false;
		complain(complaint, VERDICT_FAIL, "the smaller maximum of the device and its port",
			 machine_find(machine, NODE_PCI_SPEED, pci));
		text_format(&complaint->text, "%.1f GT/s of %.1f GT/s", link->speed, speed);
	}
}

/* What the model has, against what device and slot can reach. */
static void judge_shape(const struct machine *machine, const struct link *link, struct arena *arena,
			struct complaint *complaint)
{
	const struct shape_row *shape = machine->shape;
	uint32_t generation = shape ? shape->pcie_generation : 0;
	double width = reach(machine, link, NODE_PCI_WIDTH_MAXIMUM, link->width_maximum);
	double speed = reach(machine, link, NODE_PCI_SPEED_MAXIMUM, link->speed_maximum);
	const char *bar;

	if (!shape || link->endpoint->kind != ENDPOINT_GPU)
		return;
	bar = arena_format(arena, "generation %u, %u lanes: shape.tsv %s (%s)", generation,
			   shape->pcie_width, shape->model, shape->source);
	if (generation > 0 && generation < GENERATIONS && link->has_speed_maximum &&
	    speed < speeds[generation] - slack) {
		complain(complaint, VERDICT_FAIL, bar,
			 machine_find(machine, NODE_PCI_SPEED_MAXIMUM, link->endpoint->pci));
		text_format(&complaint->text,
			    "device and port reach %.1f GT/s at most, a %s has %.1f GT/s", speed,
			    shape->model, speeds[generation]);
	}
	if (shape->pcie_width > 0 && link->has_width_maximum && width < shape->pcie_width) {
		complain(complaint, VERDICT_FAIL, bar,
			 machine_find(machine, NODE_PCI_WIDTH_MAXIMUM, link->endpoint->pci));
		text_format(&complaint->text, "device and port have %.0f lanes, a %s has %u", width,
			    shape->model, shape->pcie_width);
	}
}

/* The bridges above: none may be slower than the device, by what it is or as it was trained. A
 * drive behind a slower bridge is often meant so. */
static void judge_bridge(const struct machine *machine, const struct link *link, size_t index,
			 struct complaint *complaint)
{
	const char *bridge = link->path.bridges[index];
	enum verdict verdict = link->endpoint->kind == ENDPOINT_NVME ? VERDICT_WARN : VERDICT_FAIL;
	double maximum, speed, width;

	if (link->has_speed_maximum &&
	    machine_value(machine, NODE_PCI_SPEED_MAXIMUM, bridge, &maximum) &&
	    maximum < link->speed_maximum - slack) {
		complain(complaint, verdict, "no bridge on the path slower than the device",
			 machine_find(machine, NODE_PCI_SPEED_MAXIMUM, bridge));
		text_format(&complaint->text,
			    "the bridge %s reaches %.1f GT/s, the device %.1f GT/s", bridge + 4,
			    maximum, link->speed_maximum);
		return;
	}
	/* The first bridge's link is the device's own, which was judged. */
	if (index == 0)
		return;
	if (link->has_speed_maximum && machine_value(machine, NODE_PCI_SPEED, bridge, &speed) &&
	    speed < link->speed_maximum - slack) {
		complain(complaint, verdict, "no bridge on the path slower than the device",
			 machine_find(machine, NODE_PCI_SPEED, bridge));
		text_format(&complaint->text,
			    "the bridge %s runs at %.1f GT/s, the device can %.1f", bridge + 4,
			    speed, link->speed_maximum);
	}
	if (link->has_width && machine_value(machine, NODE_PCI_WIDTH, bridge, &width) &&
	    width < link->width) {
		complain(complaint, verdict, "no bridge on the path narrower than the device",
			 machine_find(machine, NODE_PCI_WIDTH, bridge));
		text_format(&complaint->text, "the bridge %s has %.0f lanes, the device %.0f",
			    bridge + 4, width, link->width);
	}
}

/* The kernel's own word when it took the device up. What is full now has recovered since; a GPU
 * that shows generation 1 may just have been idle. */
static void judge_log(const struct machine *machine, const struct link *link,
		      struct complaint *complaint)
{
	const struct record *one, *found = NULL;
	char name[PCI_NAME_SIZE];
	bool idle;
	size_t at = 0;

	while (!link->is_full && (one = machine_next(machine, NODE_LOG_PCIE, &at))) {
		if (one->says != SAYS_TEXT || !strstr(one->text, "limited by") ||
		    !kernel_line_pci(span_of(one->text), name) ||
		    strcmp(name, link->endpoint->pci + 4) != 0)
			continue;
		if (!found || strcmp(one->text, found->text) < 0)
			found = one;
	}
	if (!found)
		return;
	idle = link->endpoint->kind == ENDPOINT_GPU && strstr(found->text, "limited by 2.5 GT/s");
	complain(complaint, idle ? VERDICT_WARN : VERDICT_FAIL, "the kernel's message", found);
	text_format(&complaint->text, "the kernel says \"%.140s\"%s", found->text,
		    idle ? "; look again under load" : "");
}

/* Whether there is nothing to judge: a virtual function or a part of the root complex shows no
 * link. A GPU has one. */
static bool has_no_link(const struct machine *machine, const struct endpoint *endpoint)
{
	return endpoint->is_virtual || (endpoint->kind != ENDPOINT_GPU &&
					!machine_find(machine, NODE_PCI_WIDTH, endpoint->pci) &&
					!machine_find(machine, NODE_PCI_SPEED, endpoint->pci));
}

static void add_unknown(const struct machine *machine, const struct link *link,
			struct findings *found)
{
	const char *pci = link->endpoint->pci;
	enum measure missing = !link->has_width           ? NODE_PCI_WIDTH
			       : !link->has_width_maximum ? NODE_PCI_WIDTH_MAXIMUM
			       : !link->has_speed         ? NODE_PCI_SPEED
							  : NODE_PCI_SPEED_MAXIMUM;
	bool asleep = machine_state_is(machine, NODE_PCI_POWER, pci, "D3cold");
	struct finding *finding = findings_add(
		found, VERDICT_UNKNOWN, link->endpoint->about, "%s%s: %.*s is not known: %s",
		link->endpoint->label, asleep ? " sleeps in D3cold" : "",
		SPAN_ARGS(measure_title(missing)), machine_why_unknown(machine, missing, pci));

	finding_rests_on(finding, machine_find(machine, missing, pci));
}

static void judge_endpoint(const struct machine *machine, const struct endpoint *endpoint,
			   struct tally *tally, struct findings *found)
{
	struct complaint complaint = { .verdict = VERDICT_PASS };
	struct finding *finding;
	struct link link;

	if (has_no_link(machine, endpoint)) {
		tally->without_link++;
		return;
	}
	read_link(machine, endpoint, &link);
	judge_own_link(machine, &link, &complaint);
	judge_shape(machine, &link, found->arena, &complaint);
	for (size_t i = 0; i < link.path.count; i++)
		judge_bridge(machine, &link, i, &complaint);
	judge_log(machine, &link, &complaint);
	tally->judged[endpoint->kind]++;
	tally->not_loaded += endpoint->kind == ENDPOINT_GPU && !link.judges_speed;
	if (complaint.verdict == VERDICT_PASS && link.has_width && link.has_width_maximum &&
	    link.has_speed && link.has_speed_maximum) {
		text_release(&complaint.text);
		return;
	}
	tally->all_well = false;
	if (complaint.verdict == VERDICT_PASS) {
		add_unknown(machine, &link, found);
		text_release(&complaint.text);
		return;
	}
	finding = findings_add(found, complaint.verdict, endpoint->about, "%s: %s", endpoint->label,
			       text_string(&complaint.text));
	text_release(&complaint.text);
	finding->bar = complaint.bar;
	finding->action = "drain; reseat the device and its riser or cable; look at the slot's "
			  "settings in the firmware";
	finding_rests_on(finding, complaint.evidence[0]);
	finding_rests_on(finding, complaint.evidence[1]);
}

static void add_pass(const struct machine *machine, const struct tally *tally,
		     const struct endpoint *endpoints, size_t count, struct findings *found)
{
	struct finding *finding;
	SCOPED_TEXT(text);

	for (unsigned i = 0; i < ENDPOINT_KIND_COUNT; i++)
		if (tally->judged[i] > 0)
			text_format(&text, "%s%u %s", text.length > 0 ? ", " : "", tally->judged[i],
				    endpoint_kind_names[i]);
	text_add(&text, " at the width and speed that they can have");
	if (tally->not_loaded > 0)
		text_format(&text, "; %u GPUs not loaded: current speed not judged",
			    tally->not_loaded);
	if (tally->without_link > 0)
		text_format(&text, "; %u functions show no link of their own", tally->without_link);
	if (!pci_bridges_are_real(machine))
		text_add(&text, "; the bridges are hidden by a hypervisor and were not judged");
	finding = findings_add(found, VERDICT_PASS, NULL, "%s", text_string(&text));
	for (size_t i = 0; i < count; i++)
		finding_rests_on(finding, machine_find(machine, NODE_PCI_WIDTH, endpoints[i].pci));
}

/* Things that keep the whole from being a pass. */
static bool add_doubts(const struct machine *machine, const struct tally *tally,
		       struct findings *found)
{
	const struct record *all = machine_find(machine, NODE_PCI_CLASS, NULL);

	if (all && all->says == SAYS_UNKNOWN) {
		findings_add_unknown(found, machine, NODE_PCI_CLASS, NULL);
		return true;
	}
	if (tally->judged[ENDPOINT_GPU] == 0 || machine->shape)
		return false;
	findings_add(found, VERDICT_UNKNOWN, NULL,
		     "no reference for the PCIe generation and width of these GPUs: their model is "
		     "not in shape.tsv, not known, or not one");
	return true;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	struct tally tally = { .all_well = true };
	struct endpoint *endpoints;
	size_t count = endpoints_find(machine, found->arena, &endpoints);
	unsigned judged = 0;

	for (size_t i = 0; i < count; i++)
		judge_endpoint(machine, &endpoints[i], &tally, found);
	for (unsigned i = 0; i < ENDPOINT_KIND_COUNT; i++)
		judged += tally.judged[i];
	if (add_doubts(machine, &tally, found))
		return;
	if (judged > 0 && tally.all_well)
		add_pass(machine, &tally, endpoints, count, found);
	else if (judged == 0 && machine->by[NODE_PCI_CLASS].count > 0)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "no GPU, RDMA adapter or NVMe drive with a PCIe link of its own")
			->observed = machine->observed;
}

CHECK(pcie_link) = {
	.title = "PCIe links have the width and speed that they can have",
	.since = "0.1",
	.needs = "node.pci.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.judge = judge,
};
