#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "rating/rule.h"

/* Step 2: which records decide a criterion, and what they say. */

const char *const state_names[] = {
	[STATE_UNSETTLED] = "unsettled",
	[STATE_STALE] = "stale",
	[STATE_WITHHELD] = "withheld",
	[STATE_CONFLICT] = "conflict",
	[STATE_SETTLED] = "settled",
	[STATE_NOT_APPLICABLE] = "not_applicable",
	[STATE_OUT_OF_PROFILE] = "out_of_profile",
};

bool state_is_settled(enum state state)
{
	return state == STATE_SETTLED || state == STATE_CONFLICT;
}

bool state_applies(enum state state)
{
	return state != STATE_NOT_APPLICABLE && state != STATE_OUT_OF_PROFILE;
}

struct list {
	const struct record **at;
	uint32_t count;
};

struct settling {
	const struct rating_request *request;
	const struct unit *unit;
	const struct criterion *criterion;
	struct check_input *seen; /* by the checks; of criteria that expire alike */
	int64_t seen_days;        /* after which those expire; -1: nothing is picked yet */
	struct arena *arena, *scratch;
};

static int compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int compare_places(const struct record *a, const struct record *b)
{
	int order = strcmp(a->source.name, b->source.name);

	for (unsigned i = 0; i < SUBJECT_PART_COUNT && order == 0; i++)
		order = compare_texts(a->subject.parts[i], b->subject.parts[i]);
	return order;
}

/* By source and subject, the latest first. */
static int compare_histories(const void *a, const void *b)
{
	const struct record *left = *(const struct record *const *)a;
	const struct record *right = *(const struct record *const *)b;
	int order = compare_places(left, right);

	if (order == 0)
		order = (left->observed < right->observed) - (left->observed > right->observed);
	return order ? order : (left > right) - (left < right);
}

/* Records lie in their set in the order of ids, so addresses order them. */
static int compare_ids(const void *a, const void *b)
{
	const struct record *left = *(const struct record *const *)a;
	const struct record *right = *(const struct record *const *)b;

	return (left > right) - (left < right);
}

static void drop_superseded(struct list *list)
{
	const struct record *latest = NULL;
	uint32_t kept = 0;

	qsort(list->at, list->count, sizeof(*list->at), compare_histories);
	for (uint32_t i = 0; i < list->count; i++) {
		const struct record *record = list->at[i];

		if (!latest || compare_places(latest, record) != 0)
			latest = record;
		if (record->observed == latest->observed)
			list->at[kept++] = record;
	}
	list->count = kept;
	qsort(list->at, kept, sizeof(*list->at), compare_ids);
}

static void keep_strongest(struct list *list)
{
	enum strength strongest = STRENGTH_E0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->count; i++)
		if (list->at[i]->strength > strongest)
			strongest = list->at[i]->strength;
	for (uint32_t i = 0; i < list->count; i++)
		if (list->at[i]->strength == strongest)
			list->at[kept++] = list->at[i];
	list->count = kept;
}

static bool answered_by_its_source(const struct list *list, const struct record *withheld)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->at[i]->says != SAYS_WITHHELD &&
		    strcmp(list->at[i]->source.name, withheld->source.name) == 0)
			return true;
	return false;
}

/* Whoever lists what was asked and answers it has withheld nothing. If a question is left that
 * its source did not answer, only that counts; else only the answers. */
static void weigh_withheld(struct list *list, struct arena *arena)
{
	const struct record **left = ARENA_ARRAY(arena, const struct record *, list->count);
	const struct record **answers = ARENA_ARRAY(arena, const struct record *, list->count);
	uint32_t left_count = 0, answer_count = 0;

	for (uint32_t i = 0; i < list->count; i++) {
		if (list->at[i]->says != SAYS_WITHHELD)
			answers[answer_count++] = list->at[i];
		else if (!answered_by_its_source(list, list->at[i]))
			left[left_count++] = list->at[i];
	}
	list->at = left_count > 0 ? left : answers;
	list->count = left_count > 0 ? left_count : answer_count;
}

/* Answers outweigh that the criterion would not apply. */
static void drop_not_applicable(struct list *list)
{
	uint32_t answers = 0, kept = 0;

	for (uint32_t i = 0; i < list->count; i++)
		answers += list->at[i]->says != SAYS_NOT_APPLICABLE;
	for (uint32_t i = 0; i < list->count && answers > 0; i++)
		if (list->at[i]->says != SAYS_NOT_APPLICABLE)
			list->at[kept++] = list->at[i];
	if (answers > 0)
		list->count = kept;
}

static void keep_most_specific(struct list *list)
{
	unsigned deepest = 0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->count; i++) {
		unsigned depth = subject_depth(&list->at[i]->subject, SUBJECT_UNIT_PARTS);

		if (depth > deepest)
			deepest = depth;
	}
	for (uint32_t i = 0; i < list->count; i++)
		if (subject_depth(&list->at[i]->subject, SUBJECT_UNIT_PARTS) == deepest)
			list->at[kept++] = list->at[i];
	list->count = kept;
}

static bool is_fresh(const struct settling *one, const struct record *record)
{
	if (record->announced)
		return true;
	if (record->expires != DATE_NONE)
		return one->request->as_of <= record->expires;
	return one->request->as_of - record->observed <= (int32_t)one->criterion->expiry_days;
}

/* Of `all` those that may decide the criterion: strong enough, and fresh or not as asked. */
static struct list pick(const struct settling *one, const struct list *all, bool fresh)
{
	struct list list = { ARENA_ARRAY(one->arena, const struct record *, all->count), 0 };
	bool arrived = false;

	for (uint32_t i = 0; i < all->count; i++)
		if (all->at[i]->strength >= one->criterion->strength &&
		    is_fresh(one, all->at[i]) == fresh) {
			list.at[list.count++] = all->at[i];
			arrived = arrived || all->at[i]->announced;
		}
	if (arrived) {
		uint32_t kept = 0;

		/* What has arrived is newer than all that is known of today. */
		for (uint32_t i = 0; i < list.count; i++)
			if (list.at[i]->announced)
				list.at[kept++] = list.at[i];
		list.count = kept;
	}
	return list;
}

static void set_range(struct settlement *into, uint16_t worth, bool first)
{
	if (first || worth < into->low)
		into->low = worth;
	if (first || worth > into->high)
		into->high = worth;
	into->point = into->low;
	into->state = into->low == into->high ? STATE_SETTLED : STATE_CONFLICT;
}

static void settle_by_answers(const struct settling *one, const struct list *list,
			      struct settlement *into)
{
	into->strength = list->at[0]->strength;
	for (uint32_t i = 0; i < list->count; i++) {
		uint16_t worth = 0;
		bool fits = criterion_worth(one->criterion, list->at[i], &worth);

		/* standard_accepts has refused what does not fit; nothing is worth 0 by default. */
		if (fits)
			set_range(into, worth, i == 0);
		if (list->at[i]->observed > into->observed)
			into->observed = list->at[i]->observed;
	}
}

static void settle_by_list(const struct settling *one, struct list *list, struct settlement *into)
{
	keep_strongest(list);
	drop_superseded(list);
	weigh_withheld(list, one->arena);
	drop_not_applicable(list);
	keep_most_specific(list);
	into->records = list->at;
	into->record_count = list->count;
	if (list->at[0]->says == SAYS_WITHHELD) {
		into->state = STATE_WITHHELD;
		into->high = WORTH_ONE;
		into->strength = list->at[0]->strength;
		into->reason = list->at[0]->text;
	} else if (list->at[0]->says == SAYS_NOT_APPLICABLE) {
		into->state = STATE_NOT_APPLICABLE;
		into->strength = list->at[0]->strength;
		into->reason = list->at[0]->text;
	} else {
		settle_by_answers(one, list, into);
	}
}

/* What a check's findings say together: one failure fails, one warning warns. */
static bool fold_findings(const struct findings *found, struct finding *ret_folded)
{
	static const enum verdict order[] = { VERDICT_FAIL, VERDICT_WARN, VERDICT_PASS };

	for (unsigned k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
		const struct finding *chosen = NULL;

		for (size_t i = 0; i < found->count; i++) {
			const struct finding *finding = &found->items[i];
			bool better;

			if (finding->verdict != order[k])
				continue;
			/* A failure is as strong as its strongest proof, a pass as its weakest; of
			 * equal warnings the worse counts. */
			better = chosen &&
				 (order[k] == VERDICT_PASS
					  ? finding->strength < chosen->strength
					  : finding->strength > chosen->strength ||
						    (finding->strength == chosen->strength &&
						     finding->absent && !chosen->absent));
			if (!chosen || better)
				chosen = finding;
		}
		if (chosen) {
			*ret_folded = *chosen;
			return true;
		}
	}
	return false;
}

static uint16_t finding_worth(const struct criterion *criterion, const struct finding *finding)
{
	if (finding->verdict == VERDICT_PASS)
		return WORTH_ONE;
	if (finding->verdict == VERDICT_FAIL || finding->absent)
		return 0;
	return criterion->answer_count > 1 ? criterion->answers[criterion->answer_count - 2].worth
					   : WORTH_ONE / 2;
}

/* What the checks of a criterion see: the records of the unit that are fresh enough for it. */
static const struct check_input *pick_for_checks(struct settling *one)
{
	struct check_input *seen = one->seen;
	const struct record **at;

	if (one->seen_days == one->criterion->expiry_days)
		return seen;
	at = ARENA_ARRAY(one->scratch, const struct record *, one->unit->record_count);
	seen->count = 0;
	for (uint32_t i = 0; i < one->unit->record_count; i++)
		if (record_counts(one->request, one->unit->records[i]) &&
		    is_fresh(one, one->unit->records[i]))
			at[seen->count++] = one->unit->records[i];
	seen->records = at;
	seen->not_before = one->request->as_of - (date_t)one->criterion->expiry_days;
	one->seen_days = one->criterion->expiry_days;
	return seen;
}

/* True when every source that withheld the answer has given evidence for the finding. */
static bool finding_answers(const struct finding *finding, const struct settlement *withheld)
{
	for (uint32_t i = 0; i < withheld->record_count; i++) {
		bool given = false;

		for (uint32_t k = 0; k < 4 && finding->evidence[k]; k++)
			given = given || strcmp(finding->evidence[k]->source.name,
						withheld->records[i]->source.name) == 0;
		if (!given)
			return false;
	}
	return true;
}

static void join_finding(const struct settling *one, const char *check,
			 const struct finding *finding, struct settlement *into)
{
	uint16_t worth = finding_worth(one->criterion, finding);
	bool known = into->state != STATE_UNSETTLED && into->state != STATE_STALE;
	bool alone = !known || finding->strength > into->strength;
	const struct record **at = ARENA_ARRAY(one->arena, const struct record *, 4);
	uint32_t count = 0;

	if (finding->strength < one->criterion->strength ||
	    (known && finding->strength < into->strength) ||
	    (into->state == STATE_WITHHELD && finding->strength == into->strength &&
	     !finding_answers(finding, into)))
		return;
	if (!alone && !state_is_settled(into->state))
		alone = true;
	while (count < 4 && finding->evidence[count]) {
		at[count] = finding->evidence[count];
		count++;
	}
	set_range(into, worth, alone);
	into->check = check;
	into->reason = arena_string(one->arena, span_of(finding->text));
	if (alone) {
		into->strength = finding->strength;
		into->observed = finding->observed;
		into->records = at;
		into->record_count = count;
	}
}

/* Most checks have nothing to say of most providers, in many words: those go with the check. */
static void settle_by_check(struct settling *one, const struct settlement_source *way,
			    const struct check_entry *entry, struct settlement *into)
{
	SCOPED_ARENA(arena);
	struct findings found = { .arena = &arena };
	struct finding folded;

	check_run(entry, pick_for_checks(one), &found);
	if (fold_findings(&found, &folded) && !(way->faults_only && folded.verdict == VERDICT_PASS))
		join_finding(one, entry->name, &folded, into);
}

static void settle_by_checks(struct settling *one, struct settlement *into)
{
	for (uint32_t i = 0; i < one->criterion->way_count; i++) {
		const struct settlement_source *way = &one->criterion->ways[i];
		const struct check_entry *entry =
			way->way == SETTLED_BY_CHECK ? check_find(way->name) : NULL;

		if (entry)
			settle_by_check(one, way, entry, into);
	}
}

static void settle(struct settling *one, const struct list *all, struct settlement *into)
{
	*into = (struct settlement){ .state = STATE_UNSETTLED, .observed = DATE_NONE };
	if (all->count > 0) {
		struct list fresh = pick(one, all, true);
		struct list stale = pick(one, all, false);

		if (fresh.count > 0) {
			settle_by_list(one, &fresh, into);
		} else if (stale.count > 0) {
			into->state = STATE_STALE;
			into->records = stale.at;
			into->record_count = stale.count;
		}
	}
	settle_by_checks(one, into);
}

/* What an unsettled criterion is presumed to be worth. */
static void presume(const struct standard *standard, struct unit *unit)
{
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		struct settlement *one = &unit->settlements[i];
		int32_t parent = standard->criteria[i].parent;

		if (one->state != STATE_UNSETTLED && one->state != STATE_STALE)
			continue;
		one->point = standard->presumption;
		one->low = 0;
		one->high = WORTH_ONE;
		if (parent >= 0 && (state_is_settled(unit->settlements[parent].state) ||
				    unit->settlements[parent].state == STATE_WITHHELD))
			one->point = unit->settlements[parent].point;
	}
}

/* The criteria that a record bears on in this unit: a range of the standard's, empty when none. */
static void find_range(const struct rating_request *request, const struct unit *unit,
		       const struct filed *filed, uint32_t *ret_first, uint32_t *ret_last)
{
	const struct category *category;

	*ret_first = *ret_last = 0;
	if ((filed->topic != TOPIC_CRITERION && filed->topic != TOPIC_CATEGORY) ||
	    !record_counts(request, filed->record) ||
	    !subject_covers(&filed->record->subject, &unit->subject, SUBJECT_UNIT_PARTS))
		return;
	if (filed->topic == TOPIC_CRITERION) {
		*ret_first = filed->index;
		*ret_last = filed->index + 1;
		return;
	}
	category = &request->standard->categories[filed->index];
	*ret_first = category->criteria_first;
	*ret_last = category->criteria_first + category->criteria_count;
}

/* The unit's records by criterion; a withheld category stands with each of its criteria. */
static struct list *sort_records(const struct rating_request *request, const struct folder *folder,
				 struct arena *arena, const struct unit *unit)
{
	uint32_t criteria = request->standard->criterion_count, first, last;
	struct list *lists = ARENA_ARRAY(arena, struct list, criteria);

	for (uint32_t i = 0; i < folder->count; i++) {
		find_range(request, unit, &folder->filed[i], &first, &last);
		for (uint32_t c = first; c < last; c++)
			lists[c].count++;
	}
	for (uint32_t c = 0; c < criteria; c++) {
		lists[c].at = ARENA_ARRAY(arena, const struct record *, lists[c].count);
		lists[c].count = 0;
	}
	for (uint32_t i = 0; i < folder->count; i++) {
		find_range(request, unit, &folder->filed[i], &first, &last);
		for (uint32_t c = first; c < last; c++)
			lists[c].at[lists[c].count++] = folder->filed[i].record;
	}
	return lists;
}

/* The nodes that were looked at, for all checks of the unit. */
static struct check_input find_nodes(const struct rating_request *request, struct arena *arena,
				     const struct unit *unit)
{
	const struct record **at = ARENA_ARRAY(arena, const struct record *, unit->record_count);
	struct check_input nodes = { .records = at,
				     .handbook = request->handbook,
				     .today = request->as_of };

	for (uint32_t i = 0; i < unit->record_count; i++)
		if (unit->records[i]->subject.parts[SUBJECT_NODE] &&
		    record_counts(request, unit->records[i]))
			at[nodes.count++] = unit->records[i];
	check_prepare(&nodes, arena);
	return nodes;
}

void settle_unit(const struct rating_request *request, const struct folder *folder,
		 struct arena *arena, struct unit *unit)
{
	const struct standard *standard = request->standard;
	SCOPED_ARENA(scratch);
	struct list *lists = sort_records(request, folder, &scratch, unit);
	struct check_input seen = find_nodes(request, &scratch, unit);
	struct settling one = { .request = request,
				.unit = unit,
				.seen = &seen,
				.seen_days = -1,
				.arena = arena,
				.scratch = &scratch };

	unit->settlements = ARENA_ARRAY(arena, struct settlement, standard->criterion_count);
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		struct settlement *into = &unit->settlements[i];

		one.criterion = &standard->criteria[i];
		if (request->profile >= 0 &&
		    !(one.criterion->profiles & (1u << request->profile))) {
			*into = (struct settlement){ .state = STATE_OUT_OF_PROFILE,
						     .observed = DATE_NONE };
			continue;
		}
		settle(&one, &lists[i], into);
	}
	presume(standard, unit);
}
