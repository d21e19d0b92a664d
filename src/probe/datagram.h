/*
 * Datagrams of InfiniBand's management as bytes: where the fields of every header are, and numbers,
 * which are big-endian. InfiniBand Architecture Specification, volume 1, 13.4 and 14.2.
 */
#pragma once

#include "host/mad.h"

enum {
	AT_CLASS = 1,
	AT_VERSION = 2,
	AT_METHOD = 3,
	AT_STATUS = 4,
	AT_HOPS = 7,
	AT_NUMBER = 12, /* the lower half of the transaction's */
	AT_ATTRIBUTE = 16,
	AT_MODIFIER = 20,
	AT_PATH_LIDS = 32, /* of a directed route, as the next */
	AT_PATH = 128,
	AT_DATA = 64, /* of subnet and of performance management */
};

/* What NodeInfo calls a device. */
enum datagram_kind {
	KIND_ADAPTER = 1,
	KIND_SWITCH = 2,
	KIND_ROUTER = 3,
};

/* At most 8 bytes. */
void datagram_put(uint8_t *at, unsigned bytes, uint64_t value);
uint64_t datagram_get(const uint8_t *at, unsigned bytes);

/* Empties the datagram and writes its header. */
void datagram_start(struct mad *mad, uint8_t class, uint8_t version, uint8_t method,
		    uint32_t number);
void datagram_about(struct mad *mad, uint16_t attribute, uint32_t modifier);

/* Sends it along a path from the local port on: path[1] to path[hops] are the ports that are left
 * by. */
void datagram_route(struct mad *mad, const uint8_t *path, uint8_t hops);

/* The lower half of the transaction's number. */
uint32_t datagram_number(const struct mad *mad);

/* 0: good. The bit that tells the direction of a directed route is left out. */
uint16_t datagram_status(const struct mad *mad);
