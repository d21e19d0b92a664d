#include "active/locate_leaves.h"
#include "active/locate_say.h"
#include "active/locate_words.h"
#include "cli/fabric_place.h"
#include "cli/interrupt.h"
#include "cli/node.h"
#include "evidence/random.h"
#include "host/system.h"
#include "report/locate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S 1000000000ll

enum {
	SHOW_EVERY_NS = 200000000,
	SECONDS_USUAL = 3,
	LIMIT_USUAL_S = 1800,
	ENVIRONMENT_MAXIMUM = 32,
	TOKEN_WORDS = 2,
};

struct search {
	const struct session *session;
	struct locate_hosts hosts;
	struct locate_plan plan;
	int64_t shown_ns;
	bool shows;
};

static void show(void *context, const struct locate_run *run, const char *what)
{
	SCOPED_ARENA(arena);
	struct search *search = context;
	int64_t now_ns = host_boot_ns(search->session->host);

	if (!search->shows || now_ns - search->shown_ns < SHOW_EVERY_NS)
		return;
	search->shown_ns = now_ns;
	(void)fprintf(stderr, "\r\033[K%s, %.200s", what, locate_line(run, &arena));
}

/* Words between blanks; nothing is quoted, and no shell sees them. */
static bool read_launcher(const char *text, struct arena *arena, const char *const **ret_words,
			  struct error *err)
{
	const char **words = ARENA_ARRAY(arena, const char *, LOCATE_WORDS_MAXIMUM + 1);
	struct span rest = span_trim(span_of(text));
	bool has_host = false;
	size_t count = 0;

	while (rest.length > 0) {
		struct span word;

		(void)span_cut(&rest, ' ', &word);
		rest = span_trim(rest);
		if (word.length == 0)
			continue;
		if (count == LOCATE_WORDS_MAXIMUM)
			return fail(err, ERROR_LIMIT, "--launch: more than %d words",
				    LOCATE_WORDS_MAXIMUM);
		words[count] = arena_string(arena, word);
		has_host = has_host || strstr(words[count], "{}");
		count++;
	}
	if (!has_host)
		return fail(err, ERROR_INVALID,
			    "--launch '%s': {} has to stand where the host's name goes, as in "
			    "'ssh -tt {}'; or give ssh or srun",
			    text);
	*ret_words = words;
	return true;
}

static bool choose_launcher(const struct options *options, struct arena *arena,
			    const char *const **ret_words, struct error *err)
{
	/* With a terminal of its own a program ends when its launcher does. */
	static const char ssh[] = "ssh -tt -o BatchMode=yes -o ConnectTimeout=5 -o LogLevel=ERROR "
				  "-- {}";
	static const char srun[] = "srun --quiet --nodes=1 --ntasks=1 --overlap --immediate=5 "
				   "--kill-on-bad-exit=1 --nodelist={}";
	const char *text = options->launch ? options->launch : "ssh";

	if (strcmp(text, "ssh") == 0)
		text = ssh;
	else if (strcmp(text, "srun") == 0)
		text = srun;
	return read_launcher(text, arena, ret_words, err);
}

static bool choose_tool(const struct options *options, enum locate_tool *ret_tool,
			struct error *err)
{
	for (unsigned i = 0; i < LOCATE_TOOL_COUNT; i++) {
		if (options->tool && strcmp(options->tool, locate_tool_names[i]) != 0)
			continue;
		*ret_tool = (enum locate_tool)i;
		return true;
	}
	return fail(err, ERROR_INVALID, "--with %s: it is iperf3, ib_write_bw or nccl",
		    options->tool);
}

static bool is_device(struct span word)
{
	for (size_t i = 0; i < word.length; i++) {
		char c = word.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || ((c == '-' || c == '.') && i > 0)))
			return false;
	}
	return word.length > 0;
}

/* "mlx5_0,mlx5_1": a rail each. */
static bool read_devices(struct search *search, struct error *err)
{
	const char *text = search->session->options->devices;
	const char **devices =
		ARENA_ARRAY(search->session->arena, const char *, LOCATE_RAILS_MAXIMUM + 1);
	struct span rest = span_of(text);
	struct span word;
	unsigned count = 0;

	if (!text)
		return true;
	while (span_cut(&rest, ',', &word)) {
		if (count == LOCATE_RAILS_MAXIMUM || !is_device(word))
			return fail(err, ERROR_INVALID,
				    "--devices %s: name them as mlx5_0,mlx5_1, %d at most", text,
				    LOCATE_RAILS_MAXIMUM);
		for (unsigned i = 0; i < count; i++)
			if (span_is(word, devices[i]))
				return fail(err, ERROR_INVALID,
					    "--devices %s: %s stands there twice; a rail is a "
					    "device of its own",
					    text, devices[i]);
		devices[count++] = arena_string(search->session->arena, word);
	}
	search->plan.devices = devices;
	search->plan.options.rails = count;
	return true;
}

static bool read_named(struct search *search, struct error *err)
{
	const struct session *session = search->session;
	const struct options *options = session->options;
	struct span text;

	if (options->hosts && options->argument_count > 0)
		return fail(err, ERROR_INVALID, "name hosts by --hosts or as words, not both");
	if (!options->hosts)
		return locate_hosts_of(options->arguments, options->argument_count, session->arena,
				       &search->hosts, err);
	return host_read(session->host, options->hosts, LOCATE_HOSTS_BYTES_MAXIMUM, session->arena,
			 &text, err) &&
	       locate_hosts_read(text, options->hosts, session->arena, &search->hosts, err);
}

/* Rails are what devices name, else what hosts have an address for; NCCL chooses adapters itself,
 * whatever the addresses. */
static bool choose_rails(struct search *search, struct error *err)
{
	const char *how = search->session->options->rails;
	struct locate_plan *plan = &search->plan;
	bool is_nccl = plan->tool == LOCATE_NCCL;

	if (!plan->devices)
		plan->options.rails = is_nccl ? 1 : search->hosts.rails;
	if (how && strcmp(how, "each") != 0 && strcmp(how, "together") != 0)
		return fail(err, ERROR_INVALID, "--rails %s: it is each or together", how);
	/* All GPUs send over the one adapter: two rails at once would share them. */
	if (how && is_nccl && strcmp(how, "together") == 0)
		return fail(err, ERROR_INVALID,
			    "--rails together: with nccl it is one adapter after the other");
	plan->is_rail_by_rail = is_nccl || (how && strcmp(how, "each") == 0);
	return true;
}

/* New for every search. Who reads command lines on one of the hosts can read it, while it is of
 * use. */
static const char *make_token(struct arena *arena)
{
	uint64_t words[TOKEN_WORDS];

	random_secret(words, sizeof(words));
	return arena_format(arena, "%016llx%016llx", (unsigned long long)words[0],
			    (unsigned long long)words[1]);
}

static void say_left_out(const struct session *session, const struct placement *placement,
			 uint32_t taken)
{
	uint32_t left = placement->host_count - taken;

	if (left > 0)
		session_note(session,
			     "%u host%s of the fabric %s left out: nothing names them, or they are "
			     "on no leaf of the compute fabric; assay fabric describe says which",
			     left, left == 1 ? "" : "s", left == 1 ? "is" : "are");
}

/* As they are named, each on the leaf that the fabric has it on; without names all of the fabric.
 */
static bool read_hosts(struct search *search, struct error *err)
{
	const struct session *session = search->session;
	const struct options *options = session->options;
	bool is_named = options->hosts || options->argument_count > 0;
	struct placement placement;

	if (!is_named && options->fabric_count == 0)
		return fail(err, ERROR_INVALID,
			    "name the hosts, or give a list (--hosts) or their fabric (--fabric)");
	if (options->fabric_count == 0)
		return read_named(search, err);
	if ((is_named && !read_named(search, err)) ||
	    !fabric_place(session, options->fabrics, options->fabric_count, &placement, NULL, err))
		return false;
	if (!is_named) {
		if (!locate_hosts_placed(&placement, session->arena, &search->hosts, err))
			return false;
		say_left_out(session, &placement, search->hosts.count);
	}
	return locate_hosts_place(&search->hosts, &placement, session->arena, err);
}

/* What launchers find their user, keys and job by. */
static const char *const *pass_on(struct arena *arena)
{
	static const char *const names[] = {
		"HOME",
		"USER",
		"LOGNAME",
		"SSH_AUTH_SOCK",
		"KRB5CCNAME",
		"KUBECONFIG",
		"SLURM_CONF",
		"SLURM_JOB_ID",
		"SLURM_JOBID",
		"SLURM_NODELIST",
		"SLURM_JOB_NODELIST",
		"SLURM_CLUSTERS",
	};
	const char **environment = ARENA_ARRAY(arena, const char *, ENVIRONMENT_MAXIMUM);
	size_t count = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value)
			environment[count++] = arena_format(arena, "%s=%s", names[i], value);
	}
	return environment;
}

static bool read_plan(struct search *search, struct error *err)
{
	const struct options *options = search->session->options;
	struct locate_plan *plan = &search->plan;

	*plan = (struct locate_plan){
		.here = search->session->host,
		.hosts = &search->hosts,
		.options = locate_defaults,
		.environment = pass_on(search->session->arena),
		.seconds = options->seconds ? (unsigned)options->seconds : SECONDS_USUAL,
		.port = options->first_port ? (unsigned)options->first_port : LOCATE_PORT,
		.limit_ns = (int64_t)(options->duration_s ? options->duration_s : LIMIT_USUAL_S) *
			    NS_PER_S,
		.is_stopped = interrupted,
		.show = show,
		.context = search,
	};
	plan->options.seed = options->seed;
	if (options->slow_percent > 0)
		plan->options.slow = options->slow_percent / 100;
	if (options->rounds > 0)
		plan->options.rounds = (unsigned)options->rounds;
	if (plan->options.screens > plan->options.rounds)
		plan->options.screens = plan->options.rounds;
	plan->options.expected = options->expected_gbit * 1e9 / 8;
	if (!read_hosts(search, err))
		return false;
	plan->token = make_token(search->session->arena);
	return choose_tool(options, &plan->tool, err) && read_devices(search, err) &&
	       choose_rails(search, err) &&
	       choose_launcher(options, search->session->arena, &plan->launcher, err);
}

/* What would be done, for who has not consented yet. */
static int tell_plan(const struct search *search)
{
	const struct locate_plan *plan = &search->plan;
	struct text *into = search->session->output;
	const char *note = locate_leaves_note(&search->hosts, search->session->arena);
	unsigned rails = plan->options.rails;

	text_format(into, "%u hosts would be loaded in pairs by %s, %u rail%s%s, for %u s %s, ",
		    search->hosts.count, locate_tool_names[plan->tool], rails,
		    rails == 1 ? "" : "s",
		    rails == 1              ? ""
		    : plan->is_rail_by_rail ? " one after the other"
					    : " together",
		    plan->seconds,
		    locate_is_both_ways(plan) ? "in both directions at once" : "in each direction");
	text_format(into, "in %u to %u rounds, through:\n ", plan->options.screens,
		    plan->options.rounds);
	for (const char *const *word = plan->launcher; *word; word++)
		text_format(into, " %s", *word);
	text_add(into, "\n");
	if (search->hosts.leaf_count > 0)
		text_format(into, "They are on %u %s.%s%s\n", search->hosts.leaf_count,
			    search->hosts.leaf_count == 1 ? "leaf" : "leaves",
			    note[0] != '\0' ? " " : "", note);
	text_format(into, "Ports %u to %u are listened at meanwhile. To do it: --consent load\n",
		    plan->port, plan->port + 4 * rails - 1);
	return STATUS_UNKNOWN;
}

static int status_of(const struct locate_run *run)
{
	bool is_open = run->cut != NULL;

	for (unsigned i = 0; i < LOCATE_STAGE_COUNT; i++) {
		struct locate_tally tally = locate_tally(&run->of[i]);

		if (tally.of[LOCATE_FAULTY] > 0)
			return STATUS_FAILS;
		is_open = is_open || tally.of[LOCATE_OPEN] > 0 || tally.of[LOCATE_UNTESTED] > 0;
	}
	return is_open || run->away > 0 ? STATUS_UNKNOWN : STATUS_GOOD;
}

/* As evidence, of the machine that asked. */
static bool keep(const struct session *session, const struct locate_run *found, struct error *err)
{
	struct sightings sightings;
	struct subject subject;

	if (!session->options->bundle)
		return true;
	if (!node_subject(session, session->host, &subject, err))
		return false;
	sightings_start(&sightings, &subject, session->host, session->arena);
	locate_say(found, &sightings);
	return node_write_bundle(session, &sightings, err);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct search search = {
		.session = session,
		.shows = !options->quiet && isatty(STDERR_FILENO),
	};
	struct locate_run found;

	if (!read_plan(&search, err) || !node_check_bundle(session, err))
		return STATUS_ERROR;
	if (options->consent && strcmp(options->consent, "load") != 0)
		return fail(err, ERROR_INVALID, "--consent %s: it is load", options->consent),
		       STATUS_USAGE;
	if (!options->consent)
		return tell_plan(&search);
	interrupts_catch();
	if (!locate_go(&search.plan, session->arena, &found, err))
		return STATUS_ERROR;
	if (search.shows)
		(void)fputs("\r\033[K", stderr);
	if (!keep(session, &found, err))
		return STATUS_ERROR;
	locate_write(&found, options->all, options->format, &style, session->output);
	return status_of(&found);
}

const struct command command_fabric_locate = {
	.name = "fabric locate",
	.arguments = "[HOST...]",
	.summary = "find the slow node or link of a cluster",
	.text = "Measures pairs of hosts side by side, each round with other partners, until it "
		"is known which of them are slow, lose packets or come and go: about six rounds "
		"for a thousand hosts. HOST is NAME or NAME=ADDRESS[,ADDRESS...], an address a "
		"rail; --hosts takes a file of lines 'NAME [ADDRESS[,ADDRESS...]] [leaf=LEAF]'; "
		"with --fabric alone all hosts of that fabric are taken. "
		"When leaves are told, hosts are judged inside of their leaf first and then the "
		"ways between leaves. Without --consent load the plan is printed.",
	.options = TAKES_FABRIC_LOCATE | TAKES_SUBJECT | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON,
	.arguments_minimum = 0,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
