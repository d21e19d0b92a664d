#include "check/fabric/told.h"

#include <string.h>

static const struct word {
	const char *word;
	enum verdict verdict;
	const char *text, *action;
} words[] = {
	{ "agrees", VERDICT_PASS, "places nodes as they are cabled", NULL },
	{ "differs", VERDICT_WARN, "places nodes about as they are cabled",
	  "assay fabric lint says where it differs" },
	{ "contradicts", VERDICT_FAIL, "places nodes otherwise than they are cabled",
	  "make it anew from the fabric (assay fabric topology)" },
	{ "invalid", VERDICT_FAIL, "is one that Slurm refuses, or reads otherwise than it looks",
	  "assay fabric lint says at which line" },
};

static const struct word *find_word(const struct record *record)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (record->says == SAYS_STATE && strcmp(words[i].word, record->text) == 0)
			return &words[i];
	return NULL;
}

static void judge_file(const struct record *record, struct findings *found)
{
	const char *place = fabric_place_name(record, found->arena);
	const struct word *word = find_word(record);
	struct finding *finding;

	if (word)
		finding = findings_add(
			found, word->verdict, place, "the scheduler's file %s%s%.300s", word->text,
			record->excerpt ? ": " : "", record->excerpt ? record->excerpt : "");
	else
		finding = findings_add(found, VERDICT_UNKNOWN, place,
				       "whether the scheduler's file is true is not known: %s",
				       record->text);
	if (word)
		finding->action = word->action;
	finding_rests_on(finding, record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *record;
	size_t at = 0;

	while ((record = fabric_next(seen, FABRIC_PLACEMENT, &at)))
		judge_file(record, found);
}

CHECK(fabric_placement) = {
	.title = "The scheduler knows the fabric as it is cabled",
	.since = "0.1",
	.needs = "fabric.",
	.judge = judge,
};
