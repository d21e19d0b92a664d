/* Stand-in for libamd_smi.so: errors of memory, error records and links. */
#include "amd_smi_stand_in.h"

#include <math.h>
#include <string.h>

enum {
	PCIE_GENERATIONS = 7,
	CPER_RECORD_SIZE = 256, /* the head, one fault, and nothing */
	CPER_FAULT_AT = 128,
	LINK_WEIGHT = 15,
};

static const uint32_t megatransfers[PCIE_GENERATIONS] = {
	0, 2500, 5000, 8000, 16000, 32000, 64000
};

static uint32_t count_errors(const struct amd_smi_gpu *gpu, struct amd_smi_ecc *ecc)
{
	double correctable;
	uint32_t status = stand_in_number(gpu, "ecc_correctable", &correctable);

	if (status == AMD_SMI_SUCCESS)
		*ecc = (struct amd_smi_ecc){
			.correctable = (uint64_t)correctable,
			.uncorrectable = stand_in_number_or_0(gpu, "ecc_uncorrectable"),
			.deferred = stand_in_number_or_0(gpu, "ecc_deferred"),
		};
	return status;
}

uint32_t amdsmi_get_gpu_total_ecc_count(struct amd_smi_gpu *gpu, struct amd_smi_ecc *ecc)
{
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, ecc, sizeof(*ecc), &status))
		return status;
	return count_errors(gpu, ecc);
}

/* All errors happen in one block: that of the memory, unless the scenario names another. */
uint32_t amdsmi_get_gpu_ecc_count(struct amd_smi_gpu *gpu, uint64_t block, struct amd_smi_ecc *ecc)
{
	uint64_t at;
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, ecc, sizeof(*ecc), &status))
		return status;
	if ((stand_in_number_or_0(gpu, "ecc_blocks") & block) == 0)
		return AMD_SMI_NOT_SUPPORTED;
	at = stand_in_number_or_0(gpu, "ecc_block");
	if (block == (at == 0 ? (uint64_t)AMD_SMI_BLOCK_UMC : at))
		return count_errors(gpu, ecc);
	*ecc = (struct amd_smi_ecc){ 0 };
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_ecc_enabled(struct amd_smi_gpu *gpu, uint64_t *blocks)
{
	uint32_t status;
	double mask;

	if (!stand_in_enter(__func__, gpu, blocks, sizeof(*blocks), &status))
		return status;
	status = stand_in_number(gpu, "ecc_blocks", &mask);
	if (status == AMD_SMI_SUCCESS)
		*blocks = (uint64_t)mask;
	return status;
}

/* Lines of "bad_page ADDRESS STATUS". */
uint32_t amdsmi_get_gpu_bad_page_info(struct amd_smi_gpu *gpu, uint32_t *count,
				      struct amd_smi_page *pages)
{
	const struct scenario_line *line;
	uint32_t room;
	uint32_t found = 0;
	uint32_t status;
	double words[2];

	if (!stand_in_enter(__func__, gpu, count, sizeof(*count), &status))
		return status;
	room = pages ? *count : 0;
	for (unsigned i = 0; (line = scenario_nth(&stand_in.scenario, gpu->number, "bad_page", i));
	     i++) {
		if (!scenario_holds(&stand_in.scenario, line) ||
		    !scenario_word(line->value, 0, &words[0]) ||
		    !scenario_word(line->value, 1, &words[1]))
			continue;
		if (found < room)
			pages[found] = (struct amd_smi_page){ (uint64_t)words[0], 4096,
							      (uint32_t)words[1] };
		found++;
	}
	*count = found;
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_gpu_bad_page_threshold(struct amd_smi_gpu *gpu, uint32_t *threshold)
{
	uint32_t status;
	double number;

	if (!stand_in_enter(__func__, gpu, threshold, sizeof(*threshold), &status))
		return status;
	status = stand_in_number(gpu, "bad_page_threshold", &number);
	if (status == AMD_SMI_SUCCESS)
		*threshold = (uint32_t)number;
	return status;
}

uint32_t amdsmi_get_gpu_ras_feature_info(struct amd_smi_gpu *gpu, void *ras)
{
	bool larger = stand_in.major > 26 || (stand_in.major == 26 && stand_in.minor >= 5);
	size_t size = larger ? AMD_SMI_RAS_26_5_SIZE : sizeof(struct amd_smi_ras);
	struct amd_smi_ras start;
	uint32_t status;
	double version;

	if (!stand_in_enter(__func__, gpu, ras, size, &status))
		return status;
	status = stand_in_number(gpu, "ras_eeprom", &version);
	if (status != AMD_SMI_SUCCESS)
		return status;
	start = (struct amd_smi_ras){ (uint32_t)version,
				      (uint32_t)stand_in_number_or_0(gpu, "ras_schemes") };
	memset(ras, 0, size);
	memcpy(ras, &start, sizeof(start));
	return AMD_SMI_SUCCESS;
}

static void put_record(char *at, uint32_t severity, uint64_t afid)
{
	struct amd_smi_cper head = {
		.signature = { 'C', 'P', 'E', 'R' },
		.revision = 0x100,
		.signature_end = UINT32_MAX,
		.sections = 1,
		.severity = severity,
		.length = CPER_RECORD_SIZE,
		.time = { .hour = 12, .day = 1, .month = 6, .year = 25, .century = 20 },
	};

	memset(at, 0, CPER_RECORD_SIZE);
	memcpy(at, &head, sizeof(head));
	memcpy(at + CPER_FAULT_AT, &afid, sizeof(afid));
}

/* Lines of "cper SEVERITY AFID". The cursor counts those that were looked at. */
/* NOLINTNEXTLINE(readability-function-size): the parameters are AMD's */
uint32_t amdsmi_get_gpu_cper_entries(struct amd_smi_gpu *gpu, uint32_t severities, char *data,
				     uint64_t *size, struct amd_smi_cper **heads, uint64_t *count,
				     uint64_t *cursor)
{
	const struct scenario_line *line;
	uint64_t room;
	uint64_t written = 0;
	uint32_t status;
	double words[2];

	if (!stand_in_enter(__func__, gpu, data, size ? *size : 0, &status))
		return status;
	if (!size || !heads || !count || !cursor)
		return AMD_SMI_INVALID;
	room = *size / CPER_RECORD_SIZE < *count ? *size / CPER_RECORD_SIZE : *count;
	for (; (line = scenario_nth(&stand_in.scenario, gpu->number, "cper", (unsigned)*cursor));
	     (*cursor)++) {
		if (!scenario_holds(&stand_in.scenario, line) ||
		    !scenario_word(line->value, 0, &words[0]) ||
		    !scenario_word(line->value, 1, &words[1]) ||
		    (severities >> (unsigned)words[0] & 1) == 0)
			continue;
		if (written == room)
			break;
		heads[written] = (struct amd_smi_cper *)(void *)(data + written * CPER_RECORD_SIZE);
		put_record(data + written * CPER_RECORD_SIZE, (uint32_t)words[0],
			   (uint64_t)words[1]);
		written++;
	}
	*count = written;
	*size = written * CPER_RECORD_SIZE;
	if (!line)
		return AMD_SMI_SUCCESS;
	if (room == 0)
		return AMD_SMI_OUT_OF_RESOURCES;
	return stand_in.major < 26 ? AMD_SMI_MORE_DATA_25 : AMD_SMI_MORE_DATA_26;
}

uint32_t amdsmi_get_afids_from_cper(char *record, uint32_t size, uint64_t *afids, uint32_t *count)
{
	if (!record || !afids || !count || size < CPER_RECORD_SIZE ||
	    memcmp(record, "CPER", 4) != 0)
		return AMD_SMI_INVALID;
	if (*count > 0)
		memcpy(afids, record + CPER_FAULT_AT, sizeof(*afids));
	*count = 1;
	return AMD_SMI_SUCCESS;
}

static uint32_t speed_of(const struct amd_smi_gpu *gpu, const char *key)
{
	uint64_t generation = stand_in_number_or_0(gpu, key);

	return generation < PCIE_GENERATIONS ? megatransfers[generation] : STAND_IN_UNKNOWN;
}

uint32_t amdsmi_get_pcie_info(struct amd_smi_gpu *gpu, struct amd_smi_pcie *pcie)
{
	uint32_t status;

	if (!stand_in_enter(__func__, gpu, pcie, sizeof(*pcie), &status))
		return status;
	*pcie = (struct amd_smi_pcie){
		.maximum = {
			.width = (uint16_t)stand_in_number_or_ones(gpu, "pcie_width_maximum", 1),
			.mt_per_s = speed_of(gpu, "pcie_generation_maximum"),
			.interface_version =
				(uint32_t)stand_in_number_or_ones(gpu, "pcie_generation", 1),
			.slot = 1,
			.interface_version_maximum =
				(uint32_t)stand_in_number_or_ones(gpu, "pcie_generation_maximum", 1),
		},
		.now = {
			.width = (uint16_t)stand_in_number_or_ones(gpu, "pcie_width", 1),
			.mt_per_s = speed_of(gpu, "pcie_generation"),
			.mbit_per_s = STAND_IN_UNKNOWN,
			.replays = stand_in_number_or_ones(gpu, "pcie_replays", 1),
			.recoveries = stand_in_number_or_ones(gpu, "pcie_recoveries", 1),
			.replay_rollovers =
				stand_in_number_or_ones(gpu, "pcie_replay_rollovers", 1),
			.naks_sent = stand_in_number_or_ones(gpu, "pcie_naks", 1),
			.naks_received = stand_in_number_or_ones(gpu, "pcie_naks", 1),
			.other_end_recoveries = STAND_IN_UNKNOWN,
		},
	};
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_get_xgmi_info(struct amd_smi_gpu *gpu, struct amd_smi_xgmi *xgmi)
{
	uint32_t status;

	if (stand_in_enter(__func__, gpu, xgmi, sizeof(*xgmi), &status))
		*xgmi = (struct amd_smi_xgmi){
			.lanes = (uint8_t)stand_in_number_or_0(gpu, "link_lanes"),
			.hive_id = stand_in_number_or_0(gpu, "hive"),
			.node_id = (uint64_t)gpu->number,
			.index = (uint32_t)gpu->number,
		};
	return status;
}

/* The GPU at the other end of a link: the others in their order. */
static int peer_of(const struct amd_smi_gpu *gpu, unsigned link)
{
	return (int)link < gpu->number ? (int)link : (int)link + 1;
}

static double link_number(const struct amd_smi_gpu *gpu, unsigned link, const char *key,
			  double otherwise)
{
	unsigned error;
	double number;

	return scenario_number(&stand_in.scenario, gpu->number, (int)link, key, &number, &error) ==
			       SCENARIO_VALUE
		       ? number
		       : otherwise;
}

uint32_t amdsmi_get_gpu_xgmi_link_status(struct amd_smi_gpu *gpu, struct amd_smi_xgmi_links *links)
{
	uint32_t status;
	double count;

	if (!stand_in_enter(__func__, gpu, links, sizeof(*links), &status))
		return status;
	status = stand_in_number(gpu, "link_count", &count);
	if (status != AMD_SMI_SUCCESS)
		return status;
	*links = (struct amd_smi_xgmi_links){ .total = AMD_SMI_XGMI_LINKS_MAXIMUM };
	for (unsigned i = 0; i < AMD_SMI_XGMI_LINKS_MAXIMUM; i++)
		links->status[i] = i < count ? (uint32_t)link_number(gpu, i, "state", 1) : 2;
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_gpu_xgmi_error_status(struct amd_smi_gpu *gpu, uint32_t *status)
{
	uint32_t answer;
	double number;

	if (!stand_in_enter(__func__, gpu, status, sizeof(*status), &answer))
		return answer;
	answer = stand_in_number(gpu, "xgmi_error", &number);
	if (answer == AMD_SMI_SUCCESS)
		*status = (uint32_t)number;
	return answer;
}

uint32_t amdsmi_get_link_metrics(struct amd_smi_gpu *gpu, void *metrics)
{
	size_t stride = stand_in.major == 26 && stand_in.minor >= 2 && stand_in.minor < 5
				? AMD_SMI_LINK_STRIDE_26_2
				: AMD_SMI_LINK_STRIDE;
	size_t size = sizeof(struct amd_smi_links) + AMD_SMI_LINKS_MAXIMUM * stride + 56;
	struct amd_smi_links head = { 0 };
	char *at = metrics;
	uint32_t status;
	double count;

	if (!stand_in_enter(__func__, gpu, metrics, size, &status))
		return status;
	status = stand_in_number(gpu, "link_count", &count);
	if (status != AMD_SMI_SUCCESS)
		return status;
	head.count = (uint32_t)fmin(count, AMD_SMI_LINKS_MAXIMUM);
	memset(metrics, 0, size);
	memcpy(at, &head, sizeof(head));
	at += sizeof(head);
	for (unsigned i = 0; i < head.count; i++, at += stride) {
		uint32_t rate = (uint32_t)link_number(
			gpu, i, "speed", (double)stand_in_number_or_0(gpu, "link_speed"));
		struct amd_smi_link link = {
			.bdf = stand_in_address(peer_of(gpu, i)),
			.gbit_per_s = rate,
			.bandwidth_gbit_per_s =
				rate * (uint32_t)stand_in_number_or_0(gpu, "link_lanes"),
			.type = stand_in.major < 26 ? 1 : AMD_SMI_LINK_XGMI,
			.read_kb = (uint64_t)link_number(gpu, i, "read", 0),
			.written_kb = (uint64_t)link_number(gpu, i, "written", 0),
		};
		memcpy(at, &link, sizeof(link));
	}
	return AMD_SMI_SUCCESS;
}

/* A GPU reaches another by XGMI when the link between them is up, by PCIe when it is not. */
static bool is_linked(const struct amd_smi_gpu *from, const struct amd_smi_gpu *to)
{
	unsigned link = (unsigned)(to->number < from->number ? to->number : to->number - 1);

	return link < stand_in_number_or_0(from, "link_count") &&
	       link_number(from, link, "state", 1) > 0;
}

uint32_t amdsmi_topo_get_link_type(struct amd_smi_gpu *from, struct amd_smi_gpu *to, uint64_t *hops,
				   uint32_t *type)
{
	uint32_t status;
	char nothing;

	if (!stand_in_enter(__func__, from, type, sizeof(*type), &status) ||
	    !stand_in_enter(__func__, to, &nothing, 0, &status))
		return status;
	if (from == to || !hops)
		return AMD_SMI_INVALID;
	*hops = is_linked(from, to) ? 1 : 2;
	*type = is_linked(from, to) ? AMD_SMI_LINK_XGMI : AMD_SMI_LINK_PCIE;
	return AMD_SMI_SUCCESS;
}

uint32_t amdsmi_topo_get_link_weight(struct amd_smi_gpu *from, struct amd_smi_gpu *to,
				     uint64_t *weight)
{
	uint32_t status;
	char nothing;

	if (!stand_in_enter(__func__, from, weight, sizeof(*weight), &status) ||
	    !stand_in_enter(__func__, to, &nothing, 0, &status))
		return status;
	if (from == to)
		return AMD_SMI_INVALID;
	*weight = is_linked(from, to) ? LINK_WEIGHT : 4 * LINK_WEIGHT;
	return AMD_SMI_SUCCESS;
}
