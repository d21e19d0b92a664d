#include "cli/derived.h"

#include <string.h>

#include "check/claim/measured.h"
#include "check/settled.h"

static const struct source source = {
	.name = "assay test",
	.tool = "assay",
	.version = ASSAY_VERSION,
};

/* A rating holds a claim against a measurement with 5 % for rounding: what tolerates more, since it
 * is sold as a peak, and what is no promise is told by the finding alone. */
static const double tolerance_maximum = 0.05;

static bool is_rated(const struct claim *claim)
{
	const struct claim_row *row = &claim_rows[claim->kind];

	return row->unit && row->tolerance <= tolerance_maximum &&
	       !(claim->traps & (CLAIM_UP_TO | CLAIM_ABOUT));
}

/* "claim.storage-read.scratch": of a folder the name has the folder behind it. */
static const char *name_of(const struct claim *claim, struct arena *arena)
{
	SCOPED_TEXT(text);

	text_format(&text, "claim.%s", claim_rows[claim->kind].name);
	for (const char *c = claim->folder ? claim->folder : ""; *c; c++) {
		bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-';

		text_format(&text, "%c", is_plain ? *c : *c == '/' ? '.' : '-');
	}
	return arena_string(arena, text_span(&text));
}

/* What was sold is of the product, not of this node. */
static void add_sold(struct sightings *sightings, const struct claim *claim, const char *name,
		     struct arena *arena)
{
	struct record *record = sightings_add(sightings, name, NULL, SAYS_VALUE);

	record->subject.parts[SUBJECT_CLUSTER] = NULL;
	record->subject.parts[SUBJECT_NODE] = NULL;
	record->value = claim_promised(claim);
	record->unit = claim_rows[claim->kind].unit;
	record->kind = KIND_STATEMENT;
	record->strength = STRENGTH_E0;
	if (claim->day < record->observed)
		record->observed = claim->day;
	record->time = 0;
	record->source = (struct source){ .name = claim->source };
	record->excerpt = claim->sold_as
				  ? claim->sold_as
				  : arena_format(arena, "%.15g %s", claim->value, record->unit);
}

static void add_measured(struct sightings *sightings, const struct claim *claim, const char *name,
			 const struct delivered *delivered, struct arena *arena)
{
	const char *id = delivered->evidence[0] ? delivered->evidence[0]->id : "";
	struct record *record = sightings_add(sightings, name, NULL, SAYS_VALUE);

	record->value = delivered->value;
	record->unit = claim_rows[claim->kind].unit;
	record->source = source;
	record->excerpt = arena_format(arena, "%s; confidence %s; from %s", delivered->how,
				       confidence_names[delivered->confidence], id);
}

static void add_claims(struct node_look *look, struct arena *arena)
{
	const struct claims *claims = look->input.claims;

	for (size_t i = 0; claims && i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];
		const char *name = name_of(claim, arena);
		struct delivered delivered;

		if (!is_rated(claim))
			continue;
		claim_find_delivered(look->input.machine, claim, arena, &delivered);
		add_sold(&look->sightings, claim, name, arena);
		if (delivered.is_known &&
		    (!delivered.is_bound || claim_verdict(claim, &delivered) == VERDICT_FAIL))
			add_measured(&look->sightings, claim, name, &delivered, arena);
	}
}

static void add_settled(struct node_look *look, struct arena *arena)
{
	struct settled *settled;
	size_t count = settled_find(&look->input, arena, &settled);

	for (size_t i = 0; i < count; i++) {
		struct record *record = sightings_add(&look->sightings, settled[i].criterion, NULL,
						      settled[i].answer ? SAYS_ANSWER : SAYS_VALUE);

		record->text = settled[i].answer;
		record->value = settled[i].answer ? 0 : settled[i].value;
		record->unit = settled[i].unit;
		record->source = source;
		record->excerpt = settled[i].excerpt;
	}
}

void derived_add(struct node_look *look, struct arena *arena)
{
	add_settled(look, arena);
	add_claims(look, arena);
}
