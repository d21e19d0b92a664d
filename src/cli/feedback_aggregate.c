#include <string.h>

#include "base/grow.h"
#include "cli/load.h"
#include "report/feedback.h"

enum {
	SUBMISSIONS_MAXIMUM = 200000,
	LINES_MAXIMUM = 256 << 20, /* bytes of a file of JSON Lines */
};

struct gathering {
	const struct session *session;
	const struct standard *standard;
	struct submission *items;
	uint32_t count, room;
};

static bool ends_with(const char *path, const char *end)
{
	size_t length = strlen(path), tail = strlen(end);

	return length >= tail && strcmp(path + length - tail, end) == 0;
}

/* Room for one more, which is returned. */
static struct submission *make_room(struct gathering *all)
{
	ARENA_GROW(all->session->arena, all->items, all->count, all->room);
	return &all->items[all->count];
}

static bool add_one(struct gathering *all, struct span text, const char *place, struct error *err)
{
	struct submission *one = make_room(all);
	uint8_t hash[RECORD_HASH_BYTES];
	char name[RECORD_HASH_TEXT];

	if (all->count == SUBMISSIONS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: more than %d submissions; aggregate fewer",
			    place, SUBMISSIONS_MAXIMUM);
	if (!submission_read(text, place, all->standard, all->session->arena, one, err))
		return false;
	if (one->tenant[0] == '\0' || one->time == 0)
		return fail(err, ERROR_INVALID,
			    "%s: no '%s'; add it: one tenant has one voice, and the newest counts",
			    place, one->tenant[0] == '\0' ? "tenant" : "time");
	if (one->id[0] == '\0') {
		hash_bytes(text, hash);
		one->id = arena_format(all->session->arena, "%.16s",
				       hash_format(hash, name) + strlen("sha256:"));
	}
	all->count++;
	return true;
}

static bool add_file(struct gathering *all, const char *path, struct error *err)
{
	struct arena *arena = all->session->arena;
	bool lines = ends_with(path, ".jsonl");
	struct span text, line;
	uint32_t number = 0;

	if (!host_read(all->session->host, path, lines ? LINES_MAXIMUM : FEEDBACK_BYTES_MAXIMUM,
		       arena, &text, err))
		return false;
	if (!lines)
		return add_one(all, text, path, err);
	while (span_cut(&text, '\n', &line)) {
		number++;
		if (span_trim(line).length > 0 &&
		    !add_one(all, line, arena_format(arena, "%s:%u", path, number), err))
			return false;
	}
	return true;
}

static bool add_path(struct gathering *all, const char *path, struct error *err)
{
	static const char *const ends[] = { ".yaml", ".yml", ".json", ".jsonl" };
	const struct session *session = all->session;
	const char *const *names;
	size_t count;

	if (host_kind(session->host, path) != HOST_FOLDER)
		return add_file(all, path, err);
	if (!host_list(session->host, path, session->arena, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
			if (!ends_with(names[i], ends[k]))
				continue;
			if (!add_file(all, arena_format(session->arena, "%s/%s", path, names[i]),
				      err))
				return false;
			break;
		}
	}
	return true;
}

static date_t day_of(const struct gathering *all)
{
	date_t newest = DATE_NONE;

	if (all->session->options->as_of != DATE_NONE)
		return all->session->options->as_of;
	for (uint32_t i = 0; i < all->count; i++)
		if (date_from_unix(all->items[i].time) > newest)
			newest = date_from_unix(all->items[i].time);
	return newest;
}

static void write_records(const struct gathering *all, const struct opinions *opinions, date_t day)
{
	struct record *records;
	uint32_t count;

	opinions_records(all->standard, opinions, day, all->session->arena, &records, &count);
	for (uint32_t i = 0; i < count; i++) {
		record_write(&records[i], true, all->session->output);
		text_add_char(all->session->output, '\n');
	}
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct standard standard;
	struct gathering all = { .session = session, .standard = &standard };
	struct opinions opinions;

	if (!load_standard(session, &standard, err))
		return STATUS_ERROR;
	for (size_t i = 0; i < options->argument_count; i++)
		if (!add_path(&all, options->arguments[i], err))
			return STATUS_ERROR;
	opinions_of(&standard, all.items, all.count, day_of(&all), session->arena, &opinions);
	const struct opinion_report report = {
		.standard = &standard,
		.submissions = all.items,
		.submission_count = all.count,
		.opinions = &opinions,
		.day = day_of(&all),
	};
	if (options->records)
		write_records(&all, &opinions, report.day);
	else
		opinions_write(&report, options->format, &style, session->output);
	return opinions.count > 0 ? STATUS_GOOD : STATUS_UNKNOWN;
}

const struct command command_feedback_aggregate = {
	.name = "feedback aggregate",
	.arguments = "PATH...",
	.summary = "what customers' answers come to, with flags",
	.text = "Reads submissions, YAML or JSON files, folders of them or JSON Lines, and says "
		"what "
		"they come to: one voice a tenant, weighed by its proof, with an interval; which "
		"are "
		"flagged, and why. With --records, what they come to as records of evidence.",
	.options = TAKES_STANDARD | TAKES_FORMAT | TAKES_OPINIONS | TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
