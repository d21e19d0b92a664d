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
	{ { { "/etc/security/limits.conf", "# * - memlock 1\n* soft memlock 64\n" } },
	  "setting:limits:memlock",
	  "* soft memlock 64" },
	{ { { "/etc/security/limits.conf", "* - memlock 64" },
	    { "/etc/security/limits.d/9.conf", "*\t-  memlock\tunlimited # all\r\n" } },
	  "setting:limits:memlock",
	  "* - memlock unlimited" },
	{ { { "/etc/security/limits.d/9.conf",
	      "root - memlock unlimited\n@hpc soft memlock 1\n"
	      "* hard memlock 2\n* soft nofile 3\n* soft memlock\n" } },
	  "setting:limits:memlock",
	  "unset" },
	{ { { "/etc/security/limits.d/1.conf", "* - memlock 1" },
	    { "/etc/security/limits.d/2.conf", NULL } },
	  "setting:limits:memlock",
	  "?Too many levels" },
	{ { { "/etc/security/limits.d/1.txt", "* - memlock 1" } },
	  "setting:limits:memlock",
	  "unset" },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_as_the_files_have_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
