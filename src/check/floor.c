#include "check/floor.h"

#include <string.h>

#include "check/software.h"

/* "floors.tsv, runc 1.2: 1.2.8 (source)". */
static const char *name_bar(const struct floor_row *row, struct arena *arena)
{
	const char *is;

	if (row->end_of_life)
		is = "end of life";
	else if (row->floor)
		is = arena_format(arena, "%s or later", row->floor);
	else
		is = arena_format(arena, "not from %s to before %s",
				  row->from ? row->from : "the first",
				  row->before ? row->before : "a fix that is not out");
	return arena_format(arena, "%s (floors.tsv, %s %s%s%s; %s)", is, row->component,
			    strcmp(row->branch, "*") == 0 ? "any branch" : row->branch,
			    row->advisory[0] ? ", " : "", row->advisory, row->source);
}

static struct finding *say_below(const struct floor_question *question, const struct floor_row *row,
				 struct findings *found)
{
	const char *package =
		question->package ? arena_format(found->arena,
						 "; package %.80s is not listed as having the fix",
						 question->package)
				  : "";
	const char *advisory =
		row->advisory[0] ? arena_format(found->arena, " (%s)", row->advisory) : "";
	struct finding *finding;

	if (row->end_of_life) {
		finding = findings_add(
			found, VERDICT_FAIL, question->about,
			"%s %.60s: branch %s is at its end, no version of it has the "
			"fixes%s%s",
			question->label, question->version, row->branch, advisory, package);
		finding->action = "move to a branch that still gets fixes";
		return finding;
	}
	if (row->floor)
		finding = findings_add(found, VERDICT_FAIL, question->about,
				       "%s %.60s, %s or later expected%s%s", question->label,
				       question->version, row->floor, advisory, package);
	else
		finding = findings_add(found, VERDICT_FAIL, question->about,
				       "%s %.60s has a known flaw, mended in %s%s%s",
				       question->label, question->version,
				       row->before ? row->before : "no version", advisory, package);
	finding->action = arena_format(found->arena, "update to %s or later",
				       row->floor    ? row->floor
				       : row->before ? row->before
						     : "a version that has the fix");
	return finding;
}

static struct finding *say_met(const struct floor_question *question, const struct floor_row *row,
			       struct findings *found)
{
	int order = 0;
	bool is_packaged =
		row->floor &&
		version_compare(span_of(question->version), span_of(row->floor), &order) &&
		order < 0 && question->package;

	if (is_packaged)
		return findings_add(found, VERDICT_PASS, question->about,
				    "%s %.60s: package %.80s carries the fix of %s",
				    question->label, question->version, question->package,
				    row->floor);
	return findings_add(found, VERDICT_PASS, question->about, "%s %.60s, %s or later expected",
			    question->label, question->version, row->floor ? row->floor : "");
}

static struct finding *say(enum floor_state state, const struct floor_question *question,
			   const struct floor_row *row, struct findings *found)
{
	char day[DATE_TEXT_SIZE];

	switch (state) {
	case FLOOR_MET:
		return say_met(question, row, found);
	case FLOOR_BELOW:
		return say_below(question, row, found);
	case FLOOR_TABLE_EXPIRED:
		return findings_add(found, VERDICT_UNKNOWN, question->about,
				    "%s %.60s: the table of floors expired on %s, it no longer "
				    "says that this version is fit",
				    question->label, question->version,
				    date_format(row->expires, day));
	case FLOOR_UNKNOWN:
		break;
	}
	return findings_add(found, VERDICT_UNKNOWN, question->about,
			    "%s %.60s: no floor is known for this branch", question->label,
			    question->version);
}

struct finding *floor_find(const struct check_input *seen, const struct floor_question *question,
			   struct findings *found)
{
	const struct floor_row *row = NULL;
	enum floor_state state = FLOOR_UNKNOWN;
	struct finding *finding;

	if (seen->handbook)
		state = floor_judge(seen->handbook, question->component, span_of(question->version),
				    question->package, seen->today, &row);
	finding = say(state, question, row, found);
	if (row)
		finding->bar = name_bar(row, found->arena);
	finding_rests_on(finding, question->record);
	return finding_rests_on(finding, question->package_record);
}

struct finding *floor_find_software(const struct check_input *seen, const char *component,
				    const char *device, const char *label, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *record = machine_find(machine, NODE_SOFTWARE, device);
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);

	switch (item_presence(machine, (struct item){ NODE_SOFTWARE, device })) {
	case PRESENCE_UNKNOWN:
		return item_unknown(found, machine, NODE_SOFTWARE, device);
	case PRESENCE_ABSENT:
		if (container && strcmp(container, "none") != 0)
			return finding_rests_on(
				findings_add(found, VERDICT_UNKNOWN, NULL,
					     "%s is not in this container (%.20s), which says "
					     "nothing of the node: run it outside",
					     label, container),
				record);
		return finding_rests_on(findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
						     "%s is not installed", label),
					record);
	case PRESENCE_PRESENT:
		break;
	}
	if (!software_version(machine, device))
		return item_unknown(found, machine, NODE_SOFTWARE, device);
	return floor_find(
		seen,
		&(struct floor_question){
			.component = component,
			.label = label,
			.version = record->text,
			.package = machine_state(machine, NODE_SOFTWARE_PACKAGE, device),
			.record = record,
			.package_record = machine_find(machine, NODE_SOFTWARE_PACKAGE, device),
		},
		found);
}
