#define _GNU_SOURCE /* strchrnul */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ibumad_wiring.h"

enum {
	LINE_SIZE = 512,
	WORDS_MAXIMUM = 8,
	PATH_SIZE = 4096,
};

struct words {
	const char *at[WORDS_MAXIMUM];
	uint64_t numbers[WORDS_MAXIMUM]; /* where the word is one */
	unsigned count;
};

static void cut(char *line, struct words *words)
{
	*words = (struct words){ .count = 0 };
	*strchrnul(line, '#') = '\0';
	for (char *at = line; words->count < WORDS_MAXIMUM;) {
		at += strspn(at, " \t\r\n");
		if (*at == '\0')
			return;
		char *end = at + strcspn(at, " \t\r\n");
		bool is_last = *end == '\0';

		*end = '\0';
		words->at[words->count] = at;
		(void)wiring_number(at, &words->numbers[words->count]);
		words->count++;
		if (is_last)
			return;
		at = end + 1;
	}
}

static bool is(const struct words *words, unsigned index, const char *text)
{
	return index < words->count && strcmp(words->at[index], text) == 0;
}

/* The file of that name beside the scenario. */
static void put_path(char path[static PATH_SIZE], const char *scenario, const char *name)
{
	const char *slash = strrchr(scenario, '/');
	int folder = name[0] == '/' || !slash ? 0 : (int)(slash - scenario + 1);

	(void)snprintf(path, PATH_SIZE, "%.*s%s", folder, scenario, name);
}

static bool read_wiring(struct wiring *wiring, const char *scenario, const char *name)
{
	char path[PATH_SIZE];

	put_path(path, scenario, name);
	return wiring_read(wiring, path);
}

static bool open_told(struct wiring *wiring, const char *scenario, const char *name)
{
	char path[PATH_SIZE];

	put_path(path, scenario, name);
	wiring->told = fopen(path, "ae");
	return wiring->told != NULL;
}

/* "local mlx5_0 GUID PORT" and what follows it. */
static bool read_local(struct wiring *wiring, const struct words *words)
{
	int node = words->count >= 4 ? wiring_find(wiring, words->numbers[2]) : WIRING_NONE;

	if (node < 0 || wiring->local_count == WIRING_LOCALS_MAXIMUM || words->numbers[3] < 1 ||
	    words->numbers[3] > wiring->nodes[node].port_count)
		return false;
	struct wiring_local *local = &wiring->locals[wiring->local_count++];

	*local = (struct wiring_local){ .node = node, .port = (int)words->numbers[3], .state = 4 };
	(void)snprintf(local->name, sizeof(local->name), "%s", words->at[1]);
	for (unsigned i = 4; i < words->count; i++) {
		if (is(words, i, "ethernet"))
			local->is_ethernet = true;
		else if (is(words, i, "down"))
			local->state = 1;
		else if (is(words, i, "split"))
			local->is_split = true;
		else if (is(words, i, "virtual"))
			local->refuses_subnet = true;
		else if (is(words, i, "denied"))
			local->permission = 13;
		else
			return false;
	}
	return true;
}

static bool read_node(struct wiring *wiring, const struct words *words)
{
	int index = words->count >= 3 ? wiring_find(wiring, words->numbers[1]) : WIRING_NONE;

	if (index < 0)
		return false;
	struct wiring_node *node = &wiring->nodes[index];

	if (is(words, 2, "silent"))
		node->is_silent = true;
	else if (is(words, 2, "answers"))
		node->answers_maximum = (unsigned)words->numbers[3];
	else if (is(words, 2, "drop"))
		node->drop_each = (unsigned)words->numbers[3];
	else if (is(words, 2, "delay_us"))
		node->delay_us = (unsigned)words->numbers[3];
	else if (is(words, 2, "answers_as"))
		node->answers_as = words->numbers[3];
	else if (is(words, 2, "attribute"))
		node->attribute_status[words->numbers[3] & 0xff] = (unsigned)words->numbers[4];
	else if (is(words, 2, "m_key") && words->count == 5) {
		node->key = words->numbers[3];
		node->key_level = (unsigned)words->numbers[4];
	} else {
		return false;
	}
	return true;
}

static bool read_port(struct wiring *wiring, const struct words *words)
{
	int index = words->count >= 4 ? wiring_find(wiring, words->numbers[1]) : WIRING_NONE;

	if (index < 0 || words->numbers[2] > wiring->nodes[index].port_count)
		return false;
	struct wiring_port *port = &wiring->nodes[index].ports[words->numbers[2]];

	if (is(words, 3, "silent"))
		port->is_silent = true;
	else if (is(words, 3, "lid"))
		port->lid = (unsigned)words->numbers[4];
	else if (is(words, 3, "counter") && words->numbers[4] < WIRING_COUNTERS) {
		port->counters[words->numbers[4]] = (uint32_t)words->numbers[5];
		port->growth[words->numbers[4]] = (uint32_t)words->numbers[6];
	} else {
		return false;
	}
	return true;
}

/* All nodes have the key, but for those that a later line gives another. */
static bool read_keys(struct wiring *wiring, const struct words *words)
{
	for (int i = 0; i < wiring->node_count; i++) {
		wiring->nodes[i].key = words->numbers[1];
		wiring->nodes[i].key_level = (unsigned)words->numbers[2];
	}
	return words->count == 3;
}

static bool read_line(struct wiring *wiring, const char *path, const struct words *words)
{
	if (!words->count)
		return true;
	if (is(words, 0, "wiring") && words->count == 2)
		return read_wiring(wiring, path, words->at[1]);
	if (is(words, 0, "told") && words->count == 2)
		return open_told(wiring, path, words->at[1]);
	if (is(words, 0, "local"))
		return read_local(wiring, words);
	if (is(words, 0, "node"))
		return read_node(wiring, words);
	if (is(words, 0, "port"))
		return read_port(wiring, words);
	if (is(words, 0, "m_key"))
		return read_keys(wiring, words);
	if (words->count < 2)
		return false;
	if (is(words, 0, "delay_us"))
		wiring->delay_us = (unsigned)words->numbers[1];
	else if (is(words, 0, "hops"))
		wiring->hops_maximum = (unsigned)words->numbers[1];
	else if (is(words, 0, "manager") && words->count == 3) {
		wiring->manager_guid = words->numbers[1];
		wiring->manager_lid = (unsigned)words->numbers[2];
	} else if (is(words, 0, "class") && words->count == 3)
		wiring->class_status[words->numbers[1] & 0xff] =
			is(words, 2, "silent") ? CLASS_SILENT : (unsigned)words->numbers[2];
	else if (is(words, 0, "administration"))
		wiring->administration = is(words, 1, "silent") ? ADMINISTRATION_SILENT
					 : is(words, 1, "own")  ? ADMINISTRATION_OWN
								: ADMINISTRATION_ALL;
	else
		return false;
	return true;
}

bool wiring_load(struct wiring *wiring)
{
	const char *path = getenv("ASSAY_FABRIC");
	char line[LINE_SIZE];
	struct words words;
	bool is_good = true;

	if (!path || !*path)
		return true;
	FILE *file = fopen(path, "re");

	if (!file)
		return wiring_complain(wiring, path, 0, "cannot be read");
	for (unsigned number = 1; is_good && fgets(line, sizeof(line), file); number++) {
		cut(line, &words);
		is_good = read_line(wiring, path, &words);
		if (!is_good && !wiring->complaint[0])
			(void)wiring_complain(wiring, path, number, "not understood");
	}
	(void)fclose(file);
	return is_good;
}
