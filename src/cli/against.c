#include "cli/against.h"

#include "check/cohort.h"
#include "host/system.h"

/* The records of a finished set, moved into the session, as machines. */
static void take_machines(const struct session *session, struct evidence_set *set,
			  const struct handbook *handbook, struct machine **ret_machines,
			  size_t *ret_count)
{
	struct record *kept = ARENA_ARRAY(session->arena, struct record, set->count + 1);
	const struct record **records =
		ARENA_ARRAY(session->arena, const struct record *, set->count + 1);

	for (size_t i = 0; i < set->count; i++) {
		kept[i] = set->records[i];
		records[i] = &kept[i];
	}
	arena_join(session->arena, &set->arena);
	machines_make(records, set->count, handbook, session->arena, ret_machines, ret_count);
}

static bool read_golden(const struct session *session, const struct handbook *handbook,
			const struct machine **ret_machine, struct error *err)
{
	const char *path = session->options->golden;
	struct machine *machines;
	struct span text;
	size_t count;
	SCOPED_EVIDENCE(set);

	if (!path)
		return true;
	if (!host_read(session->host, path, EVIDENCE_LINES_BYTES_MAXIMUM, session->arena, &text,
		       err) ||
	    !evidence_set_add_lines(&set, text, path, err) || !evidence_set_finish(&set, err))
		return false;
	take_machines(session, &set, handbook, &machines, &count);
	if (count != 1)
		return fail(
			err, ERROR_INVALID,
			"%s: holds %zu nodes; a golden node is one, as assay inventory --output "
			"writes it with --format jsonl",
			path, count);
	*ret_machine = machines;
	return true;
}

static bool read_cohort(const struct session *session, const struct handbook *handbook,
			struct against *against, struct error *err)
{
	const struct options *options = session->options;
	const struct check_input input = {
		.handbook = handbook,
		.today = today(session),
		.not_before = DATE_NONE,
	};
	const struct evidence_file *files = NULL;
	struct machine *machines;
	size_t file_count = 0, count, refused;
	SCOPED_EVIDENCE(set);

	if (options->cohort_count == 0)
		return true;
	if (!find_evidence_in(session, options->cohort, options->cohort_count, &files, &file_count,
			      err))
		return false;
	for (size_t i = 0; i < file_count; i++) {
		if (!add_evidence_file(session, &files[i], &set, err))
			return false;
	}
	if (!evidence_set_finish(&set, err))
		return false;
	take_machines(session, &set, handbook, &machines, &count);
	if (count == 0)
		return fail(err, ERROR_INVALID,
			    "--cohort %s: no node is in it; give bundles of assay test, or JSON "
			    "Lines of nodes",
			    options->cohort[0]);
	against->cohort_count =
		cohort_choose(&input, machines, count, session->arena, &against->cohort, &refused);
	if (refused > 0)
		session_note(session,
			     "%zu of %zu nodes of the cohort fail a check: they are left out",
			     refused, count);
	return true;
}

static bool read_claims(const struct session *session, struct against *against, struct error *err)
{
	struct claims *claims = ARENA_NEW(session->arena, struct claims);
	const char *path = session->options->claims;
	struct span text;

	if (!path)
		return true;
	if (!host_read(session->host, path, CLAIMS_BYTES_MAXIMUM, session->arena, &text, err) ||
	    !claims_read(text, path, session->arena, claims, err))
		return false;
	against->claims = claims;
	return true;
}

bool against_read(const struct session *session, const struct handbook *handbook,
		  struct against *ret_against, struct error *err)
{
	struct against against = { 0 };

	if (!read_golden(session, handbook, &against.golden, err) ||
	    !read_cohort(session, handbook, &against, err) || !read_claims(session, &against, err))
		return false;
	*ret_against = against;
	return true;
}
