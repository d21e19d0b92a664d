#include <string.h>

#include "market/judge_parts.h"

enum {
	NANO_PER_MICRO = 1000,
};

static enum refusal judge_importer(struct judging *judging)
{
	if (judging->draft->refused != REFUSAL_NONE)
		return judging->draft->refused;
	return judging->draft->component ? REFUSAL_COMPONENT : REFUSAL_NONE;
}

static enum refusal judge_lengths(struct judging *judging)
{
	const struct draft *draft = judging->draft;
	const struct span *const names[] = {
		&draft->provider, &draft->product, &draft->region, &draft->gpu,    &draft->form,
		&draft->network,  &draft->machine, &draft->host,   &draft->source, &draft->licence,
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i]->length > NAME_LENGTH_MAXIMUM)
			return REFUSAL_TOO_LONG;
	}
	return REFUSAL_NONE;
}

static enum refusal judge_provider(struct judging *judging)
{
	struct span provider = span_trim(judging->draft->provider);

	if (provider.length == 0)
		return REFUSAL_NO_PROVIDER;
	judging->provider = glossary_provider(judging->glossary, provider);
	judging->quote->tier =
		(uint8_t)(judging->provider ? judging->provider->tier : TIER_UNKNOWN);
	if (judging->provider && judging->draft->product.length > 0)
		judging->product = glossary_product(judging->glossary, judging->provider,
						    judging->draft->product);
	return REFUSAL_NONE;
}

unsigned memory_match(const struct gpu_row *row, uint64_t memory_mb)
{
	uint64_t nearest = UINT64_MAX;
	unsigned found = 0;

	for (unsigned i = 0; i < GPU_MEMORIES_MAXIMUM && row->memories_gb[i] != 0; i++) {
		uint64_t decimal = 1000ull * row->memories_gb[i];
		uint64_t binary = 1024ull * row->memories_gb[i];

		if (memory_mb < decimal * 9 / 10 || memory_mb > binary * 21 / 20)
			continue;
		uint64_t to_decimal =
			memory_mb > decimal ? memory_mb - decimal : decimal - memory_mb;
		uint64_t to_binary = memory_mb > binary ? memory_mb - binary : binary - memory_mb;
		uint64_t distance = to_decimal < to_binary ? to_decimal : to_binary;

		if (distance < nearest) {
			nearest = distance;
			found = row->memories_gb[i];
		}
	}
	return found;
}

/* The one size that the GPU comes with in this form; 0 when there are several, or when the form is
 * not known and matters. */
static unsigned only_memory(const struct gpu_row *gpu, unsigned form)
{
	unsigned general = 0, special = 0, general_count = 0;

	for (unsigned i = 0; i < GPU_MEMORIES_MAXIMUM && gpu->memories_gb[i] != 0; i++) {
		if (gpu->memory_forms[i] == FORM_UNKNOWN) {
			general = gpu->memories_gb[i];
			general_count++;
		} else if (form == FORM_UNKNOWN) {
			return 0;
		} else if (gpu->memory_forms[i] == form) {
			special = gpu->memories_gb[i];
		}
	}
	if (special != 0)
		return special;
	return general_count == 1 ? general : 0;
}

/* The size that all who name one agree on. The form is known by now. */
static enum refusal judge_memory(struct judging *judging, const struct gpu_said *said)
{
	const struct gpu_row *gpu = judging->gpu;
	const uint64_t claims_mb[] = {
		judging->draft->memory_mb,
		1000ull * said->memory_gb,
		judging->product ? 1000ull * judging->product->memory_gb : 0,
	};
	unsigned memory = 0;

	for (unsigned i = 0; i < sizeof(claims_mb) / sizeof(claims_mb[0]); i++) {
		unsigned one = memory_match(gpu, claims_mb[i]);

		if (claims_mb[i] == 0)
			continue;
		if (one == 0 || (memory != 0 && memory != one))
			return REFUSAL_MEMORY;
		memory = one;
	}
	judging->quote->memory_gb =
		(uint16_t)(memory != 0 ? memory : only_memory(gpu, judging->quote->form));
	return REFUSAL_NONE;
}

/* The form that all who name one agree on; unknown when nobody does. */
static enum refusal judge_form(struct judging *judging, const struct gpu_said *said)
{
	enum form own = FORM_UNKNOWN, form = FORM_UNKNOWN;

	if (judging->draft->form.length > 0 &&
	    !glossary_form(judging->glossary, judging->draft->form, &own))
		return REFUSAL_FORM;

	const enum form claims[] = {
		own,
		said->form,
		judging->product ? judging->product->form : FORM_UNKNOWN,
		judging->gpu->only_form,
	};
	for (unsigned i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		if (claims[i] == FORM_UNKNOWN)
			continue;
		if (!(judging->gpu->forms & 1u << claims[i]) ||
		    (form != FORM_UNKNOWN && form != claims[i]))
			return REFUSAL_FORM;
		form = claims[i];
	}
	judging->quote->form = (uint8_t)form;
	return REFUSAL_NONE;
}

static enum refusal judge_count(struct judging *judging, const struct gpu_said *said)
{
	const struct product_row *product = judging->product;
	uint32_t gpus = judging->draft->gpus;

	if (gpus == 0)
		gpus = said->count;
	if (product && product->gpus > 0 && gpus % product->gpus != 0 &&
	    judging->draft->price_of == PRICE_OF_OFFER)
		return REFUSAL_GPU_COUNT;
	if (product && product->gpus > 0 && gpus % product->gpus != 0)
		gpus = 0;
	if (gpus == 0 && product)
		gpus = product->gpus;
	if (gpus == 0 || gpus > GPUS_MAXIMUM)
		return REFUSAL_GPU_COUNT;
	judging->quote->gpus = gpus;
	return REFUSAL_NONE;
}

static enum refusal judge_gpu(struct judging *judging)
{
	static const struct gpu_said nothing = { .gpu = GPU_NONE };
	const struct catalogue *catalogue = judging->book->catalogue;
	const struct draft *draft = judging->draft;
	const struct gpu_said *said =
		draft->gpu.length > 0 ? glossary_gpu(judging->glossary, draft->gpu) : &nothing;
	uint16_t gpu =
		said->gpu != GPU_NONE || !judging->product ? said->gpu : judging->product->gpu;

	if (draft->fraction || said->fraction)
		return REFUSAL_GPU_FRACTION;
	if (gpu == GPU_NONE)
		return draft->gpu.length > 0 ? REFUSAL_GPU_UNKNOWN : REFUSAL_NO_GPU;
	if (judging->product && judging->product->gpu != gpu)
		return REFUSAL_FORM;
	judging->gpu = &catalogue->gpus[gpu];
	judging->quote->gpu = gpu;

	enum refusal why = judge_form(judging, said);
	if (why == REFUSAL_NONE)
		why = judge_memory(judging, said);
	return why == REFUSAL_NONE ? judge_count(judging, said) : why;
}

static enum refusal judge_rental(struct judging *judging)
{
	const struct draft *draft = judging->draft;
	bool is_contract = draft->rental == RENTAL_CONTRACT;

	if (draft->rental == RENTAL_UNKNOWN)
		return REFUSAL_RENTAL_UNKNOWN;
	if (is_contract != (draft->term_months > 0) || draft->term_months > TERM_MAXIMUM_MONTHS)
		return REFUSAL_TERM;
	judging->quote->rental = (uint8_t)draft->rental;
	judging->quote->term_months = draft->term_months;
	return REFUSAL_NONE;
}

/* What the source confirms for later than today it cannot know. */
static enum refusal judge_time(struct judging *judging)
{
	const struct draft *draft = judging->draft;
	int64_t until = draft->until != 0 ? draft->until : draft->observed;

	if (draft->observed <= 0 || date_from_unix(draft->observed) == DATE_NONE)
		return REFUSAL_NO_DATE;
	if (draft->observed > judging->book->now)
		return REFUSAL_FUTURE;
	if (until < draft->observed)
		return REFUSAL_MALFORMED;
	judging->quote->observed = draft->observed;
	judging->quote->until = until < judging->book->now ? until : judging->book->now;
	return REFUSAL_NONE;
}

/* A price of storage or of traffic in millionths of USD; -1 when it is not said. */
static bool read_micro(struct span text, int32_t *ret_micro)
{
	int64_t nano, micro;

	*ret_micro = -1;
	if (text.length == 0)
		return true;
	if (!nano_parse(text, &nano) || !nano_scale(nano, 1, NANO_PER_MICRO, &micro) || micro < 0 ||
	    micro > INT32_MAX)
		return false;
	*ret_micro = (int32_t)micro;
	return true;
}

static enum refusal judge_rest(struct judging *judging)
{
	const struct draft *draft = judging->draft;
	const struct product_row *product = judging->product;
	struct quote *quote = judging->quote;
	double gbit = draft->gbit_per_s;

	if (draft->reliability < 0 || draft->reliability > 1 || !(gbit >= 0))
		return REFUSAL_MALFORMED;
	if (!read_micro(draft->storage_price, &quote->storage_micro) ||
	    !read_micro(draft->egress_price, &quote->egress_micro))
		return REFUSAL_PRICE_MALFORMED;
	if (!(gbit > 0) && product && product->gpus > 0)
		gbit = product->node_gbit_per_s / product->gpus;
	quote->reliability = (float)draft->reliability;
	quote->performance = (float)draft->performance;
	quote->gbit_per_s = (float)gbit;
	quote->minimum_gpus = draft->minimum_gpus;
	quote->listings = draft->listings > 0 ? draft->listings : 1;
	quote->boot_s = draft->boot_s;
	quote->stock = (uint8_t)draft->stock;
	quote->includes = draft->includes;
	quote->told = draft->told | draft->includes;
	quote->nvlink = draft->nvlink;
	quote->nvlink_told = draft->nvlink || draft->nvlink_told;
	return REFUSAL_NONE;
}

enum refusal draft_judge(const struct book *book, struct glossary *glossary,
			 const struct draft *draft, struct quote *ret_quote,
			 const struct provider_row **ret_provider)
{
	static enum refusal (*const questions[])(struct judging *) = {
		judge_importer, judge_lengths, judge_provider, judge_gpu,  judge_rental,
		judge_time,     judge_price,   judge_band,     judge_rest,
	};
	struct judging judging = {
		.book = book, .glossary = glossary, .draft = draft, .quote = ret_quote
	};

	memset(ret_quote, 0, sizeof(*ret_quote));
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		enum refusal why = questions[i](&judging);

		if (why != REFUSAL_NONE)
			return why;
	}
	*ret_provider = judging.provider;
	return REFUSAL_NONE;
}
