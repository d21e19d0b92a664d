#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CPU "/sys/devices/system/cpu/"
#define NODE "/sys/devices/system/node/"
#define FLAGS "fpu vme svm constant_tsc nonstop_tsc xsvm"

/* Two sockets of two cores with two threads each. */
static const struct root_entry two_sockets[] = {
	{ "/proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9654 "
			   "96-Core Processor\nmicrocode\t: 0xa101148\nflags\t\t: " FLAGS "\n\n"
			   "processor\t: 1\nmodel name\t: another\n" },
	{ CPU "present", "0-7\n" },
	{ CPU "online", "0-7\n" },
	{ CPU "smt/control", "on\n" },
	{ CPU "cpu0/topology/package_cpus_list", "0-1,4-5\n" },
	{ CPU "cpu2/topology/package_cpus_list", "2-3,6-7\n" },
	{ CPU "cpu0/topology/core_cpus_list", "0,4\n" },
	{ CPU "cpu1/topology/core_cpus_list", "1,5\n" },
	{ CPU "cpu2/topology/core_cpus_list", "2,6\n" },
	{ CPU "cpu3/topology/core_cpus_list", "3,7\n" },
	{ CPU "vulnerabilities/meltdown", "Not affected\n" },
	{ CPU "vulnerabilities/retbleed", NULL },
	{ NODE "online", "0-1\n" },
	{ NODE "node0/meminfo", "Node 0 MemTotal:       65536 kB\nNode 0 MemFree: 1 kB\n" },
	{ NODE "node0/cpulist", "0-1,4-5\n" },
	{ NODE "node1/meminfo", "Node 1 MemTotal:       1024 kB\n" },
	{ NODE "node1/cpulist", "\n" },
	{ NULL, NULL },
};

static void sockets_cores_and_threads_are_counted(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, two_sockets);
	watch_run(&watch, &probe_processor);
	watch_expect(&watch, "cpu.model", NULL, "AMD EPYC 9654 96-Core Processor");
	watch_expect(&watch, "cpu.microcode", NULL, "0xa101148");
	watch_expect(&watch, "cpu.threads", NULL, "8");
	watch_expect(&watch, "cpu.online", NULL, "8");
	watch_expect(&watch, "cpu.packages", NULL, "2");
	watch_expect(&watch, "cpu.cores", NULL, "4");
	watch_expect(&watch, "cpu.threading", NULL, "on");
	watch_expect(&watch, "cpu.flag", "flag:svm", "present");
	watch_expect(&watch, "cpu.flag", "flag:vmx", "absent");
	watch_expect(&watch, "cpu.flag", "flag:hypervisor", "absent");
	watch_expect(&watch, "cpu.flag", "flag:nonstop_tsc", "present");
	watch_expect(&watch, "cpu.vulnerability", "vulnerability:meltdown", "Not affected");
	watch_expect(&watch, "cpu.vulnerability", "vulnerability:retbleed", "?Too many levels");
	watch_expect(&watch, "numa.nodes", NULL, "2");
	watch_expect(&watch, "numa.memory", "numa:0", "67108864");
	watch_expect(&watch, "numa.threads", "numa:0", "4");
	watch_expect(&watch, "numa.threads", "numa:1", "0");
	assert_int_equal(watch_count(&watch, "cpu.governor"), 0);
}

static void threads_that_are_off_are_not_in_use(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, two_sockets);
	root_put(&watch.root, CPU "online", "0-3\n");
	root_put(&watch.root, CPU "smt/control", "off\n");
	for (unsigned i = 0; i < 4; i++)
		root_put(&watch.root,
			 arena_format(&watch.root.arena, CPU "cpu%u/topology/core_cpus_list", i),
			 arena_format(&watch.root.arena, "%u\n", i));
	watch_run(&watch, &probe_processor);
	watch_expect(&watch, "cpu.threads", NULL, "8");
	watch_expect(&watch, "cpu.online", NULL, "4");
	watch_expect(&watch, "cpu.cores", NULL, "4");
	watch_expect(&watch, "cpu.threading", NULL, "off");
}

static void older_kernels_have_other_names(void **state)
{
	static const struct root_entry entries[] = {
		{ CPU "present", "0-1" },
		{ CPU "online", "0-1" },
		{ CPU "cpu0/topology/core_siblings_list", "0-1" },
		{ CPU "cpu0/topology/thread_siblings_list", "0" },
		{ CPU "cpu1/topology/thread_siblings_list", "1" },
		{ CPU "smt/control", "notsupported" },
		{ NULL, NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	watch_run(&watch, &probe_processor);
	watch_expect(&watch, "cpu.packages", NULL, "1");
	watch_expect(&watch, "cpu.cores", NULL, "2");
	watch_expect(&watch, "cpu.threading", NULL, "absent");
}

static void what_cannot_be_read_is_unknown_with_its_cause(void **state)
{
	static const struct {
		const char *path, *text; /* NULL: cannot be read; "-": not there */
		const char *measure, *device, *says;
	} cases[] = {
		{ CPU "present", "-", "cpu.threads", NULL, "?No such file" },
		{ CPU "present", "0-99999999", "cpu.threads", NULL, "?no list of processors" },
		{ CPU "present", "", "cpu.threads", NULL, "?names no processor" },
		{ CPU "online", NULL, "cpu.online", NULL, "?Too many levels" },
		{ CPU "online", NULL, "cpu.cores", NULL, "?Too many levels" },
		{ CPU "online", "\xff", "cpu.packages", NULL, "?no list of processors" },
		{ CPU "cpu3/topology/core_cpus_list", "-", "cpu.cores", NULL, "?No such file" },
		{ CPU "cpu0/topology/package_cpus_list", "1-7", "cpu.packages", NULL,
		  "?does not name itself" },
		{ "/proc/cpuinfo", "-", "cpu.model", NULL, "?No such file" },
		{ "/proc/cpuinfo", "", "cpu.model", NULL, "?names no processor" },
		{ "/proc/cpuinfo", "model name", "cpu.model", NULL, "?names no processor" },
		{ NODE "online", "-", "numa.nodes", NULL, "?No such file" },
		{ NODE "node0/meminfo", "Node 0 MemTotal: 12", "numa.memory", "numa:0",
		  "?no 'MemTotal'" },
		{ NODE "node0/meminfo", "-", "numa.memory", "numa:0", "?No such file" },
		{ NODE "node0/cpulist", "x", "numa.threads", "numa:0", "?no list" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, two_sockets);
		if (cases[i].text && strcmp(cases[i].text, "-") == 0)
			root_drop(&watch.root, cases[i].path);
		else
			root_put(&watch.root, cases[i].path, cases[i].text);
		watch_run(&watch, &probe_processor);
		watch_expect(&watch, cases[i].measure, cases[i].device, cases[i].says);
	}
}

static void put_policy(struct root *root, const char *policy, const char *file, const char *text)
{
	root_put(root, arena_format(&root->arena, CPU "cpufreq/%s/%s", policy, file), text);
}

static void governors_are_counted_in_threads(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, two_sockets);
	put_policy(&watch.root, "policy0", "scaling_governor", "performance\n");
	put_policy(&watch.root, "policy0", "affected_cpus", "0 1 2 3 4\n");
	put_policy(&watch.root, "policy5", "scaling_governor", "powersave\n");
	put_policy(&watch.root, "policy5", "affected_cpus", "5 6\n");
	put_policy(&watch.root, "policy7", "scaling_governor", "powersave\n");
	put_policy(&watch.root, "policy7", "affected_cpus", "\n"); /* offline */
	put_policy(&watch.root, "policy7", "scaling_max_freq", "-> scaling_max_freq");
	root_put(&watch.root, CPU "cpufreq/ondemand/up_threshold", "95\n");
	watch_run(&watch, &probe_processor);
	watch_expect(&watch, "cpu.governor", "governor:performance", "5");
	watch_expect(&watch, "cpu.governor", "governor:powersave", "2");
	watch_expect(&watch, "cpu.governor", NULL, NULL);
	watch_expect(&watch, "cpu.frequency.maximum", NULL, "?no policy");
}

/* As many policies as threads: their lists are not needed. */
static void the_policy_held_down_most_tells_the_frequency(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, two_sockets);
	for (unsigned i = 0; i < 8; i++) {
		const char *policy = arena_format(&watch.root.arena, "policy%u", i);

		put_policy(&watch.root, policy, "scaling_governor",
			   i == 6 ? NULL : "performance\n");
		put_policy(&watch.root, policy, "scaling_max_freq",
			   i == 5 ? "1500000\n" : "3700000\n");
		put_policy(&watch.root, policy, "cpuinfo_max_freq", "3700000\n");
	}
	watch_run(&watch, &probe_processor);
	watch_expect(&watch, "cpu.governor", "governor:performance", "7");
	watch_expect(&watch, "cpu.governor", NULL, "?Too many levels");
	watch_expect(&watch, "cpu.frequency.maximum", NULL, "1500");
	watch_expect(&watch, "cpu.frequency.limit", NULL, "3700");
}

static void governors_beyond_reason_are_counted_and_not_named(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, two_sockets);
	root_put(&watch.root, CPU "online", "0-19\n");
	for (unsigned i = 0; i < 20; i++)
		put_policy(&watch.root, arena_format(&watch.root.arena, "policy%u", i),
			   "scaling_governor", arena_format(&watch.root.arena, "g%u", i));
	watch_run(&watch, &probe_processor);
	assert_int_equal(watch_count(&watch, "cpu.governor"), 17);
	watch_expect(&watch, "cpu.governor", NULL, "?4 threads have further governors");
}

static void arm_processors_are_named_by_number(void **state)
{
	static const struct {
		const char *info, *model;
	} cases[] = {
		{ "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n",
		  "Arm Neoverse-V2" },
		{ "CPU implementer : 0x99\nCPU part : 0x001\n", "implementer 0x99 part 0x001" },
		{ "cpu\t\t: POWER9, altivec supported\n", "POWER9, altivec supported" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, two_sockets);
		root_put(&watch.root, "/proc/cpuinfo", cases[i].info);
		watch_run(&watch, &probe_processor);
		watch_expect(&watch, "cpu.model", NULL, cases[i].model);
		assert_int_equal(watch_count(&watch, "cpu.flag"), 0);
		assert_int_equal(watch_count(&watch, "cpu.microcode"), 0);
	}
}

static void a_quick_look_leaves_out_weaknesses(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, two_sockets);
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_processor);
	assert_int_equal(watch_count(&watch, "cpu.vulnerability"), 0);
	watch_expect(&watch, "cpu.cores", NULL, "4");
	watch.request.shares = PROBE_FULL;
	watch_run(&watch, &probe_processor);
	assert_int_equal(watch_count(&watch, "cpu.vulnerability"), 2);
	assert_int_equal(watch.sightings.count, 2);
}

static void an_empty_root_is_unknown_all_over(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_processor);
	assert_true(watch.sightings.count >= 5);
	for (size_t i = 0; i < watch.sightings.count; i++)
		assert_int_equal(watch.sightings.items[i].says, SAYS_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_cores_and_threads_are_counted),
		cmocka_unit_test(threads_that_are_off_are_not_in_use),
		cmocka_unit_test(older_kernels_have_other_names),
		cmocka_unit_test(what_cannot_be_read_is_unknown_with_its_cause),
		cmocka_unit_test(governors_are_counted_in_threads),
		cmocka_unit_test(the_policy_held_down_most_tells_the_frequency),
		cmocka_unit_test(governors_beyond_reason_are_counted_and_not_named),
		cmocka_unit_test(arm_processors_are_named_by_number),
		cmocka_unit_test(a_quick_look_leaves_out_weaknesses),
		cmocka_unit_test(an_empty_root_is_unknown_all_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
