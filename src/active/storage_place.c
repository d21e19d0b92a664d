#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "active/storage.h"
#include "host/raw.h"
#include "host/scratch.h"
#include "host/system.h"
#include "probe/mount.h"
#include "probe/vendor_say.h"

enum {
	MARK_MAXIMUM = 120,
	DIRECT_BYTES = 64 << 10,
	DIRECT_ALIGNED = 4096,
	OWN_LINE = '=', /* begins an answer that is no fact */
};

/* A mount that does not answer in this time is told to hang. */
#define OPEN_NS 10000000000ll
/* Thousands of small files on a slow server take their time; one of them that takes so long hangs,
 * and is left to whoever mends the mount. */
#define CLOSE_NS 300000000000ll
#define CLOSE_ONE_NS 30000000000ll

const char *storage_device(struct arena *arena, const char *what, const char *mark)
{
	return arena_format(arena, "storage:%s:%s", what, mark);
}

const char *storage_mark(struct arena *arena, const char *folder)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a of 64 bits */

	SCOPED_TEXT(mark);
	for (const char *at = folder; *at; at++) {
		hash = (hash ^ (unsigned char)*at) * 0x100000001b3;
		if (*at > ' ' && *at <= '~' && *at != '%')
			text_add_char(&mark, *at);
		else
			text_format(&mark, "%%%02x", (unsigned)(unsigned char)*at);
	}
	if (mark.length <= MARK_MAXIMUM)
		return arena_string(arena, text_span(&mark));
	return arena_format(arena, "%08x...%s", (unsigned)(hash >> 32),
			    text_string(&mark) + mark.length - MARK_MAXIMUM);
}

/* What the child that opens and closes a folder knows. */
struct tending {
	const struct host *here;
	const struct storage_place *place;
};

static bool takes_direct(int folder)
{
	int file = raw_open(folder, "direct", RAW_WRITE | RAW_CREATE | RAW_DIRECT);
	void *bytes = NULL;
	bool good;

	if (file < 0)
		return false;
	good = posix_memalign(&bytes, DIRECT_ALIGNED, DIRECT_BYTES) == 0;
	if (good)
		memset(bytes, 'a', DIRECT_BYTES);
	good = good && write(file, bytes, DIRECT_BYTES) == DIRECT_BYTES;
	free(bytes);
	(void)close(file);
	(void)raw_remove(folder, "direct");
	return good;
}

static void open_place(struct worker_port *port, const struct tending *tending)
{
	const struct storage_place *place = tending->place;
	struct scratch_leftovers leftovers = { 0 };
	char path[PATH_MAX];
	uint64_t bytes = 0;
	struct error err;
	int folder;

	SCOPED_ARENA(arena);
	worker_calls(port, "opening %.80s", place->mark);
	if (!scratch_space(place->folder, &bytes, &err) ||
	    !scratch_sweep(tending->here, place->folder, &leftovers, &err) ||
	    !scratch_make(tending->here, place->folder, path, &err)) {
		worker_answers(port, "=error %s", err.text);
		return;
	}
	/* Only the name: a path may hold bytes that no line can. */
	worker_answers(port, "=scratch %s", strrchr(path, '/') + 1);
	worker_answers(port, "=space %llu", (unsigned long long)bytes);
	worker_answers(port, "=type %s", mount_type(tending->here, place->folder, &arena));
	folder = raw_open_folder(path);
	worker_answers(port, "=direct %s", takes_direct(folder) ? "taken" : "refused");
}

static void goes_on(void *port)
{
	worker_calls(port, "removing a file of the test");
}

static void tend(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct scratch_watch watch = { goes_on, port };
	const struct tending *tending = context;
	struct error err;

	(void)state;
	if (strcmp(request, "open") == 0) {
		open_place(port, tending);
		return;
	}
	worker_calls(port, "removing the files of %.60s", tending->place->mark);
	if (!scratch_remove(tending->place->scratch, &watch, &err))
		worker_answers(port, "=error %s", err.text);
}

/* What stands behind the word in an answer; NULL when there is none. */
static const char *told(const struct worker_result *result, const char *word, struct arena *arena)
{
	for (size_t i = 0; i < result->answer_count; i++) {
		struct span line = result->answers[i], first = SPAN("");

		if (line.length > 0 && line.at[0] == OWN_LINE && span_cut(&line, ' ', &first) &&
		    strlen(word) + 1 == first.length && span_starts(first, "=") &&
		    memcmp(first.at + 1, word, first.length - 1) == 0)
			return arena_string(arena, line);
	}
	return NULL;
}

/* Does not listen to the user: what was made is known in any case, and removed. */
static bool ask(struct active_run *run, const struct storage_place *place, const char *request,
		struct worker_result *ret_result, const char **ret_why)
{
	bool opens = strcmp(request, "open") == 0;
	const struct tending tending = { run->request->here, place };
	struct worker worker = {
		.host = run->request->here,
		.function = tend,
		.context = &tending,
		.call_limit_ns = opens ? OPEN_NS : CLOSE_ONE_NS,
		.total_limit_ns = opens ? OPEN_NS : CLOSE_NS,
		.name = "storage",
		.is_for_once = true,
	};
	struct error err = { .code = ERROR_NONE };
	bool asked = worker_ask(&worker, request, run->arena, ret_result, &err);

	worker_end(&worker);
	if (!asked)
		*ret_why = arena_format(run->arena, "%s", err.text);
	else if (ret_result->end != WORKER_DONE)
		*ret_why = arena_format(run->arena, "%s: %s", ret_result->call,
					ret_result->end == WORKER_STALLED ? "no answer in time"
									  : "the process ended");
	else
		*ret_why = told(ret_result, "error", run->arena);
	return !*ret_why;
}

/* NULL when it is there, else why it is not. */
static const char *start_place(struct active_run *run, struct storage_place *place)
{
	struct worker_result result;
	const char *why = NULL, *name, *space, *type, *direct;
	uint64_t bytes = 0;
	bool good = ask(run, place, "open", &result, &why);

	name = good ? told(&result, "scratch", run->arena) : NULL;
	if (!name) {
		why = why ? why : "it was not opened";
		(void)saw_text(run->sightings, NODE_TEST_STORAGE_ERROR,
			       storage_device(run->arena, "folder", place->mark), span_of(why));
		(void)saw_unknown(run->sightings, NODE_TEST_STORAGE_DIRECT,
				  storage_device(run->arena, "direct", place->mark), "%s", why);
		return why;
	}
	place->scratch = arena_format(run->arena, "%s/%s", place->folder, name);
	space = told(&result, "space", run->arena);
	type = told(&result, "type", run->arena);
	direct = told(&result, "direct", run->arena);
	if (space && span_to_u64(span_of(space), &bytes))
		place->room = bytes / 100 * STORAGE_SHARE_PERCENT;
	place->type = type ? type : "";
	place->takes_direct = direct && strcmp(direct, "taken") == 0;
	(void)saw_state(run->sightings, NODE_TEST_STORAGE_DIRECT,
			storage_device(run->arena, "direct", place->mark),
			place->takes_direct ? "taken" : "refused");
	if (place->type[0] != '\0')
		(void)saw_state(run->sightings, NODE_TEST_STORAGE_TYPE,
				storage_device(run->arena, "type", place->mark), place->type);
	return NULL;
}

static void end_place(struct active_run *run, const struct storage_place *place)
{
	struct worker_result result;
	const char *why = NULL;

	if (ask(run, place, "close", &result, &why))
		return;
	(void)saw_text(run->sightings, NODE_TEST_STORAGE_ERROR,
		       storage_device(run->arena, "cleanup", place->mark), span_of(why));
	active_fails(run, "'%s' could not be removed: %s", place->scratch, why);
}

static const char *work_in(struct active_run *run, const char *folder,
			   void (*work)(struct active_run *run, const struct storage_place *place))
{
	struct storage_place place = {
		.folder = folder,
		.mark = storage_mark(run->arena, folder),
		.type = "",
	};
	const char *why = start_place(run, &place);

	if (why)
		return arena_format(run->arena, "%s cannot be used: %s", place.mark, why);
	work(run, &place);
	end_place(run, &place);
	return NULL;
}

void storage_each(struct active_run *run,
		  void (*work)(struct active_run *run, const struct storage_place *place))
{
	const struct active_targets *targets = run->request->targets;
	const char *bad = NULL;

	for (size_t i = 0; i < targets->folder_count && active_goes_on(run); i++) {
		const char *why = work_in(run, targets->folders[i], work);

		bad = bad ? bad : why;
	}
	if (bad)
		active_fails(run, "%s", bad);
}

void storage_plan(const struct active_request *request, struct arena *arena,
		  struct active_step *step, int64_t each_ns, uint64_t bytes)
{
	const struct active_targets *targets = request->targets;

	SCOPED_TEXT(folders);
	if (targets->folder_count == 0) {
		step->cannot = "no folder was named: --folder";
		step->is_absent = true;
		return;
	}
	for (size_t i = 0; i < targets->folder_count; i++)
		text_format(&folders, "%s%s", i > 0 ? ", " : "",
			    storage_mark(arena, targets->folders[i]));
	step->loads = arena_format(arena, "the file system%s of %s",
				   targets->folder_count > 1 ? "s" : "", text_string(&folders));
	step->writes = arena_format(arena,
				    "%llu MiB, at most %d %% of what is free, in .assay-... below "
				    "%s, removed afterwards",
				    (unsigned long long)(bytes >> 20), STORAGE_SHARE_PERCENT,
				    text_string(&folders));
	step->needed_ns = each_ns * (int64_t)targets->folder_count;
}

void storage_blames(struct active_run *run, const struct storage_place *place, const char *what,
		    enum measure measure, const char *format, ...)
{
	const char *device = storage_device(run->arena, what, place->mark);
	char text[400];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	(void)saw_text(run->sightings, NODE_TEST_STORAGE_ERROR, device, span_of(text));
	(void)saw_unknown(run->sightings, measure, device, "%s", text);
}
