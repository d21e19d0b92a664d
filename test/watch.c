#include "test/watch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
	CALL_LIMIT_NS = 2000000000,
};

void watch_make(struct watch *watch, const struct root_entry *entries)
{
	*watch = (struct watch){ 0 };
	root_make(&watch->root, entries);
	watch->request = (struct probe_request){
		.host = &watch->root.host,
		.shares = PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS,
		.call_limit_ns = CALL_LIMIT_NS,
		.total_limit_ns = 5ll * CALL_LIMIT_NS,
	};
}

/* What a file of evidence would refuse must not be seen. */
static void check_record(const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	struct error err = { 0 };
	enum measure measure;

	if (!measure_find(record->what, &measure))
		fail_msg("'%s' is no measure", record->what);
	if (!measure_fits(measure, record, &err))
		fail_msg("%s: %s", record->what, err.text);
	if (device && (*device == '\0' || strlen(device) > RECORD_DEVICE_MAXIMUM))
		fail_msg("%s: device '%s'", record->what, device);
	if (record->says == SAYS_VALUE)
		return;
	if (*record->text == '\0' || strlen(record->text) > RECORD_EXCERPT_MAXIMUM ||
	    !span_is_utf8(span_of(record->text), NULL))
		fail_msg("%s: text '%s'", record->what, record->text);
}

void watch_run(struct watch *watch, const struct probe *probe)
{
	static const struct subject subject = {
		.parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n1" }
	};

	sightings_start(&watch->sightings, &subject, &watch->root.host, &watch->root.arena);
	if (probe->shares & watch->request.shares)
		probe->look(&watch->request, &watch->sightings);
	for (size_t i = 0; i < watch->sightings.count; i++)
		check_record(&watch->sightings.items[i]);
}

static bool is_about(const struct record *record, const char *device)
{
	const char *own = record->subject.parts[SUBJECT_DEVICE];

	return own && device ? strcmp(own, device) == 0 : own == device;
}

const struct record *watch_find(const struct watch *watch, const char *measure, const char *device)
{
	const struct record *found = NULL;

	for (size_t i = 0; i < watch->sightings.count; i++) {
		const struct record *record = &watch->sightings.items[i];

		if (strcmp(record->what + strlen("node."), measure) != 0 ||
		    !is_about(record, device))
			continue;
		if (found)
			fail_msg("%s of %s was seen twice", measure, device ? device : "the node");
		found = record;
	}
	return found;
}

unsigned watch_count(const struct watch *watch, const char *measure)
{
	unsigned count = 0;

	for (size_t i = 0; i < watch->sightings.count; i++)
		count += strcmp(watch->sightings.items[i].what + strlen("node."), measure) == 0;
	return count;
}

void watch_expect(const struct watch *watch, const char *measure, const char *device,
		  const char *says)
{
	const struct record *record = watch_find(watch, measure, device);
	const char *name = device ? device : "the node";
	double value = 0.0;

	if (!record && says)
		fail_msg("%s of %s was not seen; expected '%s'", measure, name, says);
	if (!record)
		return;
	if (!says) {
		fail_msg("%s of %s was seen", measure, name);
		return; /* not reached, which not everybody knows */
	}
	if (says[0] == '?') {
		if (record->says != SAYS_UNKNOWN || !strstr(record->text, says + 1))
			fail_msg("%s of %s is '%s', %g; expected unknown: %s", measure, name,
				 record->text ? record->text : "", record->value, says + 1);
		return;
	}
	if (record->says == SAYS_UNKNOWN)
		fail_msg("%s of %s is unknown: %s; expected '%s'", measure, name, record->text,
			 says);
	if (record->says != SAYS_VALUE) {
		assert_string_equal(record->text, says);
		return;
	}
	assert_true(span_to_double(span_of(says), &value));
	if (fabs(record->value - value) > 1e-9 * fabs(value))
		fail_msg("%s of %s is %.15g; expected %s", measure, name, record->value, says);
}

void watch_release(struct watch *watch)
{
	root_release(&watch->root);
}
