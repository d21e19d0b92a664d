#include "check/settled.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "check/claims.h"
#include "test/scene.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define GPU "gpu:0000:19:00.0"

/* One A100: of this model the table has a reference of each way of copying. */
static const char a100[] = "architecture - x86_64\n"
			   "gpu.count.pci vendor:nvidia 1\n"
			   "gpu.library library:nvml ok\n"
			   "gpu.vendor " GPU " nvidia\n"
			   "gpu.name " GPU " NVIDIA A100-SXM4-80GB\n"
			   "gpu.answers " GPU " ok\n"
			   "pci.id pci:0000:19:00.0 10de:20b2\n";

static const struct settled *find(struct scene *scene, const char *criterion)
{
	struct settled *settled;
	size_t count;

	scene->input.machine = scene->input.machines;
	count = settled_find(&scene->input, &scene->arena, &settled);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(settled[i].criterion, criterion) == 0)
			return &settled[i];
	}
	return NULL;
}

static void silence_settles_nothing(void **state)
{
	SCOPED_SCENE(scene);
	struct settled *settled;

	(void)state;
	scene_make(&scene, scene_h100, "rdma.rate rdma:mlx5_0/1 400\n", NULL);
	scene.input.machine = scene.input.machines;
	assert_int_equal(settled_find(&scene.input, &scene.arena, &settled), 0);
}

static void a_share_is_of_the_reference(void **state)
{
	static const char lines[] = "test.gpu.copy.host " GPU "/to:numa:0 24000000000\n"
				    "test.gpu.copy.host " GPU "/to:numa:1 25900000000\n"
				    "test.gpu.copy.host " GPU "/from:numa:0 25950000000\n";
	static const char device[] = "test.gpu.memory.bandwidth " GPU "/transfer 1233936000000\n";
	const struct settled *settled;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, a100, lines, NULL);
	assert_null(find(&scene, "performance.copies"));
	scene_make(&scene, a100, lines, device, NULL);
	settled = find(&scene, "performance.copies");
	assert_non_null(settled);
	/* 90 % of 1371.04 GB/s is the least; the better NUMA node counts. */
	assert_true(fabs(settled->value - 90) < 0.01);
	assert_string_equal(settled->unit, "%");
	assert_non_null(strstr(settled->excerpt, "; from "));
	/* One way that is not known leaves all of it open. */
	scene_make(&scene, a100, lines, device,
		   "test.gpu.copy.host " GPU "/from:numa:0 ? it stalled\n", NULL);
	assert_null(find(&scene, "performance.copies"));
}

static void heat_is_told_by_both_ends_of_the_interval(void **state)
{
	static const char degrees[] = "test.burn.temperature.low " GPU " 50\n"
				      "test.burn.temperature.high " GPU " 70\n";
	static const struct {
		const char *lines, *answer;
	} cases[] = {
		{ "test.burn.loss.low " GPU " 0.1\ntest.burn.loss.high " GPU " 0.3\n", "cool" },
		{ "test.burn.loss.low " GPU " 0.6\ntest.burn.loss.high " GPU " 1.4\n", "warm" },
		{ "test.burn.loss.low " GPU " 1.6\ntest.burn.loss.high " GPU " 2\n", "throttles" },
		{ "test.burn.loss.low " GPU " 0.1\ntest.burn.loss.high " GPU " 2\n", NULL },
		{ "test.burn.loss.low " GPU " 0.1\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct settled *settled;
		SCOPED_SCENE(scene);

		scene_make(&scene, a100, degrees, cases[i].lines, NULL);
		settled = find(&scene, "performance.thermal");
		if (cases[i].answer)
			assert_string_equal(settled->answer, cases[i].answer);
		else
			assert_null(settled);
	}
}

static void a_short_burn_in_settles_its_errors_alone(void **state)
{
	static const char even[] = "test.burn.end " GPU " ok\n"
				   "test.burn.speed.first " GPU " 100\n"
				   "test.burn.speed.last " GPU " 99\n"
				   "test.burn.spread " GPU " 0.5\n";
	static const struct {
		const char *lines, *answer;
	} cases[] = {
		/* Nothing here tells of collectives: a clean end is not settled. */
		{ "test.burn.loaded test:burn 28000\n", NULL },
		{ "test.burn.loaded test:burn 3600\n", NULL },
		{ "test.burn.loaded test:burn 28000\ntest.burn.speed.last " GPU " 90\n", "uneven" },
		{ "test.burn.loaded test:burn 60\ntest.burn.end " GPU " wrong\n", "errors" },
		{ "test.burn.count " GPU "/ecc-uncorrected 1\n", "errors" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct settled *settled;
		SCOPED_SCENE(scene);

		scene_make(&scene, a100, even, cases[i].lines, NULL);
		settled = find(&scene, "reliability.burn-in-run");
		if (cases[i].answer)
			assert_string_equal(settled->answer, cases[i].answer);
		else
			assert_null(settled);
	}
}

static void rails_settle_together(void **state)
{
	static const char lines[] = "rdma.rate rdma:mlx5_0/1 400\nrdma.rate rdma:mlx5_1/1 400\n"
				    "test.rdma.bandwidth rdma:mlx5_0/1/write:65536 49000000000\n"
				    "test.rdma.bandwidth rdma:mlx5_0/1/read:65536 48000000000\n"
				    "test.rdma.bandwidth rdma:mlx5_1/1/write:65536 46000000000\n"
				    "test.rdma.latency rdma:mlx5_0/1/write:8 0.000003\n"
				    "test.rdma.latency rdma:mlx5_1/1/write:8 0.000004\n"
				    "test.rdma.partner rdma:mlx5_0/1 other/mlx5_0/1\n"
				    "test.rdma.partner rdma:mlx5_1/1 other/mlx5_1/1\n";
	const struct settled *settled;
	SCOPED_SCENE(scene);

	(void)state;
	/* One rail has no read. */
	scene_make(&scene, scene_h100, lines, NULL);
	assert_null(find(&scene, "networking.rail-bandwidth"));
	assert_true(fabs(find(&scene, "networking.rail-latency")->value - 4) < 1e-9);
	assert_true(fabs(find(&scene, "networking.bandwidth")->value - 760) < 1e-6);
	scene_make(&scene, scene_h100, lines,
		   "test.rdma.bandwidth rdma:mlx5_1/1/read:65536 45000000000\n",
		   "test.rdma.partner rdma:mlx5_1/1 here/mlx5_0/1\n", NULL);
	settled = find(&scene, "networking.rail-bandwidth");
	assert_true(fabs(settled->value - 90) < 1e-9);
	/* A loop inside the node says nothing of the way between two. */
	assert_null(find(&scene, "networking.rail-latency"));
}

static void a_front_end_that_loses_packets_shows_it(void **state)
{
	static const char lines[] = "test.network.loss network:peer/udp-send 0\n"
				    "test.network.packets network:peer/udp-send 8600\n";
	SCOPED_SCENE(scene);

	(void)state;
	/* One good pair says nothing of the others. */
	scene_make(&scene, scene_bare, lines, "test.network.loss network:peer/udp-receive 0.3\n",
		   NULL);
	assert_null(find(&scene, "networking.front-end"));
	scene_make(&scene, scene_bare, lines, "test.network.loss network:peer/udp-receive 2\n",
		   NULL);
	assert_string_equal(find(&scene, "networking.front-end")->answer, "lossy");
}

static const char isolation_asked[] = "isolation.door - open\n"
				      "isolation.answer isolation:walk answered\n"
				      "isolation.count isolation:switches 1\n";
static const struct {
	const char *criterion, *lines, *answer;
} isolation_cases[] = {
	{ "security.visible-endpoints", "isolation.count isolation:foreign 2\n", "many" },
	{ "security.visible-endpoints", "isolation.count isolation:foreign 0\n", "own-only" },
	{ "security.visible-endpoints",
	  "isolation.count isolation:foreign 0\n"
	  "isolation.count isolation:switches 3\n",
	  "switches" },
	{ "security.visible-endpoints",
	  "isolation.count isolation:foreign 0\n"
	  "isolation.count isolation:unseen ? all were asked\n",
	  NULL },
	{ "security.fabric-management-keys",
	  "isolation.answer isolation:own-port silent\n"
	  "isolation.answer isolation:sa-nodes silent\n",
	  "set" },
	{ "security.fabric-management-keys",
	  "isolation.answer isolation:own-port answered\n"
	  "isolation.protection isolation:own-port 0\n"
	  "isolation.answer isolation:sa-nodes silent\n",
	  "one" },
	{ "security.fabric-management-keys",
	  "isolation.answer isolation:own-port answered\n"
	  "isolation.protection isolation:own-port 0\n"
	  "isolation.answer isolation:sa-nodes answered\n"
	  "isolation.count isolation:sa-nodes-foreign 9\n",
	  "default" },
	{ "security.fabric-management-keys", "isolation.answer isolation:own-port silent\n", NULL },
	{ "security.fabric-class-keys",
	  "isolation.answer isolation:vendor silent\n"
	  "isolation.answer isolation:congestion answered\n"
	  "isolation.answer isolation:node-to-node silent\n",
	  "some" },
	{ "security.fabric-class-keys", "isolation.answer isolation:vendor silent\n", NULL },
	{ "security.virtual-function-management",
	  "rdma.function rdma:mlx5_0 virtual\n"
	  "isolation.answer isolation:own-port unusable\n",
	  "yes" },
	{ "security.virtual-function-management",
	  "rdma.function rdma:mlx5_0 physical\n"
	  "isolation.answer isolation:own-port unusable\n",
	  NULL },
};

static void isolation_settles_what_was_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(isolation_cases); i++) {
		const struct settled *settled;
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_bare, isolation_asked, isolation_cases[i].lines, NULL);
		settled = find(&scene, isolation_cases[i].criterion);
		if (!isolation_cases[i].answer)
			assert_null(settled);
		else
			assert_string_equal(settled->answer, isolation_cases[i].answer);
	}
}

static void storage_settles_what_one_node_can(void **state)
{
	const struct settled *settled;
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare,
		   "test.storage.latency.p99 storage:sequential-read.direct.c8:/a 0.5\n"
		   "test.storage.latency.p99 storage:sequential-read.direct.c1:/a 9\n"
		   "test.storage.latency.p99 storage:sequential-read.buffered.c32:/b 0.6\n"
		   "test.storage.fall storage:sequential-mix.direct.c8:/a -1\n"
		   "test.storage.lasted storage:sequential-mix.direct.c8:/a 450\n"
		   "test.storage.violations storage:lock.flock:/a 0\n"
		   "test.object.lock object:lock:h/b holds\n",
		   NULL);
	settled = find(&scene, "storage.tail-latency");
	assert_true(fabs(settled->value - 600) < 1e-9);
	assert_true(fabs(find(&scene, "storage.endurance")->value) < 1e-9);
	assert_string_equal(find(&scene, "storage.object-lock")->answer, "yes");
	/* That locks hold takes two nodes; that they do not, one. */
	assert_null(find(&scene, "storage.locks"));
	scene_make(&scene, scene_bare, "test.storage.violations storage:lock.flock:/a 2\n", NULL);
	assert_string_equal(find(&scene, "storage.locks")->answer, "violated");
}

static void a_fall_is_settled_by_a_load_as_long_as_was_asked_for(void **state)
{
	static const char files[] = "test.storage.fall storage:sequential-mix.direct.c8:/a 20\n"
				    "test.storage.fall storage:random-mix.direct.c8:/a 5\n"
				    "test.storage.lasted storage:sequential-mix.direct.c8:/a 450\n";
	static const char objects[] = "test.object.fall object:mixed:h/b 7\n";
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, files,
		   "test.storage.lasted storage:random-mix.direct.c8:/a 450\n", objects,
		   "test.object.lasted object:mixed:h/b 900\n", NULL);
	assert_true(fabs(find(&scene, "storage.endurance")->value - 20) < 1e-9);
	assert_true(fabs(find(&scene, "storage.object-endurance")->value - 7) < 1e-9);
	scene_make(&scene, scene_bare, files,
		   "test.storage.lasted storage:random-mix.direct.c8:/a 90\n", objects,
		   "test.object.lasted object:mixed:h/b 60\n", NULL);
	assert_null(find(&scene, "storage.endurance"));
	assert_null(find(&scene, "storage.object-endurance"));
	scene_make(&scene, scene_bare, files, objects, NULL);
	assert_null(find(&scene, "storage.endurance"));
	assert_null(find(&scene, "storage.object-endurance"));
}

static void what_was_stated_is_reached_by_many_clients_or_settles_nothing(void **state)
{
	static const char lines[] =
		"test.storage.bandwidth storage:sequential-read.direct.c32:/data 12000000000\n"
		"test.storage.bandwidth storage:sequential-read.buffered.c32:/data 9000000000\n"
		"test.storage.bandwidth storage:sequential-write.direct.c8:/data 9000000000\n"
		"test.storage.bandwidth storage:sequential-write.direct.c32:/data 5000000000\n"
		"test.storage.bandwidth storage:sequential-write.direct.c32:/data2 90000000000\n";
	static const struct {
		double read, write; /* stated, GB/s; 0: not */
		bool is_settled;
	} cases[] = {
		{ 10, 5, true },  { 10, 6, false }, { 20, 5, false },
		{ 10, 0, false }, { 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct claim items[] = {
			{ .kind = CLAIM_STORAGE_READ, .value = cases[i].read, .folder = "/data" },
			{ .kind = CLAIM_STORAGE_WRITE, .value = cases[i].write, .folder = "/data" },
		};
		const struct claims claims = {
			.items = items,
			.count = (cases[i].read > 0) + (cases[i].write > 0),
		};
		const struct settled *settled;
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_bare, lines, NULL);
		scene.input.claims = &claims;
		settled = find(&scene, "storage.measured-speed");
		if (cases[i].is_settled)
			assert_string_equal(settled->answer, "fast");
		else
			assert_null(settled);
	}
}

static void downloads_of_several_kinds_tell_of_the_way_in(void **state)
{
	static const char model[] = "test.start.kind start:phi model-download\n"
				    "test.start.cache start:phi fresh\n"
				    "test.start.median start:phi 10\n"
				    "test.start.rate start:phi 1000000000\n";
	static const char image[] = "test.start.kind start:image image-pull\n"
				    "test.start.cache start:image cold\n"
				    "test.start.median start:image 20\n"
				    "test.start.rate start:image 250000000\n";
	static const char packages[] = "test.start.kind start:uv package-install\n"
				       "test.start.cache start:uv fresh\n"
				       "test.start.median start:uv 10\n"
				       "test.start.rate start:uv 500000000\n";
	SCOPED_SCENE(scene);

	(void)state;
	/* One source alone may be the slow one. */
	scene_make(&scene, scene_bare, model, NULL);
	assert_null(find(&scene, "lifecycle.download-speed"));
	scene_make(&scene, scene_bare, model, image, NULL);
	assert_true(fabs(find(&scene, "lifecycle.download-speed")->value - 8) < 1e-9);
	assert_null(find(&scene, "networking.internet-speed"));
	/* 20 GB in 40 s. */
	scene_make(&scene, scene_bare, model, image, packages, NULL);
	assert_true(fabs(find(&scene, "networking.internet-speed")->value - 4) < 1e-9);
	/* A cache is no download, and a few megabytes are none either. */
	scene_make(&scene, scene_bare, model, image, packages, "test.start.cache start:uv warm\n",
		   "test.start.rate start:image 20000000\n", NULL);
	assert_null(find(&scene, "networking.internet-speed"));
	assert_null(find(&scene, "lifecycle.download-speed"));
}

static void starts_settle_by_what_was_moved_past_the_cache(void **state)
{
	static const char lines[] = "test.start.boot boot:instance 95\n"
				    "test.start.kind start:image image-pull\n"
				    "test.start.cache start:image fresh\n"
				    "test.start.median start:image 44\n"
				    "test.start.rate start:image 500000000\n"
				    "test.start.kind start:phi model-download\n"
				    "test.start.cache start:phi fresh\n"
				    "test.start.median start:phi 40\n"
				    "test.start.rate start:phi 725000000\n"
				    "test.start.kind start:uv package-install\n"
				    "test.start.cache start:uv fresh\n"
				    "test.start.median start:uv 6\n"
				    "test.start.kind start:torch import-time\n"
				    "test.start.cache start:torch cold\n"
				    "test.start.median start:torch 9\n";
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, lines, NULL);
	assert_true(fabs(find(&scene, "lifecycle.start-time")->value - 95) < 1e-9);
	assert_true(fabs(find(&scene, "lifecycle.image-pull")->value - 44) < 1e-9);
	assert_true(fabs(find(&scene, "performance.container-pull")->value - 44) < 1e-9);
	assert_string_equal(find(&scene, "lifecycle.model-download")->answer, "usual");
	assert_true(fabs(find(&scene, "performance.model-download")->value - 5.8) < 1e-9);
	assert_true(fabs(find(&scene, "storage.package-install")->value - 6) < 1e-9);
	/* A quick import on one node says nothing of all at once; a slow one does. */
	assert_null(find(&scene, "storage.import-time"));
	scene_make(&scene, scene_bare, lines, "test.start.median start:torch 25\n", NULL);
	assert_true(fabs(find(&scene, "storage.import-time")->value - 25) < 1e-9);
	/* A warm run measures a cache, and another image is no measure of this one. */
	scene_make(&scene, scene_bare, lines, "test.start.cache start:phi warm\n",
		   "test.start.rate start:image 90000000\n", NULL);
	assert_null(find(&scene, "performance.model-download"));
	assert_null(find(&scene, "lifecycle.image-pull"));
}

static void a_directory_of_many_shows_its_faults(void **state)
{
	static const struct {
		const char *lines, *answer;
	} cases[] = {
		{ "test.storage.errors storage:make-one.c128:/a 2\n", "errors" },
		{ "test.storage.latency.p99 storage:make-one.c128:/a 1.5\n", "slow" },
		{ "test.storage.latency.p99 storage:make-one.c128:/a 0.5\n", NULL },
		{ "test.storage.latency.p99 storage:make-one.c32:/a 1.5\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct settled *settled;
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_bare, cases[i].lines, NULL);
		settled = find(&scene, "storage.metadata");
		if (cases[i].answer)
			assert_string_equal(settled->answer, cases[i].answer);
		else
			assert_null(settled);
	}
}

static void idle_power_is_that_of_gpus_without_work(void **state)
{
	static const char b200[] = "architecture - x86_64\n"
				   "gpu.count.pci vendor:nvidia 1\n"
				   "gpu.library library:nvml ok\n"
				   "gpu.vendor " GPU " nvidia\n"
				   "gpu.name " GPU " NVIDIA B200\n"
				   "gpu.answers " GPU " ok\n"
				   "pci.id pci:0000:19:00.0 10de:2901\n"
				   "gpu.processes " GPU " 0\n"
				   "gpu.utilisation " GPU " 0\n"
				   "gpu.power " GPU " 140\n";
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, b200, NULL);
	assert_string_equal(find(&scene, "monitoring.idle-power")->answer, "below");
	scene_make(&scene, b200, "gpu.power " GPU " 260\n", NULL);
	assert_string_equal(find(&scene, "monitoring.idle-power")->answer, "above");
	scene_make(&scene, b200, "gpu.processes " GPU " 1\n", NULL);
	assert_null(find(&scene, "monitoring.idle-power"));
	scene_make(&scene, a100, "gpu.processes " GPU " 0\ngpu.utilisation " GPU " 0\n",
		   "gpu.power " GPU " 60\n", NULL);
	assert_null(find(&scene, "monitoring.idle-power"));
}

/* What nccl-tests measured over nodes counts, and what it measured inside of one does not. */
static void an_imported_sweep_shows_its_cliffs(void **state)
{
	static const char lines[] =
		"test.collective.busbw collective:all-reduce:nccl-tests/1048576 100000000000\n"
		"test.collective.busbw collective:all-reduce:nccl-tests/2097152 60000000000\n";
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, lines, "test.collective.nodes collective:nccl-tests 1\n",
		   NULL);
	assert_null(find(&scene, "networking.smooth-sizes"));
	scene_make(&scene, scene_h100, lines, "test.collective.nodes collective:nccl-tests 4\n",
		   NULL);
	assert_string_equal(find(&scene, "networking.smooth-sizes")->answer, "cliffs");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_settles_nothing),
		cmocka_unit_test(a_share_is_of_the_reference),
		cmocka_unit_test(heat_is_told_by_both_ends_of_the_interval),
		cmocka_unit_test(a_short_burn_in_settles_its_errors_alone),
		cmocka_unit_test(rails_settle_together),
		cmocka_unit_test(a_front_end_that_loses_packets_shows_it),
		cmocka_unit_test(isolation_settles_what_was_asked),
		cmocka_unit_test(storage_settles_what_one_node_can),
		cmocka_unit_test(a_fall_is_settled_by_a_load_as_long_as_was_asked_for),
		cmocka_unit_test(what_was_stated_is_reached_by_many_clients_or_settles_nothing),
		cmocka_unit_test(downloads_of_several_kinds_tell_of_the_way_in),
		cmocka_unit_test(starts_settle_by_what_was_moved_past_the_cache),
		cmocka_unit_test(a_directory_of_many_shows_its_faults),
		cmocka_unit_test(idle_power_is_that_of_gpus_without_work),
		cmocka_unit_test(an_imported_sweep_shows_its_cliffs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
