#include "check/storage/folder.h"

#include <string.h>

#define DIRECT "storage:direct:"

enum {
	CLIENTS_MAXIMUM = 1024,
};

const char *folder_next(struct tally *tally, size_t *at)
{
	const struct record *one;

	while ((one = machine_next(tally->machine, NODE_TEST_STORAGE_DIRECT, at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || !span_starts(span_of(device), DIRECT))
			continue;
		if (one->says == SAYS_STATE)
			return device + strlen(DIRECT);
		(void)tally_need(tally, NODE_TEST_STORAGE_DIRECT, device);
	}
	return NULL;
}

const char *folder_device(const struct tally *tally, const char *what, const char *mark)
{
	return arena_format(tally->found->arena, "storage:%s:%s", what, mark);
}

bool folder_value(const struct tally *tally, enum measure measure, const char *what,
		  const char *mark, double *ret_value)
{
	return machine_value(tally->machine, measure, folder_device(tally, what, mark), ret_value);
}

const char *folder_error(const struct tally *tally, const char *what, const char *mark)
{
	const struct record *error = machine_find(tally->machine, NODE_TEST_STORAGE_ERROR,
						  folder_device(tally, what, mark));

	return error && error->says == SAYS_TEXT ? error->text : "";
}

const struct record *folder_most(const struct tally *tally, enum measure measure, const char *work,
				 const char *way, const char *mark, unsigned *ret_clients)
{
	for (unsigned clients = CLIENTS_MAXIMUM; clients > 0; clients /= 2) {
		const char *what =
			arena_format(tally->found->arena, "%s.%s.c%u", work, way, clients);
		const struct record *one =
			machine_find(tally->machine, measure, folder_device(tally, what, mark));

		if (!one || one->says != SAYS_VALUE)
			continue;
		if (ret_clients)
			*ret_clients = clients;
		return one;
	}
	return NULL;
}
