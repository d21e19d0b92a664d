#include "test/fabric_told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/fabric_measure.h"
#include <cmocka.h>

enum {
	RECORDS_MAXIMUM = 32,
};

static const date_t day = 20000;

/* "-3 c2 " in front of the rest. */
static void take_front(struct fabric_told *told, struct span *rest, struct record *record)
{
	struct span first = { rest->at, 0 }, days;
	bool is_earlier;

	if (rest->length == 0 || (rest->at[0] != '-' && rest->at[0] != '+'))
		return;
	is_earlier = rest->at[0] == '-';
	(void)span_cut(rest, ' ', &first);
	days = (struct span){ first.at + 1, first.length - 1 };
	uint64_t by = 0;

	assert_true(span_to_u64(days, &by));
	record->observed += is_earlier ? -(date_t)by : (date_t)by;
	(void)span_cut(rest, ' ', &first);
	record->subject.parts[SUBJECT_CLUSTER] = arena_string(&told->arena, first);
}

static void take_line(struct fabric_told *told, struct span line, struct record *record)
{
	struct span what, device;
	enum fabric_measure measure;

	*record = (struct record){
		.subject.parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_CLUSTER] = "c" },
		.kind = KIND_MEASUREMENT,
		.strength = STRENGTH_E1,
		.observed = day,
		.id = "r",
		.source.name = "assay fabric describe",
	};
	take_front(told, &line, record);
	(void)span_cut(&line, ' ', &what);
	(void)span_cut(&line, ' ', &device);
	record->what = arena_format(&told->arena, "fabric.%.*s", SPAN_ARGS(what));
	if (!fabric_measure_find(record->what, &measure))
		fail_msg("no measure '%s'", record->what);
	if (!span_is(device, "-"))
		record->subject.parts[SUBJECT_DEVICE] = arena_string(&told->arena, device);
	record->unit = fabric_measures[measure].unit;
	record->text = arena_string(&told->arena, line);
	record->says = fabric_measures[measure].unit ? SAYS_VALUE : SAYS_STATE;
	if (line.length > 0 && line.at[0] == '?')
		record->says = SAYS_UNKNOWN;
	else if (record->says == SAYS_VALUE)
		assert_true(span_to_double(line, &record->value));
}

void fabric_told_make(struct fabric_told *told, const char *lines)
{
	struct span rest = span_of(lines), line;
	const struct record **records =
		ARENA_ARRAY(&told->arena, const struct record *, RECORDS_MAXIMUM);
	size_t count = 0;

	while (span_cut(&rest, '\n', &line)) {
		struct record *record = ARENA_NEW(&told->arena, struct record);

		if (line.length == 0)
			continue;
		assert_true(count < RECORDS_MAXIMUM);
		take_line(told, line, record);
		records[count++] = record;
	}
	told->input = (struct check_input){
		.records = records, .count = count, .today = day, .not_before = DATE_NONE
	};
	check_prepare(&told->input, &told->arena);
}

enum verdict fabric_told_verdict(struct fabric_told *told, const char *check)
{
	told->found = (struct findings){ .arena = &told->arena };
	check_run(check_find(check), &told->input, &told->found);
	assert_int_equal(told->found.count, 1);
	return told->found.items[0].verdict;
}

void fabric_told_release(struct fabric_told *told)
{
	arena_release(&told->arena);
}

enum verdict fabric_verdict_of(const char *check, const char *lines)
{
	SCOPED_FABRIC_TOLD(told);

	fabric_told_make(&told, lines);
	return fabric_told_verdict(&told, check);
}
