#include "report/report.h"

#include <string.h>

#include "cli/advice.h"
#include "cli/trends.h"
#include "report/site_market.h"

enum {
	TWIN_MAXIMUM = 256 << 20,
	DEPTH_MAXIMUM = 8,
};

/* A folder that this command wrote once: the rating lies beside the first page. */
static bool is_ours(const struct session *session, const char *folder)
{
	SCOPED_ARENA(scratch);
	const char *index = arena_format(&scratch, "%s/index.html", folder);
	const char *twin = arena_format(&scratch, "%s/rating.json", folder);
	struct span text;

	return host_kind(session->host, index) == HOST_FILE &&
	       host_read(session->host, twin, TWIN_MAXIMUM, &scratch, &text, NULL) &&
	       strstr(text.at, "\"assay/league/v1\"") != NULL;
}

static bool expect_free(const struct session *session, const char *folder, struct error *err)
{
	const char *const *names = NULL;
	size_t count = 0;

	switch (host_kind(session->host, folder)) {
	case HOST_NOTHING:
		return true;
	case HOST_FILE:
	case HOST_OTHER:
		return fail(err, ERROR_CONFLICT, "'%s' is not a folder; name another", folder);
	case HOST_FOLDER:
		break;
	}
	if (!host_list(session->host, folder, session->arena, &names, &count, err))
		return false;
	if (count == 0 || is_ours(session, folder))
		return true;
	return fail(err, ERROR_CONFLICT,
		    "'%s' holds something else than a report of assay; name an empty or a new "
		    "folder",
		    folder);
}

/* Removes a folder with all it holds; what cannot be removed stays. */
static void remove_folder(const struct session *session, const char *folder, unsigned depth)
{
	const char *const *names = NULL;
	size_t count = 0;

	if (depth > DEPTH_MAXIMUM ||
	    !host_list(session->host, folder, session->arena, &names, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_format(session->arena, "%s/%s", folder, names[i]);

		/* A link is removed, never followed. */
		if (!host_remove_file(session->host, path, NULL))
			remove_folder(session, path, depth + 1);
	}
	(void)host_remove_folder(session->host, folder, NULL);
}

static bool write_file(const struct session *session, const char *folder,
		       const struct site_file *file, struct error *err)
{
	const char *path = arena_format(session->arena, "%s/%s", folder, file->path);
	const char *parent = arena_string(
		session->arena,
		(struct span){ .at = path, .length = (size_t)(strrchr(path, '/') - path) });

	return host_make_folder(session->host, parent, err) &&
	       host_write_draft(session->host, path, file->content, err);
}

static bool write_site(const struct session *session, const struct site *site, const char *folder,
		       struct error *err)
{
	for (size_t i = 0; i < site->count; i++) {
		if (!write_file(session, folder, &site->files[i], err))
			return false;
	}
	return host_sync(session->host, folder, err);
}

/* A hidden name beside the folder, on the same file system: "a/.site.assay-new". */
static const char *name_beside(const struct session *session, const char *folder, const char *end)
{
	const char *slash = strrchr(folder, '/');
	struct span parent = { .at = folder, .length = slash ? (size_t)(slash - folder) + 1 : 0 };

	return arena_format(session->arena, "%.*s.%s.assay-%s", SPAN_ARGS(parent),
			    slash ? slash + 1 : folder, end);
}

/* Puts the new folder in place of the old one, which is back in its place on failure. */
static bool swap_in(const struct session *session, const char *fresh, const char *folder,
		    struct error *err)
{
	const char *old = name_beside(session, folder, "old");
	bool replaces = host_kind(session->host, folder) == HOST_FOLDER;

	remove_folder(session, old, 0);
	if (replaces && !host_rename(session->host, folder, old, err))
		return false;
	if (!host_rename(session->host, fresh, folder, err)) {
		if (replaces)
			(void)host_rename(session->host, old, folder, NULL);
		return false;
	}
	remove_folder(session, old, 0);
	return true;
}

/* The folder's name without slashes at its end. */
static const char *plain_name(const struct session *session, const char *given)
{
	struct span name = span_of(given);

	while (name.length > 1 && name.at[name.length - 1] == '/')
		name.length--;
	return arena_string(session->arena, name);
}

/* What the market page shows besides the evidence. */
struct extra {
	struct trend_report trend;
	struct effective_offers offers;
	struct effective_report effective;
	struct parameters assumptions;
	struct need need;
	struct advice advice;
};

static bool load_effective(const struct session *session, struct extra *extra, struct error *err)
{
	const struct options *options = session->options;
	const struct effective_draws draws = { .seed = options->seed, .count = options->draws };
	struct span text;

	if (!host_read(session->host, options->effective, YAML_BYTES_MAXIMUM, session->arena, &text,
		       err) ||
	    !effective_read(text, options->effective, session->arena, &extra->offers, err))
		return false;
	effective_report_make(&extra->offers, &draws, session->arena, &extra->effective);
	return true;
}

/* Fills `ret_site` with what the options name. */
static bool load_extra(const struct session *session, const struct loaded *loaded,
		       struct market *market, struct extra *extra, struct site_market *ret_site,
		       struct error *err)
{
	const struct options *options = session->options;

	*ret_site = (struct site_market){ 0 };
	if (options->need && !options->market)
		return fail(err, ERROR_MISSING, "--need '%s' is held against prices; give --market",
			    options->need);
	if (options->effective) {
		if (!load_effective(session, extra, err))
			return false;
		ret_site->effective = &extra->effective;
	}
	if (options->market) {
		if (!load_trends(session, &options->market, 1, market, &extra->trend, err))
			return false;
		ret_site->trend = &extra->trend;
	}
	if (options->need) {
		need_init(&extra->need);
		assumptions_init(&extra->assumptions);
		if (!load_need(session, options->need, &extra->need, err) ||
		    !advice_on(
			    session,
			    &(struct asking){ &extra->need, &extra->assumptions, market, loaded },
			    &extra->advice, err))
			return false;
		ret_site->advice = &extra->advice;
	}
	return true;
}

static int run(const struct session *session, struct error *err)
{
	struct extra *extra = ARENA_NEW(session->arena, struct extra);
	const char *folder = plain_name(session, session->options->arguments[0]);
	const char *fresh = name_beside(session, folder, "new");
	struct site site = { 0 };
	struct site_market shown;
	SCOPED_LOADED(loaded);
	SCOPED_MARKET(market);

	if (!expect_free(session, folder, err) || !load_rating(session, &loaded, err) ||
	    !load_extra(session, &loaded, &market, extra, &shown, err))
		return STATUS_ERROR;
	site_make(site_context_new(&loaded.rating, &shown, 0, session->arena), &site);
	remove_folder(session, fresh, 0);
	if (!write_site(session, &site, fresh, err) || !swap_in(session, fresh, folder, err)) {
		remove_folder(session, fresh, 0);
		return STATUS_ERROR;
	}
	session_note(session, "%zu files written to '%s'; open '%s/index.html'", site.count, folder,
		     folder);
	return STATUS_GOOD;
}

const struct command command_report = {
	.name = "report",
	.arguments = "DIR",
	.summary = "write the rating as a site of static pages",
	.text = "Writes the rating as static pages into the folder DIR, whole or not at all: a "
		"folder "
		"that holds an older report is replaced at the end, any other must be empty or "
		"new. The market page shows the prices in the evidence; with --market the trend of "
		"prices, with --need what that job costs by rental model, with --effective what "
		"the quotes in a file are worth.",
	.options = TAKES_STANDARD | TAKES_EVIDENCE | TAKES_STORE | TAKES_RATING | TAKES_SITE,
	.arguments_minimum = 1,
	.arguments_maximum = 1,
	.run = run,
};
