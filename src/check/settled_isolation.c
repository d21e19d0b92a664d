#include <string.h>

#include "check/isolation/answer.h"
#include "check/settled_rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static enum isolation_answer answer_of(struct settling *settling, const char *question)
{
	const struct record *record;
	enum isolation_answer answer =
		isolation_answer_of(settling->machine, question, settling->arena, &record);

	settling_uses(settling, record);
	return answer;
}

static bool is_shut(enum isolation_answer answer)
{
	return answer == ISOLATION_SILENT || answer == ISOLATION_REFUSED;
}

/* A walk that was cut shows a fault, and not that there is none. */
bool settle_visible_endpoints(struct settling *settling, struct settled *into)
{
	const struct machine *machine = settling->machine;
	enum isolation_answer walk = answer_of(settling, "walk");
	double foreign, switches;

	if ((walk != ISOLATION_ANSWERED && walk != ISOLATION_SILENT) ||
	    !isolation_count_of(machine, "foreign", settling->arena, &foreign) ||
	    !isolation_count_of(machine, "switches", settling->arena, &switches))
		return false;
	settling_uses(settling, machine_find(machine, NODE_ISOLATION_COUNT, "isolation:foreign"));
	if (foreign > 0) {
		into->answer = "many";
		return true;
	}
	if (machine_find(machine, NODE_ISOLATION_COUNT, "isolation:unseen"))
		return false;
	into->answer = switches > 1 ? "switches" : "own-only";
	return true;
}

bool settle_fabric_keys(struct settling *settling, struct settled *into)
{
	static const char port[] = "isolation:own-port";
	enum isolation_answer own = answer_of(settling, "own-port");
	enum isolation_answer nodes = answer_of(settling, "sa-nodes");
	double level = 0, foreign = 0;
	unsigned set;

	if ((own != ISOLATION_SILENT && own != ISOLATION_ANSWERED) ||
	    (own == ISOLATION_ANSWERED &&
	     !machine_value(settling->machine, NODE_ISOLATION_PROTECTION, port, &level)) ||
	    (nodes == ISOLATION_ANSWERED &&
	     !isolation_count_of(settling->machine, "sa-nodes-foreign", settling->arena,
				 &foreign)) ||
	    (nodes != ISOLATION_ANSWERED && !is_shut(nodes)))
		return false;
	set = (own == ISOLATION_SILENT || level >= 1) + (is_shut(nodes) || foreign <= 0);
	into->answer = set == 2 ? "set" : set == 1 ? "one" : "default";
	return true;
}

bool settle_class_keys(struct settling *settling, struct settled *into)
{
	static const char *const questions[] = { "vendor", "congestion", "node-to-node" };
	unsigned shut = 0;

	for (size_t i = 0; i < COUNT(questions); i++) {
		enum isolation_answer answer = answer_of(settling, questions[i]);

		if (answer != ISOLATION_ANSWERED && !is_shut(answer))
			return false;
		shut += is_shut(answer);
	}
	into->answer = shut == COUNT(questions) ? "all" : shut > 0 ? "some" : "none";
	return true;
}

/* Only where all adapters are virtual functions: a node of bare metal may do it. */
bool settle_function_management(struct settling *settling, struct settled *into)
{
	enum isolation_answer own = answer_of(settling, "own-port");
	const struct record *one;
	size_t at = 0, count = 0;

	while ((one = machine_next(settling->machine, NODE_RDMA_FUNCTION, &at))) {
		if (one->says != SAYS_STATE || strcmp(one->text, "virtual") != 0)
			return false;
		settling_uses(settling, one);
		count++;
	}
	if (count == 0 || (own != ISOLATION_UNUSABLE && own != ISOLATION_ANSWERED))
		return false;
	into->answer = own == ISOLATION_UNUSABLE ? "yes" : "no";
	return true;
}
