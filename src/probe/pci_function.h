/*
 * A PCI function as the kernel names and places it, and which functions are of interest on a node.
 */
#pragma once

#include "host/system.h"

enum pci_kind {
	PCI_KIND_OTHER,
	PCI_KIND_NVIDIA,  /* a data centre GPU of NVIDIA: a 3D controller, class 0302 */
	PCI_KIND_AMD,     /* one of AMD: class 0380 (display, no VGA) or 1200 (accelerator) */
	PCI_KIND_SWITCH,  /* NVSwitch: a bridge of NVIDIA, class 0680 */
	PCI_KIND_NETWORK, /* Ethernet, InfiniBand and other network controllers, class 02 */
	PCI_KIND_NVME,    /* class 0108 */
};

enum pci_vendor {
	PCI_VENDOR_AMD = 0x1002,
	PCI_VENDOR_NVIDIA = 0x10de,
	PCI_VENDOR_MELLANOX = 0x15b3,
};

/* `class` has 24 bits. What drives a display (class 0300) is no data centre GPU, whoever made it:
 * nothing in its class or vendor tells a workstation board from a game board. */
enum pci_kind pci_kind(uint32_t class, uint32_t vendor);

static inline bool pci_is_gpu(enum pci_kind kind)
{
	return kind == PCI_KIND_NVIDIA || kind == PCI_KIND_AMD;
}

/* "0000:19:00.0": a domain of 4 to 8 hexadecimal digits, bus, device, function. */
bool pci_is_name(struct span name);

/* The number that /sys writes as 0x and exactly `digits` digits. */
bool pci_read_id(const struct host *host, const char *path, unsigned digits, struct arena *arena,
		 uint32_t *ret_id, struct error *err);

/* Class and vendor of the function of that name. */
bool pci_read_kind(const struct host *host, const char *name, struct arena *arena,
		   enum pci_kind *ret_kind, struct error *err);

/* The nearest PCI function on the way to a device of /sys, as "0000:19:00.0": of an adapter for its
 * network interface. NULL when there is none, or behind USB: the function is then the controller's,
 * not the device's. */
const char *pci_of_device(const struct host *host, const char *path, struct arena *arena);
