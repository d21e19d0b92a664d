#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/gpu/walk.h"
#include "check/reference.h"

/* A driver reports up to 7 % less than the model is sold with (shape.tsv). */
static const double memory_told = 0.93;

/* A context and the library keep one to two GiB; a program that takes the rest leaves 15 % at most.
 */
static const double memory_held = 0.85;

/* Published copies reach 75 to 92 % of the peak, products of bf16 55 to 80 %: what lies this far
 * below is another chip, a part of one, or throttled, and one sign of several. */
static const double bandwidth_low = 0.55, products_low = 0.40;

/* What a healthy GPU reaches of its peaks, to compare it with other models. */
static const double bandwidth_usual = 0.85, products_usual = 0.72;

/* The repeats of a GPU that is alone differ by a few percent; slices of time make two speeds. */
static const double spread_shared = 20;

/* How much nearer another model has to be, in natural logarithms of the two ratios together. */
static const double other_near = 0.25, other_margin = 0.5;

/* What speaks against one GPU. */
struct signs {
	struct gpu_walk *walk;
	const struct check_input *seen;
	const char *gpu;
	struct text text; /* sentences, with "; " between them */
	unsigned strong, weak;
	unsigned timings; /* speeds that could be held against a peak */
	const struct record *evidence[4];
	unsigned evidence_count;
	double bandwidth, products; /* 0: not measured */
};

static void add_sign(struct signs *signs, bool is_strong, const struct record *record,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

static void add_sign(struct signs *signs, bool is_strong, const struct record *record,
		     const char *format, ...)
{
	char line[200];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	text_format(&signs->text, "%s%s", signs->text.length > 0 ? "; " : "", line);
	signs->strong += is_strong;
	signs->weak += !is_strong;
	if (record && signs->evidence_count < 4)
		signs->evidence[signs->evidence_count++] = record;
}

/* Of the four digits of a device id. */
static unsigned hex_of(const char *digits)
{
	unsigned number = 0;

	for (const char *c = digits; *c; c++)
		number = 16 * number + (unsigned)(*c <= '9' ? *c - '0' : (*c | 32) - 'a' + 10);
	return number & 0xffff;
}

/* The row of the id alone, and of the name alone. */
static void look_at_names(struct signs *signs)
{
	const struct machine *machine = signs->walk->machine;
	struct arena *arena = signs->walk->found->arena;
	const char *vendor = machine_state(machine, NODE_GPU_VENDOR, signs->gpu);
	const struct record *name = machine_find(machine, NODE_GPU_NAME, signs->gpu);
	const char *id = machine_state(machine, NODE_PCI_ID, device_pci(signs->gpu, arena));
	const char *colon = id ? strchr(id, ':') : NULL;
	const struct shape_row *named, *built;

	if (!vendor || !name || name->says != SAYS_STATE || !colon || !signs->seen->handbook)
		return;
	named = handbook_shape(signs->seen->handbook, vendor, 0, name->text);
	built = handbook_shape(signs->seen->handbook, vendor, hex_of(colon + 1), NULL);
	if (named && built && strcmp(named->pci_ids, built->pci_ids) != 0)
		add_sign(signs, true, name, "its name says %s, its device id %s is of %s",
			 named->model, colon + 1, built->model);
	if (strstr(name->text, "GRID") || strstr(name->text, "vGPU"))
		add_sign(signs, true, name, "its name, '%.60s', is of a part of a GPU", name->text);
}

static void look_at_partition(struct signs *signs)
{
	const struct record *partition =
		machine_find(signs->walk->machine, NODE_GPU_PARTITION, signs->gpu);

	if (partition && partition->says == SAYS_STATE && strncmp(partition->text, "mig", 3) == 0)
		add_sign(signs, true, partition, "it is divided (MIG): this is not a whole GPU");
}

static void look_at_memory(struct signs *signs, const struct shape_row *shape)
{
	const struct machine *machine = signs->walk->machine;
	const struct record *told = machine_find(machine, NODE_GPU_MEMORY_TOTAL, signs->gpu);
	const struct record *named = machine_find(machine, NODE_TEST_GPU_MEMORY_NAMED, signs->gpu);
	const struct record *held =
		machine_find(machine, NODE_TEST_GPU_MEMORY_RESIDENT, signs->gpu);
	const double gib = 1073741824.0;

	if (told && told->says == SAYS_VALUE && shape && shape->memory_bytes > 0 &&
	    told->value < memory_told * shape->memory_bytes)
		add_sign(signs, true, told, "it has %.1f GiB of memory, %s has %.0f",
			 told->value / gib, shape->model, shape->memory_bytes / gib);
	if (named && held && named->says == SAYS_VALUE && held->says == SAYS_VALUE &&
	    held->value < memory_held * named->value)
		add_sign(signs, true, held,
			 "of %.1f GiB of memory that are named, %.1f hold what is written",
			 named->value / gib, held->value / gib);
}

/* The best record of a measure about the GPU whose device contains so; NULL when there is none. */
static const struct record *best_of(const struct signs *signs, const char *name,
				    const char *contains)
{
	const struct record *one, *best = NULL;
	size_t at = 0, length = strlen(signs->gpu);
	enum measure measure;

	if (!measure_find(name, &measure))
		return NULL;
	while ((one = machine_next(signs->walk->machine, measure, &at))) {
		const char *device = record_device(one);

		if (one->says == SAYS_VALUE && device && strncmp(device, signs->gpu, length) == 0 &&
		    device[length] == '/' && strstr(device + length, contains) &&
		    (!best || one->value > best->value))
			best = one;
	}
	return best;
}

/* The maker's peak of a model in base units; 0 when it is not in the table. */
static double peak_of(const struct signs *signs, const struct shape_row *shape, const char *metric)
{
	const struct figure_query query = {
		.shape = shape, .metric = metric, .gpus = 1, .nodes = 1, .kind = FIGURE_SPEC
	};
	const struct figure_row *row = handbook_figure(signs->seen->handbook, &query);

	return row ? figure_in_base_unit(row) : 0;
}

static void hold_speed(struct signs *signs, const struct shape_row *shape,
		       const struct record *record, const char *metric, double low,
		       const char *what)
{
	double peak = shape && signs->seen->handbook ? peak_of(signs, shape, metric) : 0;
	struct arena *arena = signs->walk->found->arena;

	if (!record || !(peak > 0))
		return;
	signs->timings++;
	if (record->value > peak * REFERENCE_SUSPECT)
		add_sign(signs, true, record, "%s at %s, more than %s can (%s)", what,
			 amount_text(record->value, record->unit, arena), shape->model,
			 amount_text(peak, record->unit, arena));
	else if (record->value < low * peak)
		add_sign(signs, false, record, "%s at %s, %.0f %% of the peak of %s", what,
			 amount_text(record->value, record->unit, arena),
			 100 * record->value / peak, shape->model);
}

/* How far two speeds are from what a model usually reaches; infinite when a peak is not known. */
static double distance_to(const struct signs *signs, const struct shape_row *shape)
{
	double bandwidth = peak_of(signs, shape, "hbm_bw");
	double products = peak_of(signs, shape, "gemm_bf16");

	if (!(bandwidth > 0) || !(products > 0))
		return (double)INFINITY;
	return fabs(log(signs->bandwidth / (bandwidth_usual * bandwidth))) +
	       fabs(log(signs->products / (products_usual * products)));
}

/* Whether bandwidth and products together fit another model much better. */
static void look_for_other(struct signs *signs, const struct shape_row *shape)
{
	const struct handbook *handbook = signs->seen->handbook;
	const struct shape_row *other = NULL;
	double own, least = (double)INFINITY;

	if (!shape || !handbook || !(signs->bandwidth > 0) || !(signs->products > 0))
		return;
	own = distance_to(signs, shape);
	for (size_t i = 0; i < handbook->shape_count; i++) {
		double distance = distance_to(signs, &handbook->shapes[i]);

		if (distance < least && strcmp(handbook->shapes[i].vendor, shape->vendor) == 0) {
			least = distance;
			other = &handbook->shapes[i];
		}
	}
	if (other && other != shape && least < other_near && own - least > other_margin)
		add_sign(signs, true, NULL,
			 "memory and products together are as fast as those of %s", other->model);
}

static void look_at_speeds(struct signs *signs, const struct shape_row *shape)
{
	const struct record *copy = best_of(signs, "node.test.gpu.memory.bandwidth", "/copy");
	const struct record *product = best_of(signs, "node.test.gemm", "/bf16:");
	const struct record *spread = best_of(signs, "node.test.gpu.spread", "/copy");

	signs->bandwidth = copy ? copy->value : 0;
	signs->products = product ? product->value : 0;
	hold_speed(signs, shape, copy, "hbm_bw", bandwidth_low, "it copies memory");
	hold_speed(signs, shape, product, "gemm_bf16", products_low, "it multiplies bf16");
	look_for_other(signs, shape);
	if (spread && spread->value > spread_shared)
		add_sign(signs, false, spread,
			 "its speed jumps by %.0f %% between repeats, as that of a GPU that others "
			 "use too",
			 spread->value);
}

static enum verdict verdict_of(const struct signs *signs)
{
	if (signs->strong > 0 || signs->weak > 1)
		return VERDICT_FAIL;
	return signs->weak > 0 ? VERDICT_WARN : VERDICT_PASS;
}

static const struct shape_row *shape_of(const struct signs *signs)
{
	const char *vendor = machine_state(signs->walk->machine, NODE_GPU_VENDOR, signs->gpu);
	const char *name = machine_state(signs->walk->machine, NODE_GPU_NAME, signs->gpu);

	if (!vendor || !name || !signs->seen->handbook)
		return NULL;
	return handbook_shape(signs->seen->handbook, vendor, 0, name);
}

/* What is sold is the name, so that the name's model is the measure. */
static void judge_gpu(struct gpu_walk *walk, const struct check_input *seen, const char *gpu)
{
	struct signs signs = { .walk = walk, .seen = seen, .gpu = gpu };
	const struct shape_row *shape = shape_of(&signs);
	struct finding *finding;

	look_at_names(&signs);
	look_at_partition(&signs);
	look_at_memory(&signs, shape);
	look_at_speeds(&signs, shape);
	if (signs.strong + signs.weak > 0) {
		finding = gpu_walk_say(walk, verdict_of(&signs), gpu, signs.evidence[0], "%s",
				       text_string(&signs.text));
		for (unsigned i = 1; i < signs.evidence_count; i++)
			finding_rests_on(finding, signs.evidence[i]);
		finding->bar = "one strong sign or two weak ones; peaks of figures.tsv, shapes of "
			       "shape.tsv";
		finding->action =
			"do not take the node for the model of its name; ask the provider";
	} else if (!shape) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, NULL,
			     "the model of its name is in no table");
	} else if (signs.timings == 0) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, NULL,
			     "names and memory agree, and no speed was measured that %s has a peak "
			     "for",
			     shape->model);
	} else {
		gpu_walk_well(walk, best_of(&signs, "node.test.gpu.memory.bandwidth", "/copy"));
	}
	text_release(&signs.text);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, seen, gpu);
	gpu_walk_end(&walk, "name, device id, memory and speed belong to one model");
}

CHECK(gpu_genuine) = {
	.title = "The GPU is what its name says",
	.since = "0.1",
	.needs = "node.gpu.name",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
