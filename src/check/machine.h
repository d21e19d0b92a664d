/*
 * What was seen of one node at one moment, so that a judge finds each fact at once. A pure view of
 * records; nothing here touches a machine.
 */
#pragma once

#include "check/handbook.h"
#include "evidence/measure.h"

enum vendor {
	VENDOR_NVIDIA,
	VENDOR_AMD,
	VENDOR_COUNT,
};

struct machine {
	const char *name;       /* of the node */
	date_t observed;        /* newest day of its records */
	enum strength strength; /* weakest of its records */
	/* By measure, then device, then time: the newest of one thing is the last. */
	const struct record **records;
	size_t count;
	struct {
		uint32_t first, count;
	} by[MEASURE_COUNT];
	/* Of the GPUs' model; NULL when it is not known, or there are several. */
	const struct shape_row *shape;
};

/* Sorts the records of nodes into machines, by name of the node; of one node only those of its
 * newest day count, and the messages since the start of the kernel, which are as old as they are.
 * Records that are no measures of nodes are left out. `handbook` may be NULL. */
void machines_make(const struct record *const *records, size_t count,
		   const struct handbook *handbook, struct arena *arena,
		   struct machine **ret_machines, size_t *ret_count);

/* The newest record of the measure about the device, NULL for the whole node; NULL when there is
 * none. What it says may be that it is unknown. */
const struct record *machine_find(const struct machine *machine, enum measure measure,
				  const char *device);

/* One after the other: the newest record of each device, for texts all of them. `at` starts at 0;
 * NULL at the end. */
const struct record *machine_next(const struct machine *machine, enum measure measure, size_t *at);

/* False when there is none, or it is unknown. */
bool machine_value(const struct machine *machine, enum measure measure, const char *device,
		   double *ret_value);

/* NULL when there is none, or it is unknown. */
const char *machine_state(const struct machine *machine, enum measure measure, const char *device);

/* True when the state is known and is the word. */
bool machine_state_is(const struct machine *machine, enum measure measure, const char *device,
		      const char *word);

/* Why the measure is unknown: the probe's reason, or that nothing was recorded. Never NULL. */
const char *machine_why_unknown(const struct machine *machine, enum measure measure,
				const char *device);

/* How fast a counter rises. */
struct counter_rate {
	double rise; /* in the window; never negative: a counter that fell has started anew */
	double window_s;
	bool since_boot;                   /* only one sighting: the window is the uptime */
	const struct record *now, *before; /* `before` is NULL with since_boot */
};

/* Between the first and the last sighting of it, or since the start of the machine when there is
 * only one. False when the counter or the window is unknown. */
bool machine_rate(const struct machine *machine, enum measure counter, const char *device,
		  struct counter_rate *ret_rate);

/* The whole of which a device is a part: "gpu:0000:19:00.0" of "gpu:0000:19:00.0/link:3"; itself
 * when it is no part. Mounts, files and what NCCL has of files are whole. */
struct span device_whole(const char *device);

/* The "pci:0000:19:00.0" of "gpu:0000:19:00.0" and its parts; NULL when it is no PCI device. */
const char *device_pci(const char *device, struct arena *arena);

/* "GPU 3 (0000:19:00.0)", "GPU 3 (0000:19:00.0), link 2", "mlx5_0 port 1", "/home": for people. */
const char *device_label(const struct machine *machine, const char *device, struct arena *arena);

/* Parts that a check may be about. */
enum machine_part {
	PART_GPU = 1 << 0, /* a data centre GPU of any vendor */
	PART_NVIDIA = 1 << 1,
	PART_AMD = 1 << 2,
	PART_LINKS = 1 << 3,      /* GPUs joined by NVLink or xGMI */
	PART_SWITCHES = 1 << 4,   /* NVSwitch */
	PART_RDMA = 1 << 5,       /* an RDMA adapter */
	PART_INFINIBAND = 1 << 6, /* a port whose link layer is InfiniBand */
	PART_BARE_METAL = 1 << 7,
	PART_GUEST = 1 << 8, /* a virtual machine */
	PART_NVME = 1 << 9,
	PART_ARM = 1 << 10,
	PART_EDAC = 1 << 11,
};

enum presence {
	PRESENCE_UNKNOWN,
	PRESENCE_ABSENT,
	PRESENCE_PRESENT,
};

/* Whether the machine has a part; *ret_reason says why it has not, as "no NVIDIA GPU on the PCI
 * bus". */
enum presence machine_has(const struct machine *machine, enum machine_part part,
			  const char **ret_reason);
