#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/nccl_library.h"
#include <cmocka.h>

static const char texts[] = "x\0NCCL_IB_HCA\0NCCL_IB_TIMEOUT\0NCCL_IB_HCA\0"
			    "cannot open %s, see NCCL_NET_PLUGIN\0"
			    "NCCL_OLD_ONE is no more\0MY_NCCL_THING\0NCCL_\0"
			    "NCCL version %d\0NCCL version 2.28.9+cuda13.0\0"
			    "ncclNetPlugin_v6\0ncclNetPlugin_v11\0ncclNetPlugin_v%d\0"
			    "xncclNetPlugin_v7\0ncclProfiler_v5\0NCCL_CUT";

static struct nccl_library read_texts(struct arena *arena)
{
	struct nccl_library library = { 0 };

	nccl_library_add(&library, (struct span){ texts, sizeof(texts) - 1 }, arena);
	return library;
}

static void whole_texts_are_names(void **state)
{
	SCOPED_ARENA(arena);
	struct nccl_library library = read_texts(&arena);

	(void)state;
	assert_int_equal(library.name_count, 3);
	assert_true(nccl_library_knows(&library, SPAN("NCCL_IB_HCA")));
	assert_true(nccl_library_knows(&library, SPAN("NCCL_NET_PLUGIN")));
	assert_false(nccl_library_knows(&library, SPAN("NCCL_OLD_ONE")));
	assert_false(nccl_library_knows(&library, SPAN("NCCL_THING")));
	assert_false(nccl_library_knows(&library, SPAN("NCCL_CUT")));
	assert_false(nccl_library_knows(&library, SPAN("")));
}

static void a_misspelling_has_a_nearest_name(void **state)
{
	SCOPED_ARENA(arena);
	struct nccl_library library = read_texts(&arena), none = { 0 };

	(void)state;
	assert_true(span_is(nccl_library_nearest(&library, SPAN("NCCL_IB_HAC")), "NCCL_IB_HCA"));
	assert_true(
		span_is(nccl_library_nearest(&library, SPAN("CCL_IB_TIMEOUT")), "NCCL_IB_TIMEOUT"));
	assert_int_equal(nccl_library_nearest(&library, SPAN("NCCL_FOO_BAR")).length, 0);
	assert_int_equal(nccl_library_nearest(&none, SPAN("NCCL_IB_HCA")).length, 0);
}

static void version_and_interfaces_are_named(void **state)
{
	SCOPED_ARENA(arena);
	struct nccl_library library = read_texts(&arena);

	(void)state;
	assert_true(span_is(library.version, "2.28.9"));
	assert_int_equal(library.interfaces[NCCL_INTERFACE_NET], 1u << 6 | 1u << 11);
	assert_int_equal(library.interfaces[NCCL_INTERFACE_PROFILER], 1u << 5);
	assert_int_equal(library.interfaces[NCCL_INTERFACE_TUNER], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_texts_are_names),
		cmocka_unit_test(a_misspelling_has_a_nearest_name),
		cmocka_unit_test(version_and_interfaces_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
