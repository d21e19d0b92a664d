#include <string.h>

#include "check/check.h"

static void judge_shared(const struct machine *machine, struct findings *found)
{
	static const char device[] = "nccl-log:shm";
	struct finding *finding;
	double shared;

	if (!machine_value(machine, NODE_NCCL_LOG_CHANNEL, device, &shared) || shared <= 0)
		return;
	finding = findings_add(found, VERDICT_WARN, device,
			       "%.0f connections between GPUs of a node go through its memory",
			       shared);
	finding->action = "see whether NCCL_P2P_DISABLE or NCCL_P2P_LEVEL is set, and whether a "
			  "container hides GPUs from each other";
	finding_rests_on(finding, machine_find(machine, NODE_NCCL_LOG_CHANNEL, device));
}

static void judge_warnings(const struct machine *machine, struct findings *found)
{
	const struct record *record = machine_find(machine, NODE_NCCL_LOG_WARNING, NULL);
	struct finding *finding;

	if (!record || record->says != SAYS_VALUE || record->value <= 0)
		return;
	finding = findings_add(found, VERDICT_WARN, "nccl-log:warnings",
			       "%.0f warning%s, the first: %.200s", record->value,
			       record->value > 1 ? "s" : "",
			       record->excerpt ? record->excerpt : "not kept");
	finding->action = "read them: NCCL warns of what it then works around";
	finding_rests_on(finding, record);
}

/* What was chosen, for people: which choice is best depends on sizes. */
static void judge_algorithms(const struct machine *machine, struct findings *found)
{
	const struct record *one, *first = NULL;
	SCOPED_TEXT(list);
	size_t at = 0;

	while ((one = machine_next(machine, NODE_NCCL_LOG_ALGORITHM, &at))) {
		if (one->says != SAYS_VALUE)
			continue;
		text_format(&list, "%s%s (%.0f)", first ? ", " : "",
			    strchr(one->subject.parts[SUBJECT_DEVICE], ':') + 1, one->value);
		first = first ? first : one;
	}
	if (first)
		finding_rests_on(findings_add(found, VERDICT_PASS, "nccl-log:algorithms",
					      "chosen were %.400s", text_string(&list)),
				 first);
	else
		findings_add(found, VERDICT_UNKNOWN, "nccl-log:algorithms",
			     "algorithms and protocols are not in the log: LL128 and NVLS may or "
			     "may not have been used")
			->action = "run with NCCL_DEBUG_SUBSYS=INIT,NET,ENV,TUNING";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	judge_shared(seen->machine, found);
	judge_warnings(seen->machine, found);
	judge_algorithms(seen->machine, found);
}

CHECK(nccl_job) = {
	.title = "A job's log shows no detour and no warning",
	.since = "0.1",
	.needs = "node.nccl.log.",
	.scope = SCOPE_NODE,
	.judge = judge,
};
