#include <assert.h>
#include <string.h>

#include "check/claims.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char rounding[] = "rounding";
static const char overhead[] = "line rate is more than what a payload gets";
static const char driver[] = "the driver keeps a part";

/* The tolerances: published payload rates of RDMA are 96.5 % of the line rate and above, makers
 * round sizes to whole GB and drivers report less, other figures are sold as rounded numbers. */
const struct claim_row claim_rows[] = {
	[CLAIM_GPU_MODEL] = { .name = "gpu-model",
			      .title = "model of the GPUs",
			      .rule = CLAIM_EQUAL },
	[CLAIM_GPU_COUNT] = { .name = "gpu-count", .title = "GPUs of the node", .unit = "GPUs" },
	[CLAIM_GPU_MEMORY] = { .name = "gpu-memory",
			       .title = "memory of each GPU",
			       .unit = "GB",
			       .tolerance = 0.02,
			       .tolerated = driver },
	[CLAIM_GPU_CLOCK] = { .name = "gpu-clock",
			      .title = "clock of each GPU",
			      .unit = "MHz",
			      .tolerance = 0.01,
			      .tolerated = rounding },
	[CLAIM_GPU_POWER] = { .name = "gpu-power",
			      .title = "power of each GPU",
			      .unit = "W/GPU",
			      .tolerance = 0.01,
			      .tolerated = rounding },
	[CLAIM_GPU_DRAW] = { .name = "gpu-draw",
			     .title = "power that each GPU draws at full load",
			     .unit = "W/GPU",
			     .rule = CLAIM_AT_MOST,
			     .tolerance = 0.05,
			     .tolerated = "what the sensor may be wrong by" },
	[CLAIM_GPU_COMPUTE] = { .name = "gpu-compute",
				.title = "bf16 products of each GPU",
				.unit = "TFLOP/s",
				.tolerance = 0.30,
				.tolerated = "a large product reaches seven tenths of the peak" },
	[CLAIM_GPU_BANDWIDTH] = { .name = "gpu-bandwidth",
				  .title = "memory bandwidth of each GPU",
				  .unit = "GB/s",
				  .tolerance = 0.10,
				  .tolerated = "a copy reaches nine tenths of the pins" },
	[CLAIM_NVLINK] = { .name = "nvlink",
			   .title = "links of each GPU, one way",
			   .unit = "GB/s",
			   .tolerance = 0.20,
			   .tolerated = "a copy reaches four fifths of the links" },
	[CLAIM_NODE_BANDWIDTH] = { .name = "node-bandwidth",
				   .title = "back-end bandwidth of the node",
				   .unit = "Gb/s",
				   .tolerance = 0.05,
				   .tolerated = overhead },
	[CLAIM_CPU_CORES] = { .name = "cpu-cores",
			      .title = "cores of the processors",
			      .unit = "cores" },
	[CLAIM_CPU_THREADS] = { .name = "cpu-threads",
				.title = "hardware threads (vCPU)",
				.unit = "threads" },
	[CLAIM_MEMORY] = { .name = "memory",
			   .title = "memory of the node",
			   .unit = "GB",
			   .tolerance = 0.03,
			   .tolerated = "the firmware keeps a part" },
	[CLAIM_LOCAL_STORAGE] = { .name = "local-storage",
				  .title = "local drives of the node",
				  .unit = "GB",
				  .tolerance = 0.02,
				  .tolerated = rounding },
	[CLAIM_STORAGE_READ] = { .name = "storage-read",
				 .title = "reading from storage",
				 .unit = "GB/s",
				 .tolerance = 0.05,
				 .tolerated = rounding,
				 .has_folder = true },
	[CLAIM_STORAGE_WRITE] = { .name = "storage-write",
				  .title = "writing to storage",
				  .unit = "GB/s",
				  .tolerance = 0.05,
				  .tolerated = rounding,
				  .has_folder = true },
	[CLAIM_START_TIME] = { .name = "start-time",
			       .title = "time to a usable node",
			       .unit = "s",
			       .rule = CLAIM_AT_MOST,
			       .tolerance = 0.05,
			       .tolerated = rounding },
	[CLAIM_UPTIME] = { .name = "uptime", .title = "availability", .unit = "%" },
};
static_assert(COUNT(claim_rows) == CLAIM_KIND_COUNT, "a row for each kind");

/* Units that people write, and what one is in the unit of evidence. GB is 10^9 here: the smallest
 * reading of the word, in favour of who wrote it. */
static const struct {
	const char *written, *unit;
	double factor;
} units[] = {
	{ "GPUs", "GPUs", 1 },
	{ "cores", "cores", 1 },
	{ "threads", "threads", 1 },
	{ "vCPU", "threads", 1 },
	{ "MB", "GB", 1e-3 },
	{ "GB", "GB", 1 },
	{ "TB", "GB", 1e3 },
	{ "PB", "GB", 1e6 },
	{ "MiB", "GB", 1.048576e-3 },
	{ "GiB", "GB", 1.073741824 },
	{ "TiB", "GB", 1099.511627776 },
	{ "MHz", "MHz", 1 },
	{ "GHz", "MHz", 1e3 },
	{ "W", "W/GPU", 1 },
	{ "kW", "W/GPU", 1e3 },
	{ "TFLOPS", "TFLOP/s", 1 },
	{ "TFLOP/s", "TFLOP/s", 1 },
	{ "PFLOPS", "TFLOP/s", 1e3 },
	{ "PFLOP/s", "TFLOP/s", 1e3 },
	{ "MB/s", "GB/s", 1e-3 },
	{ "GB/s", "GB/s", 1 },
	{ "TB/s", "GB/s", 1e3 },
	{ "Gb/s", "Gb/s", 1 },
	{ "Tb/s", "Gb/s", 1e3 },
	{ "ms", "s", 1e-3 },
	{ "s", "s", 1 },
	{ "min", "s", 60 },
	{ "h", "s", 3600 },
	{ "%", "%", 1 },
};

double claim_unit_factor(const struct claim_row *row, struct span written)
{
	for (size_t i = 0; i < COUNT(units); i++) {
		if (span_is(written, units[i].written) && strcmp(units[i].unit, row->unit) == 0)
			return units[i].factor;
	}
	return 0;
}

void claim_units_write(const struct claim_row *row, struct text *into)
{
	for (size_t i = 0; i < COUNT(units); i++) {
		if (strcmp(units[i].unit, row->unit) == 0)
			text_format(into, " %s", units[i].written);
	}
}

double claim_promised(const struct claim *claim)
{
	double value = claim->value - claim->front_end;

	if (claim->traps & CLAIM_BOTH_DIRECTIONS)
		value /= 2;
	if (claim->traps & CLAIM_SPARSITY)
		value /= 2;
	return value;
}
