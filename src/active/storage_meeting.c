#include "active/storage_meeting.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/raw.h"
#include "host/scratch.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll

/* Clients of network file systems look anew for a name that was not there after a minute at most.
 */
#define COME_NS (150 * NS_PER_S)
#define LOOK_NS 50000000ll

enum {
	NAME_SIZE = 96,
	TEXT_SIZE = 256,
};

struct comer {
	const struct host *here;
	const char *folder; /* that is tested */
	const char *path;   /* of the meeting; of rank 0 its own temporary folder */
	const char *key;    /* what this meeting is called by all ranks */
	const char *nonce;  /* of this rank in this run */
	unsigned rank, ranks;
};

unsigned storage_meeting_ranks(const struct active_request *request)
{
	return request->targets->ranks > 1 ? request->targets->ranks : 1;
}

static bool put(int folder, const char *name, const char *text)
{
	int file = raw_open(folder, name, RAW_WRITE | RAW_CREATE | RAW_EMPTY);
	bool good;

	if (file < 0)
		return false;
	good = write(file, text, strlen(text)) == (ssize_t)strlen(text) && fsync(file) == 0;
	return close(file) == 0 && good;
}

/* Empty when there is none. */
static void get(int folder, const char *name, char text[static TEXT_SIZE])
{
	int file = raw_open(folder, name, RAW_READ);
	ssize_t length = file >= 0 ? read(file, text, TEXT_SIZE - 1) : 0;

	text[length > 0 ? length : 0] = '\0';
	if (file >= 0)
		(void)close(file);
}

static void name_rank(char name[static NAME_SIZE], const char *what, unsigned rank)
{
	(void)snprintf(name, NAME_SIZE, "meet.%.60s.%u", what, rank);
}

/* Answers each rank with its own nonce once it has come. */
static unsigned welcome(const struct comer *comer, int folder)
{
	unsigned come = 0;

	for (unsigned rank = 1; rank < comer->ranks; rank++) {
		char text[TEXT_SIZE], name[NAME_SIZE];

		name_rank(name, "here", rank);
		get(folder, name, text);
		name_rank(name, "welcome", rank);
		come += text[0] != '\0' && put(folder, name, text);
	}
	return come;
}

/* Comes to one folder that may be the meeting; true when rank 0 has answered. */
static bool come_to(const struct comer *comer, const char *path)
{
	int folder = raw_open_folder(path);
	char text[TEXT_SIZE], name[NAME_SIZE];
	bool good = false;

	if (folder < 0)
		return false;
	get(folder, "meet.key", text);
	if (strcmp(text, comer->key) == 0) {
		name_rank(name, "welcome", comer->rank);
		get(folder, name, text);
		good = strcmp(text, comer->nonce) == 0;
		name_rank(name, "here", comer->rank);
		if (!good)
			(void)put(folder, name, comer->nonce);
	}
	(void)close(folder);
	return good;
}

/* The name of the folder in which rank 0 has answered; NULL when there is none yet. */
static const char *look_for(const struct comer *comer, struct arena *arena)
{
	const char *const *names;
	struct error err;
	size_t count;

	if (!host_list(comer->here, comer->folder, arena, &names, &count, &err))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(names[i], SCRATCH_PREFIX, strlen(SCRATCH_PREFIX)) == 0 &&
		    come_to(comer, arena_format(arena, "%s/%s", comer->folder, names[i])))
			return names[i];
	}
	return NULL;
}

static void open_meeting(struct worker_port *port, const struct comer *comer)
{
	int folder = comer->rank == 0 ? raw_open_folder(comer->path) : -1;

	if (folder >= 0 && !put(folder, "meet.key", comer->key)) {
		worker_answers(port, "error %s", strerror(errno));
		return;
	}
	for (;;) {
		SCOPED_ARENA(arena);
		const char *name = comer->rank > 0 ? look_for(comer, &arena) : NULL;

		if (name || (folder >= 0 && welcome(comer, folder) == comer->ranks - 1)) {
			worker_answers(port, "met %s", name ? name : "-");
			return;
		}
		raw_pause_ns(LOOK_NS);
	}
}

/* Rank 0 removes the folder as soon as it has seen all at the last point, or when it is stopped. */
static void say_gone(struct worker_port *port, const char *point)
{
	if (strcmp(point, STORAGE_MEETING_OVER) == 0)
		worker_answers(port, "met %s", point);
	else
		worker_answers(port, "error rank 0 has left");
}

static void await_point(struct worker_port *port, const struct comer *comer, const char *point)
{
	int folder = raw_open_folder(comer->path);
	char own[NAME_SIZE], name[NAME_SIZE];
	unsigned come = 0;
	uint64_t size;

	name_rank(own, point, comer->rank);
	if (folder < 0 || !put(folder, own, "here")) {
		worker_answers(port, "error %s", strerror(errno));
		return;
	}
	while (come < comer->ranks) {
		name_rank(name, point, come);
		if (raw_size(folder, name, &size)) {
			come++;
		} else if (!raw_size(folder, own, &size) && errno == ENOENT) {
			say_gone(port, point);
			return;
		} else {
			raw_pause_ns(LOOK_NS);
		}
	}
	worker_answers(port, "met %s", point);
}

static void meet(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct comer *comer = context;

	(void)state;
	worker_calls(port, "waiting for the other ranks");
	if (strcmp(request, "open") == 0)
		open_meeting(port, comer);
	else
		await_point(port, comer, request);
}

/* The word behind "met"; NULL, and recorded, when it did not come to that. */
static const char *ask(struct active_run *run, const struct storage_place *place,
		       const struct comer *comer, const char *request)
{
	struct worker worker = {
		.host = comer->here,
		.function = meet,
		.context = comer,
		.call_limit_ns = COME_NS,
		.name = "meeting",
		.is_for_once = true,
	};
	struct worker_result result;
	struct error err = { .code = ERROR_NONE };
	struct span line = SPAN(""), head = SPAN("");
	bool asked = active_ask(run, &worker, request, &result, &err);

	worker_end(&worker);
	if (asked && result.end == WORKER_DONE && result.answer_count == 1)
		line = result.answers[0];
	(void)span_cut(&line, ' ', &head);
	if (span_is(head, "met"))
		return arena_string(run->arena, line);
	storage_blames(run, place, "meeting", NODE_TEST_STORAGE_ROUNDS,
		       "not all of %u ranks came to '%s': %.*s", comer->ranks, request,
		       SPAN_ARGS(line));
	return NULL;
}

static struct comer comer_of(const struct active_run *run, const struct storage_place *place)
{
	const struct active_targets *targets = run->request->targets;

	return (struct comer){
		.here = run->request->here,
		.folder = place->folder,
		.path = place->scratch,
		.key = targets->meeting ? targets->meeting : "-",
		.nonce = arena_format(run->arena, "%.100s-%d-%lld",
				      host_name(run->request->here, run->arena), (int)getpid(),
				      (long long)host_boot_ns(run->request->here)),
		.rank = targets->rank,
		.ranks = storage_meeting_ranks(run->request),
	};
}

const char *storage_meeting_open(struct active_run *run, const struct storage_place *place)
{
	struct comer comer = comer_of(run, place);
	const char *name;

	if (comer.ranks == 1)
		return place->scratch;
	name = ask(run, place, &comer, "open");
	if (!name || comer.rank == 0)
		return name ? place->scratch : NULL;
	return arena_format(run->arena, "%s/%s", place->folder, name);
}

bool storage_meeting_wait(struct active_run *run, const struct storage_place *place,
			  const char *path, const char *point)
{
	struct comer comer = comer_of(run, place);

	comer.path = path;
	return comer.ranks == 1 || ask(run, place, &comer, point) != NULL;
}
