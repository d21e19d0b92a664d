#include "fabric/records.h"

#include <math.h>
#include <string.h>

enum {
	RECORDS_FIRST = 64,
	PLACES_BYTES = 600, /* of an excerpt that says where faults are */
};

/* A device holds printable characters without blanks. */
static const char *copy_device(struct arena *arena, const char *device)
{
	char name[RECORD_DEVICE_MAXIMUM + 1];
	size_t length = 0;

	if (!device)
		return NULL;
	for (; device[length] && length < RECORD_DEVICE_MAXIMUM; length++)
		name[length] = device[length] > ' ' && device[length] <= '~' ? device[length] : '_';
	return arena_string(arena, (struct span){ name, length });
}

static struct record *add(struct fabric_records *records, const char *what, const char *device)
{
	const char *of = records->subject.parts[SUBJECT_CLUSTER];
	date_t day = date_from_unix(records->time);
	char text[DATE_TEXT_SIZE];
	struct record *record;

	if (records->count == records->room) {
		size_t room = records->room > 0 ? 2 * records->room : RECORDS_FIRST;
		struct record *larger = ARENA_ARRAY(records->arena, struct record, room);

		if (records->count > 0)
			memcpy(larger, records->items, records->count * sizeof(*larger));
		records->items = larger;
		records->room = room;
	}
	record = &records->items[records->count++];
	*record = (struct record){
		.subject = records->subject,
		.what = what,
		.kind = KIND_MEASUREMENT,
		.strength = STRENGTH_E1,
		.time = records->time,
		.observed = day,
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.source = {
			.name = arena_format(records->arena, "assay fabric %s", records->command),
			.tool = "assay",
			.version = ASSAY_VERSION,
		},
	};
	record->subject.parts[SUBJECT_DEVICE] = copy_device(records->arena, device);
	record->id = arena_format(records->arena, "%.60s-fabric-%s-%lld-%s-%zu",
				  of ? of : records->subject.parts[SUBJECT_PROVIDER],
				  date_format(day, text), (long long)records->time,
				  records->command, records->count);
	return record;
}

struct record *fabric_saw_unknown(struct fabric_records *records, enum fabric_measure measure,
				  const char *device, const char *why)
{
	struct record *record = add(records, fabric_measures[measure].name, device);

	record->says = SAYS_UNKNOWN;
	record->text = why;
	return record;
}

struct record *fabric_saw_value(struct fabric_records *records, enum fabric_measure measure,
				const char *device, double value)
{
	struct record *record;

	if (!isfinite(value))
		return fabric_saw_unknown(records, measure, device, "it is no number");
	record = add(records, fabric_measures[measure].name, device);
	record->says = SAYS_VALUE;
	record->value = value;
	record->unit = fabric_measures[measure].unit;
	return record;
}

struct record *fabric_saw_state(struct fabric_records *records, enum fabric_measure measure,
				const char *device, const char *state)
{
	struct record *record = add(records, fabric_measures[measure].name, device);

	record->says = SAYS_STATE;
	record->text = state;
	return record;
}

/* ---- a layout ---- */

static const char not_whole[] = "the fabric was not seen as a whole";

/* A number that what was not seen could change. */
static void tell_of_whole(const struct layout *layout, struct fabric_records *records,
			  enum fabric_measure measure, const char *device, double value)
{
	if (layout->is_partial)
		(void)fabric_saw_unknown(records, measure, device, not_whole);
	else
		(void)fabric_saw_value(records, measure, device, value);
}

static void tell_tier(const struct layout *layout, const struct layout_fabric *fabric,
		      unsigned number, struct fabric_records *records)
{
	const struct layout_tier *tier = &fabric->tiers[number];
	const char *device =
		arena_format(records->arena, "fabric:%s/tier:%u", fabric->name, number);

	tell_of_whole(layout, records, FABRIC_SWITCHES, device, tier->switches);
	/* The top has nothing above it. */
	if (fabric->is_blind || isnan(tier->blocking_middle))
		return;
	tell_of_whole(layout, records, FABRIC_BLOCKING, device, tier->blocking_middle);
	tell_of_whole(layout, records, FABRIC_BLOCKING_MOST, device, tier->blocking_most);
}

static const struct fabric_adapter *adapter_of(const struct layout *layout,
					       const struct layout_link *link)
{
	const struct fabric_host *host = &layout->hosts->hosts[link->host];
	uint32_t node = layout->graph->ports[link->port].node;

	for (uint32_t i = 0; i < host->adapter_count; i++) {
		const struct fabric_adapter *one =
			&layout->hosts->adapters[host->first_adapter + i];

		if (one->node == node)
			return one;
	}
	return NULL;
}

static void tell_downs(const struct layout *layout, uint32_t number, const char *device,
		       struct fabric_records *records)
{
	uint64_t downs = 0;
	uint32_t counted = 0, links = 0;

	for (uint32_t i = 0; i < layout->link_count; i++) {
		const struct layout_link *link = &layout->links[i];
		const struct fabric_adapter *adapter = adapter_of(layout, link);

		if (layout->switches[link->leaf].fabric != number)
			continue;
		links++;
		if (!adapter || !adapter->has_downs)
			continue;
		counted++;
		downs += adapter->downs;
	}
	(void)fabric_saw_value(records, FABRIC_LINK_COUNTED, device, counted);
	tell_of_whole(layout, records, FABRIC_LINK_UNCOUNTED, device, links - counted);
	if (counted > 0)
		(void)fabric_saw_value(records, FABRIC_LINK_DOWNS, device, (double)downs);
	else
		(void)fabric_saw_unknown(records, FABRIC_LINK_DOWNS, device,
					 "no evidence of hosts tells the counters of their links");
}

/* A finding about a link of a host that is slow, in this fabric. */
static bool is_slow_at_host(const struct layout *layout, const struct layout_finding *finding,
			    uint32_t number)
{
	uint32_t leaf;

	if ((finding->fault != FAULT_SLOW && finding->fault != FAULT_UNEQUAL) ||
	    finding->host == LAYOUT_NONE || finding->port == GRAPH_NONE ||
	    !(finding->size > 0 && finding->expected > 0))
		return false;
	leaf = layout->switch_of_node[layout->graph->ports[finding->port].node];
	return leaf != LAYOUT_NONE && layout->switches[leaf].fabric == number;
}

/* 100 is known only of a fabric that was seen whole, and of links whose rates are told. */
static void tell_slowest(const struct layout *layout, uint32_t number, const char *device,
			 struct fabric_records *records)
{
	const struct layout_finding *slowest = NULL;
	double least = 1;

	for (uint32_t i = 0; i < layout->finding_count; i++) {
		const struct layout_finding *one = &layout->findings[i];
		double share;

		if (!is_slow_at_host(layout, one, number))
			continue;
		share = one->size < one->expected ? one->size / one->expected
						  : one->expected / one->size;
		if (share < least) {
			least = share;
			slowest = one;
		}
	}
	if (slowest)
		fabric_saw_value(records, FABRIC_LINK_SLOWEST, device, 100 * least)->excerpt =
			arena_format(records->arena, "%.200s: %.400s", slowest->place,
				     slowest->text);
	else if (layout->fabrics[number].mbit > 0)
		tell_of_whole(layout, records, FABRIC_LINK_SLOWEST, device, 100);
}

static void tell_fabric(const struct layout *layout, uint32_t number,
			struct fabric_records *records)
{
	const struct layout_fabric *fabric = &layout->fabrics[number];
	const char *device = arena_format(records->arena, "fabric:%s", fabric->name);

	tell_of_whole(layout, records, FABRIC_HOSTS, device, fabric->host_count);
	tell_of_whole(layout, records, FABRIC_LINKS, device, fabric->link_count);
	tell_of_whole(layout, records, FABRIC_HOST_LINKS, device, fabric->host_links);
	tell_of_whole(layout, records, FABRIC_GROUPS, device, fabric->group_count);
	tell_of_whole(layout, records, FABRIC_GROUP_HOSTS, device, fabric->group_middle);
	tell_of_whole(layout, records, FABRIC_PLANES, device, fabric->planes);
	tell_of_whole(layout, records, FABRIC_AGGREGATORS, device, fabric->aggregator_count);
	if (fabric->mbit > 0)
		(void)fabric_saw_value(records, FABRIC_LINK_RATE, device, fabric->mbit);
	(void)fabric_saw_state(records, FABRIC_STYLE, device, layout_style_names[fabric->style]);
	if (!isnan(fabric->score))
		tell_of_whole(layout, records, FABRIC_SCORE, device, 100 * fabric->score);
	for (unsigned i = 0; i < fabric->tier_count; i++)
		tell_tier(layout, fabric, i, records);
	tell_slowest(layout, number, device, records);
	tell_downs(layout, number, device, records);
}

/* "leaf-04 port 12: …; leaf-05 port 1: …", as many as there is room for. */
static const char *places_of(const struct layout *layout, enum layout_fault fault,
			     struct arena *arena)
{
	const char *places = NULL;
	size_t length = 0;

	for (uint32_t i = 0; i < layout->finding_count; i++) {
		const struct layout_finding *one = &layout->findings[i];

		if (one->fault != fault)
			continue;
		length += strlen(one->place) + strlen(one->text) + 4;
		if (length > PLACES_BYTES)
			break;
		places = arena_format(arena, "%s%s%s%s%s", places ? places : "", places ? "; " : "",
				      one->place, one->place[0] != '\0' ? ": " : "", one->text);
	}
	return places;
}

/* Faults of each kind: of what was seen there may be more than so many, so that none is known to be
 * none only when all was seen. */
static void tell_faults(const struct layout *layout, struct fabric_records *records)
{
	for (unsigned i = 0; i < FAULT_COUNT; i++) {
		const char *device = arena_format(records->arena, "fault:%s",
						  layout_fault_name((enum layout_fault)i));

		if (layout->found[i] > 0)
			fabric_saw_value(records, FABRIC_FAULT, device, layout->found[i])->excerpt =
				places_of(layout, (enum layout_fault)i, records->arena);
		else
			tell_of_whole(layout, records, FABRIC_FAULT, device, 0);
	}
}

/* Nodes that reach each other on a rail through one switch: the middle of the leaf groups, so that
 * a last group which is half full does not stand for all. */
static void settle_rail_group(const struct layout *layout, struct fabric_records *records)
{
	const struct layout_fabric *fabric = layout->fabrics;
	struct record *record;

	if (fabric->group_count == 0 || layout->is_partial)
		return;
	record = add(records, "networking.rail-group", NULL);
	record->says = SAYS_VALUE;
	record->value = fabric->group_middle;
	record->unit = "nodes";
	record->excerpt = arena_format(
		records->arena,
		"%s fabric of %u hosts: %u leaf groups of %u to %u hosts, middle %u",
		layout_style_names[fabric->style], fabric->host_count, fabric->group_count,
		fabric->group_least, fabric->group_most, fabric->group_middle);
}

void layout_tell(const struct layout *layout, struct fabric_records *records)
{
	if (layout->fabric_count == 0)
		return;
	(void)fabric_saw_state(records, FABRIC_SEEN, NULL,
			       layout->is_partial ? "partial" : "whole");
	for (uint32_t i = 0; i < layout->fabric_count; i++)
		tell_fabric(layout, i, records);
	tell_faults(layout, records);
	settle_rail_group(layout, records);
}

/* ---- a scheduler's file ---- */

static void tell_rules(const struct slurm_findings *findings, struct fabric_records *records)
{
	for (unsigned rule = 0; rule < SLURM_RULE_COUNT; rule++) {
		uint32_t count = 0;

		for (uint32_t i = 0; i < findings->kept; i++)
			count += findings->items[i].rule == (enum slurm_rule)rule;
		if (count > 0)
			(void)fabric_saw_value(
				records, FABRIC_PLACEMENT_FINDING,
				arena_format(records->arena, "rule:%s", slurm_rule_names[rule]),
				count);
	}
}

/* The gravest finding by Slurm's own rules fails the file; against the fabric it contradicts. */
static const char *word_of(const struct slurm_findings *findings)
{
	for (uint32_t i = 0; i < findings->kept; i++)
		if (findings->items[i].weight == SLURM_FAILS &&
		    findings->items[i].rule < SLURM_WRONG_SWITCH)
			return "invalid";
	if (findings->counts[SLURM_FAILS] > 0)
		return "contradicts";
	return findings->counts[SLURM_WARNS] > 0 ? "differs" : "agrees";
}

void slurm_tell(const struct slurm_file *file, const struct slurm_findings *findings,
		const struct placement *placement, struct fabric_records *records)
{
	const char *slash = strrchr(file->path, '/');
	const char *device =
		arena_format(records->arena, "file:%s", slash ? slash + 1 : file->path);
	const char *why = NULL;
	struct record *record;

	if (!placement)
		why = "no fabric was given to hold it against";
	else if (placement->is_partial)
		why = not_whole;
	else if (findings->counts[SLURM_UNKNOWN] > 0)
		why = "not all of its nodes could be compared with the fabric";
	if (why && findings->counts[SLURM_FAILS] == 0)
		record = fabric_saw_unknown(records, FABRIC_PLACEMENT, device, why);
	else
		record = fabric_saw_state(records, FABRIC_PLACEMENT, device, word_of(findings));
	if (findings->kept > 0)
		record->excerpt = arena_format(records->arena, "%.200s: %.1500s",
					       slurm_rule_names[findings->items[0].rule],
					       findings->items[0].says);
	tell_rules(findings, records);
}
