#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct answer checks_answers[] = {
	{ "none", "nothing runs", 0 },
	{ "some", "some of them run", 100 },
	{ "full", "all of them run", 200 },
};
static const struct answer yes_answers[] = {
	{ "no", "it is not there", 0 },
	{ "yes", "it is there", 200 },
};
static const struct answer claims_answers[] = {
	{ "false", "less is delivered", 0 },
	{ "true", "what is sold is delivered", 200 },
};
static const struct measure_point bandwidth_points[] = { { 0, 0 }, { 100, 50 }, { 400, 200 } };
static const struct measure_point start_points[] = { { 10, 200 }, { 60, 0 } };
static const struct settlement_source document[] = { { .way = SETTLED_BY_DOCUMENT,
						       .text = "a page" } };
static const struct settlement_source check[] = { { .way = SETTLED_BY_CHECK,
						    .name = "claim-consistent" } };

static const struct criterion plain_criteria[] = {
	[CHECKS] = { .id = "care.checks",
		     .category = CARE,
		     .weight = 4,
		     .effort = 3,
		     .answers = checks_answers,
		     .answer_count = 3 },
	[ALERTS] = { .id = "care.alerts",
		     .category = CARE,
		     .weight = 2,
		     .effort = 1,
		     .answers = yes_answers,
		     .answer_count = 2 },
	[SPARES] = { .id = "care.spares",
		     .category = CARE,
		     .weight = 2,
		     .effort = 2,
		     .answers = yes_answers,
		     .answer_count = 2,
		     .not_applicable = "nothing is replaced" },
	[BANDWIDTH] = { .id = "speed.bandwidth",
			.category = SPEED,
			.weight = 3,
			.effort = 5,
			.unit = "GB/s",
			.points = bandwidth_points,
			.point_count = 3 },
	[CLAIMS] = { .id = "speed.claims",
		     .category = SPEED,
		     .weight = 1,
		     .effort = 2,
		     .answers = claims_answers,
		     .answer_count = 2,
		     .ways = check,
		     .way_count = 1 },
	[START] = { .id = "speed.start",
		    .category = SPEED,
		    .weight = 1,
		    .effort = 1,
		    .unit = "s",
		    .points = start_points,
		    .point_count = 2,
		    .profiles = 2 },
};

void sort_ids(struct standard *standard, struct arena *arena)
{
	standard->by_id = ARENA_ARRAY(arena, uint32_t, standard->criterion_count);
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		uint32_t k = i;

		while (k > 0 && strcmp(standard->criteria[standard->by_id[k - 1]].id,
				       standard->criteria[i].id) > 0) {
			standard->by_id[k] = standard->by_id[k - 1];
			k--;
		}
		standard->by_id[k] = i;
	}
}

struct standard plain_standard(struct arena *arena)
{
	struct standard standard = {
		.name = "plain",
		.version = "1",
		.date = RATING_DAY - 1000,
		.presumption = 50,
		.strengths = { { .error_permille = 300 },
			       { .error_permille = 100 },
			       { .error_permille = 50 },
			       { .error_permille = 10 },
			       { 0 } },
		.profiles = { { "rented", "What is rented" }, { "standing", "What stands" } },
		.profile_count = 2,
		.categories = { [CARE] = { "care", "Care", "a reason", 3, CHECKS, 3 },
				[SPEED] = { "speed", "Speed", "a reason", 1, BANDWIDTH, 3 } },
		.category_count = 2,
		.criteria = ARENA_ARRAY(arena, struct criterion, PLAIN_CRITERIA),
		.criterion_count = PLAIN_CRITERIA,
	};

	memcpy(standard.criteria, plain_criteria, sizeof(plain_criteria));
	for (uint32_t i = 0; i < PLAIN_CRITERIA; i++) {
		struct criterion *one = &standard.criteria[i];

		one->expiry_days = 100;
		one->parent = i == ALERTS ? CHECKS : -1;
		if (one->profiles == 0)
			one->profiles = 3;
		if (!one->ways) {
			one->ways = document;
			one->way_count = 1;
		}
	}
	sort_ids(&standard, arena);
	for (unsigned g = 0; g < GRADE_COUNT; g++)
		standard.bars[g].overall_from = standard.bars[g].overall_to = (uint16_t)(200 * g);
	(void)standard_index(&standard, arena, NULL);
	return standard;
}

void plain_gate(struct standard *standard, uint32_t criterion, uint16_t below, enum grade cap,
		enum gate_silence silence)
{
	standard->gates[standard->gate_count++] = (struct gate){
		.id = standard->criteria[criterion].id,
		.criterion = criterion,
		.below = below,
		.cap = cap,
		.silence = silence,
	};
}

struct facts facts_new(struct arena *arena)
{
	return (struct facts){ ARENA_ARRAY(arena, struct record, FACTS_MAXIMUM), 0, 0, arena };
}

static struct subject parse_subject(const char *text, struct arena *arena)
{
	struct span rest = span_of(text), part;
	struct subject subject = { 0 };

	for (unsigned i = 0; i < SUBJECT_PART_COUNT && span_cut(&rest, '/', &part); i++)
		if (!span_is(part, "*"))
			subject.parts[i] = arena_string(arena, part);
	return subject;
}

static struct record *add(struct facts *facts, const char *subject, const char *what,
			  enum record_says says, const char *text)
{
	struct record *record = &facts->at[facts->count];

	if (facts->count == FACTS_MAXIMUM)
		abort();
	*record = (struct record){
		.id = arena_format(facts->arena, "r%04u", facts->made),
		.subject = parse_subject(subject, facts->arena),
		.what = what,
		.says = says,
		.text = text,
		.kind = KIND_DOCUMENT,
		.strength = STRENGTH_E1,
		.observed = RATING_DAY - 10,
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.file = "facts",
		.source.name = arena_format(facts->arena, "source-%u", facts->made),
	};
	facts->count++;
	facts->made++;
	return record;
}

struct record *facts_answer(struct facts *facts, const char *subject, const char *what,
			    const char *answer)
{
	return add(facts, subject, what, SAYS_ANSWER, answer);
}

struct record *facts_value(struct facts *facts, const char *subject, const char *what, double value,
			   const char *unit)
{
	struct record *record = add(facts, subject, what, SAYS_VALUE, NULL);

	record->value = value;
	record->unit = unit;
	return record;
}

struct record *facts_withheld(struct facts *facts, const char *subject, const char *what)
{
	return add(facts, subject, what, SAYS_WITHHELD, "asked and not shown");
}

struct record *facts_not_applicable(struct facts *facts, const char *subject, const char *what)
{
	return add(facts, subject, what, SAYS_NOT_APPLICABLE, "it does not concern it");
}

struct record *facts_remark(struct facts *facts, const char *subject)
{
	return add(facts, subject, "remark", SAYS_TEXT, "it is there");
}

struct facts facts_copy(const struct facts *facts, struct arena *arena)
{
	struct facts copy = facts_new(arena);

	memcpy(copy.at, facts->at, facts->count * sizeof(*copy.at));
	copy.count = facts->count;
	copy.made = facts->made;
	return copy;
}

void facts_remove(struct facts *facts, uint32_t index)
{
	facts->count--;
	memmove(&facts->at[index], &facts->at[index + 1],
		(facts->count - index) * sizeof(*facts->at));
}

struct rating_request plain_request(const struct standard *standard)
{
	return (struct rating_request){
		.standard = standard,
		.as_of = RATING_DAY,
		.profile = -1,
		.seed = 1,
		.threads = 1,
		.arrived_by = DATE_NONE,
	};
}

void facts_rate(const struct facts *facts, const struct rating_request *request,
		struct rated *ret_rated)
{
	struct rating_request asked = *request;

	*ret_rated = (struct rated){ 0 };
	ret_rated->evidence.records = calloc(facts->count + 1, sizeof(*facts->at));
	if (!ret_rated->evidence.records)
		abort();
	memcpy(ret_rated->evidence.records, facts->at, facts->count * sizeof(*facts->at));
	ret_rated->evidence.count = ret_rated->evidence.room = facts->count;
	if (!evidence_set_finish(&ret_rated->evidence, NULL))
		abort();
	asked.evidence = &ret_rated->evidence;
	rating_run(&asked, &ret_rated->arena, &ret_rated->rating);
}

void rated_release(struct rated *rated)
{
	evidence_set_release(&rated->evidence);
	arena_release(&rated->arena);
}

void scene_open(struct scene *scene)
{
	scene->standard = plain_standard(&scene->arena);
	scene->facts = facts_new(&scene->arena);
	scene->request = plain_request(&scene->standard);
}

void scene_close(struct scene *scene)
{
	rated_release(&scene->rated);
	arena_release(&scene->arena);
}

const struct rating *scene_rate(struct scene *scene)
{
	rated_release(&scene->rated);
	facts_rate(&scene->facts, &scene->request, &scene->rated);
	return &scene->rated.rating;
}

const struct unit *scene_unit(struct scene *scene)
{
	const struct rating *rating = scene_rate(scene);

	if (rating->unit_count == 0)
		abort();
	return &rating->units[0];
}

const struct settlement *scene_settlement(struct scene *scene, uint32_t criterion)
{
	return &scene_unit(scene)->settlements[criterion];
}

void scene_expect(struct scene *scene, uint32_t criterion, enum state state, int point)
{
	const struct settlement *settlement = scene_settlement(scene, criterion);

	assert_string_equal(state_names[settlement->state], state_names[state]);
	assert_int_equal(settlement->point, point);
}

void scene_expect_range(struct scene *scene, uint32_t criterion, int low, int high)
{
	const struct settlement *settlement = scene_settlement(scene, criterion);

	assert_int_equal(settlement->low, low);
	assert_int_equal(settlement->high, high);
}
