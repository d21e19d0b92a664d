#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/file.h"
#include <cmocka.h>

enum {
	SCENE_RECORDS = 4096,
	SCENE_TIME = 1764115200, /* 2025-11-26T00:00:00Z */
};

const char scene_bare[] = "architecture - x86_64\n"
			  "virtual - none\n"
			  "container - none\n"
			  "uptime - 86400\n"
			  "gpu.count.pci vendor:nvidia 0\n"
			  "gpu.count.pci vendor:amd 0\n"
			  "rdma.count - 0\n"
			  "edac.controllers - 0\n";

#define H100(pci, index)                               \
	"gpu.vendor gpu:" pci " nvidia\n"              \
	"gpu.index gpu:" pci " " index "\n"            \
	"gpu.name gpu:" pci " NVIDIA H100 80GB HBM3\n" \
	"gpu.answers gpu:" pci " ok\n"                 \
	"pci.id pci:" pci " 10de:2330\n"               \
	"pci.class pci:" pci " 030200\n"

const char scene_h100[] =
	"architecture - x86_64\n"
	"virtual - none\n"
	"container - none\n"
	"uptime - 86400\n"
	"gpu.count.pci vendor:nvidia 8\n"
	"gpu.count.pci vendor:amd 0\n"
	"gpu.library library:nvml ok\n" H100("0000:19:00.0", "0") H100("0000:3b:00.0", "1")
		H100("0000:4c:00.0", "2") H100("0000:5d:00.0", "3") H100("0000:9b:00.0", "4")
			H100("0000:bb:00.0", "5") H100("0000:cb:00.0", "6")
				H100("0000:db:00.0", "7");

static struct span read_table(struct arena *arena, const char *file)
{
	const struct host host = { 0 };
	struct span text = SPAN("");
	struct error err = { 0 };
	const char *path = arena_format(arena, "data/%s", file);

	if (!host_read(&host, path, 8 << 20, arena, &text, &err))
		fail_msg("%s", err.text);
	return text;
}

static const struct handbook *read_handbook(struct arena *arena)
{
	struct handbook *handbook = ARENA_NEW(arena, struct handbook);
	struct span texts[HANDBOOK_TABLE_COUNT];
	struct error err = { 0 };

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++)
		texts[i] = read_table(arena, handbook_files[i]);
	if (!handbook_read(texts, arena, handbook, &err))
		fail_msg("%s", err.text);
	return handbook;
}

/* Cuts " @60" off the end of a value. */
static int64_t cut_time(struct span *value)
{
	uint64_t seconds = 0;

	for (size_t i = value->length; i-- > 1;) {
		struct span tail = { value->at + i + 1, value->length - i - 1 };

		if (value->at[i] == ' ')
			break;
		if (value->at[i] != '@' || value->at[i - 1] != ' ' || !span_to_u64(tail, &seconds))
			continue;
		value->length = i;
		*value = span_trim(*value);
		return (int64_t)seconds;
	}
	return 0;
}

static void fill(struct scene *scene, struct record *record, enum measure measure,
		 struct span value)
{
	const char *text = arena_string(&scene->arena, value);

	if (value.length > 1 && value.at[0] == '?') {
		record->says = SAYS_UNKNOWN;
		record->text = text + 2;
	} else if (measures[measure].kind == MEASURE_STATE) {
		record->says = SAYS_STATE;
		record->text = text;
	} else if (measures[measure].kind == MEASURE_TEXT) {
		record->says = SAYS_TEXT;
		record->text = text;
	} else {
		record->says = SAYS_VALUE;
		record->unit = measures[measure].unit;
		if (!span_to_double(value, &record->value))
			fail_msg("'%s' is no number for %s", text, measures[measure].name);
	}
}

static bool same_place(const struct record *a, const struct record *b)
{
	const char *x = a->subject.parts[SUBJECT_DEVICE], *y = b->subject.parts[SUBJECT_DEVICE];

	return strcmp(a->what, b->what) == 0 && a->time == b->time && (x != NULL) == (y != NULL) &&
	       (!x || strcmp(x, y) == 0);
}

static void add_line(struct scene *scene, struct span line, const struct record **records,
		     size_t *count)
{
	struct record *record = ARENA_NEW(&scene->arena, struct record);
	struct span name, device;
	enum measure measure;

	(void)span_cut(&line, ' ', &name);
	(void)span_cut(&line, ' ', &device);
	line = span_trim(line);
	*record = (struct record){
		.id = arena_format(&scene->arena, "scene.%05zu", *count),
		.subject.parts = { [SUBJECT_PROVIDER] = "test", [SUBJECT_NODE] = "node" },
		.kind = KIND_MEASUREMENT,
		.strength = STRENGTH_E1,
		.time = SCENE_TIME + cut_time(&line),
		.observed = date_from_unix(SCENE_TIME),
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.what = arena_format(&scene->arena, "node.%.*s", SPAN_ARGS(name)),
		.source.name = "scene",
	};
	if (!measure_find(record->what, &measure))
		fail_msg("no measure '%s'", record->what);
	if (!span_is(device, "-"))
		record->subject.parts[SUBJECT_DEVICE] = arena_string(&scene->arena, device);
	for (size_t i = 0; i < *count; i++) {
		if (measures[measure].kind == MEASURE_TEXT || !same_place(records[i], record))
			continue;
		records[i] = records[--*count];
		break;
	}
	if (span_is(line, "-"))
		return;
	fill(scene, record, measure, line);
	assert_true(*count < SCENE_RECORDS);
	records[(*count)++] = record;
}

void scene_make(struct scene *scene, const char *first, ...)
{
	const struct record **records;
	size_t count = 0;
	va_list args;

	scene_release(scene);
	records = ARENA_ARRAY(&scene->arena, const struct record *, SCENE_RECORDS);
	va_start(args, first);
	for (const char *text = first; text; text = va_arg(args, const char *)) {
		struct span rest = span_of(text), line;

		while (span_cut(&rest, '\n', &line))
			if (line.length > 0 && line.at[0] != '#')
				add_line(scene, line, records, &count);
	}
	va_end(args);
	scene->input = (struct check_input){
		.records = records,
		.count = count,
		.handbook = read_handbook(&scene->arena),
		.today = date_from_unix(SCENE_TIME),
		.not_before = DATE_NONE,
	};
	check_prepare(&scene->input, &scene->arena);
}

const struct findings *scene_judge(struct scene *scene, const char *check)
{
	const struct check_entry *entry = check_find(check);

	assert_non_null(entry);
	scene->found = (struct findings){ .arena = &scene->arena };
	check_run(entry, &scene->input, &scene->found);
	return &scene->found;
}

const struct finding *scene_finding(const struct scene *scene, const char *device)
{
	for (size_t i = 0; i < scene->found.count; i++) {
		const char *about = scene->found.items[i].about;

		if ((!about && !device) || (about && device && strcmp(about, device) == 0))
			return &scene->found.items[i];
	}
	return NULL;
}

enum verdict scene_verdict(struct scene *scene, const char *check, const char *device)
{
	const struct finding *one;
	size_t count = 0;

	(void)scene_judge(scene, check);
	one = scene_finding(scene, device);
	if (!one)
		fail_msg("%s says nothing about %s", check, device ? device : "the node");
	for (size_t i = 0; i < scene->found.count; i++) {
		const char *about = scene->found.items[i].about;

		count += (!about && !device) || (about && device && strcmp(about, device) == 0);
	}
	assert_int_equal(count, 1);
	return one->verdict;
}

enum verdict scene_worst(struct scene *scene, const char *check)
{
	static const enum verdict order[] = {
		VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_STALE,
		VERDICT_WARN, VERDICT_PASS,    VERDICT_NOT_APPLICABLE,
	};
	const struct findings *found = scene_judge(scene, check);

	assert_true(found->count > 0);
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < found->count; i++)
			if (found->items[i].verdict == order[k])
				return order[k];
	return VERDICT_UNKNOWN;
}

void scene_release(struct scene *scene)
{
	arena_release(&scene->arena);
	*scene = (struct scene){ 0 };
}
