#include "cli/load.h"
#include "feedback/feedback.h"

/* Whether the sheet answers the question. */
static bool is_answered(const struct submission *submission, uint32_t criterion)
{
	for (uint32_t i = 0; i < submission->answer_count; i++)
		if (submission->answers[i].criterion == criterion)
			return true;
	return false;
}

static void say_open(const struct standard *standard, const struct submission *submission,
		     struct arena *arena, struct text *into)
{
	uint32_t *criteria, count;
	bool any = false;

	questionnaire_of(standard, QUESTIONS_CUSTOMERS, arena, &criteria, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (is_answered(submission, criteria[i]))
			continue;
		text_format(into, "%s %s",
			    any ? "," : "  not answered:", standard->criteria[criteria[i]].id);
		any = true;
	}
	if (any)
		text_add_char(into, '\n');
}

static void say_weight(const struct submission *submission, struct text *into)
{
	static const char *const states[PROOF_COUNT] = {
		[PROOF_NONE] = "without proof",
		[PROOF_INVOICE] = "with an invoice",
		[PROOF_CODE] = "with a code",
		[PROOF_RUN] = "with a signed run",
	};

	text_format(into, "  a voice %s%s weighs %.1f, before flags\n", states[submission->proof],
		    submission->proof == PROOF_NONE || submission->is_proven
			    ? ""
			    : " that nobody has checked yet",
		    feedback_weight(submission));
	if (submission->tenant[0] == '\0')
		text_add(into, "  no 'tenant': to be added by whoever takes it in\n");
	if (submission->time == 0)
		text_add(into, "  no 'time': to be added by whoever takes it in\n");
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct standard standard;

	if (!load_standard(session, &standard, err))
		return STATUS_ERROR;
	for (size_t i = 0; i < options->argument_count; i++) {
		const char *path = options->arguments[i];
		struct submission submission;
		struct span text;

		if (!host_read(session->host, path, FEEDBACK_BYTES_MAXIMUM, session->arena, &text,
			       err) ||
		    !submission_read(text, path, &standard, session->arena, &submission, err))
			return STATUS_ERROR;
		text_format(session->output, "%s: %u answer%s about %s, each fits its question\n",
			    path, submission.answer_count, submission.answer_count == 1 ? "" : "s",
			    subject_name(&submission.subject, SUBJECT_UNIT_PARTS, session->arena));
		say_weight(&submission, session->output);
		say_open(&standard, &submission, session->arena, session->output);
	}
	return STATUS_GOOD;
}

const struct command command_feedback_check = {
	.name = "feedback check",
	.arguments = "FILE...",
	.summary = "whether a form that was filled in can be taken",
	.text = "Holds each filled form, YAML or JSON, against the standard and says what is wrong "
		"with it, what its proof weighs and what is left open.",
	.options = TAKES_STANDARD | TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
