#include "cli/fabric_records.h"

#include "cli/node.h"

bool fabric_records_start(const struct session *session, const char *command,
			  struct fabric_records *ret_records, struct error *err)
{
	struct fabric_records records = {
		.arena = session->arena,
		.command = command,
		.time = host_unix_time(session->host),
	};

	if (!node_subject(session, session->host, &records.subject, err))
		return false;
	records.subject.parts[SUBJECT_NODE] = NULL;
	*ret_records = records;
	return true;
}

bool fabric_records_write(const struct session *session, const struct fabric_records *records,
			  struct error *err)
{
	return node_write_records(session, records->items, records->count, records->time, err);
}
