/*
 * Whatever the bytes, the line of a store is a quote, a row that is refused, or a fault of one
 * line; and a quote is written to a line that reads back and is written to the same bytes.
 */
#include <assert.h>
#include <string.h>

#include "fuzz/shelf.h"
#include "market/quote_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take(struct shelf *shelf, struct span line, struct text *ret_line)
{
	struct error err = { 0 };
	struct draft draft;

	if (!quote_line_read(line, "the store", 1, &shelf->arena, &draft, &err)) {
		assert(err.code != ERROR_NONE && !strchr(err.text, '\n'));
		return false;
	}
	(void)book_take(&shelf->book, "the store", &draft, &err);
	if (shelf->book.count == 0)
		return false;
	quote_line_write(ret_line, shelf->book.catalogue, &shelf->book.names,
			 &shelf->book.quotes[0]);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span line = { .at = (const char *)data, .length = size };
	struct shelf first, second;
	SCOPED_TEXT(written);
	SCOPED_TEXT(again);

	if (size > 1 << 16)
		return 0;
	shelf_open(&first);
	shelf_open(&second);
	if (take(&first, line, &written)) {
		bool taken = take(&second, text_span(&written), &again);

		assert(taken && span_equal(text_span(&written), text_span(&again)));
	}
	shelf_close(&first);
	shelf_close(&second);
	return 0;
}
