#include "check/nccl/effective.h"

#include <string.h>

#include "check/setting.h"
#include "check/software.h"

static const struct {
	const char *where, *place;
} places[] = {
	{ "env", "the environment" },
	{ "nccl-user", "the user's file" },
	{ "nccl", "the system's file" },
};

enum {
	PLACES = sizeof(places) / sizeof(places[0]),
	SYSTEM = PLACES - 1,
	VERSIONS = 64,
};

static const char *path_of(const struct record *file)
{
	static const char prefix[] = "nccl-file:";
	const char *device = file->subject.parts[SUBJECT_DEVICE];

	return device && strncmp(device, prefix, sizeof(prefix) - 1) == 0
		       ? device + sizeof(prefix) - 1
		       : NULL;
}

size_t nccl_files_named(const struct machine *machine, const char **ret_path)
{
	const struct record *one;
	size_t at = 0, count = 0;

	while ((one = machine_next(machine, NODE_NCCL_FILE, &at))) {
		const char *path = path_of(one);

		if (!path)
			continue;
		if (strcmp(path, "/etc/nccl.conf") == 0)
			return 0;
		*ret_path = path;
		count++;
	}
	return count;
}

static const char *place_of_system(const struct machine *machine, struct arena *arena)
{
	const char *path = NULL;

	switch (nccl_files_named(machine, &path)) {
	case 0:
		return places[SYSTEM].place;
	case 1:
		return arena_format(arena, "'%.100s'", path);
	default:
		return "the files that were named";
	}
}

bool nccl_setting_find(const struct machine *machine, const char *name, struct arena *arena,
		       struct nccl_setting *ret_setting)
{
	for (unsigned i = 0; i < PLACES; i++) {
		const char *device = arena_format(arena, "setting:%s:%s", places[i].where, name);
		const char *value = setting_value(machine, device);

		if (!value)
			continue;
		*ret_setting = (struct nccl_setting){
			.value = value,
			.place = i == SYSTEM ? place_of_system(machine, arena) : places[i].place,
			.record = machine_find(machine, NODE_SETTING, device),
			.is_of_system = i == SYSTEM,
		};
		return true;
	}
	return false;
}

const char *nccl_version_of(const struct machine *machine)
{
	const char *version = machine_state(machine, NODE_NCCL_VERSION, NULL);

	return version ? version : software_version(machine, "software:nccl");
}

bool nccl_is_before(const char *version, const char *other)
{
	int order;

	return version && version_compare(span_of(version), span_of(other), &order) && order < 0;
}

/* "6+7+8". */
static uint64_t read_set(struct span text)
{
	uint64_t set = 0, version;
	struct span one;

	while (span_cut(&text, '+', &one))
		if (span_to_u64(one, &version) && version < VERSIONS)
			set |= UINT64_C(1) << version;
	return set;
}

uint64_t nccl_interface_of_library(const struct machine *machine, const char *kind,
				   struct arena *arena)
{
	return read_set(span_of(machine_state(machine, NODE_NCCL_INTERFACE,
					      arena_format(arena, "nccl-interface:%s", kind))));
}

uint64_t nccl_interface_of_plugin(const char *text, const char *kind)
{
	struct span rest = span_of(text), word, name;

	while (span_cut(&rest, ' ', &word))
		if (span_cut(&word, ':', &name) && span_is(name, kind))
			return read_set(word);
	return 0;
}

unsigned nccl_interface_newest(uint64_t set)
{
	unsigned newest = 0;

	for (unsigned i = 0; i < VERSIONS; i++)
		if (set & UINT64_C(1) << i)
			newest = i;
	return newest;
}
