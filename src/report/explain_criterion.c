#include "base/json.h"
#include "report/explain.h"
#include "report/phrase.h"

static const char *says_cell(const struct record *record, bool with_what, struct arena *arena)
{
	const char *says = record->says == SAYS_TEXT ? "" : record_text(record, arena);

	if (!with_what)
		return says;
	return arena_format(arena, "%s%s%s", record->what, says[0] != '\0' ? ": " : "", says);
}

/* "crusoe: a review, announced for 2025-06-30: the words" */
static const char *source_cell(const struct record *record, struct arena *arena)
{
	const char *words = record->excerpt ? record->excerpt : "";
	char due[DATE_TEXT_SIZE];
	SCOPED_TEXT(cell);

	text_format(&cell, "%s: %s", subject_name(&record->subject, SUBJECT_PART_COUNT, arena),
		    record->source.name);
	if (record->announced)
		text_add(&cell, ", announced");
	if (record->due != DATE_NONE)
		text_format(&cell, " for %s", date_format(record->due, due));
	if (record->says == SAYS_TEXT)
		words = record->text;
	if (words[0] != '\0')
		text_format(&cell, ": %s", words);
	return arena_string(arena, text_span(&cell));
}

void records_table_add(const struct page *page, const struct record *const *records, size_t count,
		       bool with_what)
{
	static const struct column columns[] = {
		{ .title = "record" },
		{ .title = "says" },
		{ .title = "observed" },
		{ .title = "strength" },
		{ .title = "about whom, source and words" },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	table.indent = 2;
	for (size_t i = 0; i < count; i++) {
		char day[DATE_TEXT_SIZE];

		table_cell(&table, records[i]->id);
		table_cell(&table, says_cell(records[i], with_what, arena));
		table_cell(&table,
			   arena_string(arena, span_of(date_format(records[i]->observed, day))));
		table_cell(&table, strength_names[records[i]->strength]);
		table_cell(&table, source_cell(records[i], arena));
	}
	page_table(page, &table);
}

static void add_answers(const struct page *page, const struct criterion *criterion,
			const struct settlement *settlement)
{
	static const struct column columns[] = {
		{ .title = "" },
		{ .title = "answer" },
		{ .title = "worth", .right = true },
		{ .title = "means" },
	};
	TABLE(table, columns, page->arena);
	char number[32];

	table.indent = 2;
	for (uint32_t i = criterion->answer_count; i-- > 0;) {
		const struct answer *answer = &criterion->answers[i];
		bool here = settlement && settlement->state == STATE_SETTLED &&
			    settlement->point == answer->worth;

		table_cell(&table, here ? ">" : "");
		table_tinted(&table, here ? TINT_STRONG : TINT_NONE, answer->name);
		table_cell(&table, worth_text(answer->worth, page->arena));
		table_cell(&table, answer->means);
	}
	for (uint32_t i = 0; i < criterion->point_count; i++) {
		const struct measure_point *point = &criterion->points[i];

		table_cell(&table, "");
		table_cell(&table,
			   arena_format(page->arena, "%s %s", number_format(point->at, number),
					criterion->unit ? criterion->unit : ""));
		table_cell(&table, worth_text(point->worth, page->arena));
		table_cell(&table, "");
	}
	page_table(page, &table);
	if (criterion->point_count > 0)
		page_item(page, "a value between two of these is worth in proportion");
}

void criterion_add(const struct page *page, const struct standard *standard, uint32_t index,
		   const struct settlement *settlement)
{
	const struct criterion *criterion = &standard->criteria[index];
	const struct category *category = &standard->categories[criterion->category];
	int32_t gate = standard_gate_of(standard, index);

	add_answers(page, criterion, settlement);
	page_item(page, "why it matters: %s", criterion->why);
	page_item(page, "settled by: %s", ways_text(criterion, page->arena));
	page_item(page, "evidence: %s or stronger, not older than %u days",
		  strength_names[criterion->strength], criterion->expiry_days);
	page_item(page, "weight: %u in %s: %s", criterion->weight, category->id, criterion->reason);
	page_item(page, "effort to improve: %u of %u", criterion->effort, EFFORT_MAXIMUM);
	if (criterion->parent >= 0)
		page_item(page, "a detail of %s: presumed to be like it while nothing settles it",
			  standard->criteria[criterion->parent].id);
	if (criterion->not_applicable)
		page_item(page, "does not apply when %s", criterion->not_applicable);
	if (gate >= 0)
		page_item(page, "gate %s: caps at %s %s: %s", standard->gates[gate].id,
			  grade_names[standard->gates[gate].cap],
			  standard->gates[gate].silence == SILENCE_CAPS
				  ? "until it is shown"
				  : "when it is shown to fail",
			  standard->gates[gate].reason);
	if (criterion->vendor)
		page_item(page, "to the chip makers: %s", criterion->vendor);
	page_end_list(page);
}

/* What the state means for the score. */
static const char *standing_text(const struct explanation *explanation, uint32_t index,
				 struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct settlement *settlement = &explanation->unit->settlements[index];
	int32_t parent = standard->criteria[index].parent;
	const char *worth = worth_text(settlement->point, arena);

	switch (settlement->state) {
	case STATE_SETTLED:
		return arena_format(arena, "worth %s", worth);
	case STATE_CONFLICT:
		return arena_format(arena,
				    "worth %s, the lowest of %s to %s, as equally strong "
				    "evidence differs",
				    worth, worth_text(settlement->low, arena),
				    worth_text(settlement->high, arena));
	case STATE_WITHHELD:
		return "worth 0 %, as it was asked for and not shown";
	case STATE_UNSETTLED:
	case STATE_STALE:
		return arena_format(arena, "presumed to be worth %s%s%s, and open from 0 to 100 %%",
				    worth, parent >= 0 ? ", with regard to " : "",
				    parent >= 0 ? standard->criteria[parent].id : "");
	case STATE_NOT_APPLICABLE:
	case STATE_OUT_OF_PROFILE:
	case STATE_COUNT:
		break;
	}
	return "it leaves the sums";
}

/* Records about the criterion that do not decide it. */
static size_t others_about(const struct explanation *explanation, uint32_t index,
			   const struct record **others)
{
	const struct unit *unit = explanation->unit;
	const struct settlement *settlement = &unit->settlements[index];
	struct span id = span_of(explanation->rating->request.standard->criteria[index].id);
	size_t count = 0;

	for (uint32_t i = 0; i < unit->record_count; i++) {
		bool decides = false;

		if (!span_equal(span_of(unit->records[i]->what), id))
			continue;
		for (uint32_t j = 0; j < settlement->record_count && !decides; j++)
			decides = settlement->records[j] == unit->records[i];
		if (!decides)
			others[count++] = unit->records[i];
	}
	return count;
}

void criterion_view_add(const struct page *page, const struct explanation *explanation,
			uint32_t criterion)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct criterion *asked = &standard->criteria[criterion];
	const struct unit *unit = explanation->unit;
	const struct settlement *settlement = &unit->settlements[criterion];
	double leverage = criterion_leverage(standard, unit, criterion);
	const struct record **others =
		ARENA_ARRAY(page->arena, const struct record *, unit->record_count);
	size_t other_count = others_about(explanation, criterion, others);

	page_title(page, "%s, %s: %s", unit->name, asked->id, asked->title);
	page_paragraph(page, "%s", asked->question);
	page_item(page, "answer: %s", settlement_text(settlement, page->arena));
	page_item(page, "%s", standing_text(explanation, criterion, page->arena));
	page_item(page, "brings %s of at most %s points of the overall score",
		  decimal_text(leverage * settlement->point, 2, page->arena),
		  decimal_text(leverage * WORTH_ONE, 2, page->arena));
	if (settlement->check)
		page_item(page, "by check %s: %s", settlement->check,
			  settlement->reason ? settlement->reason : "");
	else if (settlement->reason)
		page_item(page, "reason: %s", settlement->reason);
	page_end_list(page);
	if (settlement->record_count > 0) {
		page_heading(page,
			     settlement->state == STATE_STALE ? "Too old to count" : "Decided by");
		records_table_add(page, settlement->records, settlement->record_count, false);
	}
	if (other_count > 0) {
		page_heading(page, "Does not decide: announced, older, weaker or less specific");
		records_table_add(page, others, other_count, false);
	}
	page_heading(page, "What is asked");
	criterion_add(page, standard, criterion, settlement);
}
