/*
 * What became of the questions that the audit of a fabric's isolation asked, for its checks.
 */
#pragma once

#include "check/tally.h"

enum isolation_answer {
	ISOLATION_NOT_KNOWN,
	ISOLATION_ANSWERED,
	ISOLATION_REFUSED,
	ISOLATION_SILENT,
	ISOLATION_UNUSABLE, /* the adapter lets no such question out */
};

/* Of the question ("sa-nodes"); ret_record, which may be NULL, is what says so, NULL when nothing
 * does. */
enum isolation_answer isolation_answer_of(const struct machine *machine, const char *question,
					  struct arena *arena, const struct record **ret_record);

/* False when it is not known. */
bool isolation_count_of(const struct machine *machine, const char *what, struct arena *arena,
			double *ret_count);

/* True when questions could be asked. Otherwise a finding says why this cannot be tested, which is
 * not a pass. */
bool isolation_testable(struct tally *tally);

/* Whether the question was answered, which is a finding of the caller's. One that stayed shut
 * counts as well, and one that could not be asked is a finding here: "WHAT: not testable". */
bool isolation_is_open(struct tally *tally, const char *question, const char *what,
		       const struct record **ret_answer);

/* "not testable" about one question: UNKNOWN, with the reason. */
struct finding *isolation_untested(struct tally *tally, const char *question, const char *what);
