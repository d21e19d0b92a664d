#include "feedback/crowd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *person_provider(const struct person *person)
{
	return person->said[0]->subject.parts[SUBJECT_PROVIDER];
}

const char *person_tenant(const struct person *person)
{
	return person->said[0]->tenant;
}

double feedback_weight(const struct submission *submission)
{
	switch (submission->proof) {
	case PROOF_RUN:
		return submission->is_proven ? WEIGHT_RUN : WEIGHT_UNSEEN;
	case PROOF_CODE:
		return submission->is_proven ? WEIGHT_CODE : WEIGHT_NONE;
	case PROOF_INVOICE:
		return submission->is_proven ? WEIGHT_INVOICE : WEIGHT_UNSEEN;
	case PROOF_NONE:
	case PROOF_COUNT:
		break;
	}
	return WEIGHT_NONE;
}

enum voice_class class_of(const struct submission *submission)
{
	if (!submission->is_proven || submission->proof == PROOF_NONE)
		return CLASS_UNPROVEN;
	return submission->proof == PROOF_CODE ? CLASS_CODE : CLASS_INDEPENDENT;
}

static int compare_numbers(double a, double b)
{
	return (a > b) - (a < b);
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_answers(const struct given_answer *a, const struct given_answer *b)
{
	int order = (a->criterion > b->criterion) - (a->criterion < b->criterion);

	if (order == 0)
		order = (a->says > b->says) - (a->says < b->says);
	if (order == 0)
		order = compare_texts(a->text, b->text);
	if (order == 0)
		order = compare_numbers(a->value, b->value);
	return order ? order : compare_texts(a->remark, b->remark);
}

static int compare_rest(const struct submission *a, const struct submission *b)
{
	int order = compare_texts(a->proof_mark, b->proof_mark);

	for (unsigned i = 1; i < SUBJECT_UNIT_PARTS && order == 0; i++)
		order = compare_texts(a->subject.parts[i], b->subject.parts[i]);
	if (order == 0)
		order = compare_texts(a->origin, b->origin);
	if (order == 0)
		order = compare_numbers(feedback_weight(a), feedback_weight(b));
	if (order == 0)
		order = compare_numbers(a->answer_count, b->answer_count);
	for (uint32_t i = 0; i < a->answer_count && order == 0; i++)
		order = compare_answers(&a->answers[i], &b->answers[i]);
	return order ? order : compare_texts(a->remark, b->remark);
}

/* A total order of whatever differs, so that the order of the input changes nothing. */
static int compare_submissions(const void *left, const void *right)
{
	const struct submission *a = *(const struct submission *const *)left;
	const struct submission *b = *(const struct submission *const *)right;
	int order = strcmp(a->subject.parts[SUBJECT_PROVIDER], b->subject.parts[SUBJECT_PROVIDER]);

	if (order == 0)
		order = strcmp(a->tenant, b->tenant);
	if (order == 0)
		order = (a->time > b->time) - (a->time < b->time);
	if (order == 0)
		order = strcmp(a->id, b->id);
	return order ? order : compare_rest(a, b);
}

static bool is_same_person(const struct submission *a, const struct submission *b)
{
	return strcmp(a->tenant, b->tenant) == 0 &&
	       strcmp(a->subject.parts[SUBJECT_PROVIDER], b->subject.parts[SUBJECT_PROVIDER]) == 0;
}

static int compare_sheet(const void *left, const void *right)
{
	const struct given_answer *a = *(const struct given_answer *const *)left;
	const struct given_answer *b = *(const struct given_answer *const *)right;

	return (a->criterion > b->criterion) - (a->criterion < b->criterion);
}

static bool is_on_sheet(const struct person *person, uint32_t criterion)
{
	for (uint32_t i = 0; i < person->sheet_count; i++)
		if (person->sheet[i]->criterion == criterion)
			return true;
	return false;
}

/* The newest answer to each question; a sheet is short, so looking through it is quick. */
static void fill_sheet(struct person *person, struct arena *arena)
{
	size_t room = 0;

	for (uint32_t i = 0; i < person->count; i++)
		room += person->said[i]->answer_count;
	person->sheet = ARENA_ARRAY(arena, const struct given_answer *, room);
	for (uint32_t i = person->count; i-- > 0;) {
		for (uint32_t k = 0; k < person->said[i]->answer_count; k++) {
			const struct given_answer *answer = &person->said[i]->answers[k];

			if (!is_on_sheet(person, answer->criterion))
				person->sheet[person->sheet_count++] = answer;
		}
	}
	qsort(person->sheet, person->sheet_count, sizeof(*person->sheet), compare_sheet);
}

static struct person make_person(const struct submission **said, uint32_t count, uint32_t index,
				 struct arena *arena)
{
	struct person person = {
		.said = said, .count = count, .since = said[0]->time, .hand = index, .left = 1
	};

	for (uint32_t i = 0; i < count; i++) {
		if (feedback_weight(said[i]) > person.base)
			person.base = feedback_weight(said[i]);
		if (class_of(said[i]) > person.class)
			person.class = class_of(said[i]);
	}
	fill_sheet(&person, arena);
	return person;
}

void crowd_of(const struct standard *standard, const struct submission *submissions, uint32_t count,
	      date_t day, struct arena *arena, struct crowd *ret_crowd)
{
	const struct submission **said = ARENA_ARRAY(arena, const struct submission *, count);
	uint32_t kept = 0;

	*ret_crowd = (struct crowd){ .standard = standard, .arena = arena };
	for (uint32_t i = 0; i < count; i++)
		if (date_from_unix(submissions[i].time) <= day)
			said[kept++] = &submissions[i];
	qsort(said, kept, sizeof(*said), compare_submissions);
	ret_crowd->people = ARENA_ARRAY(arena, struct person, kept);
	for (uint32_t first = 0, end; first < kept; first = end) {
		for (end = first + 1; end < kept && is_same_person(said[first], said[end]);)
			end++;
		ret_crowd->people[ret_crowd->count] =
			make_person(&said[first], end - first, ret_crowd->count, arena);
		ret_crowd->count++;
	}
}

uint32_t crowd_end(const struct crowd *crowd, uint32_t first)
{
	uint32_t end = first + 1;

	while (end < crowd->count && strcmp(person_provider(&crowd->people[first]),
					    person_provider(&crowd->people[end])) == 0)
		end++;
	return end;
}

uint32_t crowd_hand(struct crowd *crowd, uint32_t person)
{
	uint32_t hand = person;

	while (crowd->people[hand].hand != hand)
		hand = crowd->people[hand].hand;
	while (crowd->people[person].hand != hand) {
		uint32_t next = crowd->people[person].hand;

		crowd->people[person].hand = hand;
		person = next;
	}
	return hand;
}

/* Who of one hand keeps his weight: the best proven, then who spoke first. A copy is never older
 * than what it copies. */
static bool leads(const struct person *a, const struct person *b)
{
	int order = compare_numbers(b->base, a->base);

	if (order == 0)
		order = (a->since > b->since) - (a->since < b->since);
	return (order ? order : compare_submissions(&a->said[0], &b->said[0])) < 0;
}

void crowd_join(struct crowd *crowd, uint32_t a, uint32_t b)
{
	a = crowd_hand(crowd, a);
	b = crowd_hand(crowd, b);
	if (leads(&crowd->people[a], &crowd->people[b]))
		crowd->people[b].hand = a;
	else
		crowd->people[a].hand = b;
}

/* ---- what is left of the weight ---- */

static double left_by_reasons(const struct person *person)
{
	double left = 1;

	if (person->reasons[SUSPICION_BURST])
		left *= LEFT_BURST;
	if (person->reasons[SUSPICION_RIVAL])
		left *= LEFT_RIVAL;
	if (person->reasons[SUSPICION_INSIDER])
		left *= LEFT_INSIDER;
	if (person->reasons[SUSPICION_PAID])
		left *= LEFT_PAID;
	return left;
}

void crowd_weigh(struct crowd *crowd)
{
	/* Of each hand: what those weigh together who do not stand for it. */
	double *followers = ARENA_ARRAY(crowd->arena, double, crowd->count);

	for (uint32_t i = 0; i < crowd->count; i++) {
		uint32_t hand = crowd_hand(crowd, i);

		if (hand != i)
			followers[hand] += crowd->people[i].base;
	}
	for (uint32_t i = 0; i < crowd->count; i++) {
		struct person *person = &crowd->people[i];
		uint32_t hand = crowd_hand(crowd, i);
		double left = left_by_reasons(person);

		if (hand != i)
			left *= fmin(FOLLOWERS_SHARE,
				     FOLLOWERS_SHARE * crowd->people[hand].base / followers[hand]);
		person->left = left;
	}
}
