#include "store/libpq.h"

#include <string.h>

#include "host/library.h"

bool libpq_find(struct libpq *ret_libpq, struct error *err)
{
	static const char *const names[] = { "libpq.so.5", NULL };
	struct libpq found;
	const struct {
		const char *name;
		void *into;
	} symbols[] = {
		{ "PQconnectdb", &found.connect },
		{ "PQfinish", &found.finish },
		{ "PQstatus", &found.status },
		{ "PQerrorMessage", &found.error_message },
		{ "PQexec", &found.exec },
		{ "PQprepare", &found.prepare },
		{ "PQexecPrepared", &found.exec_prepared },
		{ "PQsendQueryPrepared", &found.send_prepared },
		{ "PQsetSingleRowMode", &found.single_row },
		{ "PQgetResult", &found.get_result },
		{ "PQresultStatus", &found.result_status },
		{ "PQresultErrorField", &found.error_field },
		{ "PQntuples", &found.ntuples },
		{ "PQnfields", &found.nfields },
		{ "PQftype", &found.ftype },
		{ "PQgetvalue", &found.getvalue },
		{ "PQgetlength", &found.getlength },
		{ "PQgetisnull", &found.getisnull },
		{ "PQcmdTuples", &found.changed },
		{ "PQclear", &found.clear },
		{ "PQputCopyData", &found.put_copy },
		{ "PQputCopyEnd", &found.end_copy },
		{ "PQsetNoticeProcessor", &found.set_notices },
	};
	struct library library;

	if (!library_open(names, &library, err))
		return fail(err, ERROR_MISSING,
			    "a store of PostgreSQL needs libpq.so.5, which is not installed "
			    "(Debian: libpq5)");
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *address = library_symbol(
			&library, (const char *const[]){ symbols[i].name, NULL }, NULL);

		if (!address)
			return fail(err, ERROR_UNSUPPORTED, "libpq.so.5 has no %s; update it",
				    symbols[i].name);
		memcpy(symbols[i].into, &address, sizeof(address));
	}
	*ret_libpq = found;
	return true;
}
