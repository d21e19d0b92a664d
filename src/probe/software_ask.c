#include "probe/software_ask.h"

#include <string.h>

#include "probe/conf.h"
#include "probe/software_find.h"

enum {
	WORDS_MAXIMUM = 4,
	SAID_MAXIMUM = 8192,
	LINES_MAXIMUM = 12, /* that are looked at for a version */
};

static const int64_t limit_ns = 2000000000;

static bool is_marker(struct span word)
{
	return conf_same(word, "version") || conf_same(word, "version:");
}

static struct span version_of_line(struct span line)
{
	struct span rest = line, word;

	while (conf_word(&rest, &word))
		if (is_marker(word))
			return conf_word(&rest, &word) ? software_find_version(word) : SPAN("");
	return software_find_version(line);
}

struct span software_answer(struct span said)
{
	struct span line, version;

	for (unsigned i = 0; i < LINES_MAXIMUM && span_cut(&said, '\n', &line); i++) {
		version = version_of_line(line);
		if (version.length > 0)
			return version;
	}
	return SPAN("");
}

bool software_ask(const struct host *host, const char *words, struct arena *arena,
		  struct span *ret_version, struct error *err)
{
	const char *list[WORDS_MAXIMUM + 1] = { NULL };
	struct span rest = span_of(words), word, version;
	struct process_result result = { 0 };

	for (unsigned i = 0; i < WORDS_MAXIMUM && span_cut(&rest, ' ', &word); i++)
		list[i] = arena_string(arena, word);
	if (!host_run(host, list,
		      (struct process_limits){ .limit_ns = limit_ns, .maximum = SAID_MAXIMUM },
		      arena, &result, err))
		return fail_while(err, "asking '%s'", words);
	if (result.stalled)
		return fail(err, ERROR_IO, "'%s' did not end within 2 s", words);
	if (result.status != 0)
		return fail(err, ERROR_IO, "'%s' ended with status %d", words, result.status);
	version = software_answer(result.said);
	if (version.length == 0)
		return fail(err, ERROR_PARSE, "'%s' says no version", words);
	*ret_version = version;
	return true;
}
