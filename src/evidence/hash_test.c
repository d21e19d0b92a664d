#include "evidence/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ZEROS "00000000000000000000000000000000"

/* FIPS 180-4, examples of SHA-256, and its value for no bytes. */
static const struct {
	struct span bytes;
	const char *hash;
} known[] = {
	{ { NULL, 0 }, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ { "abc", 3 }, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56 },
	  "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static void known_hashes_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		uint8_t hash[RECORD_HASH_BYTES];
		char text[RECORD_HASH_TEXT];

		hash_bytes(known[i].bytes, hash);
		assert_string_equal(hash_format(hash, text), known[i].hash);
	}
}

static void what_is_formatted_parses_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		uint8_t hash[RECORD_HASH_BYTES], back[RECORD_HASH_BYTES] = { 0 };

		hash_bytes(known[i].bytes, hash);
		assert_true(hash_parse(span_of(known[i].hash), back));
		assert_memory_equal(hash, back, sizeof(hash));
	}
}

static void what_is_no_hash_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"sha256:",
		"sha256:" ZEROS,
		"sha256:" ZEROS "0000000000000000000000000000000",
		"sha256:" ZEROS "000000000000000000000000000000000",
		"sha256:" ZEROS "0000000000000000000000000000000A",
		"sha256:" ZEROS "0000000000000000000000000000000g",
		"sha256:g" ZEROS "0000000000000000000000000000000",
		"SHA256:" ZEROS ZEROS,
		"sha512:" ZEROS ZEROS,
		ZEROS ZEROS "0000000",
	};
	uint8_t hash[RECORD_HASH_BYTES];

	(void)state;
	memset(hash, 7, sizeof(hash));
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_false(hash_parse(span_of(cases[i]), hash));
		assert_int_equal(hash[0], 7);
		assert_int_equal(hash[RECORD_HASH_BYTES - 1], 7);
	}
	assert_true(hash_parse(SPAN("sha256:" ZEROS ZEROS), hash));
	assert_int_equal(hash[0], 0);
}

static void pieces_hash_as_their_whole(void **state)
{
	const struct span text =
		SPAN("an hour of eight H100 at 23.92 USD, seen on a Thursday morning");
	uint8_t whole[RECORD_HASH_BYTES];
	uint8_t joined[RECORD_HASH_BYTES];

	(void)state;
	hash_bytes(text, whole);
	for (size_t cut = 0; cut <= text.length; cut++) {
		struct hashing hashing;

		hash_start(&hashing);
		hash_more(&hashing, (struct span){ .at = text.at, .length = cut });
		hash_more(&hashing,
			  (struct span){ .at = text.at + cut, .length = text.length - cut });
		hash_end(&hashing, joined);
		assert_memory_equal(joined, whole, sizeof(whole));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_hashes_are_found),
		cmocka_unit_test(what_is_formatted_parses_back),
		cmocka_unit_test(what_is_no_hash_is_refused),
		cmocka_unit_test(pieces_hash_as_their_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
