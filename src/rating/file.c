#include <stdlib.h>
#include <string.h>

#include "rating/rule.h"

static struct filed file_record(const struct standard *standard, const struct record *record)
{
	int32_t criterion = standard_find_criterion(standard, span_of(record->what));
	size_t length = strlen(record->what);
	struct filed filed = { .record = record, .topic = TOPIC_OTHER };

	if (criterion >= 0) {
		filed.topic = TOPIC_CRITERION;
		filed.index = (uint32_t)criterion;
	} else if (strcmp(record->what, "share") == 0) {
		filed.topic = TOPIC_SHARE;
	} else if (strcmp(record->what, "volume") == 0) {
		filed.topic = TOPIC_VOLUME;
	} else if (strncmp(record->what, "price.", 6) == 0) {
		filed.topic = TOPIC_PRICE;
	} else if (length > 2 && strcmp(record->what + length - 2, ".*") == 0) {
		struct span category = { record->what, length - 2 };

		filed.topic = TOPIC_CATEGORY;
		filed.index = (uint32_t)standard_find_category(standard, category);
	}
	return filed;
}

/* By provider, then by id: records of a set have distinct ids. */
static int compare_filed(const void *a, const void *b)
{
	const struct record *left = ((const struct filed *)a)->record;
	const struct record *right = ((const struct filed *)b)->record;
	int order = strcmp(left->subject.parts[SUBJECT_PROVIDER],
			   right->subject.parts[SUBJECT_PROVIDER]);

	return order ? order : strcmp(left->id, right->id);
}

static uint32_t cut_folders(const struct filed *filed, uint32_t count, struct folder *folders)
{
	uint32_t cut = 0;

	for (uint32_t i = 0; i < count; i++) {
		const char *provider = filed[i].record->subject.parts[SUBJECT_PROVIDER];

		if (cut == 0 || strcmp(folders[cut - 1].provider, provider) != 0)
			folders[cut++] = (struct folder){ provider, &filed[i], 0 };
		folders[cut - 1].count++;
	}
	return cut;
}

void file_evidence(const struct rating_request *request, struct arena *arena,
		   struct folder **ret_folders, uint32_t *ret_count)
{
	const struct evidence_set *evidence = request->evidence;
	struct filed *filed = ARENA_ARRAY(arena, struct filed, evidence->count);
	uint32_t count = 0, providers = 0;

	for (size_t i = 0; i < evidence->count; i++) {
		const struct record *record = &evidence->records[i];
		const char *provider = record->subject.parts[SUBJECT_PROVIDER];

		if (!request->only || strcmp(provider, request->only) == 0)
			filed[count++] = file_record(request->standard, record);
	}
	if (count > 0)
		qsort(filed, count, sizeof(*filed), compare_filed);
	for (uint32_t i = 0; i < count; i++)
		providers +=
			i == 0 || strcmp(filed[i].record->subject.parts[SUBJECT_PROVIDER],
					 filed[i - 1].record->subject.parts[SUBJECT_PROVIDER]) != 0;
	*ret_folders = ARENA_ARRAY(arena, struct folder, providers);
	*ret_count = cut_folders(filed, count, *ret_folders);
}

bool record_counts(const struct rating_request *request, const struct record *record)
{
	if (record->observed > request->as_of)
		return false;
	if (!record->announced)
		return true;
	if (record->due == DATE_NONE)
		return request->undated;
	return request->arrived_by != DATE_NONE && record->due <= request->arrived_by;
}
