/*
 * Runs each file of a corpus through a fuzz target once and reports as TAP, so that every input
 * that was ever of interest is a test on every build.
 *
 * usage: replay-TARGET FOLDER|FILE
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	INPUT_BYTES_MAXIMUM = 16 << 20,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The block has exactly the file's size, so that a sanitizer sees a read behind its end. */
static uint8_t *read_whole(FILE *file, size_t *ret_size)
{
	uint8_t *data;
	long size;

	if (fseek(file, 0, SEEK_END) != 0)
		return NULL;
	size = ftell(file);
	if (size < 0 || size > INPUT_BYTES_MAXIMUM)
		return NULL;
	rewind(file);

	data = malloc(size > 0 ? (size_t)size : 1);
	if (!data)
		return NULL;
	if (fread(data, 1, (size_t)size, file) != (size_t)size) {
		free(data);
		return NULL;
	}
	*ret_size = (size_t)size;
	return data;
}

static bool replay(const char *path)
{
	FILE *file = fopen(path, "rbe");
	uint8_t *data;
	size_t size = 0;

	if (!file)
		return false;
	data = read_whole(file, &size);
	(void)fclose(file);
	if (!data)
		return false;

	(void)LLVMFuzzerTestOneInput(data, size);
	free(data);
	return true;
}

/* Reports under the file's own name; a crash leaves the name as the last line. */
static bool replay_as(unsigned number, const char *path, const char *name)
{
	bool fine;

	printf("# %s\n", name);
	(void)fflush(stdout);
	fine = replay(path);
	printf("%s %u - %s\n", fine ? "ok" : "not ok", number, name);
	return fine;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replay_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, visible, alphasort);
	bool fine = true;

	if (count <= 0) {
		printf("Bail out! '%s' holds no input\n", folder);
		return EXIT_FAILURE;
	}

	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char path[PATH_MAX];
		int length = snprintf(path, sizeof(path), "%s/%s", folder, name);

		if (length < 0 || (size_t)length >= sizeof(path))
			path[0] = '\0';
		if (!replay_as((unsigned)i + 1, path, name))
			fine = false;
		free(entries[i]);
	}
	free(entries);
	return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char *arguments[])
{
	struct stat found;

	if (count != 2) {
		(void)fprintf(stderr, "usage: %s FOLDER|FILE\n", arguments[0]);
		return EXIT_FAILURE;
	}
	if (stat(arguments[1], &found) != 0) {
		printf("Bail out! '%s': %s\n", arguments[1], strerror(errno));
		return EXIT_FAILURE;
	}
	if (S_ISDIR(found.st_mode))
		return replay_folder(arguments[1]);

	printf("1..1\n");
	return replay_as(1, arguments[1], arguments[1]) ? EXIT_SUCCESS : EXIT_FAILURE;
}
