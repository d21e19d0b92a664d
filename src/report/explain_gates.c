#include "report/explain.h"
#include "report/phrase.h"

static const char *verdict_text(const struct gate *gate, enum gate_state state, struct arena *arena)
{
	switch (state) {
	case GATE_FAILED:
		return arena_format(arena, "failed: caps at %s", grade_names[gate->cap]);
	case GATE_SILENT:
		return arena_format(arena, "not shown: caps at %s", grade_names[gate->cap]);
	case GATE_OPEN:
		return arena_format(arena, "not known: would cap at %s", grade_names[gate->cap]);
	case GATE_PASSED:
	case GATE_AWAY:
	case GATE_STATE_COUNT:
		break;
	}
	return state == GATE_PASSED ? "passed" : "does not apply";
}

static void add_evidence(const struct page *page, const struct settlement *settlement)
{
	char day[DATE_TEXT_SIZE];

	for (uint32_t i = 0; i < settlement->record_count; i++) {
		const struct record *record = settlement->records[i];

		page_item(page, "  evidence %s: %s; %s, %s, %s%s%s%s", record->id,
			  record_text(record, page->arena), date_format(record->observed, day),
			  strength_names[record->strength], record->source.name,
			  record->excerpt ? ": \"" : "", record->excerpt ? record->excerpt : "",
			  record->excerpt ? "\"" : "");
	}
	if (settlement->check)
		page_item(page, "  check %s: %s", settlement->check,
			  settlement->reason ? settlement->reason : "");
	else if (settlement->reason)
		page_item(page, "  %s", settlement->reason);
}

static void add_holding(const struct page *page, const struct explanation *explanation,
			uint32_t index)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct gate *gate = &standard->gates[index];
	const struct criterion *criterion = &standard->criteria[gate->criterion];

	page_item(page, "%s: %s (%s; %s)",
		  verdict_text(gate, explanation->unit->gates[index], page->arena), gate->title,
		  criterion->id, gate->reason);
	add_evidence(page, &explanation->unit->settlements[gate->criterion]);
	page_item(page, "  lifted by: %s", gate->clears);
}

static const char *names_of(const struct explanation *explanation, enum gate_state state,
			    struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	SCOPED_TEXT(names);

	for (uint32_t i = 0; i < standard->gate_count; i++) {
		if (explanation->unit->gates[i] == state)
			text_format(&names, "%s%s", names.length > 0 ? ", " : "",
				    standard->gates[i].id);
	}
	return arena_string(arena, text_span(&names));
}

void gates_add(const struct page *page, const struct explanation *explanation)
{
	const struct standard *standard = explanation->rating->request.standard;
	const char *open = names_of(explanation, GATE_OPEN, page->arena);
	const char *passed = names_of(explanation, GATE_PASSED, page->arena);
	bool any = false;

	page_heading(page, "What caps the grade");
	for (uint32_t i = 0; i < standard->gate_count; i++) {
		enum gate_state state = explanation->unit->gates[i];

		if (state == GATE_FAILED || state == GATE_SILENT) {
			add_holding(page, explanation, i);
			any = true;
		}
	}
	if (!any)
		page_item(page, "no gate");
	if (open[0] != '\0')
		page_item(page, "not known, and would cap if they failed: %s", open);
	if (passed[0] != '\0')
		page_item(page, "passed: %s", passed);
	page_end_list(page);
}
