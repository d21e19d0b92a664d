#include "check/isolation/answer.h"

#include <string.h>

enum isolation_answer isolation_answer_of(const struct machine *machine, const char *question,
					  struct arena *arena, const struct record **ret_record)
{
	const struct record *record = machine_find(machine, NODE_ISOLATION_ANSWER,
						   arena_format(arena, "isolation:%s", question));

	if (ret_record)
		*ret_record = record;
	if (!record || record->says != SAYS_STATE)
		return ISOLATION_NOT_KNOWN;
	if (strcmp(record->text, "answered") == 0)
		return ISOLATION_ANSWERED;
	if (strcmp(record->text, "silent") == 0)
		return ISOLATION_SILENT;
	if (strcmp(record->text, "unusable") == 0)
		return ISOLATION_UNUSABLE;
	return strncmp(record->text, "refused", 7) == 0 ? ISOLATION_REFUSED : ISOLATION_NOT_KNOWN;
}

bool isolation_count_of(const struct machine *machine, const char *what, struct arena *arena,
			double *ret_count)
{
	return machine_value(machine, NODE_ISOLATION_COUNT,
			     arena_format(arena, "isolation:%s", what), ret_count);
}

bool isolation_testable(struct tally *tally)
{
	const struct machine *machine = tally->machine;
	struct finding *finding;

	if (machine_state_is(machine, NODE_ISOLATION_DOOR, NULL, "open"))
		return true;
	if (!machine_find(machine, NODE_ISOLATION_DOOR, NULL)) {
		findings_add_unknown(tally->found, machine, NODE_ISOLATION_DOOR, NULL);
		return false;
	}
	finding = findings_add(tally->found, VERDICT_UNKNOWN, NULL, "not testable: %.200s",
			       machine_why_unknown(machine, NODE_ISOLATION_ANSWER, NULL));
	finding->action =
		"run assay fabric isolation as root on a node that has the adapter itself";
	finding_rests_on(finding, machine_find(machine, NODE_ISOLATION_DOOR, NULL));
	return false;
}

struct finding *isolation_untested(struct tally *tally, const char *question, const char *what)
{
	const struct record *record;
	enum isolation_answer answer =
		isolation_answer_of(tally->machine, question, tally->found->arena, &record);
	struct finding *finding;

	if (answer == ISOLATION_UNUSABLE)
		finding =
			findings_add(tally->found, VERDICT_UNKNOWN, NULL,
				     "%s: not testable: the adapter lets no such datagram out, as "
				     "that of a virtual machine",
				     what);
	else
		finding = findings_add(
			tally->found, VERDICT_UNKNOWN, NULL, "%s: not testable: %.160s", what,
			machine_why_unknown(tally->machine, NODE_ISOLATION_ANSWER,
					    record ? record->subject.parts[SUBJECT_DEVICE] : NULL));
	return finding_rests_on(finding, record);
}

bool isolation_is_open(struct tally *tally, const char *question, const char *what,
		       const struct record **ret_answer)
{
	enum isolation_answer how =
		isolation_answer_of(tally->machine, question, tally->found->arena, ret_answer);

	if (how == ISOLATION_SILENT || how == ISOLATION_REFUSED)
		tally_well(tally, *ret_answer);
	else if (how != ISOLATION_ANSWERED)
		(void)isolation_untested(tally, question, what);
	return how == ISOLATION_ANSWERED;
}
