#include "host/job.h"

#include <stdlib.h>
#include <string.h>

enum {
	NODE_NAME_MAXIMUM = 255,
};

static bool read_number(const char *name, unsigned maximum, unsigned *ret_number)
{
	const char *text = getenv(name);
	uint64_t number;

	if (!text || !span_to_u64(span_of(text), &number) || number > maximum)
		return false;
	*ret_number = (unsigned)number;
	return true;
}

static bool is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

static size_t name_length(struct span text)
{
	size_t length = 0;

	while (length < text.length && is_of_name(text.at[length]))
		length++;
	return length;
}

static size_t digits_length(struct span text)
{
	size_t length = 0;

	while (length < text.length && text.at[length] >= '0' && text.at[length] <= '9')
		length++;
	return length;
}

static struct span behind(struct span text, size_t length)
{
	return (struct span){ text.at + length, text.length - length };
}

bool job_first_node(struct span list, struct arena *arena, const char **ret_node)
{
	size_t head = name_length(list), digits, tail, close;
	struct span rest = behind(list, head);
	const char *bracket;

	if (rest.length == 0 || rest.at[0] != '[') {
		if (head == 0 || head > NODE_NAME_MAXIMUM || (rest.length > 0 && rest.at[0] != ','))
			return false;
		*ret_node = arena_string(arena, (struct span){ list.at, head });
		return true;
	}
	rest = behind(rest, 1);
	digits = digits_length(rest);
	bracket = memchr(rest.at, ']', rest.length);
	if (digits == 0 || !bracket)
		return false;
	close = (size_t)(bracket - rest.at) + 1;
	tail = name_length(behind(rest, close));
	if (head + digits + tail > NODE_NAME_MAXIMUM)
		return false;
	*ret_node = arena_format(arena, "%.*s%.*s%.*s", (int)head, list.at, (int)digits, rest.at,
				 (int)tail, rest.at + close);
	return true;
}

/* "8(x2)" or "8". */
static bool read_count(struct span word, unsigned *ret_tasks, uint64_t *ret_times)
{
	size_t digits = digits_length(word);
	struct span rest = behind(word, digits);
	uint64_t tasks, times = 1;

	if (!span_to_u64((struct span){ word.at, digits }, &tasks) || tasks > JOB_RANKS_MAXIMUM)
		return false;
	if (rest.length > 0) {
		if (!span_starts(rest, "(x") || rest.at[rest.length - 1] != ')' ||
		    !span_to_u64((struct span){ rest.at + 2, rest.length - 3 }, &times))
			return false;
	}
	*ret_tasks = (unsigned)tasks;
	*ret_times = times;
	return true;
}

bool job_tasks_of_node(struct span counts, unsigned node, unsigned *ret_tasks)
{
	struct span word;
	uint64_t before = 0, times;
	unsigned tasks;

	while (span_cut(&counts, ',', &word)) {
		if (!read_count(word, &tasks, &times) || times > JOB_RANKS_MAXIMUM)
			return false;
		before += times;
		if (node >= before)
			continue;
		*ret_tasks = tasks;
		return true;
	}
	return false;
}

static bool read_slurm(struct arena *arena, struct job *job)
{
	const char *counts = getenv("SLURM_STEP_TASKS_PER_NODE");
	const char *nodes = getenv("SLURM_STEP_NODELIST");
	unsigned node;

	/* A batch script has a rank as well, but is no step. */
	if (!getenv("SLURM_STEP_ID") ||
	    !read_number("SLURM_PROCID", JOB_RANKS_MAXIMUM, &job->rank) ||
	    (!read_number("SLURM_STEP_NUM_TASKS", JOB_RANKS_MAXIMUM, &job->ranks) &&
	     !read_number("SLURM_NTASKS", JOB_RANKS_MAXIMUM, &job->ranks)))
		return false;
	job->launcher = "srun";
	(void)read_number("SLURM_JOB_ID", UINT32_MAX, &job->number);
	if (nodes)
		(void)job_first_node(span_of(nodes), arena, &job->first_node);
	if (!counts)
		counts = getenv("SLURM_TASKS_PER_NODE");
	if (!counts || !read_number("SLURM_LOCALID", JOB_RANKS_MAXIMUM, &job->local_rank) ||
	    !read_number("SLURM_NODEID", JOB_RANKS_MAXIMUM, &node) ||
	    !job_tasks_of_node(span_of(counts), node, &job->local_ranks))
		job->local_ranks = 0;
	return true;
}

static bool read_words(const char *const words[5], struct job *job)
{
	if (!read_number(words[1], JOB_RANKS_MAXIMUM, &job->rank) ||
	    !read_number(words[2], JOB_RANKS_MAXIMUM, &job->ranks))
		return false;
	job->launcher = words[0];
	if (!read_number(words[3], JOB_RANKS_MAXIMUM, &job->local_rank) ||
	    !read_number(words[4], JOB_RANKS_MAXIMUM, &job->local_ranks))
		job->local_ranks = 0;
	return true;
}

bool job_read(struct arena *arena, struct job *ret_job, struct error *err)
{
	static const char *const open_mpi[] = {
		"mpirun",
		"OMPI_COMM_WORLD_RANK",
		"OMPI_COMM_WORLD_SIZE",
		"OMPI_COMM_WORLD_LOCAL_RANK",
		"OMPI_COMM_WORLD_LOCAL_SIZE",
	};
	static const char *const pmi[] = {
		"mpiexec", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS",
	};
	struct job job = { .launcher = NULL };

	/* mpirun below srun tells both; the inner one started this process. */
	if (!read_words(open_mpi, &job) && !read_slurm(arena, &job) && !read_words(pmi, &job))
		return fail(err, ERROR_MISSING, "no srun or mpirun started this process");
	if (job.rank >= job.ranks || (job.local_ranks > 0 && job.local_rank >= job.local_ranks) ||
	    job.local_ranks > job.ranks)
		return fail(err, ERROR_INVALID,
			    "%s tells rank %u of %u, and %u of %u on this node: that cannot be",
			    job.launcher, job.rank, job.ranks, job.local_rank, job.local_ranks);
	*ret_job = job;
	return true;
}
