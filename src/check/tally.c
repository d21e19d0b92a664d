#include "check/tally.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	SENTENCE = 340,
};

void tally_start(struct tally *tally, const struct check_input *seen, struct findings *found)
{
	*tally = (struct tally){
		.machine = seen->machine,
		.found = found,
		.before = found->count,
	};
}

void tally_well(struct tally *tally, const struct record *record)
{
	tally->well++;
	finding_rests_on(&tally->rests, record);
}

struct finding *tally_say(struct tally *tally, enum verdict verdict, const char *device,
			  const struct record *record, const char *format, ...)
{
	struct finding *finding;
	char text[SENTENCE];
	va_list args;

	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	if (device)
		finding = findings_add(tally->found, verdict, device, "%s: %s",
				       device_label(tally->machine, device, tally->found->arena),
				       text);
	else
		finding = findings_add(tally->found, verdict, NULL, "%s", text);
	finding->observed = tally->machine->observed;
	return finding_rests_on(finding, record);
}

const struct record *tally_need(struct tally *tally, enum measure measure, const char *device)
{
	const struct record *one = machine_find(tally->machine, measure, device);

	if (one && one->says == measure_says(measure))
		return one;
	tally_say(tally, VERDICT_UNKNOWN, device, one, "%.*s is not known: %s",
		  SPAN_ARGS(measure_title(measure)),
		  machine_why_unknown(tally->machine, measure, device));
	return NULL;
}

bool tally_is_clean(const struct tally *tally)
{
	for (size_t i = tally->before; i < tally->found->count; i++) {
		enum verdict verdict = tally->found->items[i].verdict;

		if (verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE)
			return false;
	}
	return true;
}

struct finding *tally_pass(struct tally *tally, const char *format, ...)
{
	struct finding *pass;
	char text[SENTENCE];
	va_list args;

	if (tally->well == 0 || !tally_is_clean(tally))
		return NULL;
	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	pass = findings_add(tally->found, VERDICT_PASS, NULL, "%s", text);
	pass->observed = tally->machine->observed;
	pass->strength = tally->machine->strength;
	for (size_t i = 0; i < sizeof(tally->rests.evidence) / sizeof(tally->rests.evidence[0]);
	     i++)
		finding_rests_on(pass, tally->rests.evidence[i]);
	return pass;
}

const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}
