#include "probe/datagram.h"

enum {
	DIRECTION_BIT = 0x8000,
};

void datagram_put(uint8_t *at, unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

uint64_t datagram_get(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

void datagram_start(struct mad *mad, uint8_t class, uint8_t version, uint8_t method,
		    uint32_t number)
{
	*mad = (struct mad){ .table = NULL };
	mad->data[0] = 1;
	mad->data[AT_CLASS] = class;
	mad->data[AT_VERSION] = version;
	mad->data[AT_METHOD] = method;
	datagram_put(mad->data + AT_NUMBER, 4, number);
}

void datagram_about(struct mad *mad, uint16_t attribute, uint32_t modifier)
{
	datagram_put(mad->data + AT_ATTRIBUTE, 2, attribute);
	datagram_put(mad->data + AT_MODIFIER, 4, modifier);
}

void datagram_route(struct mad *mad, const uint8_t *path, uint8_t hops)
{
	mad->address.lid = MAD_DIRECTED_LID;
	mad->data[AT_HOPS] = hops;
	datagram_put(mad->data + AT_PATH_LIDS, 4, UINT32_MAX);
	for (unsigned i = 1; i <= hops; i++)
		mad->data[AT_PATH + i] = path[i];
}

uint32_t datagram_number(const struct mad *mad)
{
	return (uint32_t)datagram_get(mad->data + AT_NUMBER, 4);
}

uint16_t datagram_status(const struct mad *mad)
{
	uint16_t status = (uint16_t)datagram_get(mad->data + AT_STATUS, 2);
	bool is_directed = mad->data[AT_CLASS] == MAD_CLASS_SUBNET_DIRECTED;

	return is_directed ? (uint16_t)(status & ~DIRECTION_BIT) : status;
}
