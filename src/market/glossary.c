#include "market/glossary.h"

#include <assert.h>
#include <stdlib.h>

void glossary_release(struct glossary *glossary)
{
	names_release(&glossary->texts);
	free(glossary->terms);
	glossary->terms = NULL;
}

static struct term *find_term(struct glossary *glossary, struct span text)
{
	name_t name = names_find(&glossary->texts, text);

	if (name == NAME_NONE && glossary->texts.count >= GLOSSARY_TERMS_MAXIMUM)
		glossary_release(glossary);
	if (!glossary->terms) {
		glossary->terms = calloc(GLOSSARY_TERMS_MAXIMUM, sizeof(*glossary->terms));
		if (!glossary->terms)
			memory_exhausted(GLOSSARY_TERMS_MAXIMUM * sizeof(*glossary->terms));
	}
	if (name == NAME_NONE) {
		bool added = names_add(&glossary->texts, text, &name);

		assert(added);
		(void)added;
	}
	return &glossary->terms[name];
}

const struct provider_row *glossary_provider(struct glossary *glossary, struct span text)
{
	struct term *term = find_term(glossary, text);

	if (!term->has_provider)
		term->provider = catalogue_provider(glossary->catalogue, text);
	term->has_provider = true;
	return term->provider;
}

const struct gpu_said *glossary_gpu(struct glossary *glossary, struct span text)
{
	struct term *term = find_term(glossary, text);

	if (!term->has_said)
		gpu_read(glossary->catalogue, text, &term->said);
	term->has_said = true;
	return &term->said;
}

bool glossary_form(struct glossary *glossary, struct span text, enum form *ret_form)
{
	struct term *term = find_term(glossary, text);

	if (!term->has_form)
		term->is_form = form_find(text, &term->form);
	term->has_form = true;
	*ret_form = term->form;
	return term->is_form;
}

const struct product_row *glossary_product(struct glossary *glossary,
					   const struct provider_row *provider, struct span text)
{
	struct term *term = find_term(glossary, text);

	if (!term->has_product || term->product_of != provider) {
		term->product =
			catalogue_product(glossary->catalogue, span_of(provider->name), text);
		term->product_of = provider;
		term->has_product = true;
	}
	return term->product;
}
