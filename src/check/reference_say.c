#include <stdio.h>
#include <string.h>

#include "check/reference.h"

static const char *const layer_words[REFERENCE_LAYER_COUNT] = {
	[REFERENCE_SPEC] = "the peak",
	[REFERENCE_MEASURED] = "what was measured elsewhere",
	[REFERENCE_THRESHOLD] = "the bar of others",
	[REFERENCE_COHORT] = "the median of its peers",
};

/* "72 % of the peak 989 TFLOP/s, 98 % of …" */
static void say_layers(const struct reference *reference, const char *unit, struct arena *arena,
		       struct text *into)
{
	for (unsigned i = 0; i < REFERENCE_LAYER_COUNT; i++) {
		const struct reference_value *layer = &reference->layers[i];

		if (!layer->is_known)
			continue;
		text_format(into, ", %.1f %% of %s %s%s", 100 * layer->share, layer_words[i],
			    amount_text(layer->value, unit, arena),
			    layer->is_of_another_size ? " (of another size)" : "");
	}
}

static void say_cohort_lack(const struct reference *reference, struct text *into)
{
	if (reference->cohort_nodes > 0 && reference->cohort_nodes < REFERENCE_COHORT_LEAST)
		text_format(into, "; %zu peers are too few for a cohort", reference->cohort_nodes);
}

static void say_doubt(const struct reference *reference, const struct measured *measured,
		      const char *unit, struct arena *arena, struct text *into)
{
	if (reference->is_suspect)
		text_format(into, ": more than can be; a cache, or not the part that it is said to "
				  "be");
	if (reference->straddles && reference->verdict == VERDICT_WARN)
		text_format(into, "; its repeats (%s to %s) lie on both sides of the bar",
			    amount_text(measured->low, unit, arena),
			    amount_text(measured->high, unit, arena));
}

static struct finding *say_unknown(const struct reference *reference, const char *about,
				   const char *title, const char *amount, struct findings *found)
{
	SCOPED_TEXT(text);

	say_cohort_lack(reference, &text);
	return findings_add(found, VERDICT_UNKNOWN, about, "%s: %s, and no reference for it%s",
			    title, amount, text_string(&text));
}

static struct finding *say_missing(const struct record *record, const char *title,
				   struct findings *found)
{
	const char *why =
		record && record->says == SAYS_UNKNOWN ? record->text : "it was not measured";
	const char *about = record ? record->subject.parts[SUBJECT_DEVICE] : NULL;

	return finding_rests_on(findings_add(found, VERDICT_UNKNOWN, about, "%s: %s", title, why),
				record);
}

struct finding *reference_judge(const struct check_input *seen, const struct reference_query *query,
				const struct measured *measured, struct findings *found)
{
	const struct record *record = measured->record;
	struct arena *arena = found->arena;
	const char *about, *title, *amount, *what;
	enum measure measure = MEASURE_COUNT;
	struct reference reference;
	struct finding *finding;
	SCOPED_TEXT(text);

	what = query->title ? query->title : "the figure";
	if (!query->title && record && measure_find(record->what, &measure))
		what = arena_string(arena, measure_title(measure));
	if (!record || record->says != SAYS_VALUE)
		return say_missing(record, what, found);
	about = record->subject.parts[SUBJECT_DEVICE];
	title = about && seen->machine
			? arena_format(arena, "%s, %s", device_label(seen->machine, about, arena),
				       what)
			: what;
	amount = amount_text(measured->value, record->unit, arena);
	reference_find(seen, query, measured, arena, &reference);
	if (reference.decided == REFERENCE_LAYER_COUNT) {
		say_layers(&reference, record->unit, arena, &text);
		return finding_rests_on(
			say_unknown(&reference, about, title,
				    arena_format(arena, "%s%s", amount, text_string(&text)), found),
			record);
	}
	say_layers(&reference, record->unit, arena, &text);
	say_doubt(&reference, measured, record->unit, arena, &text);
	say_cohort_lack(&reference, &text);
	finding = findings_add(found, reference.verdict, about, "%s: %s%s", title, amount,
			       text_string(&text));
	finding->bar = reference.layers[reference.decided].row;
	if (reference.verdict != VERDICT_PASS)
		finding->action = query->action;
	return finding_rests_on(finding, record);
}
