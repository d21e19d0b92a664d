#include "check/pcie/path.h"

#include <stdlib.h>
#include <string.h>

const char *const endpoint_kind_names[ENDPOINT_KIND_COUNT] = {
	[ENDPOINT_GPU] = "GPUs",
	[ENDPOINT_NIC] = "RDMA adapters",
	[ENDPOINT_NVME] = "NVMe drives",
};

static bool is_id_of(const char *id, const char *vendor)
{
	return id && strncmp(id, vendor, strlen(vendor)) == 0;
}

/* By class and vendor, as the probe counts them: a data centre GPU is a 3D controller of NVIDIA, or
 * a display or an accelerator of AMD. */
static bool is_gpu(const struct machine *machine, const char *pci, const char *class)
{
	const char *id = machine_state(machine, NODE_PCI_ID, pci);

	if (strncmp(class, "0302", 4) == 0)
		return is_id_of(id, "10de:");
	return (strncmp(class, "0380", 4) == 0 || strncmp(class, "1200", 4) == 0) &&
	       is_id_of(id, "1002:");
}

static const char *device_of(const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	return device ? device : "";
}

static int compare_endpoints(const void *left, const void *right)
{
	const struct endpoint *a = left, *b = right;
	int order = strcmp(a->pci, b->pci);

	/* Of a GPU that both the bus and the library know, the library's name comes first. */
	return order ? order : strcmp(a->about, b->about);
}

static size_t drop_doubles(struct endpoint *endpoints, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(endpoints[i].pci, endpoints[kept - 1].pci) != 0)
			endpoints[kept++] = endpoints[i];
	return kept;
}

static struct endpoint make_nic(const struct machine *machine, const struct record *record,
				struct arena *arena)
{
	const char *rdma = device_of(record);

	return (struct endpoint){
		.kind = ENDPOINT_NIC,
		.pci = record->text,
		.about = record->text,
		.label = device_label(machine, rdma, arena),
		.rdma = rdma,
		.is_virtual = machine_state_is(machine, NODE_RDMA_FUNCTION, rdma, "virtual"),
	};
}

size_t endpoints_find(const struct machine *machine, struct arena *arena,
		      struct endpoint **ret_endpoints)
{
	size_t room = machine->by[NODE_PCI_CLASS].count + machine->by[NODE_GPU_VENDOR].count +
		      machine->by[NODE_RDMA_PCI].count;
	struct endpoint *endpoints = ARENA_ARRAY(arena, struct endpoint, room);
	const struct record *one;
	size_t count = 0, at = 0;

	while ((one = machine_next(machine, NODE_GPU_VENDOR, &at))) {
		const char *pci = device_pci(device_of(one), arena);

		if (pci)
			endpoints[count++] = (struct endpoint){
				.kind = ENDPOINT_GPU,
				.pci = pci,
				.about = device_of(one),
				.label = device_label(machine, device_of(one), arena),
			};
	}
	at = 0;
	while ((one = machine_next(machine, NODE_RDMA_PCI, &at))) {
		if (one->says == SAYS_STATE && strncmp(one->text, "pci:", 4) == 0)
			endpoints[count++] = make_nic(machine, one, arena);
	}
	at = 0;
	while ((one = machine_next(machine, NODE_PCI_CLASS, &at))) {
		const char *pci = device_of(one), *class = one->says == SAYS_STATE ? one->text : "";
		bool nvme = strncmp(class, "0108", 4) == 0;

		if (!nvme && !is_gpu(machine, pci, class))
			continue;
		endpoints[count++] = (struct endpoint){
			.kind = nvme ? ENDPOINT_NVME : ENDPOINT_GPU,
			.pci = pci,
			.about = pci,
			.label = arena_format(arena, nvme ? "NVMe drive %s" : "GPU %s", pci + 4),
		};
	}
	if (count > 0)
		qsort(endpoints, count, sizeof(*endpoints), compare_endpoints);
	*ret_endpoints = endpoints;
	return drop_doubles(endpoints, count);
}

void pci_path_find(const struct machine *machine, const char *pci, struct pci_path *ret_path)
{
	struct pci_path path = { .count = 0 };
	const char *parent = machine_state(machine, NODE_PCI_PARENT, pci);

	while (parent && strcmp(parent, "root") != 0 && path.count < PATH_BRIDGES) {
		path.bridges[path.count++] = parent;
		parent = machine_state(machine, NODE_PCI_PARENT, parent);
	}
	path.whole = parent && strcmp(parent, "root") == 0;
	*ret_path = path;
}

bool pci_bridges_are_real(const struct machine *machine)
{
	return machine_state_is(machine, NODE_VIRTUAL, NULL, "none");
}
