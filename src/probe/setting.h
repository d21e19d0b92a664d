/*
 * Settings of the machine, private to the parts of the probe for them. Of each only names that are
 * known to tell nothing secret are looked at.
 */
#pragma once

#include "probe/conf.h"
#include "probe/sighting.h"

enum {
	SETTING_VALUE_MAXIMUM = 200, /* bytes of a value that is recorded */
	SETTINGS_MAXIMUM = 128,      /* of one place, such as lines of nccl.conf */
};

struct setting_look {
	const struct host *host;
	struct sightings *sightings;
	struct arena *arena; /* for what is not recorded */
};

/* One setting, by "WHERE:NAME". */
struct setting {
	const char *name;
	struct span value;
	bool is_set;
};

/* Records the value; when it is not set, that, or `why` it is not known where that is not NULL. A
 * value that is empty is "empty". */
void setting_see(const struct setting_look *look, const struct setting *setting, const char *why);

/* Settings of one place while its files are read: a later one of a name replaces the former. */
struct setting_list {
	struct arena *arena;
	struct setting items[SETTINGS_MAXIMUM];
	size_t count;
	bool overflowed;
};

/* A name that is recorded even when it is not set. */
void setting_expect(struct setting_list *list, const char *where, const char *name);

/* The name is "WHERE:NAME"; names that are no words are left out. */
void setting_put(struct setting_list *list, const char *where, struct span name, struct span value);

/* Puts the value only if the name is expected. */
void setting_put_expected(struct setting_list *list, const char *where, struct span name,
			  struct span value);

const struct setting *setting_find(const struct setting_list *list, const char *name);

/* Records all of them; `why` is why they may have been set otherwise, or NULL. */
void setting_list_see(const struct setting_look *look, const struct setting_list *list,
		      const char *why);

/* Records kind, mode and owner of what lies at the path, behind links. */
void setting_see_file(const struct setting_look *look, const char *path);

/* The parts. */
void settings_see_kernel(const struct setting_look *look);
void settings_see_modprobe(const struct setting_look *look);
void settings_see_files(const struct setting_look *look);
void settings_see_containers(const struct setting_look *look);
void settings_see_jobs(const struct setting_look *look);
void settings_see_login(const struct setting_look *look);
void settings_see_limits(const struct setting_look *look);
void settings_see_environment(const struct setting_look *look);
void settings_see_attested(const struct setting_look *look);
