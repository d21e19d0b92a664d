#include "fabric/lldp.h"

#include <stdio.h>
#include <string.h>

enum {
	HEAD = 14,    /* of Ethernet: two addresses and the type */
	TLV_HEAD = 2, /* 7 bits of type, 9 of length */
	MAC_BYTES = 6,
	VLAN_TYPE = 0x8100,
	VLAN_BYTES = 4,
	CAPABILITY_BRIDGE = 1 << 2,
	CAPABILITY_ROUTER = 1 << 4,
};

enum tlv {
	TLV_END,
	TLV_CHASSIS,
	TLV_PORT,
	TLV_TTL,
	TLV_PORT_DESCRIPTION,
	TLV_NAME,
	TLV_SYSTEM,
	TLV_CAPABILITIES,
};

/* By subtype of the chassis's identifier, and of the port's. */
static const char *const chassis_kinds[] = { "",    "component", "alias",  "port",
					     "mac", "address",   "ifname", "local" };
static const char *const port_kinds[] = { "",        "alias",  "component", "mac",
					  "address", "ifname", "circuit",   "local" };

static unsigned two_bytes(const char *at)
{
	return (unsigned)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

static const char *mac_text(const char *at, struct arena *arena)
{
	const unsigned char *byte = (const unsigned char *)at;

	return arena_format(arena, "%02x:%02x:%02x:%02x:%02x:%02x", byte[0], byte[1], byte[2],
			    byte[3], byte[4], byte[5]);
}

/* What cannot stand in a line becomes "?"; a switch may end a text with NUL. */
static const char *clean_text(struct span words, struct arena *arena)
{
	char clean[LLDP_TEXT_MAXIMUM + 1];
	size_t length = 0;

	words.length = words.length < LLDP_TEXT_MAXIMUM ? words.length : LLDP_TEXT_MAXIMUM;
	while (words.length > 0 && words.at[words.length - 1] == '\0')
		words.length--;
	while (words.length > 0) {
		size_t step = span_character(words, NULL);
		bool is_good = step > 0 && (unsigned char)words.at[0] >= ' ' && words.at[0] != 0x7f;

		if (is_good)
			memcpy(clean + length, words.at, step);
		else
			clean[length] = '?';
		step = step > 0 ? step : 1;
		length += is_good ? step : 1;
		words.at += step;
		words.length -= step;
	}
	return arena_string(arena, span_trim((struct span){ clean, length }));
}

static bool read_identifier(struct span value, const char *const kinds[8], struct arena *arena,
			    const char **ret_kind, const char **ret_text, struct error *err)
{
	unsigned subtype = value.length > 0 ? (unsigned char)value.at[0] : 0;

	if (value.length < 2 || subtype == 0 || subtype > 7)
		return fail(err, ERROR_INVALID, "an identifier of %zu bytes and kind %u",
			    value.length, subtype);
	*ret_kind = kinds[subtype];
	value.at++;
	value.length--;
	if (strcmp(kinds[subtype], "mac") == 0 && value.length != MAC_BYTES)
		return fail(err, ERROR_INVALID, "a MAC address of %zu bytes", value.length);
	*ret_text = strcmp(kinds[subtype], "mac") == 0 ? mac_text(value.at, arena)
						       : clean_text(value, arena);
	if (strcmp(kinds[subtype], "address") == 0 && value.length == 5 && value.at[0] == 1)
		*ret_text = arena_format(arena, "%u.%u.%u.%u", (unsigned char)value.at[1],
					 (unsigned char)value.at[2], (unsigned char)value.at[3],
					 (unsigned char)value.at[4]);
	return (*ret_text)[0] != '\0' || fail(err, ERROR_INVALID, "an identifier that is empty");
}

static bool read_chassis(struct span value, struct arena *arena, struct lldp_neighbour *neighbour,
			 struct error *err)
{
	const char *kind = NULL, *text = NULL;

	if (!read_identifier(value, chassis_kinds, arena, &kind, &text, err))
		return fail_while(err, "reading who sent it");
	neighbour->chassis = arena_format(arena, "%s %s", kind, text);
	return true;
}

static bool read_tlv(unsigned type, struct span value, struct arena *arena,
		     struct lldp_neighbour *neighbour, struct error *err)
{
	const char *kind;

	switch (type) {
	case TLV_CHASSIS:
		return read_chassis(value, arena, neighbour, err);
	case TLV_PORT:
		return read_identifier(value, port_kinds, arena, &kind, &neighbour->port, err) ||
		       fail_while(err, "reading its port");
	case TLV_TTL:
		if (value.length < 2)
			return fail(err, ERROR_INVALID, "a time to live of %zu bytes",
				    value.length);
		neighbour->ttl_s = two_bytes(value.at);
		return true;
	case TLV_PORT_DESCRIPTION:
		neighbour->description = clean_text(value, arena);
		return true;
	case TLV_NAME:
		neighbour->name = clean_text(value, arena);
		return true;
	case TLV_CAPABILITIES:
		if (value.length < 4)
			return fail(err, ERROR_INVALID, "capabilities of %zu bytes", value.length);
		neighbour->has_capabilities = true;
		neighbour->is_bridge = two_bytes(value.at + 2) & CAPABILITY_BRIDGE;
		neighbour->is_router = two_bytes(value.at + 2) & CAPABILITY_ROUTER;
		return true;
	default:
		return true; /* of an organisation, or of a later version */
	}
}

/* The three that come first in this order are in every frame, once. */
static bool check_order(unsigned index, unsigned type, struct error *err)
{
	if (index < TLV_TTL ? type == index + 1 : type > TLV_TTL || type == TLV_END)
		return true;
	return fail(err, ERROR_INVALID, "element %u is of type %u, out of its order", index + 1,
		    type);
}

static bool cut_head(struct span *frame, struct error *err)
{
	size_t head = HEAD;

	if (frame->length >= HEAD + VLAN_BYTES && two_bytes(frame->at + HEAD - 2) == VLAN_TYPE)
		head += VLAN_BYTES;
	if (frame->length < head || two_bytes(frame->at + head - 2) != LLDP_TYPE)
		return fail(err, ERROR_INVALID, "the frame is no LLDP");
	frame->at += head;
	frame->length -= head;
	return true;
}

bool lldp_frame_read(struct span frame, struct arena *arena, struct lldp_neighbour *ret_neighbour,
		     struct error *err)
{
	struct lldp_neighbour neighbour = { .name = "", .description = "" };
	unsigned index = 0;

	if (!cut_head(&frame, err))
		return false;
	for (; frame.length >= TLV_HEAD; index++) {
		unsigned head = two_bytes(frame.at), type = head >> 9, length = head & 0x1ff;

		if (length > frame.length - TLV_HEAD)
			return fail(err, ERROR_INVALID, "element %u ends behind the frame",
				    index + 1);
		if (!check_order(index, type, err))
			return false;
		if (type == TLV_END)
			break;
		if (!read_tlv(type, (struct span){ frame.at + TLV_HEAD, length }, arena, &neighbour,
			      err))
			return false;
		frame.at += TLV_HEAD + length;
		frame.length -= TLV_HEAD + length;
	}
	if (index < TLV_TTL)
		return fail(err, ERROR_INVALID, "the frame ends after %u elements", index);
	*ret_neighbour = neighbour;
	return true;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool mac_parse(struct span text, uint64_t *ret_mac)
{
	uint64_t mac = 0;

	if (text.length != 3 * MAC_BYTES - 1)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int digit = hex_digit(text.at[i]);

		if (i % 3 == 2 ? text.at[i] != ':' : digit < 0)
			return false;
		if (i % 3 != 2)
			mac = mac << 4 | (unsigned)digit;
	}
	*ret_mac = mac;
	return true;
}

uint64_t lldp_chassis_mac(const struct lldp_neighbour *neighbour)
{
	const char *prefix = "mac ";
	uint64_t mac = 0;

	if (strncmp(neighbour->chassis, prefix, strlen(prefix)) == 0)
		(void)mac_parse(span_of(neighbour->chassis + strlen(prefix)), &mac);
	return mac;
}
