#include "web/node_look.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"

enum {
	RECORDS_MAXIMUM = 20000, /* of one node that are judged at once */
	PERIODS_MAXIMUM = 200,
	REASON_MAXIMUM = 300,
};

static const char life_schema[] = "assay/node-period/v1";

const char *node_place_subject(const struct node_place *place, struct arena *arena)
{
	struct subject subject = { 0 };

	subject.parts[SUBJECT_PROVIDER] = place->provider;
	subject.parts[SUBJECT_CLUSTER] =
		place->cluster && place->cluster[0] != '\0' ? place->cluster : NULL;
	subject.parts[SUBJECT_NODE] = place->node;
	return subject_name(&subject, SUBJECT_NODE + 1, arena);
}

static bool is_of(const struct store_found *found, const struct node_place *place)
{
	return strcmp(found->party, place->party) == 0;
}

/* ---- the grid ---- */

struct briefs {
	struct node_brief *items;
	const char **subjects; /* of the records of each, until the grid is sorted */
	uint32_t count;
	bool is_partial;
};

static bool fits(const struct node_brief *brief, const struct node_place *place)
{
	return (!place->provider || strcmp(brief->provider, place->provider) == 0) &&
	       (!place->cluster || strcmp(brief->cluster, place->cluster) == 0) &&
	       (!place->node || strcmp(brief->node, place->node) == 0);
}

/* Takes what was found when it is a brief of the place. */
static bool take_brief(const struct store_found *found, const struct node_place *place,
		       struct arena *arena, struct briefs *briefs, struct error *err)
{
	struct node_brief brief;

	if (!is_of(found, place))
		return true;
	if (!node_brief_read(found->entry.line, "the store", arena, &brief, err))
		return false;
	if (!fits(&brief, place))
		return true;
	if (briefs->count == NODES_SHOWN_MAXIMUM) {
		briefs->is_partial = true;
		return true;
	}
	briefs->subjects[briefs->count] = arena_string(arena, span_of(found->entry.device));
	briefs->items[briefs->count++] = brief;
	return true;
}

static bool read_briefs(struct store *store, const struct node_place *place, struct arena *arena,
			struct briefs *ret_briefs, struct error *err)
{
	const struct store_query query = { .stream = STORE_LIVES, .what = NODE_BRIEF_WHAT };
	struct briefs briefs = {
		.items = ARENA_ARRAY(arena, struct node_brief, NODES_SHOWN_MAXIMUM),
		.subjects = ARENA_ARRAY(arena, const char *, NODES_SHOWN_MAXIMUM),
	};
	struct store_cursor *cursor;
	struct store_found found;
	bool more = true, fine;

	if (!store_newest(store, &query, &cursor, err))
		return false;
	do {
		fine = store_next(cursor, &found, &more, err) &&
		       (!more || take_brief(&found, place, arena, &briefs, err));
	} while (fine && more && !briefs.is_partial);
	store_cursor_close(cursor);
	*ret_briefs = briefs;
	return fine;
}

bool node_look_grid(struct store *store, const struct node_place *place, struct arena *arena,
		    struct node_grid *ret_grid, struct error *err)
{
	struct briefs briefs;

	if (!read_briefs(store, place, arena, &briefs, err))
		return false;
	/* Once so that those of a cluster stand together, and again by what is said of it. */
	node_grid_sort(briefs.items, briefs.count);
	if (!node_racks_find(store, place->party, arena, briefs.items, briefs.count, err))
		return false;
	node_grid_sort(briefs.items, briefs.count);
	*ret_grid = (struct node_grid){
		.title = "Nodes",
		.nodes = briefs.items,
		.count = briefs.count,
		.is_partial = briefs.is_partial,
	};
	return true;
}

/* ---- life ---- */

static bool is_held(enum node_life life)
{
	return life == LIFE_DEPLOY || life == LIFE_BURN_IN || life == LIFE_QUARANTINE ||
	       life == LIFE_REPAIR;
}

/* A period of life, and whether somebody said it rather than the checks. */
struct said_period {
	struct node_period period;
	bool is_said;
};

static void write_period(const struct said_period *said, struct text *into)
{
	struct json_writer json = { .into = into };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", life_schema);
	json_pair_string(&json, "life", node_life_names[said->period.life]);
	json_pair_string(&json, "from", time_format(said->period.from, time));
	json_pair_string(&json, "reason", said->period.reason);
	json_pair_bool(&json, "said", said->is_said);
	json_close_object(&json);
}

static bool read_period(struct span line, struct arena *arena, struct said_period *ret_said,
			struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true }, { "life", NODE_SCALAR, true },
		{ "from", NODE_SCALAR, true },   { "reason", NODE_SCALAR, true },
		{ "said", NODE_SCALAR, true },
	};
	const struct node *map;

	if (!json_read(line, "the store", 0, arena, &map, err) ||
	    !node_expect(map, "the store", fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	if (!span_is(node_find(map, "schema")->text, life_schema) ||
	    !node_life_parse(node_find(map, "life")->text, &ret_said->period.life) ||
	    !time_parse(node_find(map, "from")->text, &ret_said->period.from))
		return node_fail(map, "the store", err, ERROR_INVALID,
				 "no period of a node's life");
	ret_said->period.reason = arena_string(arena, node_find(map, "reason")->text);
	ret_said->is_said = span_is(node_find(map, "said")->text, "true");
	return true;
}

struct said_periods {
	struct said_period *items;
	uint32_t count, room;
};

/* The newest periods of a node, newest first, as many as there is room for. */
static bool read_periods(struct store *store, const struct node_place *place, struct arena *arena,
			 struct said_periods *periods, struct error *err)
{
	const struct store_query query = {
		.stream = STORE_LIVES,
		.subject = node_place_subject(place, arena),
		.what = NODE_LIFE_WHAT,
		.newest_first = true,
	};
	struct store_cursor *cursor;
	struct store_found found;
	bool more = true, fine;

	if (!store_find(store, &query, &cursor, err))
		return false;
	while ((fine = store_next(cursor, &found, &more, err)) && more &&
	       periods->count < periods->room) {
		if (!is_of(&found, place))
			continue;
		fine = read_period(found.entry.line, arena, &periods->items[periods->count++], err);
		if (!fine)
			break;
	}
	store_cursor_close(cursor);
	return fine;
}

/* ---- what comes in ---- */

bool node_place_append(struct store *store, const struct node_place *place,
		       struct store_entry entry, int64_t now, struct error *err)
{
	SCOPED_ARENA(arena);
	const struct store_batch batch = { .stream = STORE_LIVES,
					   .party = place->party,
					   .time = now,
					   .entries = &entry,
					   .count = 1 };
	struct store_receipt receipt;

	entry.subject = node_place_subject(place, &arena);
	entry.time = now;
	entry.value = (double)NAN;
	return store_append(store, &batch, &receipt, err);
}

static bool append_period(struct store *store, const struct node_place *place,
			  const struct said_period *said, int64_t now, struct error *err)
{
	SCOPED_TEXT(line);

	write_period(said, &line);
	return node_place_append(
		store, place,
		(struct store_entry){ .line = text_span(&line), .what = NODE_LIFE_WHAT }, now, err);
}

bool node_look_say(struct store *store, const struct node_place *place, enum node_life life,
		   const char *reason, int64_t now, struct error *err)
{
	const struct said_period said = {
		.period = { .life = life, .from = now, .reason = reason },
		.is_said = true,
	};

	return append_period(store, place, &said, now, err);
}

/* The names of the checks that decide, for the reason of a change. */
static const char *reason_of(const struct checkup *checkup, struct arena *arena)
{
	SCOPED_TEXT(text);

	for (size_t i = 0; i < checkup->line_count && text.length < REASON_MAXIMUM; i++)
		if (checkup->lines[i].worst == checkup->gate && checkup->gate != VERDICT_PASS)
			text_format(&text, "%s%s", text.length > 0 ? ", " : "",
				    checkup->lines[i].entry->name);
	return text.length > 0 ? arena_format(arena, "%s: %s", verdict_names[checkup->gate],
					      text_string(&text))
			       : "every check passed";
}

static const char *part_or_empty(const struct subject *subject, enum subject_part part)
{
	return subject->parts[part] ? subject->parts[part] : "";
}

static struct check_input input_of(const struct evidence_set *set, const struct node_moment *moment,
				   struct arena *arena)
{
	const struct record **records = ARENA_ARRAY(arena, const struct record *, set->count + 1);
	struct check_input input = {
		.records = records,
		.count = set->count,
		.handbook = moment->handbook,
		.today = date_from_unix(moment->now),
		.not_before = DATE_NONE,
	};

	for (size_t i = 0; i < set->count; i++)
		records[i] = &set->records[i];
	check_prepare(&input, arena);
	return input;
}

/* Whether an entry of the node counts beside a look at it: of a measure that was taken now only
 * what was taken now, so that a device that is gone says nothing more. */
static bool counts_beside(const struct machine *look, const struct store_entry *entry)
{
	enum measure measure;

	if (!measure_find(entry->what, &measure) || look->by[measure].count == 0)
		return true;
	for (uint32_t i = 0; i < look->by[measure].count; i++)
		if (entry->id &&
		    strcmp(look->records[look->by[measure].first + i]->id, entry->id) == 0)
			return true;
	return false;
}

/* The newest of each measure and device that the party has of the subject; with a look, what counts
 * beside it. */
static bool load_records(struct store *store, const char *party, const char *subject,
			 const struct machine *look, struct evidence_set *set, struct error *err)
{
	const struct store_query query = { .stream = STORE_NODES, .subject = subject };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	size_t count = 0;
	bool more = true, good = store_newest(store, &query, &cursor, err);
	SCOPED_TEXT(lines);

	while (good && more && count < RECORDS_MAXIMUM) {
		good = store_next(cursor, &found, &more, err);
		if (!good || !more || !found.party || strcmp(found.party, party) != 0 ||
		    strcmp(found.entry.subject, subject) != 0 ||
		    (look && !counts_beside(look, &found.entry)))
			continue;
		text_add_span(&lines, found.entry.line);
		text_add_char(&lines, '\n');
		count++;
	}
	store_cursor_close(cursor);
	return good && evidence_set_add_lines(set, text_span(&lines), "the store", err) &&
	       evidence_set_finish(set, err);
}

/* Where the node stands now: held where its keeper put it, and in quarantine until a look sees that
 * it is well, which one that could not tell does not. */
static enum node_life life_after(const struct said_period *before, enum node_life seen)
{
	if (before->is_said && is_held(before->period.life))
		return before->period.life;
	return before->period.life == LIFE_QUARANTINE && seen == LIFE_UNKNOWN ? LIFE_QUARANTINE
									      : seen;
}

/* Judges one machine with what else is known of it, so that a look at a part of it leaves what the
 * others saw, and notes what it came to. */
static bool note_machine(struct store *store, const char *party, const struct machine *look,
			 const struct node_moment *moment, struct arena *arena, struct error *err)
{
	const struct subject *subject = &look->records[0]->subject;
	const char *name = subject_name(subject, SUBJECT_NODE + 1, arena);
	const int64_t now = moment->now;
	struct node_brief brief = {
		.provider = part_or_empty(subject, SUBJECT_PROVIDER),
		.cluster = part_or_empty(subject, SUBJECT_CLUSTER),
		.node = part_or_empty(subject, SUBJECT_NODE),
		.rack = "",
		.time = now,
	};
	const struct node_place place = { party, brief.provider, brief.cluster, brief.node };
	struct said_period before = { 0 };
	struct said_periods newest = { .items = &before, .room = 1 };
	struct checkup checkup;
	SCOPED_EVIDENCE(known);
	SCOPED_TEXT(line);

	if (!load_records(store, party, name, look, &known, err))
		return false;
	if (!node_look_judge(&known, moment, arena, &checkup))
		return fail(err, ERROR_INVALID, "there is no record of the node '%s'", name);
	node_brief_of(&checkup, &brief);
	if (!read_periods(store, &place, arena, &newest, err))
		return false;
	if (newest.count > 0)
		brief.life = life_after(&before, brief.life);
	if (newest.count == 0 || before.period.life != brief.life) {
		const struct said_period change = {
			.period = { .life = brief.life,
				    .from = now,
				    .reason = reason_of(&checkup, arena) },
		};

		if (!append_period(store, &place, &change, now, err))
			return false;
	}
	node_brief_write(&brief, &line);
	return node_place_append(store, &place,
				 (struct store_entry){
					 .line = text_span(&line),
					 .what = NODE_BRIEF_WHAT,
					 .device = name,
				 },
				 now, err);
}

bool node_look_note(struct store *store, const char *party, const struct evidence_set *set,
		    const struct node_moment *moment, struct error *err)
{
	SCOPED_ARENA(arena);
	struct check_input input = input_of(set, moment, &arena);

	for (size_t i = 0; i < input.machine_count; i++) {
		if (!note_machine(store, party, &input.machines[i], moment, &arena, err))
			return false;
	}
	return true;
}

/* ---- one node ---- */

bool node_look_records(struct store *store, const char *party, const char *subject,
		       struct evidence_set *set, struct error *err)
{
	return load_records(store, party, subject, NULL, set, err);
}

bool node_look_judge(const struct evidence_set *set, const struct node_moment *moment,
		     struct arena *arena, struct checkup *ret_checkup)
{
	struct check_input input = input_of(set, moment, arena);

	if (input.machine_count == 0)
		return false;
	input.machine = &input.machines[0];
	checkup_run(&input, PROFILE_FULL, NULL, arena, ret_checkup);
	return true;
}

static bool load_life(struct store *store, const struct node_place *place, struct arena *arena,
		      struct node_view *view, struct error *err)
{
	struct said_periods periods = {
		.items = ARENA_ARRAY(arena, struct said_period, PERIODS_MAXIMUM),
		.room = PERIODS_MAXIMUM,
	};
	struct node_period *life;

	if (!read_periods(store, place, arena, &periods, err))
		return false;
	life = ARENA_ARRAY(arena, struct node_period, periods.count + 1);
	for (uint32_t i = 0; i < periods.count; i++)
		life[i] = periods.items[periods.count - 1 - i].period;
	view->life = life;
	view->life_count = periods.count;
	return true;
}

void node_look_release(struct node_look *look)
{
	evidence_set_release(&look->records);
}

bool node_look_at(struct store *store, const struct node_place *place,
		  const struct node_moment *moment, struct arena *arena, struct node_look *look,
		  struct error *err)
{
	struct node_view *view = &look->view;
	struct checkup *checkup;
	struct briefs briefs;

	if (!read_briefs(store, place, arena, &briefs, err))
		return false;
	*view = (struct node_view){ .now = moment->now };
	if (briefs.count == 0)
		return true;
	view->brief = &briefs.items[0];
	if (!node_racks_find(store, place->party, arena, briefs.items, 1, err) ||
	    !load_life(store, place, arena, view, err) ||
	    !node_look_records(store, place->party, briefs.subjects[0], &look->records, err))
		return false;
	checkup = ARENA_NEW(arena, struct checkup);
	if (!node_look_judge(&look->records, moment, arena, checkup))
		return true;
	view->checkup = checkup;
	node_look_curves(checkup->machine, moment->handbook, place, arena, view);
	return true;
}
