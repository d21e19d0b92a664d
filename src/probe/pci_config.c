#include "probe/pci_config.h"

enum {
	STATUS = 0x06,
	STATUS_CAPABILITIES = 1 << 4,
	CAPABILITY_POINTER = 0x34,
	CAPABILITY_EXPRESS = 0x10,
	EXPRESS_DEVICE_CONTROL = 8,
	EXPRESS_SIZE = 12, /* up to the end of device control and status */
	EXTENDED_ACS = 0x000d,
	ACS_CONTROL = 6,
	ACS_SIZE = 8,
	RESERVED_SIZE = 6, /* first reserved value of the fields of payload and read request */
};

static unsigned byte_at(struct span bytes, size_t at)
{
	return (unsigned char)bytes.at[at];
}

static unsigned word_at(struct span bytes, size_t at)
{
	return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}

/* Not by vendor and device alone: those of a virtual function are all ones. */
static bool is_lost(struct span bytes)
{
	if (bytes.length < PCI_CONFIG_IDENTITY)
		return false;
	for (size_t i = 0; i < PCI_CONFIG_IDENTITY; i++)
		if (byte_at(bytes, i) != 0xff)
			return false;
	return true;
}

static unsigned size_of(unsigned field)
{
	return field < RESERVED_SIZE ? 128u << field : 0;
}

static void decode_express(struct span bytes, size_t at, struct pci_config *config)
{
	unsigned control = word_at(bytes, at + EXPRESS_DEVICE_CONTROL);

	config->is_express = true;
	config->relaxed_ordering = control >> 4 & 1;
	config->payload = size_of(control >> 5 & 7);
	config->read_request = size_of(control >> 12 & 7);
}

static const char *fall_short(struct span bytes, struct pci_config *config)
{
	config->goes_on = true;
	if (bytes.length == PCI_CONFIG_HEADER)
		return "only the first 64 bytes of its configuration may be read by this user";
	return "its configuration is cut short";
}

/* Returns why the list could not be walked to what is looked for, NULL when it could. */
static const char *decode_plain(struct span bytes, struct pci_config *config)
{
	size_t at;

	if (bytes.length < PCI_CONFIG_HEADER)
		return fall_short(bytes, config);
	if (!(word_at(bytes, STATUS) & STATUS_CAPABILITIES))
		return NULL;
	at = byte_at(bytes, CAPABILITY_POINTER) & ~3u;
	/* Each takes four bytes at least: a longer list loops. */
	for (unsigned i = 0; i < (PCI_CONFIG_PLAIN - PCI_CONFIG_HEADER) / 4; i++) {
		if (at == 0)
			return NULL;
		if (at < PCI_CONFIG_HEADER)
			return "its list of capabilities leads into the header";
		if (at + 2 > bytes.length)
			return fall_short(bytes, config);
		if (byte_at(bytes, at) == CAPABILITY_EXPRESS) {
			if (at + EXPRESS_SIZE > bytes.length ||
			    at + EXPRESS_SIZE > PCI_CONFIG_PLAIN)
				return fall_short(bytes, config);
			decode_express(bytes, at, config);
			return NULL;
		}
		at = byte_at(bytes, at + 1) & ~3u;
	}
	return "its list of capabilities loops";
}

static const char *decode_extended(struct span bytes, struct pci_config *config)
{
	size_t at = PCI_CONFIG_PLAIN;

	if (bytes.length < PCI_CONFIG_PLAIN)
		return fall_short(bytes, config);
	if (bytes.length == PCI_CONFIG_PLAIN)
		return "the machine shows no extended configuration";
	for (unsigned i = 0; i < (PCI_CONFIG_WHOLE - PCI_CONFIG_PLAIN) / 4; i++) {
		if (at + 4 > bytes.length)
			return fall_short(bytes, config);
		unsigned id = word_at(bytes, at);
		unsigned next = word_at(bytes, at + 2) >> 4 & ~3u;

		/* An empty first header: there is none at all. */
		if (id == 0 && next == 0)
			return NULL;
		if (id == 0xffff)
			return "its extended configuration reads all ones";
		if (id == EXTENDED_ACS) {
			if (at + ACS_SIZE > bytes.length)
				return fall_short(bytes, config);
			config->has_acs = true;
			config->acs = word_at(bytes, at + ACS_CONTROL) & 0x7f;
			return NULL;
		}
		if (next == 0)
			return NULL;
		if (next < PCI_CONFIG_PLAIN)
			return "its list of extended capabilities leads out of them";
		at = next;
	}
	return "its list of extended capabilities loops";
}

void pci_config_decode(struct span bytes, struct pci_config *ret_config)
{
	*ret_config = (struct pci_config){ 0 };
	if (is_lost(bytes)) {
		ret_config->lost = true;
		ret_config->why_plain = "its configuration reads all ones: it does not answer";
		ret_config->why_extended = ret_config->why_plain;
		return;
	}
	ret_config->why_plain = decode_plain(bytes, ret_config);
	/* Only PCI Express has extended capabilities. */
	if (ret_config->is_express)
		ret_config->why_extended = decode_extended(bytes, ret_config);
	else
		ret_config->why_extended = ret_config->why_plain;
}

const char *pci_config_acs(const struct pci_config *config, struct arena *arena)
{
	static const char *const names[] = { "SV", "TB", "RR", "CR", "UF", "EC", "DT" };
	const char *joined = "";

	if (!config->has_acs)
		return "none";
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (config->acs >> i & 1)
			joined = arena_format(arena, "%s%s%s", joined, joined[0] ? "+" : "",
					      names[i]);
	return joined[0] ? joined : "off";
}
