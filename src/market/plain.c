#include "market/plain.h"

#include <assert.h>
#include <stddef.h>

#include "market/import.h"
#include "market/judge.h"
#include "market/moment.h"

const char *const included_names[] = {
	"host", "storage", "network", "egress", "control", "support"
};
static_assert(sizeof(included_names) / sizeof(included_names[0]) == INCLUDED_COUNT, "a name each");

enum {
	NANO_PER_MB = NANO_PER_UNIT / 1000, /* of an amount in GB */
};

/* A number that is whole, from 0 to `maximum`; "8.0" is one. */
static bool read_whole(struct span text, uint64_t maximum, uint64_t *ret_value)
{
	int64_t nano;

	if (!nano_parse(text, &nano) || nano < 0 || nano % NANO_PER_UNIT != 0 ||
	    (uint64_t)(nano / NANO_PER_UNIT) > maximum)
		return false;
	*ret_value = (uint64_t)(nano / NANO_PER_UNIT);
	return true;
}

static enum refusal read_memory(struct span text, struct draft *draft)
{
	int64_t nano;

	if (!nano_parse(text, &nano) || nano < 0)
		return REFUSAL_MALFORMED;
	draft->memory_mb = (uint64_t)(nano / NANO_PER_MB);
	return draft->memory_mb > 0 || nano == 0 ? REFUSAL_NONE : REFUSAL_MEMORY;
}

static enum refusal read_gpus(struct span text, struct draft *draft)
{
	int64_t nano;
	uint64_t gpus;

	if (!nano_parse(text, &nano))
		return REFUSAL_MALFORMED;
	if (nano > 0 && nano < NANO_PER_UNIT)
		return REFUSAL_GPU_FRACTION;
	if (!read_whole(text, GPUS_MAXIMUM, &gpus) || gpus == 0)
		return REFUSAL_GPU_COUNT;
	draft->gpus = (uint32_t)gpus;
	return REFUSAL_NONE;
}

static enum refusal read_rental(struct span text, struct draft *draft)
{
	return rental_find(text, &draft->rental) ? REFUSAL_NONE : REFUSAL_RENTAL_UNKNOWN;
}

static enum refusal read_term(struct span text, struct draft *draft)
{
	uint64_t months;

	if (!read_whole(text, UINT16_MAX, &months))
		return REFUSAL_TERM;
	draft->term_months = (uint16_t)months;
	return REFUSAL_NONE;
}

static enum refusal read_unit(struct span text, struct draft *draft)
{
	return price_unit_find(text, &draft->unit) ? REFUSAL_NONE : REFUSAL_UNIT_UNKNOWN;
}

static enum refusal read_per(struct span text, struct draft *draft)
{
	if (csv_same_name(text, SPAN("gpu")))
		draft->price_of = PRICE_OF_GPU;
	else if (csv_same_name(text, SPAN("offer")))
		draft->price_of = PRICE_OF_OFFER;
	else
		return REFUSAL_UNIT_UNKNOWN;
	return REFUSAL_NONE;
}

static enum refusal read_price_per_gpu(struct span text, struct draft *draft)
{
	if (draft->price.length > 0)
		return REFUSAL_NONE;
	draft->price = text;
	draft->price_of = PRICE_OF_GPU;
	return REFUSAL_NONE;
}

/* "host storage": the bits of the words. */
static bool read_bits(struct span text, uint8_t *ret_bits)
{
	struct span rest = text, word;
	uint8_t bits = 0;

	while (span_cut(&rest, ' ', &word)) {
		unsigned i = 0;

		while (i < INCLUDED_COUNT && !span_is(word, included_names[i]))
			i++;
		if (word.length > 0 && i == INCLUDED_COUNT)
			return false;
		if (word.length > 0)
			bits = (uint8_t)(bits | 1u << i);
	}
	*ret_bits = bits;
	return true;
}

static enum refusal read_includes(struct span text, struct draft *draft)
{
	uint8_t bits;

	if (!read_bits(text, &bits))
		return REFUSAL_MALFORMED;
	draft->includes |= bits;
	draft->told |= bits;
	return REFUSAL_NONE;
}

static enum refusal read_excludes(struct span text, struct draft *draft)
{
	uint8_t bits;

	if (!read_bits(text, &bits) || (bits & draft->includes))
		return REFUSAL_MALFORMED;
	draft->told |= bits;
	return REFUSAL_NONE;
}

static bool read_double(struct span text, double *ret_value)
{
	int64_t nano;

	if (!nano_parse(text, &nano) || nano < 0)
		return false;
	*ret_value = nano_to_double(nano);
	return true;
}

static enum refusal read_gbit(struct span text, struct draft *draft)
{
	return read_double(text, &draft->gbit_per_s) ? REFUSAL_NONE : REFUSAL_MALFORMED;
}

static enum refusal read_reliability(struct span text, struct draft *draft)
{
	return read_double(text, &draft->reliability) ? REFUSAL_NONE : REFUSAL_MALFORMED;
}

static enum refusal read_performance(struct span text, struct draft *draft)
{
	return read_double(text, &draft->performance) ? REFUSAL_NONE : REFUSAL_MALFORMED;
}

static enum refusal read_nvlink(struct span text, struct draft *draft)
{
	bool yes = csv_same_name(text, SPAN("yes")) || csv_same_name(text, SPAN("true"));

	if (!yes && !csv_same_name(text, SPAN("no")) && !csv_same_name(text, SPAN("false")))
		return REFUSAL_MALFORMED;
	draft->nvlink = yes;
	draft->nvlink_told = true;
	return REFUSAL_NONE;
}

static enum refusal read_stock(struct span text, struct draft *draft)
{
	return stock_find(text, &draft->stock) ? REFUSAL_NONE : REFUSAL_MALFORMED;
}

static enum refusal read_minimum(struct span text, struct draft *draft)
{
	uint64_t value;

	if (!read_whole(text, GPUS_MAXIMUM, &value))
		return REFUSAL_MALFORMED;
	draft->minimum_gpus = (uint32_t)value;
	return REFUSAL_NONE;
}

static enum refusal read_boot(struct span text, struct draft *draft)
{
	uint64_t value;

	if (!read_whole(text, UINT16_MAX, &value))
		return REFUSAL_MALFORMED;
	draft->boot_s = (uint16_t)value;
	return REFUSAL_NONE;
}

static enum refusal read_listings(struct span text, struct draft *draft)
{
	uint64_t value;

	if (!read_whole(text, UINT32_MAX, &value))
		return REFUSAL_MALFORMED;
	draft->listings = (uint32_t)value;
	return REFUSAL_NONE;
}

static enum refusal read_observed(struct span text, struct draft *draft)
{
	return moment_parse(text, &draft->observed) ? REFUSAL_NONE : REFUSAL_MALFORMED;
}

static enum refusal read_until(struct span text, struct draft *draft)
{
	return moment_parse(text, &draft->until) ? REFUSAL_NONE : REFUSAL_MALFORMED;
}

/* A field's names, its own first, and how it is read: by a function, or as it is into `place`. */
struct field {
	const char *names;
	enum refusal (*read)(struct span text, struct draft *draft);
	size_t place;
};

static const struct field fields[] = {
	[PLAIN_PROVIDER] = { "provider|cloud|vendor", NULL, offsetof(struct draft, provider) },
	[PLAIN_PRODUCT] = { "product|instance_type|instance|sku|machine_type|plan", NULL,
			    offsetof(struct draft, product) },
	[PLAIN_REGION] = { "region|location|zone", NULL, offsetof(struct draft, region) },
	[PLAIN_GPU] = { "gpu|gpu_name|gpu_model|gpu_type|accelerator|accelerator_name", NULL,
			offsetof(struct draft, gpu) },
	[PLAIN_FORM] = { "form|form_factor|socket", NULL, offsetof(struct draft, form) },
	[PLAIN_MEMORY] = { "memory_gb|gpu_memory|gpu_memory_gb|vram|vram_gb", read_memory, 0 },
	[PLAIN_GPUS] = { "gpus|gpu_count|num_gpus|accelerator_count", read_gpus, 0 },
	[PLAIN_RENTAL] = { "rental|rental_model|billing|price_type", read_rental, 0 },
	[PLAIN_TERM] = { "term_months|term", read_term, 0 },
	[PLAIN_PRICE] = { "price|price_total|hourly_price", NULL, offsetof(struct draft, price) },
	[PLAIN_CURRENCY] = { "currency", NULL, offsetof(struct draft, currency) },
	[PLAIN_UNIT] = { "unit|price_unit", read_unit, 0 },
	[PLAIN_PER] = { "per|price_of", read_per, 0 },
	[PLAIN_UPFRONT] = { "upfront|price_upfront", NULL, offsetof(struct draft, upfront) },
	[PLAIN_INCLUDES] = { "includes", read_includes, 0 },
	[PLAIN_EXCLUDES] = { "excludes", read_excludes, 0 },
	[PLAIN_NETWORK] = { "network|interconnect", NULL, offsetof(struct draft, network) },
	[PLAIN_GBIT] = { "gbit_per_s", read_gbit, 0 },
	[PLAIN_NVLINK] = { "nvlink", read_nvlink, 0 },
	[PLAIN_STOCK] = { "stock|availability|available", read_stock, 0 },
	[PLAIN_RELIABILITY] = { "reliability", read_reliability, 0 },
	[PLAIN_PERFORMANCE] = { "performance", read_performance, 0 },
	[PLAIN_STORAGE] = { "storage_usd_gb_month", NULL, offsetof(struct draft, storage_price) },
	[PLAIN_EGRESS] = { "egress_usd_gb", NULL, offsetof(struct draft, egress_price) },
	[PLAIN_MINIMUM_GPUS] = { "minimum_gpus|min_gpus", read_minimum, 0 },
	[PLAIN_BOOT] = { "boot_s", read_boot, 0 },
	[PLAIN_OBSERVED] = { "observed|observed_at|date|timestamp|fetched_at", read_observed, 0 },
	[PLAIN_UNTIL] = { "until|observed_until", read_until, 0 },
	[PLAIN_LISTINGS] = { "listings", read_listings, 0 },
	[PLAIN_MACHINE] = { "machine|machine_id", NULL, offsetof(struct draft, machine) },
	[PLAIN_HOST] = { "host|host_id", NULL, offsetof(struct draft, host) },
	[PLAIN_SOURCE] = { "source|source_url|url", NULL, offsetof(struct draft, source) },
	[PLAIN_LICENCE] = { "licence|license", NULL, offsetof(struct draft, licence) },
	[PLAIN_PRICE_PER_GPU] = { "price_per_gpu|price_per_gpu_hour", read_price_per_gpu, 0 },
};
static_assert(sizeof(fields) / sizeof(fields[0]) == PLAIN_COUNT, "a row for each field");

struct span plain_name(enum plain_field field)
{
	struct span rest = span_of(fields[field].names), name = { 0 };

	(void)span_cut(&rest, '|', &name);
	return name;
}

static bool is_name(const char *names, struct span name)
{
	struct span rest = span_of(names), one;

	while (span_cut(&rest, '|', &one)) {
		if (csv_same_name(name, one))
			return true;
	}
	return false;
}

bool plain_find(struct span name, enum plain_field *ret_field)
{
	for (unsigned i = 0; i < PLAIN_COUNT; i++) {
		if (is_name(fields[i].names, name)) {
			*ret_field = (enum plain_field)i;
			return true;
		}
	}
	return false;
}

enum refusal plain_read(enum plain_field field, struct span text, struct draft *draft)
{
	if (text.length == 0)
		return REFUSAL_NONE;
	if (fields[field].read)
		return fields[field].read(text, draft);
	*(struct span *)((char *)draft + fields[field].place) = text;
	return REFUSAL_NONE;
}
