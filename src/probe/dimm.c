#include "probe/dimm.h"

#include "host/system.h"

#define TABLE "/sys/firmware/dmi/tables/DMI"

enum {
	HEADER_SIZE = 4,
	TYPE_MODULE = 17,
	TYPE_END = 127,
	/* Offsets in a structure of type 17 (SMBIOS 3.7, 7.18). */
	AT_DATA_WIDTH = 0x0a,
	AT_SIZE = 0x0c,
	AT_SOCKET = 0x10,
	AT_BANK = 0x11,
	AT_SPEED = 0x15,
	AT_SPEED_SET = 0x20,
	AT_SPEED_SET_LONG = 0x58,
	LONG_SPEED = 0xffff, /* told in the long field */
	MODULES_A_CHANNEL = 3,
};

struct structure {
	const unsigned char *at;
	size_t length;       /* of the formatted part */
	struct span strings; /* NUL-separated */
};

struct channel {
	struct span socket, bank;
	double bytes_per_s;
};

static uint32_t number(const struct structure *one, size_t offset, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = bytes; offset + bytes <= one->length && i > 0; i--)
		value = value << 8 | one->at[offset + i - 1];
	return value;
}

/* The string that the byte there names; empty for none. */
static struct span words(const struct structure *one, size_t offset)
{
	struct span rest = one->strings, found = { .at = "", .length = 0 };
	uint32_t which = number(one, offset, 1);

	for (uint32_t i = 0; i < which; i++)
		if (!span_cut(&rest, '\0', &found))
			return (struct span){ .at = "", .length = 0 };
	return found;
}

/* Cuts off the next structure with its strings, which end with two NULs. */
static bool cut(struct span *table, struct structure *ret_one)
{
	const char *at = table->at;
	size_t length, end;

	if (table->length < HEADER_SIZE + 2)
		return false;
	length = (unsigned char)at[1];
	if (length < HEADER_SIZE || length + 2 > table->length)
		return false;
	for (end = length; end + 1 < table->length; end++)
		if (at[end] == '\0' && at[end + 1] == '\0')
			break;
	if (end + 1 >= table->length)
		return false;
	*ret_one = (struct structure){
		.at = (const unsigned char *)at,
		.length = length,
		.strings = { .at = at + length, .length = end - length },
	};
	table->at += end + 2;
	table->length -= end + 2;
	return true;
}

/* "CPU1_DIMM_A2" and "CPU1_DIMM_A1" share a channel: the last number counts within it. */
static struct span without_number(struct span name)
{
	name = span_trim(name);
	while (name.length > 0 && name.at[name.length - 1] >= '0' &&
	       name.at[name.length - 1] <= '9')
		name.length--;
	return name;
}

static double rate_of(const struct structure *one)
{
	uint32_t bits = number(one, AT_DATA_WIDTH, 2);
	uint32_t transfers = number(one, AT_SPEED_SET, 2);

	if (transfers == LONG_SPEED)
		transfers = number(one, AT_SPEED_SET_LONG, 4);
	if (transfers == 0)
		transfers = number(one, AT_SPEED, 2);
	if (bits < 8 || bits > 1024 || transfers == 0 || transfers == LONG_SPEED)
		return 0;
	return (double)transfers * 1e6 * bits / 8;
}

static void count(const struct structure *one, struct channel *channels, struct dimms *dimms)
{
	struct channel mine = {
		.socket = without_number(words(one, AT_SOCKET)),
		.bank = words(one, AT_BANK),
		.bytes_per_s = rate_of(one),
	};

	if (number(one, AT_SIZE, 2) == 0 || dimms->count == DIMMS_MAXIMUM)
		return;
	dimms->count++;
	for (size_t i = 0; i < dimms->channels; i++) {
		if (!span_equal(channels[i].socket, mine.socket) ||
		    !span_equal(channels[i].bank, mine.bank))
			continue;
		if (mine.bytes_per_s < channels[i].bytes_per_s)
			channels[i].bytes_per_s = mine.bytes_per_s;
		return;
	}
	channels[dimms->channels++] = mine;
}

bool dimm_parse(struct span table, struct arena *arena, struct dimms *ret_dimms, struct error *err)
{
	struct channel *channels = ARENA_ARRAY(arena, struct channel, DIMMS_MAXIMUM);
	struct dimms dimms = { .count = 0 };
	struct span rest = table;

	while (rest.length > 0) {
		struct structure one;

		if (!cut(&rest, &one))
			return fail(err, ERROR_PARSE,
				    TABLE ": byte %zu: a structure that does not end",
				    table.length - rest.length);
		if (one.at[0] == TYPE_END)
			break;
		if (one.at[0] == TYPE_MODULE)
			count(&one, channels, &dimms);
	}
	for (size_t i = 0; i < dimms.channels; i++) {
		if (channels[i].bytes_per_s <= 0) {
			dimms.bytes_per_s = 0;
			break;
		}
		dimms.bytes_per_s += channels[i].bytes_per_s;
	}
	/* More modules on a channel than there can be: the names do not tell channels apart. */
	if (dimms.count > dimms.channels * MODULES_A_CHANNEL)
		dimms.bytes_per_s = 0;
	*ret_dimms = dimms;
	return true;
}

bool dimm_read(const struct host *host, struct arena *arena, struct dimms *ret_dimms,
	       struct error *err)
{
	struct span table;

	return host_peek(host, TABLE, DIMM_TABLE_MAXIMUM, arena, &table, err) &&
	       dimm_parse(table, arena, ret_dimms, err);
}
