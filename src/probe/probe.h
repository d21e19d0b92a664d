/*
 * Observers: the machine in, evidence out. Each looks at one part of the machine, reads only,
 * starts no program unless it is told to, and never stops the others: what it cannot see is
 * recorded as unknown.
 */
#pragma once

#include "evidence/kernel_line.h"
#include "host/worker.h"
#include "probe/sighting.h"

enum probe_share {
	PROBE_QUICK = 1 << 0,    /* what the quick profile needs */
	PROBE_FULL = 1 << 1,     /* what only a full look needs */
	PROBE_COUNTERS = 1 << 2, /* counters that rates are made of: read again for an interval */
	PROBE_LAYOUT = 1 << 3,   /* how parts lie to each other: for an inventory, for no check */
	PROBE_HEAT = 1 << 4,     /* the sensors of GPUs alone: asked each second while they work */
};

/* Questions that may never be answered are asked by a worker. */
enum probe_worker {
	PROBE_WORKER_NVML,
	PROBE_WORKER_AMD_SMI,
	PROBE_WORKER_MOUNTS,
	PROBE_WORKER_COUNT,
};

/* What a look may do. */
struct probe_request {
	const struct host *host;
	unsigned shares;        /* enum probe_share: which parts of each probe */
	int64_t call_limit_ns;  /* one call of a vendor library, one statvfs */
	int64_t total_limit_ns; /* of one worker */
	bool trust_user_space;  /* take kernel messages that user space wrote */
	bool run_programs;      /* ask programs for versions that no file tells */
	/* What the look before saw, of who looks again and again: times that add up go on from
	 * there. NULL: there was none. */
	const struct sightings *before;
	/* What the worker of probe_worker_make() answered to whoever did not wait; NULL: the probe
	 * asks itself. With answers given nothing is asked again, of a GPU that stalled and of
	 * what comes behind it neither. */
	const struct worker_result *answers[PROBE_WORKER_COUNT];
};

struct probe {
	const char *name; /* "pci" */
	const char *title;
	unsigned shares; /* enum probe_share that it has something for */
	void (*look)(const struct probe_request *request, struct sightings *sightings);
};

/* The worker that asks, not started yet, and what it is to be asked for the request's shares: for
 * who does not wait. NULL when there is nothing to ask, as on a machine without such GPUs; then no
 * worker is made. `request` and the arena must outlive it. */
const char *probe_worker_make(enum probe_worker which, const struct probe_request *request,
			      struct arena *arena, struct worker *ret_worker);

extern const struct probe *const probes[];
extern const size_t probe_count;

extern const struct probe probe_machine, probe_processor, probe_memory, probe_pci, probe_kernel_log,
	probe_nvidia, probe_amd, probe_rdma, probe_network, probe_storage, probe_process,
	probe_software, probe_setting, probe_topology, probe_nccl, probe_mpi;
