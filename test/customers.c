#include "test/customers.h"

#include <assert.h>
#include <string.h>

static const struct answer answers_of_four[] = {
	{ "none", "nothing is done", 0 },
	{ "some", "some of it is done", 80 },
	{ "good", "most of it is done", 160 },
	{ "full", "all of it is done", 200 },
};
static const struct answer answers_of_two[] = {
	{ "no", "it is not there", 0 },
	{ "yes", "it is there", 200 },
};
static const struct measure_point start_points[] = { { 10, 200 }, { 60, 0 } };
static const struct settlement_source first[] = {
	{ .way = SETTLED_BY_ANSWER, .text = "customers" },
	{ .way = SETTLED_BY_DOCUMENT, .text = "a review" },
};
static const struct settlement_source second[] = {
	{ .way = SETTLED_BY_DOCUMENT, .text = "a review" },
	{ .way = SETTLED_BY_ANSWER, .text = "customers" },
};

static struct criterion criterion_of(uint32_t index, struct arena *arena)
{
	struct criterion criterion = {
		.id = arena_format(arena, "asked.q%u", index),
		.title = "A question",
		.question = "How much of it is done?",
		.why = "Customers know.",
		.ways = first,
		.way_count = 2,
		.answers = answers_of_four,
		.answer_count = 4,
		.weight = (uint16_t)(1 + index % 3),
		.reason = "a reason",
		.expiry_days = 365,
		.strength = STRENGTH_E1,
		.profiles = 1,
		.effort = 1,
		.parent = -1,
		.file = "test",
	};

	return criterion;
}

struct standard customers_standard(struct arena *arena)
{
	struct standard standard = {
		.name = "test standard",
		.version = "1",
		.presumption = 50,
		.profiles = { { "all", "everybody" } },
		.profile_count = 1,
		.categories = { { .id = "asked", .title = "Asked", .weight = 1 },
				{ .id = "shown", .title = "Shown", .weight = 1 } },
		.category_count = 2,
		.criterion_count = CUSTOMERS_CRITERIA,
	};
	struct criterion *criteria = ARENA_ARRAY(arena, struct criterion, CUSTOMERS_CRITERIA);

	for (uint32_t i = 0; i < CUSTOMERS_CRITERIA; i++)
		criteria[i] = criterion_of(i, arena);
	criteria[QUESTION_START].id = "asked.start";
	criteria[QUESTION_START].ways = second;
	criteria[QUESTION_START].answer_count = 0;
	criteria[QUESTION_START].unit = "s";
	criteria[QUESTION_START].points = start_points;
	criteria[QUESTION_START].point_count = 2;
	criteria[QUESTION_SPARES].id = "asked.spares";
	criteria[QUESTION_SPARES].ways = second;
	criteria[QUESTION_SPARES].answers = answers_of_two;
	criteria[QUESTION_SPARES].answer_count = 2;
	criteria[QUESTION_SPARES].not_applicable = "nothing is replaced";
	criteria[QUESTION_AUDIT].id = "shown.audit";
	criteria[QUESTION_AUDIT].category = 1;
	criteria[QUESTION_AUDIT].ways = second;
	criteria[QUESTION_AUDIT].way_count = 1;
	standard.criteria = criteria;
	standard.categories[0].criteria_count = QUESTION_AUDIT;
	standard.categories[1].criteria_first = QUESTION_AUDIT;
	standard.categories[1].criteria_count = 1;
	if (!standard_index(&standard, arena, NULL))
		assert(false);
	return standard;
}

void customers_open(struct customers *into)
{
	into->standard = customers_standard(&into->arena);
	into->items = ARENA_ARRAY(&into->arena, struct submission, CUSTOMERS_MAXIMUM);
}

void customers_release(struct customers *customers)
{
	arena_release(&customers->arena);
}

static const char *answer_of(char letter)
{
	for (unsigned i = 0; i < 4; i++)
		if (answers_of_four[i].name[0] == letter)
			return answers_of_four[i].name;
	return NULL;
}

struct submission *customers_add(struct customers *customers, const char *provider,
				 const char *answers)
{
	struct arena *arena = &customers->arena;
	uint32_t number = customers->count++;
	struct submission *one = &customers->items[number];
	struct given_answer *given = ARENA_ARRAY(arena, struct given_answer, QUESTION_COUNT);

	assert(number < CUSTOMERS_MAXIMUM && strlen(answers) <= QUESTION_COUNT);
	*one = (struct submission){
		.id = arena_format(arena, "s%u", number),
		.subject.parts[SUBJECT_PROVIDER] = provider,
		.tenant = arena_format(arena, "t%u", number),
		.proof = PROOF_RUN,
		.is_proven = true,
		.proof_mark = arena_format(arena, "m%u", number),
		.origin = arena_format(arena, "o%u", number),
		.time = (CUSTOMERS_DAY - 200 + 10 * (int64_t)(number % 20)) * 86400 + number,
		.answers = given,
	};
	for (uint32_t i = 0; answers[i]; i++)
		if (answers[i] != '-')
			given[one->answer_count++] = (struct given_answer){
				.criterion = QUESTION_FIRST + i,
				.says = SAYS_ANSWER,
				.text = answer_of(answers[i]),
			};
	return one;
}

struct submission *customers_claim(struct customers *customers, const char *provider,
				   const char *answers)
{
	struct submission *one = customers_add(customers, provider, answers);

	one->proof = PROOF_NONE;
	one->is_proven = false;
	one->proof_mark = "";
	return one;
}

const struct opinion *customers_opinion(struct customers *customers, const char *provider,
					uint32_t question)
{
	opinions_of(&customers->standard, customers->items, customers->count, CUSTOMERS_DAY,
		    &customers->arena, &customers->opinions);
	for (uint32_t i = 0; i < customers->opinions.count; i++) {
		const struct opinion *one = &customers->opinions.items[i];

		if (strcmp(one->provider, provider) == 0 && one->criterion == question)
			return one;
	}
	return NULL;
}

double customers_weight(const struct customers *customers, const struct opinion *opinion,
			const struct submission *submission)
{
	for (uint32_t i = 0; i < opinion->voice_count; i++)
		if (&customers->items[opinion->voices[i].submission] == submission)
			return opinion->voices[i].weight;
	return 0;
}

const char *customers_flag(const struct customers *customers, const struct submission *submission,
			   enum suspicion suspicion)
{
	for (uint32_t i = 0; i < customers->opinions.flag_count; i++) {
		const struct flag *flag = &customers->opinions.flags[i];

		if (&customers->items[flag->submission] == submission &&
		    flag->suspicion == suspicion)
			return flag->reason;
	}
	return NULL;
}
