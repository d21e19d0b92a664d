#include "ibumad_wiring.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_SIZE = 1024,
	PORTS_MAXIMUM = 254,
};

/* What stands above a device's own line. */
struct heading {
	unsigned vendor, device;
	uint64_t system_guid;
};

struct rate_name {
	const char *name;
	uint8_t speed, extended, extended_2;
};

/* Active rates of PortInfo; what has extended ones shows 10 Gb/s beside them, as real ports do. */
static const struct rate_name rates[] = {
	{ "SDR", 1, 0, 0 },   { "DDR", 2, 0, 0 }, { "QDR", 4, 0, 0 },
	{ "FDR10", 4, 0, 0 }, { "FDR", 4, 1, 0 }, { "EDR", 4, 2, 0 },
	{ "HDR", 4, 4, 0 },   { "NDR", 4, 8, 0 }, { "XDR", 4, 0, 1 },
};

static int digit_of(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	letter = (char)tolower((unsigned char)letter);
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 16;
}

static const char *skip_number(const char *at, int base, uint64_t *ret_number)
{
	uint64_t number = 0;

	for (; digit_of(*at) < base; at++)
		number = number * (uint64_t)base + (uint64_t)digit_of(*at);
	*ret_number = number;
	return at;
}

bool wiring_number(const char *text, uint64_t *ret_number)
{
	bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = text + (is_hex ? 2 : 0);

	return *digits != '\0' && *skip_number(digits, is_hex ? 16 : 10, ret_number) == '\0';
}

bool wiring_complain(struct wiring *wiring, const char *file, unsigned line, const char *said)
{
	(void)snprintf(wiring->complaint, sizeof(wiring->complaint), "%s:%u: %s", file, line, said);
	return false;
}

static int slot_of(const struct wiring *wiring, uint64_t guid)
{
	int slot = (int)((guid * 0x9e3779b97f4a7c15u >> 33) % (unsigned)wiring->slot_count);

	while (wiring->slots[slot] && wiring->nodes[wiring->slots[slot] - 1].guid != guid)
		slot = (slot + 1) % wiring->slot_count;
	return slot;
}

int wiring_find(const struct wiring *wiring, uint64_t guid)
{
	return wiring->slot_count ? wiring->slots[slot_of(wiring, guid)] - 1 : WIRING_NONE;
}

int wiring_find_lid(const struct wiring *wiring, unsigned lid)
{
	for (int i = 0; i < wiring->node_count; i++) {
		const struct wiring_node *node = &wiring->nodes[i];

		for (unsigned port = 0; port <= node->port_count && lid; port++) {
			if (node->ports[port].lid == lid)
				return i;
		}
	}
	return WIRING_NONE;
}

static void *grow(void *at, size_t size)
{
	void *larger = realloc(at, size);

	if (!larger)
		abort();
	return larger;
}

static void hash_again(struct wiring *wiring)
{
	wiring->slot_count = 4 * wiring->node_room + 1;
	wiring->slots = grow(wiring->slots, (size_t)wiring->slot_count * sizeof(int));
	memset(wiring->slots, 0, (size_t)wiring->slot_count * sizeof(int));
	for (int i = 0; i < wiring->node_count; i++)
		wiring->slots[slot_of(wiring, wiring->nodes[i].guid)] = i + 1;
}

/* The node of the GUID, made when a cable leads there before it is described. */
static struct wiring_node *node_for(struct wiring *wiring, uint64_t guid)
{
	if (wiring->node_count == wiring->node_room) {
		wiring->node_room = wiring->node_room ? 2 * wiring->node_room : 64;
		wiring->nodes =
			grow(wiring->nodes, (size_t)wiring->node_room * sizeof(*wiring->nodes));
		hash_again(wiring);
	}
	int slot = slot_of(wiring, guid);

	if (!wiring->slots[slot]) {
		struct wiring_node *node = &wiring->nodes[wiring->node_count++];

		memset(node, 0, sizeof(*node));
		node->guid = guid;
		node->system_guid = guid;
		wiring->slots[slot] = wiring->node_count;
	}
	return &wiring->nodes[wiring->slots[slot] - 1];
}

static void give_ports(struct wiring_node *node, unsigned count)
{
	if (node->ports && node->port_count >= count)
		return;
	unsigned known = node->ports ? node->port_count + 1 : 0;

	node->ports = grow(node->ports, (count + 1) * sizeof(*node->ports));
	for (unsigned i = known; i <= count; i++)
		node->ports[i] = (struct wiring_port){ .peer_node = WIRING_NONE };
	node->port_count = count;
}

/* The number behind the word, 0 when the word is not there. */
static unsigned behind(const char *line, const char *word)
{
	const char *at = strstr(line, word);
	uint64_t number = 0;

	if (at)
		(void)skip_number(at + strlen(word), 10, &number);
	return (unsigned)number;
}

/* Copies what stands in the first quotes at or behind `at`. */
static const char *quoted(const char *at, char *into, size_t size)
{
	const char *from = strchr(at, '"');
	const char *end = from ? strchr(from + 1, '"') : NULL;

	if (!end)
		return NULL;
	size_t length = (size_t)(end - from - 1);

	if (length >= size)
		length = size - 1;
	memcpy(into, from + 1, length);
	into[length] = '\0';
	return end + 1;
}

/* "Switch 64 "S-…" # "…" enhanced port 0 lid 5 lmc 0", "Ca 1 "H-…" # "…"". */
static struct wiring_node *read_device(struct wiring *wiring, const char *line, unsigned kind,
				       const struct heading *heading)
{
	const char *at = line + strcspn(line, " \t");
	uint64_t ports, guid;
	char id[64];

	at = skip_number(at + strspn(at, " \t"), 10, &ports);
	const char *rest = quoted(at, id, sizeof(id));

	if (!rest || ports > PORTS_MAXIMUM || strlen(id) < 3)
		return NULL;
	(void)skip_number(id + 2, 16, &guid);
	struct wiring_node *node = node_for(wiring, guid);

	give_ports(node, (unsigned)ports);
	node->kind = kind;
	node->vendor = heading->vendor;
	node->device = heading->device;
	if (heading->system_guid)
		node->system_guid = heading->system_guid;
	(void)quoted(rest, node->description, sizeof(node->description));
	node->is_enhanced = strstr(rest, " enhanced ") != NULL;
	node->ports[0].lid = behind(rest, " lid ");
	node->ports[0].lmc = behind(rest, " lmc ");
	node->ports[0].guid = guid;
	return node;
}

static void read_rate(const char *line, struct wiring_port *port)
{
	const char *word = strrchr(line, ' ');
	uint64_t width;
	const char *name = word ? skip_number(word + 1, 10, &width) : NULL;

	if (!name || *name != 'x')
		return;
	port->width = width == 1 ? 1 : width == 4 ? 2 : width == 8 ? 4 : width == 12 ? 8 : 16;
	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		size_t length = strlen(rates[i].name);

		if (strncmp(name + 1, rates[i].name, length) != 0 ||
		    isalnum((unsigned char)name[1 + length]))
			continue;
		port->speed = rates[i].speed;
		port->speed_extended = rates[i].extended;
		port->speed_extended_2 = rates[i].extended_2;
		port->is_fdr10 = strcmp(rates[i].name, "FDR10") == 0;
		return;
	}
}

/* "[5](guid) "S-…"[33] # lid 7 lmc 0 "…" lid 5 4xNDR"; of a switch the GUID stands behind. */
static bool read_cable(struct wiring *wiring, int index, const char *line)
{
	uint64_t number, guid, other_guid, other_number;
	char id[64];
	const char *at = skip_number(line + 1, 10, &number);
	struct wiring_node *node = &wiring->nodes[index];

	if (*at != ']' || number < 1 || number > node->port_count)
		return false;
	struct wiring_port *port = &node->ports[number];

	guid = 0;
	if (at[1] == '(')
		(void)skip_number(at + (at[2] == '0' && at[3] == 'x' ? 4 : 2), 16, &guid);
	if (guid)
		port->guid = guid;
	at = quoted(at, id, sizeof(id));
	if (!at || *at != '[' || strlen(id) < 3)
		return false;
	(void)skip_number(id + 2, 16, &other_guid);
	(void)skip_number(at + 1, 10, &other_number);
	const char *remark = strchr(at, '#');

	if (node->kind != 2 && remark) {
		port->lid = behind(remark, " lid ");
		port->lmc = behind(remark, " lmc ");
	}
	read_rate(line, port);
	port->peer_port = (int)other_number;
	/* May move the nodes, so that it comes last. */
	int other = (int)(node_for(wiring, other_guid) - wiring->nodes);

	wiring->nodes[index].ports[number].peer_node = other;
	return true;
}

static void read_heading(const char *line, struct heading *heading)
{
	uint64_t number;

	if (strncmp(line, "vendid=0x", 9) == 0) {
		*heading = (struct heading){ 0 };
		(void)skip_number(line + 9, 16, &number);
		heading->vendor = (unsigned)number;
	} else if (strncmp(line, "devid=0x", 8) == 0) {
		(void)skip_number(line + 8, 16, &number);
		heading->device = (unsigned)number;
	} else if (strncmp(line, "sysimgguid=0x", 13) == 0) {
		(void)skip_number(line + 13, 16, &heading->system_guid);
	}
}

static bool read_line(struct wiring *wiring, const char *line, struct heading *heading,
		      int *current)
{
	static const char *const words[] = { "", "Ca\t", "Switch\t", "Rt\t" };

	read_heading(line, heading);
	if (line[0] == '[')
		return *current >= 0 && read_cable(wiring, *current, line);
	for (unsigned kind = 1; kind < 4; kind++) {
		if (strncmp(line, words[kind], strlen(words[kind])) != 0)
			continue;
		const struct wiring_node *node = read_device(wiring, line, kind, heading);

		*heading = (struct heading){ 0 };
		*current = node ? (int)(node - wiring->nodes) : WIRING_NONE;
		return node != NULL;
	}
	return true;
}

bool wiring_read(struct wiring *wiring, const char *path)
{
	struct heading heading = { 0 };
	FILE *file = fopen(path, "re");
	char line[LINE_SIZE];
	int current = WIRING_NONE;
	bool is_good = true;

	if (!file)
		return wiring_complain(wiring, path, 0, "cannot be read");
	for (unsigned number = 1; is_good && fgets(line, sizeof(line), file); number++) {
		line[strcspn(line, "\r\n")] = '\0';
		is_good = read_line(wiring, line, &heading, &current);
		if (!is_good)
			(void)wiring_complain(wiring, path, number, "not ibnetdiscover's");
	}
	(void)fclose(file);
	/* What only a cable names is there, and has at least that port; it never answers. */
	for (int i = 0; is_good && i < wiring->node_count; i++) {
		if (!wiring->nodes[i].ports)
			give_ports(&wiring->nodes[i], 1);
		if (!wiring->nodes[i].kind)
			wiring->nodes[i].is_silent = true;
	}
	return is_good;
}
