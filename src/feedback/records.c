#include <string.h>

#include "feedback/rule.h"

/* Opinions as records of evidence. Every word in them is ours or the standard's: what customers
 * wrote stays with their answers. */

static const char *excerpt_of(const struct standard *standard, const struct opinion *opinion,
			      struct arena *arena)
{
	const struct criterion *criterion = &standard->criteria[opinion->criterion];
	SCOPED_TEXT(text);

	text_format(
		&text,
		"%u voice%s of weight %.2f, %u of them proven and unflagged, %u by proof that the "
		"provider does not give out",
		opinion->voice_count, opinion->voice_count == 1 ? "" : "s", opinion->weight,
		opinion->proven_count, opinion->independent_count);
	if (opinion->says != SAYS_NOT_APPLICABLE)
		text_format(&text, "; worth %.3f, 90 %% interval %.3f to %.3f", opinion->worth,
			    opinion->low, opinion->high);
	for (uint32_t i = 0; i < criterion->answer_count; i++)
		text_format(&text, "%s %s %u", i ? "," : ";", criterion->answers[i].name,
			    opinion->tally[i]);
	return arena_string(arena, text_span(&text));
}

static struct record record_of(const struct standard *standard, const struct opinion *opinion,
			       date_t day, struct arena *arena)
{
	const struct criterion *criterion = &standard->criteria[opinion->criterion];
	struct record record = {
		.id = "feedback",
		.subject = opinion->subject,
		.what = criterion->id,
		.says = opinion->says,
		.text = opinion->text,
		.value = opinion->value,
		.unit = opinion->says == SAYS_VALUE ? criterion->unit : NULL,
		.kind = KIND_ANSWER,
		.strength = STRENGTH_E1,
		.observed = day,
		.expires = opinion->lapses,
		.due = DATE_NONE,
		.source = { .name = arena_format(arena, "customers of %s", opinion->provider),
			    .tool = "assay feedback",
			    .version = FEEDBACK_RULE },
		.excerpt = excerpt_of(standard, opinion, arena),
		.file = "feedback",
	};
	char hash[RECORD_HASH_TEXT];
	SCOPED_TEXT(scratch);

	/* Its name is what it says, so that the same opinion is the same record. */
	record_seal(&record, &scratch);
	record.id = arena_format(arena, "feedback.%s.%.16s", criterion->id,
				 hash_format(record.hash, hash) + strlen("sha256:"));
	record_seal(&record, &scratch);
	return record;
}

void opinions_records(const struct standard *standard, const struct opinions *opinions, date_t day,
		      struct arena *arena, struct record **ret_records, uint32_t *ret_count)
{
	struct record *records = ARENA_ARRAY(arena, struct record, opinions->count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < opinions->count; i++)
		if (opinions->items[i].settles)
			records[count++] = record_of(standard, &opinions->items[i], day, arena);
	*ret_records = records;
	*ret_count = count;
}
