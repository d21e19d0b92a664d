/*
 * Slow endpoints among many, made up from seeds, and how well they are told: by fabric/locate.h,
 * by measuring every pair, and by a second look at what was slow once. All three see the same
 * endpoints through the same noise. Each is told something of how slow the slow ones are: the
 * other two take half of it for the bar, ours finds what lacks two thirds of it, 5 % at most.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/random.h"
#include "fabric/locate.h"

enum {
	THREADS = 2,
	RUNS_MAIN = 1000,
	RUNS_CURVE = 200,
	RUNS_ALL_PAIRS = 4,
	RUNS_AT_MOST = 1000,
};

#define PI 3.14159265358979323846

struct scene {
	uint32_t count, faulty, rounds; /* at most */
	double lack, noise;
	double hiccups; /* share of measurements that are slow by a third for no reason */
};

struct score {
	uint32_t false_alarms, misses, open, rounds, tests;
};

struct luck {
	uint64_t key, thrown;
};

static double chance(struct luck *luck)
{
	return ((double)(random_u64(luck->key, luck->thrown++) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(struct luck *luck)
{
	double radius = sqrt(-2 * log(chance(luck)));

	return radius * cos(2 * PI * chance(luck));
}

struct cluster {
	struct scene scene;
	bool *is_faulty;
	struct luck luck;
};

static struct cluster cluster_make(const struct scene *scene, uint64_t seed, struct arena *arena)
{
	struct cluster cluster = {
		.scene = *scene,
		.is_faulty = ARENA_ARRAY(arena, bool, scene->count),
		.luck = { .key = random_join(seed, 1) },
	};

	for (uint32_t made = 0; made < scene->faulty;) {
		uint32_t at = (uint32_t)(chance(&cluster.luck) * scene->count);

		made += !cluster.is_faulty[at];
		cluster.is_faulty[at] = true;
	}
	return cluster;
}

static double measure(struct cluster *cluster, uint32_t a, uint32_t b)
{
	const struct scene *scene = &cluster->scene;
	double rate = cluster->is_faulty[a] || cluster->is_faulty[b] ? 1 - scene->lack : 1;

	if (scene->hiccups > 0 && chance(&cluster->luck) < scene->hiccups)
		rate *= 2.0 / 3;
	return fmax(rate * (1 + scene->noise * normal(&cluster->luck)), 0.01);
}

static void count_one(const struct cluster *cluster, uint32_t endpoint, bool is_accused,
		      struct score *score)
{
	score->false_alarms += is_accused && !cluster->is_faulty[endpoint];
	score->misses += !is_accused && cluster->is_faulty[endpoint];
}

static void by_locate(struct cluster *cluster, uint64_t seed, struct arena *arena,
		      struct score *score)
{
	const struct scene *scene = &cluster->scene;
	struct locate_options options = locate_defaults;
	struct locate_pair *pairs = ARENA_ARRAY(arena, struct locate_pair, scene->count);
	struct locate locate;
	struct error err;
	uint32_t count;

	options.seed = seed;
	options.slow = fmin(options.slow, scene->lack * 2 / 3);
	options.rounds = scene->rounds;
	if (!locate_init(&locate, &options, scene->count, NULL, arena, &err))
		exit(1);
	while ((count = locate_plan(&locate, arena, pairs)) > 0) {
		for (uint32_t i = 0; i < count; i++) {
			const struct locate_result result = {
				.a = pairs[i].a,
				.b = pairs[i].b,
				.rate = measure(cluster, pairs[i].a, pairs[i].b),
				.lost = -1,
				.worst_part = -1,
			};

			locate_add(&locate, &result);
		}
		score->tests += count;
	}
	locate_judge(&locate, arena);
	score->rounds = locate.round;
	for (uint32_t i = 0; i < scene->count; i++) {
		enum locate_verdict verdict = locate_verdict_of(&locate, i);

		count_one(cluster, i, verdict == LOCATE_FAULTY, score);
		score->open += verdict == LOCATE_OPEN;
	}
}

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return (first > second) - (first < second);
}

static double middle(const double *values, uint32_t count, struct arena *arena)
{
	double *sorted = ARENA_ARRAY(arena, double, count);

	memcpy(sorted, values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	return sorted[count / 2];
}

static void by_all_pairs(struct cluster *cluster, struct arena *arena, struct score *score)
{
	uint32_t count = cluster->scene.count;
	double *means = ARENA_ARRAY(arena, double, count);
	double bar;

	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = i + 1; j < count; j++) {
			double rate = measure(cluster, i, j) / (count - 1);

			means[i] += rate;
			means[j] += rate;
		}
	bar = middle(means, count, arena) * (1 - cluster->scene.lack / 2);
	for (uint32_t i = 0; i < count; i++)
		count_one(cluster, i, means[i] < bar, score);
	score->rounds = count - 1;
	score->tests = count * (count - 1) / 2;
}

static void by_two_passes(struct cluster *cluster, struct arena *arena, struct score *score)
{
	uint32_t count = cluster->scene.count;
	uint32_t *order = ARENA_ARRAY(arena, uint32_t, count);
	double *rates = ARENA_ARRAY(arena, double, count / 2);
	uint32_t passed = 0;
	double bar;

	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	for (uint32_t i = count; i > 1; i--) {
		uint32_t j = (uint32_t)(chance(&cluster->luck) * i);
		uint32_t kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
	for (uint32_t i = 0; i < count / 2; i++)
		rates[i] = measure(cluster, order[2 * i], order[2 * i + 1]);
	bar = middle(rates, count / 2, arena) * (1 - cluster->scene.lack / 2);
	for (uint32_t i = 0; i < count / 2; i++)
		if (rates[i] >= bar)
			passed = i;
	for (uint32_t i = 0; i < count; i++)
		count_one(cluster, order[i],
			  rates[i / 2] < bar &&
				  measure(cluster, order[i], order[2 * passed + i % 2]) < bar,
			  score);
	score->rounds = 2;
}

enum way {
	WAY_LOCATE,
	WAY_ALL_PAIRS,
	WAY_TWO_PASSES,
	WAY_COUNT,
};

struct series {
	const struct scene *scene;
	enum way way;
	struct score scores[RUNS_AT_MOST];
};

static void run_one(void *context, size_t item, unsigned worker)
{
	SCOPED_ARENA(arena);
	struct series *series = context;
	struct cluster cluster = cluster_make(series->scene, item, &arena);
	struct score *score = &series->scores[item];

	(void)worker;
	switch (series->way) {
	case WAY_LOCATE:
		by_locate(&cluster, item, &arena, score);
		break;
	case WAY_ALL_PAIRS:
		by_all_pairs(&cluster, &arena, score);
		break;
	case WAY_TWO_PASSES:
		by_two_passes(&cluster, &arena, score);
		break;
	case WAY_COUNT:
		break;
	}
}

struct total {
	double false_alarms, misses, open, rounds, tests; /* of one run, in the mean */
	uint32_t most_rounds;
};

static struct total run(const struct scene *scene, enum way way, unsigned runs)
{
	static struct series series;
	struct total total = { 0 };

	series = (struct series){ .scene = scene, .way = way };
	parallel_for(runs, THREADS, run_one, &series);
	for (unsigned i = 0; i < runs; i++) {
		const struct score *score = &series.scores[i];

		total.false_alarms += (double)score->false_alarms / runs;
		total.misses += (double)score->misses / runs;
		total.open += (double)score->open / runs;
		total.rounds += (double)score->rounds / runs;
		total.tests += (double)score->tests / runs;
		if (score->rounds > total.most_rounds)
			total.most_rounds = score->rounds;
	}
	return total;
}

static void show_main(void)
{
	static const struct scene scene = {
		.count = 1024, .faulty = 8, .rounds = 9, .lack = 0.1, .noise = 0.015
	};
	struct total total = run(&scene, WAY_LOCATE, RUNS_MAIN);
	struct total twice = run(&scene, WAY_TWO_PASSES, RUNS_MAIN);

	printf("locate/main/false-alarms %.0f hosts = 0\n", total.false_alarms * RUNS_MAIN);
	printf("locate/main/misses %.0f hosts = 0\n", total.misses * RUNS_MAIN);
	printf("locate/main/open %.0f hosts = 0\n", total.open * RUNS_MAIN);
	printf("locate/main/rounds-most %u rounds <= 9\n", total.most_rounds);
	printf("locate/main/rounds-mean %.2f rounds <= 9\n", total.rounds);
	printf("locate/main/wrong-of-two-passes %.0f hosts >= %.0f\n",
	       (twice.false_alarms + twice.misses) * RUNS_MAIN,
	       (total.false_alarms + total.misses) * RUNS_MAIN);
}

/* Wrong hosts of one run beside those of the others, and rounds beside the rounds of all pairs. */
static void show_curve(const struct scene *scene)
{
	struct total ours = run(scene, WAY_LOCATE, RUNS_CURVE);
	struct total twice = run(scene, WAY_TWO_PASSES, RUNS_CURVE);
	struct total all = run(scene, WAY_ALL_PAIRS, RUNS_ALL_PAIRS);
	char name[80];

	(void)snprintf(name, sizeof(name), "n%u-k%u-lack%g%%-noise%g%%-hiccups%g%%", scene->count,
		       scene->faulty, scene->lack * 100, scene->noise * 100, scene->hiccups * 100);
	printf("locate/%s/wrong %.3f hosts/run <= %.3f\n", name, ours.false_alarms + ours.misses,
	       twice.false_alarms + twice.misses);
	printf("locate/%s/rounds %.2f rounds <= %.0f\n", name, ours.rounds, all.rounds);
	(void)fprintf(stderr,
		      "%-44s ours %.3f false %.3f missed %.3f open, %.2f rounds (%u); two passes "
		      "%.2f false %.2f missed; all pairs %.2f false %.2f missed, %.0f rounds\n",
		      name, ours.false_alarms, ours.misses, ours.open, ours.rounds,
		      ours.most_rounds, twice.false_alarms, twice.misses, all.false_alarms,
		      all.misses, all.rounds);
}

int main(void)
{
	static const struct scene scenes[] = {
		{ 16, 1, 30, 0.1, 0.015, 0 },      { 16, 4, 30, 0.1, 0.015, 0 },
		{ 64, 2, 30, 0.1, 0.015, 0 },      { 128, 2, 30, 0.1, 0.015, 0 },
		{ 256, 2, 30, 0.1, 0.015, 0 },     { 1024, 8, 30, 0.1, 0.015, 0 },
		{ 1024, 32, 30, 0.1, 0.015, 0 },   { 1024, 128, 30, 0.1, 0.015, 0 },
		{ 4096, 40, 30, 0.1, 0.015, 0 },   { 1024, 8, 30, 0.03, 0.01, 0 },
		{ 1024, 8, 30, 0.05, 0.015, 0 },   { 1024, 8, 30, 0.2, 0.015, 0 },
		{ 1024, 8, 30, 0.5, 0.015, 0 },    { 1024, 8, 30, 0.1, 0.005, 0 },
		{ 1024, 8, 30, 0.1, 0.02, 0 },     { 1024, 8, 30, 0.1, 0.03, 0 },
		{ 1024, 8, 30, 0.1, 0.015, 0.01 },
	};

	show_main();
	(void)fflush(stdout);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		show_curve(&scenes[i]);
		(void)fflush(stdout);
	}
	return 0;
}
