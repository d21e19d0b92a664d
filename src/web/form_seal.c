#include "web/form_seal.h"

#include <string.h>

#include "evidence/random.h"
#include "evidence/record.h"
#include "web/parts.h"

enum {
	COOKIE_BYTES = 16,
	COOKIE_DIGITS = 2 * COOKIE_BYTES,
	SEAL_DIGITS = 32,
};

#define FORM_COOKIE "assay-form"
#define FORM_FIELD "form"

/* The first 128 bits of SHA-256 over the secret of this run, twice around what the visitor has:
 * what is hashed has a fixed length. */
static const char *seal_of(const struct web *web, struct span cookie, struct arena *arena)
{
	const struct span key = { (const char *)web->form_key, sizeof(web->form_key) };
	uint8_t hash[RECORD_HASH_BYTES];
	char digits[RECORD_HASH_TEXT];
	struct hashing hashing;

	hash_start(&hashing);
	hash_more(&hashing, key);
	hash_more(&hashing, cookie);
	hash_more(&hashing, key);
	hash_end(&hashing, hash);
	return arena_format(arena, "%.*s", SEAL_DIGITS,
			    hash_format(hash, digits) + strlen("sha256:"));
}

static bool find_cookie(const struct web_request *request, struct span *ret_cookie)
{
	return cookie_read(exchange_of(request)->inspected.cookie, FORM_COOKIE, ret_cookie) &&
	       ret_cookie->length == COOKIE_DIGITS;
}

static const char *make_cookie(struct arena *arena)
{
	uint8_t bytes[RECORD_HASH_BYTES] = { 0 };
	char digits[RECORD_HASH_TEXT];

	random_secret(bytes, COOKIE_BYTES);
	return arena_format(arena, "%.*s", COOKIE_DIGITS,
			    hash_format(bytes, digits) + strlen("sha256:"));
}

const char *form_seal(struct web *web, const struct web_request *request, struct web_answer *answer)
{
	struct span cookie;

	answer->is_private = true;
	if (!find_cookie(request, &cookie)) {
		cookie = span_of(make_cookie(request->arena));
		answer->cookie = arena_format(
			request->arena, FORM_COOKIE "=%.*s; Path=/; HttpOnly; SameSite=Strict%s",
			SPAN_ARGS(cookie), web->how->certificate ? "; Secure" : "");
	}
	return seal_of(web, cookie, request->arena);
}

bool form_seal_holds(struct web *web, const struct web_request *request)
{
	const char *given = NULL;
	struct span cookie;
	unsigned differs = 0;
	const char *wanted;

	if (!find_cookie(request, &cookie) || !web_field(request, FORM_FIELD, &given, NULL) ||
	    !given || strlen(given) != SEAL_DIGITS)
		return false;
	/* In a time that does not tell how much of it is right. */
	wanted = seal_of(web, cookie, request->arena);
	for (unsigned i = 0; i < SEAL_DIGITS; i++)
		differs |= (unsigned char)given[i] ^ (unsigned char)wanted[i];
	return differs == 0;
}
