#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "feedback/crowd.h"

/*
 * Whole sheets that are (nearly) the same though the answers on them are rare. Customers of a good
 * cloud do agree, so equal sheets alone say nothing: how likely they are follows from what all
 * others answered.
 */

/* One answer of one person. */
struct mark {
	uint64_t hash; /* of the question and what is said */
	uint32_t criterion;
};

struct half {
	uint64_t hash;
	uint32_t person;
};

/* The people of one provider. */
struct sheets {
	struct crowd *crowd;
	uint32_t first, count;
	struct mark *marks; /* all answers, by hash */
	size_t mark_count;
	uint32_t *answered; /* by criterion: how many answered it */
};

static struct mark mark_of(const struct given_answer *answer)
{
	uint64_t hash = random_join(answer->criterion, (uint64_t)answer->says);

	if (answer->says == SAYS_ANSWER)
		hash = random_join(hash, random_key(span_of(answer->text)));
	if (answer->says == SAYS_VALUE) {
		uint64_t bits;

		memcpy(&bits, &answer->value, sizeof(bits));
		hash = random_join(hash, bits);
	}
	return (struct mark){ .hash = hash, .criterion = answer->criterion };
}

static int compare_marks(const void *a, const void *b)
{
	const struct mark *left = a, *right = b;

	return (left->hash > right->hash) - (left->hash < right->hash);
}

static int compare_halves(const void *a, const void *b)
{
	const struct half *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return (left->person > right->person) - (left->person < right->person);
}

static const struct person *person_at(const struct sheets *sheets, uint32_t index)
{
	return &sheets->crowd->people[sheets->first + index];
}

/* How many answers are like this one. */
static uint32_t count_like(const struct sheets *sheets, uint64_t hash)
{
	size_t low = 0, high = sheets->mark_count;
	uint32_t count = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sheets->marks[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < sheets->mark_count && sheets->marks[low].hash == hash) {
		low++;
		count++;
	}
	return count;
}

/* Questions that only one of the two answered, or that they answered unlike. */
static uint32_t differences(const struct person *a, const struct person *b)
{
	uint32_t i = 0, k = 0, count = 0;

	while (i < a->sheet_count && k < b->sheet_count) {
		if (a->sheet[i]->criterion == b->sheet[k]->criterion)
			count += mark_of(a->sheet[i++]).hash != mark_of(b->sheet[k++]).hash;
		else if (a->sheet[i]->criterion < b->sheet[k]->criterion)
			count++, i++;
		else
			count++, k++;
	}
	return count + (a->sheet_count - i) + (b->sheet_count - k);
}

static uint32_t group_count(const struct sheets *sheets, const uint32_t *group, uint32_t size,
			    const struct mark *mark, bool same)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < size; i++) {
		const struct person *person = person_at(sheets, group[i]);

		for (uint32_t k = 0; k < person->sheet_count; k++)
			if (person->sheet[k]->criterion == mark->criterion)
				count += !same || mark_of(person->sheet[k]).hash == mark->hash;
	}
	return count;
}

/*
 * How many groups of that size chance would make. Of each answer on the sheet the probability is
 * its share among those outside the group, with one more of each kind; the product is taken to
 * its square root, because a content customer is content throughout: answers hang together.
 */
static double chance_of(const struct sheets *sheets, const uint32_t *group, uint32_t size)
{
	const struct person *person = person_at(sheets, group[0]);
	double pairs = (double)sheets->count * (sheets->count - 1.0) / 2;
	double square = pairs * pairs, chance = 1;

	for (uint32_t i = 0; i < person->sheet_count; i++) {
		struct mark mark = mark_of(person->sheet[i]);
		const struct criterion *criterion =
			&sheets->crowd->standard->criteria[mark.criterion];
		double kinds =
			criterion->answer_count > 0 ? criterion->answer_count : ANSWERS_MAXIMUM;
		double like = count_like(sheets, mark.hash) -
			      (double)group_count(sheets, group, size, &mark, true);
		double all = sheets->answered[mark.criterion] -
			     (double)group_count(sheets, group, size, &mark, false);

		square *= (like + 1) / (all + kinds);
	}
	if (square >= 1)
		return 1;
	for (uint32_t i = 1; i < size && chance >= COPY_CHANCE; i++)
		chance *= square;
	return chance;
}

static void judge(const struct sheets *sheets, uint32_t *group, uint32_t size)
{
	struct crowd *crowd = sheets->crowd;
	const char *reason;

	/* chance_of gives the square of a probability. */
	if (size < 2 || chance_of(sheets, group, size) >= COPY_CHANCE)
		return;
	reason = arena_format(crowd->arena,
			      "%u tenants gave the same answers to %u questions, which is less "
			      "likely by chance than 1 in 100",
			      size, person_at(sheets, group[0])->sheet_count);
	for (uint32_t i = 0; i < size; i++) {
		struct person *person = &crowd->people[sheets->first + group[i]];

		crowd_join(crowd, sheets->first + group[0], sheets->first + group[i]);
		if (!person->reasons[SUSPICION_COPY])
			person->reasons[SUSPICION_COPY] = reason;
	}
}

enum {
	PARTS = 3,      /* of a sheet: two halves and the whole */
	FIRST_ONES = 8, /* of those who agree in a part, with whom the others are compared */
};

/* Sheets that differ in one answer agree in one of their halves; who is equal agrees in the whole,
 * in which nobody stands between who agrees in a half alone. */
static size_t halve(const struct sheets *sheets, struct half *halves)
{
	size_t count = 0;

	for (uint32_t i = 0; i < sheets->count; i++) {
		const struct person *person = person_at(sheets, i);
		uint64_t hashes[2] = { 1, 2 };

		if (person->sheet_count < COPY_ANSWERS)
			continue;
		for (uint32_t k = 0; k < person->sheet_count; k++) {
			struct mark mark = mark_of(person->sheet[k]);

			hashes[mark.criterion % 2] =
				random_join(hashes[mark.criterion % 2], mark.hash);
		}
		halves[count++] = (struct half){ hashes[0], i };
		halves[count++] = (struct half){ hashes[1], i };
		halves[count++] = (struct half){ random_join(hashes[0], hashes[1]), i };
	}
	qsort(halves, count, sizeof(*halves), compare_halves);
	return count;
}

/* Those who agree in a part, in groups that are nearly the same. What is in no group stays in front
 * of the array, in its order; returns how many these are. */
static size_t take_group(const struct sheets *sheets, struct half *agree, size_t count,
			 uint32_t *group)
{
	uint32_t size = 1;
	size_t left = 0;

	group[0] = agree[0].person;
	for (size_t i = 1; i < count; i++) {
		if (differences(person_at(sheets, group[0]), person_at(sheets, agree[i].person)) <=
		    COPY_DIFFERENCES)
			group[size++] = agree[i].person;
		else
			agree[left++] = agree[i];
	}
	judge(sheets, group, size);
	return left;
}

static void compare_all(const struct sheets *sheets)
{
	struct arena *arena = sheets->crowd->arena;
	struct half *halves = ARENA_ARRAY(arena, struct half, PARTS * (size_t)sheets->count);
	uint32_t *group = ARENA_ARRAY(arena, uint32_t, sheets->count);
	size_t count = halve(sheets, halves);

	for (size_t i = 0, next; i < count; i = next) {
		size_t left;

		for (next = i + 1; next < count && halves[next].hash == halves[i].hash;)
			next++;
		left = next - i;
		for (unsigned k = 0; left > 1 && k < FIRST_ONES; k++)
			left = take_group(sheets, &halves[i], left, group);
	}
}

static void suspect(struct crowd *crowd, uint32_t first, uint32_t count)
{
	struct sheets sheets = { .crowd = crowd, .first = first, .count = count };
	size_t room = 0;

	for (uint32_t i = 0; i < count; i++)
		room += crowd->people[first + i].sheet_count;
	sheets.marks = ARENA_ARRAY(crowd->arena, struct mark, room);
	sheets.answered = ARENA_ARRAY(crowd->arena, uint32_t, crowd->standard->criterion_count);
	for (uint32_t i = 0; i < count; i++) {
		const struct person *person = &crowd->people[first + i];

		for (uint32_t k = 0; k < person->sheet_count; k++) {
			sheets.marks[sheets.mark_count++] = mark_of(person->sheet[k]);
			sheets.answered[person->sheet[k]->criterion]++;
		}
	}
	qsort(sheets.marks, sheets.mark_count, sizeof(*sheets.marks), compare_marks);
	compare_all(&sheets);
}

void suspect_sheets(struct crowd *crowd)
{
	for (uint32_t first = 0, end; first < crowd->count; first = end) {
		end = crowd_end(crowd, first);
		suspect(crowd, first, end - first);
	}
}
