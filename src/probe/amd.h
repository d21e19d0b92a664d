/*
 * The child's side of looking at AMD GPUs: the functions of AMD SMI that are called, and a GPU that
 * is being asked.
 */
#pragma once

#include "host/library.h"
#include "probe/amd_smi_abi.h"
#include "probe/vendor_say.h"

#define AMD_SMI_CALLS(X)                     \
	X(amdsmi_init)                       \
	X(amdsmi_shut_down)                  \
	X(amdsmi_get_lib_version)            \
	X(amdsmi_get_socket_handles)         \
	X(amdsmi_get_processor_handles)      \
	X(amdsmi_get_processor_type)         \
	X(amdsmi_get_gpu_device_bdf)         \
	X(amdsmi_get_gpu_device_uuid)        \
	X(amdsmi_get_gpu_asic_info)          \
	X(amdsmi_get_gpu_vbios_info)         \
	X(amdsmi_get_gpu_vram_usage)         \
	X(amdsmi_get_gpu_compute_partition)  \
	X(amdsmi_get_gpu_memory_partition)   \
	X(amdsmi_get_power_info)             \
	X(amdsmi_get_power_cap_info)         \
	X(amdsmi_get_temp_metric)            \
	X(amdsmi_get_gpu_activity)           \
	X(amdsmi_get_clock_info)             \
	X(amdsmi_get_violation_status)       \
	X(amdsmi_get_gpu_process_list)       \
	X(amdsmi_get_gpu_total_ecc_count)    \
	X(amdsmi_get_gpu_ecc_count)          \
	X(amdsmi_get_gpu_ecc_enabled)        \
	X(amdsmi_get_gpu_bad_page_info)      \
	X(amdsmi_get_gpu_bad_page_threshold) \
	X(amdsmi_get_gpu_cper_entries)       \
	X(amdsmi_get_afids_from_cper)        \
	X(amdsmi_get_pcie_info)              \
	X(amdsmi_get_gpu_xgmi_link_status)   \
	X(amdsmi_get_link_metrics)

/* Each function and its name; both NULL when the library lacks it. */
struct amd_smi {
#define AMD_SMI_MEMBER(function)              \
	struct {                              \
		__typeof__(&(function)) call; \
		const char *name;             \
	}(function);
	AMD_SMI_CALLS(AMD_SMI_MEMBER)
#undef AMD_SMI_MEMBER
};

/* What a library lacks stays NULL. */
void amd_smi_find(const struct library *library, struct amd_smi *ret_smi);

extern const struct vendor_statuses amd_smi_statuses;

struct amd_gpu {
	struct vendor_gpu told;
	const struct amd_smi *smi;
	struct amd_smi_gpu *handle;
	unsigned major, minor; /* of the library's release */
	/* AMD_SMI_ROOM bytes for one reply, zeroed by amd_room. */
	void *room;
};

/* Calls a function with the GPU's handle before the arguments, announced; gives its status,
 * NOT_SUPPORTED when the library lacks it or the GPU is gone. */
#define AMD_SMI_ASK(gpu, function, ...)                                               \
	(gpu_ask_begin(&(gpu)->told, (gpu)->smi->function.name)                       \
		 ? gpu_ask_end(&(gpu)->told,                                          \
			       (gpu)->smi->function.call((gpu)->handle, __VA_ARGS__)) \
		 : (uint32_t)AMD_SMI_NOT_SUPPORTED)

/* The room of a reply, zeroed: a library that is newer may write more than is declared. */
void *amd_room(struct amd_gpu *gpu);

/* "gpu:0000:05:00.0"; false for what is no address. */
bool amd_name(uint64_t bdf, char ret_name[static VENDOR_NAME_SIZE]);

/* Like gpu_say_u64, but what is all ones is not said: so the library tells that there is none. */
void amd_say(struct amd_gpu *gpu, enum measure measure, uint64_t value, double scale);

/* Everything that the shares ask for of one GPU. */
void amd_ask_gpu(struct amd_gpu *gpu);
void amd_ask_errors(struct amd_gpu *gpu);
void amd_ask_records(struct amd_gpu *gpu);
void amd_ask_links(struct amd_gpu *gpu);

/* What the worker's child does with a request. */
void amd_serve(struct worker_port *port, const char *request, void **state, const void *context);
