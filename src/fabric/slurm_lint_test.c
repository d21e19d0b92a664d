#include "fabric/slurm_lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct slurm_findings lint(const char *text, struct arena *arena)
{
	struct slurm_file file = { 0 };
	struct error err = { 0 };

	if (!slurm_topology_read(span_of(text), "t", arena, &file, &err))
		fail_msg("%s", err.text);
	slurm_lint(&file, &file.findings);
	slurm_findings_sort(&file.findings);
	return file.findings;
}

static void a_good_file_has_no_finding(void **state)
{
	static const char *const good[] = {
		"SwitchName=a Nodes=n[1-2]\nSwitchName=b Nodes=n3\nSwitchName=c Switches=a,b\n",
		"SwitchName=top Switches=mid\nSwitchName=mid Switches=a\nSwitchName=a Nodes=n1\n",
		"BlockName=a Nodes=n[1-2]\nBlockName=b Nodes=n[3-5]\nBlockSizes=2,4,16\n",
		"BlockName=a Nodes=n[1-2]\n",
		"- topology: c\n  flat: True\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		SCOPED_ARENA(arena);

		assert_int_equal(lint(good[i], &arena).kept, 0);
	}
}

static void each_rule_of_slurm_is_held(void **state)
{
	static const struct {
		const char *text;
		enum slurm_rule rule;
		uint32_t line;
		const char *subject;
	} cases[] = {
		{ "SwitchName=a Nodes=n1\nSwitchName=t Switches=a\nSwitchName=a Nodes=n2\n",
		  SLURM_NAME_TWICE, 3, "a" },
		{ "SwitchName=a Nodes=n1\nSwitchName=t Nodes=n2 Switches=a\n",
		  SLURM_NODES_AND_SWITCHES, 2, "t" },
		{ "SwitchName=t Switches=a\nSwitchName=a\n", SLURM_NOTHING_BELOW, 2, "a" },
		{ "SwitchName=t Switches=b\n", SLURM_NO_SUCH_SWITCH, 1, "t" },
		{ "SwitchName=a Nodes=n1\nSwitchName=s Switches=a\nSwitchName=t Switches=a,s\n",
		  SLURM_TWO_PARENTS, 3, "a" },
		{ "SwitchName=s Switches=s\n", SLURM_LOOP, 1, "s" },
		{ "SwitchName=s Switches=t\nSwitchName=t Switches=u\nSwitchName=u Switches=s\n",
		  SLURM_LOOP, 1, "s" },
		{ "SwitchName=s Nodes=n1\nSwitchName=t Nodes=n2\n", SLURM_NO_ROOT, 2, "" },
		{ "SwitchName=s Nodes=n[1-5]\nSwitchName=t Nodes=n[3-6]\nSwitchName=r "
		  "Switches=s,t\n",
		  SLURM_NODE_TWICE, 2, "n[3-5]" },
		{ "SwitchName=s Nodes=n1,n1\n", SLURM_NODE_TWICE, 1, "n1" },
		{ "BlockName=a Nodes=n[1-4]\nBlockSizes=4,12\n", SLURM_BLOCK_SIZES, 2, "" },
		{ "BlockName=a Nodes=n[1-4]\nBlockSizes=4,4\n", SLURM_BLOCK_SIZES, 2, "" },
		{ "BlockName=a Nodes=n[1-4]\nBlockSizes=4,10\n", SLURM_BLOCK_SIZES, 2, "" },
		{ "BlockName=a Nodes=n[1-3]\nBlockSizes=4\n", SLURM_SMALL_BLOCK, 1, "a" },
		{ "BlockName=a Nodes=n1\nBlockName=a Nodes=n2\n", SLURM_NAME_TWICE, 2, "a" },
		{ "BlockName=a\n", SLURM_NOTHING_BELOW, 1, "a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct slurm_findings found = lint(cases[i].text, &arena);

		assert_int_equal(found.kept, 1);
		assert_string_equal(slurm_rule_names[found.items[0].rule],
				    slurm_rule_names[cases[i].rule]);
		assert_int_equal(found.items[0].line, cases[i].line);
		assert_string_equal(found.items[0].subject, cases[i].subject);
	}
}

/* However much is wrong, as much is kept as a report can hold, and all is counted. */
static void findings_are_bounded(void **state)
{
	SCOPED_ARENA(arena);
	struct text text = { 0 };
	struct slurm_findings found;

	(void)state;
	for (unsigned i = 0; i < SLURM_FINDINGS_MAXIMUM + 5; i++)
		text_add(&text, "SwitchName=a\n");
	found = lint(text_string(&text), &arena);
	text_release(&text);
	assert_int_equal(found.kept, SLURM_FINDINGS_MAXIMUM);
	assert_true(found.counts[SLURM_FAILS] > SLURM_FINDINGS_MAXIMUM);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_file_has_no_finding),
		cmocka_unit_test(each_rule_of_slurm_is_held),
		cmocka_unit_test(findings_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
