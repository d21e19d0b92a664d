#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "active/collective.h"
#include "active/nccl.h"
#include "host/system.h"

enum {
	FLOAT_BYTES = 4,
	WARM_UP = 2, /* operations, before anything is timed */
	BLOCKS = 6,
	DEVICE_SIZE = 120,
};

/* The interval of the median at which no more is repeated. */
static const double narrow = 0.02;

#define NODE_LENGTH 5 /* of "node.", which lines leave out */
#define NS_PER_S 1000000000ll
#define SLOWEST_BYTES_PER_S 1e9 /* for a limit of time alone */

static const char *short_name(enum measure measure)
{
	return measures[measure].name + NODE_LENGTH;
}

void sweep_says_value(struct sweep *sweep, enum measure measure, const char *device, double value)
{
	text_format(&sweep->facts, "v %s %s %.12g\n", device, short_name(measure), value);
}

void sweep_says_state(struct sweep *sweep, enum measure measure, const char *device,
		      const char *state)
{
	text_format(&sweep->facts, "s %s %s %s\n", device, short_name(measure), state);
}

void sweep_says_unknown(struct sweep *sweep, enum measure measure, const char *device,
			const char *format, ...)
{
	char words[400];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	for (char *at = words; *at; at++)
		*at = *at == '\n' ? ' ' : *at;
	text_format(&sweep->facts, "u %s %s %s\n", device, short_name(measure), words);
}

void sweep_tell(struct sweep *sweep)
{
	ensemble_tell(sweep->ensemble, text_span(&sweep->facts));
	text_clear(&sweep->facts);
}

int64_t sweep_limit_ns(const struct sweep *sweep, double seconds)
{
	int64_t call_ns = sweep->ensemble->run->request->call_limit_ns;
	double wanted = seconds * 10 * (double)NS_PER_S;

	return call_ns + (wanted < 3600e9 ? (int64_t)wanted : 3600 * NS_PER_S);
}

unsigned sweep_group(const struct sweep *sweep, unsigned rank, unsigned *ret_in_group)
{
	switch (sweep->variant->grouping) {
	case GROUPING_ALL:
		break;
	case GROUPING_RAILS:
		*ret_in_group = rank / sweep->group_count;
		return rank % sweep->group_count;
	}
	*ret_in_group = rank;
	return 0;
}

static const char *label(const struct sweep *sweep, unsigned rank)
{
	const struct ensemble_rank *one = &sweep->ensemble->ranks[rank];

	return arena_format(sweep->ensemble->run->arena, "rank %u (%s, %s)", rank, one->node,
			    one->gpu);
}

static void say_rank_state(struct sweep *sweep, unsigned rank, const char *state)
{
	char device[DEVICE_SIZE];

	(void)snprintf(device, sizeof(device), "collective:%s/rank:%u", sweep->variant->name, rank);
	sweep_says_state(sweep, NODE_TEST_COLLECTIVE_RANK_STATE, device, state);
}

/* Among those that failed the one that says most: who died, who was refused, then who hangs. */
static int severity(const struct ensemble_reply *reply, enum rank_said awaited)
{
	if (!reply->was_asked)
		return 0;
	if (reply->end == WORKER_DIED || reply->end == WORKER_FLOODED)
		return 4;
	if (reply->end == WORKER_DONE && (!reply->has_answer || reply->answer.said != awaited))
		return 3;
	if (reply->end == WORKER_STALLED)
		return 2;
	return reply->end == WORKER_CANCELLED ? 1 : 0;
}

static bool is_of_all(const struct sweep *sweep)
{
	for (unsigned i = 0; i < sweep->ensemble->rank_count; i++)
		if (sweep->replies[i].end != WORKER_STALLED)
			return false;
	return true;
}

static void say_failure(struct sweep *sweep, unsigned rank, int worst, enum measure measure,
			const char *device)
{
	const struct ensemble_reply *reply = &sweep->replies[rank];
	const char *who = label(sweep, rank);
	const struct active_run *run = sweep->ensemble->run;

	if (worst == 4)
		sweep_says_unknown(sweep, measure, device, "%s died: %s", who, reply->call);
	else if (worst == 3 && reply->has_answer)
		sweep_says_unknown(sweep, measure, device, "%s: %.*s", who,
				   SPAN_ARGS(reply->answer.words));
	else if (worst == 3)
		sweep_says_unknown(sweep, measure, device, "%s answers what is none", who);
	else if (worst == 2 && is_of_all(sweep))
		sweep_says_unknown(sweep, measure, device, "all %u ranks: %s: no answer in time",
				   sweep->ensemble->rank_count, reply->call);
	else if (worst == 2)
		sweep_says_unknown(sweep, measure, device, "%s: %s: no answer in time", who,
				   reply->call);
	else
		sweep_says_unknown(sweep, measure, device, "%s",
				   run->reason ? run->reason : "given up");
}

/* All that failed as badly as the worst are named, when they are not all. */
static void blame(struct sweep *sweep, enum rank_said awaited, int worst)
{
	unsigned count = sweep->ensemble->rank_count, bad = 0;

	for (unsigned i = 0; i < count; i++)
		bad += severity(&sweep->replies[i], awaited) == worst;
	for (unsigned i = 0; i < count && worst >= 3 && bad < count; i++)
		if (severity(&sweep->replies[i], awaited) == worst)
			say_rank_state(sweep, i, worst == 4 ? "died" : "error");
}

bool sweep_ask(struct sweep *sweep, int64_t limit_ns, enum rank_said awaited, enum measure measure,
	       const char *device)
{
	struct ensemble *ensemble = sweep->ensemble;
	bool goes_on = ensemble_ask(ensemble, sweep->requests, limit_ns, sweep->replies);
	unsigned first = 0;
	int worst = 0;

	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		int one = severity(&sweep->replies[i], awaited);

		first = one > worst ? i : first;
		worst = one > worst ? one : worst;
	}
	if (worst == 0)
		return goes_on;
	sweep->is_broken = true;
	/* The ranks of a process that left waited for nobody, and the others waited for them. */
	if (ensemble->has_left) {
		sweep_says_unknown(sweep, measure, device, "%s", ensemble->lost);
		return false;
	}
	say_failure(sweep, first, worst, measure, device);
	blame(sweep, awaited, worst);
	if (worst == 2 && goes_on && awaited != RANK_OPENED)
		sweep_localise(sweep);
	return false;
}

static void request_all(struct sweep *sweep, const char *request)
{
	for (unsigned i = 0; i < sweep->ensemble->rank_count; i++)
		sweep->requests[i] = request;
}

static const char *device_of_variant(const struct sweep *sweep)
{
	return arena_format(sweep->ensemble->run->arena, "collective:%s", sweep->variant->name);
}

bool sweep_open(struct sweep *sweep, uint64_t wanted)
{
	struct ensemble *ensemble = sweep->ensemble;
	struct arena *arena = ensemble->run->arena;
	const char *device = device_of_variant(sweep);

	ensemble_renew(ensemble);
	for (unsigned i = 0; i < ensemble->rank_count; i++)
		sweep->requests[i] =
			arena_format(arena, "open %s %llu %s", ensemble->ranks[i].gpu,
				     (unsigned long long)wanted, sweep->variant->settings);
	if (!sweep_ask(sweep, sweep_limit_ns(sweep, 3), RANK_OPENED, NODE_TEST_COLLECTIVE_RANKS,
		       device))
		return false;
	sweep->bytes = wanted;
	for (unsigned i = 0; i < ensemble->rank_count; i++)
		if (sweep->replies[i].answer.bytes < sweep->bytes)
			sweep->bytes = sweep->replies[i].answer.bytes;
	return true;
}

/* The first of each group makes the id of its communicator. */
static bool make_ids(struct sweep *sweep, const char **ret_ids)
{
	struct ensemble *ensemble = sweep->ensemble;
	unsigned in_group;

	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		(void)sweep_group(sweep, i, &in_group);
		sweep->requests[i] = in_group == 0 ? "id" : NULL;
	}
	if (!sweep_ask(sweep, sweep_limit_ns(sweep, 1), RANK_ID, NODE_TEST_COLLECTIVE_RANKS,
		       device_of_variant(sweep)))
		return false;
	for (unsigned i = 0; i < ensemble->rank_count; i++)
		if (sweep->replies[i].was_asked)
			ret_ids[sweep_group(sweep, i, &in_group)] =
				arena_string(ensemble->run->arena, sweep->replies[i].answer.id);
	return true;
}

bool sweep_join(struct sweep *sweep)
{
	struct ensemble *ensemble = sweep->ensemble;
	struct arena *arena = ensemble->run->arena;
	const char **ids = ARENA_ARRAY(arena, const char *, sweep->group_count);
	double fill_s = (double)sweep->bytes / SLOWEST_BYTES_PER_S;

	if (!make_ids(sweep, ids))
		return false;
	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		unsigned in_group, group = sweep_group(sweep, i, &in_group);

		sweep->requests[i] = arena_format(arena, "join %s %u %u", ids[group],
						  sweep->group_size, in_group);
	}
	/* The first communicator of many ranks takes a library seconds. */
	return sweep_ask(sweep, sweep_limit_ns(sweep, 3 + fill_s), RANK_JOINED,
			 NODE_TEST_COLLECTIVE_RANKS, device_of_variant(sweep));
}

/* One size of one collective. */
struct point {
	enum collective collective;
	uint64_t elements;
	const char *device; /* "collective:all-reduce:nvlink/1048576" */
};

static void request_point(struct sweep *sweep, const struct point *point, const char *verb,
			  unsigned blocks, unsigned iterations)
{
	struct arena *arena = sweep->ensemble->run->arena;

	for (unsigned i = 0; i < sweep->ensemble->rank_count; i++) {
		unsigned in_group, n = sweep->group_size;
		const char *how =
			blocks > 0 ? arena_format(arena, "%u %u ", blocks, iterations) : "";

		(void)sweep_group(sweep, i, &in_group);
		sweep->requests[i] = arena_format(arena, "%s %s %llu %u %u %s", verb,
						  collective_names[point->collective],
						  (unsigned long long)point->elements,
						  (in_group + 1) % n, (in_group + n - 1) % n, how);
	}
}

/* Blocks of all ranks of a group, each the mean of the ranks, as nccl-tests takes it. */
static void gather(const struct sweep *sweep, unsigned group, struct repeats *repeats)
{
	unsigned count = RANK_BLOCKS_MAXIMUM;

	for (unsigned i = 0; i < sweep->ensemble->rank_count; i++)
		if (sweep->replies[i].answer.time_count < count)
			count = sweep->replies[i].answer.time_count;
	for (unsigned block = 0; block < count; block++) {
		double sum = 0;

		for (unsigned i = 0; i < sweep->ensemble->rank_count; i++) {
			unsigned in_group;

			if (sweep_group(sweep, i, &in_group) == group)
				sum += sweep->replies[i].answer.times_s[block];
		}
		repeats_add(repeats, sum / sweep->group_size);
	}
}

static void say_point(struct sweep *sweep, const struct point *point, const char *device,
		      const struct repeats *repeats)
{
	struct repeats_summary summary = repeats_summary(repeats);
	double bytes = (double)point->elements * FLOAT_BYTES;

	if (!(summary.median > 0))
		return;
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_TIME, device, summary.median);
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_ALGBW, device, bytes / summary.median);
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_BUSBW, device,
			 bytes / summary.median *
				 collective_factor(point->collective, sweep->group_size));
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_SPREAD, device, summary.spread * 100);
	if (sweep->variant->is_whole_time)
		sweep_says_value(sweep, NODE_TEST_COLLECTIVE_TIME,
				 arena_format(sweep->ensemble->run->arena, "%s/slowest", device),
				 summary.maximum);
}

/* The groups of rails are told apart, and the slowest is the variant's. */
static void say_groups(struct sweep *sweep, const struct point *point,
		       const struct repeats *repeats)
{
	unsigned slowest = 0;

	for (unsigned i = 0; i < sweep->group_count; i++) {
		char device[DEVICE_SIZE];

		if (repeats_summary(&repeats[i]).median > repeats_summary(&repeats[slowest]).median)
			slowest = i;
		(void)snprintf(device, sizeof(device), "%s/rail:%u", point->device, i);
		if (sweep->group_count > 1)
			say_point(sweep, point, device, &repeats[i]);
	}
	say_point(sweep, point, point->device, &repeats[slowest]);
}

static void say_verdicts(struct sweep *sweep, const struct point *point)
{
	unsigned count = sweep->ensemble->rank_count;
	unsigned *blamed = ARENA_ARRAY(sweep->ensemble->run->arena, unsigned, count);
	uint64_t compared = 0, wrong = 0;
	char device[DEVICE_SIZE];

	for (unsigned i = 0; i < count; i++) {
		const struct payload_verdict *verdict = &sweep->replies[i].answer.verdict;

		compared += verdict->compared;
		wrong += verdict->wrong;
		(void)snprintf(device, sizeof(device), "%s/rank:%u", point->device, i);
		if (verdict->wrong > 0)
			sweep_says_value(sweep, NODE_TEST_COLLECTIVE_RANK_WRONG, device,
					 (double)verdict->wrong);
		if (verdict->wrong > 0 && sweep->group_count == 1 && verdict->source < count)
			blamed[verdict->source]++;
	}
	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(device, sizeof(device), "%s/rank:%u", point->device, i);
		if (blamed[i] > 0)
			sweep_says_value(sweep, NODE_TEST_COLLECTIVE_RANK_SOURCE, device,
					 blamed[i]);
	}
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_CHECKED, point->device, (double)compared);
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_WRONG, point->device, (double)wrong);
}

/* One block, to warm up and to learn how long an operation takes by this machine's clock. */
static bool warm_up(struct sweep *sweep, const struct point *point, double *ret_once_s)
{
	const struct host *here = sweep->ensemble->run->request->here;
	double worst_s = (double)point->elements * FLOAT_BYTES / SLOWEST_BYTES_PER_S;
	int64_t before_ns = host_boot_ns(here);

	request_point(sweep, point, "measure", 1, WARM_UP);
	if (!sweep_ask(sweep, sweep_limit_ns(sweep, worst_s * WARM_UP), RANK_TIMES,
		       NODE_TEST_COLLECTIVE_TIME, point->device))
		return false;
	*ret_once_s = (double)(host_boot_ns(here) - before_ns) / 1e9 / WARM_UP;
	return true;
}

static bool time_point(struct sweep *sweep, const struct point *point, double once_s)
{
	struct arena *arena = sweep->ensemble->run->arena;
	const struct host *here = sweep->ensemble->run->request->here;
	struct repeats *repeats = ARENA_ARRAY(arena, struct repeats, sweep->group_count);
	unsigned iterations = sweep_iterations(once_s, sweep->point_s / (2 * BLOCKS));
	int64_t start_ns = host_boot_ns(here);
	bool is_enough;

	do {
		request_point(sweep, point, "measure", BLOCKS, iterations);
		if (!sweep_ask(sweep, sweep_limit_ns(sweep, once_s * iterations * BLOCKS),
			       RANK_TIMES, NODE_TEST_COLLECTIVE_TIME, point->device))
			return false;
		is_enough = !sweep->variant->is_whole_time;
		for (unsigned i = 0; i < sweep->group_count; i++) {
			gather(sweep, i, &repeats[i]);
			is_enough = is_enough && (repeats_are_enough(&repeats[i], narrow) ||
						  repeats[i].count >= REPEATS_MAXIMUM);
		}
	} while (!is_enough && (double)(host_boot_ns(here) - start_ns) / 1e9 < sweep->point_s);
	say_groups(sweep, point, repeats);
	return true;
}

static bool measure_point(struct sweep *sweep, enum collective collective, uint64_t bytes)
{
	struct arena *arena = sweep->ensemble->run->arena;
	struct point point = {
		.collective = collective,
		.elements = sweep_elements(collective, bytes, sweep->group_size),
		.device = arena_format(arena, "collective:%s:%s/%llu", collective_names[collective],
				       sweep->variant->name, (unsigned long long)bytes),
	};
	double once_s;

	if (point.elements == 0)
		return true;
	active_shows(sweep->ensemble->run, sweep->done / sweep->all, "%s of %llu bytes, %s",
		     collective_names[collective], (unsigned long long)bytes, sweep->variant->name);
	if (!warm_up(sweep, &point, &once_s) || !time_point(sweep, &point, once_s))
		return false;
	request_point(sweep, &point, "verify", 0, 0);
	if (!sweep_ask(sweep,
		       sweep_limit_ns(sweep, once_s + (double)point.elements * FLOAT_BYTES /
							      SLOWEST_BYTES_PER_S),
		       RANK_COMPARED, NODE_TEST_COLLECTIVE_WRONG, point.device))
		return false;
	say_verdicts(sweep, &point);
	sweep_tell(sweep);
	return true;
}

static void say_variant(struct sweep *sweep)
{
	const struct ensemble *ensemble = sweep->ensemble;
	const struct rank_answer *opened = &sweep->replies[0].answer;
	const char *device = device_of_variant(sweep);
	char text[DEVICE_SIZE];

	(void)snprintf(text, sizeof(text), "%s %s", opened->is_rccl ? "rccl" : "nccl",
		       nccl_version_words(opened->version).at);
	sweep_says_state(sweep, NODE_TEST_COLLECTIVE_LIBRARY, device, text);
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_RANKS, device, sweep->group_size);
	sweep_says_value(sweep, NODE_TEST_COLLECTIVE_NODES, device, ensemble->node_count);
	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		char rank[DEVICE_SIZE];

		(void)snprintf(rank, sizeof(rank), "%s/rank:%u", device, i);
		(void)snprintf(text, sizeof(text), "%s %s", ensemble->ranks[i].node,
			       ensemble->ranks[i].gpu);
		sweep_says_state(sweep, NODE_TEST_COLLECTIVE_RANK_GPU, rank, text);
	}
}

static void sweep_sizes_of(struct sweep *sweep, enum active_profile profile)
{
	const struct sweep_variant *variant = sweep->variant;
	uint64_t sizes[SWEEP_SIZES_MAXIMUM] = { variant->only_bytes };
	unsigned count = 1;

	if (variant->only_bytes == 0)
		count = sweep_sizes(profile, variant->is_brief, sweep->bytes, sizes);
	else if (sweep->bytes < sizes[0])
		sizes[0] = sweep->bytes;
	/* First: a slow rank is of interest even when the time is short. */
	if (variant->has_pairs && count > 0)
		sweep_pairs(sweep, sizes[count - 1]);
	for (unsigned kind = 0; kind < COLLECTIVE_COUNT && !sweep->is_broken; kind++) {
		if (!(variant->collectives & 1u << kind))
			continue;
		for (unsigned i = 0; i < count; i++, sweep->done++)
			if (!measure_point(sweep, (enum collective)kind, sizes[i]))
				return;
	}
}

void sweep_run(struct sweep *sweep, enum active_profile profile, uint64_t wanted)
{
	const struct ensemble *ensemble = sweep->ensemble;

	sweep->is_broken = false;
	sweep->group_count = sweep->variant->grouping == GROUPING_RAILS
				     ? ensemble->rank_count / ensemble->node_count
				     : 1;
	sweep->group_size = ensemble->rank_count / sweep->group_count;
	active_shows(ensemble->run, sweep->done / sweep->all, "%u ranks meet, %s",
		     ensemble->rank_count, sweep->variant->name);
	if (sweep_open(sweep, wanted)) {
		say_variant(sweep);
		if (sweep_join(sweep))
			sweep_sizes_of(sweep, profile);
	}
	if (!sweep->is_broken && ensemble->run->end == ACTIVE_DONE) {
		request_all(sweep, "leave");
		(void)sweep_ask(sweep, sweep_limit_ns(sweep, 1), RANK_LEFT,
				NODE_TEST_COLLECTIVE_RANKS, device_of_variant(sweep));
	}
	sweep_tell(sweep);
}
