/*
 * What the rules of settled.c share: finding the records of a measure, and how much of a reference
 * they reach. Each record that is used is noted, so that the answer can be traced.
 */
#pragma once

#include "check/reference.h"
#include "check/settled.h"

enum {
	SETTLING_IDS = 8, /* that an excerpt names; of more it says how many */
	SETTLING_PARTS = 128,
};

struct settling {
	const struct check_input *seen;
	const struct machine *machine;
	struct arena *arena;
	const struct record *used[SETTLING_IDS];
	size_t used_count;
	bool uses_cohort;
};

/* Notes a record, which may be NULL. */
void settling_uses(struct settling *settling, const struct record *record);

/* One after the other: the records of the measure of that name whose device begins and contains
 * so (NULL: any), the unknown ones too. `at` starts at 0; NULL at the end, or when no such measure
 * exists. */
const struct record *settling_next(const struct settling *settling, const char *measure,
				   const char *begins, const char *contains, size_t *at);

/* The value of the first of them. */
bool settling_value(struct settling *settling, const char *measure, const char *begins,
		    const char *contains, double *ret_value);

/* The share that a record reaches of what was measured elsewhere at the same size, else of the
 * median of its peers. False without either. */
bool settling_share(struct settling *settling, const struct record *record,
		    const struct reference_query *query, double *ret_share);

/* The middle over all GPUs of the best share of each: of the records that contain so. False when a
 * GPU has none. */
bool settling_gpu_share(struct settling *settling, const char *measure, const char *contains,
			const char *metric, double *ret_share);

/* The number behind the last '/' of a device, as the bytes of a collective; 0 when it is none. */
double device_bytes(const char *device);

bool settle_gemm(struct settling *settling, struct settled *into);
bool settle_gemm_spread(struct settling *settling, struct settled *into);
bool settle_gemm_best(struct settling *settling, struct settled *into);
bool settle_gemm_grouped(struct settling *settling, struct settled *into);
bool settle_matrix_vector(struct settling *settling, struct settled *into);
bool settle_copies(struct settling *settling, struct settled *into);
bool settle_thermal(struct settling *settling, struct settled *into);
bool settle_idle_power(struct settling *settling, struct settled *into);
bool settle_burn(struct settling *settling, struct settled *into);
bool settle_node_bandwidth(struct settling *settling, struct settled *into);
bool settle_rail_bandwidth(struct settling *settling, struct settled *into);
bool settle_rail_latency(struct settling *settling, struct settled *into);
bool settle_collectives(struct settling *settling, struct settled *into);
bool settle_nic_collectives(struct settling *settling, struct settled *into);
bool settle_smooth_sizes(struct settling *settling, struct settled *into);
bool settle_front_end(struct settling *settling, struct settled *into);
bool settle_visible_endpoints(struct settling *settling, struct settled *into);
bool settle_fabric_keys(struct settling *settling, struct settled *into);
bool settle_class_keys(struct settling *settling, struct settled *into);
bool settle_function_management(struct settling *settling, struct settled *into);
bool settle_start(struct settling *settling, struct settled *into);
bool settle_image_pull(struct settling *settling, struct settled *into);
bool settle_model_time(struct settling *settling, struct settled *into);
bool settle_model_rate(struct settling *settling, struct settled *into);
bool settle_package_install(struct settling *settling, struct settled *into);
bool settle_download_rate(struct settling *settling, struct settled *into);
bool settle_internet_speed(struct settling *settling, struct settled *into);
bool settle_import(struct settling *settling, struct settled *into);
bool settle_metadata(struct settling *settling, struct settled *into);
bool settle_tail_latency(struct settling *settling, struct settled *into);
bool settle_stated_speed(struct settling *settling, struct settled *into);
bool settle_endurance(struct settling *settling, struct settled *into);
bool settle_object_endurance(struct settling *settling, struct settled *into);
bool settle_object_lock(struct settling *settling, struct settled *into);
bool settle_locks(struct settling *settling, struct settled *into);
bool settle_intact(struct settling *settling, struct settled *into);
