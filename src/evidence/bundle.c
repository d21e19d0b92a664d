#include "evidence/bundle.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static_assert(crypto_sign_PUBLICKEYBYTES == BUNDLE_KEY_BYTES, "keys are Ed25519");
static_assert(crypto_sign_SECRETKEYBYTES == BUNDLE_SECRET_BYTES, "keys are Ed25519");

static const char schema_name[] = "assay/bundle/v1";
static const char key_prefix[] = "assay-key/v1 ";

enum {
	HEX_MAXIMUM = 2 * crypto_sign_SECRETKEYBYTES + 1,
};

void bundle_key_make(struct bundle_key *ret_key)
{
	if (sodium_init() < 0)
		abort(); /* no source of randomness: a key would be worthless */
	(void)crypto_sign_keypair(ret_key->public_part, ret_key->secret);
}

void bundle_key_write(const struct bundle_key *key, struct text *into)
{
	char hex[HEX_MAXIMUM];

	text_format(into, "%s%s\n", key_prefix,
		    sodium_bin2hex(hex, sizeof(hex), key->secret, sizeof(key->secret)));
	sodium_memzero(hex, sizeof(hex));
}

/* Exactly `count` bytes of lower-case hexadecimal. */
static bool from_hex(struct span text, uint8_t *into, size_t count)
{
	const char *end = NULL;
	size_t length = 0;

	/* One spelling of a key: who counts signers by it must not count one twice. */
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] == '\0' || !strchr("0123456789abcdef", text.at[i]))
			return false;
	return text.length == 2 * count &&
	       sodium_hex2bin(into, count, text.at, text.length, NULL, &length, &end) == 0 &&
	       length == count;
}

bool bundle_key_read(struct span text, const char *file, struct bundle_key *ret_key,
		     struct error *err)
{
	struct span hex = span_trim(text);

	while (hex.length > 0 && hex.at[hex.length - 1] == '\n')
		hex.length--;
	if (!span_starts(hex, key_prefix))
		return fail(err, ERROR_INVALID,
			    "%s: is no key of assay; name a file that is not there "
			    "to make one",
			    file);
	hex.at += strlen(key_prefix);
	hex.length -= strlen(key_prefix);
	if (!from_hex(hex, ret_key->secret, sizeof(ret_key->secret)))
		return fail(err, ERROR_PARSE,
			    "%s: line 1: is no key: %d hexadecimal digits belong behind "
			    "'%s'",
			    file, 2 * BUNDLE_SECRET_BYTES, key_prefix);
	(void)crypto_sign_ed25519_sk_to_pk(ret_key->public_part, ret_key->secret);
	return true;
}

static int compare_hashes(const void *left, const void *right)
{
	return memcmp(left, right, RECORD_HASH_BYTES);
}

/* As docs/evidence.md says: SHA-256 of the hashes, sorted, each followed by a newline. */
static void hash_records(const struct record *records, size_t count,
			 uint8_t ret_hash[RECORD_HASH_BYTES])
{
	SCOPED_ARENA(arena);
	struct text text = { .maximum = (size_t)1 << 30 };
	uint8_t *hashes = arena_take_array(&arena, count, RECORD_HASH_BYTES);
	char line[RECORD_HASH_TEXT];

	for (size_t i = 0; i < count; i++)
		memcpy(hashes + i * RECORD_HASH_BYTES, records[i].hash, RECORD_HASH_BYTES);
	if (count > 0)
		qsort(hashes, count, RECORD_HASH_BYTES, compare_hashes);
	for (size_t i = 0; i < count; i++)
		text_format(&text, "%s\n", hash_format(hashes + i * RECORD_HASH_BYTES, line));
	hash_bytes(text_span(&text), ret_hash);
	text_release(&text);
}

/* What is signed. */
static void add_signed(struct text *into, const char *nonce, int64_t created,
		       const uint8_t set[RECORD_HASH_BYTES])
{
	char hash[RECORD_HASH_TEXT], time[TIME_TEXT_SIZE];

	text_format(into, "%s\n%s\n%s\n%s", schema_name, nonce, time_format(created, time),
		    hash_format(set, hash));
}

static void put_signature(struct json_writer *json, const struct bundle *bundle,
			  const uint8_t set[RECORD_HASH_BYTES])
{
	uint8_t signature[crypto_sign_BYTES];
	char hex[HEX_MAXIMUM];
	SCOPED_TEXT(text);

	add_signed(&text, bundle->nonce, bundle->created, set);
	(void)crypto_sign_detached(signature, NULL, (const uint8_t *)text_string(&text),
				   text.length, bundle->key->secret);
	json_pair_string(json, "nonce", bundle->nonce);
	json_pair_string(
		json, "key",
		sodium_bin2hex(hex, sizeof(hex), bundle->key->public_part, BUNDLE_KEY_BYTES));
	json_pair_string(json, "signature",
			 sodium_bin2hex(hex, sizeof(hex), signature, sizeof(signature)));
}

void bundle_write(struct bundle *bundle, struct text *into)
{
	struct json_writer json = { .into = into };
	uint8_t set[RECORD_HASH_BYTES];
	char hash[RECORD_HASH_TEXT], time[TIME_TEXT_SIZE];
	SCOPED_TEXT(scratch);

	for (size_t i = 0; i < bundle->count; i++) {
		if (bundle->records[i].kind != KIND_STATEMENT)
			bundle->records[i].strength = bundle->key ? STRENGTH_E2 : STRENGTH_E1;
		record_seal(&bundle->records[i], &scratch);
	}
	hash_records(bundle->records, bundle->count, set);
	json_open_object(&json);
	json_pair_string(&json, "schema", schema_name);
	json_pair_string(&json, "created", time_format(bundle->created, time));
	json_pair_string(&json, "version", ASSAY_VERSION);
	json_pair_string(&json, "set", hash_format(set, hash));
	if (bundle->key)
		put_signature(&json, bundle, set);
	json_key(&json, "records");
	json_open_array(&json);
	for (size_t i = 0; i < bundle->count; i++) {
		text_add(into, i > 0 ? ",\n" : "\n");
		record_write(&bundle->records[i], true, into);
	}
	/* Written past the writer, which does not know of the values. */
	text_add(into, "\n");
	json_close_array(&json);
	json_close_object(&json);
	text_add(into, "\n");
}

/* The head of a bundle that is read. */
struct head {
	const char *nonce;
	int64_t created;
	bool is_signed;
	uint8_t set[RECORD_HASH_BYTES];
	uint8_t key[BUNDLE_KEY_BYTES];
	uint8_t signature[crypto_sign_BYTES];
};

static bool read_signature(const struct node *root, const char *file, struct arena *arena,
			   struct head *head, struct error *err)
{
	const struct node *nonce = node_find(root, "nonce"), *key = node_find(root, "key");
	const struct node *signature = node_find(root, "signature");

	if (!nonce && !key && !signature)
		return true;
	if (!nonce || !key || !signature)
		return node_fail(root, file, err, ERROR_INVALID,
				 "'nonce', 'key' and 'signature' go together; one is missing");
	if (nonce->text.length == 0 || nonce->text.length > BUNDLE_NONCE_MAXIMUM)
		return node_fail(nonce, file, err, ERROR_LIMIT,
				 "'nonce' has %zu bytes; it has 1 to %d", nonce->text.length,
				 BUNDLE_NONCE_MAXIMUM);
	if (!from_hex(key->text, head->key, sizeof(head->key)) ||
	    !from_hex(signature->text, head->signature, sizeof(head->signature)))
		return node_fail(root, file, err, ERROR_INVALID,
				 "'key' or 'signature' is not hexadecimal of the right length");
	head->nonce = arena_string(arena, nonce->text);
	head->is_signed = true;
	return true;
}

static bool read_head(const struct node *root, const char *file, struct arena *arena,
		      struct head *head, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },     { "created", NODE_SCALAR, true },
		{ "version", NODE_SCALAR, true },    { "set", NODE_SCALAR, true },
		{ "nonce", NODE_SCALAR, false },     { "key", NODE_SCALAR, false },
		{ "signature", NODE_SCALAR, false }, { "records", NODE_LIST, true },
	};
	const struct node *schema = node_find(root, "schema");

	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, schema_name))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not known here; this version reads %s",
				 SPAN_ARGS(schema->text), schema_name);
	if (!node_expect(root, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	if (!time_parse(node_find(root, "created")->text, &head->created))
		return node_fail(node_find(root, "created"), file, err, ERROR_INVALID,
				 "'created' is not a moment; write YYYY-MM-DDTHH:MM:SSZ");
	if (!hash_parse(node_find(root, "set")->text, head->set))
		return node_fail(node_find(root, "set"), file, err, ERROR_INVALID,
				 "'set' is not sha256: and 64 hexadecimal digits");
	return read_signature(root, file, arena, head, err);
}

static bool verify(const struct node *root, const char *file, const struct head *head,
		   const struct record *records, size_t count, struct error *err)
{
	uint8_t set[RECORD_HASH_BYTES];
	SCOPED_TEXT(text);

	hash_records(records, count, set);
	if (memcmp(set, head->set, sizeof(set)) != 0)
		return node_fail(
			root, file, err, ERROR_CONFLICT,
			"the hash of the set does not fit its records; the bundle was changed "
			"after it was written: get it again from its source");
	for (size_t i = 0; i < count; i++)
		if (records[i].strength > (head->is_signed ? STRENGTH_E2 : STRENGTH_E1))
			return fail(err, ERROR_INVALID,
				    "%s: record '%s' claims strength %s; a bundle %s gives %s",
				    file, records[i].id, strength_names[records[i].strength],
				    head->is_signed ? "that is signed" : "without a signature",
				    head->is_signed ? "E2" : "E1");
	if (!head->is_signed)
		return true;
	add_signed(&text, head->nonce, head->created, set);
	if (crypto_sign_verify_detached(head->signature, (const uint8_t *)text_string(&text),
					text.length, head->key) != 0)
		return node_fail(root, file, err, ERROR_CONFLICT,
				 "the signature does not fit; the bundle was changed after it was "
				 "signed, or signed with another key");
	return true;
}

bool evidence_set_add_bundle(struct evidence_set *set, struct span text, const char *file,
			     struct error *err)
{
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(canonical);
	const struct record_reading how = {
		.file = arena_string(&set->arena, span_of(file)),
		.schema_required = true,
		.arena = &set->arena,
	};
	const struct node *root, *records;
	struct head head = { 0 };

	if (text.length > EVIDENCE_LINES_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: the file has %zu bytes; the limit is %d", file,
			    text.length, EVIDENCE_LINES_BYTES_MAXIMUM);
	if (!json_read(text, file, 1, &scratch, &root, err) ||
	    !read_head(root, file, &scratch, &head, err))
		return false;
	records = node_find(root, "records");
	if (!evidence_set_reserve(set, records->count, file, err))
		return false;
	for (uint32_t i = 0; i < records->count; i++)
		if (!record_read_sealed(&records->items[i], &how, &canonical,
					&set->records[set->count + i], err))
			return false;
	if (!verify(root, file, &head, records->count > 0 ? set->records + set->count : NULL,
		    records->count, err))
		return false;
	set->count += records->count;
	return true;
}
