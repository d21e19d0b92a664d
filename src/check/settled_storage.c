#include <math.h>
#include <string.h>

#include "check/claims.h"
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

/* True when the load that a fall is told of lasted so long. */
static bool has_lasted(struct settling *settling, const char *measure, const char *device,
		       double least_s)
{
	double seconds;

	return device && settling_value(settling, measure, device, NULL, &seconds) &&
	       seconds >= least_s;
}

/* The largest of the measure; what did not fall is 0. A load that was shorter than the criterion
 * asks for settles nothing: credits may outlast it. */
static bool settle_fall(struct settling *settling, const char *measure, const char *lasted,
			double least_s, struct settled *into)
{
	const struct record *record, *most = NULL;
	size_t at = 0;

	while ((record = settling_next(settling, measure, NULL, NULL, &at))) {
		if (record->says != SAYS_VALUE ||
		    !has_lasted(settling, lasted, record->subject.parts[SUBJECT_DEVICE], least_s))
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
	return settle_fall(settling, "node.test.storage.fall", "node.test.storage.lasted", 7.5 * 60,
			   into);
}

bool settle_object_endurance(struct settling *settling, struct settled *into)
{
	return settle_fall(settling, "node.test.object.fall", "node.test.object.lasted", 15 * 60,
			   into);
}

/* The rate of "storage:WORK.WAY.c32:FOLDER" in the claim's unit, the better way; 0: not known. */
static double many_clients(struct settling *settling, const char *work, const char *folder)
{
	const char *begins = arena_format(settling->arena, "storage:%s.", work);
	const char *ends = arena_format(settling->arena, ".c32:%s", folder);
	const struct record *record, *best = NULL;
	size_t at = 0;

	while ((record = settling_next(settling, "node.test.storage.bandwidth", begins, ends,
				       &at))) {
		const char *device = record->subject.parts[SUBJECT_DEVICE];

		/* The folder is all that stands behind: /data is not /data2. */
		if (record->says == SAYS_VALUE && strlen(strstr(device, ends)) == strlen(ends) &&
		    (!best || record->value > best->value))
			best = record;
	}
	settling_uses(settling, best);
	return best ? best->value * 1e-9 : 0;
}

/* Of what was sold, reading and writing have to be reached by 32 clients of one node. That they are
 * not says nothing: the figure may be that of all nodes. */
bool settle_stated_speed(struct settling *settling, struct settled *into)
{
	static const struct {
		enum claim_kind kind;
		const char *work;
	} ways[] = {
		{ CLAIM_STORAGE_READ, "sequential-read" },
		{ CLAIM_STORAGE_WRITE, "sequential-write" },
	};
	const struct claims *claims = settling->seen->claims;
	size_t reached[2] = { 0 };

	for (size_t i = 0; claims && i < claims->count; i++) {
		for (size_t way = 0; way < 2; way++) {
			const struct claim *claim = &claims->items[i];

			if (claim->kind != ways[way].kind)
				continue;
			if (many_clients(settling, ways[way].work, claim->folder) < claim->value)
				return false;
			reached[way]++;
		}
	}
	into->answer = "fast";
	return reached[0] > 0 && reached[1] > 0;
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
