#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/handbook.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int compare_xid(const void *key, const void *row)
{
	uint32_t code = *(const uint32_t *)key, other = ((const struct xid_row *)row)->code;

	return (code > other) - (code < other);
}

static int compare_fault(const void *key, const void *row)
{
	uint32_t code = *(const uint32_t *)key, other = ((const struct fault_row *)row)->code;

	return (code > other) - (code < other);
}

const struct xid_row *handbook_xid(const struct handbook *handbook, uint32_t code)
{
	if (handbook->xid_count == 0)
		return NULL;
	return bsearch(&code, handbook->xids, handbook->xid_count, sizeof(*handbook->xids),
		       compare_xid);
}

static const struct fault_row *find_fault(const struct fault_row *rows, size_t count, uint32_t code)
{
	return count > 0 ? bsearch(&code, rows, count, sizeof(*rows), compare_fault) : NULL;
}

const struct fault_row *handbook_sxid(const struct handbook *handbook, uint32_t code)
{
	return find_fault(handbook->sxids, handbook->sxid_count, code);
}

const struct fault_row *handbook_afid(const struct handbook *handbook, uint32_t code)
{
	return find_fault(handbook->afids, handbook->afid_count, code);
}

static bool fits_mask(uint32_t value, const char *mask)
{
	if (!mask)
		return false;
	for (unsigned i = 0; i < 32; i++) {
		char bit = (value >> (31 - i) & 1) != 0 ? '1' : '0';

		if (mask[i] != '-' && mask[i] != bit)
			return false;
	}
	return true;
}

/* 0: not; 1: for any status; 2: for this status. */
static int fits_status(const struct nvlink5_row *row, const uint32_t *registers,
		       unsigned register_count)
{
	if (!row->has_status)
		return 1;
	if (register_count < 2)
		return 0;
	return registers[1] == row->status || registers[1] == row->status_too ? 2 : 0;
}

const struct nvlink5_row *handbook_nvlink5(const struct handbook *handbook, uint32_t code,
					   const uint32_t *registers, unsigned register_count,
					   uint32_t driver_major, enum fault_class *ret_class)
{
	bool before = driver_major != 0 && driver_major < 575;
	const struct nvlink5_row *best = NULL;
	bool promoted = false;
	int closest = 0;

	for (size_t i = 0; i < handbook->nvlink5_count && register_count > 0; i++) {
		const struct nvlink5_row *row = &handbook->nvlink5[i];
		bool first = fits_mask(registers[0],
				       before ? row->mask_before_r575 : row->mask_from_r575);
		bool second = fits_mask(registers[0], before ? row->promote_mask_before_r575
							     : row->promote_mask_from_r575);
		int close = fits_status(row, registers, register_count);

		if (row->code != code || (!first && !second) || close <= closest)
			continue;
		best = row;
		closest = close;
		promoted = second;
	}
	if (best)
		*ret_class = promoted ? best->promote_class : best->class;
	return best;
}

static bool has_word(const char *words, const char *word)
{
	struct span rest = span_of(words), one;

	while (span_cut(&rest, ' ', &one)) {
		if (span_is(one, word))
			return true;
	}
	return false;
}

static bool is_word_character(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-';
}

/* Does the alternative stand in the name as whole words? "B200" does not in "GB200", and "H20" not
 * in "H20-3e". */
static bool stands_in(struct span alternative, struct span name)
{
	for (size_t i = 0; i + alternative.length <= name.length; i++) {
		size_t end = i + alternative.length;

		if (memcmp(name.at + i, alternative.at, alternative.length) != 0)
			continue;
		if ((i == 0 || !is_word_character(name.at[i - 1])) &&
		    (end == name.length || !is_word_character(name.at[end])))
			return true;
	}
	return false;
}

/* Length of the longest alternative that stands in the name, 0 when none does. */
static size_t fit_name(const struct shape_row *shape, const char *name)
{
	struct span rest = span_of(shape->names), alternative;
	size_t longest = 0;

	while (name && span_cut(&rest, '|', &alternative)) {
		if (alternative.length > longest && stands_in(alternative, span_of(name)))
			longest = alternative.length;
	}
	return longest;
}

/* The row of the longest name among those with the device id, or among all when `device` is NULL.
 * With a device the first of them is found even when no name fits. */
static const struct shape_row *find_shape(const struct handbook *handbook, const char *vendor,
					  const char *device, const char *name)
{
	const struct shape_row *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < handbook->shape_count; i++) {
		const struct shape_row *row = &handbook->shapes[i];
		size_t length = fit_name(row, name);

		if (strcmp(row->vendor, vendor) != 0 || (device && !has_word(row->pci_ids, device)))
			continue;
		if (length > longest || (device && !best)) {
			best = row;
			longest = length;
		}
	}
	return best;
}

const struct shape_row *handbook_shape(const struct handbook *handbook, const char *vendor,
				       unsigned pci_device, const char *name)
{
	const struct shape_row *row = NULL;
	char device[16];

	if (pci_device != 0) {
		(void)snprintf(device, sizeof(device), "%04x", pci_device);
		row = find_shape(handbook, vendor, device, name);
	}
	return row ? row : find_shape(handbook, vendor, NULL, name);
}

bool figure_usable(const struct figure_row *figure)
{
	static const char *const never[] = { "DEFECT", "SUSPECT", "WEAK", "LOOSE" };

	for (size_t i = 0; i < COUNT(never); i++) {
		if (strncmp(figure->caution, never[i], strlen(never[i])) == 0)
			return false;
	}
	return true;
}

/* The device id in "… [pci 2330]"; longer ones name a subsystem and are of a part of those only. */
static struct span device_in(const char *model)
{
	const char *at = strstr(model, "[pci ");
	const char *end = at ? strchr(at, ']') : NULL;

	if (!end || end - at != 9)
		return (struct span){ 0 };
	return (struct span){ .at = at + 5, .length = 4 };
}

int figure_fits(const struct figure_row *figure, const struct shape_row *shape)
{
	struct span rest = span_of(shape->pci_ids), device = device_in(figure->model), id;
	size_t length = strlen(figure->model);

	if (strcmp(figure->vendor, shape->vendor) != 0)
		return 0;
	if (strcmp(figure->model, shape->model) == 0)
		return 3;
	while (device.length > 0 && span_cut(&rest, ' ', &id)) {
		if (span_equal(id, device))
			return 2;
	}
	return strncmp(figure->model, shape->model, length) == 0 && shape->model[length] == '-';
}

const struct figure_row *handbook_figure(const struct handbook *handbook,
					 const struct figure_query *query)
{
	const struct figure_row *best = NULL;
	int closest = 0;

	for (size_t i = 0; i < handbook->figure_count; i++) {
		const struct figure_row *row = &handbook->figures[i];
		int close;

		if (row->kind != query->kind || row->gpus != query->gpus ||
		    row->nodes != query->nodes || strcmp(row->metric, query->metric) != 0 ||
		    (query->size && strcmp(row->size, query->size) != 0) || !figure_usable(row))
			continue;
		close = figure_fits(row, query->shape);
		close = close == 0 ? 0 : 2 * close + (row->caution[0] == '\0');
		if (close > closest) {
			closest = close;
			best = row;
		}
	}
	return best;
}

double figure_in_base_unit(const struct figure_row *figure)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {
		{ "GB/s", 1e9 },   { "MB/s", 1e6 },  { "Gb/s", 1e9 / 8 }, { "TFLOPS", 1e12 },
		{ "GFLOPS", 1e9 }, { "TOPS", 1e12 }, { "ms", 1e-3 },      { "us", 1e-6 },
	};

	for (size_t i = 0; i < COUNT(units); i++) {
		if (strcmp(figure->unit, units[i].unit) == 0)
			return figure->value * units[i].factor;
	}
	return figure->value;
}
