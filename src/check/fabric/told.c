#include "check/fabric/told.h"

#include <string.h>

static bool is_same(const char *one, const char *other)
{
	return one == other || (one && other && strcmp(one, other) == 0);
}

static bool is_about_the_same(const struct record *one, const struct record *other)
{
	for (unsigned i = 0; i < SUBJECT_PART_COUNT; i++)
		if (!is_same(one->subject.parts[i], other->subject.parts[i]))
			return false;
	return strcmp(one->what, other->what) == 0;
}

static bool is_newer(const struct record *one, const struct record *other)
{
	if (one->observed != other->observed)
		return one->observed > other->observed;
	if (one->time != other->time)
		return one->time > other->time;
	return strcmp(one->id, other->id) > 0;
}

static bool is_newest(const struct check_input *seen, const struct record *record)
{
	for (size_t i = 0; i < seen->count; i++)
		if (is_about_the_same(seen->records[i], record) &&
		    is_newer(seen->records[i], record))
			return false;
	return true;
}

const struct record *fabric_next(const struct check_input *seen, enum fabric_measure measure,
				 size_t *at)
{
	while (*at < seen->count) {
		const struct record *record = seen->records[(*at)++];

		if (strcmp(record->what, fabric_measures[measure].name) == 0 &&
		    is_newest(seen, record))
			return record;
	}
	return NULL;
}

void fabric_judge_each(const struct check_input *seen,
		       void (*judge_cluster)(const struct check_input *seen,
					     const struct record *whole, struct findings *found),
		       struct findings *found)
{
	const struct record *whole;
	size_t at = 0;

	while ((whole = fabric_next(seen, FABRIC_SEEN, &at)))
		judge_cluster(seen, whole, found);
}

bool fabric_value(const struct check_input *seen, enum fabric_measure measure,
		  const struct record *like, double *ret_value)
{
	struct record wanted = *like;
	const struct record *record;
	size_t at = 0;

	wanted.what = fabric_measures[measure].name;
	while ((record = fabric_next(seen, measure, &at))) {
		if (!is_about_the_same(record, &wanted))
			continue;
		if (record->says != SAYS_VALUE)
			return false;
		*ret_value = record->value;
		return true;
	}
	return false;
}

const char *fabric_place_name(const struct record *record, struct arena *arena)
{
	const char *cluster = record->subject.parts[SUBJECT_CLUSTER];
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	return arena_format(arena, "%s%s%s", cluster ? cluster : "", cluster && device ? "/" : "",
			    device ? device : "");
}

/* The newest record of one kind of fault of the cluster; NULL. */
static const struct record *find_fault(const struct check_input *seen, const struct record *whole,
				       enum layout_fault fault, struct arena *arena)
{
	struct record wanted = *whole;
	const struct record *record;
	size_t at = 0;

	wanted.what = fabric_measures[FABRIC_FAULT].name;
	wanted.subject.parts[SUBJECT_DEVICE] =
		arena_format(arena, "fault:%s", layout_fault_name(fault));
	while ((record = fabric_next(seen, FABRIC_FAULT, &at)))
		if (is_about_the_same(record, &wanted))
			return record;
	return NULL;
}

/* What is found of several kinds, together. */
struct tally {
	enum verdict verdict;
	const char *text, *action; /* NULL: none has it */
	const char *unknown;       /* why one is not known; NULL: all are */
	const struct record *evidence[4];
	unsigned evidence_count;
};

static void take_fault(struct tally *tally, const struct fabric_fault_row *row,
		       const struct record *record, struct arena *arena)
{
	bool is_known = record && record->says == SAYS_VALUE;

	if (!is_known && !tally->unknown)
		tally->unknown = record && record->says == SAYS_UNKNOWN ? record->text
									: "nothing is told of them";
	if (!is_known || !(record->value > 0))
		return;
	tally->text =
		arena_format(arena, "%s%s%.0f %s%s%s", tally->text ? tally->text : "",
			     tally->text ? "; " : "", record->value, layout_fault_name(row->fault),
			     record->excerpt ? ": " : "", record->excerpt ? record->excerpt : "");
	if (!tally->action || (row->verdict == VERDICT_FAIL && tally->verdict != VERDICT_FAIL))
		tally->action = layout_fault_action(row->fault);
	if (tally->verdict != VERDICT_FAIL)
		tally->verdict = row->verdict;
	if (tally->evidence_count < sizeof(tally->evidence) / sizeof(tally->evidence[0]))
		tally->evidence[tally->evidence_count++] = record;
}

struct finding *fabric_judge_faults(const struct check_input *seen, const struct record *whole,
				    const struct fabric_fault_row *rows, size_t count,
				    const char *none, struct findings *found)
{
	const char *place = fabric_place_name(whole, found->arena);
	struct tally tally = { .verdict = VERDICT_WARN };
	struct finding *finding;

	for (size_t i = 0; i < count; i++)
		take_fault(&tally, &rows[i], find_fault(seen, whole, rows[i].fault, found->arena),
			   found->arena);
	if (tally.text)
		finding = findings_add(found, tally.verdict, place, "%s", tally.text);
	else if (tally.unknown)
		finding = findings_add(found, VERDICT_UNKNOWN, place,
				       "no such fault was found, and more may be there: %s",
				       tally.unknown);
	else
		finding = findings_add(found, VERDICT_PASS, place, "%s", none);
	finding->action = tally.text      ? tally.action
			  : tally.unknown ? "let assay fabric describe see the fabric as a whole"
					  : NULL;
	for (unsigned i = 0; i < tally.evidence_count; i++)
		finding_rests_on(finding, tally.evidence[i]);
	if (tally.evidence_count == 0)
		finding_rests_on(finding, whole);
	return finding;
}
