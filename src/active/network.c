#include "active/network.h"

#include <string.h>

#include "host/interface.h"

#define NS_PER_S 1000000000ll

/* Of one run: with what it leaves out at its start, and finding each other. */
#define RUN_NS ((NETWORK_SECONDS + NETWORK_OMITTED + 1) * NS_PER_S)

/* Beyond the time that it measures, until it is given up: connecting, and asking the peer for its
 * figures. */
#define GRACE_NS (10 * NS_PER_S)

/* While the peer serves somebody else it is tried again for so long. */
#define BUSY_NS (30 * NS_PER_S)

/* Between two runs iperf3 -s closes its port and opens it anew: that it closes what it took, and of
 * a peer that was reached before that it refuses, counts after so long only. */
#define REOPENS_NS (3 * NS_PER_S)

/* Between two tries. */
#define PAUSE_NS (NS_PER_S / 5)

static bool is_installed(const struct host *here, struct arena *arena)
{
	static const char *const folders[] = { "/usr/bin", "/bin", "/usr/sbin", "/sbin" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (host_kind(here, arena_format(arena, "%s/iperf3", folders[i])) == HOST_FILE)
			return true;
	return false;
}

/* What the profile has: the quick one leaves out what no check judges. */
static size_t choose(enum active_profile profile, struct arena *arena,
		     const struct network_task *const **ret_tasks)
{
	const struct network_task **tasks =
		ARENA_ARRAY(arena, const struct network_task *, network_task_count);
	size_t count = 0;

	for (size_t i = 0; i < network_task_count; i++)
		if (profile != ACTIVE_QUICK || network_tasks[i].is_udp ||
		    network_tasks[i].streams > 1)
			tasks[count++] = &network_tasks[i];
	*ret_tasks = tasks;
	return count;
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const struct active_targets *targets = request->targets;
	const struct network_task *const *tasks;

	/* A way inside of the kernel would tell nothing of the network. */
	if (!targets->peer) {
		step->is_absent = true;
		step->cannot = "no other host was named: --peer HOST, where 'iperf3 -s' runs";
		return;
	}
	if (!is_installed(request->here, arena)) {
		step->cannot = "iperf3 is not installed";
		return;
	}
	step->loads =
		arena_format(arena,
			     "the network to port %u of %.100s, both ways one after the "
			     "other, at full speed",
			     targets->peer_port ? targets->peer_port : NETWORK_PORT, targets->peer);
	step->needed_ns = (int64_t)choose(request->profile, arena, &tasks) * RUN_NS;
}

/* What a run that gave no result ended with. */
static bool explain(const struct process_result *result, const struct network_task *task,
		    struct error *err)
{
	struct span words = span_trim(result->complained);
	int shown = (int)(words.length < 160 ? words.length : 160);

	if (result->stopped)
		return fail(err, ERROR_CONFLICT, "iperf3 %s: ended before its result", task->name);
	if (result->stalled)
		return fail(err, ERROR_LIMIT, "iperf3 %s: no end in time: %s", task->name,
			    task->is_udp ? "no packet of UDP comes through, or the first was lost"
					 : "the peer does not answer, or no longer");
	if (result->cut)
		return fail(err, ERROR_LIMIT, "iperf3 %s: it says more than it should", task->name);
	if (words.length > 0)
		return fail(err, ERROR_INVALID, "iperf3 %s: exit status %d: %.*s", task->name,
			    result->status, shown, words.at);
	return fail(err, ERROR_INVALID, "iperf3 %s: exit status %d, no result", task->name,
		    result->status);
}

static bool run_once(struct active_run *run, const struct network_task *task, unsigned seconds,
		     struct iperf3_report *ret_report, struct error *err)
{
	const struct active_targets *targets = run->request->targets;
	const char *const *words =
		network_words(task, targets->peer, targets->peer_port, seconds, run->arena);
	const char *name = arena_format(run->arena, "iperf3 %s", task->name);
	int64_t left_ns = active_left_ns(run);
	int64_t limit_ns = seconds * NS_PER_S + GRACE_NS;
	const struct process_limits limits = {
		.limit_ns = limit_ns < left_ns ? limit_ns : left_ns + 1,
		.maximum = IPERF3_BYTES_MAXIMUM,
	};
	struct process_result result = { .status = -1 };

	if (!active_process(run, words, limits, &result, err))
		return false;
	/* Its status says less than its words: some versions fail with 0. */
	if (result.stopped || result.stalled || result.cut || span_trim(result.said).length == 0)
		return explain(&result, task, err);
	return iperf3_read(result.said, name, run->arena, ret_report, err);
}

static int64_t patience_ns(const struct error *err, bool was_reached)
{
	if (iperf3_is_busy(err))
		return BUSY_NS;
	return iperf3_is_turned_away(err) || (was_reached && iperf3_is_away(err)) ? REOPENS_NS : 0;
}

/* Again while the peer serves somebody else, or opens its port; and once more when UDP found no
 * end: it begins with one packet each way, which iperf3 does not send again. */
static bool run_task(struct active_run *run, const struct network_task *task, unsigned seconds,
		     bool was_reached, struct iperf3_report *ret_report, struct error *err)
{
	bool is_again = false;

	for (int64_t waited_ns = 0;; waited_ns += PAUSE_NS) {
		if (run_once(run, task, seconds, ret_report, err))
			return true;
		if (task->is_udp && err->code == ERROR_LIMIT && !is_again && active_goes_on(run)) {
			is_again = true;
			continue;
		}
		if (waited_ns >= patience_ns(err, was_reached) || !active_goes_on(run))
			return false;
		worker_wait(NULL, 0, PAUSE_NS);
	}
}

/* Through which interface it went. */
static void say_interface(struct active_run *run, const struct iperf3_report *report)
{
	const char *device = arena_format(run->arena, "network:%s", run->request->targets->peer);
	const char *name;
	struct error err;

	if (interface_of_address(run->request->here, report->local, run->arena, &name, &err))
		(void)saw_state(run->sightings, NODE_TEST_NETWORK_INTERFACE, device, name);
	else
		(void)saw_unknown(run->sightings, NODE_TEST_NETWORK_INTERFACE, device, "%s",
				  err.text);
}

static void say_failure(struct active_run *run, const struct network_task *task, const char *device,
			const char *why)
{
	(void)saw_unknown(run->sightings,
			  task->is_udp ? NODE_TEST_NETWORK_LOSS : NODE_TEST_NETWORK_BANDWIDTH,
			  device, "%s", why);
}

static void run_all(struct active_run *run)
{
	const char *peer = run->request->targets->peer;
	const struct network_task *const *tasks;
	size_t count = choose(run->request->profile, run->arena, &tasks);
	bool was_reached = false;

	for (size_t i = 0; i < count && active_goes_on(run); i++) {
		const struct network_task *task = tasks[i];
		const char *device = network_device(peer, task->name, run->arena);
		unsigned seconds = network_seconds(active_left_ns(run), count - i);
		struct error err = { .code = ERROR_NONE };
		struct iperf3_report report = { .local = "" };

		active_shows(run, (double)i / (double)count, "%s with %.100s", task->name, peer);
		if (!run_task(run, task, seconds, was_reached, &report, &err)) {
			say_failure(run, task, device, err.text);
			if (!iperf3_is_away(&err) && err.code != ERROR_UNSUPPORTED)
				continue;
			/* The further runs would end the same. */
			active_fails(run, "%.100s: %s", peer, err.text);
			return;
		}
		sightings_again(run->sightings, run->request->host);
		network_say(run->sightings, &report, device);
		if (!was_reached)
			say_interface(run, &report);
		was_reached = true;
	}
}

static const char *const judged_by[] = { "network-bandwidth", "network-loss", "network-retransmits",
					 NULL };

const struct active_test active_network = {
	.name = "network",
	.group = "network",
	.title = "the ordinary network to another host, by TCP and UDP",
	.profiles = 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run_all,
};
