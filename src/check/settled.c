#include "check/settled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/settled_rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct settled_row settled_rows[] = {
	{ "performance.gemm",
	  "%",
	  { NULL },
	  "least over the formats of the middle GPU's share of the reference of that shape",
	  settle_gemm },
	{ "performance.gpu-spread",
	  "%",
	  { NULL },
	  "how far the slowest GPU is below the fastest, the format that differs most",
	  settle_gemm_spread },
	{ "performance.best-matmul",
	  "%",
	  { NULL },
	  "the middle GPU's best shape in bf16, of the best that was measured elsewhere",
	  settle_gemm_best },
	{ "performance.grouped-gemm",
	  "%",
	  { NULL },
	  "the middle GPU's share of the reference in grouped products",
	  settle_gemm_grouped },
	{ "performance.matrix-vector",
	  "%",
	  { NULL },
	  "the middle GPU's share of the reference in products of matrix and vector",
	  settle_matrix_vector },
	{ "performance.copies",
	  "%",
	  { NULL },
	  "least over the ways of the middle GPU's share of the reference",
	  settle_copies },
	{ "performance.thermal",
	  NULL,
	  { "throttles", "warm", "cool" },
	  "speed lost for ten degrees times the degrees between coolest and hottest, the worst GPU",
	  settle_thermal },
	{ "monitoring.idle-power",
	  NULL,
	  { "above", "below" },
	  "each GPU without a process or a kernel: 250 W, of Grace-Blackwell 300 W",
	  settle_idle_power },
	{ "reliability.burn-in-run",
	  NULL,
	  { "errors", "uneven" },
	  "an error or a GPU that ended badly; after 8 h of load, last hour against first and "
	  "spread within 2 %",
	  settle_burn },
	{ "networking.bandwidth",
	  "Gb/s",
	  { NULL },
	  "sum over the rails of a node of eight GPUs, one way, each measured",
	  settle_node_bandwidth },
	{ "networking.rail-bandwidth",
	  "%",
	  { NULL },
	  "the slowest rail's best write or read of its line rate",
	  settle_rail_bandwidth },
	{ "networking.rail-latency",
	  "us",
	  { NULL },
	  "the slowest rail's typical time of its smallest write to another node",
	  settle_rail_latency },
	{ "networking.collectives",
	  NULL,
	  { "half", "below", "near", "reference" },
	  "all_reduce of 16 to 512 MiB over nodes, mean share of the reference: 97, 90, 55 %",
	  settle_collectives },
	{ "networking.nic-collectives",
	  NULL,
	  { "broken", "below", "near", "level" },
	  "largest all_reduce through the adapters of 96.5 % of their line rate: 92, 80, 50 %",
	  settle_nic_collectives },
	{ "networking.smooth-sizes",
	  NULL,
	  { "cliffs", "dips", "smooth" },
	  "largest fall of the bus bandwidth between neighbouring sizes: 25, 5 %",
	  settle_smooth_sizes },
	{ "networking.front-end",
	  NULL,
	  { "lossy" },
	  "1 % or more of the packets of UDP at 20 Mb/s lost, to one peer or from it",
	  settle_front_end },
	{ "security.visible-endpoints",
	  NULL,
	  { "many", "switches", "own-only" },
	  "adapters of others, and switches, that a walk from switch to switch shows",
	  settle_visible_endpoints },
	{ "security.fabric-management-keys",
	  NULL,
	  { "default", "one", "set" },
	  "protection of the own port, and nodes of others that subnet administration lists",
	  settle_fabric_keys },
	{ "security.fabric-class-keys",
	  NULL,
	  { "none", "some", "all" },
	  "classes of the vendor, of congestion and of nodes that a switch does not answer",
	  settle_class_keys },
	{ "security.virtual-function-management",
	  NULL,
	  { "no", "yes" },
	  "subnet management over a virtual function is refused by the adapter",
	  settle_function_management },
	{ "lifecycle.start-time",
	  "s",
	  { NULL },
	  "from the creation of the instance until it was usable",
	  settle_start },
	{ "lifecycle.image-pull",
	  "s",
	  { NULL },
	  "slowest median of pulls of 20 to 24 GB that found no cache",
	  settle_image_pull },
	{ "performance.container-pull",
	  "s",
	  { NULL },
	  "slowest median of pulls of 20 to 24 GB that found no cache",
	  settle_image_pull },
	{ "lifecycle.model-download",
	  NULL,
	  { "slow", "usual", "fast" },
	  "slowest median of downloads of 26 to 32 GB that found no cache: 20, 42 s",
	  settle_model_time },
	{ "performance.model-download",
	  "Gb/s",
	  { NULL },
	  "slowest rate of downloads of 26 to 32 GB that found no cache",
	  settle_model_rate },
	{ "lifecycle.download-speed",
	  "Gb/s",
	  { NULL },
	  "the fastest download of 1 GB and more, of two kinds at least, that found no cache",
	  settle_download_rate },
	{ "networking.internet-speed",
	  "Gb/s",
	  { NULL },
	  "packages, an image and a model of 1 GB and more, no cache: all bytes by all seconds",
	  settle_internet_speed },
	{ "storage.measured-speed",
	  NULL,
	  { "fast" },
	  "32 clients of one node read and write at the rates that were stated",
	  settle_stated_speed },
	{ "storage.package-install",
	  "s",
	  { NULL },
	  "slowest median of installs that found no cache",
	  settle_package_install },
	{ "storage.import-time",
	  "s",
	  { NULL },
	  "a cold import that takes 20 s and more on one node alone",
	  settle_import },
	{ "storage.metadata",
	  NULL,
	  { "errors", "slow" },
	  "128 processes of one node that make a directory: an error, or 1 s for one in a hundred",
	  settle_metadata },
	{ "storage.tail-latency",
	  "ms",
	  { NULL },
	  "the slowest p99 of sequential reads with 8 clients and more",
	  settle_tail_latency },
	{ "storage.endurance",
	  "%",
	  { NULL },
	  "largest fall of the rate in a load of 7.5 minutes",
	  settle_endurance },
	{ "storage.object-endurance",
	  "%",
	  { NULL },
	  "fall of the rate of mixed operations in 15 minutes",
	  settle_object_endurance },
	{ "storage.object-lock",
	  NULL,
	  { "no", "yes" },
	  "a delete of a locked object was refused",
	  settle_object_lock },
	{ "storage.locks",
	  NULL,
	  { "violated" },
	  "two holders of one lock were seen on one node already",
	  settle_locks },
	{ "storage.data-intact",
	  NULL,
	  { "corrupt" },
	  "data was read back other than it was written",
	  settle_intact },
};

const size_t settled_row_count = COUNT(settled_rows);

void settling_uses(struct settling *settling, const struct record *record)
{
	if (!record)
		return;
	for (size_t i = 0; i < settling->used_count && i < SETTLING_IDS; i++) {
		if (settling->used[i] == record)
			return;
	}
	if (settling->used_count < SETTLING_IDS)
		settling->used[settling->used_count] = record;
	settling->used_count++;
}

const struct record *settling_next(const struct settling *settling, const char *measure,
				   const char *begins, const char *contains, size_t *at)
{
	const struct record *record;
	enum measure found;

	if (!measure_find(measure, &found))
		return NULL;
	while ((record = machine_next(settling->machine, found, at))) {
		const char *device = record->subject.parts[SUBJECT_DEVICE];

		if ((!begins || (device && strncmp(device, begins, strlen(begins)) == 0)) &&
		    (!contains || (device && strstr(device, contains))))
			return record;
	}
	return NULL;
}

bool settling_value(struct settling *settling, const char *measure, const char *begins,
		    const char *contains, double *ret_value)
{
	size_t at = 0;
	const struct record *record = settling_next(settling, measure, begins, contains, &at);

	if (!record || record->says != SAYS_VALUE)
		return false;
	settling_uses(settling, record);
	*ret_value = record->value;
	return true;
}

bool settling_share(struct settling *settling, const struct record *record,
		    const struct reference_query *query, double *ret_share)
{
	const struct measured measured = measured_on(settling->machine, record);
	const struct reference_value *layer;
	struct reference reference;

	if (record->says != SAYS_VALUE)
		return false;
	reference_find(settling->seen, query, &measured, settling->arena, &reference);
	layer = &reference.layers[REFERENCE_MEASURED];
	if (!layer->is_known || layer->is_of_another_size) {
		layer = &reference.layers[REFERENCE_COHORT];
		settling->uses_cohort = settling->uses_cohort || layer->is_known;
	}
	if (!layer->is_known)
		return false;
	*ret_share = layer->share;
	return true;
}

double device_bytes(const char *device)
{
	const char *slash = device ? strrchr(device, '/') : NULL;
	uint64_t bytes;

	return slash && span_to_u64(span_of(slash + 1), &bytes) ? (double)bytes : 0;
}

/* "8192x8192x8192" of "gpu:0000:19:00.0/bf16:8192x8192x8192"; NULL when there is none. */
static const char *size_in(const char *device)
{
	const char *slash = strrchr(device, '/');
	const char *colon = slash ? strchr(slash, ':') : NULL;

	return colon && colon[1] >= '0' && colon[1] <= '9' ? colon + 1 : NULL;
}

/* The best share of one GPU. */
static bool best_share(struct settling *settling, const char *measure, const char *gpu,
		       const char *contains, const char *metric, double *ret_share)
{
	const char *begins = arena_format(settling->arena, "%s/", gpu);
	const struct record *record, *best = NULL;
	double share;
	size_t at = 0;

	while ((record = settling_next(settling, measure, begins, contains, &at))) {
		struct reference_query query = {
			.metric = metric,
			.size = size_in(record->subject.parts[SUBJECT_DEVICE]),
			.nodes = 1,
		};

		if (!settling_share(settling, record, &query, &share) ||
		    (best && share <= *ret_share))
			continue;
		best = record;
		*ret_share = share;
	}
	settling_uses(settling, best);
	return best != NULL;
}

static int compare_values(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

bool settling_gpu_share(struct settling *settling, const char *measure, const char *contains,
			const char *metric, double *ret_share)
{
	double shares[SETTLING_PARTS];
	const struct record *gpu;
	size_t count = 0, at = 0;

	while ((gpu = machine_next(settling->machine, NODE_GPU_ANSWERS, &at))) {
		const char *device = gpu->subject.parts[SUBJECT_DEVICE];

		if (!device || count == COUNT(shares) ||
		    !best_share(settling, measure, device, contains, metric, &shares[count]))
			return false;
		count++;
	}
	if (count == 0)
		return false;
	qsort(shares, count, sizeof(*shares), compare_values);
	*ret_share = (shares[(count - 1) / 2] + shares[count / 2]) / 2;
	return true;
}

static const char *excerpt_of(const struct settling *settling, const struct settled_row *row)
{
	SCOPED_TEXT(text);

	text_format(&text, "%s%s; from", row->rule,
		    settling->uses_cohort ? " (reference: the median of peers)" : "");
	for (size_t i = 0; i < settling->used_count && i < SETTLING_IDS; i++)
		text_format(&text, "%s %s", i > 0 ? "," : "", settling->used[i]->id);
	if (settling->used_count > SETTLING_IDS)
		text_format(&text, " and %zu more", settling->used_count - SETTLING_IDS);
	return arena_string(settling->arena, text_span(&text));
}

size_t settled_find(const struct check_input *seen, struct arena *arena,
		    struct settled **ret_settled)
{
	struct settled *settled = ARENA_ARRAY(arena, struct settled, COUNT(settled_rows));
	size_t count = 0;

	for (size_t i = 0; i < COUNT(settled_rows); i++) {
		const struct settled_row *row = &settled_rows[i];
		struct settling settling = {
			.seen = seen,
			.machine = seen->machine,
			.arena = arena,
		};
		struct settled one = { .criterion = row->criterion, .unit = row->unit };

		if (!row->settle(&settling, &one) || (row->unit && !isfinite(one.value)))
			continue;
		one.excerpt = excerpt_of(&settling, row);
		settled[count++] = one;
	}
	*ret_settled = settled;
	return count;
}
