#include "check/isolation/answer.h"

static const char bar[] = "subnet administration tells a tenant of his own devices alone";

static const char action[] =
	"have the provider switch on the enhanced trust model of subnet administration "
	"(sa_enhanced_trust_model)";

static void judge_nodes(struct tally *tally)
{
	struct arena *arena = tally->found->arena;
	const struct record *answer;
	enum isolation_answer how = isolation_answer_of(tally->machine, "sa-nodes", arena, &answer);
	struct finding *finding;
	double foreign, records = 0;

	if (how == ISOLATION_REFUSED || how == ISOLATION_SILENT) {
		tally_well(tally, answer);
		return;
	}
	if (how != ISOLATION_ANSWERED ||
	    !isolation_count_of(tally->machine, "sa-nodes-foreign", arena, &foreign)) {
		(void)isolation_untested(tally, "sa-nodes", "the list of nodes");
		return;
	}
	(void)isolation_count_of(tally->machine, "sa-nodes", arena, &records);
	if (foreign <= 0) {
		tally_well(tally, answer);
		return;
	}
	finding = findings_add(tally->found, VERDICT_FAIL, "isolation:sa-nodes",
			       "subnet administration lists %.0f devices, %.0f of them not of this "
			       "tenant",
			       records, foreign);
	finding->action = action;
	finding->bar = bar;
	finding_rests_on(finding, machine_find(tally->machine, NODE_ISOLATION_COUNT,
					       "isolation:sa-nodes-foreign"));
}

/* What no tenant needs as a whole. */
static void judge_tables(struct tally *tally)
{
	static const struct {
		const char *question, *label;
		enum verdict verdict;
	} tables[] = {
		{ "sa-forwarding", "the forwarding tables of switches", VERDICT_FAIL },
		{ "sa-ports", "the list of all ports", VERDICT_WARN },
		{ "sa-paths", "the list of all paths", VERDICT_WARN },
	};
	double foreign = 0;
	bool is_own = isolation_count_of(tally->machine, "sa-nodes-foreign", tally->found->arena,
					 &foreign) &&
		      foreign <= 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		const struct record *answer;
		enum isolation_answer how = isolation_answer_of(tally->machine, tables[i].question,
								tally->found->arena, &answer);
		struct finding *finding;

		if (how == ISOLATION_REFUSED || how == ISOLATION_SILENT ||
		    (how == ISOLATION_ANSWERED && is_own)) {
			tally_well(tally, answer);
			continue;
		}
		if (how != ISOLATION_ANSWERED) {
			(void)isolation_untested(tally, tables[i].question, tables[i].label);
			continue;
		}
		finding = findings_add(tally->found, tables[i].verdict,
				       answer->subject.parts[SUBJECT_DEVICE],
				       "subnet administration gives a tenant %s", tables[i].label);
		finding->action = action;
		finding->bar = bar;
		finding_rests_on(finding, answer);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	if (!isolation_testable(&tally))
		return;
	judge_nodes(&tally);
	judge_tables(&tally);
	tally_pass(&tally,
		   "subnet administration tells nothing of others: %zu kinds of lists were "
		   "asked for",
		   tally.well);
}

CHECK(isolation_administration) = {
	.title = "Subnet administration tells a tenant of nobody else",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
