#include "fabric/cloud.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NONE UINT32_MAX

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* The host's units from the nearest outwards, with commas; "?" when it has none. */
static const char *way_of(const struct placement *placement, const char *name)
{
	for (uint32_t i = 0; i < placement->host_count; i++) {
		const char *way = "";

		if (strcmp(placement->hosts[i].name, name) != 0)
			continue;
		for (uint32_t u = placement->hosts[i].unit; u != NONE;
		     u = placement->units[u].parent)
			way = arena_format(&arena, "%s%s%s", way, way[0] ? "," : "",
					   placement->units[u].name);
		if (way[0] == '\0')
			assert_string_not_equal(placement->hosts[i].why, "");
		return way[0] ? way : "?";
	}
	return "no such host";
}

static bool place(const char *const *texts, size_t count, struct placement *ret_placement,
		  struct error *err)
{
	struct cloud_hosts hosts = { .arena = &arena };

	*ret_placement = (struct placement){ .host_count = 0 };
	for (size_t i = 0; i < count; i++) {
		struct span text = span_of(texts[i]);

		if (cloud_names_is(text)) {
			if (!cloud_names_read(&hosts, text, "names.txt", err))
				return false;
			continue;
		}
		assert_true(cloud_is(text));
		if (!cloud_read(&hosts, text, "folder/n7.json", err))
			return false;
	}
	return cloud_place(&hosts, &arena, ret_placement, err);
}

static void each_cloud_s_form_is_read(void **state)
{
	static const struct {
		const char *text, *host, *way, *domain, *source;
	} cases[] = {
		{ "{\"customerHPCIslandId\":\"ocid1.hpcisland.x\",\"customerHostId\":\"h\","
		  "\"customerLocalBlock\":\"lb\",\"customerNetworkBlock\":\"nb\","
		  "\"customerGpuMemoryFabric\":\"gmf\"}",
		  "n7", "lb,nb,ocid1.hpcisland.x", "gmf", "OCI rdmaTopologyData" },
		{ "{\"data\":{\"items\":[{\"display-name\":\"host-3\",\"instance-id\":\"i3\","
		  "\"local-block-id\":\"lb\",\"network-block-id\":\"nb\","
		  "\"hpc-island-id\":\"isl\",\"gpu-memory-fabric-id\":null}]}}",
		  "i3", "lb,nb,isl", "", "OCI compute hosts" },
		{ "{\"items\":[{\"instanceId\":\"i3\",\"computeLocalBlockId\":\"lb\","
		  "\"computeNetworkBlockId\":\"nb\",\"computeHpcIslandId\":\"isl\"}]}",
		  "i3", "lb,nb,isl", "", "OCI bare metal hosts" },
		{ "{\"Instances\":[{\"InstanceId\":\"i-1\",\"InstanceType\":\"p5.48xlarge\","
		  "\"NetworkNodes\":[\"nn-1\",\"nn-2\",\"nn-3\"],\"CapacityBlockId\":\"cb\","
		  "\"ZoneId\":\"usw2-az2\"}]}",
		  "i-1", "nn-3,nn-2,nn-1", "cb", "AWS DescribeInstanceTopology" },
		{ "{\"items\":[{\"metadata\":{\"id\":\"computeinstance-1\",\"name\":\"w-0\"},"
		  "\"spec\":{\"nvl_instance_group_id\":\"nvl\"},\"status\":{"
		  "\"infiniband_topology_path\":{\"path\":[\"t1\",\"t2\",\"t3\"]}}}]}",
		  "w-0", "t3,t2,t1", "nvl", "Nebius instances" },
		{ "{\"data\":[{\"id\":\"a1\",\"hostname\":\"g-1\",\"networkPath\":[{\"id\":\"l\"},"
		  "{\"id\":\"s\"}],\"nvlink\":{\"domainID\":\"d\",\"cliqueID\":\"c\"}}]}",
		  "g-1", "l,s", "d", "Lambda instances" },
		{ "[{\"id\":\"77\",\"name\":\"vm-1\",\"resourceStatus\":{\"physicalHost\":"
		  "\"/b/s/h\",\"physicalHostTopology\":{\"cluster\":\"c\",\"block\":\"b\","
		  "\"subblock\":\"s\",\"host\":\"h\"}}}]",
		  "vm-1", "s,b,c", "", "Google Cloud instances" },
		{ "[{\"name\":\"vm-1\",\"resourceStatus\":{\"physicalHost\":\"/b/s/h\"}}]", "vm-1",
		  "s,b", "", "Google Cloud instances" },
		{ "n3: {\"cluster\":\"c\",\"block\":\"b\",\"subblock\":\"s\",\"host\":\"h\"}\n",
		  "n3", "s,b,c", "", "Google Cloud metadata" },
		{ "{\"kind\":\"List\",\"items\":[{\"kind\":\"Node\",\"metadata\":{\"name\":\"k1\","
		  "\"labels\":{\"topology.k8s.aws/network-node-layer-1\":\"nn-1\","
		  "\"topology.k8s.aws/network-node-layer-2\":\"nn-2\","
		  "\"topology.k8s.aws/network-node-layer-3\":\"nn-3\","
		  "\"nvidia.com/gpu.clique\":\"u.1\"}}}]}",
		  "k1", "nn-3,nn-2,nn-1", "u.1", "labels of AWS" },
		{ "{\"items\":[{\"metadata\":{\"name\":\"k1\",\"labels\":{"
		  "\"fabric.topograph.run/tier-0\":\"l\",\"fabric.topograph.run/tier-1\":\"s\","
		  "\"accelerator.topograph.run/domain\":\"d\"}}}]}",
		  "k1", "l,s", "d", "labels of topograph" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { .code = ERROR_NONE };
		struct placement placement;

		if (!place(&cases[i].text, 1, &placement, &err))
			fail_msg("%s: %s", cases[i].source, err.text);
		assert_string_equal(way_of(&placement, cases[i].host), cases[i].way);
		assert_int_equal(placement.host_count, 1);
		assert_string_equal(placement.hosts[0].domain, cases[i].domain);
		assert_string_equal(placement.source, cases[i].source);
		assert_false(placement.is_partial);
	}
}

static void hosts_of_many_units_become_one_tree(void **state)
{
	static const char *const texts[] = {
		"{\"Instances\":[{\"InstanceId\":\"i-10\",\"NetworkNodes\":[\"a\",\"b\",\"d\"]},"
		"{\"InstanceId\":\"i-2\",\"NetworkNodes\":[\"a\",\"b\",\"d\"]},"
		"{\"InstanceId\":\"i-3\",\"NetworkNodes\":[\"a\",\"c\",\"e\"]},"
		"{\"InstanceId\":\"i-4\",\"NetworkNodes\":[\"z\",\"c\",\"f\"]},"
		"{\"InstanceId\":\"i-5\",\"NetworkNodes\":[\"c\",\"f\"]},"
		"{\"InstanceId\":\"i-6\",\"NetworkNodes\":null}],\"NextToken\":\"more\"}",
	};
	struct placement placement;

	(void)state;
	assert_true(place(texts, 1, &placement, NULL));
	assert_int_equal(placement.host_count, 6);
	assert_int_equal(placement.placed, 5);
	assert_int_equal(placement.tier_count, 3);
	assert_true(placement.is_partial);
	assert_string_equal(placement.hosts[0].name, "i-2");
	assert_string_equal(placement.hosts[5].name, "i-10");
	assert_string_equal(way_of(&placement, "i-10"), "d,b,a");
	assert_int_equal(placement.hosts[0].unit, placement.hosts[5].unit);
	assert_non_null(strstr(way_of(&placement, "i-3"), ",a"));
	assert_string_equal(way_of(&placement, "i-6"), "?");
	/* One name in three places is three units: "c" below "a", below "z" and below nothing. */
	assert_int_equal(placement.unit_count, 2 + 4 + 4);
	for (uint32_t i = 0; i < placement.unit_count; i++) {
		uint32_t parent = placement.units[i].parent;

		assert_true(i == 0 || placement.units[i - 1].tier <= placement.units[i].tier);
		assert_true(parent == NONE ||
			    placement.units[parent].tier == placement.units[i].tier + 1);
		for (uint32_t k = 0; k < i; k++)
			assert_string_not_equal(placement.units[i].name, placement.units[k].name);
	}
}

static void what_hosts_answer_at_once_is_told_apart(void **state)
{
	static const char *const texts[] = {
		"n2: {\nn1: {\nn1:   \"customerLocalBlock\": \"lb1\",\nn2:   "
		"\"customerLocalBlock\": \"lb2\",\nn2:   \"customerNetworkBlock\": \"nb\"\nn1:   "
		"\"customerNetworkBlock\": \"nb\"\nn1: }\nn2: }\n",
	};
	struct placement placement;

	(void)state;
	assert_true(place(texts, 1, &placement, NULL));
	assert_string_equal(way_of(&placement, "n1"), "lb1,nb");
	assert_string_equal(way_of(&placement, "n2"), "lb2,nb");
}

static void an_instance_gets_the_name_that_the_user_gives_it(void **state)
{
	static const char *const texts[] = {
		"{\"Instances\":[{\"InstanceId\":\"i-0123456789\",\"NetworkNodes\":[\"a\",\"b\"]}]"
		"}",
		"gpu-1: i-0123456789\n",
	};
	struct placement placement;

	(void)state;
	assert_true(place(texts, 2, &placement, NULL));
	assert_string_equal(placement.hosts[0].name, "gpu-1");
	assert_string_equal(way_of(&placement, "gpu-1"), "b,a");
}

static void an_instance_that_no_answer_tells_of_stays(void **state)
{
	static const char *const texts[] = {
		"{\"Instances\":[{\"InstanceId\":\"i-0123456789\",\"NetworkNodes\":[\"a\",\"b\"]}]"
		"}",
		"n1: i-0123456789\nn2: i-0123456780\nn1: i-0123456789\n",
	};
	struct placement placement;

	(void)state;
	assert_true(place(texts, 2, &placement, NULL));
	assert_int_equal(placement.host_count, 2);
	assert_int_equal(placement.placed, 1);
	assert_string_equal(way_of(&placement, "n2"), "?");
	assert_non_null(strstr(placement.hosts[1].why, "i-0123456780"));
	assert_true(placement_check(&placement, NULL));
}

static void names_that_contradict_each_other_are_refused(void **state)
{
	static const char answer[] =
		"{\"Instances\":[{\"InstanceId\":\"i-0123456781\",\"NetworkNodes\":[\"a\"]},"
		"{\"InstanceId\":\"i-0123456782\",\"NetworkNodes\":[\"a\"]}]}";
	static const struct {
		const char *names, *says;
	} cases[] = {
		{ "n1: i-0123456781\nn1: i-0123456782\n", "'n1' is the name of two instances" },
		{ "n1: i-0123456781\nn2: i-0123456781\n", "instance i-0123456781 has two names" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *texts[] = { answer, cases[i].names };
		struct error err = { .code = ERROR_NONE };
		struct placement placement;

		assert_false(place(texts, 2, &placement, &err));
		assert_int_equal(err.code, ERROR_CONFLICT);
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
	}
}

static void two_instances_of_one_name_are_refused(void **state)
{
	static const char *const texts[] = {
		"[{\"id\":\"77\",\"name\":\"vm\",\"resourceStatus\":{\"physicalHost\":\"/b/s/h\"}},"
		"{\"id\":\"78\",\"name\":\"vm\",\"resourceStatus\":{\"physicalHost\":\"/b/s/i\"}}]",
	};
	struct error err = { .code = ERROR_NONE };
	struct placement placement;

	(void)state;
	assert_false(place(texts, 1, &placement, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_non_null(strstr(err.text, "two instances are called 'vm', 77 and 78"));
}

static void what_hosts_say_themselves_joins(void **state)
{
	static const char *const plain[] = {
		"{\"Instances\":[{\"InstanceId\":\"n1\",\"NetworkNodes\":[\"a\"]},"
		"{\"InstanceId\":\"n2.pod\",\"NetworkNodes\":[\"a\"]}]}",
	};
	static const char *const told[] = {
		"{\"Instances\":[{\"InstanceId\":\"n1\",\"NetworkNodes\":[\"a\"],"
		"\"CapacityBlockId\":\"cb\"},{\"InstanceId\":\"n2.pod\",\"NetworkNodes\":[\"a\"]}]"
		"}",
	};
	struct fabric_host own[] = {
		{ .name = "n1", .domain = "u.1" },
		{ .name = "n2", .domain = "u.2" },
		{ .name = "n3", .domain = "" },
		{ .name = "guid-1", .naming = HOST_NAMED_BY_GUID, .domain = "" },
	};
	const struct fabric_hosts hosts = { .hosts = own, .host_count = 4 };
	struct placement placement;

	(void)state;
	assert_true(place(plain, 1, &placement, NULL));
	cloud_join(&placement, &hosts, &arena);
	assert_true(placement_check(&placement, NULL));
	assert_int_equal(placement.host_count, 4);
	assert_string_equal(placement.hosts[0].name, "guid-1");
	assert_true(placement.hosts[0].is_unnamed);
	assert_string_equal(placement.hosts[1].domain, "u.1");
	assert_string_equal(placement.hosts[2].domain, "u.2");
	assert_string_equal(way_of(&placement, "n3"), "?");
	/* Two ways of naming one domain would make two of it. */
	assert_true(place(told, 1, &placement, NULL));
	cloud_join(&placement, &hosts, &arena);
	assert_string_equal(placement.hosts[1].domain, "cb");
	assert_string_equal(placement.hosts[2].domain, "");
}

static void what_is_not_said_is_not_known(void **state)
{
	static const char *const local[] = {
		"{\"customerLocalBlock\":null,\"customerNetworkBlock\":\"nb\"}",
	};
	static const char *const empty[] = {
		"{\"items\":[{\"instance-id\":null,\"local-block-id\":\"lb\"},"
		"{\"instance-id\":\"i1\",\"local-block-id\":\"lb\"}]}",
	};
	struct placement placement;

	(void)state;
	/* The network block is known; the unit that is nearest is not. */
	assert_true(place(local, 1, &placement, NULL));
	assert_string_equal(way_of(&placement, "n7"), "?");
	/* A machine without an instance is no host. */
	assert_true(place(empty, 1, &placement, NULL));
	assert_int_equal(placement.host_count, 1);
}

static void two_places_of_one_host_are_refused(void **state)
{
	static const char *const texts[] = { "n1: {\"customerLocalBlock\":\"a\"}\n",
					     "n1: {\"customerLocalBlock\":\"b\"}\n" };
	static const char *const domains[] = { "{\"customerLocalBlock\":\"a\",\"hostName\":\"h\","
					       "\"customerGpuMemoryFabric\":\"x\"}",
					       "{\"customerLocalBlock\":\"a\",\"hostName\":\"h\","
					       "\"customerGpuMemoryFabric\":\"y\"}" };
	static const char *const twice[] = { "n1: {\"customerLocalBlock\":\"a\"}\n",
					     "n1: {\"customerLocalBlock\":\"a\"}\n" };
	struct error err = { .code = ERROR_NONE };
	struct placement placement;

	(void)state;
	assert_false(place(texts, 2, &placement, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_non_null(strstr(err.text, "'n1'"));
	assert_false(place(domains, 2, &placement, &err));
	assert_non_null(strstr(err.text, "do not agree"));
	assert_true(place(twice, 2, &placement, NULL));
	assert_int_equal(placement.host_count, 1);
}

static void what_cannot_be_read_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "{\"Instances\":[{\"NetworkNodes\":[\"a\"]},{\"NetworkNodes\":[\"b\"]}]}",
		  "has no name" },
		{ "{\"Instances\":[{\"InstanceId\":\"i\",\"NetworkNodes\":[\"1\",\"2\",\"3\","
		  "\"4\",\"5\",\"6\"]}]}",
		  "more than 5 units" },
		{ "{\"Instances\":[{\"InstanceId\":\"i\",\"NetworkNodes\":[[]]}]}", "expected" },
		{ "{\"Instances\":[{\"InstanceId\":\"a\\u0007\",\"NetworkNodes\":[\"b\"]}]}",
		  "control" },
		{ "{\"NetworkNodes\":", "n7.json" },
		{ "{\"customerLocalBlock\":null}", "no host" },
		{ "n1: {\"customerLocalBlock\":\"a\"}\n%\n", "line 2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { .code = ERROR_NONE };
		struct placement placement;

		assert_false(place(&cases[i].text, 1, &placement, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
	}
	assert_false(cloud_is(SPAN("{\"schema\":\"assay/bundle/v1\"}")));
	assert_false(cloud_is(SPAN("n1: 0xb83fd20300a1b2c0")));
	assert_false(cloud_is(SPAN("")));
	assert_false(cloud_names_is(SPAN("n1 0xb83fd20300a1b2c0")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cloud_s_form_is_read),
		cmocka_unit_test(hosts_of_many_units_become_one_tree),
		cmocka_unit_test(what_hosts_answer_at_once_is_told_apart),
		cmocka_unit_test(an_instance_gets_the_name_that_the_user_gives_it),
		cmocka_unit_test(an_instance_that_no_answer_tells_of_stays),
		cmocka_unit_test(names_that_contradict_each_other_are_refused),
		cmocka_unit_test(two_instances_of_one_name_are_refused),
		cmocka_unit_test(what_hosts_say_themselves_joins),
		cmocka_unit_test(what_is_not_said_is_not_known),
		cmocka_unit_test(two_places_of_one_host_are_refused),
		cmocka_unit_test(what_cannot_be_read_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
