#include <string.h>

#include "probe/pci_config.h"
#include "probe/pci_function.h"
#include "probe/probe.h"
#include "probe/range.h"

/* The functions of interest: GPUs, NVSwitches, network adapters, NVMe, and the bridges above them.
 * Of all others only the class is read. */

enum {
	FUNCTIONS_MAXIMUM = 2048, /* of interest, with bridges */
};

struct function {
	const char *name, *device, *folder;
	uint32_t class, vendor;
	enum pci_kind kind;
	bool is_bridge;       /* taken up because it is above another */
	bool is_virtual;      /* of SR-IOV: shares link and settings with its physical function */
	bool has_link;        /* is PCI Express: the kernel shows a link of no other */
	struct span lanes;    /* that its link can have, as the kernel writes it */
	const char *parent;   /* name, or "root"; NULL when the place is not known */
	const char *no_place; /* why not */
};

/* GPUs of one vendor. */
struct tally {
	unsigned on_bus, bound;
	const char *doubt; /* why the number is not known */
};

struct survey {
	const struct host *host;
	struct sightings *sightings;
	struct arena *arena;
	unsigned shares;
	struct function *functions;
	size_t count;
	bool overflowed;
	struct tally nvidia, amd;
};

static const char *in(const struct survey *survey, const struct function *function,
		      const char *file)
{
	return arena_format(survey->arena, "%s/%s", function->folder, file);
}

static struct function *find(const struct survey *survey, struct span name)
{
	for (size_t i = survey->count; i-- > 0;)
		if (span_is(name, survey->functions[i].name))
			return &survey->functions[i];
	return NULL;
}

static struct function *add(struct survey *survey, struct span name)
{
	struct function *function;

	if (survey->count == FUNCTIONS_MAXIMUM) {
		survey->overflowed = true;
		return NULL;
	}
	function = &survey->functions[survey->count++];
	*function = (struct function){ .name = arena_string(survey->arena, name) };
	function->device = arena_format(survey->arena, "pci:%s", function->name);
	function->folder = arena_format(survey->arena, "/sys/bus/pci/devices/%s", function->name);
	return function;
}

static void doubt(struct survey *survey, const struct function *function, const char *reason)
{
	uint32_t vendor = 0;
	bool known = pci_read_id(survey->host, in(survey, function, "vendor"), 4, survey->arena,
				 &vendor, NULL);

	if ((!known || vendor == PCI_VENDOR_NVIDIA) && !survey->nvidia.doubt)
		survey->nvidia.doubt = arena_string(survey->arena, span_of(reason));
	if ((!known || vendor == PCI_VENDOR_AMD) && !survey->amd.doubt)
		survey->amd.doubt = arena_string(survey->arena, span_of(reason));
}

/* What no vendor makes a part of interest of need not be asked for its vendor. */
static bool may_interest(uint32_t class)
{
	return pci_kind(class, PCI_VENDOR_NVIDIA) != PCI_KIND_OTHER ||
	       pci_kind(class, PCI_VENDOR_AMD) != PCI_KIND_OTHER;
}

static bool classify(struct survey *survey, struct function *function)
{
	struct error err = { 0 };

	if (!pci_read_id(survey->host, in(survey, function, "class"), 6, survey->arena,
			 &function->class, &err)) {
		doubt(survey, function, err.text);
		return false;
	}
	if (!may_interest(function->class))
		return false;
	if (!pci_read_id(survey->host, in(survey, function, "vendor"), 4, survey->arena,
			 &function->vendor, &err)) {
		doubt(survey, function, err.text);
		/* A network adapter is one, whoever made it. */
		function->kind = pci_kind(function->class, 0);
	} else {
		function->kind = pci_kind(function->class, function->vendor);
	}
	return function->kind != PCI_KIND_OTHER;
}

/* The function's parent, and the bridges on the way to it. */
static void place(struct survey *survey, size_t index)
{
	struct function *function = &survey->functions[index];
	struct span rest, step, above = SPAN("");
	struct error err = { 0 };
	const char *path = "";

	if (host_real_path(survey->host, function->folder, survey->arena, &path, &err) &&
	    !span_starts(span_of(path), "/sys/devices/"))
		(void)fail(&err, ERROR_INVALID, "'%s' does not lead into the tree of devices",
			   function->folder);
	if (err.code != ERROR_NONE) {
		function->no_place = arena_string(survey->arena, span_of(err.text));
		return;
	}
	rest = span_of(path);
	while (span_cut(&rest, '/', &step)) {
		if (!pci_is_name(step) || span_is(step, function->name))
			continue;
		struct function *bridge = find(survey, step);

		if (!bridge && (bridge = add(survey, step))) {
			bridge->is_bridge = true;
			bridge->parent =
				above.length > 0 ? arena_string(survey->arena, above) : "root";
		}
		above = step;
	}
	function->parent = above.length > 0 ? arena_string(survey->arena, above) : "root";
}

static void show_link(const struct look *look, const struct survey *survey,
		      const struct function *function)
{
	static const struct range speed = { 1.0, 256.0 }, width = { 1, 32 };

	/* A virtual function has its physical function's link; what is built into a root complex
	 * has none, and says so with the width 0. */
	if (!function->has_link || function->is_virtual ||
	    (span_is(function->lanes, "0") && !pci_is_gpu(function->kind)))
		return;
	(void)look_in_range(look, in(survey, function, "current_link_speed"), NODE_PCI_SPEED,
			    speed);
	(void)look_in_range(look, in(survey, function, "max_link_speed"), NODE_PCI_SPEED_MAXIMUM,
			    speed);
	(void)look_in_range(look, in(survey, function, "current_link_width"), NODE_PCI_WIDTH,
			    width);
	(void)look_in_range(look, in(survey, function, "max_link_width"), NODE_PCI_WIDTH_MAXIMUM,
			    width);
}

static const char *last_step(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "vendor:device" out of two files. */
static void show_id(const struct look *look, enum measure measure, const char *vendor_path,
		    const char *device_path)
{
	struct arena *arena = look->sightings->arena;
	uint32_t vendor = 0, device = 0;
	struct error err = { 0 };

	if (!pci_read_id(look->host, vendor_path, 4, arena, &vendor, &err) ||
	    !pci_read_id(look->host, device_path, 4, arena, &device, &err)) {
		saw_unknown(look->sightings, measure, look->device, "%s", err.text);
		return;
	}
	saw_state(look->sightings, measure, look->device,
		  arena_format(arena, "%04x:%04x", vendor, device));
}

/* The name of the driver, NULL when none has it or that is not known. */
static const char *show_driver(struct survey *survey, const struct function *function)
{
	struct error err = { 0 };
	const char *target;

	if (host_link(survey->host, in(survey, function, "driver"), survey->arena, &target, &err)) {
		target = last_step(target);
		saw_state(survey->sightings, NODE_PCI_DRIVER, function->device, target);
		return target;
	}
	/* No link where the function is there: no driver has it. */
	if (err.code == ERROR_MISSING && host_kind(survey->host, function->folder) == HOST_FOLDER)
		saw_state(survey->sightings, NODE_PCI_DRIVER, function->device, "none");
	else
		saw_unknown(survey->sightings, NODE_PCI_DRIVER, function->device, "%s", err.text);
	return NULL;
}

static void show_class(struct survey *survey, struct function *function)
{
	struct error err = { 0 };

	/* Of a bridge nothing is known yet but that it is there. */
	if (!function->is_bridge || pci_read_id(survey->host, in(survey, function, "class"), 6,
						survey->arena, &function->class, &err))
		saw_state(survey->sightings, NODE_PCI_CLASS, function->device,
			  arena_format(survey->arena, "%06x", function->class));
	else
		saw_unknown(survey->sightings, NODE_PCI_CLASS, function->device, "%s", err.text);
}

static void show_parent(struct survey *survey, const struct function *function)
{
	if (!function->parent)
		saw_unknown(survey->sightings, NODE_PCI_PARENT, function->device, "%s",
			    function->no_place);
	else if (strcmp(function->parent, "root") == 0)
		saw_state(survey->sightings, NODE_PCI_PARENT, function->device, "root");
	else
		saw_state(survey->sightings, NODE_PCI_PARENT, function->device,
			  arena_format(survey->arena, "pci:%s", function->parent));
}

/* Bridges have ACS; of the others only PCI Express functions have settings that are looked for. */
static bool has_settings(const struct function *function)
{
	return function->is_bridge || function->has_link;
}

/* Each four bytes are asked of the device, which takes a microsecond and, in a guest, up to fifty:
 * no more is read than is looked for. */
static void read_config(const struct survey *survey, const struct function *function,
			struct pci_config *ret_config)
{
	static const size_t identity[] = { PCI_CONFIG_IDENTITY, 0 };
	static const size_t plain[] = { PCI_CONFIG_PLAIN / 2, PCI_CONFIG_PLAIN, 0 };
	static const size_t whole[] = { PCI_CONFIG_WHOLE / 4, PCI_CONFIG_WHOLE, 0 };
	const char *path = in(survey, function, "config");
	const size_t *size = function->is_bridge ? whole : plain;
	struct error err = { 0 };
	struct span bytes;

	if (!(survey->shares & PROBE_FULL) || !has_settings(function))
		size = identity;
	for (; *size > 0; size++) {
		if (!host_peek_start(survey->host, path, *size, survey->arena, &bytes, &err)) {
			*ret_config = (struct pci_config){
				.why_plain = arena_string(survey->arena, span_of(err.text)),
			};
			ret_config->why_extended = ret_config->why_plain;
			return;
		}
		pci_config_decode(bytes, ret_config);
		if (!ret_config->goes_on || bytes.length < *size)
			break;
	}
}

/* The power state, unless nothing answers any more. A function that sleeps without power is not
 * asked and not woken. */
static void show_power(const struct look *look, const struct survey *survey,
		       const struct function *function, struct pci_config *config)
{
	static const char asleep[] = "it sleeps in D3cold and was not woken";
	struct error err = { 0 };
	struct span state;
	bool known = host_value(survey->host, in(survey, function, "power_state"), survey->arena,
				&state, &err);

	if (known && span_is(state, "D3cold"))
		*config = (struct pci_config){ .why_plain = asleep, .why_extended = asleep };
	else
		read_config(survey, function, config);
	if (config->lost)
		saw_unknown(look->sightings, NODE_PCI_POWER, look->device, "%s", config->why_plain);
	else if (known)
		saw_state(look->sightings, NODE_PCI_POWER, look->device,
			  arena_string(survey->arena, state));
	else if (err.code != ERROR_MISSING)
		saw_unknown(look->sightings, NODE_PCI_POWER, look->device, "%s", err.text);
}

static void show_group(const struct look *look, const struct survey *survey,
		       const struct function *function)
{
	struct error err = { 0 };
	const char *target;
	uint64_t group;

	if (!host_link(survey->host, in(survey, function, "iommu_group"), survey->arena, &target,
		       &err)) {
		if (err.code != ERROR_MISSING)
			saw_unknown(look->sightings, NODE_PCI_IOMMU_GROUP, look->device, "%s",
				    err.text);
		return;
	}
	if (span_to_u64(span_of(last_step(target)), &group) && group <= UINT32_MAX)
		saw_value(look->sightings, NODE_PCI_IOMMU_GROUP, look->device, (double)group);
	else
		saw_unknown(look->sightings, NODE_PCI_IOMMU_GROUP, look->device,
			    "the group is called '%s'", last_step(target));
	(void)look_state(look, in(survey, function, "iommu_group/type"), NODE_PCI_IOMMU_TYPE);
}

static void show_size(const struct look *look, enum measure measure, unsigned size)
{
	if (size > 0)
		saw_value(look->sightings, measure, look->device, size);
	else
		saw_unknown(look->sightings, measure, look->device,
			    "its register holds a reserved value");
}

/* What an SR-IOV virtual function shows there means nothing: its physical function's counts. */
static void show_config(const struct look *look, const struct function *function,
			const struct pci_config *config)
{
	static const enum measure of_express[] = { NODE_PCI_RELAXED_ORDERING, NODE_PCI_PAYLOAD,
						   NODE_PCI_READ_REQUEST };

	for (size_t i = 0; config->why_plain && i < sizeof(of_express) / sizeof(of_express[0]); i++)
		if (!function->is_virtual)
			saw_unknown(look->sightings, of_express[i], look->device, "%s",
				    config->why_plain);
	if (config->is_express && !function->is_virtual) {
		saw_state(look->sightings, NODE_PCI_RELAXED_ORDERING, look->device,
			  config->relaxed_ordering ? "on" : "off");
		show_size(look, NODE_PCI_PAYLOAD, config->payload);
		show_size(look, NODE_PCI_READ_REQUEST, config->read_request);
	}
	if (!function->is_bridge)
		return;
	if (config->why_extended)
		saw_unknown(look->sightings, NODE_PCI_ACS, look->device, "%s",
			    config->why_extended);
	else
		saw_state(look->sightings, NODE_PCI_ACS, look->device,
			  pci_config_acs(config, look->sightings->arena));
}

/* What decides how the rest is looked at. */
static void prepare(struct survey *survey, struct function *function)
{
	struct error err = { 0 };
	const char *target;

	function->has_link = host_value(survey->host, in(survey, function, "max_link_width"),
					survey->arena, &function->lanes, &err) ||
			     err.code != ERROR_MISSING;
	function->is_virtual =
		!function->is_bridge && host_link(survey->host, in(survey, function, "physfn"),
						  survey->arena, &target, NULL);
}

static void look_at(struct survey *survey, struct function *function)
{
	const struct look look = { survey->host, survey->sightings, function->device,
				   MISSING_IS_SILENT };
	struct pci_config config = { 0 };
	const char *driver;

	prepare(survey, function);
	show_class(survey, function);
	show_id(&look, NODE_PCI_ID, in(survey, function, "vendor"), in(survey, function, "device"));
	driver = show_driver(survey, function);
	if (function->kind == PCI_KIND_NVIDIA && driver && strcmp(driver, "nvidia") == 0)
		survey->nvidia.bound++;
	if (function->kind == PCI_KIND_AMD && driver && strcmp(driver, "amdgpu") == 0)
		survey->amd.bound++;
	show_parent(survey, function);
	show_power(&look, survey, function, &config);
	show_link(&look, survey, function);
	if (!(survey->shares & PROBE_FULL))
		return;
	if (!function->is_bridge)
		show_id(&look, NODE_PCI_SUBSYSTEM, in(survey, function, "subsystem_vendor"),
			in(survey, function, "subsystem_device"));
	(void)look_in_range(&look, in(survey, function, "numa_node"), NODE_PCI_NUMA,
			    (struct range){ -1, 4095 });
	show_group(&look, survey, function);
	if (has_settings(function))
		show_config(&look, function, &config);
}

/* The total of one file of AER counters; a function without AER has no such file. */
static void count_errors(const struct survey *survey, const struct function *function,
			 const char *file, enum measure measure)
{
	const char *path = in(survey, function, file);
	struct span text, line, name;
	struct error err = { 0 };
	uint64_t total;

	if (!host_value(survey->host, path, survey->arena, &text, &err)) {
		if (err.code != ERROR_MISSING)
			saw_unknown(survey->sightings, measure, function->device, "%s", err.text);
		return;
	}
	while (span_cut(&text, '\n', &line)) {
		if (!span_starts(line, "TOTAL_ERR_") || !span_cut(&line, ' ', &name))
			continue;
		if (span_to_u64(span_trim(line), &total)) {
			saw_value(survey->sightings, measure, function->device, (double)total);
			return;
		}
	}
	saw_unknown(survey->sightings, measure, function->device, "'%s' has no total", path);
}

static void count(const struct survey *survey, const struct function *function)
{
	count_errors(survey, function, "aer_dev_correctable", NODE_PCI_AER_CORRECTABLE);
	count_errors(survey, function, "aer_dev_nonfatal", NODE_PCI_AER_NONFATAL);
	count_errors(survey, function, "aer_dev_fatal", NODE_PCI_AER_FATAL);
}

static void show_count(struct survey *survey, const char *device, const struct tally *tally)
{
	if (tally->doubt)
		saw_unknown(survey->sightings, NODE_GPU_COUNT_PCI, device, "%s", tally->doubt);
	else
		saw_value(survey->sightings, NODE_GPU_COUNT_PCI, device, tally->on_bus);
}

/* What the NVIDIA driver lists, less what drives a display: a GPU that it lists and that is gone
 * from the bus counts. */
static void count_nvidia_driver(struct survey *survey)
{
	const char *const folder = "/proc/driver/nvidia/gpus";
	const char *const *names;
	struct error err = { 0 };
	size_t name_count = 0;
	unsigned listed = 0;

	if (!host_list(survey->host, folder, survey->arena, &names, &name_count, &err)) {
		if (err.code != ERROR_MISSING)
			saw_unknown(survey->sightings, NODE_GPU_COUNT_DRIVER, "vendor:nvidia", "%s",
				    err.text);
		else if (survey->nvidia.on_bus > 0)
			saw_value(survey->sightings, NODE_GPU_COUNT_DRIVER, "vendor:nvidia",
				  survey->nvidia.bound);
		return;
	}
	for (size_t i = 0; i < name_count; i++) {
		enum pci_kind kind = PCI_KIND_NVIDIA;

		if (!pci_is_name(span_of(names[i])))
			continue;
		(void)pci_read_kind(survey->host, names[i], survey->arena, &kind, NULL);
		if (kind == PCI_KIND_NVIDIA)
			listed++;
	}
	saw_value(survey->sightings, NODE_GPU_COUNT_DRIVER, "vendor:nvidia", listed);
}

static void show_counts(struct survey *survey)
{
	show_count(survey, "vendor:nvidia", &survey->nvidia);
	show_count(survey, "vendor:amd", &survey->amd);
	count_nvidia_driver(survey);
	if (survey->amd.on_bus > 0)
		saw_value(survey->sightings, NODE_GPU_COUNT_DRIVER, "vendor:amd",
			  survey->amd.bound);
	if (survey->overflowed)
		saw_unknown(survey->sightings, NODE_PCI_CLASS, NULL,
			    "more than %d functions of interest; the rest was not looked at",
			    FUNCTIONS_MAXIMUM);
}

static const char *iommu_kind(const char *name)
{
	static const struct {
		const char *prefix, *kind;
	} kinds[] = {
		{ "dmar", "intel" }, { "ivhd", "amd" },      { "amd", "amd" },
		{ "smmu", "smmu" },  { "arm-smmu", "smmu" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_starts(span_of(name), kinds[i].prefix))
			return kinds[i].kind;
	return "other";
}

static void show_iommu(struct survey *survey)
{
	const char *const *names;
	struct error err = { 0 };
	size_t count = 0;

	if (host_list(survey->host, "/sys/class/iommu", survey->arena, &names, &count, &err))
		saw_state(survey->sightings, NODE_IOMMU, NULL,
			  count > 0 ? iommu_kind(names[0]) : "none");
	else if (err.code == ERROR_MISSING && host_kind(survey->host, "/sys/class") == HOST_FOLDER)
		saw_state(survey->sightings, NODE_IOMMU, NULL, "none");
	else
		saw_unknown(survey->sightings, NODE_IOMMU, NULL, "%s", err.text);
}

/* Takes up all functions of interest; false when the bus cannot be seen. */
static bool walk(struct survey *survey)
{
	const char *const *names;
	struct error err = { 0 };
	size_t name_count = 0, found;

	if (!host_list(survey->host, "/sys/bus/pci/devices", survey->arena, &names, &name_count,
		       &err)) {
		survey->nvidia.doubt = arena_string(survey->arena, span_of(err.text));
		survey->amd.doubt = survey->nvidia.doubt;
		return false;
	}
	survey->functions = ARENA_ARRAY(survey->arena, struct function, FUNCTIONS_MAXIMUM);
	for (size_t i = 0; i < name_count && !survey->overflowed; i++) {
		if (!pci_is_name(span_of(names[i])))
			continue;
		struct function *function = add(survey, span_of(names[i]));

		if (function && !classify(survey, function))
			survey->count--;
	}
	found = survey->count;
	if (survey->overflowed)
		survey->nvidia.doubt = survey->amd.doubt =
			"there are more functions of interest than are looked at";
	for (size_t i = 0; i < found; i++) {
		survey->nvidia.on_bus += survey->functions[i].kind == PCI_KIND_NVIDIA;
		survey->amd.on_bus += survey->functions[i].kind == PCI_KIND_AMD;
		place(survey, i);
	}
	return true;
}

static void observe(const struct probe_request *request, struct sightings *sightings)
{
	struct survey survey = {
		.host = request->host,
		.sightings = sightings,
		.arena = sightings->arena,
		.shares = request->shares,
	};

	(void)walk(&survey);
	for (size_t i = 0; i < survey.count; i++) {
		if (request->shares & (PROBE_QUICK | PROBE_FULL))
			look_at(&survey, &survey.functions[i]);
		if (request->shares & PROBE_COUNTERS)
			count(&survey, &survey.functions[i]);
	}
	if (request->shares & (PROBE_QUICK | PROBE_FULL))
		show_counts(&survey);
	if (request->shares & PROBE_FULL)
		show_iommu(&survey);
}

const struct probe probe_pci = {
	.name = "pci",
	.title = "PCI functions, their links and errors",
	.shares = PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS,
	.look = observe,
};
