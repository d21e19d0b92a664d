#include "store/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/promise.h"

/* Who may do what, on both databases. */

enum {
	NOW = 1790000000,
};

static bool is_known(struct fixture *fixture, const char *secret, int64_t now)
{
	struct access_token token;
	bool found = false;

	assert_true(access_find(fixture->store, span_of(secret), now, &fixture->arena, &token,
				&found, &fixture->err));
	return found;
}

static void a_token_holds_until_its_end_or_until_it_is_revoked(struct fixture *fixture)
{
	struct access_token token = {
		.party = "acme", .scopes = ACCESS_PUSH, .made = NOW, .expires = NOW + 100
	};
	struct access_token *tokens = NULL, found_token;
	char secret[ACCESS_SECRET_TEXT];
	struct arena *arena = &fixture->arena;
	struct error *err = &fixture->err;
	struct store *store = fixture->store;
	size_t count = 0;
	int64_t id = 0;
	bool found = false;

	assert_true(access_make(store, &token, secret, &id, err));
	assert_true(access_find(store, span_of(secret), NOW, arena, &found_token, &found, err));
	assert_true(found);
	assert_string_equal(found_token.party, "acme");
	assert_int_equal(found_token.scopes, ACCESS_PUSH);
	assert_false(is_known(fixture, secret, NOW + 100));
	assert_false(is_known(fixture, "assay_no", NOW));
	assert_true(access_is_use_new(&found_token, NOW));
	assert_true(access_note_use(store, id, NOW, err));
	assert_true(access_note_use(store, id, NOW - 7200, err));
	assert_true(access_find(store, span_of(secret), NOW, arena, &found_token, &found, err));
	assert_false(access_is_use_new(&found_token, NOW));
	assert_true(access_is_use_new(&found_token, NOW + 3600));
	assert_true(access_revoke(store, id, err));
	assert_false(is_known(fixture, secret, NOW));
	assert_false(access_revoke(store, id + 1, err));
	assert_true(access_list(store, arena, &tokens, &count, err));
	assert_int_equal(count, 1);
	assert_true(tokens[0].revoked && tokens[0].last_used == NOW - NOW % 3600);
	token.scopes = ACCESS_ADMIN;
	token.expires = 0;
	assert_false(access_make(store, &token, secret, &id, err));
}

static const char *used(struct fixture *fixture, const char *code, const char *head, int64_t now)
{
	const struct access_use use = { .code = span_of(code), .head = head, .now = now };
	const char *rest = NULL;

	assert_true(access_code_use(fixture->store, &use, &fixture->arena, &rest, NULL));
	return rest;
}

static void a_code_holds_once_and_where_it_was_made_for(struct fixture *fixture)
{
	char code[ACCESS_SECRET_TEXT];
	struct error *err = &fixture->err;
	struct store *store = fixture->store;

	assert_true(access_code_make(store, "acme", NOW, 60, code, err));
	assert_string_equal(used(fixture, code, "", NOW + 59), "acme");
	assert_null(used(fixture, code, "", NOW + 59));
	assert_true(access_code_make(store, "acme", NOW, 60, code, err));
	assert_null(used(fixture, code, "", NOW + 60));
	/* Shown where it does not hold it is left as it was. */
	assert_true(access_code_make(store, "feedback:acme:who", NOW, 60, code, err));
	assert_null(used(fixture, code, "", NOW));
	assert_null(used(fixture, code, "feedback:other:", NOW));
	assert_null(used(fixture, code, "nonce:", NOW));
	assert_string_equal(used(fixture, code, "feedback:acme:", NOW), "who");
	assert_null(used(fixture, code, "feedback:acme:", NOW));
}

static bool is_enrolled(struct fixture *fixture, struct span fingerprint, const char **ret_name)
{
	const char *party;
	bool found = false;

	assert_true(access_agent_find(fixture->store, fingerprint, &fixture->arena, &party,
				      ret_name, &found, &fixture->err));
	return found;
}

static void an_agent_is_known_by_its_certificate_until_it_is_revoked(struct fixture *fixture)
{
	static const char bytes[] = "0123456789abcdef\0"
				    "123456789abcdef";
	const struct span one = { bytes, 32 }, other = SPAN("fedcba9876543210fedcba9876543210");
	struct access_agent *agents = NULL;
	struct error *err = &fixture->err;
	struct store *store = fixture->store;
	const char *name = NULL;
	size_t count = 0;

	assert_true(access_agent_add(store, "beta", "node-2", other, NOW + 1, err));
	assert_true(access_agent_add(store, "acme", "node-1", one, NOW, err));
	assert_false(access_agent_add(store, "other", "node-1", one, NOW, err));
	assert_false(access_agent_add(store, "other", "node-1", SPAN("short"), NOW, err));
	assert_true(is_enrolled(fixture, one, &name));
	assert_string_equal(name, "node-1");
	assert_true(access_agents(store, &fixture->arena, &agents, &count, err));
	assert_int_equal(count, 2);
	assert_string_equal(agents[0].party, "acme");
	assert_int_equal(agents[0].enrolled, NOW);
	assert_true(span_equal(agents[0].fingerprint, one));
	assert_string_equal(agents[1].name, "node-2");

	assert_true(access_agent_revoke(store, one, err));
	assert_false(is_enrolled(fixture, one, &name));
	assert_true(is_enrolled(fixture, other, &name));
	assert_false(access_agent_revoke(store, one, err));
	assert_int_equal(err->code, ERROR_MISSING);
	assert_true(access_agents(store, &fixture->arena, &agents, &count, err));
	assert_int_equal(count, 1);
}

static const struct promise promises[] = {
	PROMISE(a_token_holds_until_its_end_or_until_it_is_revoked),
	PROMISE(a_code_holds_once_and_where_it_was_made_for),
	PROMISE(an_agent_is_known_by_its_certificate_until_it_is_revoked),
};

int main(void)
{
	return promises_test("access", promises, sizeof(promises) / sizeof(promises[0]));
}
