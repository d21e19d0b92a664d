#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	struct root_entry files[3];
	const char *device, *says;
} cases[] = {
	{ { { "/etc/slurm/slurm.conf",
	      "#TopologyPlugin=topology/tree\ntopologyplugin=topology/block # x\n" } },
	  "setting:slurm:TopologyPlugin",
	  "topology/block" },
	{ { { "/etc/slurm/slurm.conf", "TaskPlugin=task/cgroup,\\\ntask/affinity\n" } },
	  "setting:slurm:TaskPlugin",
	  "task/cgroup,task/affinity" },
	{ { { "/etc/slurm/slurm.conf", "# Prolog=/a \\\nProlog=/b Epilog=\"/c d\"\n" } },
	  "setting:slurm:Prolog",
	  "/b" },
	{ { { "/etc/slurm/slurm.conf", "Prolog=/b Epilog=\"/c d\"\n" } },
	  "setting:slurm:Epilog",
	  "/c d" },
	{ { { "/etc/slurm/slurm.conf", "Prolog=/a\nProlog=/b\nStoragePass=secret\n" } },
	  "setting:slurm:Prolog",
	  "/b" },
	{ { { "/etc/slurm/slurm.conf", "StoragePass=secret\n" } },
	  "setting:slurm:StoragePass",
	  NULL },
	{ { { "/run/slurm/conf/slurm.conf", "MpiDefault=pmix\n" } },
	  "setting:slurm:MpiDefault",
	  "pmix" },
	{ { { "/etc/slurm/slurm.conf", "Include more.conf\n" },
	    { "/etc/slurm/more.conf", "GresTypes=gpu\n" } },
	  "setting:slurm:GresTypes",
	  "gpu" },
	{ { { "/etc/slurm/slurm.conf", "include slurm.conf\nGresTypes=gpu\n" } },
	  "setting:slurm:GresTypes",
	  "?more included files" },
	{ { { "/etc/slurm/slurm.conf", "include a?b\nGresTypes=gpu\n" } },
	  "setting:slurm:GresTypes",
	  "?no pattern" },
	{ { { "/etc/slurm/slurm.conf", NULL } }, "setting:slurm:GresTypes", "?Too many levels" },
	{ { { "/etc/slurm/slurm.conf", "\x7f"
				       "ELF\xff=\\\x01\n" } },
	  "setting:slurm:GresTypes",
	  "unset" },
	{ { { "/etc/slurm/plugstack.conf",
	      "#required /x/spank_pyxis.so\ninclude plugstack.conf.d/*\n" },
	    { "/etc/slurm/plugstack.conf.d/pyxis.conf",
	      "required /usr/lib/slurm/spank_pyxis.so a=b\n" } },
	  "setting:plugstack:pyxis",
	  "/usr/lib/slurm/spank_pyxis.so" },
	{ { { "/etc/slurm/plugstack.conf", "#required /x/spank_pyxis.so\n" } },
	  "setting:plugstack:pyxis",
	  "unset" },
	{ { { "/etc/slurm/slurm.conf", "PlugStackConfig=/srv/p.conf\n" },
	    { "/srv/p.conf", "optional spank_pyxis.so\n" } },
	  "setting:plugstack:pyxis",
	  "spank_pyxis.so" },
	{ { { "/etc/slurm/plugstack.conf", NULL } },
	  "setting:plugstack:pyxis",
	  "?Too many levels" },
};

static void settings_are_as_the_files_have_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, NULL);
		for (size_t k = 0; k < COUNT(cases[i].files) && cases[i].files[k].path; k++)
			root_put(&watch.root, cases[i].files[k].path, cases[i].files[k].text);
		watch_run(&watch, &probe_setting);
		watch_expect(&watch, "setting", cases[i].device, cases[i].says);
	}
}

static void the_programs_of_slurm_are_looked_for_once(void **state)
{
	static const struct root_entry entries[] = {
		{ "/etc/slurm/slurm.conf", "HealthCheckProgram=/usr/sbin/nhc\nProlog=/etc/p\n"
					   "Epilog=/etc/p\nTaskProlog=relative\n" },
		{ "/usr/sbin/nhc", "" },
		{ NULL, NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	watch_run(&watch, &probe_setting);
	assert_true(strncmp(watch_find(&watch, "file", "file:/usr/sbin/nhc")->text, "file 0", 6) ==
		    0);
	watch_expect(&watch, "file", "file:/etc/p", "absent");
	watch_expect(&watch, "file", "file:relative", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_as_the_files_have_them),
		cmocka_unit_test(the_programs_of_slurm_are_looked_for_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
