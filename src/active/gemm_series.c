#include "active/gemm_cases.h"
#include "active/gpu_crew.h"

/* A list of cases, and what they are made of. */
struct series {
	struct gemm_case *cases;
	size_t count;
};

enum {
	CASES_MAXIMUM = 64,
};

static void add(struct series *series, enum gemm_case_kind kind, enum gemm_type type,
		struct gemm_shape shape, unsigned batch, double least_s)
{
	series->cases[series->count++] = (struct gemm_case){
		.kind = kind,
		.type = type,
		.shape = shape,
		.batch = batch,
		.least_s = least_s,
		.limit_s = least_s * 4,
	};
}

/* Layers of current models, for 4096 tokens at once: N is the outputs, K the inputs. */
static const struct gemm_shape layers[] = {
	{ 4096, 10240, 8192 }, /* Llama 3 70B: query, key and value */
	{ 4096, 8192, 8192 },  /* its output projection */
	{ 4096, 57344, 8192 }, /* its gate and up */
	{ 4096, 8192, 28672 }, /* its down */
	{ 4096, 24576, 1536 }, /* DeepSeek V3: queries out of their latent */
	{ 4096, 7168, 16384 }, /* its output projection */
	{ 4096, 4096, 7168 },  /* gate and up of an expert, of Kimi K2 too */
	{ 4096, 7168, 2048 },  /* its down */
};

static struct series fixed_series(enum active_profile profile, struct arena *arena)
{
	static const enum gemm_type quick[] = { GEMM_BF16, GEMM_FP8 };
	double least_s = profile == ACTIVE_QUICK ? 0.5 : profile == ACTIVE_WEEKLY ? 2 : 5;
	struct series series = { .cases = ARENA_ARRAY(arena, struct gemm_case, CASES_MAXIMUM) };
	unsigned types = profile == ACTIVE_QUICK ? 2 : GEMM_TYPE_COUNT;

	for (unsigned i = 0; i < types; i++)
		add(&series, GEMM_CASE_EXACT, profile == ACTIVE_QUICK ? quick[i] : i,
		    (struct gemm_shape){ 128, 128, GEMM_EXACT_K }, 1, 0);
	for (unsigned i = 0; i < types; i++)
		add(&series, GEMM_CASE_FIXED, profile == ACTIVE_QUICK ? quick[i] : i,
		    gemm_reference_shape, 1, least_s);
	if (profile == ACTIVE_QUICK)
		return series;
	for (unsigned i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		for (unsigned type = 0; type < 2; type++)
			add(&series, GEMM_CASE_FIXED, quick[type], layers[i], 1, least_s / 2);
	return series;
}

static struct series search_series(enum active_profile profile, struct arena *arena)
{
	struct series series = { .cases = ARENA_ARRAY(arena, struct gemm_case, CASES_MAXIMUM) };
	double walk_s = profile == ACTIVE_QUICK ? 2 : profile == ACTIVE_WEEKLY ? 40 : 120;

	add(&series, GEMM_CASE_SEARCH, GEMM_BF16, gemm_reference_shape, 1, 0.5);
	add(&series, GEMM_CASE_SEARCH, GEMM_FP8, gemm_reference_shape, 1, 0.5);
	for (size_t i = 0; i < series.count; i++)
		series.cases[i].limit_s = walk_s;
	return series;
}

/* Experts of DeepSeek V3 and Kimi K2 on one of eight GPUs, 32 of them with 512 tokens each; and of
 * one token the layer whose matrix no cache holds. */
static struct series small_series(enum active_profile profile, struct arena *arena)
{
	struct series series = { .cases = ARENA_ARRAY(arena, struct gemm_case, CASES_MAXIMUM) };
	double least_s = profile == ACTIVE_QUICK ? 0.2 : 1;
	static const enum gemm_type types[] = { GEMM_BF16, GEMM_FP8 };

	for (unsigned i = 0; i < 2; i++) {
		add(&series, GEMM_CASE_GROUPED, types[i], (struct gemm_shape){ 512, 4096, 7168 },
		    32, least_s);
		add(&series, GEMM_CASE_GROUPED, types[i], (struct gemm_shape){ 512, 7168, 2048 },
		    32, least_s);
	}
	add(&series, GEMM_CASE_VECTOR, GEMM_BF16, (struct gemm_shape){ 1, 57344, 8192 }, 1,
	    least_s);
	return series;
}

static void plan_series(const struct active_request *request, struct arena *arena,
			struct active_step *step, struct series series)
{
	gpu_plan(request, arena, step, "matrix products on all at once, up to their power limit",
		 gemm_cases_time_ns(series.cases, series.count));
}

static void run_series(struct active_run *run, struct series series)
{
	gemm_cases_run(run, series.cases, series.count);
}

static void plan_fixed(const struct active_request *request, struct arena *arena,
		       struct active_step *step)
{
	plan_series(request, arena, step, fixed_series(request->profile, arena));
}

static void run_fixed(struct active_run *run)
{
	run_series(run, fixed_series(run->request->profile, run->arena));
}

static void plan_search(const struct active_request *request, struct arena *arena,
			struct active_step *step)
{
	plan_series(request, arena, step, search_series(request->profile, arena));
}

static void run_search(struct active_run *run)
{
	run_series(run, search_series(run->request->profile, run->arena));
}

static void plan_small(const struct active_request *request, struct arena *arena,
		       struct active_step *step)
{
	plan_series(request, arena, step, small_series(request->profile, arena));
}

static void run_small(struct active_run *run)
{
	run_series(run, small_series(run->request->profile, run->arena));
}

static const char *const judges_of_fixed[] = { "gemm-throughput", "gemm-spread", "gemm-exact",
					       NULL };
static const char *const judges_of_search[] = { "gemm-best", "gemm-exact", NULL };
static const char *const judges_of_small[] = { "gemm-grouped", "gemm-vector", "gemm-exact", NULL };

const struct active_test active_gemm = {
	.name = "gemm",
	.group = "gemm",
	.title = "matrix products of fixed shapes in each format",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judges_of_fixed,
	.plan = plan_fixed,
	.run = run_fixed,
};

const struct active_test active_gemm_small = {
	.name = "gemm-small",
	.group = "gemm",
	.title = "grouped products of experts, and of a matrix and a vector",
	.profiles = 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judges_of_small,
	.plan = plan_small,
	.run = run_small,
};

const struct active_test active_gemm_search = {
	.name = "gemm-search",
	.group = "gemm-search",
	.title = "the fastest matrix product of all shapes",
	.profiles = 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judges_of_search,
	.plan = plan_search,
	.run = run_search,
};
