#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "active/active.h"
#include "active/start_commands.h"
#include "base/repeats.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll

enum {
	OUTPUT_MAXIMUM = 64 << 10,
	TAIL = 160, /* characters of a complaint that are kept */
	FOLDER_NAME_MAXIMUM = 200,
	EXPECTED_S = 5, /* of one run, for the plan */
};

/* For what is done around the commands: a folder made, removed, caches dropped. */
static const struct process_limits aside = { .limit_ns = 60 * NS_PER_S, .maximum = 4096 };

static const double bits_per_byte = 8, giga = 1e9, us_per_s = 1e6;

/* Who runs the commands: nobody, where this is the superuser's process. */
static const char *const as_nobody[] = {
	"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", NULL
};

static bool read_commands(const struct active_request *request, struct arena *arena,
			  struct start_commands *ret_commands, struct error *err)
{
	const char *file = request->targets->commands;
	struct span text;

	if (!file) {
		*ret_commands = start_commands_usual();
		return true;
	}
	return host_read(request->here, file, START_BYTES_OF_FILE, arena, &text, err) &&
	       start_commands_read(text, file, arena, ret_commands, err);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	struct start_commands commands;
	int64_t longest_ns = 0;
	SCOPED_TEXT(names);
	struct error err;

	if (!read_commands(request, arena, &commands, &err)) {
		step->cannot = arena_format(arena, "%s", err.text);
		return;
	}
	if (commands.count == 0) {
		step->cannot = "the file of commands has none";
		return;
	}
	for (size_t i = 0; i < commands.count; i++) {
		const struct start_command *one = &commands.items[i];
		int64_t each_s = one->limit_s < EXPECTED_S ? one->limit_s : EXPECTED_S;

		text_format(&names, "%s%s", i > 0 ? ", " : "", one->name);
		longest_ns += (int64_t)one->repetitions * each_s * NS_PER_S;
		if (one->cache == START_COLD)
			step->consent = CONSENT_DESTRUCTIVE;
	}
	step->loads = arena_format(arena, "what the commands load: %.300s", text_string(&names));
	step->writes = "a folder below /tmp, removed afterwards, and what the commands write";
	step->needed_ns = longest_ns;
}

/* One command while it is timed. */
struct timing {
	struct active_run *run;
	const struct start_command *command;
	const char *device; /* "start:torch" */
	bool as_nobody;
	struct repeats times;
};

static const char *const *words_as(const struct timing *timing, const char *const *words,
				   const char *folder)
{
	struct arena *arena = timing->run->arena;
	size_t count = 0, before = 0;
	const char **all;

	while (words[count])
		count++;
	while (timing->as_nobody && as_nobody[before])
		before++;
	all = ARENA_ARRAY(arena, const char *, before + count + 1);
	memcpy(all, as_nobody, before * sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[before + i] = folder ? start_word(words[i], folder, arena) : words[i];
	return all;
}

/* Made by who runs the commands, so that they may write to it. */
static const char *make_folder(const struct timing *timing, struct error *err)
{
	static const char *const words[] = { "mktemp", "-d", "/tmp/assay-start-XXXXXXXX", NULL };
	struct process_result result;
	struct span name;

	if (!host_run(timing->run->request->here, words_as(timing, words, NULL), aside,
		      timing->run->arena, &result, err))
		return NULL;
	name = result.said;
	while (name.length > 0 && name.at[name.length - 1] == '\n')
		name.length--;
	if (result.status != 0 || name.length > FOLDER_NAME_MAXIMUM ||
	    !span_starts(name, "/tmp/assay-start-")) {
		(void)fail(err, ERROR_IO, "no folder could be made below /tmp");
		return NULL;
	}
	return arena_string(timing->run->arena, name);
}

static bool drop_caches(const struct timing *timing, struct error *err)
{
	static const char *const sync[] = { "sync", NULL };
	static const char *const drop[] = { "sysctl", "-q", "-w", "vm.drop_caches=3", NULL };
	const struct host *here = timing->run->request->here;
	struct process_result result;

	if (!host_run(here, sync, aside, timing->run->arena, &result, err) ||
	    !host_run(here, drop, aside, timing->run->arena, &result, err))
		return false;
	if (result.status != 0)
		return fail(err, ERROR_IO, "the caches of the kernel could not be dropped");
	return true;
}

static const char *const *environment_of(const struct timing *timing, const char *folder)
{
	const char *const *given = timing->command->environment;
	struct arena *arena = timing->run->arena;
	size_t count = 0;
	const char **all;

	while (given[count])
		count++;
	all = ARENA_ARRAY(arena, const char *, count + 3);
	all[0] = arena_format(arena, "HOME=%s", folder);
	all[1] = arena_format(arena, "TMPDIR=%s", folder);
	for (size_t i = 0; i < count; i++)
		all[i + 2] = start_word(given[i], folder, arena);
	return all;
}

/* The end of what it complained of, on one line: the only thing of its output that is kept. */
static bool fail_of(const struct process_result *result, struct error *err)
{
	struct span tail = result->complained.length > 0 ? result->complained : result->said;

	if (result->stopped)
		return fail(err, ERROR_CONFLICT, "ended before it was done");
	if (result->stalled)
		return fail(err, ERROR_LIMIT, "no end within its limit");
	while (tail.length > 0 && tail.at[tail.length - 1] == '\n')
		tail.length--;
	if (tail.length > TAIL) {
		tail.at += tail.length - TAIL;
		tail.length = TAIL;
	}
	return fail(err, ERROR_IO, "exit status %d: %.*s", result->status, SPAN_ARGS(tail));
}

/* Runs one of the programs that remove a folder; false with the end of what it complained of. */
static bool tidy(const struct timing *timing, const char *const *words, struct error *err)
{
	struct active_run *run = timing->run;
	struct process_result result;

	return host_run(run->request->here, words, aside, run->arena, &result, err) &&
	       (result.status == 0 || fail_of(&result, err));
}

/* Also when the test has to end: nothing is left behind, and what is left is told. As the caller:
 * what was downloaded may be in folders that their owner must not write to, as Go's are. */
static void remove_folder(const struct timing *timing, const char *folder)
{
	const char *const open_words[] = { "chmod", "-R", "u+rwx", "--", folder, NULL };
	const char *const words[] = { "rm", "-rf", "--one-file-system", "--", folder, NULL };
	struct error err = { .code = ERROR_NONE };

	if (tidy(timing, words, &err))
		return;
	(void)tidy(timing, open_words, &err);
	if (!tidy(timing, words, &err))
		active_fails(timing->run, "'%s' could not be removed: %s", folder, err.text);
}

static bool run_once(struct timing *timing, const char *folder, struct error *err)
{
	struct active_run *run = timing->run;
	const struct host *here = run->request->here;
	const struct process_limits limits = {
		.limit_ns = (int64_t)timing->command->limit_s * NS_PER_S,
		.maximum = OUTPUT_MAXIMUM,
		.environment = environment_of(timing, folder),
		.folder = folder,
	};
	const char *const *words = words_as(timing, timing->command->words, folder);
	struct process_result result;
	int64_t began_ns;

	if (timing->command->cache == START_COLD && !drop_caches(timing, err))
		return false;
	began_ns = host_boot_ns(here);
	if (!active_process(run, words, limits, &result, err))
		return false;
	if (result.status != 0)
		return fail_of(&result, err);
	repeats_add(&timing->times, (double)(host_boot_ns(here) - began_ns) / NS_PER_S);
	return true;
}

static bool repeat(struct timing *timing, struct error *err)
{
	const struct start_command *command = timing->command;
	const char *folder = NULL;
	bool good = true;

	for (unsigned i = 0; i < command->repetitions && good; i++) {
		if (!active_goes_on(timing->run))
			break;
		active_shows(timing->run, (double)i / command->repetitions, "%s", command->name);
		if (!folder && !(folder = make_folder(timing, err)))
			return false;
		good = run_once(timing, folder, err);
		if (command->cache == START_WARM)
			continue;
		remove_folder(timing, folder);
		folder = NULL;
	}
	if (folder)
		remove_folder(timing, folder);
	return good;
}

static void say(const struct timing *timing)
{
	const struct start_command *command = timing->command;
	struct repeats_summary summary = repeats_summary(&timing->times);
	struct sightings *into = timing->run->sightings;

	sightings_again(into, timing->run->request->host);
	(void)saw_state(into, NODE_TEST_START_KIND, timing->device,
			start_kind_names[command->kind]);
	(void)saw_state(into, NODE_TEST_START_CACHE, timing->device,
			start_cache_names[command->cache]);
	for (unsigned i = 0; i < timing->times.count; i++)
		(void)saw_value(into, NODE_TEST_START_TIME,
				arena_format(timing->run->arena, "%s/%u", timing->device, i + 1),
				timing->times.values[i]);
	(void)saw_value(into, NODE_TEST_START_MEDIAN, timing->device, summary.median);
	(void)saw_value(into, NODE_TEST_START_SPREAD, timing->device, 100 * summary.spread);
	if (command->bytes > 0 && summary.median > 0)
		(void)saw_value(into, NODE_TEST_START_RATE, timing->device,
				(double)command->bytes / summary.median);
	if (command->path_gb_per_s > 0)
		(void)saw_value(into, NODE_TEST_START_PATH, timing->device,
				command->path_gb_per_s * giga / bits_per_byte);
}

static void time_command(struct active_run *run, const struct start_command *command)
{
	struct error err = { .code = ERROR_NONE };
	struct timing timing = {
		.run = run,
		.command = command,
		.device = arena_format(run->arena, "start:%s", command->name),
		.as_nobody = !command->as_caller && geteuid() == 0,
	};
	bool good = repeat(&timing, &err);

	/* The runs before the end of the test count; the last one was not done. */
	if (timing.times.count > 0 && (good || run->end != ACTIVE_DONE)) {
		say(&timing);
		return;
	}
	/* What is not installed was not asked for by anybody. */
	if (command->need_not_be && run->end == ACTIVE_DONE &&
	    (err.code == ERROR_MISSING || strstr(err.text, "exit status 127") ||
	     strstr(err.text, "No module named")))
		return;
	(void)saw_state(run->sightings, NODE_TEST_START_KIND, timing.device,
			start_kind_names[command->kind]);
	(void)saw_unknown(run->sightings, NODE_TEST_START_MEDIAN, timing.device, "%s",
			  err.code != ERROR_NONE ? err.text : "ended before it was done");
}

/* When systemd had started all that it starts, from the start of the kernel on; false when it is
 * not told. */
static bool find_boot_end(struct active_run *run, double *ret_s)
{
	static const char *const words[] = { "systemctl", "show",
					     "--property=FinishTimestampMonotonic", "--value",
					     NULL };
	struct process_result result;
	struct span text;
	uint64_t us;

	if (!active_process(run, words, aside, &result, NULL) || result.status != 0)
		return false;
	text = result.said;
	while (text.length > 0 && text.at[text.length - 1] == '\n')
		text.length--;
	if (!span_to_u64(text, &us) || us == 0)
		return false;
	*ret_s = (double)us / us_per_s;
	return true;
}

static void see_boot(struct active_run *run, uint64_t created)
{
	const struct record *booted = active_seen(run->request, NODE_BOOTED, NULL);
	double end_s;

	if (!find_boot_end(run, &end_s)) {
		(void)saw_unknown(run->sightings, NODE_TEST_START_BOOT, "boot:kernel",
				  "systemd does not tell when the start-up was over");
		return;
	}
	(void)saw_value(run->sightings, NODE_TEST_START_BOOT, "boot:kernel", end_s);
	if (created == 0)
		return;
	if (!booted || booted->value < (double)created)
		(void)saw_unknown(run->sightings, NODE_TEST_START_BOOT, "boot:instance",
				  "the kernel did not start after the instance was created");
	else
		(void)saw_value(run->sightings, NODE_TEST_START_BOOT, "boot:instance",
				booted->value - (double)created + end_s);
}

static void run(struct active_run *run)
{
	struct start_commands commands;
	struct error err;

	if (!read_commands(run->request, run->arena, &commands, &err)) {
		active_fails(run, "%s", err.text);
		return;
	}
	see_boot(run, commands.instance_created);
	for (size_t i = 0; i < commands.count && active_goes_on(run); i++)
		time_command(run, &commands.items[i]);
}

static const char *const judged_by[] = { "start-import",     "start-package-install",
					 "start-image-pull", "start-model-download",
					 "start-boot",       NULL };

const struct active_test active_start = {
	.name = "start",
	.group = "start",
	.title = "how long programs, packages, images and models take to start",
	.profiles = 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
