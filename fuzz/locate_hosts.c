/*
 * Whatever the text, the hosts that are read from it have names and addresses that no launcher can
 * take for anything else; what is refused says why.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "active/locate_hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_word(const char *word)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_:%";

	assert(word[0] != '\0' && word[0] != '-');
	assert(word[strspn(word, allowed)] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct locate_hosts hosts;
	struct error err = { .code = ERROR_NONE };

	SCOPED_ARENA(arena);
	if (!locate_hosts_read(text, "input", &arena, &hosts, &err)) {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
		return 0;
	}
	assert(hosts.count >= LOCATE_ENDPOINTS_LEAST && hosts.rails >= 1);
	for (uint32_t i = 0; i < hosts.count; i++) {
		const struct locate_host *host = &hosts.hosts[i];

		check_word(host->name);
		for (unsigned j = 0; j < hosts.rails; j++)
			check_word(host->addresses[j]);
		assert(host->leaf < hosts.leaf_count || host->leaf == LOCATE_NONE);
		if (host->leaf != LOCATE_NONE)
			check_word(hosts.leaves[host->leaf]);
	}
	return 0;
}
