#include <stdio.h>
#include <string.h>

#include "active/collective.h"
#include "active/gpu_silence.h"
#include "host/job.h"

#define NS_PER_S 1000000000ll

enum {
	PORT_FIRST = 20000, /* where a job of srun meets: by its number */
	PORTS = 20000,
	PAIR_BYTES = 256 << 20,
	PAIR_SHARE = 10, /* of its time a pair measures this part; opening takes the rest */
};

static const int64_t needed_s[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = 12,
	[ACTIVE_WEEKLY] = 240,
	[ACTIVE_BURN_IN] = 1200,
};

/* Which part of the ranks is this process'. */
struct share {
	unsigned process, process_count;
	const char *meeting; /* NULL: alone */
	const char *const *gpus;
	unsigned gpu_count;
	const char *launcher; /* NULL: told by the command line, or alone */
};

/* One process a GPU shares the node's GPUs out, in order. Where each process is shown so few of
 * those on the bus (`bus_count`) that all can have as many, the launcher has shared them out: as
 * srun --gpus-per-task does where cgroups hide the others. */
static bool share_gpus(struct share *share, const struct job *job, size_t bus_count,
		       struct error *err)
{
	const unsigned local = job->local_rank, locals = job->local_ranks;
	unsigned each;

	if (locals <= 1 || (size_t)share->gpu_count * locals <= bus_count)
		return true;
	if (share->gpu_count % locals != 0)
		return fail(err, ERROR_INVALID, "%u GPUs cannot be shared out among %u processes",
			    share->gpu_count, locals);
	each = share->gpu_count / locals;
	share->gpus += (size_t)local * each;
	share->gpu_count = each;
	return true;
}

static bool find_meeting(const struct active_targets *targets, const struct job *job,
			 struct arena *arena, struct share *share, struct error *err)
{
	share->meeting = targets->meeting;
	if (share->meeting)
		return true;
	if (job->local_ranks == job->ranks)
		share->meeting =
			arena_format(arena, "127.0.0.1:%u", PORT_FIRST + job->number % PORTS);
	else
		/* Nothing but the command line makes it listen where others can reach it. */
		return fail(err, ERROR_INVALID,
			    "%s started %u processes: tell them where to meet, --meet %s:PORT",
			    job->launcher, job->ranks, job->first_node ? job->first_node : "HOST");
	return true;
}

static bool find_share(const struct active_request *request, struct arena *arena,
		       struct share *ret_share, struct error *err)
{
	const struct active_targets *targets = request->targets;
	struct share share = { .process_count = 1 };
	const char *const *on_bus;
	struct job job;
	struct error none;
	size_t count = active_devices(request, NODE_GPU_ANSWERS, arena, &share.gpus);

	share.gpu_count = count > ENSEMBLE_LOCAL_MAXIMUM ? ENSEMBLE_LOCAL_MAXIMUM : (unsigned)count;
	if (targets->ranks > 0) {
		share.process = targets->rank;
		share.process_count = targets->ranks;
		share.meeting = targets->ranks > 1 ? targets->meeting : NULL;
	} else if (job_read(arena, &job, &none)) {
		share.launcher = job.launcher;
		share.process = job.rank;
		share.process_count = job.ranks;
		if (job.ranks > 1 &&
		    (!find_meeting(targets, &job, arena, &share, err) ||
		     !share_gpus(&share, &job,
				 active_devices(request, NODE_GPU_VENDOR, arena, &on_bus), err)))
			return false;
	} else if (none.code == ERROR_INVALID) {
		return fail(err, ERROR_INVALID, "%s", none.text);
	}
	for (unsigned i = 0; i < share.gpu_count; i++) {
		const char *users = gpu_users(request, share.gpus[i], arena);

		if (users)
			return fail(err, ERROR_CONFLICT, "%s is %s", share.gpus[i], users);
	}
	*ret_share = share;
	return true;
}

/* Adapters of InfiniBand or RoCE that the passive look has seen, "mlx5_0". */
static size_t find_nics(const struct active_request *request, struct arena *arena,
			const char *const **ret_nics)
{
	const char *const *ports;
	size_t count = active_devices(request, NODE_RDMA_LAYER, arena, &ports), found = 0;
	const char **nics = ARENA_ARRAY(arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++) {
		struct span rest = span_of(ports[i]), name;

		if (!span_starts(rest, "rdma:"))
			continue;
		rest = (struct span){ rest.at + 5, rest.length - 5 };
		if (!span_cut(&rest, '/', &name) || (found > 0 && span_is(name, nics[found - 1])))
			continue;
		nics[found++] = arena_string(arena, name);
	}
	*ret_nics = nics;
	return found;
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	struct error err = { .code = ERROR_NONE };
	const char *const *gpus;
	struct share share = { .process_count = 1 };
	int64_t needed_ns = needed_s[request->profile] * NS_PER_S;

	if (!find_share(request, arena, &share, &err)) {
		step->cannot = arena_format(arena, "%s", err.text);
		return;
	}
	step->is_absent = share.process_count == 1 &&
			  active_devices(request, NODE_GPU_VENDOR, arena, &gpus) < 2;
	if (share.gpu_count == 0)
		step->cannot = step->is_absent ? "no GPU was seen" : "no GPU answers";
	else if (share.process_count == 1 && share.gpu_count < 2)
		step->cannot = "one GPU has nobody to talk with; see --ranks and --meet";
	if (step->cannot)
		return;
	step->loads =
		share.process_count > 1
			? arena_format(arena,
				       "%u GPUs of this process, and those of %u others, with "
				       "NCCL over NVLink and the network",
				       share.gpu_count, share.process_count - 1)
			: arena_format(arena, "%u GPUs with NCCL over NVLink", share.gpu_count);
	step->needed_ns = needed_ns < request->limit_ns / 2 ? needed_ns : request->limit_ns / 2;
	step->needed_ns = step->needed_ns > 0 ? step->needed_ns : 1;
}

static bool meet(struct active_run *run, const struct share *share, struct ensemble *ensemble)
{
	const struct meeting_request request = {
		.host = run->request->here,
		.address = share->meeting,
		.token = meeting_token(),
		.rank = share->process,
		.ranks = share->process_count,
		.patience = {
			/* Before the test is cut: who did not come shall be named. */
			.limit_ns = active_left_ns(run) / 5 * 4,
			.goes_on = active_process_goes_on,
			.context = run,
		},
	};
	const struct ensemble_part part = {
		.process = share->process,
		.process_count = share->process_count,
		.gpus = share->gpus,
		.gpu_count = share->gpu_count,
	};
	struct meeting *meeting = NULL;
	struct error err = { .code = ERROR_NONE };
	unsigned refused = 0;

	if (share->process_count > 1) {
		active_shows(run, -1, "waits for %u processes at %s", share->process_count - 1,
			     share->meeting);
		if (!meeting_open(&request, &meeting, &refused, &err)) {
			active_fails(run, "%s%s", err.text,
				     refused > 0 ? "; somebody without the token was turned away"
						 : "");
			return false;
		}
	}
	if (ensemble_meet(ensemble, run, meeting, &part))
		return true;
	/* The others are told, and wait no longer. */
	ensemble_end(ensemble);
	return false;
}

static double points_of(const struct sweep_variant *variants, unsigned count,
			enum active_profile profile, uint64_t most)
{
	uint64_t sizes[SWEEP_SIZES_MAXIMUM];
	double points = 0;

	for (unsigned i = 0; i < count; i++)
		points += sweep_sizes(profile, variants[i].is_brief, most, sizes) *
			  __builtin_popcount(variants[i].collectives);
	return points;
}

/* The largest size of the profile, and not more than an eighth of what each GPU has. */
static uint64_t wanted_bytes(enum active_profile profile)
{
	uint64_t sizes[SWEEP_SIZES_MAXIMUM];

	return sizes[sweep_sizes(profile, true, UINT64_MAX, sizes) - 1];
}

static void conduct(struct active_run *run, struct ensemble *ensemble)
{
	enum active_profile profile = run->request->profile;
	struct sweep_variant variants[SWEEP_VARIANTS_MAXIMUM];
	const char *const *nics;
	size_t nic_count = find_nics(run->request, run->arena, &nics);
	unsigned count = sweep_variants(profile, ensemble->node_count, nics, nic_count, run->arena,
					variants);
	uint64_t wanted = wanted_bytes(profile);
	struct sweep sweep = {
		.ensemble = ensemble,
		.requests = ARENA_ARRAY(run->arena, const char *, ensemble->rank_count),
		.replies = ARENA_ARRAY(run->arena, struct ensemble_reply, ensemble->rank_count),
		.all = points_of(variants, count, profile, wanted),
	};

	/* Half of the time is for what is timed; the other for opening, filling and comparing. */
	sweep.point_s = (double)run->step->needed_ns / NS_PER_S / 2 / sweep.all;
	for (unsigned i = 0; i < count && active_goes_on(run); i++) {
		if (variants[i].grouping == GROUPING_RAILS &&
		    ensemble->rank_count % ensemble->node_count != 0)
			continue;
		sweep.variant = &variants[i];
		sweep_run(&sweep, profile, wanted);
	}
	text_release(&sweep.facts);
}

static double pair_s(const struct active_request *request)
{
	return (double)request->limit_ns / NS_PER_S / PAIR_SHARE;
}

/* Each GPU with the same one of the other host, all at once, in both directions. */
static void conduct_pair(struct active_run *run, struct ensemble *ensemble)
{
	static const struct sweep_variant variant = {
		.name = "pair",
		.settings = "-",
		.grouping = GROUPING_RAILS,
		.collectives = 1u << COLLECTIVE_SEND_RECEIVE,
		.only_bytes = PAIR_BYTES,
		.is_whole_time = true,
	};
	struct sweep sweep = {
		.ensemble = ensemble,
		.variant = &variant,
		.requests = ARENA_ARRAY(run->arena, const char *, ensemble->rank_count),
		.replies = ARENA_ARRAY(run->arena, struct ensemble_reply, ensemble->rank_count),
		.all = 1,
		.point_s = pair_s(run->request),
	};

	if (ensemble->node_count != 2 || ensemble->rank_count % 2 != 0)
		active_fails(run,
			     "%u GPUs of %u nodes are no pair: two nodes with names of their "
			     "own (--node) and as many GPUs are",
			     ensemble->rank_count, ensemble->node_count);
	else
		sweep_run(&sweep, run->request->profile, PAIR_BYTES);
	text_release(&sweep.facts);
}

static void run_ranks(struct active_run *run,
		      void (*conduct_all)(struct active_run *run, struct ensemble *ensemble))
{
	struct share share = { .process_count = 1 };
	struct ensemble ensemble;
	struct error err = { .code = ERROR_NONE };

	if (!find_share(run->request, run->arena, &share, &err)) {
		active_fails(run, "%s", err.text);
		return;
	}
	for (unsigned i = 0; i < share.gpu_count; i++) {
		const char *test = gpu_silent_in(run, share.gpus[i]);

		if (test) {
			active_fails(run, "%s did not answer in %s: the others would wait for it",
				     share.gpus[i], test);
			return;
		}
	}
	if (!meet(run, &share, &ensemble))
		return;
	if (ensemble.process == 0)
		conduct_all(run, &ensemble);
	else
		ensemble_follow(&ensemble);
	ensemble_end(&ensemble);
}

static void run_collectives(struct active_run *run)
{
	run_ranks(run, conduct);
}

static void plan_pair(const struct active_request *request, struct arena *arena,
		      struct active_step *step)
{
	struct error err = { .code = ERROR_NONE };
	struct share share = { .process_count = 1 };

	if (!find_share(request, arena, &share, &err))
		step->cannot = arena_format(arena, "%s", err.text);
	else if (share.process_count != 2)
		step->cannot = "a pair is two processes: --rank 0 or 1, --ranks 2, --meet";
	else if (share.gpu_count == 0)
		step->cannot = "no GPU answers";
	if (step->cannot)
		return;
	step->loads =
		arena_format(arena, "%u GPUs and those of another host with NCCL", share.gpu_count);
	step->needed_ns = (int64_t)(pair_s(request) * NS_PER_S) + 1;
}

static void run_pair(struct active_run *run)
{
	run_ranks(run, conduct_pair);
}

static const char *const checks[] = {
	"collective-bandwidth", "collective-correct",   "collective-dips",
	"collective-explained", "collective-slow-rank", NULL,
};

const struct active_test active_collective = {
	.name = "collective",
	.group = "collective",
	.title = "collectives of NCCL: bandwidth, latency, exactness",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = checks,
	.plan = plan,
	.run = run_collectives,
};

static const char *const checks_of_pair[] = { "collective-correct", NULL };

const struct active_test active_pair = {
	.name = "pair",
	.group = "pair",
	.title = "sends and receives of NCCL with one other host",
	.consent = CONSENT_LOAD,
	.checks = checks_of_pair,
	.plan = plan_pair,
	.run = run_pair,
};
