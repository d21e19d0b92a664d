#include "probe/mpi_module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/elf_file.h"
#include "test/watch.h"
#include <cmocka.h>

static void names_tell_the_flavour(void **state)
{
	static const struct {
		const char *name, *flavour;
	} cases[] = {
		{ "openmpi4", "openmpi" }, { "openmpi-x86_64", "openmpi" },
		{ "hpcx-ompi", "hpcx" },   { "impi", "intel" },
		{ "mvapich2", "mvapich" }, { "mpich", "mpich" },
		{ "cray-mpich", "mpich" }, { "gcc", NULL },
		{ "mpi", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *flavour = mpi_module_flavour(span_of(cases[i].name));

		if (cases[i].flavour)
			assert_string_equal(flavour, cases[i].flavour);
		else
			assert_null(flavour);
	}
}

static void folders_are_taken_out_of_both_languages(void **state)
{
	static const char text[] =
		"#%Module1.0 /no/comment\n"
		"set base /opt/ompi-4.1.6/\n"
		"prepend-path LD_LIBRARY_PATH $base/lib\n"
		"-- /no/comment of Lua\n"
		"prepend_path(\"PATH\",\"/sw/mpich/bin\")\n"
		"prepend_path('LD_LIBRARY_PATH', '/sw/mpich/lib') /opt/ompi-4.1.6\n"
		"help \"more at https://x.org/y, or ${base}/doc\"\n";
	const char *folders[MPI_MODULE_FOLDERS_MAXIMUM];
	SCOPED_ARENA(arena);
	size_t count = mpi_module_folders(span_of(text), &arena, folders);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_false(strstr(folders[i], "comment") || strstr(folders[i], "doc"));
	assert_true(count >= 3);
	assert_string_equal(folders[0], "/opt/ompi-4.1.6");
	assert_string_equal(folders[1], "/sw/mpich/bin");
	assert_string_equal(folders[2], "/sw/mpich/lib");
}

static void put_library(struct watch *watch, const char *path)
{
	SCOPED_TEXT(library);

	elf_file_make(SPAN("Open MPI v5.0.3, package: x\0"), SPAN("\0libucp.so.0\0"), &library);
	root_put_bytes(&watch->root, path, text_span(&library));
}

static void modules_are_found_and_followed(void **state)
{
	static const char environment[] = "A=b\0MODULEPATH=/srv/sw/modules/:/etc/modulefiles\0";
	static const char openmpi[] =
		"mpi-module:/opt/ohpc/pub/moduledeps/gnu12/openmpi4/4.1.6.lua";
	static const char own[] = "mpi-module:/srv/sw/modules/mpi/mpich-4.0";
	static const char hpcx[] = "mpi-module:/opt/hpcx-v2.19/modulefiles/hpcx";
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put_bytes(&watch.root, "/proc/self/environ",
		       (struct span){ environment, sizeof(environment) - 1 });
	root_put(&watch.root, openmpi + 11,
		 "local base = \"/sw/openmpi\"\nprepend_path(\"LD_LIBRARY_PATH\", base .. "
		 "\"/lib\")\n");
	root_put(&watch.root, "/opt/ohpc/pub/moduledeps/gnu12/openmpi4/.version", "#%Module\n");
	root_put(&watch.root, "/opt/ohpc/pub/moduledeps/gnu12/gsl/2.7.lua", "\n");
	root_put(&watch.root, own + 11, "prepend-path PATH /sw/nowhere/bin\n");
	root_put(&watch.root, "/srv/sw/modules/mpi/unknown-1", "\n");
	root_put(&watch.root, hpcx + 11, "set hpcx_dir [file dirname $x]\n");
	put_library(&watch, "/sw/openmpi/lib/libmpi.so.40");
	put_library(&watch, "/opt/hpcx-v2.19/ompi/lib/libmpi.so.40");
	watch_run(&watch, &probe_mpi);
	assert_int_equal(watch_count(&watch, "mpi.module"), 3);
	watch_expect(&watch, "mpi.module", openmpi, "openmpi4/4.1.6");
	watch_expect(&watch, "mpi.module.library", openmpi, "/sw/openmpi/lib/libmpi.so.40");
	watch_expect(&watch, "mpi.module", own, "mpi/mpich-4.0");
	watch_expect(&watch, "mpi.module.library", own, "?names no folder");
	watch_expect(&watch, "mpi.module", hpcx, "hpcx");
	watch_expect(&watch, "mpi.module.library", hpcx, "/opt/hpcx-v2.19/ompi/lib/libmpi.so.40");
	watch_expect(&watch, "mpi.library", "mpi:/sw/openmpi/lib/libmpi.so.40", "openmpi 5.0.3");
	/* Found by its folder and by its module: told once. */
	assert_int_equal(watch_count(&watch, "mpi.library"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_tell_the_flavour),
		cmocka_unit_test(folders_are_taken_out_of_both_languages),
		cmocka_unit_test(modules_are_found_and_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
