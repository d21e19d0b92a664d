/*
 * The importers, for the table in import.c. docs/market-sources.md says of each what it reads and
 * what is refused.
 */
#pragma once

#include "market/import.h"

extern const struct importer from_azure;
extern const struct importer from_cri;
extern const struct importer from_cri_rates;
extern const struct importer from_csv;
extern const struct importer from_gcp;
extern const struct importer from_gcp_regions;
extern const struct importer from_gpuhunt;
extern const struct importer from_gpurentalprices;
extern const struct importer from_lambda;
extern const struct importer from_runpod;
extern const struct importer from_shadeform;
extern const struct importer from_skypilot;
extern const struct importer from_tugot17;
extern const struct importer from_vast;
extern const struct importer from_yaml;
