#include "report/node_brief.h"

#include <assert.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"

static const char schema[] = "assay/node/v1";

const char *const node_life_names[] = {
	[LIFE_UNKNOWN] = "unknown", [LIFE_DEPLOY] = "deploy", [LIFE_BURN_IN] = "burn-in",
	[LIFE_SERVE] = "serve",     [LIFE_WATCH] = "watch",   [LIFE_QUARANTINE] = "quarantine",
	[LIFE_REPAIR] = "repair",   [LIFE_RETURN] = "return",
};
static_assert(sizeof(node_life_names) / sizeof(node_life_names[0]) == LIFE_COUNT, "one for each");

bool node_life_parse(struct span name, enum node_life *ret_life)
{
	for (unsigned i = 0; i < LIFE_COUNT; i++) {
		if (!span_is(name, node_life_names[i]))
			continue;
		*ret_life = (enum node_life)i;
		return true;
	}
	return false;
}

static bool verdict_parse(struct span name, enum verdict *ret_verdict)
{
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		if (!span_is(name, verdict_names[i]))
			continue;
		*ret_verdict = (enum verdict)i;
		return true;
	}
	return false;
}

enum node_life node_life_of(const struct checkup *checkup)
{
	switch (checkup->gate) {
	case VERDICT_FAIL:
		return LIFE_QUARANTINE;
	case VERDICT_WARN:
		return LIFE_WATCH;
	case VERDICT_PASS:
		return LIFE_SERVE;
	case VERDICT_UNKNOWN:
	case VERDICT_NOT_APPLICABLE:
	case VERDICT_STALE:
	case VERDICT_COUNT:
		break;
	}
	return LIFE_UNKNOWN;
}

/* ---- rails ---- */

/* The addresses of the GPUs that the machine has, in their order. */
static uint32_t find_rails(const struct machine *machine, const char *devices[NODE_RAILS_MAXIMUM])
{
	uint32_t count = 0;

	for (size_t i = 0; i < machine->count && count < NODE_RAILS_MAXIMUM; i++) {
		const char *device = machine->records[i]->subject.parts[SUBJECT_DEVICE];
		uint32_t place = 0;

		if (!device || strncmp(device, "gpu:", 4) != 0 || strchr(device, '/'))
			continue;
		while (place < count && strcmp(devices[place], device) < 0)
			place++;
		if (place < count && strcmp(devices[place], device) == 0)
			continue;
		memmove(&devices[place + 1], &devices[place], (count - place) * sizeof(devices[0]));
		devices[place] = device;
		count++;
	}
	return count;
}

static void judge_rails(const struct checkup *checkup, struct node_brief *brief)
{
	const char *devices[NODE_RAILS_MAXIMUM + 1];

	brief->rail_count = find_rails(checkup->machine, devices);
	for (uint32_t i = 0; i < brief->rail_count; i++)
		brief->rails[i] = VERDICT_NOT_APPLICABLE;
	for (size_t i = 0; i < checkup->line_count; i++) {
		const struct checkup_line *line = &checkup->lines[i];

		for (size_t j = 0; j < line->count; j++) {
			const char *about = line->findings[j].about;
			struct span whole = about ? device_whole(about) : (struct span){ 0 };

			for (uint32_t rail = 0; about && rail < brief->rail_count; rail++)
				if (span_is(whole, devices[rail]))
					brief->rails[rail] = verdict_worse(
						brief->rails[rail], line->findings[j].verdict);
		}
	}
}

void node_brief_of(const struct checkup *checkup, struct node_brief *brief)
{
	brief->gate = checkup->gate;
	brief->life = node_life_of(checkup);
	brief->model = checkup->machine->shape ? checkup->machine->shape->model : "";
	memcpy(brief->counts, checkup->checks, sizeof(brief->counts));
	judge_rails(checkup, brief);
}

/* ---- as a line ---- */

void node_brief_write(const struct node_brief *brief, struct text *into)
{
	struct json_writer json = { .into = into };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", schema);
	json_pair_string(&json, "provider", brief->provider);
	json_pair_string(&json, "cluster", brief->cluster);
	json_pair_string(&json, "node", brief->node);
	json_pair_string(&json, "rack", brief->rack);
	json_pair_string(&json, "model", brief->model);
	json_pair_string(&json, "time", time_format(brief->time, time));
	json_pair_string(&json, "gate", verdict_names[brief->gate]);
	json_pair_string(&json, "life", node_life_names[brief->life]);
	json_key(&json, "checks");
	json_open_object(&json);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		json_pair_integer(&json, verdict_names[i], (int64_t)brief->counts[i]);
	json_close_object(&json);
	json_key(&json, "rails");
	json_open_array(&json);
	for (uint32_t i = 0; i < brief->rail_count; i++)
		json_put_string(&json, verdict_names[brief->rails[i]]);
	json_close_array(&json);
	json_close_object(&json);
}

struct reading {
	const char *file;
	struct arena *arena;
	struct error *err;
};

static const char *text_of(const struct reading *from, const struct node *map, const char *field)
{
	return arena_string(from->arena, node_find(map, field)->text);
}

static bool read_verdict(const struct reading *from, const struct node *node,
			 enum verdict *ret_verdict)
{
	return verdict_parse(node->text, ret_verdict) ||
	       node_fail(node, from->file, from->err, ERROR_INVALID, "'%.*s' is no verdict",
			 (int)(node->text.length < 40 ? node->text.length : 40), node->text.at);
}

static bool read_counts(const struct reading *from, const struct node *map,
			struct node_brief *brief)
{
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		const struct node *node = node_find(map, verdict_names[i]);
		uint64_t count;

		if (!node || !span_to_u64(node->text, &count) || count > NODE_CHECKS_MAXIMUM)
			return node_fail(map, from->file, from->err, ERROR_INVALID,
					 "checks: '%s' is not a number up to %d", verdict_names[i],
					 NODE_CHECKS_MAXIMUM);
		brief->counts[i] = (size_t)count;
	}
	return true;
}

static bool read_rails(const struct reading *from, const struct node *list,
		       struct node_brief *brief)
{
	if (list->count > NODE_RAILS_MAXIMUM)
		return node_fail(list, from->file, from->err, ERROR_LIMIT, "more than %d rails",
				 NODE_RAILS_MAXIMUM);
	brief->rail_count = list->count;
	for (uint32_t i = 0; i < list->count; i++)
		if (!read_verdict(from, &list->items[i], &brief->rails[i]))
			return false;
	return true;
}

bool node_brief_read(struct span line, const char *file, struct arena *arena,
		     struct node_brief *ret_brief, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },  { "provider", NODE_SCALAR, true },
		{ "cluster", NODE_SCALAR, true }, { "node", NODE_SCALAR, true },
		{ "rack", NODE_SCALAR, true },    { "model", NODE_SCALAR, true },
		{ "time", NODE_SCALAR, true },    { "gate", NODE_SCALAR, true },
		{ "life", NODE_SCALAR, true },    { "checks", NODE_MAP, true },
		{ "rails", NODE_LIST, true },
	};
	const struct reading from = { .file = file, .arena = arena, .err = err };
	struct node_brief brief = { 0 };
	const struct node *map;

	if (!json_read(line, file, 0, arena, &map, err) ||
	    !node_expect(map, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	if (!span_is(node_find(map, "schema")->text, schema))
		return node_fail(map, file, err, ERROR_UNSUPPORTED, "the schema is not %s", schema);
	if (!time_parse(node_find(map, "time")->text, &brief.time))
		return node_fail(node_find(map, "time"), file, err, ERROR_INVALID,
				 "time is not of the form 2026-01-31T08:00:00Z");
	if (!node_life_parse(node_find(map, "life")->text, &brief.life))
		return node_fail(node_find(map, "life"), file, err, ERROR_INVALID,
				 "life is none of the eight");
	brief.provider = text_of(&from, map, "provider");
	brief.cluster = text_of(&from, map, "cluster");
	brief.node = text_of(&from, map, "node");
	brief.rack = text_of(&from, map, "rack");
	brief.model = text_of(&from, map, "model");
	if (!read_verdict(&from, node_find(map, "gate"), &brief.gate) ||
	    !read_counts(&from, node_find(map, "checks"), &brief) ||
	    !read_rails(&from, node_find(map, "rails"), &brief))
		return false;
	*ret_brief = brief;
	return true;
}
