#include "evidence/record.h"
#include "report/fabric_parts.h"

static const struct source tool = {
	.name = "assay fabric describe",
	.tool = "assay",
	.version = ASSAY_VERSION,
};

static struct record start_record(const struct fabric_view *view, const char *what,
				  struct arena *arena)
{
	char day[DATE_TEXT_SIZE];
	struct record record = {
		.subject = view->subject,
		.what = what,
		.kind = KIND_MEASUREMENT,
		.strength = STRENGTH_E1,
		.time = view->time,
		.observed = date_from_unix(view->time),
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.source = tool,
	};
	const char *of = record.subject.parts[SUBJECT_CLUSTER];

	if (!of)
		of = record.subject.parts[SUBJECT_PROVIDER];
	record.id = arena_format(arena, "%.60s-fabric-%s-%lld-%s", of,
				 date_format(record.observed, day), (long long)view->time, what);
	return record;
}

/* Nodes that reach each other on a rail through one switch: the middle of the leaf groups, so that
 * a last group which is half full does not stand for all. */
static void add_rail_group(const struct fabric_view *view, struct arena *arena, struct text *into)
{
	const struct layout *layout = view->layout;
	const struct layout_fabric *fabric = layout->fabrics;
	SCOPED_TEXT(scratch);
	struct record record;

	if (layout->fabric_count == 0 || fabric->group_count == 0 || layout->is_partial)
		return;
	record = start_record(view, "networking.rail-group", arena);
	record.says = SAYS_VALUE;
	record.value = fabric->group_middle;
	record.unit = "nodes";
	record.excerpt = arena_format(
		arena, "%s fabric of %u hosts: %u leaf groups of %u to %u hosts, middle %u",
		layout_style_names[fabric->style], fabric->host_count, fabric->group_count,
		fabric->group_least, fabric->group_most, fabric->group_middle);
	record_seal(&record, &scratch);
	record_write(&record, true, into);
	text_add_char(into, '\n');
}

void fabric_write_records(const struct fabric_view *view, struct arena *arena, struct text *into)
{
	add_rail_group(view, arena, into);
}
