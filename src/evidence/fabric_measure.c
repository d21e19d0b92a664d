#include "evidence/fabric_measure.h"

#include <string.h>

const struct measure_row fabric_measures[FABRIC_MEASURE_COUNT] = {
	[FABRIC_AGGREGATORS] = { "fabric.aggregators", MEASURE_VALUE, "devices",
				 "aggregation nodes of switches: SHARP could reduce there" },
	[FABRIC_BLOCKING] = { "fabric.blocking", MEASURE_VALUE, "ratio",
			      "bandwidth below the middle switch of a tier by that above it; "
			      "device fabric:NAME/tier:N" },
	[FABRIC_BLOCKING_MOST] = { "fabric.blocking.most", MEASURE_VALUE, "ratio",
				   "the same of the switch with least above it; "
				   "device fabric:NAME/tier:N" },
	[FABRIC_FAULT] = { "fabric.fault", MEASURE_VALUE, "faults",
			   "faults of one kind that the wiring shows; device fault:KIND" },
	[FABRIC_GROUP_HOSTS] = { "fabric.group.hosts", MEASURE_VALUE, "hosts",
				 "hosts of the middle leaf group" },
	[FABRIC_GROUPS] = { "fabric.groups", MEASURE_VALUE, "groups", "leaf groups" },
	[FABRIC_HOST_LINKS] = { "fabric.host.links", MEASURE_VALUE, "links",
				"links that most hosts have: the rails" },
	[FABRIC_HOSTS] = { "fabric.hosts", MEASURE_VALUE, "hosts", "hosts with a link to it" },
	[FABRIC_LINK_COUNTED] = { "fabric.link.counted", MEASURE_VALUE, "links",
				  "links of hosts whose counter of downs is told" },
	[FABRIC_LINK_DOWNS] = { "fabric.link.downs", MEASURE_VALUE, "events",
				"times that they went down, since their counters began" },
	[FABRIC_LINK_RATE] = { "fabric.link.rate", MEASURE_VALUE, "Mb/s",
			       "rate of a host's link: what most have" },
	[FABRIC_LINK_SLOWEST] = { "fabric.link.slowest", MEASURE_VALUE, "%",
				  "rate of the slowest link of a host by that of its like; where "
				  "the ends tell two rates, the lower by the higher" },
	[FABRIC_LINK_UNCOUNTED] = { "fabric.link.uncounted", MEASURE_VALUE, "links",
				    "links of hosts whose counter of downs is not told" },
	[FABRIC_LINKS] = { "fabric.links", MEASURE_VALUE, "links", "links of hosts" },
	[FABRIC_PLACEMENT] = { "fabric.placement", MEASURE_STATE, NULL,
			       "the scheduler's file, held against the fabric: agrees, differs, "
			       "contradicts, invalid; device file:NAME" },
	[FABRIC_PLACEMENT_FINDING] = { "fabric.placement.finding", MEASURE_VALUE, "findings",
				       "findings of one rule about it; device rule:NAME" },
	[FABRIC_PLANES] = { "fabric.planes", MEASURE_VALUE, "parts",
			    "parts of it that are not joined" },
	[FABRIC_SCORE] = { "fabric.score", MEASURE_VALUE, "%",
			   "hosts that are wired in the style of most" },
	[FABRIC_SEEN] = { "fabric.seen", MEASURE_STATE, NULL,
			  "how much of it was seen: whole, partial" },
	[FABRIC_STYLE] = { "fabric.style", MEASURE_STATE, NULL,
			   "rail-optimised, rail-only, classic, mixed, unknown" },
	[FABRIC_SWITCHES] = { "fabric.switches", MEASURE_VALUE, "switches",
			      "switches of a tier; device fabric:NAME/tier:N" },
};

bool fabric_measure_find(const char *name, enum fabric_measure *ret_measure)
{
	for (unsigned i = 0; i < FABRIC_MEASURE_COUNT; i++) {
		if (strcmp(fabric_measures[i].name, name) != 0)
			continue;
		*ret_measure = (enum fabric_measure)i;
		return true;
	}
	return false;
}

bool fabric_measure_fits(enum fabric_measure measure, const struct record *record,
			 struct error *err)
{
	if (record->subject.parts[SUBJECT_NODE])
		return fail(err, ERROR_INVALID, "a measure of a fabric is about no 'node'");
	return measure_row_fits(&fabric_measures[measure], record, err);
}
