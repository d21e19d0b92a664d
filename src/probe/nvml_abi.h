/*
 * What a health check calls of NVIDIA's management library, libnvidia-ml.so.1: our own declarations
 * of its binary interface. Layouts and numbers are those of NVML 11.8 to 13; names of types and
 * fields are ours. Nothing here is linked: a caller looks a symbol up and takes its type from the
 * declaration, as in `__typeof__(&nvmlInit_v2) init;`.
 *
 * Statuses and enumerations are plain `unsigned`: a newer library may answer with a number that is
 * not in these lists. A function that a library lacks has to be borne: what is marked "after R535"
 * is not in the library of driver 535.261, where all others are.
 */
#pragma once

#include <assert.h>
#include <stdint.h>

enum nvml_status {
	NVML_STATUS_SUCCESS = 0,
	NVML_STATUS_UNINITIALIZED = 1,
	NVML_STATUS_INVALID_ARGUMENT = 2,
	NVML_STATUS_NOT_SUPPORTED = 3,
	NVML_STATUS_NO_PERMISSION = 4,
	NVML_STATUS_ALREADY_INITIALIZED = 5,
	NVML_STATUS_NOT_FOUND = 6,
	NVML_STATUS_INSUFFICIENT_SIZE = 7,
	NVML_STATUS_INSUFFICIENT_POWER = 8,
	NVML_STATUS_DRIVER_NOT_LOADED = 9,
	NVML_STATUS_TIMEOUT = 10,
	NVML_STATUS_IRQ_ISSUE = 11,
	NVML_STATUS_LIBRARY_NOT_FOUND = 12,
	NVML_STATUS_FUNCTION_NOT_FOUND = 13,
	NVML_STATUS_CORRUPTED_INFOROM = 14,
	NVML_STATUS_GPU_IS_LOST = 15,
	NVML_STATUS_RESET_REQUIRED = 16,
	NVML_STATUS_OPERATING_SYSTEM = 17,
	NVML_STATUS_LIB_RM_VERSION_MISMATCH = 18, /* kernel module and library differ */
	NVML_STATUS_IN_USE = 19,
	NVML_STATUS_MEMORY = 20,
	NVML_STATUS_NO_DATA = 21,
	NVML_STATUS_VGPU_ECC_NOT_SUPPORTED = 22,
	NVML_STATUS_INSUFFICIENT_RESOURCES = 23,
	NVML_STATUS_FREQ_NOT_SUPPORTED = 24,
	NVML_STATUS_ARGUMENT_VERSION_MISMATCH = 25, /* a struct of a version that it lacks */
	NVML_STATUS_DEPRECATED = 26,
	NVML_STATUS_NOT_READY = 27,
	NVML_STATUS_GPU_NOT_FOUND = 28,
	NVML_STATUS_INVALID_STATE = 29,
	NVML_STATUS_RESET_TYPE_NOT_SUPPORTED = 30,
	NVML_STATUS_UNKNOWN = 999,
};

/* Flags of nvmlInitWithFlags. */
enum {
	NVML_INIT_WITHOUT_GPUS = 1,   /* no GPU at all is not an error */
	NVML_INIT_WITHOUT_ATTACH = 2, /* leaves GPUs that are down as they are */
};

/* Sizes that NVML documents for buffers of text, NUL included. */
enum {
	NVML_VERSION_SIZE = 80,
	NVML_NAME_SIZE = 96,
	NVML_UUID_SIZE = 96,
	NVML_SERIAL_SIZE = 30,
	NVML_PART_NUMBER_SIZE = 80,
	NVML_VBIOS_SIZE = 32,
	NVML_INFOROM_SIZE = 16,
	NVML_GSP_FIRMWARE_SIZE = 64, /* not passed: the function trusts the caller */
};

struct nvml_device;    /* a GPU or a MIG slice, owned by the library */
struct nvml_event_set; /* owned by the caller until nvmlEventSetFree */

/* The `version` that a versioned struct carries in. */
#define NVML_VERSION_OF(type, number) ((uint32_t)(sizeof(type) | (uint32_t)(number) << 24))

struct nvml_pci {
	char short_id[16]; /* with a domain of four digits */
	uint32_t domain, bus, device;
	uint32_t device_id;    /* device in the high half, vendor in the low one */
	uint32_t subsystem_id; /* the same */
	char id[32];           /* "00000000:19:00.0", hexadecimal in upper case */
};
static_assert(sizeof(struct nvml_pci) == 68, "layout of NVML");

struct nvml_memory {
	uint64_t total, free, used; /* bytes; what the driver keeps counts as used */
};
static_assert(sizeof(struct nvml_memory) == 24, "layout of NVML");

struct nvml_memory_2 {
	uint32_t version;
	uint64_t total, reserved, free, used; /* bytes */
};
static_assert(sizeof(struct nvml_memory_2) == 40, "layout of NVML");
#define NVML_MEMORY_2 NVML_VERSION_OF(struct nvml_memory_2, 2)

struct nvml_utilization {
	uint32_t gpu, memory; /* percent of the last sample period */
};
static_assert(sizeof(struct nvml_utilization) == 8, "layout of NVML");

struct nvml_sram_ecc {
	uint32_t version;
	uint64_t aggregate_parity;  /* uncorrected by parity, over the life of the board */
	uint64_t aggregate_sec_ded; /* uncorrected by SEC-DED */
	uint64_t aggregate_corrected;
	uint64_t volatile_parity; /* since the driver was loaded */
	uint64_t volatile_sec_ded;
	uint64_t volatile_corrected;
	uint64_t in_l2, in_sm, in_pcie, in_mcu, in_other; /* aggregate uncorrected, by place */
	uint32_t threshold_exceeded;
};
static_assert(sizeof(struct nvml_sram_ecc) == 104, "layout of NVML");
#define NVML_SRAM_ECC_1 NVML_VERSION_OF(struct nvml_sram_ecc, 1)

/* Banks by how many of their spare rows are left. */
struct nvml_remap_histogram {
	uint32_t all, most, some, few, none;
};
static_assert(sizeof(struct nvml_remap_histogram) == 20, "layout of NVML");

struct nvml_violation {
	uint64_t reference_us; /* CPU time stamp of the sample */
	uint64_t violation_ns;
};
static_assert(sizeof(struct nvml_violation) == 16, "layout of NVML");

/* After R535; the sensor is NVML_SENSOR_GPU. */
struct nvml_temperature {
	uint32_t version;
	uint32_t sensor;
	int32_t celsius;
};
static_assert(sizeof(struct nvml_temperature) == 12, "layout of NVML");
#define NVML_TEMPERATURE_1 NVML_VERSION_OF(struct nvml_temperature, 1)

/* After R535: degrees that are left before the GPU slows down; may be negative. */
struct nvml_margin {
	uint32_t version;
	int32_t celsius;
};
static_assert(sizeof(struct nvml_margin) == 8, "layout of NVML");
#define NVML_MARGIN_1 NVML_VERSION_OF(struct nvml_margin, 1)

/* Of nvmlDeviceGet{Compute,Graphics}RunningProcesses without a suffix. */
struct nvml_process_1 {
	uint32_t pid;
	uint64_t memory; /* bytes, all ones when not known */
};
static_assert(sizeof(struct nvml_process_1) == 16, "layout of NVML");

/* Of the functions _v2 and _v3. Early drivers of R535 (before 535.98) had 8 more bytes in each
 * entry of _v3: give 32 bytes of room for each, and expect a stride that does not fit. */
struct nvml_process {
	uint32_t pid;
	uint64_t memory;           /* bytes, all ones when not known */
	uint32_t gpu_instance;     /* all ones outside of MIG */
	uint32_t compute_instance; /* the same */
};
static_assert(sizeof(struct nvml_process) == 24, "layout of NVML");
enum {
	NVML_PROCESS_ROOM = 32,
};

union nvml_value {
	double real;
	int32_t signed_int;
	uint32_t unsigned_int;
	uint64_t unsigned_long;
	uint64_t unsigned_long_long;
	int64_t signed_long_long;
	uint16_t unsigned_short;
};
static_assert(sizeof(union nvml_value) == 8, "layout of NVML");

enum nvml_value_type {
	NVML_VALUE_REAL = 0,
	NVML_VALUE_UNSIGNED_INT = 1,
	NVML_VALUE_UNSIGNED_LONG = 2,
	NVML_VALUE_UNSIGNED_LONG_LONG = 3,
	NVML_VALUE_SIGNED_LONG_LONG = 4,
	NVML_VALUE_SIGNED_INT = 5,
	NVML_VALUE_UNSIGNED_SHORT = 6,
};

struct nvml_field {
	uint32_t field;       /* in: enum nvml_field_id */
	uint32_t scope;       /* in: link, or nvml_power_scope, where the field has one; else 0 */
	int64_t timestamp_us; /* CPU time, since 1970 */
	int64_t latency_us;
	uint32_t type;   /* enum nvml_value_type */
	uint32_t status; /* of this field alone; the value counts only on success */
	union nvml_value value;
};
static_assert(sizeof(struct nvml_field) == 40, "layout of NVML");

enum {
	NVML_CLUSTER_ID_SIZE = 16,
};

struct nvml_fabric {
	uint8_t cluster_id[NVML_CLUSTER_ID_SIZE];
	uint32_t status; /* enum nvml_status: how the registration ended, once `state` is completed
			  */
	uint32_t clique_id;
	uint8_t state; /* enum nvml_fabric_state */
};
static_assert(sizeof(struct nvml_fabric) == 28, "layout of NVML");

/* Of nvmlDeviceGetGpuFabricInfoV, after R535. */
struct nvml_fabric_2 {
	uint32_t version;
	uint8_t cluster_id[NVML_CLUSTER_ID_SIZE];
	uint32_t status;
	uint32_t clique_id;
	uint8_t state;
	uint32_t health_mask; /* enum nvml_fabric_health */
};
static_assert(sizeof(struct nvml_fabric_2) == 36, "layout of NVML");
#define NVML_FABRIC_2 NVML_VERSION_OF(struct nvml_fabric_2, 2)

/* The same function, in libraries that are newer still. */
struct nvml_fabric_3 {
	uint32_t version;
	uint8_t cluster_id[NVML_CLUSTER_ID_SIZE];
	uint32_t status;
	uint32_t clique_id;
	uint8_t state;
	uint32_t health_mask;
	uint8_t health_summary; /* enum nvml_fabric_summary */
};
static_assert(sizeof(struct nvml_fabric_3) == 40, "layout of NVML");
#define NVML_FABRIC_3 NVML_VERSION_OF(struct nvml_fabric_3, 3)

enum nvml_fabric_state {
	NVML_FABRIC_NOT_SUPPORTED = 0,
	NVML_FABRIC_NOT_STARTED = 1,
	NVML_FABRIC_IN_PROGRESS = 2,
	NVML_FABRIC_COMPLETED = 3, /* ended, well or not: `status` tells */
};

/* Places in the health mask. A field of two bits is 0 not supported, 1 true, 2 false. */
enum nvml_fabric_health {
	NVML_FABRIC_DEGRADED_BANDWIDTH_SHIFT = 0,
	NVML_FABRIC_ROUTE_RECOVERY_SHIFT = 2,
	NVML_FABRIC_ROUTE_UNHEALTHY_SHIFT = 4,
	NVML_FABRIC_TIMEOUT_RECOVERY_SHIFT = 6,
	NVML_FABRIC_MISCONFIGURED_SHIFT = 8, /* four bits: enum nvml_fabric_fault */
	NVML_FABRIC_PARTITION_ASSIGNED_SHIFT = 12,
	NVML_FABRIC_HEALTH_TRUE = 1,
	NVML_FABRIC_HEALTH_FALSE = 2,
};

enum nvml_fabric_fault {
	NVML_FABRIC_FAULT_NOT_SUPPORTED = 0,
	NVML_FABRIC_FAULT_NONE = 1,
	NVML_FABRIC_FAULT_SYSTEM_GUID = 2,
	NVML_FABRIC_FAULT_CHASSIS_SERIAL = 3,
	NVML_FABRIC_FAULT_NO_PARTITION = 4,
	NVML_FABRIC_FAULT_FEW_NVLINKS = 5,
	NVML_FABRIC_FAULT_FIRMWARE = 6,
	NVML_FABRIC_FAULT_LOCATION = 7,
	NVML_FABRIC_FAULT_GPU_STATE = 8,
};

enum nvml_fabric_summary {
	NVML_FABRIC_SUMMARY_NOT_SUPPORTED = 0,
	NVML_FABRIC_HEALTHY = 1,
	NVML_FABRIC_UNHEALTHY = 2,
	NVML_FABRIC_LIMITED_CAPACITY = 3,
};

struct nvml_event {
	struct nvml_device *device;
	uint64_t type; /* one bit of enum nvml_event_type */
	uint64_t data; /* the Xid of a critical Xid */
	uint32_t gpu_instance, compute_instance;
};
static_assert(sizeof(struct nvml_event) == 32, "layout of NVML");

enum nvml_event_type {
	NVML_EVENT_SINGLE_BIT_ECC = 0x1,
	NVML_EVENT_DOUBLE_BIT_ECC = 0x2,
	NVML_EVENT_XID = 0x8,
	NVML_EVENT_ECC_STORM = 0x200,
	NVML_EVENT_DRAM_RETIREMENT = 0x400,
	NVML_EVENT_DRAM_RETIREMENT_FAILED = 0x800,
	NVML_EVENT_POISON_NONFATAL = 0x1000,
	NVML_EVENT_POISON_FATAL = 0x2000,
	NVML_EVENT_GPU_UNAVAILABLE = 0x4000,
	NVML_EVENT_RECOVERY_ACTION = 0x8000,
};

struct nvml_confidential {
	uint32_t environment; /* 0 none, 1 simulation, 2 production */
	uint32_t feature;     /* 1: confidential computing is on */
	uint32_t tools_mode;  /* 1: development tools may look inside */
};
static_assert(sizeof(struct nvml_confidential) == 12, "layout of NVML");

/* Where in its rack a GPU sits; after R535. */
struct nvml_platform {
	uint32_t version;
	uint8_t ib_guid[16];
	uint8_t chassis_serial[16];
	uint8_t slot, tray, host;
	uint8_t peer_type; /* of NVLink: with a switch or without */
	uint8_t module;
};
static_assert(sizeof(struct nvml_platform) == 44, "layout of NVML");
#define NVML_PLATFORM_2 NVML_VERSION_OF(struct nvml_platform, 2)

enum {
	NVML_SENSOR_GPU = 0,
	NVML_LINKS_MAXIMUM = 36,
};

enum nvml_threshold {
	NVML_THRESHOLD_SHUTDOWN = 0,
	NVML_THRESHOLD_SLOWDOWN = 1,
	NVML_THRESHOLD_MEMORY_MAXIMUM = 2,
	NVML_THRESHOLD_GPU_MAXIMUM = 3,
};

enum nvml_clock {
	NVML_CLOCK_GRAPHICS = 0,
	NVML_CLOCK_SM = 1,
	NVML_CLOCK_MEMORY = 2,
	NVML_CLOCK_VIDEO = 3,
};

/* Why clocks are below what was asked for; a mask. */
enum nvml_clocks_reason {
	NVML_REASON_IDLE = 0x1,
	NVML_REASON_APPLICATION_CLOCKS = 0x2,
	NVML_REASON_SW_POWER_CAP = 0x4,
	NVML_REASON_HW_SLOWDOWN = 0x8,
	NVML_REASON_SYNC_BOOST = 0x10,
	NVML_REASON_SW_THERMAL = 0x20,
	NVML_REASON_HW_THERMAL = 0x40,
	NVML_REASON_HW_POWER_BRAKE = 0x80,
	NVML_REASON_DISPLAY_CLOCKS = 0x100,
};

/* Of nvmlDeviceGetViolationStatus. */
enum nvml_policy {
	NVML_POLICY_POWER = 0,
	NVML_POLICY_THERMAL = 1,
	NVML_POLICY_SYNC_BOOST = 2,
	NVML_POLICY_BOARD_LIMIT = 3,
	NVML_POLICY_LOW_UTILIZATION = 4,
	NVML_POLICY_RELIABILITY = 5,
};

enum nvml_ecc_error {
	NVML_ECC_CORRECTED = 0,
	NVML_ECC_UNCORRECTED = 1,
};

enum nvml_ecc_counter {
	NVML_ECC_VOLATILE = 0,  /* since the driver was loaded */
	NVML_ECC_AGGREGATE = 1, /* over the life of the board */
};

enum nvml_memory_location {
	NVML_LOCATION_L1 = 0,
	NVML_LOCATION_L2 = 1,
	NVML_LOCATION_DRAM = 2,
	NVML_LOCATION_REGISTERS = 3,
	NVML_LOCATION_TEXTURE = 4,
	NVML_LOCATION_TEXTURE_SHARED = 5,
	NVML_LOCATION_CBU = 6,
	NVML_LOCATION_SRAM = 7,
};

enum nvml_retirement_cause {
	NVML_RETIRED_SINGLE_BIT = 0,
	NVML_RETIRED_DOUBLE_BIT = 1,
};

enum nvml_compute_mode {
	NVML_COMPUTE_DEFAULT = 0,
	NVML_COMPUTE_EXCLUSIVE_THREAD = 1,
	NVML_COMPUTE_PROHIBITED = 2,
	NVML_COMPUTE_EXCLUSIVE_PROCESS = 3,
};

enum nvml_architecture {
	NVML_ARCHITECTURE_VOLTA = 5,
	NVML_ARCHITECTURE_TURING = 6,
	NVML_ARCHITECTURE_AMPERE = 7,
	NVML_ARCHITECTURE_ADA = 8,
	NVML_ARCHITECTURE_HOPPER = 9,
	NVML_ARCHITECTURE_BLACKWELL = 10,
	NVML_ARCHITECTURE_RUBIN = 13,
};

enum nvml_link_capability {
	NVML_LINK_P2P = 0,
	NVML_LINK_SYSTEM_MEMORY = 1,
	NVML_LINK_P2P_ATOMICS = 2,
	NVML_LINK_SYSTEM_ATOMICS = 3,
	NVML_LINK_SLI = 4,
	NVML_LINK_VALID = 5, /* true also for links that no board has */
};

/* What nvmlDeviceGetNvLinkVersion answers. */
enum nvml_link_version {
	NVML_LINK_VERSION_2_0 = 2,
	NVML_LINK_VERSION_2_2 = 3,
	NVML_LINK_VERSION_3_0 = 4,
	NVML_LINK_VERSION_3_1 = 5,
	NVML_LINK_VERSION_4_0 = 6,
	NVML_LINK_VERSION_5_0 = 7,
	NVML_LINK_VERSION_6_0 = 8,
};

enum nvml_link_error {
	NVML_LINK_REPLAY = 0,
	NVML_LINK_RECOVERY = 1,
	NVML_LINK_CRC_FLIT = 2,
	NVML_LINK_CRC_DATA = 3,
	NVML_LINK_ECC_DATA = 4,
};

/* What NVML_FIELD_RECOVERY_ACTION says has to be done. */
enum nvml_recovery {
	NVML_RECOVERY_NONE = 0,
	NVML_RECOVERY_GPU_RESET = 1,
	NVML_RECOVERY_NODE_REBOOT = 2,
	NVML_RECOVERY_DRAIN_P2P = 3,
	NVML_RECOVERY_DRAIN_AND_RESET = 4,
	NVML_RECOVERY_IMEX_DOMAIN = 5,
};

enum nvml_power_scope {
	NVML_POWER_OF_GPU = 0,
	NVML_POWER_OF_MODULE = 1,
	NVML_POWER_OF_MEMORY = 2,
};

/* Fields that a health check reads. Those marked "link" take the link as scope. */
enum nvml_field_id {
	NVML_FIELD_MEMORY_TEMPERATURE = 82,
	NVML_FIELD_ENERGY_MJ = 83,      /* millijoules since the driver was loaded */
	NVML_FIELD_LINK_SPEED_0 = 84,   /* MB/s each way; 84 to 89 are links 0 to 5 */
	NVML_FIELD_LINK_SPEED_ALL = 90, /* the speed that all links have in common */
	NVML_FIELD_LINK_COUNT = 91,
	NVML_FIELD_PCIE_REPLAY = 94,
	NVML_FIELD_PCIE_REPLAY_ROLLOVER = 95,
	NVML_FIELD_LINK_SPEED_6 = 132, /* 132 to 137 are links 6 to 11 */
	NVML_FIELD_REMAPPED_CORRECTABLE = 142,
	NVML_FIELD_REMAPPED_UNCORRECTABLE = 143,
	NVML_FIELD_REMAP_PENDING = 144,
	NVML_FIELD_REMAP_FAILED = 145,
	NVML_FIELD_LINK_DL_REPLAY = 161,   /* link */
	NVML_FIELD_LINK_DL_RECOVERY = 162, /* link */
	NVML_FIELD_LINK_DL_CRC = 163,      /* link */
	NVML_FIELD_LINK_SPEED = 164,       /* link */
	NVML_FIELD_LINK_STATE = 165,       /* link */
	NVML_FIELD_LINK_VERSION = 166,     /* link */
	NVML_FIELD_C2C_COUNT = 170,
	NVML_FIELD_C2C_STATUS = 171,      /* link */
	NVML_FIELD_C2C_BANDWIDTH = 172,   /* link */
	NVML_FIELD_POWER_AVERAGE = 185,   /* mW over one second; nvml_power_scope */
	NVML_FIELD_POWER_INSTANT = 186,   /* mW; nvml_power_scope */
	NVML_FIELD_SHUTDOWN_MARGIN = 193, /* signed, from the slowdown temperature */
	NVML_FIELD_SLOWDOWN_MARGIN = 194,
	NVML_FIELD_MEMORY_MAXIMUM_MARGIN = 195,
	NVML_FIELD_GPU_MAXIMUM_MARGIN = 196,
	/* NVLink 5 and later; all of them counters of a link. */
	NVML_FIELD_LINK_MALFORMED = 206,
	NVML_FIELD_LINK_OVERRUN = 207,
	NVML_FIELD_LINK_RECEIVE_ERRORS = 208,
	NVML_FIELD_LINK_REMOTE_ERRORS = 209,
	NVML_FIELD_LINK_GENERAL_ERRORS = 210,
	NVML_FIELD_LINK_INTEGRITY_ERRORS = 211,
	NVML_FIELD_LINK_TRANSMIT_DISCARDS = 212,
	NVML_FIELD_LINK_RECOVERY_OK = 213,
	NVML_FIELD_LINK_RECOVERY_FAILED = 214,
	NVML_FIELD_LINK_RECOVERY_EVENTS = 215,
	NVML_FIELD_LINK_EFFECTIVE_ERRORS = 219,
	NVML_FIELD_LINK_EFFECTIVE_BER = 220, /* packed, see NVML_BER_… */
	NVML_FIELD_LINK_SYMBOL_ERRORS = 221,
	NVML_FIELD_LINK_SYMBOL_BER = 222, /* packed */
	NVML_FIELD_RECOVERY_ACTION = 230, /* enum nvml_recovery */
	NVML_FIELD_C2C_ERRORS = 231,      /* link */
	NVML_FIELD_C2C_REPLAYS = 232,     /* link */
	NVML_FIELD_C2C_REPLAYS_B2B = 233, /* link */
	NVML_FIELD_C2C_POWER_STATE = 234,
	NVML_FIELD_LINK_FEC_0 = 235, /* link; 235 to 250: blocks with 0 to 15 corrected symbols */
	NVML_FIELD_LINK_FEC_15 = 250,
};

/* A bit error rate is mantissa x 10 ^ -exponent. */
enum {
	NVML_BER_EXPONENT_SHIFT = 0,
	NVML_BER_EXPONENT_MASK = 0xff,
	NVML_BER_MANTISSA_SHIFT = 8,
	NVML_BER_MANTISSA_MASK = 0xf,
};

/* The library and the driver. Every function returns an enum nvml_status. */
uint32_t nvmlInit_v2(void);
uint32_t nvmlInitWithFlags(uint32_t flags);
uint32_t nvmlShutdown(void);
const char *nvmlErrorString(uint32_t status);
uint32_t nvmlSystemGetDriverVersion(char *version, uint32_t length);
uint32_t nvmlSystemGetNVMLVersion(char *version, uint32_t length); /* before init too */
uint32_t nvmlSystemGetCudaDriverVersion_v2(int32_t *version);      /* 1000 x major + 10 x minor */
uint32_t nvmlSystemGetConfComputeState(struct nvml_confidential *state);

/* What a GPU is. */
uint32_t nvmlDeviceGetCount_v2(uint32_t *count);
uint32_t nvmlDeviceGetHandleByIndex_v2(uint32_t index, struct nvml_device **device);
uint32_t nvmlDeviceGetHandleByPciBusId_v2(const char *bus_id, struct nvml_device **device);
uint32_t nvmlDeviceGetHandleByUUID(const char *uuid, struct nvml_device **device);
uint32_t nvmlDeviceGetName(struct nvml_device *device, char *name, uint32_t length);
uint32_t nvmlDeviceGetUUID(struct nvml_device *device, char *uuid, uint32_t length);
uint32_t nvmlDeviceGetSerial(struct nvml_device *device, char *serial, uint32_t length);
uint32_t nvmlDeviceGetBoardPartNumber(struct nvml_device *device, char *number, uint32_t length);
uint32_t nvmlDeviceGetPciInfo_v3(struct nvml_device *device, struct nvml_pci *pci);
uint32_t nvmlDeviceGetMinorNumber(struct nvml_device *device, uint32_t *number);
uint32_t nvmlDeviceGetModuleId(struct nvml_device *device, uint32_t *module);
uint32_t nvmlDeviceGetArchitecture(struct nvml_device *device, uint32_t *architecture);
uint32_t nvmlDeviceGetCudaComputeCapability(struct nvml_device *device, int32_t *major,
					    int32_t *minor);
uint32_t nvmlDeviceGetNumaNodeId(struct nvml_device *device, uint32_t *node); /* after R535 */
uint32_t nvmlDeviceGetPlatformInfo(struct nvml_device *device, struct nvml_platform *platform);
uint32_t nvmlDeviceGetVbiosVersion(struct nvml_device *device, char *version, uint32_t length);
uint32_t nvmlDeviceGetInforomImageVersion(struct nvml_device *device, char *version,
					  uint32_t length);
uint32_t nvmlDeviceGetInforomConfigurationChecksum(struct nvml_device *device, uint32_t *checksum);
uint32_t nvmlDeviceValidateInforom(struct nvml_device *device);
uint32_t nvmlDeviceGetGspFirmwareVersion(struct nvml_device *device, char *version);

/* Modes; on and off are 1 and 0. */
uint32_t nvmlDeviceGetPersistenceMode(struct nvml_device *device, uint32_t *on);
uint32_t nvmlDeviceGetComputeMode(struct nvml_device *device, uint32_t *mode);
uint32_t nvmlDeviceGetMigMode(struct nvml_device *device, uint32_t *current, uint32_t *pending);
uint32_t nvmlDeviceGetMaxMigDeviceCount(struct nvml_device *device, uint32_t *count);
uint32_t nvmlDeviceGetMigDeviceHandleByIndex(struct nvml_device *device, uint32_t index,
					     struct nvml_device **slice);
uint32_t nvmlDeviceIsMigDeviceHandle(struct nvml_device *device, uint32_t *is);
uint32_t nvmlDeviceGetGpuInstanceId(struct nvml_device *slice, uint32_t *id);
uint32_t nvmlDeviceGetComputeInstanceId(struct nvml_device *slice, uint32_t *id);
uint32_t nvmlDeviceGetEccMode(struct nvml_device *device, uint32_t *current, uint32_t *pending);

/* Memory and its errors. */
uint32_t nvmlDeviceGetMemoryInfo(struct nvml_device *device, struct nvml_memory *memory);
uint32_t nvmlDeviceGetMemoryInfo_v2(struct nvml_device *device, struct nvml_memory_2 *memory);
uint32_t nvmlDeviceGetTotalEccErrors(struct nvml_device *device, uint32_t error, uint32_t counter,
				     uint64_t *count);
uint32_t nvmlDeviceGetMemoryErrorCounter(struct nvml_device *device, uint32_t error,
					 uint32_t counter, uint32_t location, uint64_t *count);
uint32_t nvmlDeviceGetSramEccErrorStatus(struct nvml_device *device, struct nvml_sram_ecc *status);
uint32_t nvmlDeviceGetRetiredPages_v2(struct nvml_device *device, uint32_t cause, uint32_t *count,
				      uint64_t *addresses, uint64_t *timestamps);
uint32_t nvmlDeviceGetRetiredPagesPendingStatus(struct nvml_device *device, uint32_t *pending);
uint32_t nvmlDeviceGetRemappedRows(struct nvml_device *device, uint32_t *correctable,
				   uint32_t *uncorrectable, uint32_t *pending, uint32_t *failed);
uint32_t nvmlDeviceGetRowRemapperHistogram(struct nvml_device *device,
					   struct nvml_remap_histogram *histogram);

/* Temperature, power (mW) and clocks (MHz). */
uint32_t nvmlDeviceGetTemperature(struct nvml_device *device, uint32_t sensor, uint32_t *celsius);
uint32_t nvmlDeviceGetTemperatureV(struct nvml_device *device, struct nvml_temperature *reading);
uint32_t nvmlDeviceGetMarginTemperature(struct nvml_device *device, struct nvml_margin *margin);
uint32_t nvmlDeviceGetTemperatureThreshold(struct nvml_device *device, uint32_t threshold,
					   uint32_t *celsius);
uint32_t nvmlDeviceGetPowerUsage(struct nvml_device *device, uint32_t *power);
uint32_t nvmlDeviceGetEnforcedPowerLimit(struct nvml_device *device, uint32_t *limit);
uint32_t nvmlDeviceGetPowerManagementLimit(struct nvml_device *device, uint32_t *limit);
uint32_t nvmlDeviceGetPowerManagementDefaultLimit(struct nvml_device *device, uint32_t *limit);
uint32_t nvmlDeviceGetPowerManagementLimitConstraints(struct nvml_device *device, uint32_t *minimum,
						      uint32_t *maximum);
uint32_t nvmlDeviceGetTotalEnergyConsumption(struct nvml_device *device, uint64_t *millijoules);
uint32_t nvmlDeviceGetUtilizationRates(struct nvml_device *device, struct nvml_utilization *rates);
uint32_t nvmlDeviceGetPerformanceState(struct nvml_device *device, uint32_t *state);
uint32_t nvmlDeviceGetClockInfo(struct nvml_device *device, uint32_t clock, uint32_t *mhz);
uint32_t nvmlDeviceGetMaxClockInfo(struct nvml_device *device, uint32_t clock, uint32_t *mhz);
uint32_t nvmlDeviceGetCurrentClocksEventReasons(struct nvml_device *device, uint64_t *reasons);
/* What the former was called before R535; newer libraries have both. */
uint32_t nvmlDeviceGetCurrentClocksThrottleReasons(struct nvml_device *device, uint64_t *reasons);
uint32_t nvmlDeviceGetViolationStatus(struct nvml_device *device, uint32_t policy,
				      struct nvml_violation *violation);

/* PCI Express. */
uint32_t nvmlDeviceGetCurrPcieLinkGeneration(struct nvml_device *device, uint32_t *generation);
uint32_t nvmlDeviceGetCurrPcieLinkWidth(struct nvml_device *device, uint32_t *width);
uint32_t nvmlDeviceGetMaxPcieLinkGeneration(struct nvml_device *device, uint32_t *generation);
uint32_t nvmlDeviceGetMaxPcieLinkWidth(struct nvml_device *device, uint32_t *width);
uint32_t nvmlDeviceGetGpuMaxPcieLinkGeneration(struct nvml_device *device, uint32_t *generation);
uint32_t nvmlDeviceGetPcieReplayCounter(struct nvml_device *device, uint32_t *count);
uint32_t nvmlDeviceGetPcieSpeed(struct nvml_device *device, uint32_t *mbit_per_s);

/* Who uses it. *count is the room in, the number out; INSUFFICIENT_SIZE when there is more. */
uint32_t nvmlDeviceGetComputeRunningProcesses(struct nvml_device *device, uint32_t *count,
					      struct nvml_process_1 *processes);
uint32_t nvmlDeviceGetComputeRunningProcesses_v2(struct nvml_device *device, uint32_t *count,
						 struct nvml_process *processes);
uint32_t nvmlDeviceGetComputeRunningProcesses_v3(struct nvml_device *device, uint32_t *count,
						 struct nvml_process *processes);
uint32_t nvmlDeviceGetGraphicsRunningProcesses_v3(struct nvml_device *device, uint32_t *count,
						  struct nvml_process *processes);

/* NVLink and the fabric behind it. */
uint32_t nvmlDeviceGetNvLinkState(struct nvml_device *device, uint32_t link, uint32_t *active);
uint32_t nvmlDeviceGetNvLinkVersion(struct nvml_device *device, uint32_t link, uint32_t *version);
uint32_t nvmlDeviceGetNvLinkCapability(struct nvml_device *device, uint32_t link,
				       uint32_t capability, uint32_t *has);
uint32_t nvmlDeviceGetNvLinkErrorCounter(struct nvml_device *device, uint32_t link,
					 uint32_t counter, uint64_t *count);
uint32_t nvmlDeviceGetNvLinkRemotePciInfo_v2(struct nvml_device *device, uint32_t link,
					     struct nvml_pci *pci);
uint32_t nvmlDeviceGetGpuFabricInfo(struct nvml_device *device, struct nvml_fabric *fabric);
/* A struct nvml_fabric_2 or nvml_fabric_3, as its version says. */
uint32_t nvmlDeviceGetGpuFabricInfoV(struct nvml_device *device, void *fabric);

uint32_t nvmlDeviceGetFieldValues(struct nvml_device *device, int32_t count,
				  struct nvml_field *fields);

/* Events; a wait that passes its milliseconds without one answers TIMEOUT. */
uint32_t nvmlEventSetCreate(struct nvml_event_set **set);
uint32_t nvmlDeviceRegisterEvents(struct nvml_device *device, uint64_t types,
				  struct nvml_event_set *set);
uint32_t nvmlEventSetWait_v2(struct nvml_event_set *set, struct nvml_event *event,
			     uint32_t timeout_ms);
uint32_t nvmlEventSetFree(struct nvml_event_set *set);
