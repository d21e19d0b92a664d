#include "base/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/yaml.h"

#include <cmocka.h>

static void is_same(const struct node *a, const struct node *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->column, b->column);
	assert_int_equal(a->quoted, b->quoted);
	assert_int_equal(a->count, b->count);
	assert_true(span_equal(a->text, b->text));
	if (a->kind == NODE_SCALAR)
		assert_int_equal(b->text.at[b->text.length], '\0');
	for (uint32_t i = 0; i < a->count; i++) {
		if (a->kind == NODE_MAP)
			is_same(&a->keys[i], &b->keys[i]);
		is_same(&a->items[i], &b->items[i]);
	}
}

static void a_tree_comes_back_with_every_place(void **state)
{
	static const char *const documents[] = {
		"",
		"a: 1",
		"[]",
		"{}",
		"a: ''\nb: \"x\\ty\"\nc: [1, [2, {}], {d: Zürich}]\n\n\ne: >-\n  long\n  text\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		const struct node *root = NULL;
		SCOPED_ARENA(arena);
		SCOPED_TEXT(packed);

		assert_true(yaml_read(span_of(documents[i]), "x.yaml", &arena, &root, NULL));
		tree_pack(root, &packed);
		is_same(root, tree_unpack((const unsigned char *)packed.at, &arena));
	}
}

static void numbers_of_any_size_come_back(void **state)
{
	static const uint32_t numbers[] = { 0, 1, 127, 128, 300, 16384, 1u << 28, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct node node = { .kind = NODE_SCALAR,
					   .line = numbers[i],
					   .column = numbers[i] / 2,
					   .text = SPAN("x") };
		SCOPED_ARENA(arena);
		SCOPED_TEXT(packed);

		tree_pack(&node, &packed);
		is_same(&node, tree_unpack((const unsigned char *)packed.at, &arena));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_comes_back_with_every_place),
		cmocka_unit_test(numbers_of_any_size_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
