#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "test/watch.h"
#include <cmocka.h>

#define BUS "/sys/bus/pci/devices/"

/* The kernel started on 2025-11-25 at 00:00:00 UTC. */
static const struct root_entry node[] = {
	{ "/proc/stat", "cpu  1 2 3\nbtime 1764028800\nprocesses 9\n" },
	{ BUS "0000:19:00.0/class", "0x030200\n" },
	{ BUS "0000:19:00.0/vendor", "0x10de\n" },
	{ BUS "0000:18:00.0/class", "0x060400\n" },
	{ BUS "0000:18:00.0/vendor", "0x1000\n" },
	{ "/sys/class/net/eth0/operstate", "up\n" },
	{ "/dev/kmsg",
	  "6,100,2500000,-;Linux version 6.1\n"
	  " SUBSYSTEM=none\n"
	  "4,101,86400000000,-;NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=a, GPU has fallen off "
	  "the bus.\n"
	  "4,102,86400500000,-;NVRM: Xid (PCI:0000:19:00): 48, DBE\n"
	  "3,103,86401000000,-;pcieport 0000:18:00.0: AER: Corrected error received: 0000:18:00.0\n"
	  "6,104,86402000000,-;eth0: NIC Link is Down\n"
	  "6,105,86403000000,-;usb 1-1: new device\n"
	  "12,106,86404000000,-;NVRM: Xid (PCI:0000:3b:00): 31, pid=1, somebody's own\n" },
	{ NULL, NULL },
};

static const struct record *next(const struct watch *watch, const char *what, size_t *at)
{
	while (*at < watch->sightings.count) {
		const struct record *record = &watch->sightings.items[(*at)++];

		if (strcmp(record->what, what) == 0)
			return record;
	}
	return NULL;
}

static void messages_are_seen_with_their_device_and_time(void **state)
{
	SCOPED_WATCH(watch);
	const struct record *record;
	size_t at = 0;

	(void)state;
	watch_make(&watch, node);
	watch_run(&watch, &probe_kernel_log);
	record = next(&watch, "node.log.xid", &at);
	assert_non_null(record);
	assert_string_equal(record->subject.parts[SUBJECT_DEVICE], "gpu:0000:3b:00.0");
	assert_string_equal(record->text,
			    "NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=a, GPU has fallen off "
			    "the bus.");
	assert_int_equal(record->time, 1764028800 + 86400);
	assert_int_equal(record->observed, watch.sightings.observed);
	record = next(&watch, "node.log.xid", &at);
	assert_non_null(record);
	assert_string_equal(record->subject.parts[SUBJECT_DEVICE], "gpu:0000:19:00.0");
	assert_null(next(&watch, "node.log.xid", &at));
	at = 0;
	record = next(&watch, "node.log.pcie", &at);
	assert_non_null(record);
	assert_string_equal(record->subject.parts[SUBJECT_DEVICE], "pci:0000:18:00.0");
	at = 0;
	record = next(&watch, "node.log.link", &at);
	assert_non_null(record);
	assert_string_equal(record->subject.parts[SUBJECT_DEVICE], "net:eth0");
	watch_expect(&watch, "log.lines", NULL, "7");
	watch_expect(&watch, "log.from", NULL, "2.5");
	watch_expect(&watch, "log.dropped", NULL, "0");
}

static void what_users_wrote_counts_only_where_it_is_trusted(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch.request.trust_user_space = true;
	watch_run(&watch, &probe_kernel_log);
	assert_int_equal(watch_count(&watch, "log.xid"), 3);
}

static void a_message_is_never_younger_than_the_look(void **state)
{
	static const char *const stamps[] = { "[9999999999.000000] ", "", "[    1.000000] " };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		char log[128];
		size_t at = 0;

		if (i == 2)
			root_put(&watch.root, "/proc/stat", "btime many\n");
		(void)snprintf(log, sizeof(log), "%sNVRM: Xid (PCI:0000:19:00): 48, DBE\n",
			       stamps[i]);
		root_put(&watch.root, "/dev/kmsg", log);
		watch_run(&watch, &probe_kernel_log);
		const struct record *record = next(&watch, "node.log.xid", &at);

		assert_non_null(record);
		assert_int_equal(record->time, watch.sightings.time);
		assert_int_equal(record->observed, watch.sightings.observed);
	}
}

/* Every topic, so that no check takes silence for health. */
static void a_log_that_cannot_be_read_is_unknown(void **state)
{
	static const char *const topics[] = {
		"log.xid",     "log.sxid",          "log.gpu-lost", "log.gpu-probe",
		"log.amd-ras", "log.amd-gpu",       "log.nic",      "log.link",
		"log.pcie",    "log.machine-check", "log.memory",   "log.storage",
		"log.stuck",   "log.out-of-memory", "log.thermal",
	};
	static const struct {
		const char *path, *text, *reason;
	} cases[] = {
		{ "/var/log/none", "", "?there is no" },
		{ "/dev/kmsg", NULL, "?/dev/kmsg" },
		{ "/dev/kmsg", "", "?the kernel's log is empty" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_WATCH(watch);
		watch_make(&watch, NULL);
		root_put(&watch.root, cases[i].path, cases[i].text);
		watch_run(&watch, &probe_kernel_log);
		for (size_t k = 0; k < sizeof(topics) / sizeof(topics[0]); k++)
			watch_expect(&watch, topics[k], NULL, cases[i].reason);
	}
}

static void a_storm_is_cut_to_its_newest_and_counted(void **state)
{
	SCOPED_WATCH(watch);
	SCOPED_TEXT(log);
	const struct record *record;
	size_t at = 0;

	(void)state;
	watch_make(&watch, node);
	for (unsigned i = 0; i < 20000; i++)
		text_format(&log, "4,%u,%u000000,-;NVRM: Xid (PCI:0000:19:00): %u, number %u\n", i,
			    i, i == 3 ? 79 : 31, i);
	root_put(&watch.root, "/dev/kmsg", text_string(&log));
	watch_run(&watch, &probe_kernel_log);
	assert_int_equal(watch_count(&watch, "log.xid"), 65);
	watch_expect(&watch, "log.dropped", NULL, "19935");
	watch_expect(&watch, "log.lines", NULL, "20000");
	record = next(&watch, "node.log.xid", &at);
	assert_non_null(strstr(record->text, "79, number 3"));
	record = next(&watch, "node.log.xid", &at);
	assert_non_null(strstr(record->text, "number 19936"));
}

/* Bytes that are no text, lines without an end, devices that no message can mean. */
static void garbage_harms_nothing(void **state)
{
	SCOPED_WATCH(watch);
	char *bytes;
	uint32_t noise = 7;
	enum {
		SIZE = 700000,
	};

	(void)state;
	watch_make(&watch, node);
	bytes = arena_take(&watch.root.arena, SIZE);
	for (size_t i = 0; i < SIZE; i++) {
		noise = noise * 1664525u + 1013904223u;
		bytes[i] = (char)(noise >> 24);
	}
	root_put_bytes(&watch.root, "/dev/kmsg", (struct span){ bytes, SIZE });
	watch_run(&watch, &probe_kernel_log);
	watch_expect(&watch, "log.from", NULL, "?no time");

	memset(bytes, 'x', SIZE);
	memcpy(bytes + SIZE - 50, "\nNVRM: Xid (PCI:0000:19:00): 79, end\n", 37);
	root_put_bytes(&watch.root, "/dev/kmsg", (struct span){ bytes, SIZE });
	watch_run(&watch, &probe_kernel_log);
	assert_int_equal(watch_count(&watch, "log.xid"), 1);
	watch_expect(&watch, "log.lines", NULL, "3");

	root_put(&watch.root, "/dev/kmsg",
		 "6,1,18446744073709551615,-;NVRM: Xid (PCI:ffffffff:ff:1f): 99999999999, x\n"
		 "<4>[-1.5] NVRM: Xid (PCI:): , \x1b[2J\n");
	watch_run(&watch, &probe_kernel_log);
	watch_expect(&watch, "log.dropped", NULL, "0");
}

static void this_machine_has_a_log_or_a_reason(void **state)
{
	static const struct host machine = { .root = NULL };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch.request.host = &machine;
	watch_run(&watch, &probe_kernel_log);
	assert_non_null(watch_find(&watch, "log.lines", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_seen_with_their_device_and_time),
		cmocka_unit_test(what_users_wrote_counts_only_where_it_is_trusted),
		cmocka_unit_test(a_message_is_never_younger_than_the_look),
		cmocka_unit_test(a_log_that_cannot_be_read_is_unknown),
		cmocka_unit_test(a_storm_is_cut_to_its_newest_and_counted),
		cmocka_unit_test(garbage_harms_nothing),
		cmocka_unit_test(this_machine_has_a_log_or_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
