#include "active/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct host here = { .root = NULL };

struct taken {
	struct arena arena;
	struct sightings sightings;
	const struct active_importer *importer;
	struct error err;
	bool good;
};

static void take(struct taken *taken, const char *name)
{
	const struct subject subject = { { "p", NULL, NULL, NULL, "n", NULL } };

	*taken = (struct taken){ .good = false };
	sightings_start(&taken->sightings, &subject, &here, &taken->arena);
	taken->good =
		active_import_file(&here, arena_format(&taken->arena, "test/iperf3/%s", name),
				   &taken->arena, &taken->sightings, &taken->importer, &taken->err);
}

static void recorded_outputs_become_records(void **state)
{
	static const struct {
		const char *name, *device, *what;
		size_t count;
	} cases[] = {
		{ "3.12-tcp-send.json", "network:10.98.7.2/send:4",
		  "node.test.network.round-trip.least", 5 },
		{ "3.12-one-receive.json", "network:10.98.7.2/receive:1",
		  "node.test.network.retransmits", 3 },
		{ "3.12-udp-lossy-send.json", "network:10.98.7.2/udp-send",
		  "node.test.network.jitter", 3 },
		{ "3.12-udp-all-lost.json", "network:10.98.7.2/udp-send",
		  "node.test.network.packets", 2 },
		{ "3.9-udp-lossy-receive.json", "network:10.98.7.2/udp-receive",
		  "node.test.network.jitter", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken taken;
		const struct record *last;

		take(&taken, cases[i].name);
		if (!taken.good)
			fail_msg("%s", taken.err.text);
		assert_string_equal(taken.importer->name, "iperf3");
		assert_int_equal(taken.sightings.count, cases[i].count);
		last = &taken.sightings.items[taken.sightings.count - 1];
		assert_string_equal(last->what, cases[i].what);
		assert_string_equal(last->subject.parts[SUBJECT_DEVICE], cases[i].device);
		assert_int_equal(last->says, SAYS_VALUE);
		arena_release(&taken.arena);
	}
}

static void what_cannot_be_judged_is_refused(void **state)
{
	static const char *const names[] = { "3.12-bidir.json", "3.12-server.json",
					     "failed/3.12-refused.json",
					     "failed/3.12-interrupted.json" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct taken taken;

		take(&taken, names[i]);
		assert_false(taken.good);
		assert_int_equal(taken.sightings.count, 0);
		arena_release(&taken.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_outputs_become_records),
		cmocka_unit_test(what_cannot_be_judged_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
