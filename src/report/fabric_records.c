#include "report/fabric_parts.h"

void fabric_write_records(const struct fabric_view *view, struct text *into)
{
	const struct fabric_records *records = view->records;
	SCOPED_TEXT(scratch);

	for (size_t i = 0; i < records->count; i++) {
		record_seal(&records->items[i], &scratch);
		record_write(&records->items[i], true, into);
		text_add_char(into, '\n');
	}
}
