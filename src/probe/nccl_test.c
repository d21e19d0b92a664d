#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/nccl.h"
#include "test/elf_file.h"
#include "test/watch.h"
#include <cmocka.h>

static const char usual[] = "/usr/lib64/libnccl.so.2";

static void put_library(struct watch *watch, const char *path, struct span texts,
			struct span symbols)
{
	SCOPED_TEXT(library);

	elf_file_make(texts, symbols, &library);
	root_put_bytes(&watch->root, path, text_span(&library));
}

static void put_usual(struct watch *watch)
{
	put_library(watch, usual,
		    SPAN("NCCL_IB_HCA\0NCCL_DEBUG\0NCCL_NET_GDR_LEVEL\0NCCL version 2.28.9+cuda13\0"
			 "ncclNetPlugin_v10\0ncclNetPlugin_v11\0ncclTunerPlugin_v5\0"),
		    SPAN("ncclGetVersion\0"));
}

static void look(struct watch *watch)
{
	watch_run(watch, &probe_setting);
	probe_nccl.look(&watch->request, &watch->sightings);
}

static void the_library_tells_version_names_and_interfaces(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	put_usual(&watch);
	root_put(&watch.root, "/etc/nccl.conf",
		 "NCCL_DEBUG=WARN\nNCCL_IB_HAC=mlx5_0\nNCCL_VERSION=1\nNCCL_STRANGE_NAME=1\n");
	look(&watch);
	watch_expect(&watch, "nccl.library", NULL, usual);
	watch_expect(&watch, "nccl.version", NULL, "2.28.9");
	watch_expect(&watch, "nccl.interface", "nccl-interface:net", "10+11");
	watch_expect(&watch, "nccl.interface", "nccl-interface:profiler", "none");
	watch_expect(&watch, "nccl.name", "nccl-name:NCCL_DEBUG", "known");
	watch_expect(&watch, "nccl.name", "nccl-name:NCCL_IB_HAC", "absent near:NCCL_IB_HCA");
	watch_expect(&watch, "nccl.name", "nccl-name:NCCL_VERSION", "elsewhere");
	watch_expect(&watch, "nccl.name", "nccl-name:NCCL_STRANGE_NAME", "absent");
	watch_expect(&watch, "nccl.file", "nccl-file:/etc/nccl.conf", "read");
}

static void without_a_library_names_are_not_judged(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, "/etc/nccl.conf", "NCCL_DEBUG=WARN\n");
	look(&watch);
	watch_expect(&watch, "nccl.library", NULL, "absent");
	assert_int_equal(watch_count(&watch, "nccl.name"), 0);
}

static void what_is_no_library_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, usual, "text");
	look(&watch);
	watch_expect(&watch, "nccl.version", NULL, "?is no library of 64 bits");
}

static void faulty_lines_are_told_with_what_is_meant(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	put_usual(&watch);
	root_put(&watch.root, "/etc/nccl.conf",
		 "NCCL_DEBUG=WARN\nCCL_NET_GDR_LEVEL=PHB\nNCCL_IB_HCA = mlx5\n"
		 "my secret\nNCCL_DEBUG=INFO\nexport NCCL_IB_HCA=1\n");
	look(&watch);
	watch_expect(&watch, "nccl.line", "nccl-line:1:/etc/nccl.conf", NULL);
	watch_expect(&watch, "nccl.line", "nccl-line:2:/etc/nccl.conf",
		     "foreign CCL_NET_GDR_LEVEL near:NCCL_NET_GDR_LEVEL");
	watch_expect(&watch, "nccl.line", "nccl-line:3:/etc/nccl.conf",
		     "blank-in-name,blank-around NCCL_IB_HCA");
	watch_expect(&watch, "nccl.line", "nccl-line:4:/etc/nccl.conf", "no-value -");
	watch_expect(&watch, "nccl.line", "nccl-line:5:/etc/nccl.conf", "repeated NCCL_DEBUG");
	watch_expect(&watch, "nccl.line", "nccl-line:6:/etc/nccl.conf",
		     "export,number NCCL_IB_HCA");
	watch_expect(&watch, "setting", "setting:nccl:NCCL_DEBUG", "WARN");
}

static void the_users_file_is_the_one_that_is_named(void **state)
{
	static const char home[] = "HOME=/srv/user\0";
	static const char named[] = "HOME=/srv/user\0NCCL_CONF_FILE=/b.conf\0";
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, "/srv/user/.nccl.conf", "NCCL_DEBUG=INFO\n");
	root_put_bytes(&watch.root, "/proc/self/environ", (struct span){ home, sizeof(home) });
	look(&watch);
	watch_expect(&watch, "setting", "setting:nccl-user:NCCL_DEBUG", "INFO");
	watch_expect(&watch, "nccl.file", "nccl-file:/srv/user/.nccl.conf", "read");
	root_put_bytes(&watch.root, "/proc/self/environ", (struct span){ named, sizeof(named) });
	look(&watch);
	watch_expect(&watch, "setting", "setting:nccl-user:NCCL_DEBUG", NULL);
	watch_expect(&watch, "nccl.file", "nccl-file:/b.conf", "absent");
}

static void plugins_are_found_with_their_interfaces(void **state)
{
	static const char own[] = "NCCL_TUNER_PLUGIN=mine\0NCCL_OWN_ONE=1\0";
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	put_usual(&watch);
	put_library(&watch, "/opt/hpcx/nccl_rdma_sharp_plugin/lib/libnccl-net.so",
		    SPAN("NCCL_OWN_ONE\0"),
		    SPAN("\0ncclNetPlugin_v9\0ncclNetPlugin_v10\0ncclCollNetPlugin_v9\0"));
	root_put_bytes(&watch.root, "/proc/self/environ", (struct span){ own, sizeof(own) });
	look(&watch);
	watch_expect(&watch, "nccl.plugin",
		     "nccl-plugin:net:/opt/hpcx/nccl_rdma_sharp_plugin/lib/libnccl-net.so",
		     "net:9+10 collnet:9");
	watch_expect(&watch, "nccl.plugin", "nccl-plugin:tuner:mine", "missing");
	watch_expect(&watch, "nccl.name", "nccl-name:NCCL_OWN_ONE", "plug-in");
}

static void packages_of_python_bring_copies(void **state)
{
	static const char copy[] =
		"/usr/local/lib/python3.12/dist-packages/nvidia/nccl/lib/libnccl.so.2";
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	put_library(&watch, copy, SPAN("NCCL_DEBUG\0NCCL version 2.21.5+cuda12\0"), SPAN("x"));
	look(&watch);
	watch_expect(&watch, "nccl.library", NULL, copy);
	put_usual(&watch);
	look(&watch);
	watch_expect(&watch, "nccl.library", NULL, usual);
	watch_expect(&watch, "nccl.copy",
		     "nccl-copy:/usr/local/lib/python3.12/dist-packages/nvidia/nccl/lib/"
		     "libnccl.so.2",
		     "2.21.5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_library_tells_version_names_and_interfaces),
		cmocka_unit_test(without_a_library_names_are_not_judged),
		cmocka_unit_test(what_is_no_library_is_unknown),
		cmocka_unit_test(faulty_lines_are_told_with_what_is_meant),
		cmocka_unit_test(the_users_file_is_the_one_that_is_named),
		cmocka_unit_test(plugins_are_found_with_their_interfaces),
		cmocka_unit_test(packages_of_python_bring_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
