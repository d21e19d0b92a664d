#include "check/settled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/file.h"
#include "standard/standard.h"
#include <cmocka.h>

enum {
	FILES_MAXIMUM = 64,
};

static void read_folder(const char *folder, struct arena *arena, struct standard_file *files,
			size_t *count)
{
	const struct host here = { 0 };
	const char *const *names = NULL;
	size_t found = 0;
	struct error err = { 0 };

	assert_true(host_list(&here, folder, arena, &names, &found, &err));
	for (size_t i = 0; i < found; i++) {
		const char *path = arena_format(arena, "%s/%s", folder, names[i]);

		if (!strstr(path, ".yaml"))
			continue;
		assert_true(*count < FILES_MAXIMUM);
		files[*count].name = path;
		assert_true(host_read(&here, path, 8 << 20, arena, &files[(*count)++].text, &err));
	}
}

static void load(struct arena *arena, struct standard *standard)
{
	struct standard_file files[FILES_MAXIMUM];
	struct error err = { 0 };
	size_t count = 0;

	read_folder("data/standard", arena, files, &count);
	read_folder("data/standard/criteria", arena, files, &count);
	if (!standard_load(files, count, arena, standard, &err))
		fail_msg("%s", err.text);
}

static bool has_answer(const struct criterion *criterion, const char *answer)
{
	for (uint32_t i = 0; i < criterion->answer_count; i++) {
		if (strcmp(criterion->answers[i].name, answer) == 0)
			return true;
	}
	return false;
}

static bool has_measurement(const struct criterion *criterion)
{
	for (uint32_t i = 0; i < criterion->way_count; i++) {
		if (criterion->ways[i].way == SETTLED_BY_MEASUREMENT)
			return true;
	}
	return false;
}

static void each_answer_is_known(const struct settled_row *row, const struct criterion *criterion)
{
	for (size_t i = 0; i < SETTLED_ANSWERS_MAXIMUM && row->answers[i]; i++)
		if (!has_answer(criterion, row->answers[i]))
			fail_msg("'%s' is no answer to %s", row->answers[i], row->criterion);
}

/* What a rule says is an answer of its criterion, which a measurement may settle. */
static void each_rule_fits_its_criterion(void **state)
{
	SCOPED_ARENA(arena);
	struct standard standard;

	(void)state;
	load(&arena, &standard);
	for (size_t i = 0; i < settled_row_count; i++) {
		const struct settled_row *row = &settled_rows[i];
		int32_t found = standard_find_criterion(&standard, span_of(row->criterion));
		const struct criterion *criterion;

		if (found < 0)
			fail_msg("there is no criterion %s", row->criterion);
		criterion = &standard.criteria[found];
		if (!has_measurement(criterion))
			fail_msg("no measurement settles %s", row->criterion);
		if (row->unit && (!criterion->unit || strcmp(criterion->unit, row->unit) != 0))
			fail_msg("%s is not measured in %s", row->criterion, row->unit);
		assert_true((row->answers[0] == NULL) == (row->unit != NULL));
		each_answer_is_known(row, criterion);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_fits_its_criterion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
