/* What its keeper takes out of a store, or puts back: by an act, so that the past stays as it was.
 */
#include <string.h>

#include "cli/stored.h"
#include "web/feedback.h"
#include "web/web.h"

/* What is withdrawn or restored. */
struct target {
	enum store_stream stream;
	const char *id;
	const char *provider; /* of whom it speaks */
	bool withdrawn;
};

/* "evidence:ID"; of these streams the acts may be seen by everybody. */
static bool read_target(const char *target, struct target *ret_target, struct error *err)
{
	static const enum store_stream streams[] = { STORE_EVIDENCE, STORE_QUOTES, STORE_ANSWERS };

	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		const char *name = store_stream_names[streams[i]];
		const size_t length = strlen(name);

		if (strncmp(target, name, length) != 0 || target[length] != ':' ||
		    target[length + 1] == '\0')
			continue;
		*ret_target = (struct target){ .stream = streams[i], .id = target + length + 1 };
		return true;
	}
	return fail(err, ERROR_INVALID, "'%.80s' is none of evidence:ID, quotes:ID and answers:ID",
		    target);
}

static bool check_reason(const char *reason, struct error *err)
{
	const struct span text = span_of(reason);

	return (text.length > 0 && text.length <= FEEDBACK_TEXT_MAXIMUM &&
		span_is_utf8(text, NULL) && !web_has_controls(text)) ||
	       fail(err, ERROR_INVALID,
		    "a reason is a text of 1 to %d bytes without control characters",
		    FEEDBACK_TEXT_MAXIMUM);
}

/* Fills in what the store knows of it; fails when it is not there. */
static bool look_up(struct store *store, struct target *target, struct arena *arena,
		    struct error *err)
{
	struct store_found found;
	struct span rest, name = { 0 };

	if (!store_find_id(store, target->stream, target->id, arena, &found, err))
		return false;
	if (found.sequence == 0)
		return fail(err, ERROR_MISSING, "there is no entry '%s' among the %s", target->id,
			    store_stream_names[target->stream]);
	rest = span_of(found.entry.subject);
	(void)span_cut(&rest, '/', &name);
	target->provider = arena_string(arena, name);
	target->withdrawn = found.withdrawn;
	return true;
}

int store_withdraw(const struct session *session, const char *const *words, size_t word_count,
		   struct error *err)
{
	const char *verb = session->options->arguments[0];
	const bool restores = strcmp(verb, "restore") == 0;
	struct feedback_act act = { .act = verb,
				    .party = session->options->party,
				    .time = host_unix_time(session->host) };
	struct target target = { 0 };
	SCOPED_STORE(store);

	if (word_count != 2 || !act.party) {
		(void)fail(err, ERROR_INVALID,
			   "it is store %s STREAM:ID REASON with --party NAME, who says so", verb);
		return STATUS_USAGE;
	}
	act.about = words[0];
	act.text = words[1];
	if (!read_target(act.about, &target, err) || !check_reason(act.text, err))
		return STATUS_USAGE;
	if (!stored_open(session, SQL_WRITE, &store, err) ||
	    !look_up(store, &target, session->arena, err))
		return STATUS_ERROR;
	if (target.withdrawn != restores) {
		(void)fail(err, ERROR_CONFLICT, "'%s' is %swithdrawn", act.about,
			   restores ? "not " : "");
		return STATUS_ERROR;
	}
	act.provider = target.provider;
	if (target.stream == STORE_ANSWERS)
		act.about = target.id;
	if (!feedback_act_keep(store, &act, session->arena, err))
		return STATUS_ERROR;
	session_note(session, restores ? "'%s' counts again" : "'%s' counts no more", words[0]);
	return STATUS_GOOD;
}
