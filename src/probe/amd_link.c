#include "probe/amd.h"

#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	LINK_DISABLED = 2, /* a port that leads nowhere */
};

static const double bytes_of_gbit = 1e9 / 8;

/* 1 for 2.5 GT/s and so on; 0 for what is no speed of PCIe. */
static unsigned generation_of(uint32_t mt_per_s)
{
	static const uint32_t speeds[] = { 2500, 5000, 8000, 16000, 32000, 64000, 128000 };

	for (unsigned i = 0; i < COUNT(speeds); i++)
		if (mt_per_s == speeds[i])
			return i + 1;
	return 0;
}

static void ask_pcie(struct amd_gpu *gpu)
{
	struct amd_smi_pcie pcie;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_pcie_info, amd_room(gpu));

	memcpy(&pcie, gpu->room, sizeof(pcie));
	if (!gpu_told(&gpu->told, status, NODE_GPU_PCIE_WIDTH))
		return;
	amd_say(gpu, NODE_GPU_PCIE_REPLAYS, pcie.now.replays, 1);
	if (!(gpu->told.shares & PROBE_FULL))
		return;
	if (pcie.now.width != UINT16_MAX)
		gpu_say_value(&gpu->told, NODE_GPU_PCIE_WIDTH, pcie.now.width);
	if (pcie.maximum.width != UINT16_MAX)
		gpu_say_value(&gpu->told, NODE_GPU_PCIE_WIDTH_MAXIMUM, pcie.maximum.width);
	if (pcie.now.mt_per_s != UINT32_MAX)
		gpu_say_value(&gpu->told, NODE_GPU_PCIE_GENERATION,
			      generation_of(pcie.now.mt_per_s));
	if (pcie.maximum.mt_per_s != UINT32_MAX)
		gpu_say_value(&gpu->told, NODE_GPU_PCIE_GENERATION_MAXIMUM,
			      generation_of(pcie.maximum.mt_per_s));
}

/* The bytes from one entry to the next; 0 for a release of which they are not known. */
static size_t stride_of(const struct amd_gpu *gpu)
{
	if (gpu->major == 25)
		return AMD_SMI_LINK_STRIDE;
	if (gpu->major == 26 && gpu->minor == 2)
		return AMD_SMI_LINK_STRIDE_26_2;
	if (gpu->major == 26 && (gpu->minor == 1 || gpu->minor == 5))
		return AMD_SMI_LINK_STRIDE;
	return 0;
}

/* Links of XGMI in the order of the library; returns how many. */
static unsigned read_metrics(struct amd_gpu *gpu,
			     struct amd_smi_link ret_links[static AMD_SMI_XGMI_LINKS_MAXIMUM])
{
	uint32_t xgmi = gpu->major < 26 ? 1 : AMD_SMI_LINK_XGMI;
	size_t stride = stride_of(gpu);
	struct amd_smi_links head;
	unsigned count = 0;

	if (stride == 0 ||
	    AMD_SMI_ASK(gpu, amdsmi_get_link_metrics, amd_room(gpu)) != AMD_SMI_SUCCESS)
		return 0;
	memcpy(&head, gpu->room, sizeof(head));
	if (head.count > AMD_SMI_LINKS_MAXIMUM)
		return 0;
	for (uint32_t i = 0; i < head.count; i++) {
		struct amd_smi_link link;

		memcpy(&link, (const char *)gpu->room + sizeof(head) + i * stride, sizeof(link));
		if (link.type == xgmi && count < AMD_SMI_XGMI_LINKS_MAXIMUM)
			ret_links[count++] = link;
	}
	return count;
}

static void say_metric(struct amd_gpu *gpu, const struct amd_smi_link *link)
{
	char name[VENDOR_NAME_SIZE];

	if (amd_name(link->bdf, name))
		gpu_say_state(&gpu->told, NODE_GPU_LINK_PEER, name);
	else
		gpu_say_rubbish(&gpu->told, NODE_GPU_LINK_PEER, link->bdf);
	amd_say(gpu, NODE_GPU_LINK_SPEED, link->bandwidth_gbit_per_s, bytes_of_gbit);
}

/* Speeds and peers belong to a link only when there are as many of them as links. */
static void ask_metrics(struct amd_gpu *gpu, const unsigned *links, unsigned count)
{
	struct amd_smi_link metrics[AMD_SMI_XGMI_LINKS_MAXIMUM];

	if (read_metrics(gpu, metrics) != count)
		return;
	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(gpu->told.part, VENDOR_NAME_SIZE, "%.24s/link:%u", gpu->told.name,
			       links[i]);
		say_metric(gpu, &metrics[i]);
	}
	memcpy(gpu->told.part, gpu->told.name, VENDOR_NAME_SIZE);
}

static void ask_xgmi(struct amd_gpu *gpu)
{
	static const char *const words[] = { "down", "up" };
	unsigned present[AMD_SMI_XGMI_LINKS_MAXIMUM], count = 0;
	struct amd_smi_xgmi_links links;
	uint32_t status = AMD_SMI_ASK(gpu, amdsmi_get_gpu_xgmi_link_status, amd_room(gpu));

	memcpy(&links, gpu->room, sizeof(links));
	if (!gpu_told(&gpu->told, status, NODE_GPU_LINK))
		return;
	if (links.total > AMD_SMI_XGMI_LINKS_MAXIMUM) {
		gpu_say_rubbish(&gpu->told, NODE_GPU_LINK, links.total);
		return;
	}
	for (unsigned i = 0; i < links.total; i++) {
		if (links.status[i] == LINK_DISABLED)
			continue;
		present[count++] = i;
		(void)snprintf(gpu->told.part, VENDOR_NAME_SIZE, "%.24s/link:%u", gpu->told.name,
			       i);
		if (gpu->told.shares & PROBE_QUICK)
			gpu_say_word(&gpu->told, NODE_GPU_LINK, links.status[i], words,
				     COUNT(words));
	}
	memcpy(gpu->told.part, gpu->told.name, VENDOR_NAME_SIZE);
	if (count > 0 && (gpu->told.shares & PROBE_FULL))
		ask_metrics(gpu, present, count);
}

void amd_ask_links(struct amd_gpu *gpu)
{
	if (gpu->told.shares & (PROBE_QUICK | PROBE_FULL))
		ask_xgmi(gpu);
	if (gpu->told.shares & (PROBE_FULL | PROBE_COUNTERS))
		ask_pcie(gpu);
}
