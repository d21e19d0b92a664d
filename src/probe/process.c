#include <string.h>

#include "probe/look.h"
#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PROCESSES_MAXIMUM = 65536, /* that are looked at one by one */
	BLOCKED_MAXIMUM = 256,     /* that are named */
};

/* "0.32 0.21 0.18 3/1523 40815": running and all, threads too. */
static void see_count(const struct look *look)
{
	struct error err = { 0 };
	struct span text, field = SPAN(""), running;
	uint64_t count;

	if (!host_value(look->host, "/proc/loadavg", look->sightings->arena, &text, &err)) {
		(void)saw_unknown(look->sightings, NODE_PROCESS_COUNT, NULL, "%s", err.text);
		return;
	}
	for (unsigned i = 0; i < 4; i++)
		if (!span_cut(&text, ' ', &field))
			field = SPAN("");
	if (span_cut(&field, '/', &running) && span_to_u64(field, &count))
		(void)saw_value(look->sightings, NODE_PROCESS_COUNT, NULL, (double)count);
	else
		(void)saw_unknown(look->sightings, NODE_PROCESS_COUNT, NULL,
				  "/proc/loadavg tells no number of processes");
}

/* The lower of the two that stop a new thread. */
static void see_limit(const struct look *look)
{
	static const char *const paths[] = { "/proc/sys/kernel/pid_max",
					     "/proc/sys/kernel/threads-max" };
	struct arena *arena = look->sightings->arena;
	uint64_t lowest = UINT64_MAX;

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct error err = { 0 };
		struct span text = SPAN("");
		uint64_t limit;

		if (!host_value(look->host, paths[i], arena, &text, &err) ||
		    !span_to_u64(text, &limit)) {
			(void)saw_unknown(look->sightings, NODE_PROCESS_LIMIT, NULL,
					  "'%s' is no number: %s", paths[i], err.text);
			return;
		}
		lowest = limit < lowest ? limit : lowest;
	}
	(void)saw_value(look->sightings, NODE_PROCESS_LIMIT, NULL, (double)lowest);
}

/* "1216\t0\t9223372036854775807": taken, taken and free, most. */
static void see_files(const struct look *look)
{
	struct error err = { 0 };
	struct span text = SPAN(""), taken = SPAN(""), spare = SPAN("");
	uint64_t open, unused, limit;

	if (host_value(look->host, "/proc/sys/fs/file-nr", look->sightings->arena, &text, &err) &&
	    span_cut(&text, '\t', &taken) && span_cut(&text, '\t', &spare) &&
	    span_to_u64(taken, &open) && span_to_u64(spare, &unused) && unused <= open &&
	    span_to_u64(text, &limit)) {
		(void)saw_value(look->sightings, NODE_FILES_OPEN, NULL, (double)(open - unused));
		(void)saw_value(look->sightings, NODE_FILES_LIMIT, NULL, (double)limit);
		return;
	}
	if (err.code == ERROR_NONE)
		(void)fail(&err, ERROR_PARSE, "/proc/sys/fs/file-nr has not three numbers");
	(void)saw_unknown(look->sightings, NODE_FILES_OPEN, NULL, "%s", err.text);
	(void)saw_unknown(look->sightings, NODE_FILES_LIMIT, NULL, "%s", err.text);
}

/* "Max locked memory         8388608              8388608              bytes": the first number is
 * what counts now, the second what may be asked for. */
static void see_limits(const struct look *look)
{
	static const struct {
		const char *line, *device;
	} limits[] = {
		{ "Max locked memory", "limit:memlock" },
		{ "Max open files", "limit:nofile" },
		{ "Max processes", "limit:nproc" },
	};
	struct arena *arena = look->sightings->arena;
	struct error err = { 0 };
	struct span text = SPAN("");
	bool is_read = host_value(look->host, "/proc/self/limits", arena, &text, &err);

	for (size_t i = 0; i < COUNT(limits); i++) {
		struct span rest = text, line, soft = SPAN("");

		while (soft.length == 0 && span_cut(&rest, '\n', &line)) {
			size_t length = strlen(limits[i].line);

			if (!span_starts(line, limits[i].line))
				continue;
			line = span_trim((struct span){ line.at + length, line.length - length });
			(void)span_cut(&line, ' ', &soft);
		}
		if (soft.length > 0)
			(void)saw_state(look->sightings, NODE_LIMIT, limits[i].device,
					arena_string(arena, soft));
		else
			(void)saw_unknown(look->sightings, NODE_LIMIT, limits[i].device, "%s",
					  is_read ? "/proc/self/limits has no such line"
						  : err.text);
	}
}

/* What one look at all processes found. */
struct walk {
	const struct look *look;
	const struct record *before; /* what the look before saw, in the same run or another */
	size_t before_count;
	int64_t before_time; /* of that look; -1 when there was none */
	unsigned zombies, blocked, unread;
	struct arena *scratch; /* of one process */
};

/* How long a process has been seen blocked without a look in between at which it was not. */
static double blocked_before_s(const struct walk *walk, const char *device, const char *name)
{
	bool is_same = false;

	for (size_t i = 0; i < walk->before_count; i++) {
		const struct record *record = &walk->before[i];
		const char *own = record->subject.parts[SUBJECT_DEVICE];

		if (record->time != walk->before_time || !own || strcmp(own, device) != 0)
			continue;
		if (strcmp(record->what, measures[NODE_PROCESS_BLOCKED].name) == 0)
			is_same = record->text && strcmp(record->text, name) == 0;
		if (strcmp(record->what, measures[NODE_PROCESS_BLOCKED_TIME].name) == 0 &&
		    is_same && record->says == SAYS_VALUE)
			return record->value +
			       (double)(walk->look->sightings->time - walk->before_time);
	}
	return 0.0;
}

static void see_blocked(struct walk *walk, const char *pid, struct span name)
{
	struct sightings *sightings = walk->look->sightings;
	const char *device = look_path(walk->look, "pid:%s", pid);
	const struct record *record;

	if (walk->blocked++ >= BLOCKED_MAXIMUM)
		return;
	record = saw_state(sightings, NODE_PROCESS_BLOCKED, device,
			   arena_string(sightings->arena, name));
	(void)saw_value(sightings, NODE_PROCESS_BLOCKED_TIME, device,
			blocked_before_s(walk, device, record->text));
}

/* "4711 (a name) D 1 …"; the name may hold anything, also ") R ", so the last ")" ends it. */
static void look_at_process(struct walk *walk, const char *pid)
{
	struct span text, name;
	struct error err = { 0 };
	size_t open = 0, close;

	arena_clear(walk->scratch);
	if (!host_value(walk->look->host, arena_format(walk->scratch, "/proc/%s/stat", pid),
			walk->scratch, &text, &err)) {
		/* One that ended since the folder was read is no loss: ENOENT, or ESRCH. */
		walk->unread += err.code != ERROR_MISSING && !strstr(err.text, "No such process");
		return;
	}
	close = text.length;
	while (open < text.length && text.at[open] != '(')
		open++;
	while (close > open && text.at[close - 1] != ')')
		close--;
	if (close < open + 2 || text.length < close + 2 || text.at[close] != ' ') {
		walk->unread++;
		return;
	}
	name = (struct span){ text.at + open + 1, close - open - 2 };
	if (text.at[close + 1] == 'Z')
		walk->zombies++;
	else if (text.at[close + 1] == 'D')
		see_blocked(walk, pid, name.length > 0 ? name : SPAN("(no name)"));
}

/* The last look at all processes of the same run, or what another run saw before. The records are
 * copied: those of a run move when it grows. */
static void find_before(struct walk *walk, const struct sightings *given)
{
	const struct sightings *own = walk->look->sightings;
	const struct sightings *before = given;
	struct record *copy;

	walk->before_time = given ? given->time : -1;
	for (size_t i = own->count; i-- > 0 && before != own;)
		if (strcmp(own->items[i].what, measures[NODE_PROCESS_ZOMBIES].name) == 0) {
			before = own;
			walk->before_time = own->items[i].time;
		}
	if (!before || before->count == 0)
		return;
	copy = ARENA_ARRAY(own->arena, struct record, before->count);
	memcpy(copy, before->items, before->count * sizeof(*copy));
	walk->before = copy;
	walk->before_count = before->count;
}

/* Looks again only at those that were blocked. Of one that no longer is, the time is 0: the record
 * of the look before has not to stand any longer. */
static void see_blocked_again(const struct look *look, const struct sightings *before)
{
	SCOPED_ARENA(scratch);
	struct walk walk = { .look = look, .scratch = &scratch };

	find_before(&walk, before);
	for (size_t i = 0; i < walk.before_count; i++) {
		const struct record *record = &walk.before[i];
		const char *device = record->subject.parts[SUBJECT_DEVICE];
		unsigned blocked = walk.blocked;

		if (strcmp(record->what, measures[NODE_PROCESS_BLOCKED].name) != 0 ||
		    record->says != SAYS_STATE || !device || strncmp(device, "pid:", 4) != 0)
			continue;
		look_at_process(&walk, device + 4);
		if (walk.blocked == blocked)
			(void)saw_value(look->sightings, NODE_PROCESS_BLOCKED_TIME, device, 0.0);
	}
}

static void see_processes(const struct look *look, const struct sightings *before)
{
	struct sightings *sightings = look->sightings;
	SCOPED_ARENA(scratch);
	struct walk walk = { .look = look, .scratch = &scratch };
	struct error err = { 0 };
	const char *const *names;
	size_t count = 0, looked = 0;

	find_before(&walk, before);
	if (!host_list(look->host, "/proc", sightings->arena, &names, &count, &err)) {
		(void)saw_unknown(sightings, NODE_PROCESS_ZOMBIES, NULL, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < count && looked < PROCESSES_MAXIMUM; i++) {
		if (names[i][0] < '0' || names[i][0] > '9')
			continue;
		looked++;
		look_at_process(&walk, names[i]);
	}
	/* Nothing is zero that was not looked at: this process at least is there. */
	if (looked == 0 || walk.unread == looked)
		(void)saw_unknown(sightings, NODE_PROCESS_ZOMBIES, NULL,
				  "no process of /proc can be read");
	else
		(void)saw_value(sightings, NODE_PROCESS_ZOMBIES, NULL, walk.zombies);
	if (walk.blocked > BLOCKED_MAXIMUM)
		(void)saw_unknown(sightings, NODE_PROCESS_BLOCKED, NULL,
				  "%u further processes are blocked",
				  walk.blocked - BLOCKED_MAXIMUM);
	if (looked == PROCESSES_MAXIMUM || walk.unread > 0)
		(void)saw_unknown(sightings, NODE_PROCESS_BLOCKED, NULL,
				  "%u processes could not be read; at most %d are looked at",
				  walk.unread, PROCESSES_MAXIMUM);
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	const struct look look = { request->host, sightings, NULL, MISSING_IS_UNKNOWN };

	if (!(request->shares & PROBE_FULL)) {
		if (request->shares & PROBE_COUNTERS && request->before)
			see_blocked_again(&look, request->before);
		return;
	}
	see_count(&look);
	see_limit(&look);
	see_files(&look);
	see_limits(&look);
	see_processes(&look, request->before);
}

const struct probe probe_process = {
	.name = "process",
	.title = "processes and their limits",
	.shares = PROBE_FULL | PROBE_COUNTERS,
	.look = look,
};
