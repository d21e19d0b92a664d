/*
 * The PCIe functions that a job moves data through, and the bridges between them and the root.
 */
#pragma once

#include "check/check.h"

enum endpoint_kind {
	ENDPOINT_GPU,
	ENDPOINT_NIC, /* an RDMA adapter */
	ENDPOINT_NVME,
	ENDPOINT_KIND_COUNT,
};

extern const char *const endpoint_kind_names[ENDPOINT_KIND_COUNT]; /* "GPUs" … */

struct endpoint {
	enum endpoint_kind kind;
	const char *pci; /* "pci:0000:19:00.0" */
	const char
		*about; /* "gpu:0000:19:00.0" of a GPU that a vendor's library knows; else `pci` */
	const char *label; /* for people */
	const char *rdma;  /* "rdma:mlx5_0" of an adapter; NULL of others */
	bool is_virtual; /* an adapter's function that has link and settings of its physical one */
};

/* All of the machine by their address, each once. */
size_t endpoints_find(const struct machine *machine, struct arena *arena,
		      struct endpoint **ret_endpoints);

enum {
	PATH_BRIDGES = 32, /* deeper trees are not walked to their end */
};

struct pci_path {
	const char *bridges[PATH_BRIDGES]; /* from the function's own port up to the root */
	size_t count;
	bool whole; /* the root was reached */
};

void pci_path_find(const struct machine *machine, const char *pci, struct pci_path *ret_path);

/* Whether the bridges that are seen are those of the hardware: a hypervisor shows its own. */
bool pci_bridges_are_real(const struct machine *machine);
