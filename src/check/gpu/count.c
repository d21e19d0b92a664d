#include <math.h>
#include <string.h>

#include "check/gpu/walk.h"

/* What is known of one vendor's GPUs. */
struct sight {
	const char *vendor;  /* "NVIDIA" */
	const char *device;  /* "vendor:nvidia" */
	const char *library; /* "library:nvml", as recorded; NULL when nothing was */
	const struct record *pci, *driver, *counted, *state;
};

static const struct {
	const char *vendor, *device, *library; /* what the name of the library begins with */
} vendors[VENDOR_COUNT] = {
	[VENDOR_NVIDIA] = { "NVIDIA", "vendor:nvidia", "library:nvml" },
	[VENDOR_AMD] = { "AMD", "vendor:amd", "library:amd" },
};

static const char lost_action[] =
	"drain; look for the GPU in the kernel log; reboot; open a ticket when it comes again";

static bool is_known(const struct record *record)
{
	return record && record->says == SAYS_VALUE;
}

static bool differs(const struct record *a, const struct record *b)
{
	return is_known(a) && is_known(b) && fabs(a->value - b->value) > 0.5;
}

static struct sight look_at(const struct machine *machine, size_t vendor)
{
	struct sight sight = { .vendor = vendors[vendor].vendor, .device = vendors[vendor].device };
	const struct record *one;
	size_t at = 0;

	sight.pci = machine_find(machine, NODE_GPU_COUNT_PCI, sight.device);
	sight.driver = machine_find(machine, NODE_GPU_COUNT_DRIVER, sight.device);
	while ((one = machine_next(machine, NODE_GPU_LIBRARY, &at))) {
		const char *device = record_device(one);

		if (!device || !span_starts(span_of(device), vendors[vendor].library))
			continue;
		sight.library = device;
		sight.state = one;
		sight.counted = machine_find(machine, NODE_GPU_COUNT_LIBRARY, device);
	}
	return sight;
}

/* The words of a call that failed, about the device; "" when none was recorded. */
static const char *words_of_call(const struct machine *machine, const char *device,
				 const struct record **ret_record)
{
	const struct record *one = machine_find(machine, NODE_GPU_CALL, device);

	*ret_record = one;
	return one && one->says == SAYS_TEXT ? one->text : "";
}

static bool is_in_container(const struct machine *machine)
{
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);

	return container && strcmp(container, "none") != 0;
}

/* True when the library can be asked at all. */
static bool judge_library(const struct machine *machine, const struct sight *sight,
			  struct findings *found)
{
	const char *state = sight->state ? sight->state->text : NULL;
	const struct record *call;
	const char *words;
	struct finding *finding;
	bool hidden;

	if (!sight->state || sight->state->says != SAYS_STATE) {
		findings_add_unknown(found, machine, NODE_GPU_LIBRARY, sight->library)->about =
			sight->device;
		return false;
	}
	if (strcmp(state, "ok") == 0)
		return true;
	/* A container may lack the library of its host, and may be refused its devices. */
	hidden = strcmp(state, "refused") == 0 ||
		 (strcmp(state, "absent") == 0 && is_in_container(machine));
	words = words_of_call(machine, sight->library, &call);
	finding = findings_add(
		found, hidden ? VERDICT_UNKNOWN : VERDICT_FAIL, sight->device,
		"%.0f %s GPUs are on the PCI bus, and %s answers '%s'%s%s%s", sight->pci->value,
		sight->vendor, sight->library + strlen("library:"), state, *words ? ": " : "",
		words,
		hidden ? "; what a container or an ordinary user is shown tells nothing" : "");
	finding->action = hidden ? "look again as root on the node itself"
				 : "drain; reload or reinstall the driver and its library; reboot";
	finding_rests_on(finding, sight->state);
	finding_rests_on(finding, sight->pci);
	finding_rests_on(finding, call);
	return false;
}

static const char *number_of(const struct record *record, struct arena *arena)
{
	return is_known(record) ? arena_format(arena, "%.0f", record->value) : "an unknown number";
}

/* Bus, driver and library have to agree. */
static void judge_agreement(const struct machine *machine, const struct sight *sight,
			    struct findings *found)
{
	bool hidden = is_in_container(machine);
	struct finding *finding;

	if (!is_known(sight->counted)) {
		findings_add_unknown(found, machine, NODE_GPU_COUNT_LIBRARY, sight->library)
			->about = sight->device;
		return;
	}
	if (!differs(sight->pci, sight->driver) && !differs(sight->pci, sight->counted))
		return;
	finding = findings_add(
		found, hidden ? VERDICT_UNKNOWN : VERDICT_FAIL, sight->device,
		"%.0f %s GPUs are on the PCI bus, the driver has %s, its library %.0f%s",
		sight->pci->value, sight->vendor, number_of(sight->driver, found->arena),
		sight->counted->value,
		hidden ? "; this container may have been given only some of them" : "");
	finding->bar = "bus, driver and library count the same";
	finding->action = hidden ? "look again on the node itself" : lost_action;
	finding_rests_on(finding, sight->pci);
	finding_rests_on(finding, sight->driver);
	finding_rests_on(finding, sight->counted);
}

static void judge_answers(const struct check_input *seen, const char *vendor,
			  struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, vendor);
	while ((gpu = gpu_walk_next(&walk))) {
		const struct record *one = gpu_walk_need(&walk, NODE_GPU_ANSWERS, gpu), *call;
		struct finding *finding;
		const char *words;

		if (!one || strcmp(one->text, "ok") == 0)
			continue;
		words = words_of_call(seen->machine, gpu, &call);
		finding = gpu_walk_say(&walk, VERDICT_FAIL, gpu, one,
				       "it answers '%s', ok expected%s%s", one->text,
				       *words ? ": " : "", words);
		finding->action = strcmp(one->text, "reset-required") == 0 ? "drain; reset the GPU"
									   : lost_action;
		finding_rests_on(finding, call);
	}
}

/* How many there should be: as the recorded good node has, else as nodes of this model have.
 * *ret_by says which; 0 when there is no reference. */
static double expected_of(const struct check_input *seen, const struct sight *sight,
			  struct arena *arena, const char **ret_by)
{
	const struct shape_row *shape = seen->machine->shape;
	double count;

	*ret_by = "the recorded good node";
	if (seen->golden && machine_value(seen->golden, NODE_GPU_COUNT_PCI, sight->device, &count))
		return count;
	if (!shape || shape->gpus_per_node == 0)
		return 0;
	*ret_by = arena_format(arena, "shape.tsv %s (%s)", shape->model, shape->source);
	return shape->gpus_per_node;
}

/* Of a virtual machine that has a half or a quarter of a node nobody can tell by looking whether
 * that is what was sold. */
static bool may_be_a_share(const struct check_input *seen, double count, double expected)
{
	return !seen->golden && !machine_state_is(seen->machine, NODE_VIRTUAL, NULL, "none") &&
	       fmod(expected, count) < 0.5;
}

static void judge_expected(const struct check_input *seen, const struct sight *sight, bool is_well,
			   struct findings *found)
{
	const char *by;
	double expected = expected_of(seen, sight, found->arena, &by);
	double count = sight->pci->value;
	struct finding *finding;

	if (expected < 0.5) {
		finding = findings_add(found, VERDICT_UNKNOWN, sight->device,
				       "%.0f %s GPUs; no reference for how many there should be",
				       count, sight->vendor);
		finding->action = "record this node as a good one when the number is right";
	} else if (count < expected && may_be_a_share(seen, count, expected)) {
		finding =
			findings_add(found, VERDICT_UNKNOWN, sight->device,
				     "%.0f %s GPUs in a virtual machine, %.0f in a whole node; no "
				     "reference for how many were sold",
				     count, sight->vendor, expected);
		finding->action = "record this node as a good one when the number is right";
	} else if (count < expected) {
		finding = findings_add(found, VERDICT_FAIL, sight->device,
				       "%.0f %s GPUs on the PCI bus, %.0f expected", count,
				       sight->vendor, expected);
		finding->action = lost_action;
	} else if (count > expected) {
		finding = findings_add(found, seen->golden ? VERDICT_WARN : VERDICT_UNKNOWN,
				       sight->device,
				       "%.0f %s GPUs on the PCI bus, more than the %.0f expected",
				       count, sight->vendor, expected);
		finding->action = "record this node as a good one when the number is right";
	} else if (is_well) {
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "%.0f %s GPUs on the bus and in the library, all answer; "
				       "%.0f expected",
				       count, sight->vendor, expected);
	} else {
		return;
	}
	finding->bar = expected < 0.5 ? NULL : by;
	finding_rests_on(finding, sight->pci);
	finding_rests_on(finding, sight->counted);
}

static void judge_vendor(const struct check_input *seen, size_t vendor, struct findings *found)
{
	struct sight sight = look_at(seen->machine, vendor);
	size_t before = found->count;

	if (judge_library(seen->machine, &sight, found)) {
		judge_agreement(seen->machine, &sight, found);
		judge_answers(seen, vendors[vendor].device + strlen("vendor:"), found);
	}
	judge_expected(seen, &sight, found->count == before, found);
}

/* A message about a GPU on a node that has none: one that was there. */
static const struct record *find_trace(const struct machine *machine)
{
	static const enum measure topics[] = { NODE_LOG_GPU_LOST, NODE_LOG_GPU_PROBE };
	size_t at = 0;

	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		const struct record *one;

		for (at = 0; (one = machine_next(machine, topics[i], &at));)
			if (one->says == SAYS_TEXT)
				return one;
	}
	return NULL;
}

/* No GPU on the bus: none belongs here, or all are lost. */
static void judge_none(const struct check_input *seen, struct findings *found)
{
	const struct record *trace = find_trace(seen->machine);
	const struct record *log = machine_find(seen->machine, NODE_LOG_LINES, NULL);
	struct finding *finding;
	double expected = 0;

	for (size_t i = 0; i < VENDOR_COUNT && seen->golden && expected < 0.5; i++)
		(void)machine_value(seen->golden, NODE_GPU_COUNT_PCI, vendors[i].device, &expected);
	if (expected > 0.5) {
		finding =
			findings_add(found, VERDICT_FAIL, NULL,
				     "no data centre GPU on the PCI bus, %.0f expected", expected);
		finding->bar = "the recorded good node";
		finding->action = lost_action;
	} else if (trace) {
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "no data centre GPU on the PCI bus, but the kernel spoke of "
				       "one: %.200s",
				       trace->text);
		finding->action = lost_action;
	} else if (!is_known(log)) {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "no data centre GPU on the PCI bus; whether one was lost is "
				       "not known, for the kernel log was not read: %s",
				       machine_why_unknown(seen->machine, NODE_LOG_LINES, NULL));
		finding->action = "look again as root";
	} else {
		finding = findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
				       "no data centre GPU on the PCI bus, none expected, none in "
				       "the kernel log");
	}
	for (size_t i = 0; i < VENDOR_COUNT; i++)
		finding_rests_on(finding, machine_find(seen->machine, NODE_GPU_COUNT_PCI,
						       vendors[i].device));
	finding_rests_on(finding, trace ? trace : log);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	size_t none = 0;

	for (size_t i = 0; i < VENDOR_COUNT; i++) {
		const char *device = vendors[i].device;
		double count;

		if (!machine_value(seen->machine, NODE_GPU_COUNT_PCI, device, &count))
			findings_add_unknown(found, seen->machine, NODE_GPU_COUNT_PCI, device);
		else if (count > 0.5)
			judge_vendor(seen, i, found);
		else
			none++;
	}
	if (none == VENDOR_COUNT)
		judge_none(seen, found);
}

/* Has no .parts: a node that lost all of its GPUs must not be one that it does not apply to. */
CHECK(gpu_count) = {
	.title = "All GPUs are there and answer",
	.since = "0.1",
	.needs = "node.gpu.count",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.required = true,
	.judge = judge,
};
