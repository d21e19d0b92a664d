#include "active/burn_look.h"

#include <assert.h>
#include <string.h>

#include "probe/probe.h"

const char *const burn_error_names[] = {
	[BURN_ECC_CORRECTED] = "ecc-corrected",
	[BURN_ECC_UNCORRECTED] = "ecc-uncorrected",
	[BURN_SRAM_UNCORRECTED] = "sram-uncorrected",
	[BURN_ROWS] = "rows-replaced",
	[BURN_LINK_CRC] = "link-crc",
	[BURN_LINK_REPLAYS] = "link-replays",
	[BURN_LINK_RECOVERIES] = "link-recoveries",
	[BURN_PCIE_REPLAYS] = "pcie-replays",
	[BURN_XID] = "xid",
	[BURN_LOST] = "lost",
};
static_assert(sizeof(burn_error_names) / sizeof(burn_error_names[0]) == BURN_ERROR_COUNT,
	      "a name for each kind of error");

enum {
	SOURCES_MAXIMUM = 3, /* measures that one kind of error is the sum of */
};

/* The measures that are summed; MEASURE_COUNT ends a row. A GPU has those of its own vendor. */
static const enum measure sources[BURN_ERROR_COUNT][SOURCES_MAXIMUM] = {
	[BURN_ECC_CORRECTED] = { NODE_GPU_ECC_CORRECTED, NODE_GPU_RAS_CORRECTED, MEASURE_COUNT },
	[BURN_ECC_UNCORRECTED] = { NODE_GPU_ECC_UNCORRECTED, NODE_GPU_RAS_UNCORRECTED,
				   MEASURE_COUNT },
	[BURN_SRAM_UNCORRECTED] = { NODE_GPU_ECC_SRAM_UNCORRECTED, MEASURE_COUNT },
	[BURN_ROWS] = { NODE_GPU_ROWS_CORRECTED, NODE_GPU_ROWS_UNCORRECTED, MEASURE_COUNT },
	[BURN_LINK_CRC] = { NODE_GPU_LINK_CRC, NODE_GPU_LINK_SYMBOL_ERRORS, MEASURE_COUNT },
	[BURN_LINK_REPLAYS] = { NODE_GPU_LINK_REPLAYS, MEASURE_COUNT },
	[BURN_LINK_RECOVERIES] = { NODE_GPU_LINK_RECOVERIES, MEASURE_COUNT },
	[BURN_PCIE_REPLAYS] = { NODE_GPU_PCIE_REPLAYS, MEASURE_COUNT },
	[BURN_XID] = { NODE_LOG_XID, NODE_LOG_GPU_LOST, MEASURE_COUNT },
	[BURN_LOST] = { NODE_GPU_ANSWERS, MEASURE_COUNT },
};

static const struct {
	enum probe_worker worker;
	const struct probe *probe;
} vendors[] = {
	{ PROBE_WORKER_NVML, &probe_nvidia },
	{ PROBE_WORKER_AMD_SMI, &probe_amd },
};

/* Asks one library for the counters and lets its probe make records of the answers. */
static void look_at_vendor(struct active_run *run, struct probe_request *request, size_t which,
			   struct sightings *seen)
{
	struct worker worker = { .name = NULL };
	struct worker_result *result = ARENA_NEW(run->arena, struct worker_result);
	const char *asked = probe_worker_make(vendors[which].worker, request, run->arena, &worker);
	struct error err;

	if (!asked)
		return;
	if (active_ask(run, &worker, asked, result, &err)) {
		request->answers[vendors[which].worker] = result;
		vendors[which].probe->look(request, seen);
	}
	worker_end(&worker);
}

bool burn_look(struct active_run *run, struct sightings *ret_seen)
{
	struct probe_request request = {
		.host = run->request->host,
		.shares = PROBE_QUICK | PROBE_COUNTERS,
		.call_limit_ns = run->request->call_limit_ns,
		.total_limit_ns = active_left_ns(run) + 1,
	};

	*ret_seen = *run->sightings;
	ret_seen->items = NULL;
	ret_seen->count = 0;
	ret_seen->room = 0;
	probe_kernel_log.look(&request, ret_seen);
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]) && active_goes_on(run); i++)
		look_at_vendor(run, &request, i, ret_seen);
	return active_goes_on(run);
}

/* True for the GPU, a part of it, and the PCI function that the kernel knows it as. */
static bool is_about(const char *device, const char *gpu)
{
	size_t length = strlen(gpu);

	if (!device)
		return false;
	if (strncmp(device, "pci:", 4) == 0)
		return strcmp(device + 4, gpu + 4) == 0;
	return strncmp(device, gpu, length) == 0 &&
	       (device[length] == '\0' || device[length] == '/');
}

static bool is_source(const struct record *one, enum burn_error error)
{
	for (size_t i = 0; i < SOURCES_MAXIMUM && sources[error][i] != MEASURE_COUNT; i++)
		if (strcmp(one->what, measures[sources[error][i]].name) == 0)
			return true;
	return false;
}

/* Some messages of the kernel begin with a boot long gone, and it writes none while all is well: so
 * none is a count too. */
static bool is_a_message(enum burn_error error)
{
	return error == BURN_XID;
}

static double worth(const struct record *one, enum burn_error error)
{
	if (is_a_message(error))
		return 1;
	if (error == BURN_LOST)
		return one->says == SAYS_STATE && strcmp(one->text, "ok") != 0;
	return one->value;
}

static bool has_log(const struct sightings *seen)
{
	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->items[i].what, measures[NODE_LOG_LINES].name) == 0 &&
		    seen->items[i].says != SAYS_UNKNOWN)
			return true;
	return false;
}

bool burn_count(const struct sightings *seen, const char *gpu, enum burn_error error,
		double *ret_count)
{
	double count = 0;
	bool is_told = is_a_message(error) && has_log(seen);

	for (size_t i = 0; i < seen->count; i++) {
		const struct record *one = &seen->items[i];

		if (!is_source(one, error) || !is_about(one->subject.parts[SUBJECT_DEVICE], gpu))
			continue;
		if (one->says == SAYS_UNKNOWN)
			return false;
		is_told = true;
		count += worth(one, error);
	}
	if (is_told)
		*ret_count = count;
	return is_told;
}

void burn_say_errors(struct active_run *run, const char *gpu, const struct sightings *before,
		     const struct sightings *after, const char *why)
{
	for (enum burn_error error = 0; error < BURN_ERROR_COUNT; error++) {
		const char *device =
			arena_format(run->arena, "%s/%s", gpu, burn_error_names[error]);
		double then = 0, now = 0;
		bool is_then = burn_count(before, gpu, error, &then);
		bool is_now = !why && burn_count(after, gpu, error, &now);

		if (!is_then && !is_now && (!why || error != BURN_LOST))
			continue;
		if (is_then && is_now)
			(void)saw_value(run->sightings, NODE_TEST_BURN_COUNT, device,
					now > then ? now - then : 0);
		else
			(void)saw_unknown(run->sightings, NODE_TEST_BURN_COUNT, device,
					  "%s the burn-in: %s",
					  is_then ? "not counted after" : "not counted before",
					  why ? why : "the library did not tell");
	}
}
