#include <string.h>

#include "active/rdma_peer.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll

enum {
	HELP_MAXIMUM = 256 << 10,
	TASKS_MAXIMUM = 8,
};

/* Of one task: a short run and a longer one, with their starts and ends; and of an adapter in
 * software. */
#define RUN_NS (5 * NS_PER_S)
#define SLOW_RUN_NS (15 * NS_PER_S)

/* Until both sides have found each other. */
#define PEER_NS (20 * NS_PER_S)

/* What each test does on every rail; those on a GPU's memory where it is there. */
static const struct rdma_task bandwidths[] = {
	{ RDMA_WRITE, false, false, 65536, 0, 0 }, { RDMA_WRITE, false, false, 1 << 20, 0, 0 },
	{ RDMA_READ, false, false, 65536, 0, 0 },  { RDMA_WRITE, false, true, 65536, 0, 0 },
	{ RDMA_READ, false, true, 65536, 0, 0 },
};

static const struct rdma_task latencies[] = {
	{ RDMA_WRITE, true, false, 8, 0, 0 },
	{ RDMA_READ, true, false, 8, 0, 0 },
};

/* What is there to be tested. */
struct fabric {
	const struct rdma_rail *rails;
	size_t rail_count;
	const struct rdma_task *tasks;
	size_t task_count;
	bool has_gpus;       /* some rail has a GPU next to it */
	const char *no_gpus; /* why their memory cannot be used; NULL: it can, or was not asked */
};

static struct fabric look(const struct active_request *request, bool is_latency,
			  struct arena *arena)
{
	struct fabric fabric = {
		.tasks = is_latency ? latencies : bandwidths,
		.task_count = is_latency ? sizeof(latencies) / sizeof(latencies[0])
					 : sizeof(bandwidths) / sizeof(bandwidths[0]),
	};

	fabric.rail_count = rdma_rails(request, arena, &fabric.rails);
	for (size_t i = 0; i < fabric.rail_count; i++)
		fabric.has_gpus = fabric.has_gpus || fabric.rails[i].gpu >= 0;
	return fabric;
}

/* The programs come in one package. */
static bool is_installed(const struct host *here, struct arena *arena)
{
	static const char *const folders[] = { "/usr/bin", "/bin", "/usr/sbin", "/sbin" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (host_kind(here, arena_format(arena, "%s/ib_write_bw", folders[i])) == HOST_FILE)
			return true;
	return false;
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step, bool is_latency)
{
	struct fabric fabric = look(request, is_latency, arena);
	const char *const *ports;
	size_t runs = 0;

	if (fabric.rail_count == 0) {
		step->is_absent = active_devices(request, NODE_RDMA_STATE, arena, &ports) == 0;
		step->cannot = step->is_absent ? "no RDMA port was seen" : "no RDMA port is active";
		return;
	}
	if (!is_installed(request->here, arena)) {
		step->cannot = "perftest (ib_write_bw) is not installed";
		return;
	}
	for (size_t i = 0; i < fabric.task_count; i++)
		runs += !fabric.tasks[i].uses_gpu || fabric.has_gpus;
	for (size_t i = 0; i < fabric.rail_count; i++)
		step->needed_ns +=
			(int64_t)runs * (fabric.rails[i].is_software ? SLOW_RUN_NS : RUN_NS);
	if (request->targets->peer) {
		step->loads = arena_format(arena,
					   "%zu RDMA port%s, one after the other, both ways with "
					   "those of %.100s",
					   fabric.rail_count, fabric.rail_count == 1 ? "" : "s",
					   request->targets->peer);
		step->needed_ns = 2 * step->needed_ns + PEER_NS;
		return;
	}
	step->loads = arena_format(arena, "%zu RDMA port%s, one after the other, in loopback",
				   fabric.rail_count, fabric.rail_count == 1 ? "" : "s");
}

static void plan_bandwidth(const struct active_request *request, struct arena *arena,
			   struct active_step *step)
{
	plan(request, arena, step, false);
}

static void plan_latency(const struct active_request *request, struct arena *arena,
			 struct active_step *step)
{
	plan(request, arena, step, true);
}

/* Whether the perftest of this machine can use the memory of GPUs. */
static void ask_for_gpus(struct active_run *run, struct fabric *fabric)
{
	static const char *const words[] = { "ib_write_bw", "--help", NULL };
	const struct process_limits limits = { .limit_ns = 10 * NS_PER_S, .maximum = HELP_MAXIMUM };
	struct process_result result;
	struct error err;

	if (!fabric->has_gpus)
		return;
	if (!active_process(run, words, limits, &result, &err))
		fabric->no_gpus = arena_format(run->arena, "%s", err.text);
	else if (!rdma_help_knows_gpus(result.said) && !rdma_help_knows_gpus(result.complained))
		fabric->no_gpus = "this perftest is built without CUDA";
}

/* A short run tells how long the one may be whose figure is taken. */
static bool loop(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *from,
		 const struct rdma_rail *to, struct perftest_report *ret_report, struct error *err)
{
	struct rdma_task first = rdma_first(task), second;

	if (!rdma_loop(run, &first, from, to, ret_report, err))
		return false;
	if (!rdma_second(task, rdma_length(task, &ret_report->rows[0]), &second))
		return true;
	return rdma_loop(run, &second, from, to, ret_report, err);
}

/* From one rail to its neighbour, as on Azure's nodes; where the two do not reach each other, to
 * itself. Returns the other end. */
static const struct rdma_rail *run_task(struct active_run *run, const struct fabric *fabric,
					size_t which, const struct rdma_task *task)
{
	const struct rdma_rail *from = &fabric->rails[which];
	const struct rdma_rail *to = &fabric->rails[(which + 1) % fabric->rail_count];
	struct perftest_report report;
	struct error err = { .code = ERROR_NONE };

	if (!loop(run, task, from, to, &report, &err)) {
		if (to == from || !strstr(err.text, "do not reach each other") ||
		    !loop(run, task, from, from, &report, &err)) {
			rdma_say_unknown(run, task, from, err.text);
			return NULL;
		}
		to = from;
	}
	rdma_say(run, task, from, &report);
	return to;
}

static void run_rail(struct active_run *run, const struct fabric *fabric, size_t which)
{
	const struct rdma_rail *rail = &fabric->rails[which];
	const struct rdma_rail *partner = NULL;

	for (size_t i = 0; i < fabric->task_count && active_goes_on(run); i++) {
		const struct rdma_task *task = &fabric->tasks[i];
		const struct rdma_rail *to;

		if (task->uses_gpu && rail->gpu < 0)
			continue;
		if (task->uses_gpu && fabric->no_gpus) {
			rdma_say_unknown(run, task, rail, fabric->no_gpus);
			continue;
		}
		active_shows(run, (double)which / (double)fabric->rail_count, "%s %s", rail->name,
			     rdma_task_name(task, run->arena));
		to = run_task(run, fabric, which, task);
		partner = to ? to : partner;
	}
	if (partner)
		(void)saw_state(
			run->sightings, NODE_TEST_RDMA_PARTNER, rail->device,
			arena_format(run->arena, "here/%s/%s", partner->name, partner->port));
}

static void run_all(struct active_run *run, bool is_latency)
{
	struct fabric fabric = look(run->request, is_latency, run->arena);

	if (!is_latency)
		ask_for_gpus(run, &fabric);
	if (run->request->targets->peer) {
		const struct rdma_offer offer = {
			.test = run->step->test->name,
			.rails = fabric.rails,
			.rail_count = fabric.rail_count,
			.tasks = fabric.tasks,
			.task_count = fabric.task_count,
			.has_gpus = fabric.has_gpus && !fabric.no_gpus,
		};

		rdma_with_peer(run, &offer);
		return;
	}
	for (size_t i = 0; i < fabric.rail_count && active_goes_on(run); i++)
		run_rail(run, &fabric, i);
}

static void run_bandwidth(struct active_run *run)
{
	run_all(run, false);
}

static void run_latency(struct active_run *run)
{
	run_all(run, true);
}

static const char *const bandwidth_judged_by[] = { "rdma-bandwidth", "rdma-rails-alike", NULL };
static const char *const latency_judged_by[] = { "rdma-latency", NULL };

const struct active_test active_rdma_bandwidth = {
	.name = "rdma-bandwidth",
	.group = "rdma",
	.title = "bandwidth of every RDMA port",
	.profiles = 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = bandwidth_judged_by,
	.plan = plan_bandwidth,
	.run = run_bandwidth,
};

const struct active_test active_rdma_latency = {
	.name = "rdma-latency",
	.group = "rdma",
	.title = "latency of every RDMA port",
	.profiles = 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = latency_judged_by,
	.plan = plan_latency,
	.run = run_latency,
};
