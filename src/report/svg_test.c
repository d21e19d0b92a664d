#include "report/svg.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_drawing_has_a_role_a_name_and_a_description(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	svg_open(&text, "bar", 16, "a < b", "c & d");
	svg_close(&text);
	assert_string_equal(text_string(&text),
			    "<svg class=\"bar\" height=\"16\" role=\"img\"><title>a &lt; b</title>"
			    "<desc>c &amp; d</desc></svg>");
}

static void a_description_may_be_missing(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	svg_open(&text, "bar", 16, "name", NULL);
	assert_null(strstr(text_string(&text), "<desc>"));
}

static void shapes_are_placed_in_shares_of_the_width(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	svg_box(&text, "won", (struct svg_box){ .x = 0.25, .width = 0.5, .y = 2, .height = 8 });
	assert_string_equal(text_string(&text), "<rect class=\"won\" x=\"25.00%\" y=\"2.0\" "
						"width=\"50.00%\" height=\"8.0\"/>");
	text_clear(&text);
	svg_line(&text, "axis", (struct svg_line){ .x1 = 0.1, .x2 = 1, .y1 = 3, .y2 = 4.5 });
	assert_string_equal(text_string(&text), "<line class=\"axis\" x1=\"10.00%\" y1=\"3.0\" "
						"x2=\"100.00%\" y2=\"4.5\"/>");
	text_clear(&text);
	svg_dot(&text, "point", 0.5, 8, 4.5);
	assert_string_equal(text_string(&text),
			    "<circle class=\"point\" cx=\"50.00%\" cy=\"8.0\" r=\"4.5\"/>");
}

static void labels_are_anchored_and_escaped(void **state)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	(void)state;
	for (unsigned i = 0; i < SVG_ANCHOR_COUNT; i++) {
		SCOPED_TEXT(text);
		SCOPED_TEXT(expected);

		svg_text(&text, (struct svg_label){ .class = "label",
						    .x = 1,
						    .y = 10,
						    .anchor = (enum svg_anchor)i,
						    .text = "<1 %" });
		text_format(&expected,
			    "<text class=\"label\" x=\"100.00%%\" y=\"10.0\" "
			    "text-anchor=\"%s\">&lt;1 %%</text>",
			    anchors[i]);
		assert_string_equal(text_string(&text), text_string(&expected));
	}
}

static void what_lies_outside_ends_at_the_edge(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	svg_box(&text, "won", (struct svg_box){ .x = 0.75, .width = 0.5, .height = 8 });
	assert_non_null(strstr(text_string(&text), "width=\"25.00%\""));
	text_clear(&text);
	svg_box(&text, "won", (struct svg_box){ .x = -0.5, .width = 1, .height = 8 });
	assert_non_null(strstr(text_string(&text), "x=\"0.00%\" y=\"0.0\" width=\"50.00%\""));
	text_clear(&text);
	svg_dot(&text, "point", (double)NAN, 1, 1);
	assert_non_null(strstr(text_string(&text), "cx=\"0.00%\""));
}

static void an_empty_box_is_not_drawn(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	svg_box(&text, "won", (struct svg_box){ .x = 0.5, .height = 8 });
	svg_box(&text, "won", (struct svg_box){ .x = 1, .width = 0.5, .height = 8 });
	svg_box(&text, "won", (struct svg_box){ .x = 0.5, .width = -0.1, .height = 8 });
	svg_box(&text, "won", (struct svg_box){ .x = 0.5, .width = (double)NAN, .height = 8 });
	assert_string_equal(text_string(&text), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drawing_has_a_role_a_name_and_a_description),
		cmocka_unit_test(a_description_may_be_missing),
		cmocka_unit_test(shapes_are_placed_in_shares_of_the_width),
		cmocka_unit_test(labels_are_anchored_and_escaped),
		cmocka_unit_test(what_lies_outside_ends_at_the_edge),
		cmocka_unit_test(an_empty_box_is_not_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
