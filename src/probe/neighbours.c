#include "probe/neighbours.h"

#include <string.h>

#include "fabric/naming.h"
#include "host/metadata.h"
#include "host/packet.h"
#include "probe/look.h"
#include "probe/pci_function.h"

#define NET "/sys/class/net"
#define RDMA "/sys/class/infiniband"

enum {
	ETHERNET_TYPE = 1, /* ARPHRD_ETHER */
	WAIT_MS = 200,
	NS_PER_S = 1000000000,
};

static uint64_t read_number(const struct host *host, struct arena *arena, const char *path)
{
	uint64_t number;

	return span_to_u64(look_text(host, arena, path), &number) ? number : 0;
}

/* Whether the device's port is that interface. */
static bool carries(const struct host *host, const char *device, const char *interface,
		    struct arena *arena)
{
	const char *const *ports;
	size_t count =
		look_names(host, arena, arena_format(arena, RDMA "/%s/ports", device), &ports);

	for (size_t i = 0; i < count; i++) {
		const char *file = arena_format(arena, RDMA "/%s/ports/%s/gid_attrs/ndevs/0",
						device, ports[i]);

		if (span_is(look_text(host, arena, file), interface))
			return true;
	}
	return count <= 1 && host_kind(host, arena_format(arena, RDMA "/%s/device/net/%s", device,
							  interface)) == HOST_FOLDER;
}

static void see_device(const struct host *host, struct arena *arena, struct neighbour_link *link)
{
	const char *const *devices;
	size_t count = look_names(host, arena, RDMA, &devices);

	for (size_t i = 0; i < count && link->device[0] == '\0'; i++) {
		if (!carries(host, devices[i], link->interface, arena))
			continue;
		link->device = devices[i];
		(void)guid_parse(look_text(host, arena,
					   arena_format(arena, RDMA "/%s/node_guid", devices[i])),
				 &link->node_guid);
	}
}

static bool see_interface(const struct host *host, const char *name, struct arena *arena,
			  struct neighbour_link *ret_link)
{
	const char *folder = arena_format(arena, NET "/%s", name);
	struct neighbour_link link = { .interface = name, .device = "", .pci = "" };
	const char *pci;
	uint64_t mbit;

	if (read_number(host, arena, arena_format(arena, "%s/type", folder)) != ETHERNET_TYPE ||
	    host_kind(host, arena_format(arena, "%s/bridge", folder)) == HOST_FOLDER ||
	    host_kind(host, arena_format(arena, "%s/bonding", folder)) == HOST_FOLDER)
		return false;
	(void)mac_parse(look_text(host, arena, arena_format(arena, "%s/address", folder)),
			&link.mac);
	mbit = read_number(host, arena, arena_format(arena, "%s/speed", folder));
	link.mbit_per_s = mbit <= 10000000 ? (uint32_t)mbit : 0; /* 2^32-1: it has none */
	pci = pci_of_device(host, arena_format(arena, "%s/device", folder), arena);
	link.pci = pci ? pci : "";
	see_device(host, arena, &link);
	*ret_link = link;
	return true;
}

bool neighbourhood_see(const struct host *host, const char *name, struct arena *arena,
		       struct neighbourhood *ret_neighbourhood, struct error *err)
{
	struct neighbourhood seen = { .host = name ? name : host_name(host, arena),
				      .time = host_unix_time(host),
				      .links = { .arena = arena },
				      .place = { .arena = arena } };
	const char *const *names;
	size_t count = look_names(host, arena, NET, &names);

	if (seen.host[0] == '\0')
		return fail(err, ERROR_MISSING, "this machine has no name; give it with --node");
	for (size_t i = 0; i < count; i++) {
		struct neighbour_link link;

		if (!see_interface(host, names[i], arena, &link))
			continue;
		if (seen.links.count == INTERFACES_MAXIMUM)
			return fail(err, ERROR_LIMIT, "there are more than %d interfaces",
				    INTERFACES_MAXIMUM);
		link.host = seen.host;
		link.naming = HOST_NAMED_BY_EVIDENCE;
		if (!neighbours_add(&seen.links, &link, err))
			return false;
	}
	*ret_neighbourhood = seen;
	return true;
}

static bool is_same(const struct lldp_neighbour *a, const struct lldp_neighbour *b)
{
	return strcmp(a->chassis, b->chassis) == 0 && strcmp(a->port, b->port) == 0;
}

/* The newest words of each neighbour of the interface. */
static bool take_neighbour(struct neighbourhood *neighbourhood, const char *interface,
			   const struct lldp_neighbour *neighbour, struct error *err)
{
	struct neighbour_link *found = NULL;

	for (uint32_t i = 0; i < neighbourhood->links.count; i++) {
		struct neighbour_link *link = &neighbourhood->links.items[i];

		if (strcmp(link->interface, interface) != 0)
			continue;
		found = link;
		if (link->has_neighbour && is_same(&link->neighbour, neighbour))
			break;
		if (!link->has_neighbour) {
			neighbourhood->heard++;
			break;
		}
	}
	if (!found)
		return true; /* an interface that is not listed */
	if (found->has_neighbour && !is_same(&found->neighbour, neighbour)) {
		struct neighbour_link second = *found;

		second.neighbour = *neighbour;
		return neighbourhood->links.count == INTERFACES_MAXIMUM ||
		       neighbours_add(&neighbourhood->links, &second, err);
	}
	found->has_neighbour = true;
	found->neighbour = *neighbour;
	return true;
}

static bool hear(const struct packet_ear *ear, struct neighbourhood *neighbourhood,
		 struct error *err)
{
	char frame[PACKET_MAXIMUM], interface[PACKET_NAME_SIZE];
	struct arena *arena = neighbourhood->links.arena;
	struct lldp_neighbour neighbour;
	struct error why = { .code = ERROR_NONE };
	size_t length;

	if (!packet_next(ear, WAIT_MS, frame, &length, interface, err))
		return false;
	if (length == 0)
		return true;
	if (lldp_frame_read((struct span){ frame, length }, arena, &neighbour, &why))
		return neighbour.ttl_s == 0 ||
		       take_neighbour(neighbourhood, interface, &neighbour, err);
	if (neighbourhood->broken++ == 0)
		neighbourhood->broken_why = arena_format(arena, "%s: %s", interface, why.text);
	return true;
}

static uint32_t count_carriers(const struct host *host, const struct neighbourhood *neighbourhood)
{
	uint32_t count = 0;
	SCOPED_ARENA(scratch);

	for (uint32_t i = 0; i < neighbourhood->links.count; i++)
		count += read_number(host, &scratch,
				     arena_format(&scratch, NET "/%s/carrier",
						  neighbourhood->links.items[i].interface)) == 1;
	return count;
}

/* What an interface does not join is told by what it does not hear. */
static void join_groups(const struct packet_ear *ear, const struct neighbourhood *neighbourhood)
{
	/* The nearest bridge; the nearest that is not of two ports; the nearest of customers. */
	static const uint8_t groups[][6] = { { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e },
					     { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x03 },
					     { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00 } };

	for (uint32_t i = 0; i < neighbourhood->links.count; i++)
		for (size_t k = 0; k < sizeof(groups) / sizeof(groups[0]); k++)
			(void)packet_join(ear, neighbourhood->links.items[i].interface, groups[k],
					  NULL);
}

/* Interfaces that no cable ends at are told of only when they heard somebody all the same. */
static void drop_virtual(const struct host *host, struct neighbours *links)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < links->count; i++) {
		const struct neighbour_link *link = &links->items[i];
		const char *device = arena_format(links->arena, NET "/%s/device", link->interface);

		if (link->has_neighbour || link->device[0] != '\0' ||
		    host_kind(host, device) == HOST_FOLDER)
			links->items[kept++] = *link;
	}
	links->count = kept;
}

bool neighbourhood_listen(const struct host *host, unsigned seconds,
			  struct neighbourhood *neighbourhood, struct error *err)
{
	int64_t start = host_boot_ns(host), end = start + (int64_t)seconds * NS_PER_S;
	uint32_t awaited = count_carriers(host, neighbourhood);
	struct packet_ear ear;
	bool is_good = true;

	if (!packet_listen(host, LLDP_TYPE, &ear, err))
		return fail_while(err, "listening to LLDP");
	join_groups(&ear, neighbourhood);
	while (is_good && host_boot_ns(host) < end &&
	       (awaited == 0 || neighbourhood->heard < awaited))
		is_good = hear(&ear, neighbourhood, err);
	packet_close(&ear);
	drop_virtual(host, &neighbourhood->links);
	neighbourhood->listened_s =
		(unsigned)((host_boot_ns(host) - start + NS_PER_S / 2) / NS_PER_S);
	neighbourhood->time = host_unix_time(host);
	return is_good;
}

/* Of Google's two forms the answer is a map of its own. */
static const struct metadata_question questions[] = {
	{ NULL, "/opc/v2/host/rdmaTopologyData", "Authorization: Bearer Oracle" },
	{ NULL, "/computeMetadata/v1/instance/attributes/physical_host_topology",
	  "Metadata-Flavor: Google" },
	{ NULL, "/v1/instance-data", "Metadata: true" },
};

void neighbourhood_ask(const char *address, struct neighbourhood *neighbourhood)
{
	struct arena *arena = neighbourhood->links.arena;
	struct error err = { .code = ERROR_NONE };
	const char *file = arena_format(arena, "%s.json", neighbourhood->host);

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		struct metadata_question question = questions[i];
		SCOPED_ARENA(scratch);
		struct span answer;

		question.address = address;
		if (!metadata_ask(&question, &scratch, &answer, &err)) {
			if (err.code == ERROR_IO)
				break; /* no cloud's address: the others would wait in vain */
			continue;
		}
		if (!cloud_is(answer)) {
			(void)fail(&err, ERROR_MISSING, "%s says nothing of a place",
				   question.path);
			continue;
		}
		if (cloud_read(&neighbourhood->place, answer, file, &err))
			return;
	}
	neighbourhood->place_why = arena_string(arena, span_of(err.text));
}
