#include "probe/amd.h"

#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PAGES_MAXIMUM = AMD_SMI_ROOM / (int)sizeof(struct amd_smi_page),
	RECORDS_MAXIMUM = 64, /* of one GPU that are told */
	RECORDS_AT_ONCE = 16,
	TURNS_MAXIMUM = 32,
	PAGE_PENDING = 1,
	SEVERITIES = 7, /* all three */
};

/* As the driver calls the files of its blocks. */
static const struct {
	uint64_t block;
	const char *name;
} blocks[] = {
	{ AMD_SMI_BLOCK_UMC, "umc" },     { AMD_SMI_BLOCK_SDMA, "sdma" },
	{ AMD_SMI_BLOCK_GFX, "gfx" },     { AMD_SMI_BLOCK_MMHUB, "mmhub" },
	{ AMD_SMI_BLOCK_ATHUB, "athub" }, { AMD_SMI_BLOCK_PCIE_BIF, "pcie_bif" },
	{ AMD_SMI_BLOCK_HDP, "hdp" },     { AMD_SMI_BLOCK_XGMI_WAFL, "xgmi_wafl" },
	{ AMD_SMI_BLOCK_DF, "df" },       { AMD_SMI_BLOCK_SMN, "smn" },
	{ AMD_SMI_BLOCK_SEM, "sem" },     { AMD_SMI_BLOCK_MP0, "mp0" },
	{ AMD_SMI_BLOCK_MP1, "mp1" },     { AMD_SMI_BLOCK_FUSE, "fuse" },
	{ AMD_SMI_BLOCK_MCA, "mca" },     { AMD_SMI_BLOCK_VCN, "vcn" },
	{ AMD_SMI_BLOCK_JPEG, "jpeg" },   { AMD_SMI_BLOCK_IH, "ih" },
	{ AMD_SMI_BLOCK_MPIO, "mpio" },
};

static void ask_totals(struct amd_gpu *gpu)
{
	struct amd_smi_ecc ecc;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_total_ecc_count, amd_room(gpu));

	memcpy(&ecc, gpu->room, sizeof(ecc));
	if (!gpu_told(&gpu->told, status, NODE_GPU_ECC_UNCORRECTED))
		return;
	amd_say(gpu, NODE_GPU_ECC_UNCORRECTED, ecc.uncorrectable, 1);
	amd_say(gpu, NODE_GPU_ECC_CORRECTED, ecc.correctable, 1);
}

static void ask_block(struct amd_gpu *gpu, size_t which)
{
	struct amd_smi_ecc ecc;
	uint32_t status;

	(void)snprintf(gpu->told.part, VENDOR_NAME_SIZE, "%.24s/block:%s", gpu->told.name,
		       blocks[which].name);
	status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_ecc_count, blocks[which].block, amd_room(gpu));
	memcpy(&ecc, gpu->room, sizeof(ecc));
	if (!gpu_told(&gpu->told, status, NODE_GPU_RAS_UNCORRECTED))
		return;
	amd_say(gpu, NODE_GPU_RAS_UNCORRECTED, ecc.uncorrectable, 1);
	amd_say(gpu, NODE_GPU_RAS_CORRECTED, ecc.correctable, 1);
	amd_say(gpu, NODE_GPU_RAS_DEFERRED, ecc.deferred, 1);
}

static void ask_blocks(struct amd_gpu *gpu)
{
	uint64_t mask = 0;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_ecc_enabled, &mask);

	if (!gpu_told(&gpu->told, status, NODE_GPU_ECC_MODE))
		return;
	/* Bits that no release has are no mask. */
	if (mask >> 32 != 0) {
		gpu_say_rubbish(&gpu->told, NODE_GPU_ECC_MODE, mask);
		return;
	}
	if (gpu->told.shares & PROBE_QUICK)
		gpu_say_state(&gpu->told, NODE_GPU_ECC_MODE,
			      mask & AMD_SMI_BLOCK_UMC ? "on" : "off");
	for (size_t i = 0; i < COUNT(blocks); i++)
		if (mask & blocks[i].block)
			ask_block(gpu, i);
	memcpy(gpu->told.part, gpu->told.name, VENDOR_NAME_SIZE);
}

static void ask_pending(struct amd_gpu *gpu, uint32_t count)
{
	bool is_pending = false;
	uint32_t room = PAGES_MAXIMUM;

	if (count > 0) {
		uint32_t status =
			AMD_SMI_ASK(gpu, amdsmi_get_gpu_bad_page_info, &room, amd_room(gpu));
		if (!gpu_told(&gpu->told, status, NODE_GPU_PAGES_PENDING))
			return;
	}
	for (uint32_t i = 0; i < count && i < room && i < PAGES_MAXIMUM; i++) {
		struct amd_smi_page page;

		memcpy(&page, (const char *)gpu->room + i * sizeof(page), sizeof(page));
		is_pending |= page.status == PAGE_PENDING;
	}
	gpu_say_state(&gpu->told, NODE_GPU_PAGES_PENDING, is_pending ? "yes" : "no");
}

static void ask_pages(struct amd_gpu *gpu)
{
	uint32_t count = 0, threshold = 0;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_bad_page_info, &count, NULL);

	if (gpu_told(&gpu->told, status, NODE_GPU_PAGES_UNCORRECTED)) {
		gpu_say_u32(&gpu->told, NODE_GPU_PAGES_UNCORRECTED, count, 1);
		if (count <= PAGES_MAXIMUM)
			ask_pending(gpu, count);
	}
	status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_bad_page_threshold, &threshold);
	if (gpu_told(&gpu->told, status, NODE_GPU_PAGES_THRESHOLD))
		amd_say(gpu, NODE_GPU_PAGES_THRESHOLD, threshold, 1);
}

void amd_ask_errors(struct amd_gpu *gpu)
{
	ask_totals(gpu);
	ask_blocks(gpu);
	if (gpu->told.shares & PROBE_QUICK)
		ask_pages(gpu);
}

/* "afid 24 severity fatal"; several ids of one record are several lines. */
static void say_record(struct amd_gpu *gpu, char *record, uint32_t length, uint32_t severity)
{
	static const char *const words[] = {
		[AMD_SMI_CPER_UNCORRECTED] = "uncorrected",
		[AMD_SMI_CPER_FATAL] = "fatal",
		[AMD_SMI_CPER_CORRECTED] = "corrected",
	};
	const char *word = severity < COUNT(words) ? words[severity] : "informational";
	uint64_t ids[AMD_SMI_AFIDS_MAXIMUM] = { 0 };
	uint32_t count = AMD_SMI_AFIDS_MAXIMUM;
	uint32_t status = AMD_SMI_NOT_SUPPORTED;

	if (gpu_ask_begin(&gpu->told, gpu->smi->amdsmi_get_afids_from_cper.name))
		status = gpu->smi->amdsmi_get_afids_from_cper.call(record, length, ids, &count);
	if (status != AMD_SMI_SUCCESS || count == 0 || count > AMD_SMI_AFIDS_MAXIMUM) {
		say_text(gpu->told.port, gpu->told.part, NODE_GPU_CPER, "severity %s", word);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		say_text(gpu->told.port, gpu->told.part, NODE_GPU_CPER, "afid %llu severity %s",
			 (unsigned long long)ids[i], word);
}

/* Where a head points, when it points at a whole record within what was written. */
static bool find_record(const struct amd_gpu *gpu, const struct amd_smi_cper *head, size_t *ret_at,
			struct amd_smi_cper *ret_head)
{
	uintptr_t base = (uintptr_t)gpu->room, place = (uintptr_t)head;

	if (!gpu->room || place < base || place - base > AMD_SMI_ROOM - sizeof(*head))
		return false;
	*ret_at = place - base;
	memcpy(ret_head, (const char *)gpu->room + *ret_at, sizeof(*ret_head));
	return memcmp(ret_head->signature, "CPER", 4) == 0 &&
	       ret_head->length >= sizeof(*ret_head) && ret_head->length <= AMD_SMI_ROOM - *ret_at;
}

/* One turn; false when there is no next one. */
static bool ask_turn(struct amd_gpu *gpu, uint64_t *cursor, unsigned *told)
{
	struct amd_smi_cper *heads[RECORDS_AT_ONCE] = { NULL };
	uint64_t size = AMD_SMI_ROOM, count = RECORDS_AT_ONCE;
	uint32_t more = gpu->major < 26 ? AMD_SMI_MORE_DATA_25 : AMD_SMI_MORE_DATA_26;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_cper_entries, SEVERITIES, amd_room(gpu),
				      &size, heads, &count, cursor);

	if (status != more && !gpu_told(&gpu->told, status, NODE_GPU_CPER))
		return false;
	for (uint64_t i = 0; i < count && i < RECORDS_AT_ONCE; i++) {
		struct amd_smi_cper head;
		size_t at;

		if (*told == RECORDS_MAXIMUM)
			return false;
		if (!find_record(gpu, heads[i], &at, &head)) {
			gpu_say_rubbish(&gpu->told, NODE_GPU_CPER, count);
			return false;
		}
		say_record(gpu, (char *)gpu->room + at, head.length, head.severity);
		(*told)++;
	}
	return status == more && count > 0;
}

void amd_ask_records(struct amd_gpu *gpu)
{
	uint64_t cursor = 0;
	unsigned told = 0;

	for (unsigned turn = 0; turn < TURNS_MAXIMUM; turn++)
		if (!ask_turn(gpu, &cursor, &told))
			return;
}
