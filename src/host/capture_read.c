#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "host/below.h"
#include "host/recorded.h"
#include "host/recorder.h"
#include "host/recording.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What is being read; the first fault is in `err`. */
struct reading {
	const char *file;
	struct journal *journal;
	struct error *err;
};

static bool refuse(const struct reading *reading, const struct node *node, const char *what)
{
	return node_fail(node, reading->file, reading->err, ERROR_INVALID, "%s", what);
}

static bool read_text(const struct reading *reading, const struct node *map, const char *name,
		      struct span *ret_text)
{
	const struct node *node = node_find(map, name);

	if (!node || node->kind != NODE_SCALAR || !node->quoted)
		return node_fail(map, reading->file, reading->err, ERROR_INVALID,
				 "'%s' must be a string", name);
	*ret_text = node->text;
	return true;
}

static bool read_number(const struct reading *reading, const struct node *map, const char *name,
			int64_t minimum, int64_t *ret_number)
{
	const struct node *node = node_find(map, name);

	if (!node || node->kind != NODE_SCALAR || node->quoted ||
	    !span_to_i64(node->text, ret_number) || *ret_number < minimum)
		return node_fail(map, reading->file, reading->err, ERROR_INVALID,
				 "'%s' must be an integer of at least %lld", name,
				 (long long)minimum);
	return true;
}

static bool read_small(const struct reading *reading, const struct node *map, const char *name,
		       int64_t minimum, int64_t *ret_number)
{
	if (!read_number(reading, map, name, minimum, ret_number))
		return false;
	if (*ret_number > INT32_MAX)
		return node_fail(map, reading->file, reading->err, ERROR_INVALID,
				 "'%s' is too large", name);
	return true;
}

static bool read_flag(const struct reading *reading, const struct node *map, const char *name,
		      bool *ret_flag)
{
	const struct node *node = node_find(map, name);
	bool is_true =
		node && node->kind == NODE_SCALAR && !node->quoted && span_is(node->text, "true");

	if (!is_true &&
	    (!node || node->kind != NODE_SCALAR || node->quoted || !span_is(node->text, "false")))
		return node_fail(map, reading->file, reading->err, ERROR_INVALID,
				 "'%s' must be true or false", name);
	*ret_flag = is_true;
	return true;
}

/* The place of a word in a table. */
static bool read_word(const struct reading *reading, const struct node *map, const char *name,
		      const char *const *words, size_t count, unsigned *ret_place)
{
	struct span text = { 0 };

	if (!read_text(reading, map, name, &text))
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (!span_is(text, words[i]))
			continue;
		*ret_place = i;
		return true;
	}
	return node_fail(map, reading->file, reading->err, ERROR_INVALID, "'%s' cannot be '%.*s'",
			 name, SPAN_ARGS(text));
}

static bool read_texts(const struct reading *reading, const struct node *map, const char *name,
		       const struct span **ret_texts, size_t *ret_count)
{
	const struct node *list = node_find(map, name);

	if (!list || list->kind != NODE_LIST)
		return node_fail(map, reading->file, reading->err, ERROR_INVALID,
				 "'%s' must be a list", name);
	struct span *texts = ARENA_ARRAY(reading->journal->arena, struct span, list->count);
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->items[i].kind != NODE_SCALAR || !list->items[i].quoted)
			return refuse(reading, &list->items[i], "expected a string");
		texts[i] = list->items[i].text;
	}
	*ret_texts = texts;
	*ret_count = list->count;
	return true;
}

/* Absolute, and without steps upwards. */
static bool read_path(const struct reading *reading, const struct node *map, struct span *ret_path)
{
	struct span path = { 0 };
	struct span step = { 0 };

	if (!read_text(reading, map, "path", &path))
		return false;
	if (path.length == 0 || path.at[0] != '/' || path.length >= PATH_MAX)
		return refuse(reading, map, "'path' must be absolute, and not longer than a path");
	for (struct span rest = path; span_cut(&rest, '/', &step);) {
		if (span_is(step, "..") || span_is(step, "."))
			return refuse(reading, map, "'path' may not have '.' or '..'");
	}
	*ret_path = path;
	return true;
}

/* The words of a program as the key that they make. */
static bool read_words(const struct reading *reading, const struct node *map, struct span *ret_key)
{
	const struct span *words = NULL;
	size_t count = 0;

	if (!read_texts(reading, map, "words", &words, &count))
		return false;
	if (count == 0)
		return refuse(reading, map, "'words' may not be empty");
	const char **pointers = ARENA_ARRAY(reading->journal->arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		pointers[i] = words[i].at;
	*ret_key = journal_words(reading->journal->arena, pointers);
	return true;
}

static struct journal_entry *add(const struct reading *reading, const struct node *map,
				 enum journal_kind kind, struct span topic, struct span key)
{
	if (journal_find(reading->journal, kind, topic, key)) {
		(void)refuse(reading, map, "this is told twice");
		return NULL;
	}
	return journal_add(reading->journal, kind, topic, key);
}

static struct journal_entry *add_path(const struct reading *reading, const struct node *map,
				      enum journal_kind kind)
{
	struct span path = { 0 };

	if (!read_path(reading, map, &path))
		return NULL;
	return add(reading, map, kind, (struct span){ 0 }, path);
}

static bool read_start(const struct reading *reading, const struct node *map)
{
	static const struct node_field fields[] = { { "path", NODE_SCALAR, true } };

	return node_expect(map, reading->file, fields, COUNT(fields), reading->err) &&
	       add_path(reading, map, JOURNAL_CONTENT);
}

static bool read_refusal(const struct reading *reading, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "question", NODE_SCALAR, true }, { "path", NODE_SCALAR, false },
		{ "words", NODE_LIST, false },     { "error", NODE_SCALAR, true },
		{ "said", NODE_SCALAR, true },
	};
	struct span question = { 0 };
	struct span key = { 0 };
	struct span said = { 0 };
	unsigned code = 0;

	if (!node_expect(map, reading->file, fields, COUNT(fields), reading->err) ||
	    !read_text(reading, map, "question", &question) ||
	    !read_text(reading, map, "said", &said) ||
	    !read_word(reading, map, "error", capture_codes, COUNT(capture_codes), &code))
		return false;
	if (code == ERROR_NONE)
		return refuse(reading, map, "'error' cannot be 'none'");
	if (!(span_is(question, ASKED_RUN) ? read_words(reading, map, &key)
					   : read_path(reading, map, &key)))
		return false;
	struct journal_entry *entry = add(reading, map, JOURNAL_REFUSAL, question, key);
	if (!entry)
		return false;
	entry->code = (enum error_code)code;
	entry->text = said;
	return true;
}

static bool read_status(const struct reading *reading, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "path", NODE_SCALAR, true },   { "kind", NODE_SCALAR, true },
		{ "mode", NODE_SCALAR, true },   { "user", NODE_SCALAR, true },
		{ "group", NODE_SCALAR, true },  { "size", NODE_SCALAR, true },
		{ "device", NODE_SCALAR, true }, { "changed", NODE_SCALAR, true },
	};
	unsigned kind = 0;
	int64_t mode = 0;
	int64_t user = 0;
	int64_t group = 0;
	int64_t size = 0;
	int64_t device = 0;
	int64_t changed = 0;

	if (!node_expect(map, reading->file, fields, COUNT(fields), reading->err) ||
	    !read_word(reading, map, "kind", capture_kinds, COUNT(capture_kinds), &kind) ||
	    !read_small(reading, map, "mode", 0, &mode) ||
	    !read_number(reading, map, "user", 0, &user) ||
	    !read_number(reading, map, "group", 0, &group) ||
	    !read_number(reading, map, "size", 0, &size) ||
	    !read_number(reading, map, "device", 0, &device) ||
	    !read_number(reading, map, "changed", INT64_MIN, &changed))
		return false;
	if (user > UINT32_MAX || group > UINT32_MAX || mode > 07777)
		return refuse(reading, map, "'mode', 'user' or 'group' is too large");
	struct journal_entry *entry = add_path(reading, map, JOURNAL_STATUS);
	if (!entry)
		return false;
	entry->status = (struct host_status){
		.kind = (enum host_kind)kind,
		.mode = (unsigned)mode,
		.user = (unsigned)user,
		.group = (unsigned)group,
		.size = (uint64_t)size,
		.device = (uint64_t)device,
		.changed = changed,
	};
	return true;
}

static bool read_readable(const struct reading *reading, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "path", NODE_SCALAR, true },
		{ "readable", NODE_SCALAR, true },
	};
	bool readable = false;

	if (!node_expect(map, reading->file, fields, COUNT(fields), reading->err) ||
	    !read_flag(reading, map, "readable", &readable))
		return false;
	struct journal_entry *entry = add_path(reading, map, JOURNAL_READABLE);
	if (entry)
		entry->flag = readable;
	return entry;
}

static bool read_list(const struct reading *reading, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "path", NODE_SCALAR, true },
		{ "names", NODE_LIST, true },
	};
	const struct span *names = NULL;
	size_t count = 0;

	if (!node_expect(map, reading->file, fields, COUNT(fields), reading->err) ||
	    !read_texts(reading, map, "names", &names, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool is_name = names[i].length > 0 && !memchr(names[i].at, '/', names[i].length) &&
			       !span_is(names[i], ".") && !span_is(names[i], "..");

		if (!is_name || (i > 0 && span_compare(names[i - 1], names[i]) >= 0))
			return refuse(reading, map, "'names' must be sorted names of files");
	}
	struct journal_entry *entry = add_path(reading, map, JOURNAL_LIST);
	if (!entry)
		return false;
	entry->texts = names;
	entry->count = count;
	return true;
}

static bool read_answer(const struct reading *reading, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "worker", NODE_SCALAR, true }, { "request", NODE_SCALAR, true },
		{ "end", NODE_SCALAR, true },    { "signal", NODE_SCALAR, true },
		{ "call", NODE_SCALAR, true },   { "answers", NODE_LIST, true },
	};
	struct span name = { 0 };
	struct span request = { 0 };
	struct span call = { 0 };
	const struct span *answers = NULL;
	size_t count = 0;
	unsigned end = 0;
	int64_t number = 0;

	if (!node_expect(map, reading->file, fields, COUNT(fields), reading->err) ||
	    !read_text(reading, map, "worker", &name) ||
	    !read_text(reading, map, "request", &request) ||
	    !read_text(reading, map, "call", &call) ||
	    !read_small(reading, map, "signal", 0, &number) ||
	    !read_word(reading, map, "end", capture_ends, COUNT(capture_ends), &end) ||
	    !read_texts(reading, map, "answers", &answers, &count))
		return false;
	if (count > WORKER_ANSWERS_MAXIMUM)
		return refuse(reading, map, "more answers than a worker gives");
	struct journal_entry *entry = add(reading, map, JOURNAL_ANSWER, name, request);
	if (!entry)
		return false;
	entry->number = (int)end;
	entry->signal = (int)number;
	entry->text = call;
	entry->texts = answers;
	entry->count = count;
	return true;
}

static bool read_run(const struct reading *reading, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "words", NODE_LIST, true },     { "status", NODE_SCALAR, true },
		{ "stalled", NODE_SCALAR, true }, { "cut", NODE_SCALAR, true },
		{ "said", NODE_SCALAR, true },    { "complained", NODE_SCALAR, true },
	};
	struct span key = { 0 };
	struct span said = { 0 };
	struct span complained = { 0 };
	int64_t status = 0;
	bool stalled = false;
	bool cut = false;

	if (!node_expect(map, reading->file, fields, COUNT(fields), reading->err) ||
	    !read_words(reading, map, &key) || !read_small(reading, map, "status", -1, &status) ||
	    !read_flag(reading, map, "stalled", &stalled) ||
	    !read_flag(reading, map, "cut", &cut) || !read_text(reading, map, "said", &said) ||
	    !read_text(reading, map, "complained", &complained))
		return false;
	struct journal_entry *entry = add(reading, map, JOURNAL_RUN, (struct span){ 0 }, key);
	if (!entry)
		return false;
	entry->number = (int)status;
	entry->stalled = stalled;
	entry->flag = cut;
	entry->text = said;
	entry->complained = complained;
	return true;
}

static const struct section {
	const char *name;
	bool (*read)(const struct reading *reading, const struct node *map);
} sections[] = {
	{ "starts", read_start },      { "refusals", read_refusal }, { "statuses", read_status },
	{ "readable", read_readable }, { "lists", read_list },       { "answers", read_answer },
	{ "runs", read_run },
};

static bool read_sections(const struct reading *reading, const struct node *root)
{
	char place[PATH_MAX + 64];

	for (size_t i = 0; i < COUNT(sections); i++) {
		const struct node *list = node_find(root, sections[i].name);

		for (uint32_t j = 0; list && j < list->count; j++) {
			struct reading at = *reading;

			(void)snprintf(place, sizeof(place), "%s: %s[%u]", reading->file,
				       sections[i].name, j);
			at.file = place;
			if (!sections[i].read(&at, &list->items[j]))
				return false;
		}
	}
	return true;
}

static bool read_schema(const struct reading *reading, const struct node *root)
{
	struct span schema = { 0 };

	if (!read_text(reading, root, "schema", &schema))
		return false;
	if (!span_is(schema, CAPTURE_SCHEMA))
		return node_fail(root, reading->file, reading->err, ERROR_UNSUPPORTED,
				 "schema is '%.*s'; this program reads '%s'", SPAN_ARGS(schema),
				 CAPTURE_SCHEMA);
	return true;
}

bool capture_parse(struct span text, const char *file, struct arena *arena,
		   struct capture *ret_capture, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },    { "version", NODE_SCALAR, false },
		{ "unix_time", NODE_SCALAR, true }, { "boot_ns", NODE_SCALAR, true },
		{ "redactions", NODE_MAP, false },  { "starts", NODE_LIST, false },
		{ "refusals", NODE_LIST, false },   { "statuses", NODE_LIST, false },
		{ "readable", NODE_LIST, false },   { "lists", NODE_LIST, false },
		{ "answers", NODE_LIST, false },    { "runs", NODE_LIST, false },
	};
	struct capture capture = { .root = ret_capture->root, .journal = { .arena = arena } };
	const struct reading reading = { .file = file, .journal = &capture.journal, .err = err };
	const struct node *root = NULL;

	if (!json_read(text, file, 1, arena, &root, err))
		return false;
	if (root->kind != NODE_MAP)
		return refuse(&reading, root, "expected a map");
	if (!read_schema(&reading, root) || !node_expect(root, file, fields, COUNT(fields), err) ||
	    !read_number(&reading, root, "unix_time", 0, &capture.unix_time) ||
	    !read_number(&reading, root, "boot_ns", 0, &capture.boot_ns) ||
	    !read_sections(&reading, root))
		return false;
	capture.has_lists = node_find(root, "lists");
	*ret_capture = capture;
	return true;
}
