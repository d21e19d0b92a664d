#include "fabric/locate.h"

#include <math.h>
#include <string.h>

#include "fabric/locate_match.h"

/* Below this share of lost packets one is like another, and so is a rate of nothing in the worst
 * piece of time. */
#define LOST_LEAST 1e-4
#define PART_LEAST 0.02

/* Losing packets and coming and going are told from fewer and rougher signs than slowness. */
#define DOUBT_OF_SIGNS 1e-4

/* When the rounds are spent, what is as sure as this is said, with its probability. */
#define DOUBT_AT_LAST 1e-3

/* What comes and goes may hide in half of the measurements; to ask for certainty that it does not
 * would never end. */
#define FLAPPING_SUSPECT 0.05

const char *const locate_symptom_names[LOCATE_SYMPTOM_COUNT] = {
	[LOCATE_SLOW] = "slow",
	[LOCATE_LOSSY] = "lossy",
	[LOCATE_FLAPPING] = "flapping",
};

const char *const locate_verdict_names[LOCATE_VERDICT_COUNT] = {
	[LOCATE_OPEN] = "open",
	[LOCATE_SOUND] = "sound",
	[LOCATE_FAULTY] = "faulty",
	[LOCATE_UNTESTED] = "untested",
};

const struct locate_options locate_defaults = {
	.slow = 0.05,
	.doubt = 1e-5,
	.prior = 0.01,
	.screens = 3,
	.rounds = 9,
	.rails = 1,
};

static bool check_options(const struct locate_options *options, struct error *err)
{
	if (!(options->slow >= 0.001 && options->slow <= 0.9))
		return fail(err, ERROR_INVALID,
			    "a fault lacks between 0.1 %% and 90 %% of the "
			    "rate");
	if (options->rounds < 1 || options->rounds > LOCATE_ROUNDS_MAXIMUM)
		return fail(err, ERROR_INVALID, "there are 1 to %d rounds", LOCATE_ROUNDS_MAXIMUM);
	if (options->rails < 1 || options->rails > LOCATE_RAILS_MAXIMUM)
		return fail(err, ERROR_INVALID, "there are 1 to %d rails", LOCATE_RAILS_MAXIMUM);
	return true;
}

bool locate_init(struct locate *locate, const struct locate_options *options, uint32_t count,
		 uint32_t *groups, struct arena *arena, struct error *err)
{
	if (count < LOCATE_ENDPOINTS_LEAST)
		return fail(err, ERROR_INVALID,
			    "%u cannot be told apart by pairs: at least %d are needed", count,
			    LOCATE_ENDPOINTS_LEAST);
	if (count > LOCATE_ENDPOINTS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "more than %d endpoints", LOCATE_ENDPOINTS_MAXIMUM);
	if (!check_options(options, err))
		return false;
	*locate = (struct locate){
		.arena = arena,
		.options = *options,
		.count = count,
		.groups = groups,
		.is_away = ARENA_ARRAY(arena, bool, count),
		.findings =
			ARENA_ARRAY(arena, struct locate_finding, (size_t)count * options->rails),
	};
	for (size_t i = 0; i < (size_t)count * options->rails; i++)
		locate->findings[i] =
			(struct locate_finding){ .verdict = LOCATE_UNTESTED, .lost = -1 };
	return true;
}

void locate_leave_out(struct locate *locate, uint32_t endpoint)
{
	locate->is_away[endpoint] = true;
}

void locate_add(struct locate *locate, const struct locate_result *result)
{
	if (locate->result_count == locate->result_room) {
		size_t room = locate->result_room ? 2 * locate->result_room : 1024;
		struct locate_result *more = ARENA_ARRAY(locate->arena, struct locate_result, room);

		if (locate->result_count > 0)
			memcpy(more, locate->results, locate->result_count * sizeof(*more));
		locate->results = more;
		locate->result_room = room;
	}
	locate->results[locate->result_count++] = *result;
}

static struct locate_channel channel_of(const struct locate_options *options,
					enum locate_symptom symptom)
{
	const struct locate_channel channels[LOCATE_SYMPTOM_COUNT] = {
		[LOCATE_SLOW] = {
			.least = -log(1 - options->slow),
			.most = 5,
			.hides = 0.005,
			.odd = 0.01,
			.noise_least = 0.002,
			.level = options->expected > 0 ? -log(options->expected) : (double)NAN,
		},
		[LOCATE_LOSSY] = {
			.least = log(5),
			.most = -log(LOST_LEAST),
			.hides = 0.02,
			.odd = 0.02,
			.noise_least = 0.3,
			.level = (double)NAN,
		},
		[LOCATE_FLAPPING] = {
			.least = log(2),
			.most = -log(PART_LEAST),
			.hides = 0.5,
			.odd = 0.02,
			.noise_least = 0.15,
			.level = (double)NAN,
		},
	};
	struct locate_channel channel = channels[symptom];

	channel.prior = options->prior;
	return channel;
}

/* False when the result says nothing of the symptom. */
static bool badness_of(const struct locate_result *result, enum locate_symptom symptom,
		       double *ret_badness)
{
	switch (symptom) {
	case LOCATE_SLOW:
		*ret_badness = result->failed ? 0 : -log(result->rate);
		return !result->failed;
	case LOCATE_LOSSY:
		*ret_badness = log((fmax(result->lost, 0) + LOST_LEAST) / LOST_LEAST);
		return !result->failed && result->lost >= 0;
	case LOCATE_FLAPPING:
		*ret_badness = -log(fmin(fmax(result->worst_part, PART_LEAST), 1));
		if (result->failed)
			*ret_badness = -log(PART_LEAST);
		return result->failed || result->worst_part >= 0;
	case LOCATE_SYMPTOM_COUNT:
		break;
	}
	return false;
}

static struct locate_finding *finding_of(const struct locate *locate, uint32_t endpoint,
					 unsigned rail)
{
	return &locate->findings[(size_t)endpoint * locate->options.rails + rail];
}

/* What all results of the rail say about one symptom, into ret_decoded; false when none says
 * anything, or when they all fail, which does not tell what is healthy. */
static bool decode(const struct locate *locate, unsigned rail, enum locate_symptom symptom,
		   struct arena *scratch, struct locate_decoded *ret_decoded)
{
	const struct locate_channel channel = channel_of(&locate->options, symptom);
	struct locate_reading *readings =
		ARENA_ARRAY(scratch, struct locate_reading, locate->result_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < locate->result_count; i++) {
		const struct locate_result *result = &locate->results[i];

		if (result->rail != rail || !badness_of(result, symptom, &readings[count].badness))
			continue;
		readings[count].a = result->a;
		readings[count++].b = result->b;
	}
	locate_decode(&channel, readings, count, locate->count, scratch, ret_decoded);
	return ret_decoded->is_known;
}

static double doubt_of(const struct locate *locate, enum locate_symptom symptom)
{
	double doubt = symptom == LOCATE_SLOW ? locate->options.doubt : DOUBT_OF_SIGNS;

	return locate->round < locate->options.rounds ? doubt : fmax(doubt, DOUBT_AT_LAST);
}

static enum locate_verdict judge(const struct locate *locate, const struct locate_finding *finding,
				 const struct locate_belief of[LOCATE_SYMPTOM_COUNT],
				 enum locate_symptom *ret_symptom)
{
	/* A slow port drops what it cannot send: loss is what is left when nothing else is. */
	static const enum locate_symptom strongest_first[] = { LOCATE_FLAPPING, LOCATE_SLOW,
							       LOCATE_LOSSY };
	bool is_open = of[LOCATE_SLOW].readings == 0;

	if (finding->tests == 0)
		return LOCATE_UNTESTED;
	*ret_symptom = LOCATE_SLOW;
	for (unsigned i = 0; i < LOCATE_SYMPTOM_COUNT; i++) {
		enum locate_symptom symptom = strongest_first[i];
		double doubt = doubt_of(locate, symptom);

		if (of[symptom].readings == 0)
			continue;
		if (of[symptom].sound < doubt) {
			*ret_symptom = symptom;
			return LOCATE_FAULTY;
		}
		if (of[symptom].fault > of[*ret_symptom].fault)
			*ret_symptom = symptom;
		if (of[symptom].fault > (symptom == LOCATE_FLAPPING ? FLAPPING_SUSPECT : doubt))
			is_open = true;
	}
	return is_open ? LOCATE_OPEN : LOCATE_SOUND;
}

static void count_tests(struct locate *locate)
{
	for (size_t i = 0; i < (size_t)locate->count * locate->options.rails; i++)
		locate->findings[i] =
			(struct locate_finding){ .verdict = LOCATE_UNTESTED, .lost = -1 };
	for (size_t i = 0; i < locate->result_count; i++) {
		const struct locate_result *result = &locate->results[i];
		struct locate_finding *a = finding_of(locate, result->a, result->rail);
		struct locate_finding *b = finding_of(locate, result->b, result->rail);

		a->tests++;
		b->tests++;
		a->failures += result->failed;
		b->failures += result->failed;
	}
}

/* One measurement of an endpoint with a partner that is sound tells how much it lacks. */
static void add_lack(const struct locate *locate, const struct locate_result *result, uint32_t of,
		     uint32_t partner)
{
	struct locate_finding *finding = finding_of(locate, of, result->rail);

	if (finding_of(locate, partner, result->rail)->verdict != LOCATE_SOUND)
		return;
	finding->partners++;
	finding->lacks -= log(result->rate / locate->rates[result->rail]);
	if (result->lost >= 0)
		finding->lost = fmax(finding->lost, 0) + fmin(result->lost, 1);
}

static void estimate_lacks(struct locate *locate, unsigned rail)
{
	for (size_t i = 0; i < locate->result_count; i++) {
		const struct locate_result *result = &locate->results[i];

		if (result->rail != rail || result->failed || !(locate->rates[rail] > 0))
			continue;
		add_lack(locate, result, result->a, result->b);
		add_lack(locate, result, result->b, result->a);
	}
	for (uint32_t i = 0; i < locate->count; i++) {
		struct locate_finding *finding = finding_of(locate, i, rail);
		double rest;

		if (finding->partners == 0)
			continue;
		rest = exp(-finding->lacks / finding->partners);
		finding->lacks = 1 - rest;
		finding->lacks_within = rest * locate->noises[rail] / sqrt(finding->partners);
		if (finding->lost >= 0)
			finding->lost /= finding->partners;
	}
}

static void judge_rail(struct locate *locate, unsigned rail, struct arena *scratch)
{
	struct locate_decoded decoded[LOCATE_SYMPTOM_COUNT];
	bool is_known[LOCATE_SYMPTOM_COUNT];

	for (unsigned i = 0; i < LOCATE_SYMPTOM_COUNT; i++)
		is_known[i] = decode(locate, rail, (enum locate_symptom)i, scratch, &decoded[i]);
	locate->rates[rail] = is_known[LOCATE_SLOW] ? exp(-decoded[LOCATE_SLOW].level) : 0;
	locate->noises[rail] = is_known[LOCATE_SLOW] ? decoded[LOCATE_SLOW].noise : 0;
	for (uint32_t i = 0; i < locate->count; i++) {
		struct locate_finding *finding = finding_of(locate, i, rail);
		struct locate_belief of[LOCATE_SYMPTOM_COUNT] = { 0 };

		for (unsigned j = 0; j < LOCATE_SYMPTOM_COUNT; j++) {
			if (!is_known[j] || decoded[j].beliefs[i].readings == 0)
				continue;
			of[j] = decoded[j].beliefs[i];
			finding->fault[j] = of[j].fault;
		}
		finding->verdict = judge(locate, finding, of, &finding->symptom);
	}
	estimate_lacks(locate, rail);
}

void locate_judge(struct locate *locate, struct arena *scratch)
{
	count_tests(locate);
	for (unsigned i = 0; i < locate->options.rails; i++)
		judge_rail(locate, i, scratch);
}

enum locate_verdict locate_verdict_of(const struct locate *locate, uint32_t endpoint)
{
	static const unsigned badness[LOCATE_VERDICT_COUNT] = {
		[LOCATE_SOUND] = 0,
		[LOCATE_UNTESTED] = 1,
		[LOCATE_OPEN] = 2,
		[LOCATE_FAULTY] = 3,
	};
	enum locate_verdict worst = LOCATE_SOUND;

	for (unsigned i = 0; i < locate->options.rails; i++) {
		enum locate_verdict verdict = finding_of(locate, endpoint, i)->verdict;

		if (badness[verdict] > badness[worst])
			worst = verdict;
	}
	return worst;
}

bool locate_is_decided(const struct locate *locate, uint32_t endpoint)
{
	for (unsigned i = 0; i < locate->options.rails; i++) {
		enum locate_verdict verdict = finding_of(locate, endpoint, i)->verdict;

		if (verdict == LOCATE_OPEN || verdict == LOCATE_UNTESTED)
			return false;
	}
	return true;
}

uint32_t locate_plan(struct locate *locate, struct arena *scratch, struct locate_pair *ret_pairs)
{
	uint32_t pairs;

	if (locate->round >= locate->options.rounds)
		return 0;
	if (locate->round < locate->options.screens) {
		pairs = locate_match_all(locate, scratch, ret_pairs);
	} else {
		locate_judge(locate, scratch);
		pairs = locate_match_undecided(locate, scratch, ret_pairs);
	}
	if (pairs > 0)
		locate->round++;
	return pairs;
}
