/* Records of a fabric, as the options name its provider and its cluster. */
#pragma once

#include "cli/command.h"
#include "fabric/records.h"

/* None yet, of now; `command` as "describe". A fabric is no node's. */
bool fabric_records_start(const struct session *session, const char *command,
			  struct fabric_records *ret_records, struct error *err);

/* Writes the bundle of --bundle; nothing without it. */
bool fabric_records_write(const struct session *session, const struct fabric_records *records,
			  struct error *err);
