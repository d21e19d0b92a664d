#include "report/inventory_parts.h"

#include <stdlib.h>
#include <string.h>

#include "report/json_parts.h"

/* A record of a section, with its place in it. */
struct listed {
	const struct record *record;
	unsigned place; /* of its measure in the section */
};

/* The whole node first, then device by device; of each in the order of the section. */
static int compare_listed(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	const char *x = a->record->subject.parts[SUBJECT_DEVICE];
	const char *y = b->record->subject.parts[SUBJECT_DEVICE];
	int order = !x || !y ? (x != NULL) - (y != NULL) : strcmp(x, y);

	return order ? order : (int)a->place - (int)b->place;
}

static size_t gather(const struct machine *machine, const struct inventory_section *section,
		     struct arena *arena, struct listed **ret_listed)
{
	const struct record *one;
	size_t count = 0, room = 0, at;
	struct listed *listed;

	for (unsigned i = 0; i < section->count; i++)
		room += machine->by[section->measures[i]].count;
	listed = ARENA_ARRAY(arena, struct listed, room);
	for (unsigned i = 0; i < section->count; i++) {
		at = 0;
		while ((one = machine_next(machine, section->measures[i], &at)))
			listed[count++] = (struct listed){ one, i };
	}
	if (count > 0)
		qsort(listed, count, sizeof(*listed), compare_listed);
	*ret_listed = listed;
	return count;
}

static void put_fact(struct json_writer *json, const struct record *record)
{
	json_open_object(json);
	json_pair_string(json, "what", record->what);
	json_key(json, record_says_names[record->says]);
	if (record->says == SAYS_VALUE) {
		json_put_number(json, record->value);
		json_pair_string(json, "unit", record->unit);
	} else {
		json_put_string(json, record->text);
	}
	json_close_object(json);
}

static bool same_device(const struct record *a, const struct record *b)
{
	const char *x = a->subject.parts[SUBJECT_DEVICE], *y = b->subject.parts[SUBJECT_DEVICE];

	return !x || !y ? x == y : strcmp(x, y) == 0;
}

static void put_section(struct json_writer *json, const struct machine *machine,
			const struct inventory_section *section, struct arena *arena)
{
	struct listed *listed;
	size_t count = gather(machine, section, arena, &listed);

	json_key(json, section->name);
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		const char *device = listed[i].record->subject.parts[SUBJECT_DEVICE];

		if (i == 0 || !same_device(listed[i - 1].record, listed[i].record)) {
			json_open_object(json);
			json_pair_string(json, "device", device);
			json_pair_string(json, "label", device_label(machine, device, arena));
			json_key(json, "facts");
			json_open_array(json);
		}
		put_fact(json, listed[i].record);
		if (i + 1 == count || !same_device(listed[i].record, listed[i + 1].record)) {
			json_close_array(json);
			json_close_object(json);
		}
	}
	json_close_array(json);
}

static void put_shape(struct json_writer *json, const struct machine *machine, struct arena *arena)
{
	struct shape_difference *differences;
	size_t count;

	json_key(json, "shape");
	if (!machine->shape) {
		json_put_null(json);
		return;
	}
	count = inventory_shape(machine, arena, &differences);
	json_open_object(json);
	json_pair_string(json, "model", machine->shape->model);
	json_pair_string(json, "source", machine->shape->source);
	json_key(json, "differences");
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		json_open_object(json);
		json_pair_string(json, "what", differences[i].what);
		json_pair_string(json, "device", differences[i].device);
		json_pair_string(json, "expected", differences[i].expected);
		json_pair_string(json, "is", differences[i].is);
		if (!differences[i].is)
			json_pair_string(json, "unknown", differences[i].why);
		json_close_object(json);
	}
	json_close_array(json);
	json_close_object(json);
}

static void put_drifts(struct json_writer *json, const struct inventory *inventory)
{
	json_key(json, "golden");
	if (!inventory->golden) {
		json_put_null(json);
		return;
	}
	json_open_object(json);
	json_pair_string(json, "node", inventory->golden->name);
	json_key(json, "differences");
	json_open_array(json);
	for (size_t i = 0; i < inventory->drift_count; i++) {
		const struct drift *one = &inventory->drifts[i];

		json_open_object(json);
		json_pair_string(json, "what", measures[one->measure].name);
		json_pair_string(json, "device", one->device);
		json_pair_string(json, "was", one->was);
		json_pair_string(json, "is", one->is);
		json_close_object(json);
	}
	json_close_array(json);
	json_close_object(json);
}

/* All that is unknown, whether a section has it or not. */
static void put_unknown(struct json_writer *json, const struct machine *machine)
{
	json_key(json, "unknown");
	json_open_array(json);
	for (size_t i = 0; i < machine->count; i++) {
		const struct record *one = machine->records[i];

		if (one->says != SAYS_UNKNOWN)
			continue;
		json_open_object(json);
		json_pair_string(json, "what", one->what);
		json_pair_string(json, "device", one->subject.parts[SUBJECT_DEVICE]);
		json_pair_string(json, "why", one->text);
		json_close_object(json);
	}
	json_close_array(json);
}

void inventory_write_json(const struct inventory *inventory, struct text *into)
{
	SCOPED_ARENA(arena);
	struct json_writer json = { .into = into, .indent = JSON_INDENT };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/inventory/v1");
	json_pair_string(&json, "version", ASSAY_VERSION);
	json_pair_string(&json, "node", inventory->machine->name);
	json_pair_string(&json, "provider", inventory->provider);
	json_pair_string(&json, "time", time_format(inventory->time, time));
	json_key(&json, "sections");
	json_open_object(&json);
	for (size_t i = 0; i < inventory_section_count; i++)
		put_section(&json, inventory->machine, &inventory_sections[i], &arena);
	json_close_object(&json);
	put_shape(&json, inventory->machine, &arena);
	put_drifts(&json, inventory);
	put_unknown(&json, inventory->machine);
	json_close_document(&json);
}
