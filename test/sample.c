#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const sample_names[SAMPLE_FILE_COUNT] = {
	[SAMPLE_HEAD] = "s/head.yaml",
	[SAMPLE_GRADES] = "s/grades.yaml",
	[SAMPLE_SPEED] = "s/criteria/speed.yaml",
	[SAMPLE_TRUST] = "s/criteria/trust.yaml",
};

static const char sample_head[] =
	"schema: assay/standard/v1\n" /* 1 */
	"name: sample\n"
	"version: '1'\n"
	"date: 2025-04-30\n"
	"presumption: 0.25\n" /* 5 */
	"weight_spread: 0.25\n"
	"strengths:\n"
	"- { id: E0, title: claim, error: 0.3, reason: often wrong }\n"
	"- { id: E1, title: document, error: 0.05, reason: second hand }\n"
	"- { id: E2, title: signed, error: 0.02, reason: one run }\n" /* 10 */
	"- { id: E3, title: repeated, error: 0.02, reason: two runs }\n"
	"- { id: E4, title: attested, error: 0, reason: by hardware }\n"
	"profiles:\n"
	"- { id: large, title: Large jobs }\n"
	"- { id: small, title: Small jobs }\n" /* 15 */
	"categories:\n"
	"- { id: speed, title: Speed, weight: 60, reason: time is money }\n"
	"- { id: trust, title: Trust, weight: 40, reason: money is time }\n";

static const char sample_grades[] =
	"schema: assay/grades/v1\n" /* 1 */
	"grades:\n"
	"- { id: Platinum, promise: best, overall: { from: 28, to: 80.5 }, coverage: 0.25,\n"
	"    strength: { at_least: E1, share: 0.25 }, categories: { speed: 60 }, reason: r }\n"
	"- { id: Gold, promise: good, overall: { from: 25, to: 50 }, coverage: 0.1,\n" /* 5 */
	"    strength: { at_least: E1, share: 0.1 }, categories: { speed: 20 }, reason: r }\n"
	"- { id: Silver, promise: fair, overall: { from: 18, to: 35 }, coverage: 0.05,\n"
	"    strength: { at_least: E0, share: 0.05 }, categories: {}, reason: r }\n"
	"- { id: Bronze, promise: low, overall: { from: 10, to: 25 }, coverage: 0.01,\n"
	"    strength: { at_least: E0, share: 0.01 }, categories: {}, reason: r }\n" /* 10 */
	"- { id: UnderPerform, promise: none, overall: { from: 0, to: 0 }, coverage: 0,\n"
	"    strength: { at_least: E0, share: 0 }, categories: {}, reason: r }\n"
	"gates:\n"
	"- { id: audit, criterion: trust.audit, below: 0.5, cap: Bronze, silence: caps,\n"
	"    rate: 0, title: Nobody looked, reason: r, clears: a report }\n" /* 15 */
	"- { id: links, criterion: speed.links, below: 0.005, cap: UnderPerform, silence: open,\n"
	"    rate: 0.015, title: Links are slow, reason: r, clears: a run }\n";

static const char sample_speed[] =
	"schema: assay/criteria/v1\n" /* 1 */
	"category: speed\n"
	"criteria:\n"
	"- id: speed.start\n"
	"  title: Instances start fast\n" /* 5 */
	"  question: How long does an instance take to start?\n"
	"  why: Waiting is paid for.\n"
	"  settled_by:\n"
	"  - measurement: { name: start-time, from: a stopwatch }\n"
	"  - check: start-check\n" /* 10 */
	"  measure:\n"
	"    unit: s\n"
	"    points:\n"
	"    - { at: 30, worth: 1 }\n"
	"    - { at: 90, worth: 0.5 }\n" /* 15 */
	"    - { at: 600, worth: 0 }\n"
	"  weight: 30\n"
	"  reason: a minute of each start\n"
	"  expiry: 365\n"
	"  strength: E1\n" /* 20 */
	"  profiles: [small]\n"
	"  effort: 2\n"
	"- id: speed.links\n"
	"  title: Links run at their speed\n"
	"  question: Which share of the links is as fast as sold?\n" /* 25 */
	"  why: One slow link slows them all.\n"
	"  settled_by:\n"
	"  - document: a published run\n"
	"  - answer: what renters saw\n"
	"  answers:\n" /* 30 */
	"  - { answer: none, worth: 0, means: nobody knows }\n"
	"  - { answer: most, worth: 0.6, means: nine of ten }\n"
	"  - { answer: all, worth: 1, means: each and every }\n"
	"  weight: 70\n"
	"  reason: what training waits for\n" /* 35 */
	"  expiry: 180\n"
	"  strength: E0\n"
	"  profiles: all\n"
	"  effort: 4\n"
	"  not_applicable: single nodes have no links\n" /* 40 */
	"  vendor: sell links that say how fast they are\n";

static const char sample_trust[] =
	"schema: assay/criteria/v1\n" /* 1 */
	"category: trust\n"
	"criteria:\n"
	"- { id: trust.scope, title: The audit has a scope, question: What was audited?,\n"
	"    why: A door is no house., settled_by: [{ price: a list }], weight: 1,\n" /* 5 */
	"    measure: { unit: count, points: [{ at: -1, worth: 0 }, { at: 1, worth: 1 }] },\n"
	"    reason: a little more, expiry: 3650, strength: E4, profiles: all, effort: 5,\n"
	"    parent: trust.audit }\n"
	"- { id: trust.audit, title: Somebody audits, question: Who audits the provider?,\n"
	"    why: Trust is earned., settled_by: [{ document: a report }], weight: 100,\n" /* 10 */
	"    answers: [{ answer: nobody, worth: 0, means: none },\n"
	"              { answer: somebody, worth: 1, means: a third party }],\n"
	"    reason: all else rests on it, expiry: 1, strength: E1, profiles: all, effort: 1 }\n";

const char *const sample_texts[SAMPLE_FILE_COUNT] = {
	[SAMPLE_HEAD] = sample_head,
	[SAMPLE_GRADES] = sample_grades,
	[SAMPLE_SPEED] = sample_speed,
	[SAMPLE_TRUST] = sample_trust,
};

bool sample_files(const struct sample_change *change, struct arena *arena,
		  struct standard_file files[static SAMPLE_FILE_COUNT])
{
	for (unsigned i = 0; i < SAMPLE_FILE_COUNT; i++) {
		const char *text = sample_texts[i];
		const char *from = change && change->from ? change->from : "";
		const char *at = from[0] == '\0' ? text + strlen(text) : strstr(text, from);

		if (change && change->file == i && !at)
			return false;
		if (change && change->file == i)
			text = arena_format(arena, "%.*s%s%s", (int)(at - text), text, change->to,
					    at + strlen(from));
		files[i] = (struct standard_file){ sample_names[i], span_of(text) };
	}
	return true;
}

bool sample_load(const struct sample_change *change, struct arena *arena,
		 struct standard *ret_standard, struct error *err)
{
	struct standard_file files[SAMPLE_FILE_COUNT];

	if (!sample_files(change, arena, files))
		fail_msg("the sample has no '%s'", change->from);
	return standard_load(files, SAMPLE_FILE_COUNT, arena, ret_standard, err);
}

void sample_assert_refusals(enum sample_file file, const struct sample_refusal *refusals,
			    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sample_change change = { file, refusals[i].from, refusals[i].to };
		struct standard standard = { 0 };
		struct error err;
		SCOPED_ARENA(arena);

		assert_false(sample_load(&change, &arena, &standard, &err));
		err.text[strlen(refusals[i].text)] = '\0';
		assert_string_equal(err.text, refusals[i].text);
		assert_int_equal(err.code, refusals[i].code);
	}
}

void sample_assert_taken(const struct sample_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct standard standard = { 0 };
		struct error err = { .text = "" };
		SCOPED_ARENA(arena);

		(void)sample_load(&changes[i], &arena, &standard, &err);
		assert_string_equal(err.text, "");
	}
}
