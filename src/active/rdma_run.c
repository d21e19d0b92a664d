#include "active/rdma_run.h"

#include <string.h>

#define NS_PER_S 1000000000ll

enum {
	OUTPUT_MAXIMUM = 64 << 10,
	TRIES = 8,
};

/* How long the server is given until it listens; each further time twice as long. */
#define PAUSE_NS (NS_PER_S / 20)

/* Beyond the time that it measures: connecting, registering memory, CUDA's start. */
#define GRACE_NS (15 * NS_PER_S)

/* The same of an adapter in software, whose messages get lost and are sent again in a machine that
 * is emulated. */
#define SLOW_GRACE_NS (60 * NS_PER_S)

/* So that the number of a GPU is that of its PCI address, as here. */
static const char *const environment[] = { "CUDA_DEVICE_ORDER=PCI_BUS_ID", NULL };

static struct process_limits limits_of(struct active_run *run, const struct rdma_task *task,
				       const struct rdma_rail *rail)
{
	int64_t left_ns = active_left_ns(run);
	int64_t limit_ns =
		(int64_t)task->seconds * NS_PER_S + (rail->is_software ? SLOW_GRACE_NS : GRACE_NS);

	return (struct process_limits){
		.limit_ns = limit_ns < left_ns ? limit_ns : left_ns + 1,
		.maximum = OUTPUT_MAXIMUM,
		.goes_on = active_process_goes_on,
		.context = run,
		.environment = environment,
	};
}

bool rdma_serve(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *rail,
		struct process **ret_process, struct error *err)
{
	return host_start(run->request->here,
			  rdma_words(task, rail, RDMA_TCP_PORT, NULL, run->arena),
			  limits_of(run, task, rail), ret_process, err);
}

static bool is_early(const struct process_result *result)
{
	const char *why = perftest_complaint(result->said, result->complained);

	return why && strstr(why, "does not listen");
}

/* What a run that gave no result ended with. */
static bool explain(const struct process_result *result, const struct rdma_task *task,
		    const struct rdma_rail *rail, struct error *err)
{
	const char *program = rdma_program(task);
	const char *why = perftest_complaint(result->said, result->complained);

	if (result->stopped)
		return fail(err, ERROR_CONFLICT, "%s %s: ended before its result", program,
			    rail->name);
	if (result->stalled)
		return fail(err, ERROR_LIMIT, "%s %s: no end in time", program, rail->name);
	if (why)
		return fail(err, ERROR_INVALID, "%s %s: %s", program, rail->name, why);
	return fail(err, ERROR_INVALID, "%s %s: exit status %d, no result", program, rail->name,
		    result->status);
}

bool rdma_come(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *rail,
	       const char *server, struct perftest_report *ret_report, struct error *err)
{
	const char *const *words = rdma_words(task, rail, RDMA_TCP_PORT, server, run->arena);
	struct process_result result = { .status = -1 };

	for (unsigned i = 0; i < TRIES; i++) {
		worker_wait(NULL, 0, PAUSE_NS << i);
		if (!active_process(run, words, limits_of(run, task, rail), &result, err))
			return false;
		if (!is_early(&result) || !active_goes_on(run))
			break;
	}
	if (result.status != 0)
		return explain(&result, task, rail, err);
	if (!perftest_read(result.said, rdma_program(task), run->arena, ret_report, err))
		return false;
	return true;
}

bool rdma_loop(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *from,
	       const struct rdma_rail *to, struct perftest_report *ret_report, struct error *err)
{
	struct process_result result;
	struct process *server;
	bool good;

	if (!rdma_serve(run, task, to, &server, err))
		return false;
	good = rdma_come(run, task, from, "127.0.0.1", ret_report, err);
	if (good) {
		host_end(server);
		return true;
	}
	/* When the server could not even start, its complaint is the cause. */
	if (strstr(err->text, "does not listen")) {
		host_await(server, run->arena, &result);
		return explain(&result, task, to, err);
	}
	host_end(server);
	return false;
}

static const char *device_of(const struct active_run *run, const struct rdma_task *task,
			     const struct rdma_rail *rail)
{
	return arena_format(run->arena, "%s/%s", rail->device, rdma_task_name(task, run->arena));
}

void rdma_say_unknown(struct active_run *run, const struct rdma_task *task,
		      const struct rdma_rail *rail, const char *why)
{
	(void)saw_unknown(run->sightings,
			  task->is_latency ? NODE_TEST_RDMA_LATENCY_P99 : NODE_TEST_RDMA_BANDWIDTH,
			  device_of(run, task, rail), "%s", why);
}

void rdma_say(struct active_run *run, const struct rdma_task *task, const struct rdma_rail *rail,
	      const struct perftest_report *report)
{
	const char *device = device_of(run, task, rail);
	const struct perftest_row *row = &report->rows[0];

	if (!((task->is_latency ? row->p99_s : row->bytes_per_s) > 0)) {
		rdma_say_unknown(run, task, rail, "perftest ended well and counted nothing");
		return;
	}
	sightings_again(run->sightings, run->request->host);
	if (task->is_latency) {
		(void)saw_value(run->sightings, NODE_TEST_RDMA_LATENCY, device, row->typical_s);
		(void)saw_value(run->sightings, NODE_TEST_RDMA_LATENCY_P99, device, row->p99_s);
	} else {
		(void)saw_value(run->sightings, NODE_TEST_RDMA_BANDWIDTH, device, row->bytes_per_s);
	}
}
