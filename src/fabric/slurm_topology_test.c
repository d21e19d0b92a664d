#include "fabric/slurm_topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct slurm_file read(const char *text, struct arena *arena)
{
	struct slurm_file file = { 0 };
	struct error err = { 0 };

	if (!slurm_topology_read(span_of(text), "t", arena, &file, &err))
		fail_msg("%s", err.text);
	return file;
}

static void a_tree_is_read_as_slurm_reads_it(void **state)
{
	SCOPED_ARENA(arena);
	const struct slurm_file file = read("# comment\n"
					    "switchname = s0 NODES=\"n[1-3]\" # more\r\n"
					    "\n"
					    "SwitchName=s1 \\\n"
					    "   Nodes=n4 LinkSpeed=100\n"
					    "SwitchName=top Switches=s[0-1]",
					    &arena);
	const struct slurm_topology *tree = &file.topologies[0];

	(void)state;
	assert_int_equal(file.findings.kept, 0);
	assert_int_equal(file.count, 1);
	assert_int_equal(tree->kind, SLURM_TREE);
	assert_int_equal(tree->unit_count, 3);
	assert_string_equal(tree->units[0].name, "s0");
	assert_int_equal(tree->units[0].line, 2);
	assert_int_equal(tree->units[0].node_count, 3);
	assert_int_equal(tree->units[1].line, 4);
	assert_string_equal(tree->nodes.names[tree->units[1].first_node], "n4");
	assert_int_equal(tree->units[2].child_count, 2);
}

static void blocks_and_their_sizes_are_read(void **state)
{
	SCOPED_ARENA(arena);
	const struct slurm_file file = read("BlockName=b1 Nodes=n[1-4]\n"
					    "BlockName=b2 Nodes=n[5-8]\n"
					    "BlockSizes=4,8\n",
					    &arena);

	(void)state;
	assert_int_equal(file.topologies[0].kind, SLURM_BLOCK);
	assert_int_equal(file.topologies[0].unit_count, 2);
	assert_int_equal(file.topologies[0].size_count, 2);
	assert_int_equal(file.topologies[0].sizes[1], 8);
	assert_int_equal(file.topologies[0].sizes_line, 3);
	assert_int_equal(file.findings.kept, 0);
}

static void yaml_has_several_topologies(void **state)
{
	SCOPED_ARENA(arena);
	const struct slurm_file file = read("# made by hand\n"
					    "- topology: a\n"
					    "  cluster_default: True\n"
					    "  tree:\n"
					    "    switches:\n"
					    "    - switch: s0\n"
					    "      nodes: n[1-3]\n"
					    "    - switch: top\n"
					    "      children: s0\n"
					    "- topology: b\n"
					    "  block:\n"
					    "    block_sizes:\n"
					    "      - 3\n"
					    "    blocks:\n"
					    "    - block: b1\n"
					    "      nodes: n[1-3]\n"
					    "- topology: c\n"
					    "  flat: True\n",
					    &arena);

	(void)state;
	assert_true(file.is_yaml);
	assert_int_equal(file.count, 3);
	assert_string_equal(file.topologies[0].name, "a");
	assert_int_equal(file.topologies[0].units[1].child_count, 1);
	assert_int_equal(file.topologies[0].units[1].line, 8);
	assert_int_equal(file.topologies[1].kind, SLURM_BLOCK);
	assert_int_equal(file.topologies[1].sizes[0], 3);
	assert_int_equal(file.topologies[2].kind, SLURM_OTHER);
}

/* Each line of what is wrong is a finding with its line; the rest is read. */
static void faults_of_form_are_collected(void **state)
{
	static const struct {
		const char *text;
		enum slurm_rule rule;
		uint32_t line;
	} cases[] = {
		{ "SwitchName=a Nodes=n1\nSwitchName\n", SLURM_SYNTAX, 2 },
		{ "\nSwitch=a Nodes=n1\n", SLURM_SYNTAX, 2 },
		{ "SwitchName=a Node=n1\n", SLURM_SYNTAX, 1 },
		{ "SwitchName=a Nodes=n[1\n", SLURM_SYNTAX, 1 },
		{ "SwitchName=a Nodes=\"n1\n", SLURM_SYNTAX, 1 },
		{ "SwitchName=a Nodes=\n", SLURM_SYNTAX, 1 },
		{ "BlockName=a Switches=n1\n", SLURM_SYNTAX, 1 },
		{ "BlockName=a Nodes=n1\nSwitchName=b Nodes=n1\n", SLURM_SYNTAX, 2 },
		{ "BlockName=a Nodes=n1\nBlockSizes=1,x\n", SLURM_BLOCK_SIZES, 2 },
		{ "SwitchName=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
		  "Nodes=n1\n",
		  SLURM_LONG_NAME, 1 },
		{ "# nothing\n", SLURM_NO_TOPOLOGY, 0 },
		{ "", SLURM_NO_TOPOLOGY, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		const struct slurm_file file = read(cases[i].text, &arena);

		assert_int_equal(file.findings.kept, 1);
		assert_int_equal(file.findings.items[0].rule, cases[i].rule);
		assert_int_equal(file.findings.items[0].line, cases[i].line);
		assert_true(strlen(file.findings.items[0].says) > 0);
		assert_true(strlen(file.findings.items[0].advice) > 0);
	}
}

/* A switch with more nodes than one of Slurm's lists holds. */
#define MANY(name) "SwitchName=" name " Nodes=x[0-65535][1-3]\n"

static void what_cannot_be_read_on_is_an_error(void **state)
{
	static const char *const wrong[] = {
		"- topology: a\n  tree: x\n",
		"- topology: a\n  tree:\n    switches:\n    - nodes: n1\n",
		"- topology: a\n  twig: x\n",
		"- topology: a\n  tree: {switches: []}\n  block: {blocks: []}\n",
		"- [",
		MANY("a") MANY("b") MANY("c") MANY("d") MANY("e") MANY("f"),
		"- topology: a\n  tree:\n    switches:\n    - switch: a\n      nodes: {a: b}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		SCOPED_ARENA(arena);
		struct slurm_file file;
		struct error err = { 0 };

		assert_false(slurm_topology_read(span_of(wrong[i]), "t", &arena, &file, &err));
		assert_int_equal(strncmp(err.text, "t: ", 3), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_is_read_as_slurm_reads_it),
		cmocka_unit_test(blocks_and_their_sizes_are_read),
		cmocka_unit_test(yaml_has_several_topologies),
		cmocka_unit_test(faults_of_form_are_collected),
		cmocka_unit_test(what_cannot_be_read_on_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
