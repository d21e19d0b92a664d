#include "active/rdma_rail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct host here = { .root = NULL };

static void see_port(struct sightings *seen, const char *device, const char *state, double rate)
{
	(void)saw_state(seen, NODE_RDMA_STATE, device, state);
	(void)saw_value(seen, NODE_RDMA_RATE, device, rate);
}

static void active_ports_are_rails(void **state)
{
	SCOPED_ARENA(arena);
	const struct subject subject = { { "p", NULL, NULL, NULL, "n", NULL } };
	struct sightings seen;
	struct active_request request = { .host = &here, .here = &here, .seen = &seen };
	const struct rdma_rail *rails;

	(void)state;
	sightings_start(&seen, &subject, &here, &arena);
	assert_int_equal(rdma_rails(&request, &arena, &rails), 0);
	see_port(&seen, "rdma:mlx5_1/1", "active", 400);
	see_port(&seen, "rdma:mlx5_0/1", "active", 400);
	see_port(&seen, "rdma:mlx5_2/1", "down", 400);
	see_port(&seen, "rdma:mlx5_3/1", "active", 100);
	(void)saw_state(&seen, NODE_RDMA_FUNCTION, "rdma:mlx5_3", "virtual");
	(void)saw_state(&seen, NODE_GPU_NIC, "gpu:0000:19:00.0", "rdma:mlx5_2");
	(void)saw_state(&seen, NODE_GPU_NIC, "gpu:0000:3b:00.0", "rdma:mlx5_0+rdma:mlx5_9");
	assert_int_equal(rdma_rails(&request, &arena, &rails), 2);
	assert_string_equal(rails[0].name, "mlx5_0");
	assert_string_equal(rails[0].port, "1");
	assert_int_equal(rails[0].gpu, 1);
	assert_true(rails[0].gb_per_s > 399);
	assert_string_equal(rails[1].device, "rdma:mlx5_1/1");
	assert_int_equal(rails[1].gpu, -1);
	assert_false(rails[0].is_software);
}

static void an_adapter_in_software_is_told_apart(void **state)
{
	SCOPED_ARENA(arena);
	const struct subject subject = { { "p", NULL, NULL, NULL, "n", NULL } };
	struct sightings seen;
	struct active_request request = { .host = &here, .here = &here, .seen = &seen };
	const struct rdma_rail *rails;

	(void)state;
	sightings_start(&seen, &subject, &here, &arena);
	see_port(&seen, "rdma:rxe0/1", "active", 2.5);
	see_port(&seen, "rdma:soft/1", "active", 2.5);
	(void)saw_state(&seen, NODE_RDMA_MODEL, "rdma:soft", "rxe");
	assert_int_equal(rdma_rails(&request, &arena, &rails), 2);
	assert_true(rails[0].is_software && rails[1].is_software);
}

static void virtual_functions_are_rails_where_there_is_nothing_else(void **state)
{
	SCOPED_ARENA(arena);
	const struct subject subject = { { "p", NULL, NULL, NULL, "n", NULL } };
	struct sightings seen;
	struct active_request request = { .host = &here, .here = &here, .seen = &seen };
	const struct rdma_rail *rails;

	(void)state;
	sightings_start(&seen, &subject, &here, &arena);
	see_port(&seen, "rdma:mlx5_3/1", "active", 100);
	(void)saw_state(&seen, NODE_RDMA_FUNCTION, "rdma:mlx5_3", "virtual");
	assert_int_equal(rdma_rails(&request, &arena, &rails), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(active_ports_are_rails),
		cmocka_unit_test(an_adapter_in_software_is_told_apart),
		cmocka_unit_test(virtual_functions_are_rails_where_there_is_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
