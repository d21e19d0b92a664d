#include "check/corruption/odd.h"

#include <string.h>

enum {
	ROUNDS_LEAST = 3, /* fewer are a smoke test and no comparison under load */
};

struct judging {
	const struct odd_kind *kind;
	const struct machine *machine;
	struct findings *found;
	const char *test; /* "test:corruption-cpu" */
	unsigned failed, unknown;
};

static bool is_ours(const struct judging *judging, const char *device)
{
	const struct odd_kind *kind = judging->kind;

	return device && strncmp(device, kind->prefix, strlen(kind->prefix)) == 0 &&
	       (!kind->part || (strstr(device, kind->part) != NULL) == kind->has_part);
}

/* The test itself, or one of its kernels. */
static bool is_test(const struct judging *judging, const char *device)
{
	const size_t length = strlen(judging->test);

	return device && strncmp(device, judging->test, length) == 0 &&
	       (device[length] == '\0' || device[length] == '/');
}

/* True for "cpu:3/fma64" and false for "cpu:3", whose errors are the sum of all such. */
static bool is_part(const char *device, const struct machine *machine)
{
	return machine_find(machine, NODE_TEST_CORRUPTION_ROUNDS, device) == NULL;
}

static void say_odd(struct judging *judging, const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	const struct record *lanes =
		machine_find(judging->machine, NODE_TEST_CORRUPTION_LANES, device);
	const char *points = machine_state(judging->machine, NODE_TEST_CORRUPTION_POINTS, device);
	const char *repeats = machine_state(judging->machine, NODE_TEST_CORRUPTION_REPEATS, device);
	const struct span whole = device_whole(device);
	struct finding *finding = findings_add(
		judging->found, VERDICT_FAIL, device,
		"%.*s gave a wrong result in %.0f comparisons, without any error being told: %s, "
		"lanes %s, operating points %s, %s",
		SPAN_ARGS(whole), record->value,
		device + whole.length + (device[whole.length] == '/'),
		lanes && lanes->says == SAYS_STATE ? lanes->text : "not told",
		points ? points : "not told", repeats ? repeats : "not run again");

	(void)finding_rests_on(finding, record);
	(void)finding_rests_on(finding, lanes);
	finding->action = judging->kind->action;
	judging->failed++;
}

static void judge_mismatches(struct judging *judging)
{
	const struct record *record;
	size_t at = 0;

	while ((record = machine_next(judging->machine, NODE_TEST_CORRUPTION_MISMATCHES, &at))) {
		const char *device = record->subject.parts[SUBJECT_DEVICE];

		if (!is_ours(judging, device) && !is_test(judging, device))
			continue;
		if (record->says == SAYS_UNKNOWN) {
			(void)findings_add_unknown(judging->found, judging->machine,
						   NODE_TEST_CORRUPTION_MISMATCHES, device);
			judging->unknown++;
		} else if (record->value > 0 && is_ours(judging, device) &&
			   (is_part(device, judging->machine) || judging->kind->units_least == 0)) {
			say_odd(judging, record);
		}
	}
}

/* A GPU that did not answer: some or all of its paths were not tried. */
static void judge_silent(struct judging *judging)
{
	const struct record *record;
	size_t at = 0;

	while (judging->kind->has_part &&
	       (record = machine_next(judging->machine, NODE_TEST_CORRUPTION_PATHS, &at))) {
		if (record->says != SAYS_UNKNOWN)
			continue;
		(void)findings_add_unknown(judging->found, judging->machine,
					   NODE_TEST_CORRUPTION_PATHS,
					   record->subject.parts[SUBJECT_DEVICE]);
		judging->unknown++;
	}
}

static void say_unknown(struct judging *judging, const char *device, const struct record *record,
			const char *text)
{
	struct finding *finding = findings_add(judging->found, VERDICT_UNKNOWN, device, "%s", text);

	(void)finding_rests_on(finding, record);
	judging->unknown++;
}

/* Whether there were enough to vote, or what they gave is known from elsewhere. */
static void judge_units(struct judging *judging)
{
	const struct odd_kind *kind = judging->kind;
	const struct record *units =
		machine_find(judging->machine, NODE_TEST_CORRUPTION_UNITS, judging->test);
	const struct record *known =
		machine_find(judging->machine, NODE_TEST_CORRUPTION_KNOWN, judging->test);
	const bool differs =
		known && known->says == SAYS_STATE && strcmp(known->text, "differs") == 0;

	if (differs)
		say_unknown(
			judging, judging->test, known,
			"no unit gave the result that is published: this kind of processor or "
			"this build of the program is not the usual one, or all units err alike");
	if (kind->units_least == 0)
		return;
	if (!units || units->says != SAYS_VALUE)
		say_unknown(judging, judging->test, units,
			    "how many units were compared is not known");
	else if (units->value < kind->units_least && (!known || known->says != SAYS_STATE))
		say_unknown(judging, judging->test, units,
			    arena_format(judging->found->arena,
					 "%.0f %ss were compared: of fewer than %u nobody can say "
					 "which is right",
					 units->value, kind->one, kind->units_least));
}

static void judge_rounds(struct judging *judging)
{
	const struct odd_kind *kind = judging->kind;
	const struct record *record, *fewest = NULL;
	size_t at = 0;
	unsigned count = 0;
	struct finding *finding;

	while ((record = machine_next(judging->machine, NODE_TEST_CORRUPTION_ROUNDS, &at))) {
		const char *device = record->subject.parts[SUBJECT_DEVICE];

		if (!is_ours(judging, device) || record->says != SAYS_VALUE)
			continue;
		count++;
		fewest = fewest && fewest->value <= record->value ? fewest : record;
		if (record->value < ROUNDS_LEAST)
			say_unknown(judging, device, record,
				    arena_format(judging->found->arena,
						 "compared in %.0f rounds, %d are the least",
						 record->value, ROUNDS_LEAST));
	}
	if (count == 0)
		say_unknown(judging, judging->test, NULL,
			    arena_format(judging->found->arena, "no %s was compared", kind->one));
	if (judging->failed > 0 || judging->unknown > 0)
		return;
	finding = findings_add(judging->found, VERDICT_PASS, NULL,
			       "%u %s%s %s in %.0f rounds or more", count, kind->one,
			       count == 1 ? "" : "s", kind->well, fewest->value);
	(void)finding_rests_on(finding, fewest);
}

void odd_judge(const struct odd_kind *kind, const struct check_input *seen, struct findings *found)
{
	struct judging judging = {
		.kind = kind,
		.machine = seen->machine,
		.found = found,
		.test = arena_format(found->arena, "test:%s", kind->test),
	};

	judge_mismatches(&judging);
	judge_silent(&judging);
	judge_units(&judging);
	judge_rounds(&judging);
}
