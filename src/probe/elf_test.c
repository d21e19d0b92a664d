#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/elf.h"
#include "test/elf_file.h"
#include <cmocka.h>

static bool read_bytes(const void *from, uint64_t offset, size_t length, struct arena *arena,
		       struct span *ret_bytes, struct error *err)
{
	const struct span *bytes = from;
	uint64_t left = offset < bytes->length ? bytes->length - offset : 0;

	(void)arena;
	(void)err;
	*ret_bytes = (struct span){ left > 0 ? bytes->at + offset : "",
				    left < length ? (size_t)left : length };
	return true;
}

static bool find(struct span bytes, const char *name, struct arena *arena, struct span *ret_bytes,
		 struct error *err)
{
	const struct elf_file file = { read_bytes, &bytes, "lib" };

	return elf_section(&file, name, arena, ret_bytes, err);
}

static void sections_are_found_by_name(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(library);
	struct span bytes;

	(void)state;
	elf_file_make(SPAN("texts"), SPAN("symbols"), &library);
	assert_true(find(text_span(&library), ".rodata", &arena, &bytes, NULL));
	assert_true(span_is(bytes, "texts"));
	assert_true(find(text_span(&library), ".dynstr", &arena, &bytes, NULL));
	assert_true(span_is(bytes, "symbols"));
	assert_true(find(text_span(&library), ".none", &arena, &bytes, NULL));
	assert_int_equal(bytes.length, 0);
}

static void what_is_no_library_says_so(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(library);
	struct error err;
	struct span bytes;

	(void)state;
	assert_false(find(SPAN(""), ".rodata", &arena, &bytes, &err));
	assert_int_equal(err.code, ERROR_PARSE);
	assert_non_null(strstr(err.text, "'lib' is no library"));
	elf_file_make(SPAN("texts"), SPAN("symbols"), &library);
	for (size_t i = 0; i < library.length; i++)
		assert_false(find((struct span){ library.at, i }, ".dynstr", &arena, &bytes, &err));
}

/* Whatever one byte says, nothing beyond the file is read: a sanitizer would tell. */
static void a_wrong_byte_leads_nowhere(void **state)
{
	SCOPED_TEXT(library);

	(void)state;
	elf_file_make(SPAN("texts"), SPAN("symbols"), &library);
	for (size_t i = 0; i < library.length; i++) {
		char before = library.at[i];
		SCOPED_ARENA(arena);
		struct error err;
		struct span bytes;

		library.at[i] = (char)0xff;
		(void)find(text_span(&library), ".dynstr", &arena, &bytes, &err);
		library.at[i] = before;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_are_found_by_name),
		cmocka_unit_test(what_is_no_library_says_so),
		cmocka_unit_test(a_wrong_byte_leads_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
