#include "market/catalogue.h"

#include <assert.h>
#include <string.h>

#include "market/catalogue_parts.h"

const char *const form_names[] = {
	[FORM_UNKNOWN] = "unknown",
	[FORM_SXM] = "sxm",
	[FORM_PCIE] = "pcie",
	[FORM_NVL] = "nvl",
	[FORM_OAM] = "oam",
	[FORM_NVL72] = "nvl72",
	[FORM_SUPERCHIP] = "superchip",
};
static_assert(sizeof(form_names) / sizeof(form_names[0]) == FORM_COUNT, "a name for each form");

const char *const tier_names[] = {
	[TIER_UNKNOWN] = "unknown",
	[TIER_HYPERSCALER] = "hyperscaler",
	[TIER_NEOCLOUD] = "neocloud",
	[TIER_MARKETPLACE] = "marketplace",
};
static_assert(sizeof(tier_names) / sizeof(tier_names[0]) == TIER_COUNT, "a name for each tier");

bool spelling_plain(struct span text, char into[static SPELLING_MAXIMUM], size_t *ret_length)
{
	size_t length = 0;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == ' ' || c == '-' || c == '_' || c == '.' || c == '\t')
			continue;
		if (length == SPELLING_MAXIMUM)
			return false;
		into[length++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	*ret_length = length;
	return true;
}

static bool same_spelling(struct span a, struct span b)
{
	char left[SPELLING_MAXIMUM], right[SPELLING_MAXIMUM];
	size_t left_length, right_length;

	return spelling_plain(a, left, &left_length) && spelling_plain(b, right, &right_length) &&
	       left_length == right_length && memcmp(left, right, left_length) == 0;
}

/* "sxm" in a list of spellings with `|` between them. */
static bool is_listed(const char *list, struct span wanted)
{
	struct span rest = span_of(list), one;

	while (span_cut(&rest, '|', &one)) {
		if (same_spelling(one, wanted))
			return true;
	}
	return false;
}

bool form_find(struct span text, enum form *ret_form)
{
	static const char *const spellings[FORM_COUNT] = {
		[FORM_UNKNOWN] = "unknown|none|unstated|n/a",
		[FORM_SXM] = "sxm|sxm2|sxm3|sxm4|sxm5|sxm6|hgx",
		[FORM_PCIE] = "pcie|pci|pciexpress|pcie3|pcie4|pcie5",
		[FORM_NVL] = "nvl|nvl2",
		[FORM_OAM] = "oam",
		[FORM_NVL72] = "nvl72",
		[FORM_SUPERCHIP] = "superchip|gracehopper",
	};

	for (unsigned form = 0; form < FORM_COUNT; form++) {
		if (is_listed(spellings[form], text)) {
			*ret_form = (enum form)form;
			return true;
		}
	}
	return false;
}

bool tier_find(struct span text, enum tier *ret_tier)
{
	for (unsigned tier = 0; tier < TIER_COUNT; tier++) {
		if (same_spelling(span_of(tier_names[tier]), text)) {
			*ret_tier = (enum tier)tier;
			return true;
		}
	}
	return false;
}

static int compare_word(char a, char b)
{
	char left = (char)(a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a);
	char right = (char)(b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);

	return (unsigned char)left - (unsigned char)right;
}

/* By bytes, capitals and small letters alike. */
static int compare_caseless(struct span a, struct span b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;

	for (size_t i = 0; i < shorter; i++) {
		int order = compare_word(a.at[i], b.at[i]);

		if (order != 0)
			return order;
	}
	return (a.length > b.length) - (a.length < b.length);
}

int product_compare(const struct product_row *row, struct span provider, struct span product)
{
	int order = compare_caseless(span_of(row->provider), provider);

	return order != 0 ? order : compare_caseless(span_of(row->product), product);
}

const struct product_row *catalogue_product(const struct catalogue *catalogue, struct span provider,
					    struct span product)
{
	const struct provider_row *known = catalogue_provider(catalogue, provider);
	size_t low = 0, high = catalogue->product_count;

	if (known)
		provider = span_of(known->name);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = product_compare(&catalogue->products[middle], provider, product);

		if (order == 0)
			return &catalogue->products[middle];
		if (order > 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct provider_row *catalogue_provider(const struct catalogue *catalogue, struct span name)
{
	for (size_t i = 0; i < catalogue->provider_count; i++) {
		const struct provider_row *row = &catalogue->providers[i];

		if (same_spelling(span_of(row->name), name) ||
		    (row->aliases && is_listed(row->aliases, name)))
			return row;
	}
	return NULL;
}
