#include "cli/quotes.h"

#include <string.h>

#include "base/grow.h"
#include "cli/stored.h"
#include "host/stream.h"
#include "store/quotes.h"

enum {
	TABLE_FILE_MAXIMUM = 4 << 20,
	FOLDER_DEPTH_MAXIMUM = 16,
	FILES_MAXIMUM = 1 << 20,
	SECONDS_PER_DAY = 86400,
	DAY_LENGTH = 10, /* "2026-07-05" */
};

/* ---- what is known before prices are read ---- */

static const char *const catalogue_files[] = { "market/gpu.tsv", "market/product.tsv",
					       "market/provider.tsv" };

static bool read_table(const struct session *session, const char *name, const char **ret_path,
		       struct span *ret_text, struct error *err)
{
	*ret_path = find_installed(session, name);
	if (!*ret_path)
		return fail(err, ERROR_MISSING,
			    "'%s' is not installed beside this program; set ASSAY_DATA", name);
	return host_read(session->host, *ret_path, TABLE_FILE_MAXIMUM, session->arena, ret_text,
			 err);
}

bool load_catalogue(const struct session *session, struct catalogue *ret_catalogue,
		    struct exchange *ret_exchange, struct error *err)
{
	const char *rates = session->options->rates;
	const char *paths[3] = { 0 };
	struct span texts[3] = { 0 }, text = { 0 };

	for (unsigned i = 0; i < 3; i++) {
		if (!read_table(session, catalogue_files[i], &paths[i], &texts[i], err))
			return false;
	}
	if (!catalogue_read(texts, paths, session->arena, ret_catalogue, err))
		return false;
	if (rates &&
	    !host_read(session->host, rates, TABLE_FILE_MAXIMUM, session->arena, &text, err))
		return false;
	if (!rates && !read_table(session, "market/exchange.tsv", &rates, &text, err))
		return false;
	return exchange_read(text, rates, session->arena, ret_exchange, err);
}

/* ---- finding files ---- */

/* A file that is read, or passed over when no importer claims it. */
struct input {
	const char *path;
	bool is_named; /* on the command line, not found in a folder */
	const struct importer *importer;
	struct stream *stream; /* kept open where it cannot be opened twice */
	bool is_done;
};

struct inputs {
	const struct session *session;
	struct input *items;
	size_t count, room;
	size_t passed_over;
	const char *passed_example;
};

static bool add_input(struct inputs *inputs, const char *path, bool is_named, struct error *err)
{
	if (inputs->count == FILES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "more than %d files; take fewer", FILES_MAXIMUM);
	ARENA_GROW(inputs->session->arena, inputs->items, inputs->count, inputs->room);
	inputs->items[inputs->count++] = (struct input){ .path = path, .is_named = is_named };
	return true;
}

/* All files below the folder, by name; those whose names start with a point are nobody's. */
static bool add_folder(struct inputs *inputs, const char *folder, unsigned depth, struct error *err)
{
	const struct session *session = inputs->session;
	const char *const *names = NULL;
	size_t count = 0;

	if (depth > FOLDER_DEPTH_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "'%s' lies more than %d folders deep; a link may lead in a circle",
			    folder, FOLDER_DEPTH_MAXIMUM);
	if (!host_list(session->host, folder, session->arena, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_format(session->arena, "%s/%s", folder, names[i]);

		if (names[i][0] == '.')
			continue;
		bool done = host_kind(session->host, path) == HOST_FOLDER
				    ? add_folder(inputs, path, depth + 1, err)
				    : add_input(inputs, path, false, err);
		if (!done)
			return false;
	}
	return true;
}

static bool find_inputs(struct inputs *inputs, const char *const *paths, size_t path_count,
			struct error *err)
{
	for (size_t i = 0; i < path_count; i++) {
		bool is_folder = strcmp(paths[i], "-") != 0 &&
				 host_kind(inputs->session->host, paths[i]) == HOST_FOLDER;
		bool done = is_folder ? add_folder(inputs, paths[i], 0, err)
				      : add_input(inputs, paths[i], true, err);
		if (!done)
			return false;
	}
	return true;
}

/* ---- who reads which ---- */

static bool fail_unclaimed(const struct input *input, struct error *err)
{
	SCOPED_TEXT(known);

	for (size_t i = 0; importers[i]; i++)
		text_format(&known, "%s%s", i > 0 ? ", " : "", importers[i]->name);
	return fail(err, ERROR_UNSUPPORTED,
		    "'%s' is of no form that is known; --source NAME says which it is: %s",
		    input->path, text_string(&known));
}

static bool find_given(const struct session *session, const struct importer **ret_importer,
		       struct error *err)
{
	const char *name = session->options->source;
	SCOPED_TEXT(known);

	*ret_importer = name ? importer_find(name) : NULL;
	if (!name || *ret_importer)
		return true;
	for (size_t i = 0; importers[i]; i++)
		text_format(&known, "%s%s", i > 0 ? ", " : "", importers[i]->name);
	return fail(err, ERROR_INVALID, "--source %s: it is one of %s", name, text_string(&known));
}

/* The importer of a file, told from its first bytes. Lists of regions are known even beside files
 * whose form is given. */
static bool choose_importer(struct inputs *inputs, struct input *input,
			    const struct importer *given, struct error *err)
{
	const struct session *session = inputs->session;
	struct stream *stream = NULL;

	if (!stream_open(session->host, input->path, &stream, err))
		return false;
	input->importer = importer_for(input->path, stream_head(stream, IMPORT_HEAD_BYTES));
	if (given && !(input->importer && input->importer->first))
		input->importer = given;
	if (host_kind(session->host, input->path) == HOST_FILE && strcmp(input->path, "-") != 0)
		stream_close(stream);
	else
		input->stream = stream;
	if (input->importer)
		return true;
	if (input->is_named)
		return fail_unclaimed(input, err);
	inputs->passed_over++;
	inputs->passed_example = input->path;
	return true;
}

/* ---- reading ---- */

/* The last day in a path, "2026-07-05.json.gz", "2026-07-05/vms.csv"; DATE_NONE when there is none.
 */
static date_t day_of_path(const char *path)
{
	struct span name = span_of(path);
	date_t day;

	for (size_t i = name.length; i >= DAY_LENGTH; i--) {
		if (date_parse((struct span){ name.at + i - DAY_LENGTH, DAY_LENGTH }, &day))
			return day;
	}
	return DATE_NONE;
}

static bool read_input(const struct session *session, struct input *input, struct book *book,
		       struct availability **regions, struct error *err)
{
	SCOPED_ARENA(arena);
	struct stream *stream = input->stream;
	date_t day = day_of_path(input->path);

	input->is_done = true;
	input->stream = NULL;
	if (!stream && !stream_open(session->host, input->path, &stream, err))
		return false;

	const struct import import = {
		.book = book,
		.regions = regions,
		.file = strcmp(input->path, "-") == 0 ? "standard input" : input->path,
		.source = stream_source(stream),
		.day = day != DATE_NONE ? day : session->options->observed,
		.arena = &arena,
	};
	bool done = input->importer->read(&import, err);
	stream_close(stream);
	return done;
}

/* Those whose importer is `first`, or the others. */
static bool read_inputs(struct inputs *inputs, bool first, struct book *book,
			struct availability **regions, struct error *err)
{
	for (size_t i = 0; i < inputs->count; i++) {
		struct input *input = &inputs->items[i];

		if (!input->importer || input->is_done || input->importer->first != first)
			continue;
		if (!read_input(inputs->session, input, book, regions, err))
			return false;
	}
	return true;
}

static void note_passed_over(const struct inputs *inputs)
{
	if (inputs->passed_over > 0)
		session_note(inputs->session,
			     "%zu file%s of no known form passed over, such as '%s'",
			     inputs->passed_over, inputs->passed_over == 1 ? "" : "s",
			     inputs->passed_example);
}

static void note_pages(const struct session *session, const struct book *book)
{
	if (book->pages > 0 && book->pages == book->pages_followed)
		session_note(session, "each page says that another follows: the last one is "
				      "missing, so that there are more prices");
}

void note_refused(const struct session *session, const struct book *book)
{
	enum refusal most = REFUSAL_NONE;

	for (unsigned i = 1; i < REFUSAL_COUNT; i++) {
		if (book->refused[i].count > book->refused[most].count)
			most = (enum refusal)i;
	}
	if (most == REFUSAL_NONE)
		return;
	session_note(session,
		     "%llu of %llu rows refused, %llu of them because: %s; `assay market import` "
		     "lists all reasons",
		     (unsigned long long)(book->rows - book->kept), (unsigned long long)book->rows,
		     (unsigned long long)book->refused[most].count, refusal_reasons[most]);
}

static bool read_all(struct inputs *inputs, const char *const *paths, size_t path_count,
		     struct book *book, struct error *err)
{
	const struct importer *given = NULL;
	struct availability *regions = NULL;
	bool done = find_given(inputs->session, &given, err) &&
		    find_inputs(inputs, paths, path_count, err);

	for (size_t i = 0; done && i < inputs->count; i++)
		done = choose_importer(inputs, &inputs->items[i], given, err);
	done = done && read_inputs(inputs, true, book, &regions, err) &&
	       read_inputs(inputs, false, book, &regions, err);
	availability_free(regions);
	return done;
}

bool load_quotes(const struct session *session, const char *const *paths, size_t path_count,
		 struct book *book, struct error *err)
{
	struct inputs inputs = { .session = session };
	bool done = read_all(&inputs, paths, path_count, book, err);

	for (size_t i = 0; i < inputs.count; i++)
		stream_close(inputs.items[i].stream);
	if (!done)
		return false;
	note_passed_over(&inputs);
	note_pages(session, book);
	if (!book->streaming)
		note_refused(session, book);
	return true;
}

int64_t end_of_today(const struct session *session)
{
	date_t day =
		session->options->as_of == DATE_NONE ? today(session) : session->options->as_of;

	return ((int64_t)day + 1) * SECONDS_PER_DAY - 1;
}

/* The prices of the store that are known, or were at --known-at. */
static bool load_stored(const struct session *session, struct book *book, struct error *err)
{
	struct store_query query = { .stream = STORE_QUOTES };
	SCOPED_STORE(store);

	return stored_open(session, SQL_READ, &store, err) &&
	       stored_bound(session, store, &query.up_to, err) &&
	       (store_load_quotes(store, &query, book, NULL, err) ||
		fail_while(err, "reading '%s'", store_place(store)));
}

/* The files that stand on the command line, or else the store. */
static bool load_arguments(const struct session *session, struct book *book, struct error *err)
{
	const struct options *options = session->options;

	if (options->argument_count > 0 && options->store)
		return fail(err, ERROR_CONFLICT,
			    "files of prices and --store are two places for the same; `assay store "
			    "import --stream quotes` adds files to a store");
	if (options->argument_count > 0)
		return load_quotes(session, options->arguments, options->argument_count, book, err);
	if (!stored_place(session))
		return fail(err, ERROR_MISSING,
			    "no prices are named; give files or folders, or --store WHERE");
	if (!load_stored(session, book, err))
		return false;
	note_refused(session, book);
	return true;
}

bool load_market(const struct session *session, const char *const *paths, size_t path_count,
		 struct market *ret_market, struct error *err)
{
	if (!load_catalogue(session, &ret_market->catalogue, &ret_market->exchange, err))
		return false;
	ret_market->book.catalogue = &ret_market->catalogue;
	ret_market->book.exchange = &ret_market->exchange;
	ret_market->book.now = end_of_today(session);
	if (paths == session->options->arguments)
		return load_arguments(session, &ret_market->book, err);
	return load_quotes(session, paths, path_count, &ret_market->book, err);
}

void market_release(struct market *market)
{
	book_release(&market->book);
}
