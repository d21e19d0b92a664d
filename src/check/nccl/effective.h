/*
 * What NCCL would take for the value of a setting: the environment is stronger than the user's
 * file, which is stronger than the system's.
 */
#pragma once

#include "check/check.h"

struct nccl_setting {
	const char *value; /* never NULL */
	const char *place; /* "the environment", "the system's file", "'/tmp/nccl.conf'" */
	const struct record *record;
	bool is_of_system; /* /etc/nccl.conf, or what was named in its place */
};

/* False when nothing sets it, or that is not known. */
bool nccl_setting_find(const struct machine *machine, const char *name, struct arena *arena,
		       struct nccl_setting *ret_setting);

/* How many files were named to be judged in place of the machine's own; 0 where those were looked
 * at. *ret_path is one of them. */
size_t nccl_files_named(const struct machine *machine, const char **ret_path);

/* The version of the library that is found; NULL when it is not known. */
const char *nccl_version_of(const struct machine *machine);

/* True when the version is known and below the other one. */
bool nccl_is_before(const char *version, const char *other);

/* The versions of a plug-in interface that the library and a plug-in's text ("net:6+7 collnet:6")
 * have; bit n is version n. */
uint64_t nccl_interface_of_library(const struct machine *machine, const char *kind,
				   struct arena *arena);
uint64_t nccl_interface_of_plugin(const char *text, const char *kind);

/* The highest version of a set; 0 for the empty one. */
unsigned nccl_interface_newest(uint64_t set);
