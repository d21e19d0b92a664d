#include "market/import.h"

#include <string.h>

#include "market/importers.h"

/* Those that claim a form of their own; the plain ones claim what is left. */
const struct importer *const importers[] = {
	&from_azure,
	&from_cri,
	&from_cri_rates,
	&from_gcp,
	&from_gcp_regions,
	&from_gpuhunt,
	&from_gpurentalprices,
	&from_lambda,
	&from_runpod,
	&from_shadeform,
	&from_skypilot,
	&from_tugot17,
	&from_vast,
	&from_csv,
	&from_yaml,
	NULL,
};

const struct importer *importer_find(const char *name)
{
	for (size_t i = 0; importers[i]; i++) {
		if (strcmp(importers[i]->name, name) == 0)
			return importers[i];
	}
	return NULL;
}

const struct importer *importer_for(const char *file, struct span head)
{
	for (size_t i = 0; importers[i]; i++) {
		if (importers[i]->claims(file, head))
			return importers[i];
	}
	return NULL;
}
