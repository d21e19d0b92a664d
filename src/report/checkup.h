/*
 * What the checks of one node said, for people and for other programs. Writers append to a text;
 * the same checkup gives the same bytes.
 */
#pragma once

#include "check/checkup.h"
#include "report/report.h"

/* What a report says beside the checkup itself. */
struct checkup_report {
	const struct checkup *checkup;
	const struct handbook *handbook; /* for its hash; NULL when there was none */
	const char *provider;            /* who rents the machine out; NULL when not said */
	int64_t time;                    /* of the look, seconds since the epoch */
	bool all; /* on a terminal also what passed and what does not apply */
};

/* For people: what fails, could not be told and warns, each with bar, evidence, why and what to do;
 * then a line of counts and the gate. */
void checkup_write_table(const struct checkup_report *report, const struct report_style *style,
			 struct text *into);

struct json_writer;

/* A record as the forms of JSON show it: its id, what, device, what it says, its time. */
void checkup_put_evidence(struct json_writer *json, const struct record *record);

/* assay/checkup/v1: data/schema/checkup.v1.json. */
void checkup_write_json(const struct checkup_report *report, struct text *into);

/* JUnit XML as Jenkins and GitLab read it: a test suite a group of checks, a test case a check;
 * fail is a failure, unknown and stale are errors, not_applicable is skipped, warn passes with its
 * text as output. */
void checkup_write_junit(const struct checkup_report *report, struct text *into);

/* Prometheus' text exposition format 0.0.4. */
void checkup_write_prometheus(const struct checkup_report *report, struct text *into);

/* "ASSAY OK - …| performance data", by the guidelines for Nagios plug-ins. */
void checkup_write_nagios(const struct checkup_report *report, struct text *into);

/* The exit status of a plug-in: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
int checkup_nagios_status(const struct checkup *checkup);
