/*
 * What the probes of both vendors share: whether there is anything to ask, asking again without a
 * GPU that stalls, and what the answers say. Which libraries are opened: those that the loader
 * finds, or only those of the folder that the environment variable ASSAY_LIBRARY_PATH names, see
 * library_folder(); then a root that is no captured machine is asked too, as tests do.
 */
#pragma once

#include "probe/pci_function.h"
#include "probe/probe.h"

struct vendor {
	enum probe_worker which;
	const char *name;    /* "nvidia" */
	const char *worker;  /* "nvml" */
	const char *library; /* "library:nvml" */
	const char *driver;  /* "nvidia": the kernel's name of it */
	enum pci_kind kind;
	worker_function *serve;
};

extern const struct vendor vendor_nvidia, vendor_amd;

/* Addresses of the vendor's GPUs on the PCI bus, "0000:19:00.0", sorted. */
size_t vendor_bus(const struct vendor *vendor, const struct host *host, struct arena *arena,
		  const char *const **ret_addresses);

/* Whether the library can be asked at all: for a root that is not this machine it cannot. */
bool vendor_can_ask(const struct host *host);

/* Asks, takes what is answered, and says of each GPU of the bus whose it is and whether it answers.
 * Nothing is asked, and nothing said, when the bus has none and no answers are given. */
void vendor_look(const struct vendor *vendor, const struct probe_request *request,
		 const char *const *addresses, size_t address_count, struct sightings *sightings);

/* A worker that is not started yet; its request without a GPU to skip. */
void vendor_worker(const struct vendor *vendor, const struct probe_request *request,
		   struct worker *ret_worker);
const char *vendor_request(unsigned shares, const char *skip, struct arena *arena);
