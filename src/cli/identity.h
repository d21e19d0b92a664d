/*
 * The folder of an agent that was enrolled: its key, its certificate, and the server that knows it.
 */
#pragma once

#include "cli/command.h"
#include "fleet/uplink.h"

/* Fills in what the folder says and the uplink does not yet. */
bool identity_read(const struct session *session, const char *folder, struct uplink *uplink,
		   struct error *err);
