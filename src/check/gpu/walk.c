#include "check/gpu/walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *record_device(const struct record *record)
{
	return record->subject.parts[SUBJECT_DEVICE];
}

bool state_has(const char *state, const char *word)
{
	struct span rest = span_of(state), one;

	while (span_cut(&rest, '+', &one))
		if (span_is(one, word))
			return true;
	return false;
}

void gpu_walk_start(struct gpu_walk *walk, const struct check_input *seen, struct findings *found,
		    const char *vendor)
{
	*walk = (struct gpu_walk){
		.machine = seen->machine,
		.vendor = vendor,
		.found = found,
		.before = found->count,
	};
}

const char *gpu_walk_next(struct gpu_walk *walk)
{
	const struct record *one;

	while ((one = machine_next(walk->machine, NODE_GPU_VENDOR, &walk->at))) {
		const char *device = record_device(one);

		if (!device)
			continue;
		if (one->says != SAYS_STATE) {
			walk->visited++;
			findings_add_unknown(walk->found, walk->machine, NODE_GPU_VENDOR, device);
			continue;
		}
		if (walk->vendor && strcmp(one->text, walk->vendor) != 0)
			continue;
		walk->visited++;
		return device;
	}
	return NULL;
}

void gpu_walk_well(struct gpu_walk *walk, const struct record *record)
{
	walk->well++;
	finding_rests_on(&walk->rests, record);
}

struct finding *gpu_walk_say(struct gpu_walk *walk, enum verdict verdict, const char *device,
			     const struct record *record, const char *format, ...)
{
	struct finding *finding;
	char text[360];
	va_list args;

	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	finding = findings_add(walk->found, verdict, device, "%s: %s",
			       device_label(walk->machine, device, walk->found->arena), text);
	return finding_rests_on(finding, record);
}

const struct record *gpu_walk_need(struct gpu_walk *walk, enum measure measure, const char *device)
{
	const struct record *one = machine_find(walk->machine, measure, device);

	if (one && one->says == measure_says(measure))
		return one;
	gpu_walk_say(walk, VERDICT_UNKNOWN, device, one, "%.*s is not known: %s",
		     SPAN_ARGS(measure_title(measure)),
		     machine_why_unknown(walk->machine, measure, device));
	return NULL;
}

static bool nothing_is_wrong(const struct gpu_walk *walk)
{
	for (size_t i = walk->before; i < walk->found->count; i++) {
		enum verdict verdict = walk->found->items[i].verdict;

		if (verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE)
			return false;
	}
	return true;
}

void gpu_walk_end(struct gpu_walk *walk, const char *text)
{
	struct finding *pass;

	if (walk->visited == 0) {
		findings_add(walk->found, VERDICT_UNKNOWN, NULL,
			     "no GPU%s%s was seen through its driver", walk->vendor ? " of " : "",
			     walk->vendor ? walk->vendor : "")
			->observed = walk->machine->observed;
		return;
	}
	if (walk->well == 0 || !nothing_is_wrong(walk))
		return;
	pass = findings_add(walk->found, VERDICT_PASS, NULL, "%zu GPU%s: %s", walk->well,
			    walk->well == 1 ? "" : "s", text);
	memcpy(pass->evidence, walk->rests.evidence, sizeof(pass->evidence));
	pass->observed = walk->rests.observed;
	pass->strength = walk->rests.strength;
}
