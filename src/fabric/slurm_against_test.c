#include "fabric/slurm_lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fabric/topology.h"
#include "test/places.h"

static struct slurm_findings against(const char *text, const struct placement *placement,
				     struct arena *arena)
{
	struct slurm_file file = { 0 };
	struct error err = { 0 };

	assert_true(placement_check(placement, NULL));
	if (!slurm_topology_read(span_of(text), "t", arena, &file, &err))
		fail_msg("%s", err.text);
	slurm_lint_against(&file, placement, &file.findings);
	slurm_findings_sort(&file.findings);
	return file.findings;
}

/* Of each form that is written and read. */
static void what_is_generated_agrees(void **state)
{
	static const enum topology_form forms[] = { TOPOLOGY_SLURM_CONF, TOPOLOGY_SLURM_YAML,
						    TOPOLOGY_SLURM_BLOCK };
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		placement->hosts[i].domain = i < 6 ? "a" : "b";
	for (size_t i = 0; i < 3; i++) {
		SCOPED_TEXT(text);
		struct topology_notes notes = { .arena = &arena };
		struct slurm_file file;

		assert_true(topology_write(forms[i], placement, &options, &notes, &text, NULL));
		assert_true(slurm_topology_read(text_span(&text), "t", &arena, &file, NULL));
		slurm_lint(&file, &file.findings);
		slurm_lint_against(&file, placement, &file.findings);
		assert_int_equal(file.findings.kept, 0);
	}
}

static void a_file_coarser_above_its_leaves_is_fine(void **state)
{
	SCOPED_ARENA(arena);

	(void)state;
	assert_int_equal(against("SwitchName=x Nodes=n[1-4]\nSwitchName=y Nodes=n[5-8]\n"
				 "SwitchName=z Nodes=n[9-10]\nSwitchName=t Switches=x,y,z\n",
				 places_make(&arena), &arena)
				 .kept,
			 0);
}

static void each_difference_is_named(void **state)
{
	static const struct {
		const char *text;
		enum slurm_rule rule;
		uint32_t line;
		const char *subject, *says;
	} cases[] = {
		{ "SwitchName=x Nodes=n[1-3]\nSwitchName=y Nodes=n[4-8]\n"
		  "SwitchName=z Nodes=n[9-10]\nSwitchName=t Switches=x,y,z\n",
		  SLURM_WRONG_SWITCH, 2, "n4",
		  "n4 is in the wrong switch: 'y' has the hosts of group leaf2, and it is in group "
		  "leaf1, with the hosts of 'x'" },
		{ "SwitchName=x Nodes=n[1-8]\nSwitchName=z Nodes=n[9-10]\n"
		  "SwitchName=t Switches=x,z\n",
		  SLURM_MERGED, 1, "x",
		  "switch 'x' holds hosts of 2 groups of the fabric: leaf1 (4), leaf2 (4)" },
		{ "SwitchName=x Nodes=n[1-2]\nSwitchName=w Nodes=n[3-4]\n"
		  "SwitchName=y Nodes=n[5-8]\nSwitchName=z Nodes=n[9-10]\n"
		  "SwitchName=t Switches=x,y,z,w\n",
		  SLURM_SPLIT, 2, "w", NULL },
		{ "SwitchName=x Nodes=n[1-4]\nSwitchName=y Nodes=n[5-8]\n"
		  "SwitchName=z Nodes=n10\nSwitchName=t Switches=x,y,z\n",
		  SLURM_MISSING_NODES, 1, "n9",
		  "1 host of the fabric is in no switch of the file" },
		{ "SwitchName=x Nodes=n[1-4]\nSwitchName=y Nodes=n[5-8],m[1-2]\n"
		  "SwitchName=z Nodes=n[9-10]\nSwitchName=t Switches=x,y,z\n",
		  SLURM_UNKNOWN_NODES, 2, "m[1-2]", "2 nodes of switch 'y' are not in the fabric" },
		{ "SwitchName=x Nodes=m[1-4]\n", SLURM_NOT_COMPARED, 1, "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct slurm_findings found = against(cases[i].text, places_make(&arena), &arena);

		assert_int_equal(found.kept, 1);
		assert_string_equal(slurm_rule_names[found.items[0].rule],
				    slurm_rule_names[cases[i].rule]);
		assert_int_equal(found.items[0].line, cases[i].line);
		assert_string_equal(found.items[0].subject, cases[i].subject);
		if (cases[i].says)
			assert_string_equal(found.items[0].says, cases[i].says);
	}
}

static void a_switch_below_another_pod_is_named(void **state)
{
	SCOPED_ARENA(arena);
	struct slurm_findings found =
		against("SwitchName=a1 Nodes=n[1-2]\nSwitchName=a2 Nodes=n[3-4]\n"
			"SwitchName=b Nodes=n[5-8]\nSwitchName=c1 Nodes=n9\n"
			"SwitchName=c2 Nodes=n10\nSwitchName=p Switches=a[1-2]\n"
			"SwitchName=q Switches=c[1-2],b\nSwitchName=t Switches=p,q\n",
			places_make(&arena), &arena);

	(void)state;
	assert_int_equal(found.counts[SLURM_FAILS], 1);
	assert_string_equal(found.items[0].subject, "b");
	assert_int_equal(found.items[0].rule, SLURM_WRONG_PARENT);
	assert_string_equal(found.items[0].says,
			    "switch 'b' lies below 'q', and the fabric has its hosts below 'p' "
			    "(pod1)");
}

static void short_names_and_long_ones_meet(void **state)
{
	SCOPED_ARENA(arena);
	struct placement *placement = places_make(&arena);

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		placement->hosts[i].name =
			arena_format(&arena, "%s.example.com", placement->hosts[i].name);
	assert_int_equal(against("SwitchName=x Nodes=n[1-4]\nSwitchName=y Nodes=n[5-8]\n"
				 "SwitchName=z Nodes=n[9-10]\nSwitchName=t Switches=x,y,z\n",
				 placement, &arena)
				 .kept,
			 0);
}

static void a_node_outside_its_domain_is_in_the_wrong_block(void **state)
{
	SCOPED_ARENA(arena);
	struct placement *placement = places_make(&arena);
	struct slurm_findings found;

	(void)state;
	for (uint32_t i = 0; i < 9; i++)
		placement->hosts[i].domain = i < 5 ? "9a3cf2d0-5a1b-4c2d-8e3f-0123456789ab.7"
						   : "0b1de2c4-5a1b-4c2d-8e3f-0123456789ab.7";
	found = against("BlockName=x Nodes=n[1-4]\nBlockName=y Nodes=n[5-10]\nBlockSizes=4\n",
			placement, &arena);
	assert_int_equal(found.kept, 2);
	assert_string_equal(found.items[0].says,
			    "n5 is in the wrong block: 'y' has the hosts of NVLink domain "
			    "0b1de2c4.7, and it is "
			    "in NVLink domain 9a3cf2d0.7, with the hosts of 'x'");
	assert_string_equal(found.items[0].advice, "move it to block 'x' (line 1)");
	assert_int_equal(found.items[1].rule, SLURM_NOT_COMPARED);
	assert_string_equal(found.items[1].subject, "n10");
}

static void domains_that_begin_alike_keep_their_whole_names(void **state)
{
	SCOPED_ARENA(arena);
	struct placement *placement = places_make(&arena);
	struct slurm_findings found;

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		placement->hosts[i].domain = i < 5 ? "9a3cf2d0-5a1b-4c2d-8e3f-0123456789ab.7"
						   : "9a3cf2d0-5a1b-4c2d-8e3f-0123456789ac.7";
	found = against("BlockName=x Nodes=n[1-4]\nBlockName=y Nodes=n[5-10]\nBlockSizes=4\n",
			placement, &arena);
	assert_int_equal(found.kept, 1);
	assert_non_null(
		strstr(found.items[0].says, "domain 9a3cf2d0-5a1b-4c2d-8e3f-0123456789ab.7,"));
	assert_non_null(
		strstr(found.items[0].says, "domain 9a3cf2d0-5a1b-4c2d-8e3f-0123456789ac.7,"));
}

static void a_host_without_a_place_is_unknown_not_wrong(void **state)
{
	SCOPED_ARENA(arena);
	struct placement *placement = places_make(&arena);
	struct slurm_findings found;

	(void)state;
	placement->hosts[3].unit = UINT32_MAX;
	placement->hosts[3].why = "no cable is seen";
	placement->placed--;
	found = against("SwitchName=x Nodes=n[1-4]\nSwitchName=y Nodes=n[5-8]\n"
			"SwitchName=z Nodes=n[9-10]\nSwitchName=t Switches=x,y,z\n",
			placement, &arena);
	assert_int_equal(found.kept, 1);
	assert_int_equal(found.items[0].weight, SLURM_UNKNOWN);
	assert_string_equal(found.items[0].subject, "n4");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_generated_agrees),
		cmocka_unit_test(a_file_coarser_above_its_leaves_is_fine),
		cmocka_unit_test(each_difference_is_named),
		cmocka_unit_test(a_switch_below_another_pod_is_named),
		cmocka_unit_test(short_names_and_long_ones_meet),
		cmocka_unit_test(a_node_outside_its_domain_is_in_the_wrong_block),
		cmocka_unit_test(domains_that_begin_alike_keep_their_whole_names),
		cmocka_unit_test(a_host_without_a_place_is_unknown_not_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
