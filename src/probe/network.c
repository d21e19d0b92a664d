#include <errno.h>
#include <string.h>

#include "host/ethernet.h"
#include "probe/pci_function.h"
#include "probe/probe.h"
#include "probe/range.h"

#define INTERFACES "/sys/class/net"

enum {
	INTERFACES_MAXIMUM = 1024, /* a node with many containers has hundreds */
	LOOPBACK_TYPE = 772,       /* ARPHRD_LOOPBACK */
};

struct interface {
	const struct probe_request *request;
	struct sightings *sightings;
	struct arena *arena;
	const char *name, *folder, *device;
	enum {
		KIND_PHYSICAL,
		KIND_VIRTUAL,
		KIND_BOND,
		KIND_LOOPBACK,
	} kind;
};

static const char *const kind_names[] = { "physical", "virtual", "bond", "loopback" };

static const char *in(const struct interface *interface, const char *file)
{
	return arena_format(interface->arena, "%s/%s", interface->folder, file);
}

/* Behind a physical one is a device. */
static void classify(struct interface *interface)
{
	const struct host *host = interface->request->host;
	struct span type = look_text(host, interface->arena, in(interface, "type"));
	uint64_t number = 0;

	if (span_to_u64(type, &number) && number == LOOPBACK_TYPE)
		interface->kind = KIND_LOOPBACK;
	else if (host_kind(host, in(interface, "bonding")) == HOST_FOLDER)
		interface->kind = KIND_BOND;
	else if (host_kind(host, in(interface, "device")) == HOST_FOLDER)
		interface->kind = KIND_PHYSICAL;
	else
		interface->kind = KIND_VIRTUAL;
}

/* An interface without a link, or without such a thing as a speed, says -1 or refuses. */
static void show_speed(const struct look *look, const struct interface *interface)
{
	static const struct range sane = { 1, 10e6 };
	const char *path = in(interface, "speed");
	struct span text;
	struct error err = { 0 };

	if (!host_value(look->host, path, interface->arena, &text, &err)) {
		if (err.code != ERROR_MISSING && !strstr(err.text, strerror(EINVAL)) &&
		    !strstr(err.text, strerror(EOPNOTSUPP)))
			saw_unknown(look->sightings, NODE_NET_SPEED, look->device, "%s", err.text);
		return;
	}
	if (!span_is(text, "-1") && !span_is(text, "0") && !span_is(text, "4294967295"))
		(void)look_in_range(look, path, NODE_NET_SPEED, sane);
}

static void show_driver(const struct interface *interface)
{
	struct error err = { 0 };
	const char *target, *slash, *pci;

	if (host_link(interface->request->host, in(interface, "device/driver"), interface->arena,
		      &target, &err)) {
		slash = strrchr(target, '/');
		saw_state(interface->sightings, NODE_NET_DRIVER, interface->device,
			  slash ? slash + 1 : target);
	} else if (err.code != ERROR_MISSING) {
		saw_unknown(interface->sightings, NODE_NET_DRIVER, interface->device, "%s",
			    err.text);
	}
	pci = pci_of_device(interface->request->host, in(interface, "device"), interface->arena);
	if (pci)
		saw_state(interface->sightings, NODE_NET_PCI, interface->device,
			  arena_format(interface->arena, "pci:%s", pci));
}

static void show_firmware(const struct interface *interface)
{
	struct error err = { 0 };
	const char *firmware;

	if (ethernet_firmware(interface->request->host, interface->name, interface->arena,
			      &firmware, &err))
		saw_state(interface->sightings, NODE_NET_FIRMWARE, interface->device, firmware);
	else if (err.code == ERROR_IO)
		saw_unknown(interface->sightings, NODE_NET_FIRMWARE, interface->device, "%s",
			    err.text);
}

/* A port without a module refuses; that it is empty is no news when there is no link either. */
static void show_module(const struct interface *interface)
{
	struct ethernet_module module;
	struct error err = { 0 };
	struct span state =
		look_text(interface->request->host, interface->arena, in(interface, "operstate"));

	if (ethernet_module(interface->request->host, interface->name, &module, &err)) {
		if (module.has_temperature)
			saw_value(interface->sightings, NODE_NET_MODULE_TEMPERATURE,
				  interface->device, module.temperature_c);
		if (module.has_alarm)
			saw_value(interface->sightings, NODE_NET_MODULE_ALARM, interface->device,
				  module.alarm_c);
	} else if (err.code == ERROR_IO && span_is(state, "up")) {
		saw_unknown(interface->sightings, NODE_NET_MODULE_TEMPERATURE, interface->device,
			    "%s", err.text);
	}
}

static void show_full(const struct look *look, const struct interface *interface)
{
	if (interface->kind == KIND_LOOPBACK)
		return;
	(void)look_in_range(look, in(interface, "mtu"), NODE_NET_MTU, (struct range){ 0, 1e9 });
	show_speed(look, interface);
	if (interface->kind != KIND_PHYSICAL)
		return;
	show_driver(interface);
	show_firmware(interface);
	show_module(interface);
}

static void show_counters(const struct look *look, const struct interface *interface)
{
	static const char *const names[] = {
		"collisions",     "rx_crc_errors",     "rx_dropped",        "rx_errors",
		"rx_fifo_errors", "rx_frame_errors",   "rx_length_errors",  "rx_missed_errors",
		"rx_over_errors", "tx_aborted_errors", "tx_carrier_errors", "tx_dropped",
		"tx_errors",      "tx_fifo_errors",
	};
	struct look counter = *look;

	/* What containers and bridges lose says nothing of the machine. */
	if (interface->kind != KIND_PHYSICAL && interface->kind != KIND_BOND)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		counter.device =
			arena_format(interface->arena, "%s/%s", interface->device, names[i]);
		(void)look_in_range(
			&counter, look_path(look, "%s/statistics/%s", interface->folder, names[i]),
			NODE_NET_COUNTER, (struct range){ 0, 2e19 });
	}
}

static void show(struct interface *interface)
{
	struct look look = { interface->request->host, interface->sightings, interface->device,
			     MISSING_IS_UNKNOWN };
	unsigned shares = interface->request->shares;

	classify(interface);
	if (shares & PROBE_QUICK) {
		saw_state(interface->sightings, NODE_NET_KIND, interface->device,
			  kind_names[interface->kind]);
		(void)look_state(&look, in(interface, "operstate"), NODE_NET_STATE);
	}
	/* Kernels before 3.15 do not count. */
	look.missing = MISSING_IS_SILENT;
	if (shares & (PROBE_QUICK | PROBE_COUNTERS))
		(void)look_in_range(&look, in(interface, "carrier_changes"),
				    NODE_NET_CARRIER_CHANGES, (struct range){ 0, 2e19 });
	if (shares & PROBE_FULL)
		show_full(&look, interface);
	if (shares & PROBE_COUNTERS)
		show_counters(&look, interface);
}

static void observe(const struct probe_request *request, struct sightings *sightings)
{
	const char *const *names;
	struct error err = { 0 };
	size_t name_count = 0, count = 0;

	if (!host_list(request->host, INTERFACES, sightings->arena, &names, &name_count, &err)) {
		if (request->shares & (PROBE_QUICK | PROBE_FULL))
			saw_unknown(sightings, NODE_NET_STATE, NULL, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < name_count && count <= INTERFACES_MAXIMUM; i++) {
		struct interface interface = {
			.request = request,
			.sightings = sightings,
			.arena = sightings->arena,
			.name = names[i],
			.folder = arena_format(sightings->arena, INTERFACES "/%s", names[i]),
			.device = arena_format(sightings->arena, "net:%s", names[i]),
		};

		/* Settings of bonding lie beside the interfaces, as files. */
		if (host_kind(request->host, interface.folder) == HOST_FILE)
			continue;
		if (count++ < INTERFACES_MAXIMUM)
			show(&interface);
	}
	if (count > INTERFACES_MAXIMUM && request->shares & (PROBE_QUICK | PROBE_FULL))
		saw_unknown(sightings, NODE_NET_STATE, NULL,
			    "more than %d interfaces; the rest was not looked at",
			    INTERFACES_MAXIMUM);
}

const struct probe probe_network = {
	.name = "network",
	.title = "network interfaces, their links and counters",
	.shares = PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS,
	.look = observe,
};
