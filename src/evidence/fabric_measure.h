/*
 * What can be told of a fabric as a whole: its measures, in the order of their names. A record of
 * one is about a cluster, or about all that a provider has of a kind, and never about a node. Its
 * device says which part of the fabric is meant: fabric:compute, fabric:compute/tier:0,
 * fault:slow-link, file:topology.conf.
 */
#pragma once

#include "evidence/measure.h"

enum fabric_measure {
	FABRIC_AGGREGATORS,
	FABRIC_BLOCKING,
	FABRIC_BLOCKING_MOST,
	FABRIC_FAULT,
	FABRIC_GROUP_HOSTS,
	FABRIC_GROUPS,
	FABRIC_HOST_LINKS,
	FABRIC_HOSTS,
	FABRIC_LINK_COUNTED,
	FABRIC_LINK_DOWNS,
	FABRIC_LINK_RATE,
	FABRIC_LINK_SLOWEST,
	FABRIC_LINK_UNCOUNTED,
	FABRIC_LINKS,
	FABRIC_PLACEMENT,
	FABRIC_PLACEMENT_FINDING,
	FABRIC_PLANES,
	FABRIC_SCORE,
	FABRIC_SEEN,
	FABRIC_STYLE,
	FABRIC_SWITCHES,
	FABRIC_MEASURE_COUNT,
};

extern const struct measure_row fabric_measures[FABRIC_MEASURE_COUNT];

/* False when no measure has the name. */
bool fabric_measure_find(const char *name, enum fabric_measure *ret_measure);

/* As measure_fits, of a subject without a node. */
bool fabric_measure_fits(enum fabric_measure measure, const struct record *record,
			 struct error *err);
