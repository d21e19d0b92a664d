#include "check/fabric/told.h"

static void judge_fabric(const struct check_input *seen, const struct record *counted,
			 struct findings *found)
{
	const char *place = fabric_place_name(counted, found->arena);
	double downs = 0, uncounted = 0;
	struct finding *finding;

	if (counted->says != SAYS_VALUE || !(counted->value > 0)) {
		finding = findings_add(found, VERDICT_UNKNOWN, place,
				       "no counter of its links' downs is told");
		finding->action = "give assay fabric describe bundles of the hosts";
	} else if (!fabric_value(seen, FABRIC_LINK_DOWNS, counted, &downs)) {
		finding = findings_add(found, VERDICT_UNKNOWN, place,
				       "how often its links went down is not told");
	} else if (downs <= 0) {
		bool is_all = fabric_value(seen, FABRIC_LINK_UNCOUNTED, counted, &uncounted) &&
			      uncounted <= 0;

		finding = findings_add(
			found, is_all ? VERDICT_PASS : VERDICT_UNKNOWN, place,
			"none of %.0f links went down since its counter began; %s", counted->value,
			is_all ? "all links of hosts are counted" : "others are not counted");
	} else {
		finding = findings_add(found, VERDICT_WARN, place,
				       "%.0f links went down %.0f times since their counters "
				       "began; when is not known",
				       counted->value, downs);
		finding->action = "look twice at the hosts (assay check --interval), and replace "
				  "the cables and optics that go down again";
	}
	finding_rests_on(finding, counted);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *record;
	size_t at = 0;

	while ((record = fabric_next(seen, FABRIC_LINK_COUNTED, &at)))
		judge_fabric(seen, record, found);
}

CHECK(fabric_flaps) = {
	.title = "The fabric's links stay up",
	.since = "0.1",
	.needs = "fabric.",
	.judge = judge,
};
