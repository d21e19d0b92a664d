#include "evidence/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void make_records(struct record records[static 2])
{
	for (int i = 0; i < 2; i++)
		records[i] = (struct record){
			.id = i ? "run.1" : "run.0",
			.subject.parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n" },
			.what = "node.gpu.temperature",
			.says = SAYS_VALUE,
			.value = 40 + i,
			.unit = "C",
			.kind = KIND_MEASUREMENT,
			.observed = 20000,
			.time = 20000LL * 86400 + 60,
			.expires = DATE_NONE,
			.due = DATE_NONE,
			.source.name = "assay check",
		};
}

static void write_bundle(const struct bundle_key *key, const char *nonce, struct text *into)
{
	struct record records[2];
	struct bundle bundle = { records, 2, 20000LL * 86400 + 120, nonce, key };

	make_records(records);
	bundle_write(&bundle, into);
}

/* Reads the bundle with the first `from` in it replaced by `to`. */
static bool read_changed(const struct text *text, const char *from, const char *to,
			 struct evidence_set *set, struct error *err)
{
	const char *at = strstr(text_string(text), from);
	SCOPED_TEXT(changed);

	assert_non_null(at);
	text_add_span(&changed, (struct span){ text->at, (size_t)(at - text->at) });
	text_add(&changed, to);
	text_add(&changed, at + strlen(from));
	return evidence_set_add_bundle(set, text_span(&changed), "b.json", err);
}

static void what_is_written_is_read_again(void **state)
{
	struct bundle_key key;
	SCOPED_TEXT(plain);
	SCOPED_TEXT(signed_text);
	SCOPED_EVIDENCE(set);
	SCOPED_EVIDENCE(strong);
	struct error err = { 0 };

	(void)state;
	bundle_key_make(&key);
	write_bundle(NULL, NULL, &plain);
	assert_true(evidence_set_add_bundle(&set, text_span(&plain), "b.json", &err));
	assert_int_equal(set.count, 2);
	assert_int_equal(set.records[0].strength, STRENGTH_E1);
	assert_int_equal(set.records[1].time, 20000LL * 86400 + 60);
	write_bundle(&key, "ask-7", &signed_text);
	assert_true(evidence_set_add_bundle(&strong, text_span(&signed_text), "b.json", &err));
	assert_int_equal(strong.records[0].strength, STRENGTH_E2);
}

static void a_bundle_may_be_empty(void **state)
{
	struct bundle bundle = { NULL, 0, 20000LL * 86400, NULL, NULL };
	SCOPED_TEXT(text);
	SCOPED_EVIDENCE(set);
	struct error err = { 0 };

	(void)state;
	bundle_write(&bundle, &text);
	assert_true(evidence_set_add_bundle(&set, text_span(&text), "b.json", &err));
	assert_int_equal(set.count, 0);
}

static void a_change_is_noticed(void **state)
{
	static const struct {
		bool is_signed;
		const char *from, *to, *says;
	} cases[] = {
		{ false, "\"value\":41", "\"value\":42", "does not fit its content" },
		{ false, "\"strength\":\"E1\"", "\"strength\":\"E2\"", "does not fit its content" },
		{ true, "ask-7", "ask-8", "signature does not fit" },
		{ true, "\"key\":\"", "\"key\":\"z", "not hexadecimal" },
		{ true, ",\"nonce\":\"ask-7\"", "", "go together" },
		{ false, "assay/bundle/v1", "assay/bundle/v9", "assay/bundle/v1" },
		{ false, "\"set\":\"sha256:", "\"set\":\"sha256:0", "64 hexadecimal" },
		{ false, "\"records\":[", "\"recordz\":[", "recordz" },
	};
	struct bundle_key key;

	(void)state;
	bundle_key_make(&key);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_TEXT(text);
		SCOPED_EVIDENCE(set);
		struct error err = { 0 };

		write_bundle(cases[i].is_signed ? &key : NULL, cases[i].is_signed ? "ask-7" : NULL,
			     &text);
		assert_false(read_changed(&text, cases[i].from, cases[i].to, &set, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("case %zu: %s", i, err.text);
		assert_int_equal(set.count, 0);
	}
}

/* Else who counts signers would count one for each spelling of his key. */
static void a_key_has_one_spelling(void **state)
{
	struct bundle_key key;
	SCOPED_TEXT(text);
	SCOPED_EVIDENCE(set);
	struct error err = { 0 };
	char *at;

	(void)state;
	bundle_key_make(&key);
	key.public_part[0] = 0xab;
	write_bundle(&key, "ask-7", &text);
	at = strstr(text.at, "\"key\":\"ab");
	assert_non_null(at);
	at[strlen("\"key\":\"")] = 'A';
	assert_false(evidence_set_add_bundle(&set, text_span(&text), "b.json", &err));
	assert_non_null(strstr(err.text, "not hexadecimal"));
}

/* Whoever changes a record seals it again; the set's hash and the signature still tell. */
static void a_record_that_was_left_out_is_noticed(void **state)
{
	struct record records[2];
	struct bundle bundle = { records, 2, 20000LL * 86400, NULL, NULL };
	SCOPED_TEXT(text);
	SCOPED_TEXT(line);
	SCOPED_EVIDENCE(set);
	struct error err = { 0 };

	(void)state;
	make_records(records);
	bundle_write(&bundle, &text);
	record_write(&records[1], true, &line);
	text_add(&line, "\n");
	text_add(&text, "");
	assert_false(read_changed(&text, arena_format(&set.arena, ",\n%s", text_string(&line)),
				  "\n", &set, &err));
	assert_non_null(strstr(err.text, "hash of the set"));
}

static void strength_comes_from_the_signature_alone(void **state)
{
	struct record records[2];
	struct bundle bundle = { records, 2, 20000LL * 86400, NULL, NULL };
	SCOPED_TEXT(text);
	SCOPED_TEXT(scratch);
	SCOPED_TEXT(before);
	SCOPED_TEXT(after);
	SCOPED_EVIDENCE(set);
	struct error err = { 0 };

	(void)state;
	make_records(records);
	bundle_write(&bundle, &text);
	record_write(&records[0], true, &before);
	records[0].strength = STRENGTH_E2;
	record_seal(&records[0], &scratch);
	record_write(&records[0], true, &after);
	assert_false(read_changed(&text, text_string(&before), text_string(&after), &set, &err));
	assert_int_equal(set.count, 0);
}

static void a_key_is_read_as_it_was_written(void **state)
{
	struct bundle_key key, again;
	SCOPED_TEXT(text);

	(void)state;
	bundle_key_make(&key);
	bundle_key_write(&key, &text);
	assert_true(bundle_key_read(text_span(&text), "k", &again, NULL));
	assert_memory_equal(&key, &again, sizeof(key));
	assert_false(bundle_key_read(SPAN("assay-key/v1 12"), "k", &again, NULL));
	assert_false(bundle_key_read(SPAN("-----BEGIN"), "k", &again, NULL));
	assert_false(bundle_key_read(SPAN(""), "k", &again, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(a_bundle_may_be_empty),
		cmocka_unit_test(a_change_is_noticed),
		cmocka_unit_test(a_key_has_one_spelling),
		cmocka_unit_test(a_record_that_was_left_out_is_noticed),
		cmocka_unit_test(strength_comes_from_the_signature_alone),
		cmocka_unit_test(a_key_is_read_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
