#include "check/rdma/port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/rails.h"
#include "test/scene.h"
#include <cmocka.h>

static void the_largest_group_is_the_back_end(void **state)
{
	struct rdma_ports ports;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, RAILS, "rdma.state rdma:mlx5_8/1 active\n",
		   "rdma.layer rdma:mlx5_8/1 ethernet\n", "rdma.model rdma:mlx5_8 MT4129\n",
		   "rdma.rate rdma:mlx5_8/1 800\n", "rdma.state rdma:mlx5_9/1 active\n",
		   "rdma.function rdma:mlx5_9 virtual\n", "rdma.state rdma:mlx5_0/1 down\n", NULL);
	ports = rdma_ports_of(scene.input.machines, &scene.arena);
	assert_int_equal(ports.count, 9);
	assert_int_equal(ports.back_end, 8);
	assert_int_equal(ports.left_out, 1);
	assert_int_equal(ports.active, 7);
	assert_true(ports.usual_gb_s > 399 && ports.usual_gb_s < 401);
	assert_false(rdma_ports_find(&ports, "rdma:mlx5_8/1")->is_back_end);
	assert_null(rdma_ports_find(&ports, "rdma:mlx5_9/1"));
}

static void of_equal_groups_the_fastest_is_it(void **state)
{
	struct rdma_ports ports;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, "rdma.state rdma:a/1 active\n", "rdma.model rdma:a A\n",
		   "rdma.rate rdma:a/1 100\n", "rdma.state rdma:b/1 active\n",
		   "rdma.model rdma:b B\n", "rdma.rate rdma:b/1 400\n", NULL);
	ports = rdma_ports_of(scene.input.machines, &scene.arena);
	assert_true(rdma_ports_find(&ports, "rdma:b/1")->is_back_end);
	assert_false(rdma_ports_find(&ports, "rdma:a/1")->is_back_end);
}

static void virtual_functions_count_where_there_is_nothing_else(void **state)
{
	struct rdma_ports ports;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, "rdma.state rdma:a/1 active\n", "rdma.function rdma:a virtual\n", NULL);
	ports = rdma_ports_of(scene.input.machines, &scene.arena);
	assert_int_equal(ports.back_end, 1);
	scene_make(&scene, scene_bare, NULL);
	ports = rdma_ports_of(scene.input.machines, &scene.arena);
	assert_int_equal(ports.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_group_is_the_back_end),
		cmocka_unit_test(of_equal_groups_the_fastest_is_it),
		cmocka_unit_test(virtual_functions_count_where_there_is_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
