#include "store/libpq.h"

#include "host/library.h"

bool libpq_find(struct libpq *ret_libpq, struct error *err)
{
	static const char *const names[] = { "libpq.so.5", NULL };
	static const struct late_library wanted = { "a store of PostgreSQL", names, "libpq5" };
	struct libpq found;
	const struct late_symbol symbols[] = {
		LATE_SYMBOL(found.read_address, PQconninfoParse),
		LATE_SYMBOL(found.free_address, PQconninfoFree),
		LATE_SYMBOL(found.free_text, PQfreemem),
		LATE_SYMBOL(found.connect, PQconnectdbParams),
		LATE_SYMBOL(found.finish, PQfinish),
		LATE_SYMBOL(found.status, PQstatus),
		LATE_SYMBOL(found.error_message, PQerrorMessage),
		LATE_SYMBOL(found.exec, PQexec),
		LATE_SYMBOL(found.prepare, PQprepare),
		LATE_SYMBOL(found.exec_prepared, PQexecPrepared),
		LATE_SYMBOL(found.send_prepared, PQsendQueryPrepared),
		LATE_SYMBOL(found.single_row, PQsetSingleRowMode),
		LATE_SYMBOL(found.get_result, PQgetResult),
		LATE_SYMBOL(found.consume_input, PQconsumeInput),
		LATE_SYMBOL(found.result_status, PQresultStatus),
		LATE_SYMBOL(found.error_field, PQresultErrorField),
		LATE_SYMBOL(found.ntuples, PQntuples),
		LATE_SYMBOL(found.nfields, PQnfields),
		LATE_SYMBOL(found.ftype, PQftype),
		LATE_SYMBOL(found.getvalue, PQgetvalue),
		LATE_SYMBOL(found.getlength, PQgetlength),
		LATE_SYMBOL(found.getisnull, PQgetisnull),
		LATE_SYMBOL(found.changed, PQcmdTuples),
		LATE_SYMBOL(found.clear, PQclear),
		LATE_SYMBOL(found.put_copy, PQputCopyData),
		LATE_SYMBOL(found.end_copy, PQputCopyEnd),
		LATE_SYMBOL(found.set_notices, PQsetNoticeProcessor),
	};

	if (!library_load_late(&wanted, symbols, sizeof(symbols) / sizeof(symbols[0]), err))
		return false;
	*ret_libpq = found;
	return true;
}
