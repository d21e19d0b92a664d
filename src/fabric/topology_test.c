#include "fabric/topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/places.h"

/* The file without its comments. */
static const char *bare(const struct text *text, struct arena *arena)
{
	struct text kept = { 0 };
	struct span rest = text_span(text), line;
	const char *copy;

	while (span_cut(&rest, '\n', &line)) {
		if (line.length > 0 && line.at[0] == '#')
			continue;
		text_add_span(&kept, line);
		text_add_char(&kept, '\n');
	}
	copy = arena_string(arena, text_span(&kept));
	text_release(&kept);
	return copy;
}

static const char *write(enum topology_form form, const struct placement *placement,
			 const struct topology_options *options, struct arena *arena,
			 struct topology_notes *ret_notes)
{
	SCOPED_TEXT(text);
	struct error err = { 0 };

	assert_true(placement_check(placement, &err));
	*ret_notes = (struct topology_notes){ .arena = arena };
	if (!topology_write(form, placement, options, ret_notes, &text, &err))
		return arena_string(arena, span_of(err.text));
	return bare(&text, arena);
}

static void lose(struct placement *placement, uint32_t host)
{
	placement->placed -= placement->hosts[host].unit != UINT32_MAX;
	placement->hosts[host].unit = UINT32_MAX;
	placement->hosts[host].why = "no cable of it is seen";
}

static void a_tree_is_leaf_groups_and_what_joins_them(void **state)
{
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct topology_notes notes;

	(void)state;
	assert_string_equal(
		write(TOPOLOGY_SLURM_CONF, places_make(&arena), &options, &arena, &notes),
		"SwitchName=leaf1 Nodes=n[1-4]\n"
		"SwitchName=leaf2 Nodes=n[5-8]\n"
		"SwitchName=leaf3 Nodes=n[9-10]\n"
		"SwitchName=pod1 Switches=leaf[1-2]\n"
		"SwitchName=pod2 Switches=leaf3\n"
		"SwitchName=core Switches=pod[1-2]\n");
	assert_int_equal(notes.count, 0);
	assert_int_equal(notes.left_out, 0);
}

static void a_host_without_a_place_is_nobodys_neighbour(void **state)
{
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;

	(void)state;
	lose(placement, 8);
	lose(placement, 9);
	assert_string_equal(write(TOPOLOGY_SLURM_CONF, placement, &options, &arena, &notes),
			    "SwitchName=leaf1 Nodes=n[1-4]\n"
			    "SwitchName=leaf2 Nodes=n[5-8]\n"
			    "SwitchName=unplaced-n9 Nodes=n9\n"
			    "SwitchName=unplaced-n10 Nodes=n10\n"
			    "SwitchName=pod1 Switches=leaf[1-2]\n"
			    "SwitchName=core Switches=pod1,unplaced-n[9-10]\n");
	assert_int_equal(notes.unplaced, 2);
	assert_int_equal(notes.count, 1);
	assert_string_equal(notes.lines[0],
			    "no place is known of 2 hosts (each a switch of its own): n9, n10");
}

static void a_single_leaf_gets_a_root_when_it_needs_one(void **state)
{
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;

	(void)state;
	placement->tier_count = 1;
	placement->unit_count = 1;
	placement->units[0].parent = UINT32_MAX;
	for (uint32_t i = 4; i < 10; i++)
		lose(placement, i);
	placement->host_count = 5;
	assert_string_equal(write(TOPOLOGY_SLURM_CONF, placement, &options, &arena, &notes),
			    "SwitchName=leaf1 Nodes=n[1-4]\n"
			    "SwitchName=unplaced-n5 Nodes=n5\n"
			    "SwitchName=fabric Switches=leaf1,unplaced-n5\n");
}

static void parts_are_joined_when_asked(void **state)
{
	SCOPED_ARENA(arena);
	struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;

	(void)state;
	placement->tier_count = 2;
	placement->unit_count = 5;
	placement->units[3].parent = UINT32_MAX;
	placement->units[4].parent = UINT32_MAX;
	placement->units[4].name = "fabric";
	(void)write(TOPOLOGY_SLURM_CONF, placement, &options, &arena, &notes);
	assert_int_equal(notes.count, 1);
	assert_non_null(strstr(notes.lines[0], "2 parts"));
	options.join = true;
	assert_non_null(strstr(write(TOPOLOGY_SLURM_CONF, placement, &options, &arena, &notes),
			       " Switches=pod1,fabric\n"));
	assert_int_equal(notes.count, 0);
}

static void names_that_break_a_file_are_left_out_and_said(void **state)
{
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;
	const char *text;

	(void)state;
	placement->hosts[0].name = "a,b";
	placement->hosts[8].name = "n 9";
	placement->hosts[9].name = "n 10";
	placement->units[1].name = "leaf [2]";
	text = write(TOPOLOGY_SLURM_CONF, placement, &options, &arena, &notes);
	assert_null(strstr(text, "a,b"));
	assert_non_null(strstr(text, "SwitchName=leaf1 Nodes=n[2-4]\n"));
	assert_non_null(strstr(text, "SwitchName=leaf--2- Nodes=n[5-8]\n"));
	/* A switch with nothing below it would stop Slurm. */
	assert_null(strstr(text, "leaf3"));
	assert_null(strstr(text, "pod2"));
	assert_int_equal(notes.left_out, 3);
	text = write(TOPOLOGY_VOLCANO, placement, &options, &arena, &notes);
	assert_null(strstr(text, "leaf3"));
	assert_int_equal(notes.left_out, 3);
}

static void blocks_are_domains(void **state)
{
	SCOPED_ARENA(arena);
	struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;

	(void)state;
	assert_non_null(strstr(write(TOPOLOGY_SLURM_BLOCK, placement, &options, &arena, &notes),
			       "no NVLink domain of two or more hosts"));
	for (uint32_t i = 0; i < 9; i++) {
		placement->hosts[i].domain = i < 4 ? "zeta" : "alpha";
		placement->hosts[i].subdomain = i < 7 ? "1" : "2";
	}
	assert_string_equal(write(TOPOLOGY_SLURM_BLOCK, placement, &options, &arena, &notes),
			    "BlockName=zeta.1 Nodes=n[1-4]\n"
			    "BlockName=alpha.1 Nodes=n[5-7]\n"
			    "BlockName=alpha.2 Nodes=n[8-9]\n"
			    "BlockSizes=2,4\n");
	assert_int_equal(notes.left_out, 1);
	assert_non_null(strstr(notes.lines[0], "n10"));
	options.block_size = 3;
	assert_non_null(strstr(write(TOPOLOGY_SLURM_BLOCK, placement, &options, &arena, &notes),
			       "smallest NVLink domain has 2 hosts"));
}

static void yaml_has_the_tree_and_the_blocks(void **state)
{
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;

	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		placement->hosts[i].domain = i < 4 ? "a" : "b";
	assert_string_equal(write(TOPOLOGY_SLURM_YAML, placement, &options, &arena, &notes),
			    "- topology: \"fabric\"\n"
			    "  cluster_default: true\n"
			    "  tree:\n"
			    "    switches:\n"
			    "      - switch: \"leaf1\"\n"
			    "        nodes: \"n[1-4]\"\n"
			    "      - switch: \"leaf2\"\n"
			    "        nodes: \"n[5-8]\"\n"
			    "      - switch: \"leaf3\"\n"
			    "        nodes: \"n[9-10]\"\n"
			    "      - switch: \"pod1\"\n"
			    "        children: \"leaf[1-2]\"\n"
			    "      - switch: \"pod2\"\n"
			    "        children: \"leaf3\"\n"
			    "      - switch: \"core\"\n"
			    "        children: \"pod[1-2]\"\n"
			    "- topology: \"nvlink\"\n"
			    "  cluster_default: false\n"
			    "  block:\n"
			    "    block_sizes:\n"
			    "      - 4\n"
			    "      - 8\n"
			    "    blocks:\n"
			    "      - block: \"a\"\n"
			    "        nodes: \"n[1-4]\"\n"
			    "      - block: \"b\"\n"
			    "        nodes: \"n[5-8]\"\n");
}

static void labels_name_each_tier(void **state)
{
	SCOPED_ARENA(arena);
	struct topology_options options = { .label_prefix = "example.com" };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;
	const char *text;

	(void)state;
	placement->hosts[0].name = "N1";
	placement->hosts[0].domain = "8fa1";
	placement->hosts[0].subdomain = "7";
	lose(placement, 9);
	text = write(TOPOLOGY_KUBERNETES, placement, &options, &arena, &notes);
	assert_ptr_equal(strstr(text, "apiVersion: v1\n"
				      "kind: Node\n"
				      "metadata:\n"
				      "  name: \"n1\"\n"
				      "  labels:\n"
				      "    \"example.com/tier-0\": \"leaf1\"\n"
				      "    \"example.com/tier-1\": \"pod1\"\n"
				      "    \"example.com/tier-2\": \"core\"\n"
				      "    \"example.com/domain\": \"8fa1\"\n"
				      "    \"example.com/sub-domain\": \"7\"\n"
				      "---\n"),
			 text);
	assert_null(strstr(text, "n10"));
	assert_int_equal(notes.unplaced, 1);
	assert_non_null(strstr(write(TOPOLOGY_KUEUE, placement, &options, &arena, &notes),
			       "    - nodeLabel: \"example.com/tier-2\"\n"
			       "    - nodeLabel: \"example.com/tier-1\"\n"
			       "    - nodeLabel: \"example.com/tier-0\"\n"
			       "    - nodeLabel: \"kubernetes.io/hostname\"\n"));
	options.label_prefix = "Bad/Prefix";
	assert_non_null(strstr(write(TOPOLOGY_KUBERNETES, placement, &options, &arena, &notes),
			       "--label-prefix"));
}

static void hyper_nodes_count_tiers_from_one(void **state)
{
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct topology_notes notes;
	const char *text = write(TOPOLOGY_VOLCANO, places_make(&arena), &options, &arena, &notes);

	(void)state;
	assert_non_null(strstr(text, "  name: \"leaf3\"\nspec:\n  tier: 1\n  members:\n"
				     "    - type: Node\n      selector:\n        exactMatch:\n"
				     "          name: \"n9\"\n"));
	assert_non_null(strstr(text, "  name: \"core\"\nspec:\n  tier: 3\n  members:\n"
				     "    - type: HyperNode\n      selector:\n        exactMatch:\n"
				     "          name: \"pod1\"\n"));
}

static void nccl_is_told_what_is_known(void **state)
{
	static const char *const devices[] = { "mlx5_0", "mlx5_3" };
	SCOPED_ARENA(arena);
	struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;

	(void)state;
	assert_string_equal(write(TOPOLOGY_NCCL, placement, &options, &arena, &notes), "");
	options.network = (struct topology_network){
		.is_known = true,
		.is_rail_only = true,
		.devices = devices,
		.device_count = 2,
	};
	assert_string_equal(write(TOPOLOGY_NCCL, placement, &options, &arena, &notes),
			    "NCCL_IB_HCA==mlx5_0,mlx5_3\nNCCL_CROSS_NIC=0\n");
}

static void hosts_stand_beside_their_neighbours(void **state)
{
	SCOPED_ARENA(arena);
	const struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes;

	(void)state;
	placement->hosts[1].unit = 2;
	lose(placement, 0);
	assert_string_equal(write(TOPOLOGY_HOSTS, placement, &options, &arena, &notes),
			    "n3\nn4\nn5\nn6\nn7\nn8\nn2\nn9\nn10\nn1\n");
}

static void a_comment_stays_one(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	const struct topology_options options = { 0 };
	struct placement *placement = places_make(&arena);
	struct topology_notes notes = { .arena = &arena };

	(void)state;
	placement->source = "evil\nSwitchName=x";
	assert_true(topology_write(TOPOLOGY_SLURM_CONF, placement, &options, &notes, &text, NULL));
	assert_null(strstr(text_string(&text), "\nSwitchName=x"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_is_leaf_groups_and_what_joins_them),
		cmocka_unit_test(a_host_without_a_place_is_nobodys_neighbour),
		cmocka_unit_test(a_single_leaf_gets_a_root_when_it_needs_one),
		cmocka_unit_test(parts_are_joined_when_asked),
		cmocka_unit_test(names_that_break_a_file_are_left_out_and_said),
		cmocka_unit_test(blocks_are_domains),
		cmocka_unit_test(yaml_has_the_tree_and_the_blocks),
		cmocka_unit_test(labels_name_each_tier),
		cmocka_unit_test(hyper_nodes_count_tiers_from_one),
		cmocka_unit_test(nccl_is_told_what_is_known),
		cmocka_unit_test(hosts_stand_beside_their_neighbours),
		cmocka_unit_test(a_comment_stays_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
