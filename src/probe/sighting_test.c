#include "probe/sighting.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void start(struct sightings *sightings, struct arena *arena, const char *node)
{
	struct subject subject = { .parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = node } };

	sightings_start(sightings, &subject, NULL, arena);
}

static void each_record_says_who_when_and_what(void **state)
{
	SCOPED_ARENA(arena);
	struct sightings sightings;
	const struct record *record;

	(void)state;
	start(&sightings, &arena, "n1");
	record = saw_value(&sightings, NODE_GPU_CLOCK, "gpu:0000:19:00.0", 1980.0);
	assert_string_equal(record->what, "node.gpu.clock");
	assert_string_equal(record->unit, "MHz");
	assert_int_equal(record->says, SAYS_VALUE);
	assert_int_equal(record->kind, KIND_MEASUREMENT);
	assert_string_equal(record->subject.parts[SUBJECT_NODE], "n1");
	assert_string_equal(record->subject.parts[SUBJECT_DEVICE], "gpu:0000:19:00.0");
	assert_int_equal(record->time, sightings.time);
	assert_int_equal(record->observed, date_from_unix(sightings.time));
	record = saw_state(&sightings, NODE_KERNEL, NULL, "6.1.0-28-amd64");
	assert_null(record->subject.parts[SUBJECT_DEVICE]);
	assert_string_equal(record->text, "6.1.0-28-amd64");
}

static void identifiers_are_unique_and_of_bounded_length(void **state)
{
	SCOPED_ARENA(arena);
	struct sightings sightings;
	char node[121];

	(void)state;
	memset(node, 'n', sizeof(node) - 1);
	node[sizeof(node) - 1] = '\0';
	start(&sightings, &arena, node);
	for (unsigned i = 0; i < 2000; i++)
		(void)saw_value(&sightings, NODE_UPTIME, NULL, i);
	assert_int_equal(sightings.count, 2000);
	for (unsigned i = 0; i < 2000; i++) {
		assert_true(strlen(sightings.items[i].id) <= 120);
		assert_int_equal((unsigned)sightings.items[i].value, i);
		if (i > 0)
			assert_string_not_equal(sightings.items[i].id, sightings.items[i - 1].id);
	}
}

static void text_from_outside_is_cleaned(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "plain", "plain" },
		{ "  blanks\t\r\n", "blanks" },
		{ "two\nlines", "two?lines" },
		{ "\x1b[31mred", "?[31mred" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "half \xc3", "half ?" },
		{ "over\xc0\xafong", "over??ong" },
		{ "\xc2\x85", "?" }, /* a control character of two bytes */
		{ "del\x7f", "del?" },
	};
	SCOPED_ARENA(arena);
	struct sightings sightings;

	(void)state;
	start(&sightings, &arena, "n1");
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(saw_state(&sightings, NODE_KERNEL, NULL, cases[i].from)->text,
				    cases[i].to);
		assert_string_equal(
			saw_text(&sightings, NODE_KERNEL_BUILD, NULL, span_of(cases[i].from))->text,
			cases[i].to);
	}
}

static void long_text_is_cut_between_two_characters(void **state)
{
	SCOPED_ARENA(arena);
	struct sightings sightings;
	char text[RECORD_EXCERPT_MAXIMUM + 100];

	(void)state;
	start(&sightings, &arena, "n1");
	for (size_t shift = 0; shift < 4; shift++) {
		const struct record *record;
		size_t length = shift;

		/* Characters of three bytes, so that the limit falls within one. */
		memset(text, 'x', shift);
		for (; length + 3 < sizeof(text); length += 3)
			memcpy(text + length, "\xe2\x82\xac", 3);
		record = saw_text(&sightings, NODE_KERNEL_BUILD, NULL,
				  (struct span){ text, length });
		length = strlen(record->text);
		assert_in_range(length, RECORD_EXCERPT_MAXIMUM - 2, RECORD_EXCERPT_MAXIMUM);
		assert_null(strchr(record->text, '?'));
	}
	memset(text, '\x80', sizeof(text)); /* no character begins */
	assert_int_equal(strlen(saw_text(&sightings, NODE_KERNEL_BUILD, NULL,
					 (struct span){ text, sizeof(text) })
					->text),
			 RECORD_EXCERPT_MAXIMUM);
}

static void what_says_nothing_is_unknown(void **state)
{
	static const double numbers[] = { (double)NAN, (double)INFINITY, -(double)INFINITY };
	SCOPED_ARENA(arena);
	struct sightings sightings;

	(void)state;
	start(&sightings, &arena, "n1");
	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_int_equal(saw_value(&sightings, NODE_UPTIME, NULL, numbers[i])->says,
				 SAYS_UNKNOWN);
	assert_int_equal(saw_state(&sightings, NODE_KERNEL, NULL, "")->says, SAYS_UNKNOWN);
	assert_int_equal(saw_state(&sightings, NODE_KERNEL, NULL, " \n")->says, SAYS_UNKNOWN);
	assert_int_equal(saw_text(&sightings, NODE_KERNEL_BUILD, NULL, SPAN(""))->says,
			 SAYS_UNKNOWN);
	for (size_t i = 0; i < sightings.count; i++)
		assert_true(*sightings.items[i].text != '\0');
	assert_string_equal(saw_unknown(&sightings, NODE_UPTIME, NULL, "%s", "")->text,
			    "no reason is known");
	assert_string_equal(saw_unknown(&sightings, NODE_UPTIME, NULL, "'%s' is %d", "x", 7)->text,
			    "'x' is 7");
}

static void devices_are_printable_and_bounded(void **state)
{
	SCOPED_ARENA(arena);
	struct sightings sightings;
	char name[500];
	const struct record *record;

	(void)state;
	start(&sightings, &arena, "n1");
	record = saw_state(&sightings, NODE_MOUNT_TYPE, "mount:/a b\n\xc3\xa9", "ext4");
	assert_string_equal(record->subject.parts[SUBJECT_DEVICE], "mount:/a_b___");
	record = saw_state(&sightings, NODE_MOUNT_TYPE, "", "ext4");
	assert_string_equal(record->subject.parts[SUBJECT_DEVICE], "_");
	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	record = saw_state(&sightings, NODE_MOUNT_TYPE, name, "ext4");
	assert_int_equal(strlen(record->subject.parts[SUBJECT_DEVICE]), RECORD_DEVICE_MAXIMUM);
	/* The name is a copy. */
	memset(name, 'e', sizeof(name) - 1);
	assert_int_equal(record->subject.parts[SUBJECT_DEVICE][0], 'd');
}

static void a_later_look_carries_its_own_time(void **state)
{
	SCOPED_ARENA(arena);
	struct sightings sightings;

	(void)state;
	start(&sightings, &arena, "n1");
	sightings.time = 1; /* as if the first look was long ago */
	(void)saw_value(&sightings, NODE_UPTIME, NULL, 1.0);
	sightings_again(&sightings, NULL);
	(void)saw_value(&sightings, NODE_UPTIME, NULL, 2.0);
	assert_int_equal(sightings.items[0].time, 1);
	assert_true(sightings.items[1].time > 1000000000);
	assert_int_equal(sightings.items[1].observed, date_from_unix(sightings.items[1].time));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_record_says_who_when_and_what),
		cmocka_unit_test(identifiers_are_unique_and_of_bounded_length),
		cmocka_unit_test(text_from_outside_is_cleaned),
		cmocka_unit_test(long_text_is_cut_between_two_characters),
		cmocka_unit_test(what_says_nothing_is_unknown),
		cmocka_unit_test(devices_are_printable_and_bounded),
		cmocka_unit_test(a_later_look_carries_its_own_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
