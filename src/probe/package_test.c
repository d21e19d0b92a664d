#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "probe/package.h"
#include "test/root.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ENTRY(name, status, version)                               \
	"Package: " name "\nStatus: " status "\nVersion: " version \
	"\nDescription: x\n Package: no\n\n"

static const char *version_of(const struct packages *packages, const char *name,
			      struct arena *arena)
{
	const struct package *package = packages_find(packages, span_of(name));

	return package ? arena_string(arena, package->version) : "";
}

static void only_packages_with_files_count(void **state)
{
	SCOPED_ARENA(arena);
	struct packages packages;

	(void)state;
	assert_true(packages_parse(
		SPAN(ENTRY("b", "install ok installed",
			   "1:2-3") ENTRY("a", "hold ok half-configured",
					  "4") ENTRY("c", "deinstall ok config-files",
						     "5") ENTRY("d", "purge ok not-installed", "6")
			     ENTRY("e", "install ok half-installed",
				   "6") "Package: f\nVersion: 1\n\nStatus: install ok installed\n\n"
					"\n\nPackage: g\r\nStatus: install ok installed\r\n"
					"Version: 7\r\n\r\n"
					"Package: h\nStatus: install ok installed\nVersion: 8"),
		&arena, &packages));
	assert_int_equal(packages.count, 4);
	assert_string_equal(version_of(&packages, "a", &arena), "4");
	assert_string_equal(version_of(&packages, "b", &arena), "1:2-3");
	assert_string_equal(version_of(&packages, "c", &arena), "");
	assert_string_equal(version_of(&packages, "f", &arena), "");
	assert_string_equal(version_of(&packages, "g", &arena), "7");
	assert_string_equal(version_of(&packages, "h", &arena), "8");
	assert_string_equal(version_of(&packages, "no", &arena), "");
}

static void a_star_finds_the_newest_that_goes_on_with_a_digit(void **state)
{
	SCOPED_ARENA(arena);
	struct packages packages;

	(void)state;
	assert_true(packages_parse(
		SPAN(ENTRY("nvhpc-26-1", "install ok installed", "26.1-0")
			     ENTRY("nvhpc-26-5", "install ok installed", "26.5-0")
				     ENTRY("nvhpc-25-9", "install ok installed", "25.9-0")
					     ENTRY("nvhpc-docs", "install ok installed", "99")
						     ENTRY("nvhpcx", "install ok installed", "98")),
		&arena, &packages));
	assert_string_equal(version_of(&packages, "nvhpc-*", &arena), "26.5-0");
	assert_string_equal(version_of(&packages, "nvhpc", &arena), "");
	assert_string_equal(version_of(&packages, "x*", &arena), "");
	assert_string_equal(version_of(&packages, "*", &arena), "");
}

static void the_program_version_is_without_what_a_distribution_adds(void **state)
{
	static const struct {
		const char *package, *upstream;
	} cases[] = {
		{ "5:29.7.0-1~ubuntu.24.04~noble", "29.7.0" },
		{ "1.3.6-0ubuntu1~24.04.1", "1.3.6" },
		{ "1.1.5+ds1-1+deb12u1", "1.1.5" },
		{ "2.28.9-1+cuda13.0", "2.28.9" },
		{ "1.5.0~rc.3-1", "1.5.0-rc.3" },
		{ "1.7.24~ds1-6", "1.7.24" },
		{ "24.10.OFED.24.10.1.1.4.1-1", "24.10.OFED.24.10.1.1.4.1" },
		{ "1.9.15p5-3ubuntu5", "1.9.15p5" },
		{ "12.10", "12.10" },
		{ "-", "-" },
		{ ":", ":" },
		{ "", "" },
		{ "x-y", "x-y" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);

		assert_string_equal(package_upstream(span_of(cases[i].package), &arena),
				    cases[i].upstream);
	}
}

static void without_a_list_it_is_said_why(void **state)
{
	static const struct {
		const char *path, *text;
		enum package_manager manager;
		const char *why;
	} cases[] = {
		{ "/x", "", PACKAGES_NONE, "no list" },
		{ "/usr/lib/sysimage/rpm/rpmdb.sqlite", "", PACKAGES_RPM, "rpm" },
		{ "/var/lib/rpm/Packages", "", PACKAGES_RPM, "rpm" },
		{ "/var/lib/dpkg/status", NULL, PACKAGES_REFUSED, "Too many levels" },
		{ "/var/lib/dpkg/status", "", PACKAGES_REFUSED, "no package" },
		{ "/var/lib/dpkg/status",
		  "\x7f"
		  "ELF\n\n",
		  PACKAGES_REFUSED, "no package" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ROOT(root);
		struct packages packages;

		root_make(&root, NULL);
		root_put(&root, cases[i].path, cases[i].text);
		packages = packages_read(&root.host, &root.arena);
		assert_int_equal(packages.manager, cases[i].manager);
		assert_non_null(strstr(packages.why, cases[i].why));
		assert_null(packages_find(&packages, SPAN("git")));
	}
}

static void more_packages_than_are_looked_at_are_refused(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	struct packages packages;

	(void)state;
	for (unsigned i = 0; i <= PACKAGES_MAXIMUM; i++)
		text_add(&text, "Package: a\nStatus: install ok installed\nVersion: 1\n\n");
	assert_false(packages_parse(text_span(&text), &arena, &packages));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_packages_with_files_count),
		cmocka_unit_test(a_star_finds_the_newest_that_goes_on_with_a_digit),
		cmocka_unit_test(the_program_version_is_without_what_a_distribution_adds),
		cmocka_unit_test(without_a_list_it_is_said_why),
		cmocka_unit_test(more_packages_than_are_looked_at_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
