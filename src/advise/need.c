#include "advise/need.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "advise/need_entry.h"

enum {
	NODE_GPUS = 8,
	REFERENCE_GBIT_PER_S = 400,
	WRITE_S = 60,
	RESTART_S = 600,
	HOURS_PER_DAY = 24,
};

static const double CONFIDENCE = 0.9;

/* Exposed communication of a step at which half the network costs 10 % (70B, dense) and 15 to 20 %
 * (8x7B, mixture of experts) of MFU: ClusterMAX 1.0, March 2025, solved for x. */
static const struct quantity EXPOSED_DENSE = { .value = 0.111, .low = 0.111, .high = 0.111 };
static const struct quantity EXPOSED_EXPERTS = { .value = 0.21, .low = 0.176, .high = 0.25 };

void need_init(struct need *need)
{
	*need = (struct need){
		.work = "training",
		.gpus = NAN,
		.hours = NAN,
		.gpu_hours = NAN,
		.start = DATE_NONE,
		.deadline = DATE_NONE,
		.deadline_h = INFINITY,
		.confidence = CONFIDENCE,
		.write_s = { .value = WRITE_S, .low = WRITE_S, .high = WRITE_S },
		.restart_s = { .value = RESTART_S, .low = RESTART_S, .high = RESTART_S },
		.exposed = { .value = NAN, .low = NAN, .high = NAN },
		.gbit_per_s = REFERENCE_GBIT_PER_S,
		.node_gpus = NODE_GPUS,
		.budget_usd = INFINITY,
	};
}

bool need_has_field(struct span name)
{
	return need_entry_find(name) != NULL;
}

bool need_said(const struct need *need, const char *name)
{
	const struct need_entry *field = need_entry_find(span_of(name));

	assert(field);
	return need_entry_marked(need, field);
}

bool need_leaves_node(const struct need *need)
{
	return need->traffic == TRAFFIC_DENSE || need->traffic == TRAFFIC_EXPERTS;
}

bool need_set(struct need *need, struct span name, struct span value, struct arena *arena,
	      struct error *err)
{
	const struct need_entry *field = need_entry_find(name);
	struct need_setting setting = {
		.need = need, .text = value, .arena = arena, .field = field
	};
	struct span rest = value;

	if (!field)
		return fail(err, ERROR_INVALID, "unknown field '%.*s'; the nearest is '%s'",
			    SPAN_ARGS(name), need_entry_nearest(name)->name);
	if (!field->list) {
		if (!field->set(&setting))
			return fail(err, ERROR_INVALID, "%s: '%.*s' is not %s", field->name,
				    SPAN_ARGS(value), field->may_be);
		need_entry_mark(need, field);
		return true;
	}
	need_entry_empty(need, field);
	while (span_cut(&rest, ',', &setting.text)) {
		setting.text = span_trim(setting.text);
		if (!field->set(&setting))
			return fail(err, ERROR_INVALID, "%s: '%.*s' is not %s", field->name,
				    SPAN_ARGS(setting.text), field->may_be);
	}
	need_entry_mark(need, field);
	return true;
}

/* ---- what belongs together ---- */

static bool resolve_gpu(struct need_gpu *gpu, const struct catalogue *catalogue, struct error *err)
{
	const struct gpu_row *nearest = NULL;
	size_t least = SIZE_MAX;
	struct gpu_said said;

	gpu_read(catalogue, span_of(gpu->name), &said);
	if (said.gpu != GPU_NONE) {
		gpu->gpu = said.gpu;
		gpu->name = catalogue->gpus[said.gpu].name;
		return true;
	}
	for (size_t i = 0; i < catalogue->gpu_count; i++) {
		size_t edits = span_distance(span_of(gpu->name), span_of(catalogue->gpus[i].name));

		if (edits < least) {
			least = edits;
			nearest = &catalogue->gpus[i];
		}
	}
	return fail(err, ERROR_INVALID,
		    "gpu: '%s' is not in data/market/gpu.tsv; the nearest is '%s'", gpu->name,
		    nearest ? nearest->name : "-");
}

static bool resolve_gpus(struct need *need, const struct catalogue *catalogue, struct error *err)
{
	for (unsigned i = 0; i < need->accept_count; i++) {
		struct need_gpu *gpu = &need->accepts[i];

		if (!resolve_gpu(gpu, catalogue, err))
			return false;
		for (unsigned j = 0; j < i; j++) {
			if (need->accepts[j].gpu == gpu->gpu)
				return fail(err, ERROR_INVALID, "gpu: '%s' is named twice",
					    gpu->name);
		}
	}
	/* Hours are hours of the first. */
	if (isnan(need->accepts[0].performance.value))
		need->accepts[0].performance = (struct quantity){ .value = 1, .low = 1, .high = 1 };
	return true;
}

static void compare_with(struct need_gpu *gpu, uint16_t first, const char *work,
			 const struct generations *generations)
{
	for (size_t i = 0; i < generations->count; i++) {
		const struct generation_row *row = &generations->rows[i];

		if (strcmp(row->work, work) != 0)
			continue;
		if (row->gpu == first && row->against == gpu->gpu)
			gpu->performance = (struct quantity){ .value = row->value,
							      .low = row->low,
							      .high = row->high };
		else if (row->gpu == gpu->gpu && row->against == first)
			gpu->performance = (struct quantity){ .value = 1 / row->value,
							      .low = 1 / row->high,
							      .high = 1 / row->low };
		else
			continue;
		gpu->source = row->source;
	}
}

void need_compare(struct need *need, const struct generations *generations)
{
	for (unsigned i = 1; i < need->accept_count; i++) {
		if (isnan(need->accepts[i].performance.value))
			compare_with(&need->accepts[i], need->accepts[0].gpu, need->work,
				     generations);
	}
}

static bool settle_hours(struct need *need, struct error *err)
{
	if (need_said(need, "hours") && need_said(need, "gpu_hours"))
		return fail(err, ERROR_INVALID,
			    "hours and gpu_hours say the same thing twice; leave one out");
	if (need_said(need, "gpu_hours"))
		need->hours = need->gpu_hours / need->gpus;
	return true;
}

static bool settle_deadline(struct need *need, date_t today, struct error *err)
{
	date_t start = need->start == DATE_NONE ? today : need->start;
	char text[DATE_TEXT_SIZE];

	if (need->deadline == DATE_NONE)
		return true;
	if (start == DATE_NONE || need->deadline <= start)
		return fail(err, ERROR_INVALID, "deadline: %s is not after the start",
			    date_format(need->deadline, text));
	need->deadline_h = (double)(need->deadline - start) * HOURS_PER_DAY;
	return true;
}

static void settle_traffic(struct need *need)
{
	static const struct quantity none = { 0 };
	const struct quantity exposed[TRAFFIC_COUNT] = {
		[TRAFFIC_NONE] = none,
		[TRAFFIC_NODE] = none,
		[TRAFFIC_DENSE] = EXPOSED_DENSE,
		[TRAFFIC_EXPERTS] = EXPOSED_EXPERTS,
	};

	if (!need_said(need, "communication.kind"))
		need->traffic = need->gpus <= 1                 ? TRAFFIC_NONE
				: need->gpus <= need->node_gpus ? TRAFFIC_NODE
								: TRAFFIC_DENSE;
	if (!need_said(need, "communication.exposed"))
		need->exposed = exposed[need->traffic];
}

bool need_complete(struct need *need, const struct catalogue *catalogue, date_t today,
		   struct error *err)
{
	const char *missing = isnan(need->gpus)         ? "how many GPUs: --gpus 8, or 'gpus:'"
			      : need->accept_count == 0 ? "which GPU: --gpu h100, or 'gpu:'"
			      : isnan(need->hours) && isnan(need->gpu_hours)
				      ? "how many hours of work: --hours 100, or 'hours:'"
				      : NULL;

	if (missing)
		return fail(err, ERROR_INVALID, "the need does not say %s in a file", missing);
	if (!resolve_gpus(need, catalogue, err) || !settle_hours(need, err) ||
	    !settle_deadline(need, today, err))
		return false;
	settle_traffic(need);
	if (need->traffic == TRAFFIC_NODE && need->gpus > need->node_gpus)
		return fail(
			err, ERROR_INVALID,
			"communication: single-node does not go with %.0f GPUs on nodes of %.0f; "
			"say dense or moe, or a larger node",
			need->gpus, need->node_gpus);
	return true;
}
