/*
 * What only the driver of a network interface can say: the firmware of the adapter, and the
 * temperature of the module in its port. Asked of the kernel by SIOCETHTOOL, on the machine that
 * the program runs on; of any other machine ERROR_UNSUPPORTED.
 *
 * Errors: ERROR_MISSING, no such interface; ERROR_UNSUPPORTED, its driver does not say; ERROR_IO
 * and the system's words for every other refusal. A module takes some milliseconds to answer, and
 * may be read with CAP_NET_ADMIN only.
 */
#pragma once

#include "host/file.h"

/* ERROR_UNSUPPORTED also when the driver gives none. */
bool ethernet_firmware(const struct host *host, const char *name, struct arena *arena,
		       const char **ret_firmware, struct error *err);

struct ethernet_module {
	bool has_temperature, has_alarm; /* a passive cable has neither */
	double temperature_c;
	double alarm_c; /* at which the module raises its alarm */
};

bool ethernet_module(const struct host *host, const char *name, struct ethernet_module *ret_module,
		     struct error *err);

/* Where the module's memory has what is looked for. */
struct ethernet_places {
	uint16_t temperature; /* two bytes each; 0 where the module has none */
	uint16_t alarm;
};

/* By the first 128 bytes; `size` is how many bytes of its memory the kernel gives. Identifiers of
 * SFF-8024 that are not known, and modules without a sensor, have no places. SFF-8472 (SFP),
 * SFF-8636 (QSFP), CMIS (QSFP-DD, OSFP and later). */
struct ethernet_places ethernet_places(const uint8_t first[static 128], size_t size);

/* 1/256 degree, signed; false for a value that no module can have. */
bool ethernet_degrees(uint8_t high, uint8_t low, double *ret_degrees);
