#include <math.h>
#include <string.h>

#include "check/settled_rules.h"

/* The clients of "storage:sequential-read.direct.c8:/scratch"; 0 when it does not say. */
static double clients_of(const char *device)
{
	const char *at = strstr(device, ".c");
	const char *end = at ? strchr(at, ':') : NULL;
	uint64_t clients;

	if (!end || !span_to_u64((struct span){ at + 2, (size_t)(end - at - 2) }, &clients))
		return 0;
	return (double)clients;
}

bool settle_tail_latency(struct settling *settling, struct settled *into)
{
	const struct record *record, *slowest = NULL;
	size_t at = 0;

	while ((record = settling_next(settling, "node.test.storage.latency.p99",
				       "storage:sequential-read.", NULL, &at))) {
		if (clients_of(record->subject.parts[SUBJECT_DEVICE]) < 8)
			continue;
		if (record->says != SAYS_VALUE)
			return false;
		if (!slowest || record->value > slowest->value)
			slowest = record;
	}
	if (!slowest)
		return false;
	settling_uses(settling, slowest);
	into->value = slowest->value * 1e3;
	return true;
}

/* The largest of the measure; what did not fall is 0. */
static bool settle_fall(struct settling *settling, const char *measure, struct settled *into)
{
	const struct record *record, *most = NULL;
	size_t at = 0;

	while ((record = settling_next(settling, measure, NULL, NULL, &at))) {
		if (record->says != SAYS_VALUE)
			return false;
		if (!most || record->value > most->value)
			most = record;
	}
	if (!most)
		return false;
	settling_uses(settling, most);
	into->value = fmax(most->value, 0);
	return true;
}

bool settle_endurance(struct settling *settling, struct settled *into)
{
	return settle_fall(settling, "node.test.storage.fall", into);
}

bool settle_object_endurance(struct settling *settling, struct settled *into)
{
	return settle_fall(settling, "node.test.object.fall", into);
}

bool settle_object_lock(struct settling *settling, struct settled *into)
{
	size_t at = 0;
	const struct record *record =
		settling_next(settling, "node.test.object.lock", NULL, NULL, &at);

	if (!record || record->says != SAYS_STATE)
		return false;
	settling_uses(settling, record);
	into->answer = strcmp(record->text, "holds") == 0 ? "yes" : "no";
	return true;
}

/* A fault that one node shows is one; that there is none takes several. */
static bool settle_fault(struct settling *settling, const char *measure, const char *begins,
			 const char *answer, struct settled *into)
{
	const struct record *record;
	size_t at = 0;

	while ((record = settling_next(settling, measure, begins, NULL, &at))) {
		if (record->says != SAYS_VALUE || !(record->value > 0))
			continue;
		settling_uses(settling, record);
		into->answer = answer;
		return true;
	}
	return false;
}

bool settle_locks(struct settling *settling, struct settled *into)
{
	return settle_fault(settling, "node.test.storage.violations", "storage:lock.", "violated",
			    into);
}

bool settle_intact(struct settling *settling, struct settled *into)
{
	return settle_fault(settling, "node.test.storage.corrupt", NULL, "corrupt", into);
}

/* One node with as many processes shows a fault; that there is none takes ranks on several. */
bool settle_metadata(struct settling *settling, struct settled *into)
{
	static const char begins[] = "storage:make-one.c128:";
	const struct record *record;
	size_t at = 0;

	if (settle_fault(settling, "node.test.storage.errors", begins, "errors", into))
		return true;
	while ((record = settling_next(settling, "node.test.storage.latency.p99", begins, NULL,
				       &at))) {
		if (record->says != SAYS_VALUE || record->value <= 1)
			continue;
		settling_uses(settling, record);
		into->answer = "slow";
		return true;
	}
	return false;
}
