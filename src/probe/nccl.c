#include "probe/nccl.h"

#include <string.h>

#include "host/system.h"
#include "probe/probe.h"
#include "probe/setting.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	FILE_MAXIMUM = 256 << 10,
	ENVIRONMENT_MAXIMUM = 1 << 20,
	LINES_MAXIMUM = 512, /* faulty ones of one file that are told */
	SHOWN_MAXIMUM = 64,  /* bytes of a name that is shown */
};

/* Names that begin like NCCL's and belong to somebody else: frameworks that ask for them, images
 * and builds that are described by them. */
static const char *const of_others[] = {
	"NCCL_ASYNC_ERROR_HANDLING",
	"NCCL_BLOCKING_WAIT",
	"NCCL_DESYNC_DEBUG",
	"NCCL_ENABLE_TIMING",
	"NCCL_HOME",
	"NCCL_INCLUDE_DIR",
	"NCCL_INCLUDE_PATH",
	"NCCL_LIB_DIR",
	"NCCL_LIB_PATH",
	"NCCL_PATH",
	"NCCL_ROOT",
	"NCCL_ROOT_DIR",
	"NCCL_TESTS_SPLIT",
	"NCCL_TESTS_SPLIT_MASK",
	"NCCL_TEST_HOME",
	"NCCL_TRACE_BUFFER_SIZE",
	"NCCL_VERSION",
};

struct span nccl_variable(const struct nccl_search *search, const char *name)
{
	struct span rest = search->environment, one, key;

	while (span_cut(&rest, '\0', &one))
		if (span_cut(&one, '=', &key) && span_is(key, name))
			return one;
	return SPAN("");
}

/* What may stand in a record of a name: a word. */
static const char *shown(struct span name, struct arena *arena)
{
	size_t length = name.length < SHOWN_MAXIMUM ? name.length : SHOWN_MAXIMUM;
	char *text = arena_take(arena, length + 1);

	for (size_t i = 0; i < length; i++) {
		char c = name.at[i];
		bool sound = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			     (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';

		text[i] = sound ? c : '_';
	}
	return length > 0 ? text : "-";
}

static const char *near_of(const struct nccl_search *search, struct span name)
{
	struct span nearest = nccl_library_nearest(&search->main, name);

	return nearest.length > 0 ? arena_format(search->arena, " near:%.*s", SPAN_ARGS(nearest))
				  : "";
}

/* One file while it is read. */
struct reading {
	struct nccl_search *search;
	const char *path;
	struct setting_list *list; /* where its settings go; NULL for nowhere */
	const char *where;         /* "nccl" */
	size_t told;
};

static void tell_line(struct reading *reading, const struct nccl_line *line, unsigned number,
		      bool is_repeated)
{
	struct nccl_search *search = reading->search;
	struct arena *arena = search->arena;
	/* What has no '=' may be anything, and is nobody's business. */
	bool is_secret = line->faults & 1u << NCCL_NO_VALUE && !span_starts(line->meant, "NCCL_");
	bool is_strange = line->faults & 1u << NCCL_FOREIGN;
	SCOPED_TEXT(words);

	if (reading->told++ >= LINES_MAXIMUM)
		return;
	for (unsigned i = 0; i < NCCL_FAULT_COUNT; i++)
		if (line->faults & 1u << i)
			text_format(&words, "%s%s", words.length > 0 ? "," : "",
				    nccl_fault_words[i]);
	if (is_repeated)
		text_format(&words, "%srepeated", words.length > 0 ? "," : "");
	if (line->is_number)
		text_add(&words, ",number");
	text_format(&words, " %s%s", is_secret ? "-" : shown(line->meant, arena),
		    is_strange ? near_of(search, line->meant) : "");
	(void)saw_state(search->sightings, NODE_NCCL_LINE,
			arena_format(arena, "nccl-line:%u:%s", number, reading->path),
			text_string(&words));
}

/* The first of a name counts. */
static bool take(struct reading *reading, const struct nccl_line *line)
{
	const struct setting *before;
	const char *name;

	if (!reading->list || line->faults & 1u << NCCL_NO_VALUE ||
	    !span_starts(line->name, "NCCL_") || !conf_is_name(line->name))
		return false;
	name = arena_format(reading->search->arena, "%s:%.*s", reading->where,
			    SPAN_ARGS(line->name));
	before = setting_find(reading->list, name);
	if (before && before->is_set)
		return true;
	setting_put(reading->list, reading->where, line->name, line->value);
	return false;
}

static void read_text(struct reading *reading, struct span text)
{
	struct nccl_file file = { .rest = text };
	struct nccl_line line;

	while (nccl_file_next(&file, &line)) {
		bool is_repeated = take(reading, &line);

		if (line.faults != 0 || is_repeated)
			tell_line(reading, &line, file.line, is_repeated);
	}
}

/* False when it is not known what the file has. */
static bool read_file(struct reading *reading, const struct host *host)
{
	struct nccl_search *search = reading->search;
	const char *device = arena_format(search->arena, "nccl-file:%s", reading->path);
	struct error err = { 0 };
	struct span text;

	if (host_peek(host, reading->path, FILE_MAXIMUM, search->arena, &text, &err)) {
		(void)saw_state(search->sightings, NODE_NCCL_FILE, device, "read");
		read_text(reading, text);
		return true;
	}
	if (err.code == ERROR_MISSING)
		(void)saw_state(search->sightings, NODE_NCCL_FILE, device, "absent");
	else
		(void)saw_unknown(search->sightings, NODE_NCCL_FILE, device, "%s", err.text);
	return err.code == ERROR_MISSING;
}

/* NCCL_CONF_FILE takes the place of the user's file, even if it names none that is there. */
static const char *user_file(const struct nccl_search *search)
{
	struct span named = nccl_variable(search, "NCCL_CONF_FILE");
	struct span home = nccl_variable(search, "HOME");

	if (named.length > 0)
		return arena_string(search->arena, named);
	if (home.length == 0 || home.at[0] != '/')
		return NULL;
	return arena_format(search->arena, "%.*s/.nccl.conf", SPAN_ARGS(home));
}

static struct setting_list *new_list(struct nccl_search *search)
{
	struct setting_list *list = ARENA_NEW(search->arena, struct setting_list);

	list->arena = search->arena;
	return list;
}

static void read_machine(struct nccl_search *search)
{
	const struct setting_look look = { &search->host, search->sightings, search->arena };
	struct setting_list *own = new_list(search), *system = new_list(search);
	const char *path = user_file(search);

	if (path) {
		struct reading user = { search, path, own, "nccl-user", 0 };

		(void)read_file(&user, &search->host);
		setting_list_see(&look, own, NULL);
	}
	/* What it sets is told among the settings already. */
	struct reading file = { search, "/etc/nccl.conf", system, "nccl", 0 };
	(void)read_file(&file, search->request->host);
}

/* What is judged by not being set, too. */
static const char *const expected[] = { "NCCL_ALGO", "NCCL_PROTO", "NCCL_MIN_NCHANNELS",
					"NCCL_IB_HCA" };

static void read_given(struct nccl_search *search)
{
	const struct nccl_request *request = search->request;
	const struct setting_look look = { &search->host, search->sightings, search->arena };
	struct setting_list *list = new_list(search);
	bool is_known = true;

	for (size_t i = 0; i < COUNT(expected); i++)
		setting_expect(list, "nccl", expected[i]);
	for (size_t i = 0; i < request->file_count; i++) {
		struct reading file = { search, request->files[i], list, "nccl", 0 };

		is_known = read_file(&file, request->files_host) && is_known;
	}
	setting_list_see(&look, list, is_known ? NULL : "a file that was named is not readable");
}

static bool is_of_others(const char *name)
{
	for (size_t i = 0; i < COUNT(of_others); i++)
		if (strcmp(of_others[i], name) == 0)
			return true;
	return false;
}

static void tell_name(struct nccl_search *search, const char *name)
{
	const char *device = arena_format(search->arena, "nccl-name:%s", name);
	struct span span = span_of(name);
	const char *state;

	if (nccl_library_knows(&search->main, span) || strcmp(name, "NCCL_CONF_FILE") == 0)
		state = "known";
	else if (nccl_library_knows(&search->plugins, span))
		state = "plug-in";
	else if (is_of_others(name))
		state = "elsewhere";
	else
		state = arena_format(search->arena, "absent%s", near_of(search, span));
	(void)saw_state(search->sightings, NODE_NCCL_NAME, device, state);
}

/* The name of "setting:env:NCCL_X"; NULL when the record is about none, or it is not set. */
static const char *set_name(const struct record *record)
{
	static const char *const places[] = { "setting:env:", "setting:nccl:",
					      "setting:nccl-user:" };
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	if (strcmp(record->what, measures[NODE_SETTING].name) != 0 || !device ||
	    record->says != SAYS_STATE || strcmp(record->text, "unset") == 0)
		return NULL;
	for (size_t i = 0; i < COUNT(places); i++) {
		size_t length = strlen(places[i]);

		if (strncmp(device, places[i], length) == 0 &&
		    strncmp(device + length, "NCCL_", 5) == 0)
			return device + length;
	}
	return NULL;
}

static void tell_names(struct nccl_search *search)
{
	size_t before = search->sightings->count;

	for (size_t i = 0; i < before; i++) {
		const char *name = set_name(&search->sightings->items[i]);
		bool is_told = !name;

		for (size_t k = 0; k < i && !is_told; k++) {
			const char *earlier = set_name(&search->sightings->items[k]);

			is_told = earlier && strcmp(earlier, name) == 0;
		}
		if (!is_told)
			tell_name(search, name);
	}
}

void nccl_look(const struct nccl_request *request, struct sightings *sightings)
{
	SCOPED_ARENA(scratch);
	struct nccl_search search = {
		.request = request,
		.sightings = sightings,
		.arena = &scratch,
		.host = *request->host,
	};

	/* Neither libraries nor what users keep goes into a recording. */
	search.host.recorder = NULL;
	if (!host_peek(&search.host, "/proc/self/environ", ENVIRONMENT_MAXIMUM, &scratch,
		       &search.environment, NULL))
		search.environment = SPAN("");
	nccl_find_libraries(&search);
	if (request->file_count > 0)
		read_given(&search);
	else
		read_machine(&search);
	nccl_find_plugins(&search);
	if (search.has_library)
		tell_names(&search);
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	const struct nccl_request nccl = { .host = request->host };

	if (request->shares & PROBE_FULL)
		nccl_look(&nccl, sightings);
}

const struct probe probe_nccl = {
	.name = "nccl",
	.title = "NCCL and its settings",
	.shares = PROBE_FULL,
	.look = look,
};
