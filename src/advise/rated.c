#include "advise/rated.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
	ANSWERS_OF_WORD = 3,
};

/* The criterion that settles each word, and the answers that do. `several` of regulated-sectors
 * means the regimes that the provider's customers need; `one` does not say which. */
static const struct {
	const char *criterion;
	const char *answers[ANSWERS_OF_WORD];
} words[] = {
	[COMPLIES_SOC1] = { "security.billing-controls", { "type2" } },
	[COMPLIES_SOC2] = { "security.attestation", { "soc2-type2", "both" } },
	[COMPLIES_SOC2_TYPE1] = { "security.attestation", { "soc2-type1", "soc2-type2", "both" } },
	[COMPLIES_ISO27001] = { "security.attestation", { "iso27001", "both" } },
	[COMPLIES_ISO27017] = { "security.cloud-extensions", { "both" } },
	[COMPLIES_GDPR] = { "security.personal-data", { "agreement", "complete" } },
	[COMPLIES_HIPAA] = { "security.regulated-sectors", { "several" } },
	[COMPLIES_PCI_DSS] = { "security.regulated-sectors", { "several" } },
};
static_assert(sizeof(words) / sizeof(words[0]) == COMPLIANCE_COUNT, "a criterion for each word");

/* The offer as a subject: what it does not say is not given. */
static struct subject subject_of(const struct offer *offer, const struct catalogue *catalogue)
{
	struct subject subject = { .parts = { [SUBJECT_PROVIDER] = offer->provider } };

	if (offer->product[0] != '\0')
		subject.parts[SUBJECT_PRODUCT] = offer->product;
	if (offer->region[0] != '\0')
		subject.parts[SUBJECT_REGION] = offer->region;
	if (offer->gpu < catalogue->gpu_count)
		subject.parts[SUBJECT_GPU] = catalogue->gpus[offer->gpu].name;
	return subject;
}

struct rated rated_find(const struct rating *rating, const struct catalogue *catalogue,
			const struct offer *offer)
{
	const struct subject subject = subject_of(offer, catalogue);
	const struct provider *provider = rating ? rating_find(rating, offer->provider) : NULL;
	struct rated rated = { .provider = provider };
	unsigned deepest = 0;

	if (!provider)
		return rated;
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		const struct unit *unit = &provider->units[i];
		unsigned depth = subject_depth(&unit->subject, SUBJECT_UNIT_PARTS);

		if (depth > deepest &&
		    subject_covers(&unit->subject, &subject, SUBJECT_UNIT_PARTS)) {
			deepest = depth;
			rated.unit = unit;
		}
	}
	rated.stands_in = rated.unit == NULL;
	if (rated.stands_in)
		rated.unit = provider_unit(provider);
	return rated;
}

enum shown rated_holds(const struct rated *rated, enum grade minimum)
{
	if (!rated->unit || !rated->unit->rated)
		return SHOWN_NOT;
	return rated->unit->grade >= minimum ? SHOWN_YES : SHOWN_NO;
}

double rated_probability(const struct rated *rated, enum grade minimum)
{
	double sum = 0, all = 0;

	if (!rated->unit || !rated->unit->rated)
		return NAN;
	for (unsigned grade = 0; grade < GRADE_COUNT; grade++) {
		all += rated->unit->probability[grade];
		if (grade >= minimum)
			sum += rated->unit->probability[grade];
	}
	return all > 0 ? fmin(sum, 1) : (double)NAN;
}

const struct settlement *rated_settlement(const struct rated *rated,
					  const struct standard *standard, const char *criterion,
					  int32_t *ret_index)
{
	*ret_index = standard ? standard_find_criterion(standard, span_of(criterion)) : -1;
	if (*ret_index < 0 || !rated->unit)
		return NULL;
	return &rated->unit->settlements[*ret_index];
}

static bool answers(const struct record *record, enum compliance word)
{
	if (record->says != SAYS_ANSWER)
		return false;
	for (unsigned i = 0; i < ANSWERS_OF_WORD && words[word].answers[i]; i++) {
		if (strcmp(record->text, words[word].answers[i]) == 0)
			return true;
	}
	return false;
}

static enum shown shows(const struct rated *rated, const struct standard *standard,
			enum compliance word)
{
	int32_t index;
	const struct settlement *settlement =
		rated_settlement(rated, standard, words[word].criterion, &index);

	if (!settlement)
		return SHOWN_NOT;
	if (settlement->state == STATE_WITHHELD)
		return SHOWN_NO;
	if (settlement->state != STATE_SETTLED || settlement->record_count == 0)
		return SHOWN_NOT;
	for (uint32_t i = 0; i < settlement->record_count; i++) {
		if (!answers(settlement->records[i], word))
			return SHOWN_NO;
	}
	return SHOWN_YES;
}

enum shown rated_complies(const struct rated *rated, const struct standard *standard,
			  unsigned compliance, enum compliance *ret_word)
{
	enum shown worst = SHOWN_YES;

	for (unsigned word = 0; word < COMPLIANCE_COUNT; word++) {
		enum shown shown;

		if (!(compliance & (1u << word)))
			continue;
		shown = shows(rated, standard, (enum compliance)word);
		if (shown == SHOWN_YES || worst == SHOWN_NO)
			continue;
		if (worst == SHOWN_YES || shown == SHOWN_NO) {
			worst = shown;
			*ret_word = (enum compliance)word;
		}
	}
	return worst;
}
