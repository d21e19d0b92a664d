#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/evidence.h"

enum {
	INPUT_STEP = 64 << 10,
};

/* All of standard input. */
static bool read_input(size_t maximum, struct text *into, struct error *err)
{
	char step[INPUT_STEP];

	into->maximum = maximum;
	for (;;) {
		ssize_t length = read(STDIN_FILENO, step, sizeof(step));

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return fail(err, ERROR_IO, "reading standard input: %s", strerror(errno));
		if (length == 0)
			break;
		text_add_span(into, (struct span){ .at = step, .length = (size_t)length });
		if (into->overflowed)
			return fail(err, ERROR_LIMIT,
				    "standard input is longer than %zu bytes; split it", maximum);
	}
	return true;
}

static bool starts_as_json(struct span text)
{
	while (text.length > 0 && strchr(" \t\r\n", text.at[0])) {
		text.at++;
		text.length--;
	}
	return span_starts(text, "{");
}

static bool add_input(struct evidence_set *set, struct error *err)
{
	SCOPED_TEXT(input);

	if (!read_input(YAML_BYTES_MAXIMUM, &input, err))
		return false;
	return starts_as_json(text_span(&input))
		       ? evidence_set_add_lines(set, text_span(&input), "standard input", err)
		       : evidence_set_add_yaml(set, text_span(&input), "standard input", err);
}

static bool add_source(const struct session *session, const char *source, struct evidence_set *set,
		       struct error *err)
{
	const struct evidence_file *files = NULL;
	size_t count = 0;

	if (strcmp(source, "-") == 0)
		return add_input(set, err);
	if (!find_evidence_in(session, &source, 1, &files, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!add_evidence_file(session, &files[i], set, err))
			return false;
	}
	return true;
}

/* The records of the sources, each accepted by the standard. */
static bool read_sources(const struct session *session, const char *const *sources,
			 size_t source_count, struct evidence_set *ret_set, struct error *err)
{
	struct standard standard;

	if (!load_standard(session, &standard, err))
		return false;
	for (size_t i = 0; i < source_count; i++) {
		if (!add_source(session, sources[i], ret_set, err))
			return false;
	}
	return finish_evidence(session, &standard, ret_set, err);
}

/* What the file of --to holds already, as text and as records; nothing when it is new. */
static bool read_target(const struct session *session, struct evidence_set *ret_set,
			struct span *ret_text, struct error *err)
{
	const char *path = session->options->to;

	*ret_text = SPAN("");
	if (host_kind(session->host, path) == HOST_NOTHING)
		return true;
	return host_read(session->host, path, EVIDENCE_LINES_BYTES_MAXIMUM, session->arena,
			 ret_text, err) &&
	       evidence_set_add_lines(ret_set, *ret_text, path, err) &&
	       evidence_set_finish(ret_set, err);
}

static bool refuse_duplicates(const struct evidence_set *there, const struct evidence_set *added,
			      struct error *err)
{
	for (size_t i = 0; i < added->count; i++) {
		const struct record *one = &added->records[i];
		const struct record *other = evidence_set_find(there, one->id);

		if (other)
			return fail(err, ERROR_CONFLICT,
				    "%s: line %u: record id '%s' is there already, at %s line %u; "
				    "give each record its own id",
				    one->file, one->line, one->id, other->file, other->line);
	}
	return true;
}

static bool append(const struct session *session, struct span text,
		   const struct evidence_set *added, struct error *err)
{
	struct text content = { .maximum = EVIDENCE_LINES_BYTES_MAXIMUM };
	bool done = false;

	text_add_span(&content, text);
	if (text.length > 0 && text.at[text.length - 1] != '\n')
		text_add_char(&content, '\n');
	for (size_t i = 0; i < added->count; i++) {
		record_write(&added->records[i], true, &content);
		text_add_char(&content, '\n');
	}
	if (content.overflowed)
		(void)fail(err, ERROR_LIMIT, "'%s' would be longer than %d bytes; use a new file",
			   session->options->to, EVIDENCE_LINES_BYTES_MAXIMUM);
	else
		done = host_write(session->host, session->options->to, text_span(&content), err);
	text_release(&content);
	return done;
}

int evidence_add(const struct session *session, const char *const *sources, size_t source_count,
		 struct error *err)
{
	SCOPED_EVIDENCE(there);
	SCOPED_EVIDENCE(added);
	struct span text;

	if (!session->options->to || source_count == 0) {
		(void)fail(err, ERROR_INVALID,
			   "evidence add needs --to FILE.jsonl and at least one FROM");
		return STATUS_USAGE;
	}
	if (!read_sources(session, sources, source_count, &added, err) ||
	    !read_target(session, &there, &text, err) || !refuse_duplicates(&there, &added, err) ||
	    !append(session, text, &added, err))
		return STATUS_ERROR;
	session_note(session, "%zu records added to '%s', which has %zu now", added.count,
		     session->options->to, there.count + added.count);
	return STATUS_GOOD;
}
