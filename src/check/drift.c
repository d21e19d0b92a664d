#include "check/drift.h"

#include <math.h>
#include <string.h>

/* The kernel keeps a little more or less memory for itself from boot to boot. */
static const double memory_tolerance = 0.01;

static const enum drift_kind kinds[MEASURE_COUNT] = {
	[NODE_AMD_DRIVER] = DRIFT_SOFTWARE,
	[NODE_ARCHITECTURE] = DRIFT_HARDWARE,
	[NODE_BOARD] = DRIFT_HARDWARE,
	[NODE_CLOCK_SOURCE] = DRIFT_SOFTWARE,
	[NODE_COMMAND_LINE] = DRIFT_NONE, /* it names the root disk */
	[NODE_CPU_CORES] = DRIFT_HARDWARE,
	[NODE_CPU_FREQUENCY_LIMIT] = DRIFT_HARDWARE,
	[NODE_CPU_FREQUENCY_MAXIMUM] = DRIFT_SOFTWARE,
	[NODE_CPU_GOVERNOR] = DRIFT_SOFTWARE,
	[NODE_CPU_MICROCODE] = DRIFT_FIRMWARE,
	[NODE_CPU_MODEL] = DRIFT_HARDWARE,
	[NODE_CPU_ONLINE] = DRIFT_HARDWARE,
	[NODE_CPU_PACKAGES] = DRIFT_HARDWARE,
	[NODE_CPU_THREADING] = DRIFT_FIRMWARE,
	[NODE_CPU_THREADS] = DRIFT_HARDWARE,
	[NODE_CPU_VULNERABILITY] = DRIFT_SOFTWARE,
	[NODE_CUDA_DRIVER] = DRIFT_SOFTWARE,
	[NODE_DISK_FIRMWARE] = DRIFT_FIRMWARE,
	[NODE_DISK_MODEL] = DRIFT_HARDWARE,
	[NODE_DISK_SIZE] = DRIFT_HARDWARE,
	[NODE_EDAC_CONTROLLERS] = DRIFT_HARDWARE,
	[NODE_FILES_LIMIT] = DRIFT_SOFTWARE,
	[NODE_FIRMWARE] = DRIFT_FIRMWARE,
	[NODE_GPU_CLOCK_LIMIT] = DRIFT_SOFTWARE,
	[NODE_GPU_CLOCK_MAXIMUM] = DRIFT_HARDWARE,
	[NODE_GPU_COMPUTE_MODE] = DRIFT_SOFTWARE,
	[NODE_GPU_CONFIDENTIAL] = DRIFT_SOFTWARE,
	[NODE_GPU_COUNT_DRIVER] = DRIFT_HARDWARE,
	[NODE_GPU_COUNT_LIBRARY] = DRIFT_HARDWARE,
	[NODE_GPU_COUNT_PCI] = DRIFT_HARDWARE,
	[NODE_GPU_ECC_MODE] = DRIFT_SOFTWARE,
	[NODE_GPU_INFOROM] = DRIFT_FIRMWARE,
	[NODE_GPU_LIBRARY_VERSION] = DRIFT_SOFTWARE,
	[NODE_GPU_MEMORY_TOTAL] = DRIFT_HARDWARE,
	[NODE_GPU_NAME] = DRIFT_HARDWARE,
	[NODE_GPU_PARTITION] = DRIFT_SOFTWARE,
	[NODE_GPU_PCIE_GENERATION_MAXIMUM] = DRIFT_HARDWARE,
	[NODE_GPU_PCIE_WIDTH_MAXIMUM] = DRIFT_HARDWARE,
	[NODE_GPU_PERSISTENCE] = DRIFT_SOFTWARE,
	[NODE_GPU_POWER_LIMIT] = DRIFT_SOFTWARE,
	[NODE_GPU_POWER_LIMIT_DEFAULT] = DRIFT_FIRMWARE,
	[NODE_GPU_VBIOS] = DRIFT_FIRMWARE,
	[NODE_GPU_VENDOR] = DRIFT_HARDWARE,
	[NODE_IOMMU] = DRIFT_SOFTWARE,
	[NODE_KERNEL] = DRIFT_SOFTWARE,
	[NODE_LIMIT] = DRIFT_SOFTWARE,
	[NODE_MEMORY_TOTAL] = DRIFT_HARDWARE,
	[NODE_MODULE] = DRIFT_SOFTWARE,
	[NODE_MOUNT_MODE] = DRIFT_SOFTWARE,
	[NODE_MOUNT_TYPE] = DRIFT_SOFTWARE,
	[NODE_NET_DRIVER] = DRIFT_SOFTWARE,
	[NODE_NET_FIRMWARE] = DRIFT_FIRMWARE,
	[NODE_NET_PCI] = DRIFT_HARDWARE,
	[NODE_NUMA_MEMORY] = DRIFT_HARDWARE,
	[NODE_NUMA_NODES] = DRIFT_FIRMWARE,
	[NODE_NUMA_THREADS] = DRIFT_HARDWARE,
	[NODE_NVIDIA_DRIVER] = DRIFT_SOFTWARE,
	[NODE_NVIDIA_DRIVER_KIND] = DRIFT_SOFTWARE,
	[NODE_NVIDIA_PARAMETER] = DRIFT_SOFTWARE,
	[NODE_PCI_ACS] = DRIFT_FIRMWARE,
	[NODE_PCI_CLASS] = DRIFT_HARDWARE,
	[NODE_PCI_ID] = DRIFT_HARDWARE,
	[NODE_PCI_NUMA] = DRIFT_FIRMWARE,
	[NODE_PCI_PARENT] = DRIFT_HARDWARE,
	[NODE_PCI_PAYLOAD] = DRIFT_FIRMWARE,
	[NODE_PCI_READ_REQUEST] = DRIFT_SOFTWARE,
	[NODE_PCI_RELAXED_ORDERING] = DRIFT_SOFTWARE,
	[NODE_PCI_SPEED_MAXIMUM] = DRIFT_HARDWARE,
	[NODE_PCI_SUBSYSTEM] = DRIFT_HARDWARE,
	[NODE_PCI_WIDTH_MAXIMUM] = DRIFT_HARDWARE,
	[NODE_PROCESS_LIMIT] = DRIFT_SOFTWARE,
	[NODE_RDMA_BOARD] = DRIFT_HARDWARE,
	[NODE_RDMA_COUNT] = DRIFT_HARDWARE,
	[NODE_RDMA_DRIVER] = DRIFT_SOFTWARE,
	[NODE_RDMA_FIRMWARE] = DRIFT_FIRMWARE,
	[NODE_RDMA_LAYER] = DRIFT_FIRMWARE,
	[NODE_RDMA_MODEL] = DRIFT_HARDWARE,
	[NODE_RDMA_PCI] = DRIFT_HARDWARE,
	[NODE_RDMA_RATE] = DRIFT_HARDWARE,
	[NODE_SERVICE] = DRIFT_SOFTWARE,
	[NODE_SETTING] = DRIFT_SOFTWARE,
	[NODE_SOFTWARE] = DRIFT_SOFTWARE,
	[NODE_SYSTEM] = DRIFT_SOFTWARE,
	[NODE_VIRTUAL] = DRIFT_HARDWARE,
};

enum drift_kind drift_kind_of(enum measure measure)
{
	return kinds[measure];
}

static const char *words_of(const struct record *record, struct arena *arena)
{
	if (record->says == SAYS_VALUE)
		return arena_format(arena, "%.15g %s", record->value, record->unit);
	return record->text;
}

static bool is_known(const struct record *record)
{
	return record->says == SAYS_VALUE || record->says == SAYS_STATE;
}

static bool is_memory(enum measure measure)
{
	return measure == NODE_MEMORY_TOTAL || measure == NODE_NUMA_MEMORY;
}

static bool is_same(enum measure measure, const struct record *a, const struct record *b)
{
	double tolerance;

	if (a->says != b->says)
		return false;
	if (a->says == SAYS_STATE)
		return strcmp(a->text, b->text) == 0;
	tolerance = is_memory(measure) ? memory_tolerance : 1e-9;
	return fabs(a->value - b->value) <= tolerance * fmax(fabs(a->value), fabs(b->value));
}

/* What the shell of whoever looks sets, and what a provider states, is no trait of the node. */
static bool is_of_looker(const char *device)
{
	return device && (strncmp(device, "setting:env:", 12) == 0 ||
			  strncmp(device, "setting:attest:", 15) == 0);
}

static void add(struct drift *drifts, size_t *count, enum measure measure, const char *device,
		const char *was, const char *is)
{
	drifts[(*count)++] = (struct drift){ measure, device, was, is };
}

/* A machine that could not list the devices of the measure says so without a device. */
static bool is_whole(const struct machine *machine, enum measure measure)
{
	const struct record *one = machine_find(machine, measure, NULL);

	return machine->by[measure].count > 0 && (!one || one->says != SAYS_UNKNOWN);
}

static void compare(const struct machine *machine, const struct machine *golden,
		    enum measure measure, struct arena *arena, struct drift *drifts, size_t *count)
{
	const struct record *one, *other;
	size_t at = 0;

	if (!is_whole(machine, measure) || !is_whole(golden, measure))
		return;
	while ((one = machine_next(golden, measure, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		other = machine_find(machine, measure, device);
		if (!is_known(one) || (other && !is_known(other)) || is_of_looker(device))
			continue;
		if (!other || !is_same(measure, one, other))
			add(drifts, count, measure, device, words_of(one, arena),
			    other ? words_of(other, arena) : NULL);
	}
	at = 0;
	while ((one = machine_next(machine, measure, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (is_known(one) && !is_of_looker(device) &&
		    !machine_find(golden, measure, device))
			add(drifts, count, measure, device, NULL, words_of(one, arena));
	}
}

size_t drift_compared(const struct machine *machine, const struct machine *golden)
{
	size_t compared = 0;

	for (unsigned i = 0; i < MEASURE_COUNT; i++)
		compared += kinds[i] != DRIFT_NONE && is_whole(machine, (enum measure)i) &&
			    is_whole(golden, (enum measure)i);
	return compared;
}

size_t drift_find(const struct machine *machine, const struct machine *golden, struct arena *arena,
		  struct drift **ret_drifts)
{
	size_t count = 0;

	*ret_drifts = ARENA_ARRAY(arena, struct drift, machine->count + golden->count);
	for (unsigned i = 0; i < MEASURE_COUNT; i++)
		if (kinds[i] != DRIFT_NONE)
			compare(machine, golden, (enum measure)i, arena, *ret_drifts, &count);
	return count;
}
