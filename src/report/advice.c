#include "report/advice_parts.h"

#include <math.h>
#include <string.h>

enum {
	DIGITS_IN_GROUP = 3,
};

const char *grouped_text(double value, struct arena *arena)
{
	SCOPED_TEXT(text);
	const char *digits;
	size_t length;

	if (!isfinite(value))
		return "without end";
	digits = decimal_text(fabs(value), 0, arena);
	length = strlen(digits);
	if (value < 0)
		text_add(&text, "-");
	for (size_t i = 0; i < length; i++) {
		if (i > 0 && (length - i) % DIGITS_IN_GROUP == 0)
			text_add(&text, ",");
		text_add_char(&text, digits[i]);
	}
	return arena_string(arena, text_span(&text));
}

const char *usd_text(double usd, struct arena *arena)
{
	if (!isfinite(usd))
		return "without end";
	return arena_format(arena, "%s USD",
			    fabs(usd) < 10 ? decimal_text(usd, 2, arena)
					   : grouped_text(usd, arena));
}

const char *hours_text(double hours, struct arena *arena)
{
	return isfinite(hours) ? arena_format(arena, "%s h", decimal_text(hours, hours < 10, arena))
			       : "without end";
}

static void add_head(const struct advising *write)
{
	const struct advice *advice = write->advice;
	const struct need *need = advice->bench.need;
	char day[DATE_TEXT_SIZE];

	page_title(write->page, "%s: %.0f x %s for %s of work",
		   need->title ? need->title : "Where to run it", need->gpus, need->accepts[0].name,
		   hours_text(need->hours, write->arena));
	page_paragraph(write->page,
		       "Of %s %zu fit, %zu would fit if what nobody told were shown, %zu do "
		       "not. The newest price is of %s; today is %s.",
		       count_text(advice->count, "offer", write->arena), advice->fit_count,
		       advice->unknown_count,
		       advice->count - advice->fit_count - advice->unknown_count,
		       arena_string(write->arena, span_of(date_format(advice->newest, day))),
		       arena_string(write->arena, span_of(date_format(advice->bench.today, day))));
}

/* What the need did not say and the answer rests on. */
static void add_presumed(const struct advising *write)
{
	const struct need *need = write->advice->bench.need;
	SCOPED_TEXT(text);

	if (!need_said(need, "interruption"))
		text_add(&text, "it must not be interrupted (interruption: never); ");
	if (!need_said(need, "deadline"))
		text_add(&text, "there is no deadline; ");
	if (!need_said(need, "communication.kind"))
		text_format(&text, "communication is %s; ", traffic_names[need->traffic]);
	if (!need_said(need, "checkpoint.write_s"))
		text_format(&text, "a checkpoint takes %.0f s; ", need->write_s.value);
	if (!need_said(need, "data.stored_tb"))
		text_add(&text, "no data is stored; ");
	if (!need->grade_wanted)
		text_add(&text, "any grade will do, none too; ");
	if (!need_said(need, "team_usd_per_h"))
		text_add(&text, "the team's hours cost nothing; ");
	if (text.length == 0)
		return;
	page_paragraph(write->page, "Not said, and so presumed: %.*s.", (int)(text.length - 2),
		       text_string(&text));
}

static void write_page(const struct advising *write)
{
	add_head(write);
	add_presumed(write);
	if (write->advice->fit_count > 0) {
		advice_add_ranked(write);
		advice_add_why(write);
	} else {
		advice_add_nearest(write);
	}
	advice_add_models(write);
	if (write->advice->fit_count > 0) {
		advice_add_trials(write);
		advice_add_anew(write);
	}
	advice_add_unknown(write);
	advice_add_excluded(write);
}

void advice_write(const struct advice *advice, enum report_format format,
		  const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};
	const struct advising write = { .advice = advice, .page = &page, .arena = &arena };

	if (format == FORMAT_JSON)
		advice_json(advice, into);
	else if (format == FORMAT_CSV)
		advice_rows(advice, style, into);
	else
		write_page(&write);
}
