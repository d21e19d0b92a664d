#include "active/corruption_model.h"

#include <string.h>

enum {
	KERNELS = CORRUPTION_GPU_KERNELS,
	LANES = CORRUPTION_GPU_LANES,
};

bool corruption_model_read(const struct worker_result *result, struct arena *arena,
			   struct corruption_model_gpu *ret_gpu)
{
	struct span rest, number;
	uint64_t multiprocessors;

	if (!corruption_read_word(result, "name", &rest) || !span_cut(&rest, ' ', &number) ||
	    !span_to_u64(number, &multiprocessors) || multiprocessors == 0 ||
	    multiprocessors > CORRUPTION_GPU_MULTIPROCESSORS || rest.length == 0)
		return false;
	ret_gpu->multiprocessors = (unsigned)multiprocessors;
	ret_gpu->model = arena_format(arena, "%u %.*s", ret_gpu->multiprocessors, SPAN_ARGS(rest));
	return true;
}

size_t corruption_model_alike(const struct corruption_model_gpu *gpus, size_t count)
{
	size_t alike = count > 0;

	while (alike < count && strcmp(gpus[alike].model, gpus[0].model) == 0)
		alike++;
	return alike;
}

size_t corruption_model_units(const struct corruption_model *model)
{
	return model->count * model->multiprocessors;
}

void corruption_model_start(struct corruption_model *model, const char *test,
			    const struct corruption_model_gpu *gpus, size_t first, size_t count,
			    struct arena *arena)
{
	const unsigned each = gpus[first].multiprocessors;
	const size_t units = count * each;
	const char **names = ARENA_ARRAY(arena, const char *, units);

	*model = (struct corruption_model){
		.first = first,
		.count = count,
		.multiprocessors = each,
		.tally = {
			.test = test,
			.units = names,
			.unit_count = units,
			.kernels = corruption_gpu_kernels,
			.kernel_count = KERNELS,
			.lanes = LANES,
		},
	};
	for (size_t i = 0; i < units; i++)
		names[i] = arena_format(arena, "%s/sm:%zu", gpus[first + i / each].name, i % each);
	corruption_tally_start(&model->tally, arena);
	model->digests = ARENA_ARRAY(arena, uint64_t, units * KERNELS * LANES);
	model->is_present = ARENA_ARRAY(arena, bool, units *KERNELS);
	model->odd = ARENA_ARRAY(arena, uint32_t, units * KERNELS);
}

bool corruption_model_ran_alike(const struct worker_result *const *results, size_t count)
{
	struct span first = { 0 }, rest;

	for (size_t i = 0; i < count; i++) {
		if (!results[i])
			continue;
		if (!corruption_read_word(results[i], "ran", &rest) ||
		    (first.at && !span_equal(first, rest)))
			return false;
		first = rest;
	}
	return true;
}

static size_t at_of(const struct corruption_model *model, unsigned kernel, size_t gpu, unsigned sm)
{
	return kernel * corruption_model_units(model) + gpu * model->multiprocessors + sm;
}

static void forget(struct corruption_model *model, size_t which)
{
	for (unsigned kernel = 0; kernel < KERNELS; kernel++)
		memset(&model->is_present[at_of(model, kernel, which, 0)], 0,
		       model->multiprocessors * sizeof(bool));
}

void corruption_model_take(struct corruption_model *model, size_t which,
			   const struct worker_result *result)
{
	forget(model, which);
	if (!result || result->end != WORKER_DONE)
		return;
	for (size_t i = 0; i < result->answer_count; i++) {
		struct corruption_gpu_line line;
		size_t at;

		if (!corruption_read_line(result->answers[i], &line) ||
		    line.multiprocessor >= model->multiprocessors) {
			forget(model, which);
			return;
		}
		at = at_of(model, line.kernel, which, line.multiprocessor);
		model->is_present[at] = true;
		memcpy(&model->digests[at * LANES], line.lanes, sizeof(line.lanes));
	}
}

void corruption_model_vote(struct corruption_model *model, enum corruption_point point)
{
	const size_t units = corruption_model_units(model);

	for (unsigned kernel = 0; kernel < KERNELS; kernel++) {
		const struct corruption_ballot ballot = {
			.kernel = kernel,
			.point = point,
			.digests = &model->digests[kernel * units * LANES],
			.present = &model->is_present[kernel * units],
		};

		(void)corruption_tally_vote(&model->tally, &ballot, model->reference[kernel],
					    &model->odd[kernel * units]);
	}
}

bool corruption_model_wants_rerun(const struct corruption_model *model, size_t which)
{
	for (unsigned sm = 0; sm < model->multiprocessors; sm++)
		for (unsigned kernel = 0; kernel < KERNELS; kernel++)
			if (corruption_tally_wants_rerun(
				    &model->tally, which * model->multiprocessors + sm, kernel))
				return true;
	return false;
}

static bool is_right(const struct corruption_model *model, unsigned kernel, size_t at)
{
	return memcmp(&model->digests[at * LANES], model->reference[kernel],
		      sizeof(model->reference[kernel])) == 0;
}

static bool has_witness(const struct corruption_model *model, unsigned kernel, size_t which)
{
	for (unsigned sm = 0; sm < model->multiprocessors; sm++) {
		const size_t at = at_of(model, kernel, which, sm);

		if (model->is_present[at] && model->odd[at] == 0 && is_right(model, kernel, at))
			return true;
	}
	return false;
}

void corruption_model_count_rerun(struct corruption_model *model, size_t which)
{
	for (unsigned kernel = 0; kernel < KERNELS; kernel++) {
		const bool is_witnessed = has_witness(model, kernel, which);

		for (unsigned sm = 0; sm < model->multiprocessors; sm++) {
			const size_t at = at_of(model, kernel, which, sm);

			if (model->odd[at] == 0 || !model->is_present[at])
				continue;
			corruption_tally_rerun(&model->tally, which * model->multiprocessors + sm,
					       kernel, !is_right(model, kernel, at), is_witnessed);
		}
	}
}
