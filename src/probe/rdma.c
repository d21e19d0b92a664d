#include <errno.h>
#include <string.h>

#include "fabric/naming.h"
#include "probe/pci_function.h"
#include "probe/probe.h"
#include "probe/range.h"

#define ADAPTERS "/sys/class/infiniband"

enum {
	ADAPTERS_MAXIMUM = 1024, /* with virtual functions */
	PORTS_MAXIMUM = 254,     /* a port's number is one byte; 0 is that of a switch itself */
	COUNTERS_MAXIMUM = 512,  /* of one folder */
	PARTITIONS_MAXIMUM = 512,
	NAME_MAXIMUM = 63, /* the kernel's own limit */
	QUOTED_MAXIMUM = 60,
};

/* An adapter or one of its ports. */
struct part {
	const struct probe_request *request;
	struct sightings *sightings;
	struct arena *arena;
	const char *folder;
	const char *device; /* "rdma:mlx5_0", "rdma:mlx5_0/1" */
};

/* Names of adapters and counters become parts of devices: nothing else may stand in them. */
static bool is_sound(const char *name)
{
	size_t length = strnlen(name, NAME_MAXIMUM + 1);

	for (size_t i = 0; i < length; i++) {
		char c = name[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '-' && (c != '.' || i == 0))
			return false;
	}
	return length > 0 && length <= NAME_MAXIMUM;
}

static const char *in(const struct part *part, const char *file)
{
	return arena_format(part->arena, "%s/%s", part->folder, file);
}

static void unknown(const struct part *part, enum measure measure, const struct error *err)
{
	saw_unknown(part->sightings, measure, part->device, "%s", err->text);
}

/* What the kernel answers about a thing that the adapter has not. */
static bool is_not_there(const struct error *err)
{
	return err->code == ERROR_MISSING || strstr(err->text, strerror(EINVAL)) ||
	       strstr(err->text, strerror(EOPNOTSUPP));
}

/* The word in lower case; false when there are other characters in it, or too many. */
static bool lower(struct span text, char into[static NAME_MAXIMUM + 1])
{
	if (text.length == 0 || text.length > NAME_MAXIMUM)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		into[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		if (!(into[i] >= 'a' && into[i] <= 'z') && c != '_')
			return false;
	}
	into[text.length] = '\0';
	return true;
}

/* The kernel's word, from "4: ACTIVE" or, with `is_bare`, as it stands. */
static void show_word(const struct part *part, const char *file, bool is_bare, enum measure measure)
{
	/* Words of the kernel that are longer than what they mean. */
	static const char *const shorter[][2] = {
		{ "linkerrorrecovery", "errorrecovery" },
		{ "portconfigurationtraining", "training" },
	};
	char word[NAME_MAXIMUM + 1];
	struct error err = { 0 };
	struct span text, rest, number;
	const char *state = word;

	if (!host_value(part->request->host, in(part, file), part->arena, &text, &err)) {
		unknown(part, measure, &err);
		return;
	}
	rest = text;
	if (!is_bare && !span_cut(&rest, ':', &number))
		rest = SPAN("");
	if (!lower(span_trim(rest), word)) {
		saw_unknown(part->sightings, measure, part->device, "'%s' says '%.*s'",
			    in(part, file),
			    (int)(text.length < QUOTED_MAXIMUM ? text.length : QUOTED_MAXIMUM),
			    text.at);
		return;
	}
	for (size_t i = 0; i < sizeof(shorter) / sizeof(shorter[0]); i++)
		if (strcmp(word, shorter[i][0]) == 0)
			state = shorter[i][1];
	saw_state(part->sightings, measure, part->device, state);
}

/* The interface of the port: the one that its first address belongs to, else the one of the
 * adapter's interfaces with the port's number. */
static void show_net(const struct part *port, const struct part *adapter, uint64_t number)
{
	const struct host *host = port->request->host;
	struct span name = look_text(host, port->arena, in(port, "gid_attrs/ndevs/0"));
	const char *const *names;
	size_t count;

	if (name.length > 0) {
		saw_state(port->sightings, NODE_RDMA_NET, port->device,
			  arena_format(port->arena, "net:%.*s", SPAN_ARGS(name)));
		return;
	}
	count = look_names(host, port->arena, in(adapter, "device/net"), &names);
	for (size_t i = 0; i < count; i++) {
		const char *file = arena_format(port->arena, "%s/device/net/%s/dev_port",
						adapter->folder, names[i]);
		struct span text = look_text(host, port->arena, file);
		uint64_t own;

		if (count > 1 && (!span_to_u64(text, &own) || own + 1 != number))
			continue;
		saw_state(port->sightings, NODE_RDMA_NET, port->device,
			  arena_format(port->arena, "net:%s", names[i]));
		return;
	}
}

static void add_partition(uint32_t *keys, size_t *count, uint32_t key)
{
	size_t at = *count;

	while (at > 0 && keys[at - 1] > key)
		at--;
	if (at > 0 && keys[at - 1] == key)
		return;
	memmove(keys + at + 1, keys + at, (*count - at) * sizeof(*keys));
	keys[at] = key;
	++*count;
}

/* All keys, or none: with one that is not known the list would be another. */
static void show_partitions(const struct part *port)
{
	const struct host *host = port->request->host;
	const char *folder = in(port, "pkeys"), *joined = "";
	uint32_t keys[PARTITIONS_MAXIMUM];
	const char *const *names;
	struct error err = { 0 };
	size_t name_count = 0, count = 0;

	if (!host_list(host, folder, port->arena, &names, &name_count, &err)) {
		if (err.code != ERROR_MISSING)
			unknown(port, NODE_RDMA_PARTITIONS, &err);
		return;
	}
	if (name_count > PARTITIONS_MAXIMUM)
		(void)fail(&err, ERROR_LIMIT, "'%s' has %zu entries", folder, name_count);
	for (size_t i = 0; i < name_count && err.code == ERROR_NONE; i++) {
		const char *path = arena_format(port->arena, "%s/%s", folder, names[i]);
		uint32_t key = 0;

		if (pci_read_id(host, path, 4, port->arena, &key, &err) && key != 0)
			add_partition(keys, &count, key);
	}
	if (err.code != ERROR_NONE) {
		unknown(port, NODE_RDMA_PARTITIONS, &err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		joined = arena_format(port->arena, "%s%s0x%04x", joined, i > 0 ? "," : "", keys[i]);
	saw_state(port->sightings, NODE_RDMA_PARTITIONS, port->device, count > 0 ? joined : "none");
}

/* Counters of traffic: no sign of health. */
static bool is_traffic(const char *name)
{
	static const char *const ends[] = { "_data", "_packets", "_bytes", "_octets" };
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (length > strlen(ends[i]) &&
		    strcmp(name + length - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

static void show_counter(const struct part *port, const char *folder, const char *name)
{
	const struct part counter = { port->request, port->sightings, port->arena, folder,
				      arena_format(port->arena, "%s/%s", port->device, name) };
	struct error err = { 0 };
	struct span text;
	uint64_t value;

	if (!host_value(port->request->host, in(&counter, name), port->arena, &text, &err)) {
		if (!is_not_there(&err))
			unknown(&counter, NODE_RDMA_COUNTER, &err);
		return;
	}
	if (span_to_u64(text, &value))
		saw_value(port->sightings, NODE_RDMA_COUNTER, counter.device, (double)value);
	else
		saw_unknown(port->sightings, NODE_RDMA_COUNTER, counter.device, "'%s' says '%.*s'",
			    in(&counter, name),
			    (int)(text.length < QUOTED_MAXIMUM ? text.length : QUOTED_MAXIMUM),
			    text.at);
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* The counters of one folder less those whose names another folder has, which is read as well. */
static void show_counters(const struct part *port, const char *file, const char *other)
{
	bool full = port->request->shares & PROBE_FULL;
	const char *folder = in(port, file);
	const char *const *names, *const *others = NULL;
	struct error err = { 0 };
	size_t count = 0, other_count = 0;

	if (other)
		other_count =
			look_names(port->request->host, port->arena, in(port, other), &others);
	if (!host_list(port->request->host, folder, port->arena, &names, &count, &err)) {
		if (err.code != ERROR_MISSING)
			unknown(port, NODE_RDMA_COUNTER, &err);
		return;
	}
	if (count > COUNTERS_MAXIMUM || other_count > COUNTERS_MAXIMUM) {
		saw_unknown(port->sightings, NODE_RDMA_COUNTER, port->device,
			    "'%s' has %zu entries", folder, count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		/* How long the kernel keeps what it has read is no counter. */
		if (!is_sound(names[i]) || strcmp(names[i], "lifespan") == 0)
			continue;
		if (is_traffic(names[i]) && !full)
			continue;
		if (is_among(names[i], others, other_count))
			continue;
		show_counter(port, folder, names[i]);
	}
}

/* "b83f:d203:00a1:b2c0", of which the last four groups count. What the adapter has no such file of
 * is not said. */
static void show_guid(const struct part *part, const char *file, enum measure measure)
{
	static const size_t length = sizeof("b83f:d203:00a1:b2c0") - 1;
	struct error err = { 0 };
	struct span text;
	uint64_t guid;

	if (!host_value(part->request->host, in(part, file), part->arena, &text, &err)) {
		if (!is_not_there(&err))
			unknown(part, measure, &err);
		return;
	}
	if (text.length > length)
		text = (struct span){ text.at + text.length - length, length };
	if (guid_parse(text, &guid))
		saw_state(part->sightings, measure, part->device,
			  arena_format(part->arena, "0x%016llx", (unsigned long long)guid));
	else
		saw_unknown(part->sightings, measure, part->device, "'%s' says '%.*s'",
			    in(part, file), SPAN_ARGS(text));
}

static void show_port(const struct part *adapter, uint64_t number)
{
	const struct part port = {
		adapter->request,
		adapter->sightings,
		adapter->arena,
		arena_format(adapter->arena, "%s/ports/%llu", adapter->folder,
			     (unsigned long long)number),
		arena_format(adapter->arena, "%s/%llu", adapter->device,
			     (unsigned long long)number),
	};
	const struct look look = { port.request->host, port.sightings, port.device,
				   MISSING_IS_UNKNOWN };
	unsigned shares = port.request->shares;

	if (shares & PROBE_QUICK) {
		show_word(&port, "state", false, NODE_RDMA_STATE);
		show_word(&port, "phys_state", false, NODE_RDMA_PHYSICAL);
		show_word(&port, "link_layer", true, NODE_RDMA_LAYER);
		(void)look_in_range(&look, in(&port, "rate"), NODE_RDMA_RATE,
				    (struct range){ 0.1, 100000 });
		show_net(&port, adapter, number);
	}
	if (shares & PROBE_FULL) {
		if (span_is(look_text(look.host, port.arena, in(&port, "link_layer")),
			    "InfiniBand")) {
			(void)look_value(&look, in(&port, "lid"), NODE_RDMA_LID, 1.0);
			/* The first address is the prefix of the subnet and the port's GUID. */
			show_guid(&port, "gids/0", NODE_RDMA_PORT_GUID);
		}
		show_partitions(&port);
	}
	if (shares & PROBE_COUNTERS) {
		show_counters(&port, "counters", NULL);
		show_counters(&port, "hw_counters", "counters");
	}
}

static void show_ports(const struct part *adapter)
{
	const char *const *names;
	struct error err = { 0 };
	size_t count = 0;

	if (!host_list(adapter->request->host, in(adapter, "ports"), adapter->arena, &names, &count,
		       &err)) {
		unknown(adapter, NODE_RDMA_STATE, &err);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t number;

		if (span_to_u64(span_of(names[i]), &number) && number <= PORTS_MAXIMUM)
			show_port(adapter, number);
	}
}

/* A guest sees no physical function behind a virtual one; the adapters of Mellanox have identifiers
 * of their own for it. */
static bool is_virtual(const struct part *adapter)
{
	static const uint32_t virtual_ids[] = { 0x1004, 0x1014, 0x1016, 0x1018,
						0x101a, 0x101c, 0x101e };
	const struct host *host = adapter->request->host;
	uint32_t vendor = 0, id = 0;
	const char *target;

	if (host_link(host, in(adapter, "device/physfn"), adapter->arena, &target, NULL))
		return true;
	if (!pci_read_id(host, in(adapter, "device/vendor"), 4, adapter->arena, &vendor, NULL) ||
	    !pci_read_id(host, in(adapter, "device/device"), 4, adapter->arena, &id, NULL) ||
	    vendor != PCI_VENDOR_MELLANOX)
		return false;
	for (size_t i = 0; i < sizeof(virtual_ids) / sizeof(virtual_ids[0]); i++)
		if (id == virtual_ids[i])
			return true;
	return false;
}

static void show_driver(const struct part *adapter)
{
	struct error err = { 0 };
	const char *target, *slash;

	if (!host_link(adapter->request->host, in(adapter, "device/driver"), adapter->arena,
		       &target, &err)) {
		/* An adapter in software, as rxe, has no device. */
		if (err.code != ERROR_MISSING)
			unknown(adapter, NODE_RDMA_DRIVER, &err);
		return;
	}
	slash = strrchr(target, '/');
	saw_state(adapter->sightings, NODE_RDMA_DRIVER, adapter->device,
		  slash ? slash + 1 : target);
}

static void show_adapter(const struct part *adapter)
{
	const struct look look = { adapter->request->host, adapter->sightings, adapter->device,
				   MISSING_IS_SILENT };
	unsigned shares = adapter->request->shares;
	const char *pci;

	if (shares & PROBE_QUICK) {
		show_driver(adapter);
		pci = pci_of_device(look.host, in(adapter, "device"), adapter->arena);
		if (pci)
			saw_state(adapter->sightings, NODE_RDMA_PCI, adapter->device,
				  arena_format(adapter->arena, "pci:%s", pci));
		saw_state(adapter->sightings, NODE_RDMA_FUNCTION, adapter->device,
			  is_virtual(adapter) ? "virtual" : "physical");
		(void)look_state(&look, in(adapter, "hca_type"), NODE_RDMA_MODEL);
	}
	if (shares & PROBE_FULL) {
		(void)look_state(&look, in(adapter, "fw_ver"), NODE_RDMA_FIRMWARE);
		(void)look_state(&look, in(adapter, "board_id"), NODE_RDMA_BOARD);
		show_guid(adapter, "node_guid", NODE_RDMA_NODE_GUID);
		show_guid(adapter, "sys_image_guid", NODE_RDMA_SYSTEM_GUID);
	}
	show_ports(adapter);
}

/* False when it is not known which there are. No folder means that the kernel has no RDMA, where
 * there is a /sys at all. */
static bool list_adapters(const struct host *host, struct arena *arena,
			  const char *const **ret_names, size_t *ret_count, struct error *err)
{
	if (host_list(host, ADAPTERS, arena, ret_names, ret_count, err))
		return true;
	if (err->code != ERROR_MISSING || host_kind(host, "/sys/class") != HOST_FOLDER)
		return false;
	*ret_count = 0;
	return true;
}

static void observe(const struct probe_request *request, struct sightings *sightings)
{
	const char *const *names = NULL;
	struct error err = { 0 };
	size_t name_count = 0, count = 0;

	if (!list_adapters(request->host, sightings->arena, &names, &name_count, &err)) {
		if (request->shares & (PROBE_QUICK | PROBE_FULL))
			saw_unknown(sightings, NODE_RDMA_COUNT, NULL, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < name_count; i++) {
		const struct part adapter = {
			request,
			sightings,
			sightings->arena,
			arena_format(sightings->arena, ADAPTERS "/%s", names[i]),
			arena_format(sightings->arena, "rdma:%s", names[i]),
		};

		if (is_sound(names[i]) && count++ < ADAPTERS_MAXIMUM)
			show_adapter(&adapter);
	}
	if (request->shares & (PROBE_QUICK | PROBE_FULL))
		saw_value(sightings, NODE_RDMA_COUNT, NULL, (double)count);
}

const struct probe probe_rdma = {
	.name = "rdma",
	.title = "RDMA adapters, their ports and counters",
	.shares = PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS,
	.look = observe,
};
