/*
 * Whatever a topology file holds, its findings have a line within it, and it can be held against a
 * placement; whatever a hostlist holds, what is made of its names reads back to the same names.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fabric/slurm_lint.h"
#include "test/places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	NAMES_MAXIMUM = 4096, /* of a list that is written again */
};

static void check_hostlist(struct span text)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(written);
	struct hostlist names = { 0 };
	struct hostlist again = { 0 };

	if (!hostlist_read(text, &arena, &names, NULL) || names.count > NAMES_MAXIMUM)
		return;
	for (uint32_t i = 0; i < names.count; i++) {
		if (!hostlist_can_hold(names.names[i]))
			return;
	}
	hostlist_add(&written, names.names, names.count);
	assert(hostlist_read(text_span(&written), &arena, &again, NULL));
	assert(again.count == names.count);
	for (uint32_t i = 0; i < names.count; i++)
		assert(strcmp(names.names[i], again.names[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA(arena);
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct placement *placement = places_make(&arena);
	struct slurm_file file;
	uint32_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text.at[i] == '\n';
	check_hostlist(text);
	placement->hosts[0].domain = "a";
	placement->hosts[1].domain = "a";
	if (!slurm_topology_read(text, "t", &arena, &file, NULL))
		return 0;
	slurm_lint(&file, &file.findings);
	slurm_lint_against(&file, placement, &file.findings);
	slurm_findings_sort(&file.findings);
	for (uint32_t i = 0; i < file.findings.kept; i++) {
		assert(file.findings.items[i].line <= lines);
		assert(file.findings.items[i].advice[0] != '\0');
		assert(file.findings.items[i].says[0] != '\0');
	}
	return 0;
}
