#define _GNU_SOURCE /* memmem */

#include "cli/fabric_load.h"

#include <string.h>

#include "base/yaml.h"
#include "evidence/bundle.h"
#include "fabric/found.h"
#include "fabric/ibnetdiscover.h"
#include "host/stream.h"

enum {
	HEAD = 4096,        /* bytes in which a file of YAML names its schema */
	DEPTH_MAXIMUM = 16, /* of folders in folders */
};

static bool read_ibnetdiscover(struct fabric_input *input, struct span text, const char *file,
			       struct error *err)
{
	return ibnetdiscover_read(&input->graph, text, file, err);
}

static bool read_found(struct fabric_input *input, struct span text, const char *file,
		       struct error *err)
{
	return found_read(&input->graph, text, file, err);
}

static bool begins_with_map(struct span text)
{
	size_t i = 0;

	while (i < text.length && strchr(" \t\r\n", text.at[i]))
		i++;
	return i < text.length && text.at[i] == '{';
}

/* On its first line. */
static bool has_schema(struct span text, const char *schema)
{
	struct span head;

	return begins_with_map(text) && span_cut(&text, '\n', &head) && span_contains(head, schema);
}

static bool is_bundle(struct span text)
{
	return has_schema(text, "\"assay/bundle/v1\"");
}

static bool read_bundle(struct fabric_input *input, struct span text, const char *file,
			struct error *err)
{
	return evidence_set_add_bundle(input->evidence, text, file, err);
}

static bool is_lines(struct span text)
{
	return has_schema(text, "\"assay/evidence/v1\"");
}

static bool read_lines(struct fabric_input *input, struct span text, const char *file,
		       struct error *err)
{
	return evidence_set_add_lines(input->evidence, text, file, err);
}

static bool is_yaml(struct span text)
{
	text.length = text.length < HEAD ? text.length : HEAD;
	return span_contains(text, "assay/evidence/v1");
}

static bool read_yaml(struct fabric_input *input, struct span text, const char *file,
		      struct error *err)
{
	return evidence_set_add_yaml(input->evidence, text, file, err);
}

static bool read_list(struct fabric_input *input, struct span text, const char *file,
		      struct error *err)
{
	return host_list_read(&input->facts, text, file, err);
}

static bool read_cloud(struct fabric_input *input, struct span text, const char *file,
		       struct error *err)
{
	return cloud_read(&input->clouds, text, file, err);
}

static bool read_neighbours(struct fabric_input *input, struct span text, const char *file,
			    struct error *err)
{
	return neighbours_read(&input->neighbours, &input->clouds, text, file, err);
}

static bool read_names(struct fabric_input *input, struct span text, const char *file,
		       struct error *err)
{
	return cloud_names_read(&input->clouds, text, file, err);
}

static const struct fabric_form forms[] = {
	{ "ibnetdiscover text", IBNETDISCOVER_BYTES_MAXIMUM, true, ibnetdiscover_is,
	  read_ibnetdiscover },
	{ "JSON of assay fabric discover", FOUND_BYTES_MAXIMUM, true, found_is, read_found },
	{ "bundle of a node", EVIDENCE_LINES_BYTES_MAXIMUM, false, is_bundle, read_bundle },
	{ "records, one a line", EVIDENCE_LINES_BYTES_MAXIMUM, false, is_lines, read_lines },
	{ "evidence in YAML", YAML_BYTES_MAXIMUM, false, is_yaml, read_yaml },
	{ "neighbours of a node", NEIGHBOURS_BYTES_MAXIMUM, true, neighbours_is, read_neighbours },
	{ "cloud's answer", CLOUD_BYTES_MAXIMUM, false, cloud_is, read_cloud },
	{ "list of hosts and instances", CLOUD_BYTES_MAXIMUM, false, cloud_names_is, read_names },
	{ "list of hosts and GUIDs", HOST_LIST_BYTES_MAXIMUM, false, host_list_is, read_list },
};

enum {
	FORM_IBNETDISCOVER = 0,
	FORM_COUNT = sizeof(forms) / sizeof(forms[0]),
	FILE_MAXIMUM = IBNETDISCOVER_BYTES_MAXIMUM,
};

static bool fail_unknown(const char *path, struct error *err)
{
	SCOPED_TEXT(known);

	for (unsigned i = 0; i < FORM_COUNT; i++)
		text_format(&known, "%s%s", i > 0 ? "; " : "", forms[i].name);
	return fail(err, ERROR_INVALID,
		    "'%s' is of no known form; known are: %s. man assay-fabric-describe says how "
		    "each is made",
		    path, text_string(&known));
}

/* A file that is begun anew each time. */
struct file_again {
	const struct host *host;
	const char *path;
	struct stream *stream;
};

static bool open_again(void *context, struct byte_source *ret_source, struct error *err)
{
	struct file_again *file = context;

	stream_close(file->stream);
	file->stream = NULL;
	if (!stream_open(file->host, file->path, &file->stream, err))
		return false;
	*ret_source = stream_source(file->stream);
	return true;
}

/* A large text is never in memory as a whole. Standard input is, since it cannot be begun anew. */
static bool load_again(const struct session *session, const char *path, struct fabric_input *input,
		       struct error *err)
{
	struct file_again file = { session->host, path, NULL };
	const struct ibnetdiscover_text text = {
		.open = open_again,
		.context = &file,
		.threads = session->options->threads,
	};
	bool read = ibnetdiscover_read_again(&input->graph, &text, path, err);

	stream_close(file.stream);
	return read;
}

static bool read_whole(const struct session *session, const char *path, struct arena *arena,
		       struct span *ret_text, bool *ret_is_large, struct error *err)
{
	struct stream *stream = NULL;
	bool read = true;

	if (!stream_open(session->host, path, &stream, err))
		return false;
	*ret_is_large = strcmp(path, "-") != 0 &&
			ibnetdiscover_is(stream_head(stream, STREAM_HEAD_MAXIMUM));
	if (!*ret_is_large)
		read = source_read_all(stream_source(stream), path, FILE_MAXIMUM, arena, ret_text,
				       err);
	stream_close(stream);
	return read;
}

/* The first file is the source, or the first that tells of a fabric. */
static void count_file(const struct session *session, const char *path,
		       const struct fabric_form *form, struct fabric_input *input)
{
	input->fabric_files += form->has_fabric;
	input->host_files += !form->has_fabric;
	if (input->fabric_files + input->host_files == 1 ||
	    (form->has_fabric && input->fabric_files == 1))
		input->source = arena_format(session->arena, "%s '%s'", form->name, path);
}

static bool load_file(const struct session *session, const char *path, struct fabric_input *input,
		      struct error *err)
{
	SCOPED_ARENA(scratch);
	struct span text;
	bool is_large = false;

	if (!read_whole(session, path, &scratch, &text, &is_large, err))
		return false;
	if (is_large) {
		count_file(session, path, &forms[FORM_IBNETDISCOVER], input);
		return load_again(session, path, input, err);
	}
	if (span_trim(text).length == 0)
		return fail(err, ERROR_INVALID,
			    "'%s' is empty: see whether the command that wrote it failed, as "
			    "ibnetdiscover does without permission",
			    path);
	for (unsigned i = 0; i < FORM_COUNT; i++) {
		if (!forms[i].is(text))
			continue;
		if (text.length > forms[i].maximum)
			return fail(err, ERROR_LIMIT, "'%s' is %zu bytes; the limit of a %s is %zu",
				    path, text.length, forms[i].name, forms[i].maximum);
		count_file(session, path, &forms[i], input);
		return forms[i].read(input, text, path, err);
	}
	return fail_unknown(path, err);
}

static bool load_path(const struct session *session, const char *path, unsigned depth,
		      struct fabric_input *input, struct error *err);

/* Every file in the folder, by the order of their names, and of the folders in it. What begins with
 * a dot is somebody's own. */
static bool load_folder(const struct session *session, const char *path, unsigned depth,
			struct fabric_input *input, struct error *err)
{
	const char *const *names;
	size_t count, taken = 0;

	if (depth == DEPTH_MAXIMUM)
		return fail(err, ERROR_LIMIT, "'%s' is more than %d folders deep", path,
			    DEPTH_MAXIMUM);
	if (!host_list(session->host, path, session->arena, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (names[i][0] == '.')
			continue;
		taken++;
		if (!load_path(session, arena_format(session->arena, "%s/%s", path, names[i]),
			       depth + 1, input, err))
			return false;
	}
	return taken > 0 || fail(err, ERROR_MISSING,
				 "'%s' holds no file; give a folder of files of nodes", path);
}

static bool load_path(const struct session *session, const char *path, unsigned depth,
		      struct fabric_input *input, struct error *err)
{
	return host_kind(session->host, path) == HOST_FOLDER
		       ? load_folder(session, path, depth, input, err)
		       : load_file(session, path, input, err);
}

/* The records of one argument are one set, in which the newest of a device counts. */
static bool load_argument(const struct session *session, const char *path,
			  struct fabric_input *input, struct error *err)
{
	SCOPED_EVIDENCE(set);
	bool is_good;

	input->evidence = &set;
	is_good = load_path(session, path, 0, input, err) && evidence_set_finish(&set, err) &&
		  host_facts_add_evidence(&input->facts, &set, err);
	input->evidence = NULL;
	return is_good;
}

/* What clouds said of all files together. */
static bool place_clouds(struct fabric_input *input, struct arena *arena, struct error *err)
{
	if (input->clouds.count == 0)
		return input->clouds.alias_count == 0 ||
		       fail(err, ERROR_MISSING,
			    "the names of instances say no place; give the cloud's answer too");
	input->placement = ARENA_NEW(arena, struct placement);
	return cloud_place(&input->clouds, arena, input->placement, err);
}

bool fabric_load(const struct session *session, const char *const *paths, size_t count,
		 struct fabric_input *ret_input, struct error *err)
{
	struct fabric_input input = {
		.graph = { .arena = session->arena },
		.facts = { .arena = session->arena },
		.clouds = { .arena = session->arena },
		.neighbours = { .arena = session->arena },
		.source = "nothing",
	};

	for (size_t i = 0; i < count; i++)
		if (!load_argument(session, paths[i], &input, err))
			return false;
	if (input.fabric_files > 1)
		input.source = arena_format(session->arena, "%s and %u more", input.source,
					    input.fabric_files - 1);
	if (!neighbours_join(&input.neighbours, &input.graph, &input.facts, err) ||
	    !place_clouds(&input, session->arena, err))
		return false;
	fabric_hosts_join(&input.graph, &input.facts, session->arena, &input.hosts);
	if (input.placement)
		cloud_join(input.placement, &input.hosts, session->arena);
	*ret_input = input;
	return true;
}

bool fabric_load_graph(const struct session *session, const char *const *paths, size_t count,
		       struct fabric_input *ret_input, struct error *err)
{
	if (!fabric_load(session, paths, count, ret_input, err))
		return false;
	if (ret_input->graph.node_count == 0)
		return fail(err, ERROR_MISSING,
			    "'%s' tells of no fabric; give the output of ibnetdiscover or of assay "
			    "fabric discover too",
			    count > 0 ? paths[0] : "");
	return true;
}
