#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/software_find.h"
#include "test/root.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct root_entry entries[] = {
	{ "/usr/bin/runc", "" },
	{ "/usr/local/sbin/runc", "" },
	{ "/opt/slurm/bin/sinfo", "" },
	{ "/usr/lib/x86_64-linux-gnu/libnccl.so.2", "-> libnccl.so.2.28.9" },
	{ "/usr/lib/x86_64-linux-gnu/libnccl.so.2.28.9", "" },
	{ "/usr/lib64/libdcgm.so.4", "" },
	{ "/usr/lib64/libloop.so.1", NULL },
	{ "/opt/hpcx-v2.9-gcc/", NULL },
	{ "/opt/hpcx-v2.24-gcc/", NULL },
	{ "/opt/hpcx-vold/", NULL },
	{ "/opt/sdk/26.5/", NULL },
	{ "/opt/sdk/2026/", NULL },
	{ "/opt/rocm/.info/version", "7.0.2-56\n" },
	{ "/opt/ucx.pc", "prefix=/opt/1.2.3\nVersion: 1.17.0\n" },
	{ "/opt/bad", "\x01\xff 1..2 .3" },
	{ NULL, NULL },
};

static void places_are_looked_at_and_refusals_kept(void **state)
{
	struct root root;
	struct software_search search;
	struct span version = SPAN("");

	(void)state;
	root_make(&root, entries);
	search = (struct software_search){ &root.host, &root.arena, NULL };
	assert_string_equal(software_program(&search, "crun runc"), "/usr/local/sbin/runc");
	assert_string_equal(software_program(&search, "sinfo /opt/slurm/bin/sinfo"),
			    "/opt/slurm/bin/sinfo");
	assert_null(software_program(&search, "docker"));
	assert_string_equal(software_path(&search, "/none /opt/rocm"), "/opt/rocm");
	assert_string_equal(software_library(&search, "libnccl.so.2", &version),
			    "/usr/lib/x86_64-linux-gnu/libnccl.so.2");
	assert_true(span_is(version, "2.28.9"));
	assert_string_equal(software_library(&search, "libdcgm.so.4", &version),
			    "/usr/lib64/libdcgm.so.4");
	assert_int_equal(version.length, 0);
	assert_string_equal(software_folder(&search, "/none /opt", "hpcx-v", &version),
			    "/opt/hpcx-v2.24-gcc");
	assert_true(span_is(version, "2.24"));
	assert_string_equal(software_folder(&search, "/opt/sdk", "", &version), "/opt/sdk/26.5");
	assert_string_equal(software_file(&search, "/x /opt/rocm/.info/version", NULL, &version),
			    "/opt/rocm/.info/version");
	assert_true(span_is(version, "7.0.2-56"));
	assert_string_equal(software_file(&search, "/opt/ucx.pc", "Version:", &version),
			    "/opt/ucx.pc");
	assert_true(span_is(version, "1.17.0"));
	assert_null(software_file(&search, "/opt/bad", NULL, &version));
	assert_null(search.why);
	assert_null(software_library(&search, "libloop.so.1", &version));
	assert_non_null(strstr(search.why, "libloop"));
	root_release(&root);
}

static void a_version_has_points_and_is_one_word(void **state)
{
	static const struct {
		const char *text, *version;
	} cases[] = {
		{ "1.2", "1.2" },
		{ "v1.2.3", "1.2.3" },
		{ "x 1.2.3-rc.1 y", "1.2.3-rc.1" },
		{ "(1.2)", "1.2" },
		{ "1.2.3,", "1.2.3" },
		{ "1", "" },
		{ "1.", "" },
		{ ".1", "" },
		{ "1.2/3", "" },
		{ "a1.2", "" },
		{ "1.9.15p5", "1.9.15p5" },
		{ "go1.2 3.4", "3.4" },
		{ "", "" },
		{ "=\"5.6\"", "5.6" },
		{ "1.2.", "" },
		{ "111111111111111111111111111111111.111111111111111111111111111111111111", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(
			span_is(software_find_version(span_of(cases[i].text)), cases[i].version));
	assert_int_equal(software_find_version((struct span){ "\0\0 1.2", 6 }).length, 3);
}

static void a_component_is_found_by_name(void **state)
{
	static const struct {
		const char *json, *version;
		bool good;
	} cases[] = {
		{ "{\"cuda\":{\"name\":\"CUDA SDK\",\"version\":\"13.1.0\"}}", "13.1.0", true },
		{ "{\"cuda_nvcc\":{\"version\":\"13.1.80\"}}", "", true },
		{ "{\"cuda\":\"13.1.0\"}", "", true },
		{ "{\"cuda\":{\"version\":[1]}}", "", true },
		{ "{\"cuda\":{\"version\":\"new\"}}", "", true },
		{ "[]", "", true },
		{ "{\"cuda\":", "", false },
		{ "\x7f"
		  "ELF",
		  "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		struct span version = SPAN("");

		assert_int_equal(
			software_component(span_of(cases[i].json), "cuda", &arena, &version, NULL),
			cases[i].good);
		assert_true(span_is(version, cases[i].version));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_looked_at_and_refusals_kept),
		cmocka_unit_test(a_version_has_points_and_is_one_word),
		cmocka_unit_test(a_component_is_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
