#include "report/neighbours.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "report/json_parts.h"
#include "report/table.h"

static const char *rate(uint32_t mbit, struct arena *arena)
{
	return mbit == 0     ? "?"
	       : mbit < 1000 ? arena_format(arena, "%u Mb/s", mbit)
			     : arena_format(arena, "%g Gb/s", mbit / 1e3);
}

static void write_place(const struct neighbours_report *report, struct text *into)
{
	const struct cloud_host *place = report->place;

	if (!place) {
		if (report->place_why)
			text_format(into, "Place: not known: %s\n", report->place_why);
		return;
	}
	text_format(into, "Place: ");
	for (unsigned i = 0; i < place->unit_count; i++)
		text_format(into, "%s%s", i > 0 ? " in " : "", place->units[i]);
	text_format(into, "%s%s%s (%s)\n", place->unit_count == 0 ? place->why : "",
		    place->domain[0] ? ", NVLink domain " : "", place->domain,
		    report->place_source);
}

static void write_table(const struct neighbours_report *report, const struct report_style *style,
			struct text *into)
{
	static const struct column columns[] = { { "interface", false }, { "device", false },
						 { "rate", true },       { "switch", false },
						 { "port", false },      { "", false } };
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);
	const char *last = "";
	uint32_t interfaces = 0;

	for (uint32_t i = 0; i < report->links->count; i++) {
		const struct neighbour_link *link = &report->links->items[i];
		const struct lldp_neighbour *neighbour = &link->neighbour;
		const char *name = neighbour->name;

		interfaces += strcmp(last, link->interface) != 0;
		last = link->interface;
		table_cell(&table, link->interface);
		table_cell(&table, link->device);
		table_cell(&table, rate(link->mbit_per_s, &arena));
		table_tinted(&table, link->has_neighbour ? TINT_NONE : TINT_DIM,
			     !link->has_neighbour ? "nobody heard"
			     : name && name[0]    ? name
						  : neighbour->chassis);
		table_cell(&table, link->has_neighbour ? neighbour->port : "");
		table_tinted(&table, TINT_DIM, link->has_neighbour ? neighbour->description : "");
	}
	table_write(&table, FORMAT_TABLE, style, into);
	text_format(into, "%s%s: %u of %u interfaces heard a neighbour in %u s.\n",
		    report->links->count > 0 ? "\n" : "", report->host, report->heard, interfaces,
		    report->listened_s);
	if (report->broken > 0)
		text_format(into, "%u frames break the rules of LLDP; the first: %s\n",
			    report->broken, report->broken_why);
	write_place(report, into);
}

static void put_neighbour(struct json_writer *json, const struct lldp_neighbour *neighbour)
{
	json_open_object(json);
	json_pair_string(json, "chassis", neighbour->chassis);
	json_pair_string(json, "name", neighbour->name);
	json_pair_string(json, "port", neighbour->port);
	json_pair_string(json, "description", neighbour->description);
	json_pair_integer(json, "ttl_s", neighbour->ttl_s);
	if (neighbour->has_capabilities) {
		json_pair_bool(json, "bridge", neighbour->is_bridge);
		json_pair_bool(json, "router", neighbour->is_router);
	}
	json_close_object(json);
}

static void put_known(struct json_writer *json, const char *key, const char *value)
{
	if (value && value[0] != '\0')
		json_pair_string(json, key, value);
}

static void put_head(struct json_writer *json, const struct neighbour_link *link,
		     struct arena *arena)
{
	uint64_t mac = link->mac;

	json_pair_string(json, "name", link->interface);
	put_known(json, "device", link->device);
	put_known(json, "pci", link->pci);
	if (link->node_guid != 0)
		json_pair_string(json, "node_guid",
				 arena_format(arena, "%016" PRIx64, link->node_guid));
	if (mac != 0)
		json_pair_string(
			json, "mac",
			arena_format(arena, "%02x:%02x:%02x:%02x:%02x:%02x",
				     (unsigned)(mac >> 40 & 0xff), (unsigned)(mac >> 32 & 0xff),
				     (unsigned)(mac >> 24 & 0xff), (unsigned)(mac >> 16 & 0xff),
				     (unsigned)(mac >> 8 & 0xff), (unsigned)(mac & 0xff)));
	if (link->mbit_per_s != 0)
		json_pair_integer(json, "mbit_per_s", link->mbit_per_s);
}

/* Those of one interface stand apart when it heard several; the first that stands for it writes
 * all. */
static void put_interfaces(struct json_writer *json, const struct neighbours *links,
			   struct arena *arena)
{
	json_key(json, "interfaces");
	json_open_array(json);
	for (uint32_t i = 0; i < links->count; i++) {
		const struct neighbour_link *link = &links->items[i];
		bool is_first = true;

		for (uint32_t k = 0; k < i; k++)
			is_first =
				is_first && strcmp(links->items[k].interface, link->interface) != 0;
		if (!is_first)
			continue;
		json_open_object(json);
		put_head(json, link, arena);
		json_key(json, "neighbours");
		json_open_array(json);
		for (uint32_t k = i; k < links->count; k++)
			if (links->items[k].has_neighbour &&
			    strcmp(links->items[k].interface, link->interface) == 0)
				put_neighbour(json, &links->items[k].neighbour);
		json_close_array(json);
		json_close_object(json);
	}
	json_close_array(json);
}

static void put_place(struct json_writer *json, const struct neighbours_report *report)
{
	const struct cloud_host *place = report->place;

	if (!place && !report->place_why)
		return;
	if (!place) {
		json_pair_string(json, "place_why", report->place_why);
		return;
	}
	json_key(json, "place");
	json_open_object(json);
	json_pair_string(json, "source", report->place_source);
	json_key(json, "units");
	json_open_array(json);
	for (unsigned i = 0; i < place->unit_count; i++)
		json_put_string(json, place->units[i]);
	json_close_array(json);
	put_known(json, "domain", place->domain);
	put_known(json, "subdomain", place->subdomain);
	json_close_object(json);
}

static void write_json(const struct neighbours_report *report, struct text *into)
{
	SCOPED_ARENA(arena);
	struct json_writer json = { .into = into, .indent = JSON_INDENT };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", NEIGHBOURS_SCHEMA);
	json_pair_string(&json, "version", ASSAY_VERSION);
	json_pair_string(&json, "host", report->host);
	json_pair_string(&json, "time", time_format(report->time, time));
	json_pair_integer(&json, "listened_s", report->listened_s);
	put_interfaces(&json, report->links, &arena);
	json_pair_integer(&json, "broken_frames", report->broken);
	put_place(&json, report);
	json_close_document(&json);
}

void neighbours_write(const struct neighbours_report *report, enum report_format format,
		      const struct report_style *style, struct text *into)
{
	if (format == FORMAT_JSON)
		write_json(report, into);
	else
		write_table(report, style, into);
}
