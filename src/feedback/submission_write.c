#include <string.h>

#include "base/json.h"
#include "feedback/submission.h"

/* Keys are written in the order of their bytes; a new field takes its place in the alphabet. */

/* Insertion: a sheet is short and mostly in order, and qsort has no room for the standard. */
void submission_sort(const struct standard *standard, struct given_answer *answers, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		struct given_answer one = answers[i];
		uint32_t at = i;

		while (at > 0 && strcmp(standard->criteria[answers[at - 1].criterion].id,
					standard->criteria[one.criterion].id) > 0) {
			answers[at] = answers[at - 1];
			at--;
		}
		answers[at] = one;
	}
}

static void write_optional(struct json_writer *json, const char *key, const char *value)
{
	if (value && value[0] != '\0')
		json_pair_string(json, key, value);
}

static void write_answer(struct json_writer *json, const struct given_answer *answer)
{
	json_open_object(json);
	if (answer->says == SAYS_ANSWER)
		json_pair_string(json, "answer", answer->text);
	if (answer->says == SAYS_NOT_APPLICABLE)
		json_pair_string(json, "not_applicable", answer->text);
	write_optional(json, "remark", answer->remark);
	if (answer->says == SAYS_VALUE) {
		json_key(json, "value");
		json_put_number(json, answer->value);
	}
	json_close_object(json);
}

static void write_answers(struct json_writer *json, const struct submission *submission,
			  const struct standard *standard)
{
	json_key(json, "answers");
	json_open_object(json);
	for (uint32_t i = 0; i < submission->answer_count; i++) {
		json_key(json, standard->criteria[submission->answers[i].criterion].id);
		write_answer(json, &submission->answers[i]);
	}
	json_close_object(json);
}

static void write_proof(struct json_writer *json, const struct submission *submission)
{
	json_key(json, "proof");
	json_open_object(json);
	json_pair_bool(json, "checked", submission->is_proven);
	json_pair_string(json, "kind", proof_names[submission->proof]);
	write_optional(json, "mark", submission->proof_mark);
	json_close_object(json);
}

static void write_subject(struct json_writer *json, const struct subject *subject)
{
	json_key(json, "subject");
	json_open_object(json);
	write_optional(json, "gpu", subject->parts[SUBJECT_GPU]);
	write_optional(json, "product", subject->parts[SUBJECT_PRODUCT]);
	write_optional(json, "provider", subject->parts[SUBJECT_PROVIDER]);
	write_optional(json, "region", subject->parts[SUBJECT_REGION]);
	json_close_object(json);
}

void submission_write(const struct submission *submission, const struct standard *standard,
		      struct text *into)
{
	struct json_writer json = { .into = into };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	write_answers(&json, submission, standard);
	if (submission->competes)
		json_pair_bool(&json, "competes", true);
	write_optional(&json, "employer", submission->employer);
	if (submission->gpu_hours > 0)
		json_pair_integer(&json, "gpu_hours", submission->gpu_hours);
	write_optional(&json, "id", submission->id);
	write_optional(&json, "origin", submission->origin);
	if (submission->paid_for)
		json_pair_bool(&json, "paid_for", true);
	write_proof(&json, submission);
	write_optional(&json, "remark", submission->remark);
	json_pair_string(&json, "schema", FEEDBACK_SCHEMA);
	write_subject(&json, &submission->subject);
	write_optional(&json, "tenant", submission->tenant);
	if (submission->time != 0)
		write_optional(&json, "time", time_format(submission->time, time));
	json_close_object(&json);
}
