#include "cli/evidence.h"

#include <string.h>

#include "report/report.h"

/* A copy of the session whose --evidence are the paths, when there are any. */
static struct options with_evidence(const struct options *options, const char *const *paths,
				    size_t path_count, struct arena *arena)
{
	struct options changed = *options;

	if (path_count == 0)
		return changed;
	changed.evidence = ARENA_ARRAY(arena, const char *, options->evidence_count + path_count);
	if (options->evidence_count > 0)
		memcpy(changed.evidence, options->evidence,
		       options->evidence_count * sizeof(*paths));
	memcpy(changed.evidence + options->evidence_count, paths, path_count * sizeof(*paths));
	changed.evidence_count = options->evidence_count + path_count;
	return changed;
}

/* The records that --provider and --criterion leave, by provider and then by id. */
static size_t choose(const struct session *session, const struct evidence_set *set,
		     const char *criterion, const struct record **chosen)
{
	const char *provider = session->options->provider;
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct record *record = &set->records[i];
		const char *about = record->subject.parts[SUBJECT_PROVIDER];

		if (provider && strcmp(provider, about) != 0)
			continue;
		if (criterion && strcmp(criterion, record->what) != 0)
			continue;
		chosen[count++] = record;
	}
	return count;
}

static int show(const struct session *session, const struct standard *standard,
		const struct evidence_set *set, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	const char *criterion = options->criterion;
	int32_t index = -1;

	/* A measure, a category or "remark" is no criterion and is taken as it is. */
	if (criterion && !strchr(criterion, '.') && strcmp(criterion, "remark") != 0 &&
	    strcmp(criterion, "share") != 0) {
		if (!load_criterion(standard, criterion, &index, err))
			return STATUS_ERROR;
		criterion = standard->criteria[index].id;
	}

	const struct record **chosen =
		ARENA_ARRAY(session->arena, const struct record *, set->count);
	size_t count = choose(session, set, criterion, chosen);
	evidence_write(chosen, count, options->format, &style, session->output);
	return STATUS_GOOD;
}

static int hash(const struct session *session, const struct evidence_set *set)
{
	char text[RECORD_HASH_TEXT];

	for (size_t i = 0; i < set->count; i++)
		text_format(session->output, "%s  %s\n", hash_format(set->records[i].hash, text),
			    set->records[i].id);
	text_format(session->output, "%s  %zu records\n", hash_format(set->hash, text), set->count);
	return STATUS_GOOD;
}

static int show_or_hash(const struct session *given, bool shows, const char *const *paths,
			size_t path_count, struct error *err)
{
	const struct options options =
		with_evidence(given->options, paths, path_count, given->arena);
	struct session session = *given;
	struct standard standard;
	SCOPED_EVIDENCE(set);

	session.options = &options;
	if (!load_standard(&session, &standard, err) ||
	    !load_evidence(&session, &standard, &set, err))
		return STATUS_ERROR;
	return shows ? show(&session, &standard, &set, err) : hash(&session, &set);
}

static int lint(const struct session *given, const char *const *paths, size_t path_count,
		struct error *err)
{
	const struct options options =
		with_evidence(given->options, paths, path_count, given->arena);
	struct session session = *given;

	session.options = &options;
	return evidence_lint(&session, err);
}

static int run(const struct session *session, struct error *err)
{
	const char *verb = session->options->arguments[0];
	const char *const *paths = session->options->arguments + 1;
	size_t path_count = session->options->argument_count - 1;

	if (strcmp(verb, "lint") == 0)
		return lint(session, paths, path_count, err);
	if (strcmp(verb, "show") == 0)
		return show_or_hash(session, true, paths, path_count, err);
	if (strcmp(verb, "hash") == 0)
		return show_or_hash(session, false, paths, path_count, err);
	if (strcmp(verb, "add") == 0)
		return evidence_add(session, paths, path_count, err);
	(void)fail(err, ERROR_INVALID, "'evidence %s' is not known; it is lint, show, hash or add",
		   verb);
	return STATUS_USAGE;
}

const struct command command_evidence = {
	.name = "evidence",
	.arguments = "lint [PATH...]\nshow [PATH...]\nhash [PATH...]\nadd FROM...",
	.summary = "check, show, hash or add records of evidence",
	.text = "lint checks records against the standard and names every faulty one. show prints "
		"records. hash prints the hash of each record and of the set. add checks records "
		"that "
		"people wrote (a file, or - for standard input) and appends them in canonical form "
		"to the file of --to.",
	.options = TAKES_STANDARD | TAKES_EVIDENCE | TAKES_FORMAT | TAKES_RECORDS | TAKES_TO |
		   TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = 100000,
	.run = run,
};
