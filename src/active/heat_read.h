/*
 * What the sensors' process answered, as samples, and whether one of them is a reason to stop. Pure
 * but for the memory that is handed in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"
#include "probe/vendor_say.h"

/* Why a GPU's clock is not higher: the bits of NVML, other vendors' reasons put into them. */
enum heat_reason {
	HEAT_IDLE,
	HEAT_APPLICATION,
	HEAT_SW_POWER,
	HEAT_HW_SLOWDOWN,
	HEAT_SYNC,
	HEAT_SW_THERMAL,
	HEAT_HW_THERMAL,
	HEAT_POWER_BRAKE,
	HEAT_DISPLAY,
	HEAT_REASON_COUNT,
};

extern const char *const heat_reason_names[HEAT_REASON_COUNT]; /* "idle", "sw-power", … */

/* One GPU at one moment; NAN where the library does not tell. */
struct heat_sample {
	int64_t time_ns; /* host_boot_ns */
	char gpu[VENDOR_NAME_SIZE];
	double temperature_c;
	double slowdown_c; /* at which it slows down by itself */
	double margin_c;   /* to there */
	double memory_c;
	double power_w;
	double clock_mhz; /* of the compute units */
	uint32_t reasons; /* bit n: enum heat_reason n */
	bool has_reasons;
	bool is_gone; /* the library says that the GPU is lost, or has to be reset */
};

/* Reads the answers to "sweep heat"; lines that are about something else, or are no facts, are left
 * out. A GPU of which nothing was told is no sample. Returns how many of the `room` were filled. */
size_t heat_read(const struct span *answers, size_t count, int64_t time_ns,
		 struct heat_sample *ret_samples, size_t room);

/* Whether the sample says that the load has to stop, and why; `limit_c` 0 is none besides the GPU's
 * own. Sources: NVML calls the slowdown threshold the temperature "at which the GPU's clocks are
 * slowed", the margin the distance to it, and HW thermal slowdown a halving of clocks or worse. */
bool heat_is_too_hot(const struct heat_sample *sample, double limit_c, struct text *why);

/* The head of the table of samples, and one sample as a line of it; times count from `start_ns`. */
extern const char heat_table_head[];
void heat_table_line(const struct heat_sample *sample, int64_t start_ns, struct text *into);
