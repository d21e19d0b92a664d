#include "probe/nvidia.h"
#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const no_yes[] = { "no", "yes" };

static void ask_mode(struct nvidia_gpu *gpu)
{
	static const char *const switched[] = { "off", "on" };
	uint32_t current = 0, pending = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetEccMode, &current, &pending);

	if (gpu_told(&gpu->told, status, NODE_GPU_ECC_MODE))
		gpu_say_word(&gpu->told, NODE_GPU_ECC_MODE, current, switched, COUNT(switched));
}

static void ask_totals(struct nvidia_gpu *gpu)
{
	static const struct {
		uint32_t error, counter;
		enum measure measure;
	} totals[] = {
		{ NVML_ECC_UNCORRECTED, NVML_ECC_VOLATILE, NODE_GPU_ECC_UNCORRECTED },
		{ NVML_ECC_CORRECTED, NVML_ECC_VOLATILE, NODE_GPU_ECC_CORRECTED },
		{ NVML_ECC_UNCORRECTED, NVML_ECC_AGGREGATE, NODE_GPU_ECC_UNCORRECTED_LIFETIME },
		{ NVML_ECC_CORRECTED, NVML_ECC_AGGREGATE, NODE_GPU_ECC_CORRECTED_LIFETIME },
	};

	for (size_t i = 0; i < COUNT(totals); i++) {
		uint64_t count = 0;
		uint32_t status = NVML_ASK(gpu, nvmlDeviceGetTotalEccErrors, totals[i].error,
					   totals[i].counter, &count);

		if (gpu_told(&gpu->told, status, totals[i].measure))
			gpu_say_u64(&gpu->told, totals[i].measure, count, 1);
	}
}

/* An older library has the count of the on-chip memory only. */
static void ask_sram(struct nvidia_gpu *gpu)
{
	static const char *const words[] = { "below", "exceeded" };
	struct nvml_sram_ecc sram = { .version = NVML_SRAM_ECC_1 };
	uint64_t count = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetSramEccErrorStatus, &sram);

	if (vendor_heard(&nvml_statuses, status) == HEARD_NOTHING) {
		status = NVML_ASK(gpu, nvmlDeviceGetMemoryErrorCounter, NVML_ECC_UNCORRECTED,
				  NVML_ECC_AGGREGATE, NVML_LOCATION_SRAM, &count);
		if (gpu_told(&gpu->told, status, NODE_GPU_ECC_SRAM_UNCORRECTED))
			gpu_say_u64(&gpu->told, NODE_GPU_ECC_SRAM_UNCORRECTED, count, 1);
		return;
	}
	if (!gpu_told(&gpu->told, status, NODE_GPU_ECC_SRAM_UNCORRECTED))
		return;
	/* The sum of two that are all ones must not pass for a small one. */
	if (sram.aggregate_parity > UINT32_MAX || sram.aggregate_sec_ded > UINT32_MAX)
		gpu_say_rubbish(&gpu->told, NODE_GPU_ECC_SRAM_UNCORRECTED, sram.aggregate_parity);
	else
		gpu_say_value(&gpu->told, NODE_GPU_ECC_SRAM_UNCORRECTED,
			      (double)(sram.aggregate_parity + sram.aggregate_sec_ded));
	gpu_say_word(&gpu->told, NODE_GPU_ECC_SRAM_THRESHOLD, sram.threshold_exceeded, words,
		     COUNT(words));
}

static void ask_pages(struct nvidia_gpu *gpu)
{
	static const struct {
		uint32_t cause;
		enum measure measure;
	} causes[] = {
		{ NVML_RETIRED_SINGLE_BIT, NODE_GPU_PAGES_CORRECTED },
		{ NVML_RETIRED_DOUBLE_BIT, NODE_GPU_PAGES_UNCORRECTED },
	};
	uint32_t status, pending = 0;

	for (size_t i = 0; i < COUNT(causes); i++) {
		uint32_t count = 0;

		/* Without room for addresses the number is told, and that it is too small. */
		status = NVML_ASK(gpu, nvmlDeviceGetRetiredPages_v2, causes[i].cause, &count, NULL,
				  NULL);
		if (status == NVML_STATUS_INSUFFICIENT_SIZE ||
		    gpu_told(&gpu->told, status, causes[i].measure))
			gpu_say_u32(&gpu->told, causes[i].measure, count, 1);
	}
	status = NVML_ASK(gpu, nvmlDeviceGetRetiredPagesPendingStatus, &pending);
	if (gpu_told(&gpu->told, status, NODE_GPU_PAGES_PENDING))
		gpu_say_word(&gpu->told, NODE_GPU_PAGES_PENDING, pending, no_yes, COUNT(no_yes));
}

/* Rows are replaced from Ampere on; boards before it retire pages. */
static void ask_rows(struct nvidia_gpu *gpu)
{
	uint32_t corrected = 0, uncorrected = 0, pending = 0, failed = 0;
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetRemappedRows, &corrected, &uncorrected,
				   &pending, &failed);

	if (vendor_heard(&nvml_statuses, status) == HEARD_NOTHING) {
		ask_pages(gpu);
		return;
	}
	if (!gpu_told(&gpu->told, status, NODE_GPU_ROWS_UNCORRECTED))
		return;
	gpu_say_u32(&gpu->told, NODE_GPU_ROWS_UNCORRECTED, uncorrected, 1);
	gpu_say_u32(&gpu->told, NODE_GPU_ROWS_CORRECTED, corrected, 1);
	gpu_say_word(&gpu->told, NODE_GPU_ROWS_PENDING, pending, no_yes, COUNT(no_yes));
	gpu_say_word(&gpu->told, NODE_GPU_ROWS_FAILURE, failed, no_yes, COUNT(no_yes));
}

static void ask_banks(struct nvidia_gpu *gpu)
{
	struct nvml_remap_histogram histogram = { 0 };
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetRowRemapperHistogram, &histogram);

	if (gpu_told(&gpu->told, status, NODE_GPU_ROWS_BANKS_FULL))
		gpu_say_u32(&gpu->told, NODE_GPU_ROWS_BANKS_FULL, histogram.none, 1);
}

static void ask_size(struct nvidia_gpu *gpu)
{
	struct nvml_memory_2 newer = { .version = NVML_MEMORY_2 };
	struct nvml_memory older = { 0 };
	uint32_t status = NVML_ASK(gpu, nvmlDeviceGetMemoryInfo_v2, &newer);

	if (vendor_heard(&nvml_statuses, status) == HEARD_NOTHING) {
		status = NVML_ASK(gpu, nvmlDeviceGetMemoryInfo, &older);
		newer.total = older.total;
		newer.used = older.used;
	}
	if (!gpu_told(&gpu->told, status, NODE_GPU_MEMORY_TOTAL))
		return;
	gpu_say_u64(&gpu->told, NODE_GPU_MEMORY_TOTAL, newer.total, 1);
	if (newer.used > newer.total)
		gpu_say_rubbish(&gpu->told, NODE_GPU_MEMORY_USED, newer.used);
	else
		gpu_say_u64(&gpu->told, NODE_GPU_MEMORY_USED, newer.used, 1);
}

void nvidia_ask_memory(struct nvidia_gpu *gpu)
{
	if (gpu->told.shares & PROBE_QUICK)
		ask_mode(gpu);
	if (gpu->told.shares & (PROBE_QUICK | PROBE_COUNTERS)) {
		ask_totals(gpu);
		ask_sram(gpu);
	}
	if (gpu->told.shares & PROBE_QUICK) {
		ask_rows(gpu);
		ask_size(gpu);
	}
	if (gpu->told.shares & PROBE_FULL)
		ask_banks(gpu);
}
