/*
 * The configuration space of a PCI function: what of it says how the function moves data.
 * PCI Express Base Specification, sections 7.5 (capability 0x10) and 7.7.8 (ACS, 0x000d).
 */
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum {
	PCI_CONFIG_IDENTITY = 16, /* enough to tell whether anything answers */
	PCI_CONFIG_HEADER = 64,   /* what every user may read */
	PCI_CONFIG_PLAIN = 256,   /* with the capabilities */
	PCI_CONFIG_WHOLE = 4096,  /* with the extended ones */
};

enum pci_acs {
	PCI_ACS_SOURCE_VALIDATION = 1 << 0,
	PCI_ACS_TRANSLATION_BLOCKING = 1 << 1,
	PCI_ACS_REQUEST_REDIRECT = 1 << 2,
	PCI_ACS_COMPLETION_REDIRECT = 1 << 3,
	PCI_ACS_UPSTREAM_FORWARDING = 1 << 4,
	PCI_ACS_EGRESS_CONTROL = 1 << 5,
	PCI_ACS_DIRECT_TRANSLATED = 1 << 6,
};

struct pci_config {
	bool lost;    /* the identity reads all ones: nothing answers */
	bool goes_on; /* a list of capabilities leads behind the bytes that were given */

	/* What is not known of the capabilities says why; NULL when all is known. */
	const char *why_plain;
	bool is_express; /* has capability 0x10; what follows is only then set */
	bool relaxed_ordering;
	unsigned payload, read_request; /* bytes; 0 when the field holds a reserved value */

	const char *why_extended;
	bool has_acs;
	unsigned acs; /* enum pci_acs: what is on */
};

/* Any bytes: what cannot be told from them has its why. Chains that loop end. */
void pci_config_decode(struct span bytes, struct pci_config *ret_config);

/* "none", "off", or "SV+RR+CR+UF". Of a config whose extended capabilities are known. */
const char *pci_config_acs(const struct pci_config *config, struct arena *arena);
