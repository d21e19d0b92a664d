#include "probe/smp.h"

#include <string.h>

#include "base/span.h"
#include "probe/datagram.h"

enum {
	DESCRIPTION_BYTES = 64,
};

void smp_ask(struct mad *mad, enum smp_attribute attribute, uint32_t modifier,
	     const struct smp_route *route, uint32_t number)
{
	datagram_start(mad, MAD_CLASS_SUBNET_DIRECTED, 1, MAD_METHOD_GET, number);
	datagram_about(mad, (uint16_t)attribute, modifier);
	datagram_route(mad, route->ports, route->hops);
}

void performance_ask(struct mad *mad, uint16_t lid, uint8_t port, uint32_t number)
{
	datagram_start(mad, MAD_CLASS_PERFORMANCE, 1, MAD_METHOD_GET, number);
	datagram_about(mad, PERFORMANCE_PORT_COUNTERS, 0);
	mad->address.lid = lid;
	mad->address.queue_pair = 1;
	mad->address.queue_key = MAD_QUEUE_KEY;
	mad->data[AT_DATA + 1] = port;
}

bool smp_read_node(const struct mad *mad, struct smp_node *ret_node)
{
	static const uint8_t kinds[] = { [GRAPH_ADAPTER] = KIND_ADAPTER,
					 [GRAPH_SWITCH] = KIND_SWITCH,
					 [GRAPH_ROUTER] = KIND_ROUTER };
	const uint8_t *data = mad->data + AT_DATA;

	for (unsigned kind = 0; kind < GRAPH_KIND_COUNT; kind++) {
		if (data[2] != kinds[kind])
			continue;
		*ret_node = (struct smp_node){
			.kind = kind,
			.port_count = data[3],
			.system_guid = datagram_get(data + 4, 8),
			.guid = datagram_get(data + 12, 8),
			.port_guid = datagram_get(data + 20, 8),
			.device = (uint32_t)datagram_get(data + 30, 2),
			.local_port = data[36],
			.vendor = (uint32_t)datagram_get(data + 37, 3),
		};
		return ret_node->guid && ret_node->port_count < UINT8_MAX &&
		       ret_node->local_port <= ret_node->port_count &&
		       (ret_node->local_port || kind == GRAPH_SWITCH);
	}
	return false;
}

/* The active rate. What is faster than 10 Gb/s a lane stands in the extended fields, and then the
 * old one shows QDR. */
static enum graph_speed speed_of(const uint8_t *data)
{
	static const enum graph_speed old[16] = {
		[1] = SPEED_SDR, [2] = SPEED_DDR, [4] = SPEED_QDR
	};
	static const enum graph_speed extended[16] = {
		[1] = SPEED_FDR, [2] = SPEED_EDR, [4] = SPEED_HDR, [8] = SPEED_NDR
	};

	/* LinkSpeedExtActive2; the two bits behind it tell what the port could do. */
	if ((data[56] >> 5 & 3) == 1)
		return SPEED_XDR;
	if (extended[data[62] >> 4] != SPEED_UNKNOWN)
		return extended[data[62] >> 4];
	return old[data[35] >> 4];
}

void smp_read_port(const struct mad *mad, struct smp_port *ret_port)
{
	static const uint8_t widths[] = { [1] = 1, [2] = 4, [4] = 8, [8] = 12, [16] = 2 };
	const uint8_t *data = mad->data + AT_DATA;

	*ret_port = (struct smp_port){
		.lid = (uint16_t)datagram_get(data + 16, 2),
		.sm_lid = (uint16_t)datagram_get(data + 18, 2),
		.width = data[31] < sizeof(widths) ? widths[data[31]] : 0,
		.state = data[32] & 15,
		.physical = data[33] >> 4,
		.key_protection = data[34] >> 6,
		.lmc = data[34] & 7,
		.speed = speed_of(data),
	};
}

bool smp_tells_fdr10(uint32_t vendor, uint32_t device)
{
	static const struct {
		uint16_t first, last;
		bool is_of_bull; /* numbers that Bull gave to devices with its own maker's number */
	} devices[] = {
		{ 0x1003, 0x101b, false }, /* ConnectX-3 to ConnectX-6, Connect-IB */
		{ 0xa2d2, 0xa2d2, false }, /* BlueField */
		{ 0xc738, 0xc73b, false }, /* SwitchX */
		{ 0xc839, 0xc839, false }, { 0xcb20, 0xcb20, false }, /* Switch-IB */
		{ 0xcf08, 0xcf09, false },                            /* Switch-IB 2 */
		{ 0xd2f0, 0xd2f0, false },                            /* Quantum */
		{ 0x1b02, 0x1b02, true },  { 0x1b33, 0x1b33, true },  { 0x1b40, 0x1b41, true },
		{ 0x1b50, 0x1b50, true },  { 0x1b60, 0x1b61, true },  { 0x1b73, 0x1b73, true },
		{ 0x1b83, 0x1b83, true },  { 0x1b93, 0x1b94, true },  { 0x1ba0, 0x1ba0, true },
		{ 0x1bb4, 0x1bb5, true },  { 0x1bc4, 0x1bc6, true },  { 0x1bd0, 0x1bd5, true },
		{ 0x1bf0, 0x1bf0, true },
	};

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (device >= devices[i].first && device <= devices[i].last &&
		    (!devices[i].is_of_bull || vendor == SMP_VENDOR_BULL))
			return true;
	return false;
}

bool smp_is_fdr10(const struct mad *mad)
{
	return mad->data[AT_DATA + 15] & 1;
}

void smp_read_description(const struct mad *mad, char ret_text[static SMP_DESCRIPTION_SIZE])
{
	const char *bytes = (const char *)mad->data + AT_DATA;
	struct span text = { .at = bytes, .length = strnlen(bytes, DESCRIPTION_BYTES) };
	char *into = ret_text;

	text = span_trim(text);
	while (text.length) {
		uint32_t code = 0;
		size_t length = span_character(text, &code);
		bool is_fit = length > 0 && code >= 0x20 && (code < 0x7f || code > 0x9f);

		if (is_fit)
			memcpy(into, text.at, length);
		else
			*into = '?';
		into += is_fit ? length : 1;
		/* What is no character is one byte of something else. */
		length += length == 0;
		text = (struct span){ text.at + length, text.length - length };
	}
	*into = '\0';
}

/* The first bit of each in PortCounters. */
static const uint16_t counter_places[COUNTER_COUNT] = {
	[COUNTER_SYMBOL_ERRORS] = 32,
	[COUNTER_RECOVERIES] = 48,
	[COUNTER_LINK_DOWNS] = 56,
	[COUNTER_RECEIVE_ERRORS] = 64,
	[COUNTER_REMOTE_PHYSICAL_ERRORS] = 80,
	[COUNTER_DISCARDS] = 112,
	[COUNTER_INTEGRITY_ERRORS] = 152,
	[COUNTER_OVERRUNS] = 156,
	[COUNTER_VL15_DROPPED] = 176,
	[COUNTER_WAITS] = 320,
};

void performance_read(const struct mad *mad, uint32_t ret_counters[static COUNTER_COUNT])
{
	const uint8_t *data = mad->data + AT_DATA;

	for (unsigned i = 0; i < COUNTER_COUNT; i++) {
		unsigned bit = counter_places[i];
		unsigned bits = port_counter_bits(i);
		uint64_t word = datagram_get(data + bit / 8, 4);

		ret_counters[i] = (uint32_t)(word << bit % 8 >> (32 - bits)) & port_counter_most(i);
	}
}
