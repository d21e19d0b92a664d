#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "evidence/measure.h"
#include "fabric/hosts.h"
#include <cmocka.h>

enum {
	RECORDS_MAXIMUM = 32,
};

/* Records as a node's look makes them. */
struct look {
	struct record records[RECORDS_MAXIMUM];
	size_t count;
};

static struct record *see(struct look *look, const char *node, const char *device,
			  enum measure measure, const char *text)
{
	struct record *record = &look->records[look->count++];

	assert_true(look->count <= RECORDS_MAXIMUM);
	*record = (struct record){
		.id = "x",
		.subject = { { [SUBJECT_PROVIDER] = "p",
			       [SUBJECT_NODE] = node,
			       [SUBJECT_DEVICE] = device } },
		.what = measures[measure].name,
		.says = SAYS_STATE,
		.text = text,
	};
	return record;
}

static void see_clique(struct look *look, const char *node, const char *device, double clique)
{
	struct record *record = see(look, node, device, NODE_GPU_FABRIC_CLIQUE, NULL);

	record->says = SAYS_VALUE;
	record->value = clique;
}

static struct host_facts take(struct look *look, struct arena *arena)
{
	const struct evidence_set set = { .records = look->records, .count = look->count };
	struct host_facts facts = { .arena = arena };

	assert_true(host_facts_add_evidence(&facts, &set, NULL));
	return facts;
}

static void an_adapter_is_one_fact(void **state)
{
	SCOPED_ARENA(arena);
	struct look look = { 0 };
	struct host_facts facts;

	(void)state;
	(void)see(&look, "n1", "rdma:mlx5_0/2", NODE_RDMA_PORT_GUID, "0xb83fd20300a1b2c2");
	(void)see(&look, "n1", "rdma:mlx5_0", NODE_RDMA_NODE_GUID, "0xb83fd20300a1b2c0");
	(void)see(&look, "n1", "rdma:mlx5_0/1", NODE_RDMA_PORT_GUID, "0xb83fd20300a1b2c1");
	(void)see(&look, "n1", "rdma:mlx5_0", NODE_RDMA_SYSTEM_GUID, "0xb83fd20300a1b2d0");
	(void)see(&look, "n1", "rdma:mlx5_0", NODE_RDMA_PCI, "pci:0000:19:00.0");
	(void)see(&look, "n1", "rdma:mlx5_1", NODE_RDMA_NODE_GUID, "0xb83fd20300a1b2e0");
	(void)see(&look, "n1", "rdma:mlx5_1/1", NODE_RDMA_LAYER, "ethernet");
	(void)see(&look, "n1", "gpu:0000:1a:00.0", NODE_GPU_FABRIC, "completed");
	(void)see(&look, NULL, "rdma:mlx5_2", NODE_RDMA_NODE_GUID, "0xb83fd20300a1b2f0");
	see(&look, "n1", "rdma:mlx5_3", NODE_RDMA_NODE_GUID, "not readable")->says = SAYS_UNKNOWN;
	facts = take(&look, &arena);
	assert_int_equal(facts.count, 3);

	const struct fabric_adapter *adapter = &facts.items[0].adapter;

	assert_string_equal(facts.items[0].host, "n1");
	assert_int_equal(facts.items[0].naming, HOST_NAMED_BY_EVIDENCE);
	assert_string_equal(adapter->device, "mlx5_0");
	assert_string_equal(adapter->pci, "0000:19:00.0");
	assert_true(adapter->node_guid == 0xb83fd20300a1b2c0);
	assert_true(adapter->port_guid == 0xb83fd20300a1b2c1);
	assert_true(adapter->system_guid == 0xb83fd20300a1b2d0);
	assert_false(adapter->is_ethernet);
	assert_string_equal(facts.items[1].adapter.device, "mlx5_1");
	assert_true(facts.items[1].adapter.is_ethernet);
	assert_string_equal(facts.items[2].domain, "");
}

static void the_newest_look_counts(void **state)
{
	SCOPED_ARENA(arena);
	struct look look = { 0 };

	(void)state;
	see(&look, "n1", "rdma:mlx5_0", NODE_RDMA_NODE_GUID, "0xb83fd20300a1b2c0")->observed = 10;
	see(&look, "n1", "rdma:mlx5_0", NODE_RDMA_NODE_GUID, "0xb83fd20300a1b2c8")->observed = 12;
	see(&look, "n1", "rdma:mlx5_0", NODE_RDMA_NODE_GUID, "0xb83fd20300a1b2c4")->observed = 11;
	assert_true(take(&look, &arena).items[0].adapter.node_guid == 0xb83fd20300a1b2c8);
}

static void a_domain_is_that_of_all_gpus(void **state)
{
	static const struct {
		const char *first, *second;
		double first_clique, second_clique; /* below 0: not told */
		const char *domain, *why;
	} cases[] = {
		{ "u1", "u1", 3, 3, "u1.3", NULL },
		{ "none", "none", 0, 0, "", NULL },
		{ "u1", "u2", 3, 3, "", "gpu:0 is in NVLink domain u1, clique 3; gpu:1 is in u2" },
		{ "u1", "u1", 3, 4, "", "gpu:1 is in u1, clique 4" },
		{ "u1", "none", 3, 3, "", "gpu:1 is in none" },
		{ "u1", "u1", -1, -1, "", "no clique" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct look look = { 0 };
		struct host_facts facts;

		(void)see(&look, "n1", "gpu:0", NODE_GPU_FABRIC_CLUSTER, cases[i].first);
		(void)see(&look, "n1", "gpu:1", NODE_GPU_FABRIC_CLUSTER, cases[i].second);
		if (cases[i].first_clique >= 0) {
			see_clique(&look, "n1", "gpu:0", cases[i].first_clique);
			see_clique(&look, "n1", "gpu:1", cases[i].second_clique);
		}
		facts = take(&look, &arena);
		assert_int_equal(facts.count, 1);
		assert_string_equal(facts.items[0].domain, cases[i].domain);
		if (cases[i].why)
			assert_non_null(strstr(facts.items[0].domain_why, cases[i].why));
		else
			assert_null(facts.items[0].domain_why);
	}
}

static void a_host_has_a_name(void **state)
{
	SCOPED_ARENA(arena);
	struct host_facts facts = { .arena = &arena };
	struct error err = { 0 };

	(void)state;
	assert_false(host_facts_add(&facts, &(struct host_fact){ .host = "" }, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	assert_false(host_facts_add(&facts, &(struct host_fact){ .host = NULL }, &err));
	assert_int_equal(facts.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_adapter_is_one_fact),
		cmocka_unit_test(the_newest_look_counts),
		cmocka_unit_test(a_domain_is_that_of_all_gpus),
		cmocka_unit_test(a_host_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
