#include <string.h>

#include "active/collective_rank.h"
#include "active/nccl.h"

static bool next_u64(struct span *rest, uint64_t *ret_number)
{
	struct span word;

	return span_cut(rest, ' ', &word) && span_to_u64(word, ret_number);
}

static bool read_opened(struct span rest, struct rank_answer *answer)
{
	uint64_t version;

	if (!next_u64(&rest, &answer->bytes) || !next_u64(&rest, &version) || version > 1000000)
		return false;
	answer->version = (unsigned)version;
	answer->is_rccl = span_is(rest, "rccl");
	return answer->is_rccl || span_is(rest, "nccl");
}

static bool read_times(struct span rest, struct rank_answer *answer)
{
	struct span word;

	answer->time_count = 0;
	while (span_cut(&rest, ' ', &word)) {
		double seconds;

		if (answer->time_count == RANK_BLOCKS_MAXIMUM || !span_to_double(word, &seconds) ||
		    seconds <= 0 || seconds > 1e6)
			return false;
		answer->times_s[answer->time_count++] = seconds;
	}
	return answer->time_count > 0;
}

static bool read_compared(struct span rest, struct rank_answer *answer)
{
	struct payload_verdict *verdict = &answer->verdict;
	uint64_t source;
	struct span word;

	if (!next_u64(&rest, &verdict->compared) || !span_cut(&rest, ' ', &word) ||
	    !span_is(word, "wrong") || !next_u64(&rest, &verdict->wrong) ||
	    !span_cut(&rest, ' ', &word) || !span_is(word, "source") || !next_u64(&rest, &source) ||
	    rest.length > 0 || verdict->wrong > verdict->compared || source > PAYLOAD_NOBODY)
		return false;
	verdict->source = (unsigned)source;
	return true;
}

static bool read_error(struct span rest, struct rank_answer *answer)
{
	uint64_t code;

	if (!next_u64(&rest, &code) || code == ERROR_NONE || code >= ERROR_CODE_COUNT)
		return false;
	answer->code = (enum error_code)code;
	answer->words = rest;
	return true;
}

static bool read_id(struct span rest, struct rank_answer *answer)
{
	struct nccl_id id;

	answer->id = rest;
	return nccl_id_read(rest, &id);
}

static bool read_nothing(struct span rest, struct rank_answer *answer)
{
	(void)answer;
	return rest.length == 0;
}

bool rank_answer_read(struct span line, struct rank_answer *ret_answer)
{
	static const struct {
		const char *word;
		enum rank_said said;
		bool (*read)(struct span rest, struct rank_answer *answer);
	} forms[] = {
		{ "opened", RANK_OPENED, read_opened },       { "id", RANK_ID, read_id },
		{ "joined", RANK_JOINED, read_nothing },      { "times", RANK_TIMES, read_times },
		{ "compared", RANK_COMPARED, read_compared }, { "left", RANK_LEFT, read_nothing },
		{ "error", RANK_ERROR, read_error },
	};
	struct rank_answer answer = { .said = RANK_ERROR };
	struct span word;

	if (!span_cut(&line, ' ', &word))
		return false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!span_is(word, forms[i].word))
			continue;
		answer.said = forms[i].said;
		if (!forms[i].read(line, &answer))
			return false;
		*ret_answer = answer;
		return true;
	}
	return false;
}
