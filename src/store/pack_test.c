#include "store/pack.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/record.h"

static const char record[] =
	"{\"excerpt\":\"said \\\"hash\\\":\\\"sha256:\\\", \\\"id\\\":\\\"\",\"hash\":\"%s\","
	"\"id\":\"a.1\",\"kind\":\"measurement\"}";

/* Packs one entry and unpacks it again, into the arena. */
static struct packed_entry go_round(const struct store_entry *entry, struct arena *arena)
{
	struct packed_entry *entries = NULL;
	struct packer *packer = packer_new();
	struct error err = { 0 };
	SCOPED_TEXT(text);
	SCOPED_TEXT(packed);
	struct span again;
	size_t count = 0;

	pack_add(&text, entry, true);
	pack_close(packer, text_span(&text), &packed);
	assert_true(unpack(packer, text_span(&packed), arena, &again, &err));
	packer_free(packer);
	assert_true(span_equal(again, text_span(&text)));
	assert_true(unpack_entries(again, arena, &entries, &count, &err));
	assert_int_equal(count, 1);
	return entries[0];
}

static void values_come_back_bit_for_bit(void **state)
{
	static const double values[] = { 0,      -0.0,       1,
					 0.1,    1.0 / 3,    1e300,
					 5e-324, 1980000000, 123456789012345678.0,
					 -17.25, 1e15,       9007199254740993.0 };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct store_entry entry = { .line = SPAN("{}"), .value = values[i] };
		SCOPED_ARENA(arena);
		struct packed_entry again = go_round(&entry, &arena);

		assert_memory_equal(&again.entry.value, &values[i], sizeof(double));
		assert_null(again.entry.id);
		assert_null(again.entry.device);
	}
}

static void a_hash_that_fits_is_left_out_and_put_back(void **state)
{
	char hash[RECORD_HASH_TEXT];
	uint8_t bytes[RECORD_HASH_BYTES];
	SCOPED_ARENA(arena);
	SCOPED_TEXT(scratch);
	const char *without = "{\"excerpt\":\"said \\\"hash\\\":\\\"sha256:\\\", \\\"id\\\":\\\"\","
			      "\"id\":\"a.1\",\"kind\":\"measurement\"}";
	struct store_entry entry = { .id = "a.1", .value = (double)NAN };
	struct packed_entry again;

	(void)state;
	hash_bytes(span_of(without), bytes);
	entry.line =
		span_of(arena_format(&arena, "%.*s%s%s", (int)(strstr(record, "%s") - record),
				     record, hash_format(bytes, hash), strstr(record, "%s") + 2));
	again = go_round(&entry, &arena);
	assert_true(again.is_cut);
	assert_true(span_equal(again.entry.line, span_of(without)));
	assert_true(span_equal(unpack_line(&again, &scratch), entry.line));
	/* One that does not fit stays as it came. */
	bytes[0] ^= 1;
	entry.line =
		span_of(arena_format(&arena, "%.*s%s%s", (int)(strstr(record, "%s") - record),
				     record, hash_format(bytes, hash), strstr(record, "%s") + 2));
	again = go_round(&entry, &arena);
	assert_false(again.is_cut);
	assert_true(span_equal(unpack_line(&again, &scratch), entry.line));
}

static void what_is_damaged_is_refused(void **state)
{
	const struct store_entry entry = { .line = SPAN("{\"a\":1}"), .id = "x", .value = 1 };
	struct packer *packer = packer_new();
	SCOPED_TEXT(text);
	SCOPED_TEXT(packed);

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		pack_add(&text, &entry, false);
	pack_close(packer, text_span(&text), &packed);
	for (size_t i = 0; i < packed.length; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			SCOPED_ARENA(arena);
			struct error err = { 0 };
			struct span again;

			packed.at[i] = (char)(packed.at[i] ^ 1 << bit);
			/* Two bits of zlib's head say how hard it tried, and nothing else. */
			if (unpack(packer, text_span(&packed), &arena, &again, &err))
				assert_true(span_equal(again, text_span(&text)));
			else
				assert_int_equal(err.code, ERROR_PARSE);
			packed.at[i] = (char)(packed.at[i] ^ 1 << bit);
		}
	}
	for (size_t i = 0; i < packed.length; i++) {
		SCOPED_ARENA(arena);
		struct span again;

		assert_false(unpack(packer, (struct span){ packed.at, i }, &arena, &again, NULL));
	}
	packer_free(packer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back_bit_for_bit),
		cmocka_unit_test(a_hash_that_fits_is_left_out_and_put_back),
		cmocka_unit_test(what_is_damaged_is_refused),
	};

	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
