#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "probe/nccl_file.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* "name|value|faults" of the first line that is told; "" for none. */
static const char *told(struct span text, struct text *into)
{
	struct nccl_file file = { .rest = text };
	struct nccl_line line;

	text_clear(into);
	if (!nccl_file_next(&file, &line))
		return "";
	text_format(into, "%.*s|%.*s|", SPAN_ARGS(line.name), SPAN_ARGS(line.value));
	for (unsigned i = 0; i < NCCL_FAULT_COUNT; i++)
		if (line.faults & 1u << i)
			text_format(into, "%s ", nccl_fault_words[i]);
	text_format(into, "%s", line.is_number ? "number" : "");
	return text_string(into);
}

static void lines_are_read_as_nccl_reads_them(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "NCCL_DEBUG=INFO\n", "NCCL_DEBUG|INFO|" },
		{ "NCCL_IB_HCA==mlx5_0:1,mlx5_3\n", "NCCL_IB_HCA|=mlx5_0:1,mlx5_3|" },
		{ "NCCL_X=1", "NCCL_X|1|number" },
		{ "NCCL_X=", "NCCL_X||" },
		{ "# NCCL_X=1\n#NCCL_X=1\n\n   \n", "" },
		{ "NCCL_X = 1", "NCCL_X | 1|blank-in-name blank-around number" },
		{ "export NCCL_X=1", "export NCCL_X|1|export number" },
		{ "  # NCCL_X=1", "  # NCCL_X|1|commented number" },
		{ "  # nothing to see", "" },
		{ "NCCL_NET=\"IB\"", "NCCL_NET|\"IB\"|quoted " },
		{ "NCCL_NET='IB'", "NCCL_NET|'IB'|quoted " },
		{ "NCCL_NET=IB # as told", "NCCL_NET|IB # as told|comment-behind " },
		{ "NCCL_X=1 # as told", "NCCL_X|1 # as told|comment-behind number" },
		{ "NCCL_NET=a#b", "NCCL_NET|a#b|" },
		{ "NCCL_NET=IB\r\n", "NCCL_NET|IB\r|carriage-return " },
		{ "NCCL_NET=IB \n", "NCCL_NET|IB |blank-around " },
		{ "CCL_NET_GDR_LEVEL=PHB", "CCL_NET_GDR_LEVEL|PHB|foreign " },
		{ "UCX_TLS=rc", "UCX_TLS|rc|foreign " },
		{ "NCCL_DEBUG INFO", "NCCL_DEBUG INFO||no-value " },
		{ "NCCL_X=-1", "NCCL_X|-1|number" },
		{ "NCCL_X=1a", "NCCL_X|1a|" },
		{ "=1", "|1|foreign number" },
	};
	SCOPED_TEXT(into);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(told(span_of(cases[i].text), &into), cases[i].says);
}

static void a_long_value_is_cut_where_nccl_cuts_it(void **state)
{
	struct nccl_file file;
	struct nccl_line line;
	SCOPED_TEXT(text);

	(void)state;
	text_add(&text, "NCCL_X=");
	text_add_repeated(&text, 'a', 2000);
	file = (struct nccl_file){ .rest = text_span(&text) };
	assert_true(nccl_file_next(&file, &line));
	assert_int_equal(line.value.length, NCCL_NAME_MAXIMUM);
	assert_int_equal(line.faults, 1u << NCCL_CUT);
}

static void a_nul_ends_the_line_and_lines_are_counted(void **state)
{
	struct nccl_file file = { .rest = SPAN("#\n\nNCCL_X=1\0 junk=\nNCCL_Y=2\n") };
	struct nccl_line line;

	(void)state;
	assert_true(nccl_file_next(&file, &line));
	assert_int_equal(file.line, 3);
	assert_true(span_is(line.value, "1"));
	assert_int_equal(line.faults, 0);
	assert_true(nccl_file_next(&file, &line));
	assert_int_equal(file.line, 4);
	assert_false(nccl_file_next(&file, &line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_nccl_reads_them),
		cmocka_unit_test(a_long_value_is_cut_where_nccl_cuts_it),
		cmocka_unit_test(a_nul_ends_the_line_and_lines_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
