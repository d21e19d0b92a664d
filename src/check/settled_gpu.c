#include <math.h>
#include <string.h>

#include "check/settled_rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Speed that heat may take: the words of the criterion. */
static const double cool_below = 1.0, warm_below = 3.0;

/* A burn-in counts as one of eight hours when it held its load for nearly so long: it has to warm
 * up and to end. */
static const double burn_s = 8 * 3600 * 0.95;
static const double burn_spread = 2.0;

bool settle_gemm(struct settling *settling, struct settled *into)
{
	static const struct {
		const char *contains, *metric;
		bool needed;
	} formats[] = {
		{ "/bf16:", "gemm_bf16", true },  { "/fp16:", "gemm_fp16", false },
		{ "/tf32:", "gemm_tf32", false }, { "/fp32:", "gemm_fp32", false },
		{ "/fp8:", "gemm_fp8", false },   { "/fp4:", "gemm_fp4", false },
	};
	double least = INFINITY, share;

	for (size_t i = 0; i < COUNT(formats); i++) {
		if (settling_gpu_share(settling, "node.test.gemm", formats[i].contains,
				       formats[i].metric, &share))
			least = fmin(least, share);
		else if (formats[i].needed)
			return false;
	}
	into->value = 100 * least;
	return true;
}

bool settle_gemm_spread(struct settling *settling, struct settled *into)
{
	const struct record *record;
	bool is_known = false;
	size_t at = 0;

	while ((record = settling_next(settling, "node.test.gemm.spread", NULL, NULL, &at))) {
		if (record->says != SAYS_VALUE)
			return false;
		settling_uses(settling, record);
		into->value = is_known ? fmax(into->value, record->value) : record->value;
		is_known = true;
	}
	return is_known;
}

/* The most that was measured of the model in bf16, whatever the shape; 0 when nothing was. */
static double best_elsewhere(const struct settling *settling)
{
	const struct handbook *handbook = settling->seen->handbook;
	double best = 0;

	for (size_t i = 0; handbook && settling->machine->shape && i < handbook->figure_count;
	     i++) {
		const struct figure_row *row = &handbook->figures[i];

		if (row->kind == FIGURE_MEASURED && strcmp(row->metric, "gemm_bf16") == 0 &&
		    figure_usable(row) && figure_fits(row, settling->machine->shape) > 0)
			best = fmax(best, figure_in_base_unit(row));
	}
	return best;
}

bool settle_gemm_best(struct settling *settling, struct settled *into)
{
	double best = best_elsewhere(settling), values[SETTLING_PARTS];
	const struct record *record;
	size_t count = 0, at = 0;

	while ((record = settling_next(settling, "node.test.gemm.best", "gpu:", "/bf16:", &at))) {
		if (record->says != SAYS_VALUE || count == COUNT(values))
			return false;
		settling_uses(settling, record);
		values[count++] = record->value;
	}
	if (count == 0 || !(best > 0))
		return false;
	/* The lower of two in the middle: a node has an even number of GPUs. */
	for (size_t i = 0; i < count; i++) {
		size_t below = 0;

		for (size_t k = 0; k < count; k++)
			below += values[k] < values[i] || (!(values[k] > values[i]) && k < i);
		if (below == (count - 1) / 2)
			into->value = 100 * values[i] / best;
	}
	return true;
}

static bool settle_share(struct settling *settling, const char *measure, const char *contains,
			 const char *metric, struct settled *into)
{
	double share;

	if (!settling_gpu_share(settling, measure, contains, metric, &share))
		return false;
	into->value = 100 * share;
	return true;
}

bool settle_gemm_grouped(struct settling *settling, struct settled *into)
{
	return settle_share(settling, "node.test.gemm.grouped", "/bf16:", "gemm_grouped_bf16",
			    into);
}

bool settle_matrix_vector(struct settling *settling, struct settled *into)
{
	return settle_share(settling, "node.test.gemm.vector", "/bf16:", "matrix_vector_bf16",
			    into);
}

static size_t gpus_of(const struct settling *settling)
{
	size_t count = 0, at = 0;

	while (machine_next(settling->machine, NODE_GPU_ANSWERS, &at))
		count++;
	return count;
}

bool settle_copies(struct settling *settling, struct settled *into)
{
	static const struct {
		const char *measure, *contains, *metric;
		bool needs_peers;
	} ways[] = {
		{ "node.test.gpu.copy.host", "/to:", "pcie_h2d", false },
		{ "node.test.gpu.copy.host", "/from:", "pcie_d2h", false },
		{ "node.test.gpu.memory.bandwidth", "/transfer", "hbm_d2d_same_gpu", false },
		{ "node.test.gpu.copy.peer", "/to:", "nvlink_p2p_unidir", true },
	};
	size_t gpus = gpus_of(settling);
	double least = INFINITY, share;

	for (size_t i = 0; i < COUNT(ways); i++) {
		if (ways[i].needs_peers && gpus < 2)
			continue;
		if (!settling_gpu_share(settling, ways[i].measure, ways[i].contains, ways[i].metric,
					&share))
			return false;
		least = fmin(least, share);
	}
	into->value = 100 * least;
	return true;
}

/* Percent that a GPU loses to heat between the coolest and the hottest of its burn-in. */
static bool lost_to_heat(struct settling *settling, const char *gpu, const char *measure,
			 double *ret_lost)
{
	double slope, low, high;

	if (!settling_value(settling, measure, gpu, NULL, &slope) ||
	    !settling_value(settling, "node.test.burn.temperature.low", gpu, NULL, &low) ||
	    !settling_value(settling, "node.test.burn.temperature.high", gpu, NULL, &high))
		return false;
	*ret_lost = slope * (high - low) / 10;
	return true;
}

static const char *heat_answer(double lost)
{
	if (lost < cool_below)
		return "cool";
	return lost <= warm_below ? "warm" : "throttles";
}

/* Both ends of the interval of the slope have to give the same answer. */
bool settle_thermal(struct settling *settling, struct settled *into)
{
	double worst_low = -INFINITY, worst_high = -INFINITY, low, high;
	const struct record *gpu;
	size_t at = 0;

	while ((gpu = machine_next(settling->machine, NODE_GPU_ANSWERS, &at))) {
		const char *device = gpu->subject.parts[SUBJECT_DEVICE];

		if (!device || !lost_to_heat(settling, device, "node.test.burn.loss.low", &low) ||
		    !lost_to_heat(settling, device, "node.test.burn.loss.high", &high))
			return false;
		worst_low = fmax(worst_low, low);
		worst_high = fmax(worst_high, high);
	}
	if (!isfinite(worst_high) || strcmp(heat_answer(worst_low), heat_answer(worst_high)) != 0)
		return false;
	into->answer = heat_answer(worst_high);
	return true;
}

/* Watts of the criterion for the model; 0 when it is about others. */
static double idle_limit(const struct settling *settling)
{
	static const struct {
		const char *begins;
		double watts;
	} models[] = { { "B200", 250 }, { "B300", 250 }, { "GB200", 300 }, { "GB300", 300 } };
	const struct shape_row *shape = settling->machine->shape;

	for (size_t i = 0; shape && i < COUNT(models); i++) {
		if (strncmp(shape->model, models[i].begins, strlen(models[i].begins)) == 0)
			return models[i].watts;
	}
	return 0;
}

/* Nothing runs on the GPU, nor did a moment ago. */
static bool is_idle(const struct machine *machine, const char *device)
{
	double processes, busy;

	return machine_value(machine, NODE_GPU_PROCESSES, device, &processes) && processes < 0.5 &&
	       machine_value(machine, NODE_GPU_UTILISATION, device, &busy) && busy < 0.5;
}

bool settle_idle_power(struct settling *settling, struct settled *into)
{
	double limit = idle_limit(settling);
	const struct record *gpu, *most = NULL;
	size_t at = 0;

	while (limit > 0 && (gpu = machine_next(settling->machine, NODE_GPU_ANSWERS, &at))) {
		const char *device = gpu->subject.parts[SUBJECT_DEVICE];
		const struct record *power =
			machine_find(settling->machine, NODE_GPU_POWER, device);

		if (!device || !is_idle(settling->machine, device) || !power ||
		    power->says != SAYS_VALUE)
			return false;
		if (!most || power->value > most->value)
			most = power;
	}
	if (!most)
		return false;
	settling_uses(settling, most);
	into->answer = most->value < limit ? "below" : "above";
	return true;
}

/* True when a GPU ended badly or an error came. */
static bool burn_has_errors(struct settling *settling)
{
	const struct record *record;
	size_t at = 0;

	while ((record = settling_next(settling, "node.test.burn.end", NULL, NULL, &at))) {
		settling_uses(settling, record);
		if (record->says == SAYS_STATE && strcmp(record->text, "ok") != 0)
			return true;
	}
	at = 0;
	while ((record = settling_next(settling, "node.test.burn.count", NULL, NULL, &at))) {
		if (record->says == SAYS_VALUE && record->value > 0) {
			settling_uses(settling, record);
			return true;
		}
	}
	return false;
}

static bool burn_is_even(struct settling *settling, const char *gpu, bool *ret_even)
{
	double first, last, spread;

	if (!settling_value(settling, "node.test.burn.speed.first", gpu, NULL, &first) ||
	    !settling_value(settling, "node.test.burn.speed.last", gpu, NULL, &last) ||
	    !settling_value(settling, "node.test.burn.spread", gpu, NULL, &spread))
		return false;
	*ret_even = spread <= burn_spread && last >= first * (1 - burn_spread / 100);
	return true;
}

/* A clean end takes collectives over the whole load on every GPU, which is not looked at here: only
 * what is bad is settled. */
bool settle_burn(struct settling *settling, struct settled *into)
{
	bool is_clean = true, is_even;
	const struct record *gpu;
	double loaded;
	size_t at = 0, count = 0;

	if (burn_has_errors(settling)) {
		into->answer = "errors";
		return true;
	}
	if (!settling_value(settling, "node.test.burn.loaded", "test:burn", NULL, &loaded) ||
	    loaded < burn_s)
		return false;
	while ((gpu = machine_next(settling->machine, NODE_GPU_ANSWERS, &at))) {
		const char *device = gpu->subject.parts[SUBJECT_DEVICE];

		if (!device || !burn_is_even(settling, device, &is_even))
			return false;
		is_clean = is_clean && is_even;
		count++;
	}
	into->answer = "uneven";
	return count > 0 && !is_clean;
}
