#include "check/collective/curve.h"
#include "check/gpu/walk.h"

#include <string.h>

/* The way, "nvlink" of "collective:all-reduce:nvlink/64". */
static const char *way_of(const char *device, struct arena *arena)
{
	struct span rest = span_of(device), word;

	(void)span_cut(&rest, '/', &word);
	rest = word;
	(void)span_cut(&rest, ':', &word);
	(void)span_cut(&rest, ':', &word);
	return arena_string(arena, rest);
}

/* "rank 3 (node7 gpu:…), rank 5 (…)": the ranks of a device that the measure counts something of.
 */
static unsigned name_ranks(const struct machine *machine, enum measure measure, const char *device,
			   struct arena *arena, struct text *into)
{
	const char *way = way_of(device, arena);
	const struct record *record;
	unsigned count = 0;
	size_t at = 0;

	while ((record = machine_next(machine, measure, &at))) {
		const char *about = record_device(record);

		if (!about || strncmp(about, device, strlen(device)) != 0 ||
		    about[strlen(device)] != '/' || record->says != SAYS_VALUE ||
		    !(record->value > 0))
			continue;
		if (count++ < 4)
			text_format(into, "%s%s", count > 1 ? ", " : "",
				    curve_rank_label(machine, way, about, arena));
	}
	if (count > 4)
		text_format(into, " and %u more", count - 4);
	return count;
}

static void say_wrong(const struct check_input *seen, const struct record *wrong, double checked,
		      struct findings *found)
{
	const char *device = record_device(wrong);
	struct finding *finding;
	SCOPED_TEXT(receivers);
	SCOPED_TEXT(sources);
	unsigned got = name_ranks(seen->machine, NODE_TEST_COLLECTIVE_RANK_WRONG, device,
				  found->arena, &receivers);
	unsigned gave = name_ranks(seen->machine, NODE_TEST_COLLECTIVE_RANK_SOURCE, device,
				   found->arena, &sources);

	finding = findings_add(found, VERDICT_FAIL, device,
			       "%.0f of %.0f elements are not what they have to be%s%s%s%s",
			       wrong->value, checked, got > 0 ? "; received by " : "",
			       text_string(&receivers), gave > 0 ? "; sent by " : "",
			       text_string(&sources));
	finding->action = got == 1 ? "drain this GPU and test it alone"
				   : "drain; test the GPUs that are named, and the links between";
	finding->bar = "0: each sum is exact in 32-bit floats, whatever the order";
	finding_rests_on(finding, wrong);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *wrong, *first = NULL;
	double all = 0;
	unsigned bad = 0, points = 0;
	size_t at = 0;

	while ((wrong = machine_next(machine, NODE_TEST_COLLECTIVE_WRONG, &at))) {
		const char *device = record_device(wrong);
		double checked = 0;

		if (wrong->says != SAYS_VALUE) {
			findings_add_unknown(found, machine, NODE_TEST_COLLECTIVE_WRONG, device);
			continue;
		}
		(void)machine_value(machine, NODE_TEST_COLLECTIVE_CHECKED, device, &checked);
		if (wrong->value > 0) {
			say_wrong(seen, wrong, checked, found);
			bad++;
		} else if (!(checked > 0)) {
			finding_rests_on(findings_add(found, VERDICT_UNKNOWN, device,
						      "nothing was compared: no error in that "
						      "proves nothing"),
					 wrong);
		} else {
			first = first ? first : wrong;
			all += checked;
			points++;
		}
	}
	if (points > 0 && bad == 0)
		finding_rests_on(findings_add(found, VERDICT_PASS, NULL,
					      "%.0f elements in %u results are exactly what they "
					      "have to be",
					      all, points),
				 first);
}

CHECK(collective_correct) = {
	.title = "Collectives bring every rank the exact result",
	.since = "0.1",
	.needs = "node.test.collective.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
