/*
 * Whatever the bytes, a submission is refused with one line that names the file, or is bounded and
 * comes back the same when it is written and read once more; what it comes to is in range.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "feedback/feedback.h"
#include "test/customers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_submission(const struct submission *one, const struct standard *standard)
{
	assert(one->subject.parts[SUBJECT_PROVIDER]);
	assert(one->answer_count > 0 && one->answer_count <= FEEDBACK_ANSWERS_MAXIMUM);
	assert(strlen(one->tenant) <= FEEDBACK_NAME_MAXIMUM);
	assert(!one->remark || strlen(one->remark) <= FEEDBACK_REMARK_MAXIMUM);
	assert(feedback_weight(one) > 0 && feedback_weight(one) <= 1);
	for (uint32_t i = 0; i < one->answer_count; i++)
		assert(customers_may_answer(&standard->criteria[one->answers[i].criterion]));
}

static void check_again(const struct submission *one, const struct standard *standard,
			struct arena *arena)
{
	struct submission again = { .id = "" };
	struct error err = { 0 };
	SCOPED_TEXT(first);
	SCOPED_TEXT(second);

	submission_write(one, standard, &first);
	bool read = submission_read(text_span(&first), "fuzz", standard, arena, &again, &err);

	/* Escapes may make it longer than is taken. */
	assert(read || err.code == ERROR_LIMIT);
	if (!read)
		return;
	submission_write(&again, standard, &second);
	assert(strcmp(text_string(&first), text_string(&second)) == 0);
}

static void check_opinions(const struct submission *one, const struct standard *standard,
			   struct arena *arena)
{
	struct opinions opinions;

	opinions_of(standard, one, 1, date_from_unix(one->time), arena, &opinions);
	assert(opinions.count == one->answer_count);
	for (uint32_t i = 0; i < opinions.count; i++) {
		const struct opinion *opinion = &opinions.items[i];

		assert(0 <= opinion->low && opinion->low <= opinion->worth);
		assert(opinion->worth <= opinion->high && opinion->high <= 1);
		assert(!opinion->settles);
		(void)opinion;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = (const char *)data, .length = size };
	struct submission one = { .id = "" };
	struct error err = { 0 };

	SCOPED_ARENA(arena);
	struct standard standard = customers_standard(&arena);

	if (!submission_read(text, "fuzz", &standard, &arena, &one, &err)) {
		assert(err.code != ERROR_NONE && strncmp(err.text, "fuzz: ", 6) == 0);
		assert(span_is_utf8(span_of(err.text), NULL) && !strchr(err.text, '\n'));
		return 0;
	}
	check_submission(&one, &standard);
	check_again(&one, &standard, &arena);
	check_opinions(&one, &standard, &arena);
	return 0;
}
