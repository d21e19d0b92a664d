#include "fabric/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/wires.h"

static const struct wires wires = { .groups = 3, .nodes = 8, .rails = 4, .spines = 4, .cables = 1 };

struct scene {
	struct arena arena;
	struct graph graph;
	struct host_facts facts;
	struct fabric_hosts hosts;
	struct layout layout;
	struct fabric_records records;
};

static void wire(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	scene->graph.arena = &scene->arena;
	scene->facts.arena = &scene->arena;
	scene->records = (struct fabric_records){
		.arena = &scene->arena,
		.subject.parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_CLUSTER] = "c" },
		.command = "describe",
		.time = 1700000000,
	};
	wires_make(&scene->graph, &wires);
}

static void tell(struct scene *scene)
{
	fabric_hosts_join(&scene->graph, &scene->facts, &scene->arena, &scene->hosts);
	layout_find(&scene->graph, &scene->hosts, &scene->arena, &scene->layout);
	layout_tell(&scene->layout, &scene->records);
}

/* The one record of that name and device; NULL for none. */
static const struct record *said(const struct scene *scene, const char *what, const char *device)
{
	const struct record *found = NULL;

	for (size_t i = 0; i < scene->records.count; i++) {
		const struct record *one = &scene->records.items[i];
		const char *about = one->subject.parts[SUBJECT_DEVICE];

		if (strcmp(one->what, what) != 0 || strcmp(about ? about : "", device) != 0)
			continue;
		assert_null(found);
		found = one;
	}
	return found;
}

static double value(const struct scene *scene, const char *what, const char *device)
{
	const struct record *record = said(scene, what, device);

	assert_non_null(record);
	assert_int_equal(record->says, SAYS_VALUE);
	return record->value;
}

static void a_whole_fabric_is_told_in_numbers(void **state)
{
	struct scene scene;
	const struct record *group;

	(void)state;
	wire(&scene);
	tell(&scene);
	assert_string_equal(said(&scene, "fabric.seen", "")->text, "whole");
	assert_string_equal(said(&scene, "fabric.style", "fabric:compute")->text, "rail-optimised");
	assert_int_equal((int)value(&scene, "fabric.hosts", "fabric:compute"), 24);
	assert_int_equal((int)value(&scene, "fabric.host.links", "fabric:compute"), 4);
	assert_int_equal((int)value(&scene, "fabric.groups", "fabric:compute"), 3);
	/* Eight hosts below a leaf, four cables above it. */
	assert_int_equal((int)value(&scene, "fabric.blocking", "fabric:compute/tier:0"), 2);
	assert_null(said(&scene, "fabric.blocking", "fabric:compute/tier:1"));
	assert_int_equal((int)value(&scene, "fabric.fault", "fault:slow-link"), 0);
	group = said(&scene, "networking.rail-group", "");
	assert_int_equal((int)group->value, 8);
	assert_string_equal(group->unit, "nodes");
	assert_null(group->subject.parts[SUBJECT_NODE]);
	arena_release(&scene.arena);
}

static void a_fault_has_its_place_and_the_slowest_link_its_share(void **state)
{
	struct scene scene;
	struct graph_port *leaf, *adapter;
	const struct record *fault;
	uint32_t port;

	(void)state;
	wire(&scene);
	port = graph_port(&scene.graph, wires_adapter(&scene.graph, 2, 1), 1);
	adapter = &scene.graph.ports[port];
	leaf = &scene.graph.ports[adapter->peer];
	adapter->width = leaf->width = 1;
	tell(&scene);
	assert_int_equal((int)value(&scene, "fabric.fault", "fault:slow-link"), 1);
	fault = said(&scene, "fabric.fault", "fault:slow-link");
	assert_non_null(strstr(fault->excerpt, "port "));
	assert_non_null(strstr(fault->excerpt, ": the link to "));
	assert_int_equal((int)value(&scene, "fabric.link.slowest", "fabric:compute"), 25);
	arena_release(&scene.arena);
}

static void a_sound_fabric_has_no_slow_link_and_a_part_may(void **state)
{
	struct scene scene;

	(void)state;
	wire(&scene);
	tell(&scene);
	assert_int_equal((int)value(&scene, "fabric.link.slowest", "fabric:compute"), 100);
	assert_null(said(&scene, "fabric.fault", "fault:slow-link")->excerpt);
	arena_release(&scene.arena);

	wire(&scene);
	scene.graph.is_partial = true;
	tell(&scene);
	assert_int_equal(said(&scene, "fabric.link.slowest", "fabric:compute")->says, SAYS_UNKNOWN);
	arena_release(&scene.arena);

	wire(&scene);
	for (uint32_t i = 0; i < scene.graph.port_count; i++)
		scene.graph.ports[i].speed = SPEED_UNKNOWN;
	tell(&scene);
	assert_null(said(&scene, "fabric.link.slowest", "fabric:compute"));
	arena_release(&scene.arena);
}

static void what_was_not_seen_whole_settles_nothing(void **state)
{
	struct scene scene;

	(void)state;
	wire(&scene);
	scene.graph.is_partial = true;
	tell(&scene);
	assert_string_equal(said(&scene, "fabric.seen", "")->text, "partial");
	assert_int_equal(said(&scene, "fabric.blocking", "fabric:compute/tier:0")->says,
			 SAYS_UNKNOWN);
	assert_int_equal(said(&scene, "fabric.fault", "fault:slow-link")->says, SAYS_UNKNOWN);
	assert_null(said(&scene, "networking.rail-group", ""));
	arena_release(&scene.arena);
}

static void links_without_a_counter_are_told_apart(void **state)
{
	struct host_fact fact = { .host = "n1", .naming = HOST_NAMED_BY_EVIDENCE };
	struct scene scene;
	struct error err;

	(void)state;
	wire(&scene);
	tell(&scene);
	assert_int_equal((int)value(&scene, "fabric.link.counted", "fabric:compute"), 0);
	assert_int_equal((int)value(&scene, "fabric.link.uncounted", "fabric:compute"), 96);
	assert_int_equal(said(&scene, "fabric.link.downs", "fabric:compute")->says, SAYS_UNKNOWN);
	arena_release(&scene.arena);

	wire(&scene);
	for (uint32_t i = 0; fact.adapter.node_guid == 0; i++)
		if (scene.graph.nodes[i].kind == GRAPH_ADAPTER)
			fact.adapter.node_guid = scene.graph.nodes[i].guid;
	fact.adapter.has_downs = true;
	fact.adapter.downs = 3;
	assert_true(host_facts_add(&scene.facts, &fact, &err));
	tell(&scene);
	assert_int_equal((int)value(&scene, "fabric.link.counted", "fabric:compute"), 1);
	assert_int_equal((int)value(&scene, "fabric.link.uncounted", "fabric:compute"), 95);
	assert_int_equal((int)value(&scene, "fabric.link.downs", "fabric:compute"), 3);
	arena_release(&scene.arena);
}

static void nothing_is_told_of_no_fabric(void **state)
{
	struct scene scene;

	(void)state;
	wire(&scene);
	scene.graph = (struct graph){ .arena = &scene.arena };
	tell(&scene);
	assert_int_equal(scene.records.count, 0);
	arena_release(&scene.arena);
}

static void a_file_is_judged_by_the_gravest(void **state)
{
	static const struct {
		enum slurm_rule rule;
		enum slurm_weight weight;
		bool is_compared, is_partial;
		const char *word; /* NULL: unknown */
	} cases[] = {
		{ SLURM_SPLIT, SLURM_WARNS, true, false, "differs" },
		{ SLURM_WRONG_SWITCH, SLURM_FAILS, true, false, "contradicts" },
		{ SLURM_WRONG_SWITCH, SLURM_FAILS, true, true, "contradicts" },
		{ SLURM_LOOP, SLURM_FAILS, false, false, "invalid" },
		{ SLURM_NOT_COMPARED, SLURM_UNKNOWN, true, false, NULL },
		{ SLURM_SPLIT, SLURM_WARNS, true, true, NULL },
		{ SLURM_SPLIT, SLURM_WARNS, false, false, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slurm_file file = { .path = "/etc/slurm/topology.conf" };
		struct placement placement = { .is_partial = cases[i].is_partial };
		const struct record *record;
		struct scene scene;

		wire(&scene);
		file.findings.arena = &scene.arena;
		slurm_find(
			&file.findings,
			&(struct slurm_finding){ cases[i].rule, cases[i].weight, 1, "n1", "", "" },
			"as it is");
		slurm_tell(&file, &file.findings, cases[i].is_compared ? &placement : NULL,
			   &scene.records);
		record = said(&scene, "fabric.placement", "file:topology.conf");
		assert_non_null(record);
		assert_int_equal(record->says, cases[i].word ? SAYS_STATE : SAYS_UNKNOWN);
		if (cases[i].word)
			assert_string_equal(record->text, cases[i].word);
		arena_release(&scene.arena);
	}
}

static void a_sound_file_agrees_only_with_a_fabric(void **state)
{
	struct slurm_file file = { .path = "topology.yaml" };
	struct placement placement = { 0 };
	struct scene scene;

	(void)state;
	wire(&scene);
	slurm_tell(&file, &file.findings, &placement, &scene.records);
	assert_string_equal(said(&scene, "fabric.placement", "file:topology.yaml")->text, "agrees");
	scene.records.count = 0;
	slurm_tell(&file, &file.findings, NULL, &scene.records);
	assert_int_equal(said(&scene, "fabric.placement", "file:topology.yaml")->says,
			 SAYS_UNKNOWN);
	arena_release(&scene.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_fabric_is_told_in_numbers),
		cmocka_unit_test(a_fault_has_its_place_and_the_slowest_link_its_share),
		cmocka_unit_test(a_sound_fabric_has_no_slow_link_and_a_part_may),
		cmocka_unit_test(what_was_not_seen_whole_settles_nothing),
		cmocka_unit_test(links_without_a_counter_are_told_apart),
		cmocka_unit_test(nothing_is_told_of_no_fabric),
		cmocka_unit_test(a_file_is_judged_by_the_gravest),
		cmocka_unit_test(a_sound_file_agrees_only_with_a_fabric),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
