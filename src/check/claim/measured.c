#include "check/claim/measured.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check/claim/rails.h"
#include "check/reference.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *const confidence_names[] = { "none", "low", "medium", "high" };
static_assert(COUNT(confidence_names) == CONFIDENCE_COUNT, "a name for each confidence");

enum fold {
	FOLD_LEAST, /* each of several has to have it */
	FOLD_MOST,  /* the best of several ways counts */
	FOLD_PEAK,  /* none may have more */
	FOLD_SUM,
	FOLD_COUNT_THEM,
};

/* Where a kind of claim is told. */
static const struct source_row {
	enum claim_kind kind;
	const char *measure;
	const char *begins, *ends; /* of the device; NULL: any */
	enum fold fold;
	double factor; /* from the measure's unit to the claim's */
	enum confidence confidence;
	const char *words; /* what it is, for the finding */
} rows[] = {
	{ CLAIM_GPU_COUNT, "node.gpu.answers", "gpu:", NULL, FOLD_COUNT_THEM, 1, CONFIDENCE_HIGH,
	  "GPUs that answer" },
	{ CLAIM_GPU_COUNT, "node.gpu.count.pci", "vendor:", NULL, FOLD_SUM, 1, CONFIDENCE_MEDIUM,
	  "on the PCI bus" },
	{ CLAIM_GPU_MEMORY, "node.test.gpu.memory.resident", "gpu:", NULL, FOLD_LEAST, 1e-9,
	  CONFIDENCE_HIGH, "written and read back" },
	{ CLAIM_GPU_MEMORY, "node.gpu.memory.total", "gpu:", NULL, FOLD_LEAST, 1e-9,
	  CONFIDENCE_MEDIUM, "by the driver's word" },
	{ CLAIM_GPU_CLOCK, "node.test.burn.clock", "gpu:", NULL, FOLD_LEAST, 1, CONFIDENCE_HIGH,
	  "under full load" },
	{ CLAIM_GPU_CLOCK, "node.gpu.clock.maximum", "gpu:", NULL, FOLD_LEAST, 1, CONFIDENCE_LOW,
	  "the highest that is set" },
	{ CLAIM_GPU_POWER, "node.gpu.power.limit", "gpu:", NULL, FOLD_LEAST, 1, CONFIDENCE_MEDIUM,
	  "the limit in force" },
	{ CLAIM_GPU_DRAW, "node.test.burn.power", "gpu:", NULL, FOLD_PEAK, 1, CONFIDENCE_HIGH,
	  "the GPU that draws most, in the middle of the burn-in" },
	{ CLAIM_GPU_COMPUTE, "node.test.gemm", "gpu:", "/bf16:", FOLD_LEAST, 1e-12, CONFIDENCE_HIGH,
	  "the slowest GPU" },
	{ CLAIM_GPU_BANDWIDTH, "node.test.gpu.memory.bandwidth", "gpu:", "/copy", FOLD_LEAST, 1e-9,
	  CONFIDENCE_HIGH, "a copy on the slowest GPU" },
	{ CLAIM_NVLINK, "node.test.gpu.copy.peer", "gpu:", "/to:", FOLD_LEAST, 1e-9,
	  CONFIDENCE_HIGH, "a copy between the slowest pair" },
	{ CLAIM_CPU_CORES, "node.cpu.cores", NULL, NULL, FOLD_SUM, 1, CONFIDENCE_HIGH,
	  "by the kernel" },
	{ CLAIM_CPU_THREADS, "node.cpu.online", NULL, NULL, FOLD_SUM, 1, CONFIDENCE_HIGH,
	  "by the kernel" },
	{ CLAIM_MEMORY, "node.memory.total", NULL, NULL, FOLD_SUM, 1e-9, CONFIDENCE_HIGH,
	  "by the kernel" },
	{ CLAIM_LOCAL_STORAGE, "node.disk.size", "disk:", NULL, FOLD_SUM, 1e-9, CONFIDENCE_HIGH,
	  "all drives, that of the system too" },
	{ CLAIM_STORAGE_READ, "node.test.storage.bandwidth", "storage:sequential-read.", NULL,
	  FOLD_MOST, 1e-9, CONFIDENCE_HIGH, "the best number of clients" },
	{ CLAIM_STORAGE_WRITE, "node.test.storage.bandwidth", "storage:sequential-write.", NULL,
	  FOLD_MOST, 1e-9, CONFIDENCE_HIGH, "the best number of clients" },
	{ CLAIM_START_TIME, "node.test.start.boot", "boot:instance", NULL, FOLD_MOST, 1,
	  CONFIDENCE_HIGH, "from its creation until it was usable" },
};

struct gathering {
	const struct machine *machine;
	const struct claim *claim;
	const struct source_row *row;
	enum measure measure;
	struct arena *arena;
	struct delivered *into;
	size_t known, unknown;
	const struct record *decides; /* the record of the least or the most */
	const struct record *silent;  /* the first that is not known */
};

static bool is_about(const struct gathering *gathering, const char *device)
{
	const struct source_row *row = gathering->row;
	const char *folder = gathering->claim->folder;
	size_t length = device ? strlen(device) : 0;
	size_t tail = folder ? strlen(folder) : 0;

	if ((row->begins && (!device || strncmp(device, row->begins, strlen(row->begins)) != 0)) ||
	    (row->ends && (!device || !strstr(device, row->ends))))
		return false;
	return !folder || (length > tail && device[length - tail - 1] == ':' &&
			   strcmp(device + length - tail, folder) == 0);
}

/* Takes a record into the figure. */
static void fold(struct gathering *gathering, const struct record *record)
{
	double value = record->says == SAYS_VALUE ? record->value * gathering->row->factor : 1;
	struct delivered *into = gathering->into;
	bool decides = gathering->known == 0;

	switch (gathering->row->fold) {
	case FOLD_LEAST:
		decides = decides || value < into->value;
		into->value = decides ? value : into->value;
		break;
	case FOLD_MOST:
	case FOLD_PEAK:
		decides = decides || value > into->value;
		into->value = decides ? value : into->value;
		break;
	case FOLD_SUM:
		into->value += value;
		break;
	case FOLD_COUNT_THEM:
		into->value += !record->text || strcmp(record->text, "ok") == 0;
		break;
	}
	if (decides)
		gathering->decides = record;
	gathering->known++;
}

/* The interval of the record that decides. */
static void take_interval(struct gathering *gathering)
{
	const struct measured measured = measured_on(gathering->machine, gathering->decides);
	struct delivered *into = gathering->into;

	into->low = into->high = into->value;
	if (measured.high > 0) {
		into->low = measured.low * gathering->row->factor;
		into->high = measured.high * gathering->row->factor;
	}
}

static void gather(struct gathering *gathering)
{
	const struct record *record;
	size_t at = 0;

	while ((record = machine_next(gathering->machine, gathering->measure, &at))) {
		if (!is_about(gathering, record->subject.parts[SUBJECT_DEVICE]))
			continue;
		if (record->says == SAYS_UNKNOWN) {
			gathering->unknown++;
			if (!gathering->silent)
				gathering->silent = record;
			continue;
		}
		fold(gathering, record);
	}
}

/* What not all parts told is a bound when they share the pace, and no sum at all. */
static bool finish(struct gathering *gathering)
{
	const struct source_row *row = gathering->row;
	struct delivered *into = gathering->into;
	bool is_partial = gathering->unknown > 0 && row->fold != FOLD_MOST;

	if (gathering->known == 0 ||
	    (is_partial && row->fold != FOLD_LEAST && row->fold != FOLD_PEAK))
		return false;
	take_interval(gathering);
	into->is_known = true;
	into->is_bound = is_partial || row->confidence == CONFIDENCE_LOW;
	into->confidence = is_partial ? CONFIDENCE_LOW : row->confidence;
	if (into->confidence == CONFIDENCE_HIGH && !(into->high > into->low) &&
	    strncmp(row->measure, "node.test.", 10) == 0)
		into->confidence = CONFIDENCE_MEDIUM;
	into->how = is_partial ? arena_format(gathering->arena, "%s; %zu more are not known",
					      row->words, gathering->unknown)
			       : row->words;
	into->evidence[0] = gathering->decides;
	return true;
}

static void look_up(const struct machine *machine, const struct claim *claim, struct arena *arena,
		    struct delivered *into)
{
	const struct record *silent = NULL;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct gathering gathering = {
			.machine = machine,
			.claim = claim,
			.row = &rows[i],
			.arena = arena,
			.into = into,
		};

		if (rows[i].kind != claim->kind ||
		    !measure_find(rows[i].measure, &gathering.measure))
			continue;
		*into = (struct delivered){ .how = "" };
		gather(&gathering);
		if (finish(&gathering))
			return;
		silent = silent ? silent : gathering.silent;
	}
	*into = (struct delivered){ .how = "", .why_not = "it was not measured" };
	if (silent) {
		into->why_not = silent->text;
		into->evidence[0] = silent;
	}
}

static void look_at_model(const struct machine *machine, struct delivered *into)
{
	const struct record *record;
	size_t at = 0;

	*into = (struct delivered){ .how = "by device id and name" };
	record = machine_next(machine, NODE_GPU_NAME, &at);
	into->evidence[0] = record;
	if (!machine->shape) {
		into->why_not = "the model of the GPUs is in no table, or there are several";
		return;
	}
	into->is_known = true;
	into->word = machine->shape->model;
	into->confidence = CONFIDENCE_MEDIUM;
}

void claim_find_delivered(const struct machine *machine, const struct claim *claim,
			  struct arena *arena, struct delivered *ret_delivered)
{
	switch (claim->kind) {
	case CLAIM_GPU_MODEL:
		look_at_model(machine, ret_delivered);
		return;
	case CLAIM_NODE_BANDWIDTH:
		rails_find(machine, arena, ret_delivered);
		return;
	case CLAIM_NVLINK:
		look_up(machine, claim, arena, ret_delivered);
		if (!ret_delivered->is_known)
			links_find(machine, arena, ret_delivered);
		return;
	case CLAIM_UPTIME:
		*ret_delivered = (struct delivered){
			.how = "",
			.why_not = "a run tells nothing of months; let the agent keep the log",
		};
		return;
	case CLAIM_GPU_COUNT:
	case CLAIM_GPU_MEMORY:
	case CLAIM_GPU_CLOCK:
	case CLAIM_GPU_POWER:
	case CLAIM_GPU_DRAW:
	case CLAIM_GPU_COMPUTE:
	case CLAIM_GPU_BANDWIDTH:
	case CLAIM_CPU_CORES:
	case CLAIM_CPU_THREADS:
	case CLAIM_MEMORY:
	case CLAIM_LOCAL_STORAGE:
	case CLAIM_STORAGE_READ:
	case CLAIM_STORAGE_WRITE:
	case CLAIM_START_TIME:
	case CLAIM_KIND_COUNT:
		break;
	}
	look_up(machine, claim, arena, ret_delivered);
}

/* Positive is more than was promised. */
static double difference_of(const struct claim *claim, double value)
{
	double promised = claim_promised(claim);

	if (!(promised > 0))
		return 0;
	if (claim_rows[claim->kind].rule == CLAIM_AT_MOST)
		return (promised - value) / promised;
	return (value - promised) / promised;
}

double claim_difference(const struct claim *claim, const struct delivered *delivered)
{
	return difference_of(claim, delivered->value);
}

enum verdict claim_verdict(const struct claim *claim, const struct delivered *delivered)
{
	const struct claim_row *row = &claim_rows[claim->kind];
	double tolerated = -row->tolerance - 1e-9, a, b, worst, best;

	if (!delivered->is_known)
		return VERDICT_UNKNOWN;
	a = difference_of(claim, delivered->low);
	b = difference_of(claim, delivered->high);
	worst = fmin(a, b);
	best = fmax(a, b);
	if (best < tolerated)
		return claim->traps & (CLAIM_UP_TO | CLAIM_ABOUT) ? VERDICT_WARN : VERDICT_FAIL;
	if (delivered->is_bound)
		return VERDICT_UNKNOWN;
	return worst >= tolerated ? VERDICT_PASS : VERDICT_WARN;
}
