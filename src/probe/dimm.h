/*
 * The memory modules that the firmware tells of (SMBIOS, structures of type 17), and the bandwidth
 * that their channels could carry together. Only the superuser may read the table, and a virtual
 * machine's says nothing of the modules below it.
 */
#pragma once

#include "host/file.h"

enum {
	DIMM_TABLE_MAXIMUM = 1 << 20,
	DIMMS_MAXIMUM = 1024,
};

struct dimms {
	size_t count;       /* modules that are there */
	size_t channels;    /* that have one or more of them, told by the names of the sockets */
	double bytes_per_s; /* of all channels together, each at its slowest module's rate; 0 when a
			     * rate is not told, or the names do not tell the channels apart */
};

/* Takes the table's structures; false for one that is cut or whose lengths lie. */
bool dimm_parse(struct span table, struct arena *arena, struct dimms *ret_dimms, struct error *err);

/* The same of the machine. ERROR_MISSING where the firmware has no table, ERROR_IO where it may not
 * be read. */
bool dimm_read(const struct host *host, struct arena *arena, struct dimms *ret_dimms,
	       struct error *err);
