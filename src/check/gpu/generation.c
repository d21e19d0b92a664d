#include <string.h>

#include "check/gpu/walk.h"

/* The generation of a model by how many there are after it in the vendor's catalogue of late 2026:
 * Blackwell and CDNA 4 are current, Hopper, Ada and CDNA 3 the last. A model that stands in
 * shape.tsv and not here is older. */
enum age {
	AGE_CURRENT,
	AGE_LAST,
	AGE_OLDER,
};

static const struct {
	const char *start; /* of the model's name */
	enum age age;
	const char *family;
} models[] = {
	{ "B200", AGE_CURRENT, "Blackwell" },  { "B300", AGE_CURRENT, "Blackwell" },
	{ "GB200", AGE_CURRENT, "Blackwell" }, { "GB300", AGE_CURRENT, "Blackwell" },
	{ "MI350X", AGE_CURRENT, "CDNA 4" },   { "MI355X", AGE_CURRENT, "CDNA 4" },
	{ "H100", AGE_LAST, "Hopper" },        { "H200", AGE_LAST, "Hopper" },
	{ "H20", AGE_LAST, "Hopper" },         { "GH200", AGE_LAST, "Hopper" },
	{ "H800", AGE_LAST, "Hopper" },        { "L40S", AGE_LAST, "Ada" },
	{ "MI300X", AGE_LAST, "CDNA 3" },      { "MI300A", AGE_LAST, "CDNA 3" },
	{ "MI308X", AGE_LAST, "CDNA 3" },      { "MI325X", AGE_LAST, "CDNA 3" },
};

static void judge(const struct check_input *seen, struct findings *found)
{
	static const enum verdict verdicts[] = {
		[AGE_CURRENT] = VERDICT_PASS,
		[AGE_LAST] = VERDICT_WARN,
		[AGE_OLDER] = VERDICT_FAIL,
	};
	static const char *const words[] = {
		[AGE_CURRENT] = "the current generation",
		[AGE_LAST] = "the last generation",
		[AGE_OLDER] = "older than the last generation",
	};
	const struct shape_row *shape = seen->machine->shape;
	const char *family = "of an earlier family";
	enum age age = AGE_OLDER;
	struct finding *finding;
	const struct record *one;
	size_t at = 0;

	if (!shape) {
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "no reference for the model of the GPUs, or they are of several")
			->observed = seen->machine->observed;
		return;
	}
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		if (!span_starts(span_of(shape->model), models[i].start))
			continue;
		age = models[i].age;
		family = models[i].family;
	}
	finding = findings_add(found, verdicts[age], NULL, "%s (%s): %s", shape->model, family,
			       words[age]);
	finding->bar = "Blackwell and CDNA 4 are current, Hopper, Ada and CDNA 3 the last";
	while ((one = machine_next(seen->machine, NODE_GPU_NAME, &at)))
		finding_rests_on(finding, one);
}

/* Of no profile: an older GPU is not an unhealthy one, and only a rating asks. */
CHECK(gpu_generation) = {
	.title = "The GPUs are of a current generation",
	.since = "0.1",
	.needs = "node.gpu.name",
	.scope = SCOPE_NODE,
	.parts = PART_GPU,
	.judge = judge,
};
