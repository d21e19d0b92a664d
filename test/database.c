#define _GNU_SOURCE /* nftw */
#include "test/database.h"

#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sql.h"

enum {
	WAIT_STEPS = 1200, /* of 50 ms */
	PATH_SIZE = 256,
};

static bool make_folder(struct database_place *place)
{
	/* Memory where there is some: each batch is an fsync. */
	(void)snprintf(place->folder, sizeof(place->folder), "%s/assay-store-XXXXXX",
		       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(place->folder) != NULL;
}

bool database_sqlite(struct database_place *place)
{
	if (!make_folder(place))
		return false;
	(void)snprintf(place->where, sizeof(place->where), "%s/store.db", place->folder);
	return true;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)kind;
	(void)at;
	return remove(path);
}

/* ---- a server ---- */

/* Starts a program of the server's user: it does not run as root. */
static pid_t start(const char *const *words)
{
	static const char *const as_nobody[] = { "setpriv", "--reuid=65534", "--regid=65534",
						 "--clear-groups", NULL };
	const char *all[24];
	posix_spawn_file_actions_t actions;
	size_t count = 0;
	pid_t child = -1;

	for (size_t i = 0; geteuid() == 0 && as_nobody[i]; i++)
		all[count++] = as_nobody[i];
	for (size_t i = 0; words[i]; i++)
		all[count++] = words[i];
	all[count] = NULL;
	(void)posix_spawn_file_actions_init(&actions);
	for (int i = 0; i < 3; i++)
		(void)posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
	if (posix_spawnp(&child, all[0], &actions, NULL, (char *const *)(const void *)all,
			 environ) != 0)
		child = -1;
	(void)posix_spawn_file_actions_destroy(&actions);
	return child;
}

static bool run(const char *const *words)
{
	int status = -1;
	pid_t child = start(words);

	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* The newest installed program of that name; false without one. */
static bool find_program(const char *name, char ret_path[static PATH_SIZE])
{
	char pattern[PATH_SIZE];
	glob_t found;
	bool there;

	(void)snprintf(pattern, sizeof(pattern), "/usr/lib/postgresql/*/bin/%s", name);
	there = glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 0;
	if (there)
		(void)snprintf(ret_path, PATH_SIZE, "%s", found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
	return there;
}

static bool answers(const struct database_place *place)
{
	struct sql *sql = NULL;
	bool there = sql_open(place->where, SQL_WRITE, &sql, NULL);

	sql_close(sql);
	return there;
}

bool database_postgresql(struct database_place *place)
{
	char initdb[PATH_SIZE], postgres[PATH_SIZE], data[PATH_SIZE];

	if (!find_program("initdb", initdb) || !find_program("postgres", postgres)) {
		place->missing = "PostgreSQL is not installed (Debian: postgresql)";
		return true;
	}
	if (!make_folder(place) || (geteuid() == 0 && chown(place->folder, 65534, 65534) != 0))
		return false;
	(void)snprintf(data, sizeof(data), "%s/data", place->folder);
	(void)snprintf(place->where, sizeof(place->where),
		       "postgresql:///postgres?host=%s&user=assay", place->folder);
	if (!run((const char *const[]){ initdb, "-D", data, "-U", "assay", "-A", "trust", "-N",
					"--no-locale", "-E", "UTF8", NULL }))
		return false;
	place->server = start((const char *const[]){ postgres, "-D", data, "-k", place->folder,
						     "-c", "listen_addresses=", "-c", "fsync=off",
						     "-c", "max_connections=10", NULL });
	for (unsigned i = 0; i < WAIT_STEPS; i++) {
		if (answers(place))
			return true;
		(void)usleep(50000);
	}
	return false;
}

bool database_empty(struct database_place *place)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[sizeof(place->where) + 8];
	struct sql *sql = NULL;
	bool good;

	if (place->server == 0) {
		for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
			(void)snprintf(path, sizeof(path), "%s%s", place->where, ends[i]);
			(void)remove(path);
		}
		return true;
	}
	good = sql_open(place->where, SQL_WRITE, &sql, NULL) &&
	       sql_script(sql, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", NULL);
	sql_close(sql);
	return good;
}

void database_end(struct database_place *place)
{
	if (place->server > 0) {
		(void)kill(place->server, SIGINT);
		(void)waitpid(place->server, NULL, 0);
	}
	if (place->folder[0] != '\0')
		(void)nftw(place->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
