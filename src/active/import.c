#include "active/import.h"

#include "host/file.h"

/* One line adds a tool. */
static const struct active_importer *const importers[] = {
	&active_import_nccl,
	&active_import_perftest,
	&active_import_iperf3,
	&active_import_fio,
};

bool active_import_text(struct span text, const char *file, struct arena *arena,
			struct sightings *sightings, const struct active_importer **ret_importer,
			struct error *err)
{
	for (size_t i = 0; i < sizeof(importers) / sizeof(importers[0]); i++) {
		if (!importers[i]->fits(text))
			continue;
		if (ret_importer)
			*ret_importer = importers[i];
		return importers[i]->read(text, file, arena, sightings, err);
	}
	return fail(err, ERROR_INVALID,
		    "%s: no output of nccl-tests, perftest, iperf3 or fio that is known", file);
}

bool active_import_file(const struct host *host, const char *path, struct arena *arena,
			struct sightings *sightings, const struct active_importer **ret_importer,
			struct error *err)
{
	struct span text;

	if (!host_read(host, path, IMPORT_BYTES_MAXIMUM, arena, &text, err))
		return false;
	return active_import_text(text, path, arena, sightings, ret_importer, err);
}
