#include "cli/load.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "cli/stored.h"
#include "evidence/bundle.h"

enum {
	FOLDER_DEPTH_MAXIMUM = 16,
	STANDARD_FILE_MAXIMUM = 8 << 20,
	HANDBOOK_FILE_MAXIMUM = 4 << 20,
	SECONDS_PER_DAY = 86400,
};

/* File names as they are found. */
struct paths {
	const char **items;
	size_t count, room;
	struct arena *arena;
};

static void paths_add(struct paths *paths, const char *path)
{
	ARENA_GROW(paths->arena, paths->items, paths->count, paths->room);
	paths->items[paths->count++] = path;
}

static bool ends_with(const char *path, const char *end)
{
	size_t length = strlen(path);
	size_t wanted = strlen(end);

	return length > wanted && strcmp(path + length - wanted, end) == 0;
}

static bool is_yaml(const char *path)
{
	return ends_with(path, ".yaml") || ends_with(path, ".yml");
}

static bool is_lines(const char *path)
{
	return ends_with(path, ".jsonl");
}

static bool is_bundle(const char *path)
{
	return ends_with(path, ".json");
}

/* A name that was listed a moment ago is not there: whoever writes there is not done. */
static bool fail_vanished(const char *path, struct error *err)
{
	return fail(err, ERROR_INVALID,
		    "'%s' vanished while its folder was read, or is a broken link; put it back and "
		    "run again",
		    path);
}

static bool walk(const struct host *host, const char *folder, unsigned depth, struct paths *found,
		 struct error *err)
{
	const char *const *names = NULL;
	size_t count = 0;

	if (depth > FOLDER_DEPTH_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "'%s' lies more than %d folders deep; a link may lead in a circle",
			    folder, FOLDER_DEPTH_MAXIMUM);
	if (!host_list(host, folder, found->arena, &names, &count, err)) {
		bool gone = err->code == ERROR_MISSING && depth > 0;

		return gone ? fail_vanished(folder, err) : false;
	}
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_format(found->arena, "%s/%s", folder, names[i]);
		enum host_kind kind = host_kind(host, path);
		bool wanted =
			names[i][0] != '.' && (is_yaml(path) || is_lines(path) || is_bundle(path));

		if (kind == HOST_FOLDER && names[i][0] != '.') {
			if (!walk(host, path, depth + 1, found, err))
				return false;
		} else if (wanted && kind == HOST_NOTHING) {
			return fail_vanished(path, err);
		} else if (wanted) {
			paths_add(found, path);
		}
	}
	return true;
}

const char *find_installed(const struct session *session, const char *name)
{
	const char *given = getenv("ASSAY_DATA");
	const char *program = host_program_folder(session->host, session->arena);
	const char *const places[] = {
		arena_format(session->arena, "%s/../share/assay/%s", program, name),
		arena_format(session->arena, "%s/../data/%s", program, name),
	};

	if (given && given[0] != '\0')
		return arena_format(session->arena, "%s/%s", given, name);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (host_kind(session->host, places[i]) != HOST_NOTHING)
			return places[i];
	}
	return NULL;
}

/* As host_read of a file that was found by listing its folder. */
static bool read_listed(const struct session *session, const char *path, size_t maximum,
			struct arena *arena, struct span *ret_text, struct error *err)
{
	if (host_read(session->host, path, maximum, arena, ret_text, err))
		return true;
	return err->code == ERROR_MISSING ? fail_vanished(path, err) : false;
}

bool load_standard(const struct session *session, struct standard *ret_standard, struct error *err)
{
	const char *folder = session->options->standard ? session->options->standard
							: find_installed(session, "standard");
	struct paths found = { .arena = session->arena };

	if (!folder)
		return fail(err, ERROR_MISSING,
			    "no standard is installed beside this program; give --standard DIR or "
			    "set ASSAY_DATA");
	if (host_kind(session->host, folder) != HOST_FOLDER)
		return fail(err, ERROR_MISSING,
			    "'%s' is not a folder; --standard is a folder with standard.yaml, "
			    "grades.yaml and criteria/*.yaml",
			    folder);
	if (!walk(session->host, folder, 0, &found, err))
		return false;

	struct standard_file *files =
		ARENA_ARRAY(session->arena, struct standard_file, found.count);
	size_t count = 0;
	for (size_t i = 0; i < found.count; i++) {
		if (!is_yaml(found.items[i]))
			continue;
		files[count].name = found.items[i];
		if (!read_listed(session, found.items[i], STANDARD_FILE_MAXIMUM, session->arena,
				 &files[count].text, err))
			return false;
		count++;
	}
	if (count == 0)
		return fail(err, ERROR_MISSING, "'%s' holds no *.yaml; it is no standard", folder);
	return standard_load(files, count, session->arena, ret_standard, err);
}

bool load_handbook(const struct session *session, struct handbook *ret_handbook, struct error *err)
{
	struct span texts[HANDBOOK_TABLE_COUNT];

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++) {
		const char *path = find_installed(session, handbook_files[i]);

		if (!path)
			return fail(err, ERROR_MISSING,
				    "'%s' is not installed beside this program; set ASSAY_DATA",
				    handbook_files[i]);
		if (!host_read(session->host, path, HANDBOOK_FILE_MAXIMUM, session->arena,
			       &texts[i], err))
			return false;
	}
	return handbook_read(texts, session->arena, ret_handbook, err);
}

static bool find_one(const struct session *session, const char *path, struct paths *found,
		     struct error *err)
{
	switch (host_kind(session->host, path)) {
	case HOST_FOLDER:
		return walk(session->host, path, 0, found, err);
	case HOST_FILE:
	case HOST_OTHER:
		break;
	case HOST_NOTHING:
		return fail(err, ERROR_MISSING, "there is no evidence at '%s'; check the path",
			    path);
	}
	if (!is_yaml(path) && !is_lines(path) && !is_bundle(path))
		return fail(err, ERROR_INVALID,
			    "'%s' is neither *.yaml nor *.jsonl nor a bundle, *.json; evidence is "
			    "one of "
			    "these",
			    path);
	paths_add(found, path);
	return true;
}

bool find_evidence_in(const struct session *session, const char *const *paths, size_t path_count,
		      const struct evidence_file **ret_files, size_t *ret_count, struct error *err)
{
	struct paths found = { .arena = session->arena };

	for (size_t i = 0; i < path_count; i++) {
		if (!find_one(session, paths[i], &found, err))
			return false;
	}

	struct evidence_file *files =
		ARENA_ARRAY(session->arena, struct evidence_file, found.count);
	for (size_t i = 0; i < found.count; i++)
		files[i] = (struct evidence_file){
			.path = found.items[i],
			.lines = is_lines(found.items[i]),
			.bundle = is_bundle(found.items[i]),
		};
	*ret_files = files;
	*ret_count = found.count;
	return true;
}

bool find_evidence(const struct session *session, const struct evidence_file **ret_files,
		   size_t *ret_count, struct error *err)
{
	const struct options *options = session->options;
	const char *installed;

	if (options->evidence_count > 0)
		return find_evidence_in(session, options->evidence, options->evidence_count,
					ret_files, ret_count, err);
	installed = find_installed(session, "evidence");
	if (!installed)
		return fail(err, ERROR_MISSING,
			    "no evidence is installed beside this program; give --evidence PATH or "
			    "set ASSAY_DATA");
	return find_evidence_in(session, &installed, 1, ret_files, ret_count, err);
}

bool read_evidence_file(const struct session *session, const struct evidence_file *file,
			struct arena *arena, struct span *ret_text, struct error *err)
{
	size_t maximum = file->lines || file->bundle ? EVIDENCE_LINES_BYTES_MAXIMUM
						     : (size_t)YAML_BYTES_MAXIMUM;

	return read_listed(session, file->path, maximum, arena, ret_text, err);
}

date_t today(const struct session *session)
{
	return (date_t)(host_unix_time(session->host) / SECONDS_PER_DAY);
}

bool add_evidence_file(const struct session *session, const struct evidence_file *file,
		       struct evidence_set *set, struct error *err)
{
	SCOPED_ARENA(scratch);
	struct span text;

	if (!read_evidence_file(session, file, &scratch, &text, err))
		return false;
	set->threads = session->options->threads;
	if (file->bundle)
		return evidence_set_add_bundle(set, text, file->path, err);
	return file->lines ? evidence_set_add_lines(set, text, file->path, err)
			   : evidence_set_add_yaml(set, text, file->path, err);
}

bool finish_evidence(const struct session *session, const struct standard *standard,
		     struct evidence_set *set, struct error *err)
{
	date_t now = today(session);

	if (!evidence_set_finish(set, err))
		return false;
	for (size_t i = 0; i < set->count; i++) {
		if (standard_accepts(standard, &set->records[i], now, err))
			continue;
		/* What the record names and nobody knows is a fault of the record. */
		err->code = err->code == ERROR_MISSING ? ERROR_INVALID : err->code;
		return false;
	}
	return true;
}

static bool add_files(const struct session *session, struct evidence_set *set, struct error *err)
{
	const struct evidence_file *files = NULL;
	size_t count = 0;

	if (!find_evidence(session, &files, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!add_evidence_file(session, &files[i], set, err))
			return false;
	}
	return true;
}

bool load_evidence(const struct session *session, const struct standard *standard,
		   struct evidence_set *set, struct error *err)
{
	return add_files(session, set, err) && finish_evidence(session, standard, set, err);
}

/* The same with what a store holds, where one is named; the installed files are then left out. */
static bool load_all_evidence(const struct session *session, struct loaded *loaded,
			      struct error *err)
{
	bool stored = stored_place(session) != NULL;

	if (stored &&
	    !stored_load(session, &loaded->standard, &loaded->evidence, &loaded->known, err))
		return false;
	if ((!stored || session->options->evidence_count > 0) &&
	    !add_files(session, &loaded->evidence, err))
		return false;
	return finish_evidence(session, &loaded->standard, &loaded->evidence, err);
}

bool load_profile(const struct standard *standard, const char *name, int32_t *ret_index,
		  struct error *err)
{
	*ret_index = name ? standard_find_profile(standard, span_of(name)) : -1;
	if (!name || *ret_index >= 0)
		return true;

	SCOPED_TEXT(known);
	for (uint32_t i = 0; i < standard->profile_count; i++)
		text_format(&known, "%s%s", i > 0 ? ", " : "", standard->profiles[i].id);
	return fail(err, ERROR_MISSING, "there is no profile '%s'; there are %s", name,
		    text_string(&known));
}

bool load_rating(const struct session *session, struct loaded *loaded, struct error *err)
{
	const struct options *options = session->options;
	struct rating_request request = {
		.standard = &loaded->standard,
		.evidence = &loaded->evidence,
		.handbook = &loaded->handbook,
		.seed = options->seed,
		.draws = options->draws,
		.threads = options->threads,
		.arrived_by = DATE_NONE,
	};

	if (!load_standard(session, &loaded->standard, err) ||
	    !load_handbook(session, &loaded->handbook, err) ||
	    !load_profile(&loaded->standard, options->profile, &request.profile, err) ||
	    !load_all_evidence(session, loaded, err))
		return false;
	request.as_of = options->as_of == DATE_NONE ? evidence_set_newest(&loaded->evidence)
						    : options->as_of;
	if (request.as_of == DATE_NONE)
		return fail(err, ERROR_MISSING,
			    "the evidence holds no record, so there is nothing to rate; give "
			    "--evidence PATH");
	rating_run(&request, session->arena, &loaded->rating);
	return true;
}

void loaded_release(struct loaded *loaded)
{
	evidence_set_release(&loaded->evidence);
}

bool load_provider(const struct rating *rating, const char *name,
		   const struct provider **ret_provider, struct error *err)
{
	const struct provider *nearest = NULL;
	size_t least = SIZE_MAX;

	*ret_provider = rating_find(rating, name);
	if (*ret_provider)
		return true;
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		size_t edits = span_distance(span_of(name), span_of(rating->providers[i].name));

		if (edits < least) {
			least = edits;
			nearest = &rating->providers[i];
		}
	}
	if (!nearest)
		return fail(err, ERROR_MISSING, "of no provider is anything known on that day");
	return fail(err, ERROR_MISSING,
		    "nothing is known of a provider '%s'; the nearest name is '%s'", name,
		    nearest->name);
}

/* The criterion whose id ends in ".name"; -1 when there is none or more than one. */
static int32_t find_tail(const struct standard *standard, const char *name)
{
	int32_t found = -1;

	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const char *dot = strchr(standard->criteria[i].id, '.');

		if (!dot || strcmp(dot + 1, name) != 0)
			continue;
		if (found >= 0)
			return -1;
		found = (int32_t)i;
	}
	return found;
}

/* As standard_nearest, but of what stands behind the dot too. */
static const struct criterion *find_nearest(const struct standard *standard, const char *name)
{
	const struct criterion *nearest = standard_nearest(standard, span_of(name));
	size_t least = SIZE_MAX;

	if (strchr(name, '.'))
		return nearest;
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const char *dot = strchr(standard->criteria[i].id, '.');
		size_t edits = span_distance(span_of(name), span_of(dot ? dot + 1 : ""));

		if (edits < least) {
			least = edits;
			nearest = &standard->criteria[i];
		}
	}
	return nearest;
}

bool load_criterion(const struct standard *standard, const char *name, int32_t *ret_index,
		    struct error *err)
{
	const struct criterion *nearest;

	*ret_index = standard_find_criterion(standard, span_of(name));
	if (*ret_index < 0)
		*ret_index = find_tail(standard, name);
	if (*ret_index >= 0)
		return true;
	nearest = find_nearest(standard, name);
	return fail(err, ERROR_MISSING, "there is no criterion '%s'; the nearest is '%s'", name,
		    nearest ? nearest->id : "");
}
