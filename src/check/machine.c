#include "check/machine.h"

#include <stdlib.h>
#include <string.h>

static enum measure measure_of(const struct record *record)
{
	enum measure measure;

	return measure_find(record->what, &measure) ? measure : MEASURE_COUNT;
}

static int compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static const char *node_of(const struct record *record)
{
	return record->subject.parts[SUBJECT_NODE];
}

static const char *device_of(const struct record *record)
{
	return record->subject.parts[SUBJECT_DEVICE];
}

/* A record with its measure looked up once. */
struct filed {
	const struct record *record;
	enum measure measure;
};

static int compare_parts(const struct record *a, const struct record *b)
{
	for (unsigned i = 0; i <= SUBJECT_NODE; i++) {
		int order = compare_text(a->subject.parts[i], b->subject.parts[i]);

		if (order)
			return order;
	}
	return 0;
}

/* By node, then measure, device, day, time; the id makes the order total. */
static int compare_filed(const void *left, const void *right)
{
	const struct filed *a = left, *b = right;
	int order = compare_parts(a->record, b->record);

	if (order)
		return order;
	if (a->measure != b->measure)
		return a->measure < b->measure ? -1 : 1;
	order = compare_text(device_of(a->record), device_of(b->record));
	if (order)
		return order;
	if (a->record->observed != b->record->observed)
		return a->record->observed < b->record->observed ? -1 : 1;
	if (a->record->time != b->record->time)
		return a->record->time < b->record->time ? -1 : 1;
	return compare_text(a->record->id, b->record->id);
}

/* The model that all GPUs of the machine have, NULL when they differ or one is not known. */
static const struct shape_row *find_shape(const struct machine *machine,
					  const struct handbook *handbook, struct arena *arena)
{
	const struct shape_row *shape = NULL;
	const struct record *one;
	size_t at = 0;

	while (handbook && (one = machine_next(machine, NODE_GPU_VENDOR, &at))) {
		const char *device = device_of(one);
		const char *pci = device ? device_pci(device, arena) : NULL;
		const char *id = pci ? machine_state(machine, NODE_PCI_ID, pci) : NULL;
		const char *colon = id ? strchr(id, ':') : NULL;
		const struct shape_row *found;
		unsigned number = 0;

		if (one->says != SAYS_STATE)
			return NULL;
		for (const char *c = colon ? colon + 1 : ""; *c; c++)
			number = 16 * number +
				 (unsigned)(*c <= '9' ? *c - '0' : (*c | 32) - 'a' + 10);
		found = handbook_shape(handbook, one->text, number & 0xffff,
				       machine_state(machine, NODE_GPU_NAME, device));
		if (!found || (shape && shape != found))
			return NULL;
		shape = found;
	}
	return shape;
}

/* When the kernel started, in Unix time, by the records of the day; 0 when they do not say. */
static double find_boot(const struct filed *filed, size_t count, date_t day)
{
	double booted = 0.0;

	for (size_t i = 0; i < count; i++) {
		const struct record *record = filed[i].record;

		if (record->observed != day || record->says != SAYS_VALUE)
			continue;
		if (filed[i].measure == NODE_BOOTED)
			return record->value;
		if (filed[i].measure == NODE_UPTIME && record->time != 0)
			booted = (double)record->time - record->value;
	}
	return booted;
}

/* A message of the log is as old as it is, and belongs to the look all the same, when the kernel
 * that wrote it still runs. A second of slack is for rounding. */
static bool is_of_this_boot(const struct filed *filed, double booted)
{
	return measures[filed->measure].kind == MEASURE_TEXT && filed->record->time != 0 &&
	       (double)filed->record->time + 1.0 >= booted;
}

/* One machine of the sorted records [0, count), which are all of one node. */
static void make_machine(const struct filed *filed, size_t count, struct arena *arena,
			 struct machine *into)
{
	date_t newest = filed[0].record->observed;
	double booted;

	for (size_t i = 1; i < count; i++)
		if (filed[i].record->observed > newest)
			newest = filed[i].record->observed;
	booted = find_boot(filed, count, newest);
	*into = (struct machine){
		.name = node_of(filed[0].record),
		.observed = newest,
		.strength = STRENGTH_E4,
		.records = ARENA_ARRAY(arena, const struct record *, count),
	};
	for (size_t i = 0; i < count; i++) {
		const struct record *record = filed[i].record;

		if (record->observed != newest && !is_of_this_boot(&filed[i], booted))
			continue;
		if (into->by[filed[i].measure].count++ == 0)
			into->by[filed[i].measure].first = (uint32_t)into->count;
		if (record->strength < into->strength)
			into->strength = record->strength;
		into->records[into->count++] = record;
	}
}

void machines_make(const struct record *const *records, size_t count,
		   const struct handbook *handbook, struct arena *arena,
		   struct machine **ret_machines, size_t *ret_count)
{
	struct filed *filed = ARENA_ARRAY(arena, struct filed, count);
	size_t filed_count = 0, machine_count = 0, first = 0;
	struct machine *machines;

	for (size_t i = 0; i < count; i++) {
		enum measure measure = MEASURE_COUNT;

		if (strncmp(records[i]->what, "node.", 5) == 0 && node_of(records[i]))
			measure = measure_of(records[i]);
		if (measure != MEASURE_COUNT)
			filed[filed_count++] = (struct filed){ records[i], measure };
	}
	if (filed_count > 0)
		qsort(filed, filed_count, sizeof(*filed), compare_filed);
	for (size_t i = 0; i < filed_count; i++)
		if (i == 0 || compare_parts(filed[i - 1].record, filed[i].record) != 0)
			machine_count++;
	machines = ARENA_ARRAY(arena, struct machine, machine_count);
	machine_count = 0;
	for (size_t i = 1; i <= filed_count; i++) {
		if (i < filed_count && compare_parts(filed[first].record, filed[i].record) == 0)
			continue;
		make_machine(filed + first, i - first, arena, &machines[machine_count]);
		machines[machine_count].shape =
			find_shape(&machines[machine_count], handbook, arena);
		machine_count++;
		first = i;
	}
	*ret_machines = machines;
	*ret_count = machine_count;
}

/* The first record in the measure's range whose device is not before `device`, or, with `behind`,
 * the first that is behind it. */
static size_t find_edge(const struct machine *machine, enum measure measure, const char *device,
			bool behind)
{
	size_t low = machine->by[measure].first, high = low + machine->by[measure].count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_text(device_of(machine->records[middle]), device);

		if (order < 0 || (behind && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct record *machine_find(const struct machine *machine, enum measure measure,
				  const char *device)
{
	size_t end = find_edge(machine, measure, device, true);

	if (end == machine->by[measure].first || machine->by[measure].count == 0 ||
	    compare_text(device_of(machine->records[end - 1]), device) != 0)
		return NULL;
	return machine->records[end - 1];
}

const struct record *machine_next(const struct machine *machine, enum measure measure, size_t *at)
{
	size_t first = machine->by[measure].first, count = machine->by[measure].count;

	while (*at < count) {
		size_t i = first + (*at)++;

		if (measures[measure].kind == MEASURE_TEXT || *at == count ||
		    compare_text(device_of(machine->records[i]),
				 device_of(machine->records[i + 1])) != 0)
			return machine->records[i];
	}
	return NULL;
}

bool machine_value(const struct machine *machine, enum measure measure, const char *device,
		   double *ret_value)
{
	const struct record *one = machine_find(machine, measure, device);

	if (!one || one->says != SAYS_VALUE)
		return false;
	*ret_value = one->value;
	return true;
}

const char *machine_state(const struct machine *machine, enum measure measure, const char *device)
{
	const struct record *one = machine_find(machine, measure, device);

	return one && one->says == SAYS_STATE ? one->text : NULL;
}

bool machine_state_is(const struct machine *machine, enum measure measure, const char *device,
		      const char *word)
{
	const char *state = machine_state(machine, measure, device);

	return state && strcmp(state, word) == 0;
}

const char *machine_why_unknown(const struct machine *machine, enum measure measure,
				const char *device)
{
	const struct record *one = machine_find(machine, measure, device);

	return one && one->says == SAYS_UNKNOWN ? one->text : "nothing was recorded of it";
}

bool machine_rate(const struct machine *machine, enum measure counter, const char *device,
		  struct counter_rate *ret_rate)
{
	const struct record *now = machine_find(machine, counter, device), *before = NULL;
	struct counter_rate rate = { .now = now };

	if (!now || now->says != SAYS_VALUE)
		return false;
	for (size_t i = find_edge(machine, counter, device, false); !before; i++) {
		if (machine->records[i] == now)
			break;
		if (machine->records[i]->says == SAYS_VALUE)
			before = machine->records[i];
	}
	if (before && now->time > before->time && before->time != 0) {
		rate.before = before;
		rate.window_s = (double)(now->time - before->time);
		rate.rise = now->value >= before->value ? now->value - before->value : now->value;
	} else {
		rate.since_boot = true;
		rate.rise = now->value;
		if (!machine_value(machine, NODE_UPTIME, NULL, &rate.window_s) ||
		    rate.window_s <= 0)
			return false;
	}
	*ret_rate = rate;
	return true;
}
