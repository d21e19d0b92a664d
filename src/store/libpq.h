/*
 * The client library of PostgreSQL, found at run time; private to this room.
 */
#pragma once

#include <libpq-fe.h>

#include "base/error.h"

struct libpq {
	__typeof__(&PQconninfoParse) read_address;
	__typeof__(&PQconninfoFree) free_address;
	__typeof__(&PQfreemem) free_text;
	__typeof__(&PQconnectdbParams) connect;
	__typeof__(&PQfinish) finish;
	__typeof__(&PQstatus) status;
	__typeof__(&PQerrorMessage) error_message;
	__typeof__(&PQexec) exec;
	__typeof__(&PQprepare) prepare;
	__typeof__(&PQexecPrepared) exec_prepared;
	__typeof__(&PQsendQueryPrepared) send_prepared;
	__typeof__(&PQsetSingleRowMode) single_row;
	__typeof__(&PQgetResult) get_result;
	__typeof__(&PQconsumeInput) consume_input;
	__typeof__(&PQresultStatus) result_status;
	__typeof__(&PQresultErrorField) error_field;
	__typeof__(&PQntuples) ntuples;
	__typeof__(&PQnfields) nfields;
	__typeof__(&PQftype) ftype;
	__typeof__(&PQgetvalue) getvalue;
	__typeof__(&PQgetlength) getlength;
	__typeof__(&PQgetisnull) getisnull;
	__typeof__(&PQcmdTuples) changed;
	__typeof__(&PQclear) clear;
	__typeof__(&PQputCopyData) put_copy;
	__typeof__(&PQputCopyEnd) end_copy;
	__typeof__(&PQsetNoticeProcessor) set_notices;
};

/* ERROR_MISSING with what to install when it is not there. It stays loaded. */
bool libpq_find(struct libpq *ret_libpq, struct error *err);
