/*
 * What a health check calls of AMD's management library, libamd_smi.so: our own declarations of its
 * binary interface. Layouts and numbers are those of releases 25.4 (ROCm 6.4) and 26.1, 26.2 and
 * 26.5 (ROCm 7); names of types and fields are ours. Release 24 and older has other
 * lengths of text in nearly every struct, and is to be refused.
 *
 * A struct whose layout differs ends in the major release: _25 or _26. Others keep their size while
 * what was reserved gets names. A struct may grow in a release that is not known here: whoever
 * calls gives every reply AMD_SMI_ROOM bytes, zeroed, and reads the prefix that is declared.
 * Nothing here is linked: a caller looks a symbol up and takes its type from the declaration.
 *
 * What a GPU cannot tell is all ones in its field. A status is a plain number: a newer library may
 * answer with one that is not in the list.
 */
#pragma once

#include <assert.h>
#include <stdint.h>

enum {
	AMD_SMI_ROOM = 16384,
	AMD_SMI_TEXT = 256, /* of every text in a struct, NUL included */
	AMD_SMI_UUID_SIZE = 38,
	AMD_SMI_LINKS_MAXIMUM = 64,
	AMD_SMI_XGMI_LINKS_MAXIMUM = 8,
	AMD_SMI_AFIDS_MAXIMUM = 12, /* of one CPER record */
};

enum amd_smi_status {
	AMD_SMI_SUCCESS = 0,
	AMD_SMI_INVALID = 1,
	AMD_SMI_NOT_SUPPORTED = 2,
	AMD_SMI_NOT_IMPLEMENTED = 3,
	AMD_SMI_FAIL_LOAD_MODULE = 4,
	AMD_SMI_FAIL_LOAD_SYMBOL = 5,
	AMD_SMI_DRM_ERROR = 6,
	AMD_SMI_API_FAILED = 7,
	AMD_SMI_TIMEOUT = 8,
	AMD_SMI_RETRY = 9,
	AMD_SMI_NO_PERMISSION = 10,
	AMD_SMI_INTERRUPT = 11,
	AMD_SMI_IO = 12,
	AMD_SMI_ADDRESS_FAULT = 13,
	AMD_SMI_FILE_ERROR = 14,
	AMD_SMI_OUT_OF_RESOURCES = 15,
	AMD_SMI_INTERNAL_EXCEPTION = 16,
	AMD_SMI_INPUT_OUT_OF_BOUNDS = 17,
	AMD_SMI_INIT_ERROR = 18,
	AMD_SMI_REFCOUNT_OVERFLOW = 19,
	AMD_SMI_DIRECTORY_NOT_FOUND = 20,
	AMD_SMI_BUSY = 30,
	AMD_SMI_NOT_FOUND = 31,
	AMD_SMI_NOT_INITIALIZED = 32,
	AMD_SMI_NO_SLOT = 33,
	AMD_SMI_DRIVER_NOT_LOADED = 34,
	AMD_SMI_MORE_DATA_26 = 39,
	AMD_SMI_NO_DATA = 40,
	AMD_SMI_INSUFFICIENT_SIZE = 41,
	AMD_SMI_UNEXPECTED_SIZE = 42,
	AMD_SMI_UNEXPECTED_DATA = 43,
	AMD_SMI_FILE_NOT_FOUND = 52,
	AMD_SMI_ARGUMENT_NULL = 53,
	AMD_SMI_RESTART_ERROR = 54,
	AMD_SMI_SETTING_UNAVAILABLE = 55,
	AMD_SMI_CORRUPTED_EEPROM = 56,
	AMD_SMI_MORE_DATA_25 = 57,
};
#define AMD_SMI_MAP_ERROR 0xfffffffeu
#define AMD_SMI_UNKNOWN_ERROR 0xffffffffu

enum {
	AMD_SMI_INIT_GPUS = 2, /* flag of amdsmi_init */
};

struct amd_smi_socket;
struct amd_smi_gpu;

/* A PCI address: function in bits 0-2, device 3-7, bus 8-15, domain 16-63. */
enum {
	AMD_SMI_BDF_DEVICE_SHIFT = 3,
	AMD_SMI_BDF_BUS_SHIFT = 8,
	AMD_SMI_BDF_DOMAIN_SHIFT = 16,
};

/* The release of the library. Both layouts have one size, so the first number tells which it is:
 * 24 or 25 in libraries of that age, where it is called a year, and the major number from 26 on. */
struct amd_smi_version_25 {
	uint32_t year, major, minor, release;
	const char *build;
};
static_assert(sizeof(struct amd_smi_version_25) == 24, "layout of AMD SMI");

struct amd_smi_version_26 {
	uint32_t major, minor, release;
	const char *build;
};
static_assert(sizeof(struct amd_smi_version_26) == 24, "layout of AMD SMI");

struct amd_smi_asic {
	char market_name[AMD_SMI_TEXT];
	uint32_t vendor_id;
	char vendor_name[AMD_SMI_TEXT];
	uint32_t subvendor_id;
	uint64_t device_id;
	uint32_t revision;
	char serial[AMD_SMI_TEXT]; /* hexadecimal */
	uint32_t oam_id;           /* place on the board, from 0; all ones when not known */
	uint32_t compute_units;
	uint64_t target;       /* as 942 for gfx942 */
	uint32_t subsystem_id; /* from 26 on */
	uint32_t reserved[21];
};
static_assert(sizeof(struct amd_smi_asic) == 896, "layout of AMD SMI");

/* 25 has fewer reserved bytes behind the same fields: 1536 in all. */
struct amd_smi_board {
	char model_number[AMD_SMI_TEXT];
	char product_serial[AMD_SMI_TEXT];
	char fru_id[AMD_SMI_TEXT];
	char product_name[AMD_SMI_TEXT];
	char manufacturer[AMD_SMI_TEXT];
	uint64_t reserved[64];
};
static_assert(sizeof(struct amd_smi_board) == 1792, "layout of AMD SMI");
enum {
	AMD_SMI_BOARD_25_SIZE = 1536,
};

struct amd_smi_driver {
	char version[AMD_SMI_TEXT];
	char date[AMD_SMI_TEXT];
	char name[AMD_SMI_TEXT];
};
static_assert(sizeof(struct amd_smi_driver) == 768, "layout of AMD SMI");

struct amd_smi_vbios_25 {
	char name[AMD_SMI_TEXT];
	char build_date[32];
	char part_number[AMD_SMI_TEXT];
	char version[AMD_SMI_TEXT];
	uint64_t reserved[32];
};
static_assert(sizeof(struct amd_smi_vbios_25) == 1056, "layout of AMD SMI");

struct amd_smi_vbios_26 {
	char name[AMD_SMI_TEXT];
	char build_date[AMD_SMI_TEXT];
	char part_number[AMD_SMI_TEXT];
	char version[AMD_SMI_TEXT];
	char boot_firmware[AMD_SMI_TEXT]; /* from 26.2 on */
	uint64_t reserved[36];
};
static_assert(sizeof(struct amd_smi_vbios_26) == 1568, "layout of AMD SMI");

struct amd_smi_vram_25 {
	uint32_t type;
	uint32_t vendor; /* a number in a list of makers */
	uint64_t size_mb;
	uint32_t bit_width;
	uint64_t bandwidth_gb_per_s;
	uint64_t reserved[4];
};
static_assert(sizeof(struct amd_smi_vram_25) == 64, "layout of AMD SMI");

struct amd_smi_vram_26 {
	uint32_t type;
	char vendor[AMD_SMI_TEXT];
	uint64_t size_mb;
	uint32_t bit_width;
	uint64_t bandwidth_gb_per_s;
	uint64_t reserved[37];
};
static_assert(sizeof(struct amd_smi_vram_26) == 584, "layout of AMD SMI");

enum amd_smi_vram_type {
	AMD_SMI_VRAM_HBM2 = 2,
	AMD_SMI_VRAM_HBM2E = 3,
	AMD_SMI_VRAM_HBM3 = 4,
	AMD_SMI_VRAM_HBM3E = 5,
};

struct amd_smi_vram_usage {
	uint32_t total_mb, used_mb;
	uint32_t reserved[2];
};
static_assert(sizeof(struct amd_smi_vram_usage) == 16, "layout of AMD SMI");

struct amd_smi_power_25 {
	uint64_t socket_w; /* of the two below, the one that there is */
	uint32_t current_w, average_w;
	uint32_t gfx_mv, soc_mv, memory_mv;
	uint32_t limit_uw;
	uint32_t reserved[2];
};
static_assert(sizeof(struct amd_smi_power_25) == 40, "layout of AMD SMI");

struct amd_smi_power_26 {
	uint64_t socket_w;
	uint32_t current_w, average_w;
	uint64_t gfx_mv, soc_mv, memory_mv;
	uint32_t limit_uw;
	uint64_t reserved[18];
};
static_assert(sizeof(struct amd_smi_power_26) == 192, "layout of AMD SMI");

struct amd_smi_power_cap {
	uint64_t cap_uw, default_cap_uw;
	uint64_t dpm_mhz;
	uint64_t minimum_uw, maximum_uw;
	uint64_t reserved[3];
};
static_assert(sizeof(struct amd_smi_power_cap) == 64, "layout of AMD SMI");

struct amd_smi_activity {
	uint32_t graphics, memory, media; /* percent */
	uint32_t reserved[13];
};
static_assert(sizeof(struct amd_smi_activity) == 64, "layout of AMD SMI");

struct amd_smi_clock {
	uint32_t mhz, minimum_mhz, maximum_mhz;
	uint8_t locked, deep_sleep;
	uint32_t reserved[4];
};
static_assert(sizeof(struct amd_smi_clock) == 32, "layout of AMD SMI");

enum amd_smi_clock_type {
	AMD_SMI_CLOCK_GRAPHICS = 0,
	AMD_SMI_CLOCK_SOC = 3,
	AMD_SMI_CLOCK_MEMORY = 4,
};

enum amd_smi_sensor {
	AMD_SMI_SENSOR_EDGE = 0, /* not on Instinct boards from MI300 on */
	AMD_SMI_SENSOR_JUNCTION = 1,
	AMD_SMI_SENSOR_VRAM = 2,
};

/* What of a sensor; all in degrees Celsius. */
enum amd_smi_temperature {
	AMD_SMI_TEMPERATURE_CURRENT = 0,
	AMD_SMI_TEMPERATURE_CRITICAL = 5,
	AMD_SMI_TEMPERATURE_EMERGENCY = 7,
};

struct amd_smi_ecc {
	uint64_t correctable, uncorrectable, deferred;
	uint64_t reserved[5];
};
static_assert(sizeof(struct amd_smi_ecc) == 64, "layout of AMD SMI");

/* Blocks of a GPU that count errors; bits of a mask. */
enum amd_smi_block {
	AMD_SMI_BLOCK_UMC = 0x1,
	AMD_SMI_BLOCK_SDMA = 0x2,
	AMD_SMI_BLOCK_GFX = 0x4,
	AMD_SMI_BLOCK_MMHUB = 0x8,
	AMD_SMI_BLOCK_ATHUB = 0x10,
	AMD_SMI_BLOCK_PCIE_BIF = 0x20,
	AMD_SMI_BLOCK_HDP = 0x40,
	AMD_SMI_BLOCK_XGMI_WAFL = 0x80,
	AMD_SMI_BLOCK_DF = 0x100,
	AMD_SMI_BLOCK_SMN = 0x200,
	AMD_SMI_BLOCK_SEM = 0x400,
	AMD_SMI_BLOCK_MP0 = 0x800,
	AMD_SMI_BLOCK_MP1 = 0x1000,
	AMD_SMI_BLOCK_FUSE = 0x2000,
	AMD_SMI_BLOCK_MCA = 0x4000,
	AMD_SMI_BLOCK_VCN = 0x8000,
	AMD_SMI_BLOCK_JPEG = 0x10000,
	AMD_SMI_BLOCK_IH = 0x20000,
	AMD_SMI_BLOCK_MPIO = 0x40000,
};

/* A page of memory that is out of use; page_size is in bytes. */
struct amd_smi_page {
	uint64_t address, page_size;
	uint32_t status; /* 0 out of use, 1 will be at the next reset, 2 could not be */
};
static_assert(sizeof(struct amd_smi_page) == 24, "layout of AMD SMI");

/* 26.5 has 8 more bytes. */
struct amd_smi_ras {
	uint32_t eeprom_version;
	uint32_t correction_schemes; /* 1 parity, 2 single bit, 4 double bit, 8 poison */
};
static_assert(sizeof(struct amd_smi_ras) == 8, "layout of AMD SMI");
enum {
	AMD_SMI_RAS_26_5_SIZE = 16,
};

struct amd_smi_xgmi {
	uint8_t lanes;
	uint64_t hive_id, node_id;
	uint32_t index;
	uint32_t reserved[9];
};
static_assert(sizeof(struct amd_smi_xgmi) == 64, "layout of AMD SMI");

/* Answers of amdsmi_get_gpu_xgmi_link_status. */
struct amd_smi_xgmi_links {
	uint32_t total;
	uint32_t status[AMD_SMI_XGMI_LINKS_MAXIMUM]; /* 0 down, 1 up, 2 disabled */
	uint64_t reserved[7];
};
static_assert(sizeof(struct amd_smi_xgmi_links) == 96, "layout of AMD SMI");

/* The start of amdsmi_get_link_metrics; entries of a stride that is the release's follow: 48 bytes
 * in 26.2, 56 in 25.4, 26.1 and 26.5. For other releases it is not known. */
struct amd_smi_links {
	uint32_t count;
	uint32_t padding;
};
static_assert(sizeof(struct amd_smi_links) == 8, "layout of AMD SMI");

struct amd_smi_link {
	uint64_t bdf; /* of the other end */
	uint32_t gbit_per_s;
	uint32_t bandwidth_gbit_per_s; /* at most */
	uint32_t type; /* enum amd_smi_link_type, but in 25 with XGMI as 1 and PCIe as 2 */
	uint64_t read_kb, written_kb;
};
static_assert(sizeof(struct amd_smi_link) == 40, "layout of AMD SMI");
enum {
	AMD_SMI_LINK_STRIDE = 56,
	AMD_SMI_LINK_STRIDE_26_2 = 48,
};

/* Also what amdsmi_topo_get_link_type answers, in all these releases. */
enum amd_smi_link_type {
	AMD_SMI_LINK_INTERNAL = 0,
	AMD_SMI_LINK_PCIE = 1,
	AMD_SMI_LINK_XGMI = 2,
	AMD_SMI_LINK_NOT_APPLICABLE = 3,
	AMD_SMI_LINK_UNKNOWN = 4,
};

struct amd_smi_pcie {
	struct {
		uint16_t width;
		uint32_t mt_per_s;
		uint32_t interface_version;
		uint32_t slot; /* 0 PCIe, 1 OAM, 2 CEM, 3 unknown */
		uint32_t interface_version_maximum;
		uint64_t reserved[9];
	} maximum;
	struct {
		uint16_t width;
		uint32_t mt_per_s;
		uint32_t mbit_per_s;
		uint64_t replays, recoveries, replay_rollovers;
		uint64_t naks_sent, naks_received;
		uint32_t other_end_recoveries;
		uint64_t reserved[12];
	} now;
	uint64_t reserved[32];
};
static_assert(sizeof(struct amd_smi_pcie) == 512, "layout of AMD SMI");

/* Throttling since the driver was loaded, and now. `accumulated` counts samples, `percent` is of
 * the last interval, `active` is 0 or 1. 26 has more behind these fields, by compute die. */
struct amd_smi_throttle {
	uint64_t prochot, power, socket, regulator, memory;
	uint64_t below_host_limit;
};

struct amd_smi_violation {
	uint64_t reference_us; /* CPU time stamp */
	uint64_t violation_ns;
	uint64_t samples;
	struct amd_smi_throttle accumulated;
	struct amd_smi_throttle percent;
	struct {
		uint8_t prochot, power, socket, regulator, memory;
		uint8_t below_host_limit;
	} active;
	uint8_t padding[2];
};
static_assert(sizeof(struct amd_smi_violation) == 128, "layout of AMD SMI");
enum {
	AMD_SMI_VIOLATION_25_SIZE = 152,
	AMD_SMI_VIOLATION_26_SIZE = 6016,
};

struct amd_smi_process {
	char name[AMD_SMI_TEXT];
	uint32_t pid;
	uint64_t memory; /* bytes */
	uint64_t graphics_ns, encoder_ns;
	uint32_t reserved_1[12];
	uint64_t gtt, cpu, vram; /* bytes */
	uint32_t reserved_2[10];
	char container[AMD_SMI_TEXT];
	uint32_t reserved_3[12];
};
static_assert(sizeof(struct amd_smi_process) == 704, "layout of AMD SMI");

/* The head of a record of the UEFI's Common Platform Error Record. */
struct amd_smi_cper {
	char signature[4]; /* "CPER" */
	uint16_t revision;
	uint32_t signature_end; /* all ones */
	uint16_t sections;
	uint32_t severity; /* enum amd_smi_cper_severity */
	uint32_t valid;
	uint32_t length; /* of the whole record */
	struct {
		uint8_t second, minute, hour, flag, day, month, year, century;
	} time;
	char platform_id[16];
	uint8_t partition_id[16];
	char creator_id[16];
	uint8_t notify_type[16];
	char record_id[8];
	uint32_t flags;
	uint64_t persistence;
	uint8_t reserved[12];
} __attribute__((packed));
static_assert(sizeof(struct amd_smi_cper) == 128, "layout of AMD SMI");

/* A severity mask has one bit for each of these. */
enum amd_smi_cper_severity {
	AMD_SMI_CPER_UNCORRECTED = 0,
	AMD_SMI_CPER_FATAL = 1,
	AMD_SMI_CPER_CORRECTED = 2,
};

/* The library. Every function returns an enum amd_smi_status. */
uint32_t amdsmi_init(uint64_t flags);
uint32_t amdsmi_shut_down(void);
/* A struct amd_smi_version_25 or amd_smi_version_26; only after amdsmi_init. */
uint32_t amdsmi_get_lib_version(void *version);
uint32_t amdsmi_status_code_to_string(uint32_t status, const char **text);

/* With NULL for the handles *count is set; else it is the room in, the number out. */
uint32_t amdsmi_get_socket_handles(uint32_t *count, struct amd_smi_socket **sockets);
uint32_t amdsmi_get_processor_handles(struct amd_smi_socket *socket, uint32_t *count,
				      struct amd_smi_gpu **processors);
uint32_t amdsmi_get_processor_type(struct amd_smi_gpu *processor, uint32_t *type); /* 1: GPU */

/* What a GPU is. */
uint32_t amdsmi_get_gpu_device_bdf(struct amd_smi_gpu *gpu, uint64_t *bdf);
uint32_t amdsmi_get_gpu_device_uuid(struct amd_smi_gpu *gpu, uint32_t *length, char *uuid);
uint32_t amdsmi_get_gpu_asic_info(struct amd_smi_gpu *gpu, struct amd_smi_asic *asic);
uint32_t amdsmi_get_gpu_board_info(struct amd_smi_gpu *gpu, struct amd_smi_board *board);
uint32_t amdsmi_get_gpu_driver_info(struct amd_smi_gpu *gpu, struct amd_smi_driver *driver);
uint32_t amdsmi_get_gpu_vbios_info(struct amd_smi_gpu *gpu, void *vbios);
uint32_t amdsmi_get_gpu_vram_info(struct amd_smi_gpu *gpu, void *vram);
uint32_t amdsmi_get_gpu_vram_usage(struct amd_smi_gpu *gpu, struct amd_smi_vram_usage *usage);
uint32_t amdsmi_get_gpu_compute_partition(struct amd_smi_gpu *gpu, char *mode, uint32_t length);
uint32_t amdsmi_get_gpu_memory_partition(struct amd_smi_gpu *gpu, char *mode, uint32_t length);
uint32_t amdsmi_topo_get_numa_node_number(struct amd_smi_gpu *gpu, uint32_t *node);

/* How it runs. */
uint32_t amdsmi_get_power_info(struct amd_smi_gpu *gpu, void *power);
uint32_t amdsmi_get_power_cap_info(struct amd_smi_gpu *gpu, uint32_t sensor,
				   struct amd_smi_power_cap *cap);
uint32_t amdsmi_get_temp_metric(struct amd_smi_gpu *gpu, uint32_t sensor, uint32_t metric,
				int64_t *celsius);
uint32_t amdsmi_get_gpu_activity(struct amd_smi_gpu *gpu, struct amd_smi_activity *activity);
uint32_t amdsmi_get_clock_info(struct amd_smi_gpu *gpu, uint32_t type, struct amd_smi_clock *clock);
uint32_t amdsmi_get_violation_status(struct amd_smi_gpu *gpu, void *violation);
uint32_t amdsmi_get_gpu_process_list(struct amd_smi_gpu *gpu, uint32_t *count,
				     struct amd_smi_process *processes);

/* Errors. A block is one bit of enum amd_smi_block. */
uint32_t amdsmi_get_gpu_total_ecc_count(struct amd_smi_gpu *gpu, struct amd_smi_ecc *ecc);
uint32_t amdsmi_get_gpu_ecc_count(struct amd_smi_gpu *gpu, uint64_t block, struct amd_smi_ecc *ecc);
uint32_t amdsmi_get_gpu_ecc_enabled(struct amd_smi_gpu *gpu, uint64_t *blocks);
uint32_t amdsmi_get_gpu_bad_page_info(struct amd_smi_gpu *gpu, uint32_t *count,
				      struct amd_smi_page *pages);
uint32_t amdsmi_get_gpu_bad_page_threshold(struct amd_smi_gpu *gpu, uint32_t *threshold);
uint32_t amdsmi_get_gpu_ras_feature_info(struct amd_smi_gpu *gpu, void *ras);
/* Fills `data` with records, one behind the other, and `heads` with pointers to them. In and out:
 * *size is the room and what was taken, *count the pointers, *cursor where to go on. MORE_DATA says
 * to call again. */
uint32_t amdsmi_get_gpu_cper_entries(struct amd_smi_gpu *gpu, uint32_t severities, char *data,
				     uint64_t *size, struct amd_smi_cper **heads, uint64_t *count,
				     uint64_t *cursor);
/* AMD's ids of faults in one record; from 26 on. *count is the room in, the number out. */
uint32_t amdsmi_get_afids_from_cper(char *record, uint32_t size, uint64_t *afids, uint32_t *count);

/* Links. */
uint32_t amdsmi_get_pcie_info(struct amd_smi_gpu *gpu, struct amd_smi_pcie *pcie);
uint32_t amdsmi_get_xgmi_info(struct amd_smi_gpu *gpu, struct amd_smi_xgmi *xgmi);
uint32_t amdsmi_get_gpu_xgmi_link_status(struct amd_smi_gpu *gpu, struct amd_smi_xgmi_links *links);
uint32_t amdsmi_gpu_xgmi_error_status(struct amd_smi_gpu *gpu, uint32_t *status); /* 0: none */
uint32_t amdsmi_get_link_metrics(struct amd_smi_gpu *gpu, void *metrics);
uint32_t amdsmi_topo_get_link_type(struct amd_smi_gpu *from, struct amd_smi_gpu *to, uint64_t *hops,
				   uint32_t *type);
uint32_t amdsmi_topo_get_link_weight(struct amd_smi_gpu *from, struct amd_smi_gpu *to,
				     uint64_t *weight);
