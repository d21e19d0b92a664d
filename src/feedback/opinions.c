#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feedback/aggregate.h"
#include "feedback/crowd.h"

const char *const suspicion_names[SUSPICION_COUNT] = {
	[SUSPICION_COPY] = "copy",   [SUSPICION_BURST] = "burst",     [SUSPICION_SYBIL] = "sybil",
	[SUSPICION_RIVAL] = "rival", [SUSPICION_INSIDER] = "insider", [SUSPICION_PAID] = "paid",
};

/* One answer of one person. */
struct utterance {
	const struct person *person;
	const struct submission *submission;
	const struct given_answer *answer;
	double worth; /* NaN when it says that nothing applies */
};

struct making {
	const struct standard *standard;
	const struct submission *submissions;
	date_t day;
	struct arena *arena;
};

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* By provider, subject and criterion: what makes an opinion. */
static int compare_topics(const struct utterance *a, const struct utterance *b)
{
	int order = 0;

	for (unsigned i = 0; i < SUBJECT_UNIT_PARTS && order == 0; i++)
		order = compare_texts(a->submission->subject.parts[i],
				      b->submission->subject.parts[i]);
	if (order == 0)
		order = (a->answer->criterion > b->answer->criterion) -
			(a->answer->criterion < b->answer->criterion);
	return order;
}

/* Then by person, and of one person the newest first, as said[] has them. */
static int compare_utterances(const void *left, const void *right)
{
	const struct utterance *a = left, *b = right;
	int order = compare_topics(a, b);

	if (order == 0)
		order = (a->person > b->person) - (a->person < b->person);
	if (order == 0)
		order = (a->submission->time < b->submission->time) -
			(a->submission->time > b->submission->time);
	return order ? order : strcmp(b->submission->id, a->submission->id);
}

/* The older first; who is whom does not depend on the order of the input. */
static int compare_ages(const void *left, const void *right)
{
	const struct utterance *a = left, *b = right;
	int order = (a->submission->time > b->submission->time) -
		    (a->submission->time < b->submission->time);

	if (order == 0)
		order = strcmp(a->submission->id, b->submission->id);
	return order ? order : (a->person > b->person) - (a->person < b->person);
}

static double worth_of(const struct criterion *criterion, const struct given_answer *answer)
{
	const struct record record = { .says = answer->says,
				       .text = answer->text,
				       .value = answer->value,
				       .unit = criterion->unit };
	uint16_t worth = 0;

	if (!criterion_worth(criterion, &record, &worth))
		return NAN;
	return (double)worth / WORTH_ONE;
}

static date_t lapse_of(const struct making *making, const struct utterance *one)
{
	return date_from_unix(one->submission->time) +
	       (date_t)making->standard->criteria[one->answer->criterion].expiry_days;
}

/* All that counts on the day, one voice a person and topic, by topic. */
static uint32_t gather(const struct making *making, const struct crowd *crowd,
		       struct utterance **ret_all)
{
	struct utterance *all;
	size_t room = 0, count = 0, kept = 0;

	for (uint32_t i = 0; i < crowd->count; i++)
		for (uint32_t k = 0; k < crowd->people[i].count; k++)
			room += crowd->people[i].said[k]->answer_count;
	all = ARENA_ARRAY(making->arena, struct utterance, room);
	for (uint32_t i = 0; i < crowd->count; i++) {
		const struct person *person = &crowd->people[i];

		for (uint32_t k = 0; k < person->count; k++)
			for (uint32_t n = 0; n < person->said[k]->answer_count; n++)
				all[count++] = (struct utterance){
					.person = person,
					.submission = person->said[k],
					.answer = &person->said[k]->answers[n],
				};
	}
	qsort(all, count, sizeof(*all), compare_utterances);
	for (size_t i = 0; i < count; i++) {
		const struct utterance *one = &all[i];
		bool older = kept > 0 && compare_topics(&all[kept - 1], one) == 0 &&
			     all[kept - 1].person == one->person;

		if (!older && lapse_of(making, one) >= making->day)
			all[kept++] = *one;
	}
	for (size_t i = 0; i < kept; i++)
		all[i].worth = worth_of(&making->standard->criteria[all[i].answer->criterion],
					all[i].answer);
	*ret_all = all;
	return (uint32_t)kept;
}

/* ---- one opinion ---- */

/* The voices of a topic, by age, each with its weight. */
static struct voice *weigh(const struct making *making, const struct utterance *said,
			   uint32_t count)
{
	static const double whole[] = {
		[CLASS_UNPROVEN] = CLASS_WHOLE_UNPROVEN,
		[CLASS_CODE] = CLASS_WHOLE_CODE,
	};
	struct voice *voices = ARENA_ARRAY(making->arena, struct voice, count);
	double before[CLASS_INDEPENDENT] = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		const struct utterance *one = &said[i];
		enum voice_class class = class_of(one->submission);
		double weight = feedback_weight(one->submission) * one->person->left;

		voices[i] = (struct voice){
			.submission = (uint32_t)(one->submission - making->submissions),
			.answer = (uint32_t)(one->answer - one->submission->answers),
			.worth = one->worth,
			.weight = weight,
			.counts = class != CLASS_UNPROVEN && one->person->left >= COUNTS_FROM,
		};
		if (class == CLASS_INDEPENDENT)
			continue;
		voices[i].weight = aggregate_thinned(before[class], weight, whole[class]);
		before[class] += weight;
	}
	return voices;
}

/* One that has a worth, and the voice it is of. */
struct ranked {
	struct said said;
	uint32_t voice;
};

static int compare_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->said.worth < b->said.worth || a->said.worth > b->said.worth)
		return a->said.worth < b->said.worth ? -1 : 1;
	return (a->voice > b->voice) - (a->voice < b->voice);
}

/* The answers' robust mean, interval and median. */
static void sum_up(const struct making *making, const struct utterance *utterances,
		   struct opinion *opinion)
{
	double presumption = (double)making->standard->presumption / WORTH_ONE;
	struct ranked *ranked = ARENA_ARRAY(making->arena, struct ranked, opinion->voice_count);
	struct said *said = ARENA_ARRAY(making->arena, struct said, opinion->voice_count);
	const struct given_answer *median;
	struct interval interval;
	uint32_t count = 0;

	for (uint32_t i = 0; i < opinion->voice_count; i++)
		if (!isnan(opinion->voices[i].worth))
			ranked[count++] = (struct ranked){
				{ opinion->voices[i].worth, opinion->voices[i].weight }, i
			};
	qsort(ranked, count, sizeof(*ranked), compare_ranked);
	for (uint32_t i = 0; i < count; i++)
		said[i] = ranked[i].said;
	interval = aggregate_interval(said, count, presumption);
	opinion->worth = aggregate_mean(said, count, presumption, PRIOR_WEIGHT);
	opinion->low = interval.low;
	opinion->high = interval.high;
	if (opinion->says == SAYS_NOT_APPLICABLE)
		return;
	median = utterances[ranked[aggregate_median(said, count)].voice].answer;
	opinion->says = median->says;
	opinion->text = median->says == SAYS_ANSWER ? median->text : NULL;
	opinion->value = median->says == SAYS_VALUE ? median->value : 0;
}

static void count_answers(const struct making *making, const struct utterance *said,
			  struct opinion *opinion)
{
	const struct criterion *criterion = &making->standard->criteria[opinion->criterion];

	for (uint32_t i = 0; i < opinion->voice_count; i++)
		for (uint32_t k = 0; k < criterion->answer_count; k++)
			opinion->tally[k] +=
				said[i].answer->says == SAYS_ANSWER &&
				strcmp(said[i].answer->text, criterion->answers[k].name) == 0;
}

/* Most of the weight says that the question does not concern them. */
static void judge_applicable(const struct making *making, struct opinion *opinion)
{
	double silent = 0;

	for (uint32_t i = 0; i < opinion->voice_count; i++)
		if (isnan(opinion->voices[i].worth))
			silent += opinion->voices[i].weight;
	opinion->says = SAYS_ANSWER;
	if (silent * 2 <= opinion->weight)
		return;
	opinion->says = SAYS_NOT_APPLICABLE;
	/* The standard's words: what a customer wrote stays with his answer. */
	opinion->text = making->standard->criteria[opinion->criterion].not_applicable;
}

/* Whether the voice is of those that the opinion rests on: answers, or that nothing applies. */
static bool bears(const struct opinion *opinion, const struct voice *voice)
{
	return voice->counts && isnan(voice->worth) == (opinion->says == SAYS_NOT_APPLICABLE);
}

static void judge_settled(const struct making *making, const struct utterance *said,
			  struct opinion *opinion)
{
	uint32_t behind = 0;

	for (uint32_t i = 0; i < opinion->voice_count; i++) {
		const struct voice *voice = &opinion->voices[i];

		if (!bears(opinion, voice))
			continue;
		opinion->proven_count++;
		opinion->proven_weight += voice->weight;
		opinion->independent_count += class_of(said[i].submission) == CLASS_INDEPENDENT;
	}
	opinion->settles = opinion->proven_count >= SETTLE_PROVEN &&
			   opinion->independent_count >= SETTLE_INDEPENDENT &&
			   opinion->proven_weight >= SETTLE_WEIGHT;
	opinion->lapses = DATE_NONE;
	for (uint32_t i = opinion->voice_count; opinion->settles && i-- > 0;) {
		if (bears(opinion, &opinion->voices[i]) && ++behind == SETTLE_PROVEN)
			opinion->lapses = lapse_of(making, &said[i]);
	}
}

static struct opinion make_opinion(const struct making *making, struct utterance *said,
				   uint32_t count)
{
	struct opinion opinion = {
		.provider = said[0].submission->subject.parts[SUBJECT_PROVIDER],
		.subject = said[0].submission->subject,
		.criterion = said[0].answer->criterion,
		.voice_count = count,
	};

	qsort(said, count, sizeof(*said), compare_ages);
	opinion.newest = date_from_unix(said[count - 1].submission->time);
	opinion.voices = weigh(making, said, count);
	for (uint32_t i = 0; i < count; i++)
		opinion.weight += opinion.voices[i].weight;
	count_answers(making, said, &opinion);
	judge_applicable(making, &opinion);
	sum_up(making, said, &opinion);
	judge_settled(making, said, &opinion);
	return opinion;
}

/* ---- flags ---- */

static int compare_flags(const void *left, const void *right)
{
	const struct flag *a = left, *b = right;

	if (a->submission != b->submission)
		return a->submission < b->submission ? -1 : 1;
	return (a->suspicion > b->suspicion) - (a->suspicion < b->suspicion);
}

static void list_flags(const struct making *making, const struct crowd *crowd,
		       struct opinions *into)
{
	struct flag *flags;
	size_t count = 0;

	for (uint32_t i = 0; i < crowd->count; i++)
		for (unsigned k = 0; k < SUSPICION_COUNT; k++)
			if (crowd->people[i].reasons[k])
				count += crowd->people[i].count;
	flags = ARENA_ARRAY(making->arena, struct flag, count);
	for (uint32_t i = 0; i < crowd->count; i++) {
		const struct person *person = &crowd->people[i];

		for (unsigned k = 0; k < SUSPICION_COUNT; k++)
			for (uint32_t n = 0; person->reasons[k] && n < person->count; n++)
				flags[into->flag_count++] = (struct flag){
					(uint32_t)(person->said[n] - making->submissions),
					(enum suspicion)k, person->reasons[k]
				};
	}
	qsort(flags, into->flag_count, sizeof(*flags), compare_flags);
	into->flags = flags;
}

static void suspect(struct crowd *crowd)
{
	suspect_copies(crowd);
	suspect_sheets(crowd);
	suspect_origins(crowd);
	suspect_bursts(crowd);
	suspect_rivals(crowd);
	suspect_declared(crowd);
	crowd_weigh(crowd);
}

static void form(const struct making *making, const struct crowd *crowd,
		 struct opinions *ret_opinions)
{
	struct opinions opinions = { 0 };
	struct utterance *said;
	struct opinion *items;
	uint32_t count = gather(making, crowd, &said);

	items = ARENA_ARRAY(making->arena, struct opinion, count);
	for (uint32_t first = 0, end; first < count; first = end) {
		for (end = first + 1; end < count && compare_topics(&said[first], &said[end]) == 0;)
			end++;
		items[opinions.count++] = make_opinion(making, &said[first], end - first);
	}
	opinions.items = items;
	list_flags(making, crowd, &opinions);
	*ret_opinions = opinions;
}

void opinions_of(const struct standard *standard, const struct submission *submissions,
		 uint32_t count, date_t day, struct arena *arena, struct opinions *ret_opinions)
{
	const struct making making = {
		.standard = standard, .submissions = submissions, .day = day, .arena = arena
	};
	struct crowd crowd;

	crowd_of(standard, submissions, count, day, arena, &crowd);
	suspect(&crowd);
	form(&making, &crowd, ret_opinions);
}

void opinions_unsuspecting(const struct standard *standard, const struct submission *submissions,
			   uint32_t count, date_t day, struct arena *arena,
			   struct opinions *ret_opinions)
{
	const struct making making = {
		.standard = standard, .submissions = submissions, .day = day, .arena = arena
	};
	struct crowd crowd;

	crowd_of(standard, submissions, count, day, arena, &crowd);
	form(&making, &crowd, ret_opinions);
}
