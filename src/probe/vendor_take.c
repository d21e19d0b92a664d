#include "probe/vendor_take.h"

#include <stdio.h>
#include <string.h>

#include "probe/pci_function.h"
#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What can be on any board there is; beyond it a library made a mistake. Others are counters, from
 * 0 to what a double counts exactly. */
static const struct {
	enum measure measure;
	double least, most;
} bounds[] = {
	{ NODE_GPU_CLOCK, 0, 10000 },
	{ NODE_GPU_CLOCK_LIMIT, 0, 10000 },
	{ NODE_GPU_CLOCK_MAXIMUM, 0, 10000 },
	{ NODE_GPU_COUNT_LIBRARY, 0, 1024 },
	{ NODE_GPU_FABRIC_CLIQUE, 0, 4294967295.0 },
	{ NODE_GPU_INDEX, 0, 1024 },
	{ NODE_GPU_LINK_SPEED, 0, 1e13 },
	{ NODE_GPU_LINK_SYMBOL_BER, 0, 1 },
	{ NODE_GPU_MEMORY_TOTAL, 0, 1e15 },
	{ NODE_GPU_MEMORY_USED, 0, 1e15 },
	{ NODE_GPU_NUMA, 0, 4095 },
	{ NODE_GPU_PAGES_CORRECTED, 0, 1e6 },
	{ NODE_GPU_PAGES_THRESHOLD, 0, 1e6 },
	{ NODE_GPU_PAGES_UNCORRECTED, 0, 1e6 },
	{ NODE_GPU_PCIE_GENERATION, 1, 8 },
	{ NODE_GPU_PCIE_GENERATION_MAXIMUM, 1, 8 },
	{ NODE_GPU_PCIE_WIDTH, 0, 32 },
	{ NODE_GPU_PCIE_WIDTH_MAXIMUM, 1, 32 },
	{ NODE_GPU_POWER, 0, 20000 },
	{ NODE_GPU_POWER_LIMIT, 0, 20000 },
	{ NODE_GPU_POWER_LIMIT_DEFAULT, 0, 20000 },
	{ NODE_GPU_PROCESSES, 0, 100000 },
	{ NODE_GPU_PROCESS_MEMORY, 0, 1e15 },
	{ NODE_GPU_ROWS_BANKS_FULL, 0, 1e6 },
	{ NODE_GPU_ROWS_CORRECTED, 0, 1e6 },
	{ NODE_GPU_ROWS_UNCORRECTED, 0, 1e6 },
	{ NODE_GPU_TEMPERATURE, -50, 200 },
	{ NODE_GPU_TEMPERATURE_MARGIN, -200, 200 },
	{ NODE_GPU_TEMPERATURE_MEMORY, -50, 200 },
	{ NODE_GPU_TEMPERATURE_SLOWDOWN, -50, 200 },
	{ NODE_GPU_UTILISATION, 0, 100 },
};

static const double counter_most = 9e15;

/* Lines that are quoted when they make no sense. */
enum {
	QUOTED = 60,
};

struct line {
	char kind;
	struct span device;
	enum measure measure;
	struct span words;
};

/* Measures that a library may tell of. */
static bool is_ours(struct span name)
{
	return span_starts(name, "gpu.") || span_is(name, "cuda.driver");
}

static bool is_number(struct span text, uint64_t most)
{
	uint64_t number;

	return span_to_u64(text, &number) && number <= most;
}

/* A part of a GPU: what stands behind the slash. */
static bool is_part(struct span part)
{
	static const char *const kinds[] = { "link:", "pid:" };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t length = strlen(kinds[i]);

		if (span_starts(part, kinds[i]))
			return is_number((struct span){ part.at + length, part.length - length },
					 UINT32_MAX);
	}
	if (!span_starts(part, "block:") || part.length > 30)
		return false;
	for (size_t i = 6; i < part.length; i++)
		if (!(part.at[i] >= 'a' && part.at[i] <= 'z') && part.at[i] != '_' &&
		    !(part.at[i] >= '0' && part.at[i] <= '9'))
			return false;
	return part.length > 6;
}

static bool is_whole(struct span whole)
{
	if (span_starts(whole, "gpu:"))
		return pci_is_name((struct span){ whole.at + 4, whole.length - 4 });
	return span_starts(whole, "index:") &&
	       is_number((struct span){ whole.at + 6, whole.length - 6 }, VENDOR_GPUS_MAXIMUM - 1);
}

static bool is_device(struct span device, const char *library)
{
	struct span whole = SPAN("");

	if (span_is(device, "-") || span_is(device, library))
		return true;
	if (device.length >= VENDOR_NAME_SIZE || !span_cut(&device, '/', &whole))
		return false;
	return is_whole(whole) && (device.length == 0 || is_part(device));
}

static bool read_line(struct span text, const char *library, struct line *ret_line)
{
	struct span kind, name;
	struct line line;
	char full[80];

	if (!span_cut(&text, ' ', &kind) || kind.length != 1 ||
	    !span_cut(&text, ' ', &line.device) || !span_cut(&text, ' ', &name) ||
	    text.length == 0 || name.length > 60 || !is_ours(name))
		return false;
	(void)snprintf(full, sizeof(full), "node.%.*s", SPAN_ARGS(name));
	if (!measure_find(full, &line.measure) || !say_fits(kind.at[0], line.measure) ||
	    !is_device(line.device, library))
		return false;
	line.kind = kind.at[0];
	line.words = text;
	*ret_line = line;
	return true;
}

/* "g gpu:0000:19:00.0 0" */
static bool read_listed(struct span text, struct span *ret_name, unsigned *ret_index)
{
	struct span kind, name = SPAN("");
	uint64_t index;

	if (!span_cut(&text, ' ', &kind) || !span_is(kind, "g") || !span_cut(&text, ' ', &name) ||
	    !span_starts(name, "gpu:") || name.length >= VENDOR_NAME_SIZE || !is_whole(name) ||
	    !span_to_u64(text, &index) || index >= VENDOR_GPUS_MAXIMUM)
		return false;
	*ret_name = name;
	*ret_index = (unsigned)index;
	return true;
}

static void list_gpu(struct vendor_list *list, struct span name, unsigned index)
{
	for (size_t i = 0; i < list->count; i++)
		if (span_is(name, list->gpus[i].name))
			return;
	if (list->count == VENDOR_GPUS_MAXIMUM)
		return;
	memcpy(list->gpus[list->count].name, name.at, name.length);
	list->gpus[list->count].name[name.length] = '\0';
	list->gpus[list->count].index = index;
	list->count++;
}

/* Notes what decides about the others. */
static void note_fact(struct vendor_list *list, const struct line *line)
{
	uint64_t number;

	if (line->measure == NODE_GPU_COUNT_LIBRARY && span_to_u64(line->words, &number) &&
	    number <= VENDOR_GPUS_MAXIMUM)
		list->counted = (unsigned)number;
	if (line->measure != NODE_GPU_ANSWERS)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (span_is(line->device, list->gpus[i].name))
			list->gpus[i].is_told = true;
	if (span_starts(line->device, "index:") &&
	    span_to_u64((struct span){ line->device.at + 6, line->device.length - 6 }, &number) &&
	    number < VENDOR_GPUS_MAXIMUM)
		list->is_told[number] = true;
}

void vendor_list_read(const struct span *answers, size_t count, const char *library,
		      struct vendor_list *list)
{
	for (size_t i = 0; i < count; i++) {
		struct span name;
		struct line line;
		unsigned index;

		if (read_listed(answers[i], &name, &index))
			list_gpu(list, name, index);
		else if (read_line(answers[i], library, &line))
			note_fact(list, &line);
	}
}

static bool is_listed_index(const struct vendor_list *list, unsigned index)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->gpus[i].index == index)
			return true;
	return false;
}

static bool is_listed_address(const struct vendor_list *list, const char *address)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->gpus[i].name + strlen("gpu:"), address) == 0)
			return true;
	return false;
}

/* The address that is listed with the index or left over for it; NULL when that is not certain. */
static const char *find_address(const struct vendor_take *take, unsigned index)
{
	const char *found = NULL;
	unsigned addresses = 0, indexes = 0, place = 0;

	for (size_t i = 0; i < take->list->count; i++)
		if (take->list->gpus[i].index == index)
			return take->list->gpus[i].name + strlen("gpu:");
	for (unsigned i = 0; i < take->list->counted; i++) {
		if (is_listed_index(take->list, i))
			continue;
		if (i < index)
			place++;
		indexes++;
	}
	for (size_t i = 0; i < take->address_count; i++) {
		if (is_listed_address(take->list, take->addresses[i]))
			continue;
		/* Both are in the order of the bus. */
		if (addresses == place)
			found = take->addresses[i];
		addresses++;
	}
	return addresses == indexes ? found : NULL;
}

const char *vendor_resolve(const struct vendor_take *take, struct span device)
{
	struct arena *arena = take->sightings->arena;
	struct span part = device, whole = SPAN("");
	const char *address, *slash;
	uint64_t index = 0;

	if (span_is(device, "-"))
		return NULL;
	if (!span_starts(device, "index:"))
		return arena_string(arena, device);
	(void)span_cut(&part, '/', &whole);
	(void)span_to_u64((struct span){ whole.at + 6, whole.length - 6 }, &index);
	address = find_address(take, (unsigned)index);
	slash = part.length > 0 ? "/" : "";
	if (address)
		return arena_format(arena, "gpu:%s%s%.*s", address, slash, SPAN_ARGS(part));
	return arena_format(arena, "gpu:index:%u%s%.*s", (unsigned)index, slash, SPAN_ARGS(part));
}

static bool read_value(struct span words, double *ret_value)
{
	uint64_t whole;

	if (!span_to_u64(words, &whole))
		return span_to_double(words, ret_value);
	*ret_value = (double)whole;
	return true;
}

static void take_value(const struct vendor_take *take, const struct line *line, const char *device,
		       double value)
{
	double least = 0, most = counter_most;

	for (size_t i = 0; i < COUNT(bounds); i++) {
		if (bounds[i].measure != line->measure)
			continue;
		least = bounds[i].least;
		most = bounds[i].most;
	}
	if (value < least || value > most)
		saw_unknown(take->sightings, line->measure, device,
			    "rubbish: %.*s is not from %g to %g", SPAN_ARGS(line->words), least,
			    most);
	else
		saw_value(take->sightings, line->measure, device, value);
}

/* False for a line that is no fact. */
static bool take_line(const struct vendor_take *take, struct span text)
{
	struct sightings *sightings = take->sightings;
	struct line line;
	const char *device;
	double value = 0;

	if (!read_line(text, take->library, &line) ||
	    (line.kind == 'v' && !read_value(line.words, &value)))
		return false;
	device = vendor_resolve(take, line.device);
	switch (line.kind) {
	case 'v':
		take_value(take, &line, device, value);
		break;
	case 's':
		saw_state(sightings, line.measure, device,
			  arena_string(sightings->arena, line.words));
		break;
	case 't':
		saw_text(sightings, line.measure, device, line.words);
		break;
	default:
		saw_unknown(sightings, line.measure, device, "%.*s", SPAN_ARGS(line.words));
		break;
	}
	return true;
}

void vendor_take(const struct vendor_take *take, const struct span *answers, size_t count)
{
	struct span first = SPAN(""), name;
	size_t refused = 0;
	unsigned index;

	for (size_t i = 0; i < count; i++) {
		if (read_listed(answers[i], &name, &index) || take_line(take, answers[i]))
			continue;
		if (refused++ == 0)
			first = answers[i];
	}
	if (refused > 0)
		saw_unknown(take->sightings, NODE_GPU_CALL, take->library,
			    "%zu answers make no sense, the first: '%.*s'", refused,
			    (int)(first.length < QUOTED ? first.length : QUOTED), first.at);
}
