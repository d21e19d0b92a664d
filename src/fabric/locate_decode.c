#include "fabric/locate_decode.h"

#include <math.h>
#include <stdlib.h>

/* Messages that change by less have settled. */
#define CHANGE_LEAST 1e-5

/* Readings that are few lie unevenly. */
#define WIDER_MOST 2.0

/* More hiccups than that tell nothing any more. */
#define ODD_MOST 0.4

#define PI 3.14159265358979323846

enum {
	SWEEPS_MAXIMUM = 16,
	SWEEPS_FREE = 4, /* then messages move half of the way, so that none swing for ever */
	ESTIMATES = 2,
	PSEUDO_READINGS = 4, /* that the first guess of the noise counts as */
	PSEUDO_ODD = 20,     /* that the channel's share of hiccups counts as */
};

/* Each level of a fault is so much worse than the one before. */
#define LEVEL_STEP 1.4

/* Noise of small samples is told too low by their shortest half; this share of the least fault is
 * what is thought of it beforehand. */
#define NOISE_GUESS 0.3

/* What is better than a healthy pair tells no more than one that is better by so many deviations:
 * the tails beyond are thinner in the model than in the world. */
#define BETTER_MOST 2.0

struct levels {
	unsigned count;
	double badness[LOCATE_LEVELS_MAXIMUM];
	double width[LOCATE_LEVELS_MAXIMUM]; /* deviation of faults of the level about it */
	double prior[LOCATE_LEVELS_MAXIMUM];
};

struct decoder {
	const struct locate_channel *channel;
	const struct locate_reading *readings;
	size_t count;
	uint32_t endpoints;
	struct levels levels;
	double level, noise, odd;
	double *likelihoods; /* of a reading, at each level of its worse end */
	double *messages;    /* of both ends of each reading: what it tells that end */
	double *products;    /* of each endpoint: its prior times all that it was told */
	double *weights;     /* of each reading: how much it tells of healthy pairs */
};

static void set_levels(const struct locate_channel *channel, struct levels *levels)
{
	unsigned count = LOCATE_BENIGN;
	unsigned faults;

	*levels = (struct levels){ 0 };
	levels->badness[1] = channel->least / 2;
	for (double at = channel->least; at < channel->most && count < LOCATE_LEVELS_MAXIMUM;
	     at *= LEVEL_STEP) {
		levels->width[count] = at * (LEVEL_STEP - 1) / 2;
		levels->badness[count++] = at;
	}
	levels->count = count;
	faults = count - LOCATE_BENIGN;
	levels->prior[1] = channel->prior;
	levels->prior[0] = 1 - 2 * channel->prior;
	for (unsigned i = LOCATE_BENIGN; i < count; i++)
		levels->prior[i] = channel->prior / faults;
}

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return (first > second) - (first < second);
}

/* The best interval that holds a third of the readings and is not much wider than the shortest such
 * one. A pair is healthy when both of its ends are, so that a third of healthy pairs is more than
 * half of healthy endpoints; and nothing is better than healthy. */
static void guess(struct decoder *decoder, struct arena *arena)
{
	const struct locate_channel *channel = decoder->channel;
	size_t count = decoder->count;
	size_t third = count / 3 + 1;
	double *sorted = ARENA_ARRAY(arena, double, count + 1);
	double shortest = INFINITY;
	size_t best = 0;
	double width;

	for (size_t i = 0; i < count; i++)
		sorted[i] = decoder->readings[i].badness;
	qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 0; i + third <= count; i++)
		shortest = fmin(shortest, sorted[i + third - 1] - sorted[i]);
	while (sorted[best + third - 1] - sorted[best] > WIDER_MOST * shortest)
		best++;
	width = sorted[best + third - 1] - sorted[best];
	decoder->level = isnan(channel->level) ? sorted[best + third / 2] : channel->level;
	/* A third of a normal distribution lies within 0.4307 deviations. */
	decoder->noise = fmax(width / (2 * 0.4307), channel->noise_least);
}

static double density(double value, double middle, double deviation)
{
	double z = (value - middle) / deviation;

	return exp(-z * z / 2) / (deviation * sqrt(2 * PI));
}

static void fill_likelihoods(struct decoder *decoder)
{
	const struct locate_channel *channel = decoder->channel;
	const struct levels *levels = &decoder->levels;
	double noise = decoder->noise;
	double anything = 1 / (channel->most + 4 * noise);

	for (size_t i = 0; i < decoder->count; i++) {
		double badness = decoder->readings[i].badness - decoder->level;
		double *into = decoder->likelihoods + i * levels->count;
		double hidden;

		badness = fmin(fmax(badness, -BETTER_MOST * noise), channel->most);
		hidden = density(badness, 0, noise);
		for (unsigned j = 0; j < levels->count; j++) {
			double hides = j < LOCATE_BENIGN ? 0 : channel->hides;
			double shown = density(badness, levels->badness[j],
					       hypot(noise, levels->width[j]));

			into[j] = decoder->odd * anything +
				  (1 - decoder->odd) * (hides * hidden + (1 - hides) * shown);
		}
	}
}

static void normalise(double *values, unsigned count)
{
	double sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += values[i];
	sum = 1 / sum;
	for (unsigned i = 0; i < count; i++)
		values[i] *= sum;
}

/* What the reading tells one end, given what all else says of the other; of what it told before
 * `kept` stays. Returns how much of it is new. */
static double tell(const double *likelihood, const double *other, unsigned count, double kept,
		   double *message)
{
	double told[LOCATE_LEVELS_MAXIMUM];
	double worse = 0; /* over levels of the other that are above this one */
	double below = 0; /* probability that the other is at most this bad */
	double before = message[0];

	for (unsigned j = 0; j < count; j++)
		worse += other[j] * likelihood[j];
	for (unsigned j = 0; j < count; j++) {
		below += other[j];
		worse -= other[j] * likelihood[j];
		told[j] = below * likelihood[j] + (worse > 0 ? worse : 0);
	}
	normalise(told, count);
	for (unsigned j = 0; j < count; j++)
		message[j] = kept * message[j] + (1 - kept) * told[j];
	return fabs(message[0] - before);
}

/* The belief of an endpoint without what reading `message` told it. */
static void leave_out(const struct decoder *decoder, uint32_t endpoint, const double *message,
		      double *ret_belief)
{
	unsigned count = decoder->levels.count;
	const double *product = decoder->products + (size_t)endpoint * count;

	for (unsigned j = 0; j < count; j++)
		ret_belief[j] = product[j] / message[j];
	normalise(ret_belief, count);
}

static void multiply(struct decoder *decoder)
{
	unsigned count = decoder->levels.count;

	for (uint32_t i = 0; i < decoder->endpoints; i++)
		for (unsigned j = 0; j < count; j++)
			decoder->products[(size_t)i * count + j] = decoder->levels.prior[j];
	for (size_t i = 0; i < 2 * decoder->count; i++) {
		const struct locate_reading *reading = &decoder->readings[i / 2];
		uint32_t endpoint = i % 2 ? reading->b : reading->a;
		double *product = decoder->products + (size_t)endpoint * count;

		for (unsigned j = 0; j < count; j++)
			product[j] *= decoder->messages[i * count + j];
		normalise(product, count);
	}
}

/* Returns the largest change of a message. */
static double sweep(struct decoder *decoder, double kept)
{
	double change = 0;
	unsigned count = decoder->levels.count;
	double of_a[LOCATE_LEVELS_MAXIMUM];
	double of_b[LOCATE_LEVELS_MAXIMUM];

	for (size_t i = 0; i < decoder->count; i++) {
		const struct locate_reading *reading = &decoder->readings[i];
		const double *likelihood = decoder->likelihoods + i * count;
		double *to_a = decoder->messages + 2 * i * count;
		double *to_b = to_a + count;

		leave_out(decoder, reading->a, to_a, of_a);
		leave_out(decoder, reading->b, to_b, of_b);
		change = fmax(change, tell(likelihood, of_b, count, kept, to_a));
		change = fmax(change, tell(likelihood, of_a, count, kept, to_b));
	}
	multiply(decoder);
	return change;
}

/* From what the messages were before: near the end, when only level and noise have moved. */
static void decode_once(struct decoder *decoder)
{
	fill_likelihoods(decoder);
	for (unsigned i = 0; i < SWEEPS_MAXIMUM; i++)
		if (sweep(decoder, i < SWEEPS_FREE ? 0 : 0.5) < CHANGE_LEAST)
			break;
}

static void begin(struct decoder *decoder)
{
	unsigned count = decoder->levels.count;

	for (size_t i = 0; i < 2 * decoder->count * count; i++)
		decoder->messages[i] = 1.0 / count;
	multiply(decoder);
}

/* Probability that neither end of the reading is at fault, by all readings. */
static double both_healthy(const struct decoder *decoder, const struct locate_reading *reading)
{
	unsigned count = decoder->levels.count;

	return decoder->products[(size_t)reading->a * count] *
	       decoder->products[(size_t)reading->b * count];
}

/* Level, noise and the share of hiccups over again, each reading weighed by how healthy its ends
 * are and, but for the last, by how little it is a hiccup. */
static void estimate(struct decoder *decoder)
{
	const struct locate_channel *channel = decoder->channel;
	double guessed = NOISE_GUESS * channel->least;
	double healthy = 0;
	double weights = 0;
	double sum = 0;
	double squares = 0;

	for (size_t i = 0; i < decoder->count; i++) {
		const struct locate_reading *reading = &decoder->readings[i];
		double normal = density(reading->badness, decoder->level, decoder->noise);
		double both = both_healthy(decoder, reading);
		double weight = both * normal / (normal + decoder->odd / channel->most);

		/* What is better than healthy is no hiccup. */
		if (reading->badness < decoder->level)
			weight = both;
		decoder->weights[i] = weight;
		healthy += both;
		weights += weight;
		sum += weight * reading->badness;
	}
	decoder->odd = (channel->odd * PSEUDO_ODD + healthy - weights) / (PSEUDO_ODD + healthy);
	decoder->odd = fmin(fmax(decoder->odd, channel->odd), ODD_MOST);
	if (weights < 1)
		return;
	if (isnan(channel->level))
		decoder->level = sum / weights;
	for (size_t i = 0; i < decoder->count; i++)
		squares +=
			decoder->weights[i] * pow(decoder->readings[i].badness - decoder->level, 2);
	decoder->noise =
		sqrt((squares + PSEUDO_READINGS * guessed * guessed) / (weights + PSEUDO_READINGS));
	decoder->noise = fmax(decoder->noise, channel->noise_least);
}

static void take_beliefs(const struct decoder *decoder, struct locate_belief *beliefs)
{
	unsigned count = decoder->levels.count;

	for (uint32_t i = 0; i < decoder->endpoints; i++) {
		const double *product = decoder->products + (size_t)i * count;
		double fault = 0;

		for (unsigned j = LOCATE_BENIGN; j < count; j++)
			fault += product[j];
		beliefs[i].fault = fault;
		beliefs[i].sound = product[0] + product[1];
	}
	for (size_t i = 0; i < decoder->count; i++) {
		beliefs[decoder->readings[i].a].readings++;
		beliefs[decoder->readings[i].b].readings++;
	}
}

void locate_decode(const struct locate_channel *channel, const struct locate_reading *readings,
		   size_t count, uint32_t endpoints, struct arena *arena,
		   struct locate_decoded *ret_decoded)
{
	struct decoder decoder = {
		.channel = channel,
		.readings = readings,
		.count = count,
		.endpoints = endpoints,
		.odd = channel->odd,
	};

	*ret_decoded = (struct locate_decoded){
		.beliefs = ARENA_ARRAY(arena, struct locate_belief, (size_t)endpoints + 1),
		.is_known = count >= LOCATE_READINGS_LEAST,
	};
	set_levels(channel, &decoder.levels);
	if (!ret_decoded->is_known)
		count = 0;
	decoder.count = count;
	decoder.likelihoods = ARENA_ARRAY(arena, double, count *decoder.levels.count + 1);
	decoder.messages = ARENA_ARRAY(arena, double, 2 * count * decoder.levels.count + 1);
	decoder.products = ARENA_ARRAY(arena, double, (size_t)endpoints *decoder.levels.count + 1);
	decoder.weights = ARENA_ARRAY(arena, double, count + 1);
	begin(&decoder);
	if (count > 0)
		guess(&decoder, arena);
	for (unsigned i = 0; i < ESTIMATES && count > 0; i++) {
		decode_once(&decoder);
		estimate(&decoder);
	}
	decode_once(&decoder);
	take_beliefs(&decoder, ret_decoded->beliefs);
	ret_decoded->level = decoder.level;
	ret_decoded->noise = decoder.noise;
}
