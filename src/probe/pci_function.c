#include "probe/pci_function.h"

enum pci_kind pci_kind(uint32_t class, uint32_t vendor)
{
	uint32_t kind = class >> 8;

	if (kind >> 8 == 0x02)
		return PCI_KIND_NETWORK;
	if (kind == 0x0108)
		return PCI_KIND_NVME;
	if (vendor == PCI_VENDOR_NVIDIA && kind == 0x0302)
		return PCI_KIND_NVIDIA;
	if (vendor == PCI_VENDOR_NVIDIA && kind == 0x0680)
		return PCI_KIND_SWITCH;
	if (vendor == PCI_VENDOR_AMD && (kind == 0x0380 || kind == 0x1200))
		return PCI_KIND_AMD;
	return PCI_KIND_OTHER;
}

static bool is_hexadecimal(struct span digits)
{
	for (size_t i = 0; i < digits.length; i++) {
		char c = digits.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return digits.length > 0;
}

bool pci_is_name(struct span name)
{
	struct span domain, bus, device;

	if (name.length < 12 || name.length > 16 || name.at[name.length - 2] != '.')
		return false;
	char function = name.at[name.length - 1];

	name.length -= 2;
	if (!span_cut(&name, ':', &domain) || !span_cut(&name, ':', &bus))
		return false;
	device = name;
	return domain.length >= 4 && domain.length <= 8 && is_hexadecimal(domain) &&
	       bus.length == 2 && is_hexadecimal(bus) && device.length == 2 &&
	       is_hexadecimal(device) && function >= '0' && function <= '7';
}

bool pci_read_id(const struct host *host, const char *path, unsigned digits, struct arena *arena,
		 uint32_t *ret_id, struct error *err)
{
	struct span text, number;
	uint32_t id = 0;

	if (!host_value(host, path, arena, &text, err))
		return false;
	number = text;
	if (span_starts(text, "0x")) {
		number.at += 2;
		number.length -= 2;
	}
	if (number.length == text.length || number.length != digits || !is_hexadecimal(number))
		return fail(err, ERROR_INVALID, "'%s' says '%.*s'", path,
			    (int)(text.length < 60 ? text.length : 60), text.at);
	for (size_t i = 0; i < number.length; i++) {
		char c = number.at[i];

		id = 16 * id + (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*ret_id = id;
	return true;
}

bool pci_read_kind(const struct host *host, const char *name, struct arena *arena,
		   enum pci_kind *ret_kind, struct error *err)
{
	const char *folder = arena_format(arena, "/sys/bus/pci/devices/%s", name);
	uint32_t class = 0, vendor = 0;

	if (!pci_read_id(host, arena_format(arena, "%s/class", folder), 6, arena, &class, err) ||
	    !pci_read_id(host, arena_format(arena, "%s/vendor", folder), 4, arena, &vendor, err))
		return false;
	*ret_kind = pci_kind(class, vendor);
	return true;
}

const char *pci_of_device(const struct host *host, const char *path, struct arena *arena)
{
	struct span rest, step, found = SPAN("");
	const char *real;

	if (!host_real_path(host, path, arena, &real, NULL))
		return NULL;
	rest = span_of(real);
	while (span_cut(&rest, '/', &step)) {
		if (pci_is_name(step))
			found = step;
		else if (span_starts(step, "usb"))
			return NULL;
	}
	return found.length > 0 ? arena_string(arena, found) : NULL;
}
