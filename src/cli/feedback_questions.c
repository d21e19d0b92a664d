#include "cli/load.h"
#include "report/feedback.h"

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct standard standard;
	struct questions questions = { .standard = &standard, .provider = options->provider };
	uint32_t *criteria;

	if (!load_standard(session, &standard, err))
		return STATUS_ERROR;
	questionnaire_of(&standard, options->all ? QUESTIONS_ALL : QUESTIONS_CUSTOMERS,
			 session->arena, &criteria, &questions.count);
	questions.criteria = criteria;
	questions_write(&questions, options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_feedback_questions = {
	.name = "feedback questions",
	.summary = "what customers are asked, as a form to fill in",
	.text = "Prints the questions that the standard asks customers first, by category and "
		"weight. With --format yaml it is a form to fill in, with --format json one for "
		"programs.",
	.options = TAKES_STANDARD | TAKES_FORMAT | TAKES_QUESTIONS | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_CSV |
		   1u << FORMAT_MARKDOWN | 1u << FORMAT_YAML,
	.run = run,
};
