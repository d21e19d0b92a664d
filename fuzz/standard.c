/*
 * Whatever the bytes, cut into at most three files at lines of "====", standard_load gives a
 * standard that keeps what a rating relies on and that can be linted, or an error that is one
 * line of text.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "standard/standard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	FILES = 3,
};

static const char separator[] = "\n====\n";

/* Where the next separator starts; the end when there is none. */
static size_t find_separator(struct span text)
{
	size_t length = sizeof(separator) - 1;

	for (size_t i = 0; i + length <= text.length; i++)
		if (memcmp(text.at + i, separator, length) == 0)
			return i;
	return text.length;
}

static size_t cut(struct span text, struct standard_file files[static FILES])
{
	static const char *const names[FILES] = { "a/head.yaml", "b/grades.yaml",
						  "c/criteria.yaml" };
	size_t count = 0;

	while (count < FILES) {
		size_t length = count < FILES - 1 ? find_separator(text) : text.length;

		files[count].name = names[count];
		files[count++].text = (struct span){ .at = text.at, .length = length };
		if (length == text.length)
			break;
		length += sizeof(separator) - 1;
		text = (struct span){ .at = text.at + length, .length = text.length - length };
	}
	return count;
}

static void check_error(const struct error *err)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(err->text[0] != '\0' && span_is_utf8(span_of(err->text), NULL));
	assert(!strchr(err->text, '\n'));
	(void)err;
}

static void check_worths(const struct criterion *one)
{
	struct record record = { .says = SAYS_VALUE, .unit = one->unit };
	uint16_t worth = 0;

	for (uint32_t i = 1; i < one->answer_count; i++)
		assert(one->answers[i].worth > one->answers[i - 1].worth);
	for (uint32_t i = 0; one->unit && i < one->point_count; i++) {
		bool good;

		record.value = one->points[i].at;
		good = criterion_worth(one, &record, &worth);
		assert(good && worth == one->points[i].worth);
		record.value = nextafter(record.value, INFINITY);
		good = criterion_worth(one, &record, &worth);
		assert(good && worth <= WORTH_ONE);
		(void)good;
	}
	assert(!one->unit == !one->point_count && !one->unit == (one->answer_count > 1));
}

static void check_criteria(const struct standard *standard)
{
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct criterion *one = &standard->criteria[i];
		const struct category *category = &standard->categories[one->category];

		assert(one->category < standard->category_count);
		assert(i >= category->criteria_first);
		assert(i < category->criteria_first + category->criteria_count);
		assert(standard_find_criterion(standard, span_of(one->id)) == (int32_t)i);
		assert(!strchr(one->id, '/'));
		assert(one->weight >= 1 && one->weight <= WEIGHT_MAXIMUM && one->way_count > 0);
		assert(one->profiles != 0 && one->profiles >> standard->profile_count == 0);
		assert(one->parent < (int32_t)standard->criterion_count);
		assert(one->parent < 0 || standard->criteria[one->parent].parent < 0);
		(void)category;
		check_worths(one);
	}
}

static void check_grades(const struct standard *standard)
{
	for (int g = 0; g < GRADE_COUNT; g++) {
		const struct grade_bar *bar = &standard->bars[g];

		assert(bar->overall_from <= bar->overall_to && bar->overall_to <= 1000);
		assert(bar->coverage_permille <= 1000 && bar->strength_permille <= 1000);
		assert(g == 0 || bar->overall_to >= standard->bars[g - 1].overall_to);
		(void)bar;
	}
	for (uint32_t i = 0; i < standard->gate_count; i++) {
		const struct gate *gate = &standard->gates[i];

		assert(gate->criterion < standard->criterion_count);
		assert(standard_gate_of(standard, gate->criterion) == (int32_t)i);
		assert(gate->below >= 1 && gate->below <= WORTH_ONE && gate->cap < GRADE_PLATINUM);
		(void)gate;
	}
}

static void check_lint(const struct standard *standard, struct arena *arena)
{
	static const char *const checks[] = { "claim-consistent" };
	struct complaints complaints = { 0 };
	size_t fatal = 0;

	standard_lint(standard, checks, 1, arena, &complaints);
	for (size_t i = 0; i < complaints.count; i++)
		fatal += complaints.items[i].fatal;
	assert(fatal == complaints.fatal_count);
	(void)fatal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = (const char *)data, .length = size };
	struct standard_file files[FILES];
	struct standard standard = { 0 }, turned = { 0 };
	struct error err = { .code = ERROR_NONE };
	size_t count = cut(text, files);
	bool good;

	SCOPED_ARENA(arena);
	if (!standard_load(files, count, &arena, &standard, &err)) {
		check_error(&err);
		return 0;
	}
	check_criteria(&standard);
	check_grades(&standard);
	check_lint(&standard, &arena);

	struct standard_file first = files[0];
	files[0] = files[FILES - 1];
	files[FILES - 1] = first;
	good = standard_load(files, count, &arena, &turned, &err);
	assert(good && memcmp(standard.hash, turned.hash, sizeof(turned.hash)) == 0);
	(void)good;
	return 0;
}
