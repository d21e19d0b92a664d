#include "active/stream_team.h"

#include <stdlib.h>

#include "base/parallel.h"
#include "host/affinity.h"
#include "host/system.h"

enum {
	HUGE_PAGE = 2 << 20,
	PASSES_MAXIMUM = 4096,
	ALIGNED = 8, /* elements: a line of the cache */
};

/* No node has as much. */
#define ARRAY_MAXIMUM ((size_t)1 << 40)

/* A repetition lasts as long at least: the start of the threads is lost in it. */
#define LEAST_NS 20000000ll

enum task {
	TASK_FILL,
	TASK_RUN,
	TASK_CHECK,
};

struct job {
	const struct stream_team *team;
	const struct stream *stream;
	const struct stream_values *values;
	enum task task;
	enum stream_kernel kernel;
	unsigned passes;
	int64_t began_ns[STREAM_TEAM_MAXIMUM], ended_ns[STREAM_TEAM_MAXIMUM];
	uint64_t wrong[STREAM_TEAM_MAXIMUM];
	bool strayed[STREAM_TEAM_MAXIMUM];
};

struct stream_team stream_team_of(const struct host *host, const unsigned *cores, size_t count)
{
	struct stream_team team = { .host = host };

	team.count = count < STREAM_TEAM_MAXIMUM ? count : STREAM_TEAM_MAXIMUM;
	for (size_t i = 0; i < team.count; i++)
		team.cores[i] = cores[i * count / team.count];
	return team;
}

static void work(void *context, size_t item, unsigned worker)
{
	struct job *job = context;
	const struct stream *stream = job->stream;
	size_t share = (stream->count / job->team->count) & ~(size_t)(ALIGNED - 1);
	size_t from = item * share;
	size_t to = item + 1 == job->team->count ? stream->count : from + share;

	(void)worker;
	/* Whichever thread takes the item, it works where the item's core is. */
	job->strayed[item] = !affinity_pin(job->team->cores[item], NULL);
	job->began_ns[item] = host_boot_ns(job->team->host);
	switch (job->task) {
	case TASK_FILL:
		stream_fill(stream, from, to);
		break;
	case TASK_RUN:
		for (unsigned i = 0; i < job->passes; i++)
			stream_run(stream, job->kernel, from, to);
		break;
	case TASK_CHECK:
		job->wrong[item] = stream_wrong(stream, job->values, from, to);
		break;
	}
	job->ended_ns[item] = host_boot_ns(job->team->host);
}

/* From when the first thread began until the last one ended. */
static int64_t drive(struct job *job)
{
	int64_t began_ns, ended_ns;

	parallel_for(job->team->count, (unsigned)job->team->count, work, job);
	began_ns = job->began_ns[0];
	ended_ns = job->ended_ns[0];
	for (size_t i = 1; i < job->team->count; i++) {
		began_ns = job->began_ns[i] < began_ns ? job->began_ns[i] : began_ns;
		ended_ns = job->ended_ns[i] > ended_ns ? job->ended_ns[i] : ended_ns;
	}
	return ended_ns > began_ns ? ended_ns - began_ns : 1;
}

static bool take(size_t bytes, struct stream *stream, struct error *err)
{
	double **arrays[] = { &stream->a, &stream->b, &stream->c };

	*stream = (struct stream){ .count = 0 };
	if (bytes == 0 || bytes > ARRAY_MAXIMUM)
		return fail(err, ERROR_LIMIT, "no %zu bytes of memory are to be had", bytes);
	bytes = (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
	*stream = (struct stream){ .count = bytes / sizeof(double) };
	for (size_t i = 0; i < 3; i++) {
		*arrays[i] = aligned_alloc(HUGE_PAGE, bytes);
		if (!*arrays[i])
			return fail(err, ERROR_LIMIT, "no %zu bytes of memory are to be had",
				    bytes);
		memory_prefer_huge_pages(*arrays[i], bytes);
	}
	return true;
}

static void give(struct stream *stream)
{
	free(stream->a);
	free(stream->b);
	free(stream->c);
}

static bool are_enough(const struct stream_result *result, double width)
{
	for (unsigned i = 0; i < STREAM_KERNEL_COUNT; i++)
		if (!repeats_are_enough(&result->bytes_per_s[i], width))
			return false;
	return true;
}

/* One round of the kernels, each so many times over the arrays: more often does not change what
 * they hold. */
static void run_round(struct job *job, struct stream_values *values, struct stream_result *result)
{
	for (unsigned i = 0; i < STREAM_KERNEL_COUNT; i++) {
		double bytes = (double)job->stream->count * job->passes *
			       stream_bytes((enum stream_kernel)i);

		job->kernel = (enum stream_kernel)i;
		repeats_add(&result->bytes_per_s[i], bytes * 1e9 / (double)drive(job));
		stream_values_run(values, job->kernel);
	}
}

/* The first pass tells how many make a repetition long enough; it does not count. */
static void warm_up(struct job *job, struct stream_values *values)
{
	int64_t took_ns;

	job->task = TASK_RUN;
	job->kernel = STREAM_COPY;
	job->passes = 1;
	took_ns = drive(job);
	stream_values_run(values, STREAM_COPY);
	job->passes = took_ns >= LEAST_NS ? 1 : (unsigned)(LEAST_NS / took_ns) + 1;
	if (job->passes > PASSES_MAXIMUM)
		job->passes = PASSES_MAXIMUM;
}

bool stream_measure(const struct stream_team *home, const struct stream_team *team,
		    const struct stream_effort *effort, struct stream_result *ret_result,
		    struct error *err)
{
	struct stream_result result = { .is_pinned = true };
	struct stream_values values;
	struct stream stream;
	struct job job = { .team = home, .stream = &stream, .values = &values };
	int64_t until_ns;

	if (!take(effort->array_bytes, &stream, err)) {
		give(&stream);
		return false;
	}
	stream_values_fill(&values);
	job.task = TASK_FILL;
	(void)drive(&job);
	job.team = team;
	until_ns = host_boot_ns(team->host) + effort->limit_ns;
	warm_up(&job, &values);
	do {
		run_round(&job, &values, &result);
	} while (host_boot_ns(team->host) < until_ns && !are_enough(&result, effort->width));
	for (size_t i = 0; i < team->count; i++)
		result.is_pinned = result.is_pinned && !job.strayed[i];
	job.task = TASK_CHECK;
	(void)drive(&job);
	for (size_t i = 0; i < team->count; i++)
		result.wrong += job.wrong[i];
	give(&stream);
	*ret_result = result;
	return true;
}
