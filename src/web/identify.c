/* Who asks: the holder of a token, or an agent by its certificate. */
#include <stdio.h>
#include <string.h>

#include "evidence/record.h"
#include "web/parts.h"

enum {
	NAME_SIZE = 32,
};

/* One answer for whatever is wrong with a token: unknown, expired and revoked are not told apart.
 */
static bool refuse(struct exchange *exchange, const char *why)
{
	exchange->closes = exchange_leaves_body(exchange);
	web_refuse(&exchange->answer, &exchange->request, MHD_HTTP_UNAUTHORIZED,
		   "ask whoever keeps this server for a new one", "%s", why);
	return false;
}

static bool refuse_error(struct exchange *exchange, const struct error *err)
{
	exchange->closes = exchange_leaves_body(exchange);
	web_refuse_error(&exchange->answer, &exchange->request, err);
	return false;
}

/* Fills in who asks when the secret is known; *ret_found false: it is not. */
static bool find_token(struct exchange *exchange, struct span secret, bool *ret_found,
		       struct error *err)
{
	struct web *web = exchange->web;
	struct access_token token = { 0 };
	struct store *store;
	bool good;

	*ret_found = false;
	if (!web_has_store(web))
		return true;
	store = web_store_take(web, SQL_READ, err);
	if (!store)
		return false;
	good = access_find(store, secret, exchange->request.now, &exchange->arena, &token,
			   ret_found, err);
	web_store_end(web, SQL_READ, store, err);
	if (!good || !*ret_found)
		return good;
	uses_note(web, &token, exchange->request.now);
	exchange->caller = (struct web_caller){
		.party = token.party,
		.name = arena_format(&exchange->arena, "token %lld", (long long)token.id),
		.scopes = token.scopes,
	};
	exchange->request.caller = &exchange->caller;
	return true;
}

static bool know_token(struct exchange *exchange)
{
	struct error err = { 0 };
	struct span secret;
	bool found;

	if (!bearer_read(exchange->inspected.authorization, &secret))
		return refuse(exchange, "Authorization is not 'Bearer' and a token");
	if (!find_token(exchange, secret, &found, &err))
		return refuse_error(exchange, &err);
	return found || refuse(exchange, "the token is not known");
}

/* A browser that signed in. One whose token has ended is anybody: he is asked to sign in again. */
static bool know_cookie(struct exchange *exchange, struct span secret)
{
	struct error err = { 0 };
	bool found;

	return find_token(exchange, secret, &found, &err) || refuse_error(exchange, &err);
}

bool exchange_certificate(struct exchange *exchange, uint8_t ret_hash[static RECORD_HASH_BYTES])
{
	const struct web *web = exchange->web;
	const union MHD_ConnectionInfo *info = web->http.get_connection_info(
		exchange->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	const gnutls_datum_t *shown;
	unsigned count = 0;

	if (!info || !info->tls_session)
		return false;
	shown = web->tls.get_peers(info->tls_session, &count);
	if (!shown || count == 0)
		return false;
	hash_bytes((struct span){ (const char *)shown[0].data, shown[0].size }, ret_hash);
	return true;
}

/* A certificate that is not enrolled is nobody's: enrolling shows one too. */
static bool know_agent(struct exchange *exchange)
{
	struct web *web = exchange->web;
	uint8_t hash[RECORD_HASH_BYTES];
	struct error err = { 0 };
	struct store *store;
	bool found = false, good;

	if (!web_has_store(web) || !exchange_certificate(exchange, hash))
		return true;
	store = web_store_take(web, SQL_READ, &err);
	if (!store)
		return refuse_error(exchange, &err);
	good = access_agent_find(store, (struct span){ (const char *)hash, sizeof(hash) },
				 &exchange->arena, &exchange->caller.party, &exchange->caller.name,
				 &found, &err);
	web_store_end(web, SQL_READ, store, &err);
	if (!good)
		return refuse_error(exchange, &err);
	if (!found)
		return true;
	exchange->caller.scopes = ACCESS_PUSH | ACCESS_NODES;
	exchange->caller.is_agent = true;
	exchange->request.caller = &exchange->caller;
	return true;
}

bool exchange_identify(struct exchange *exchange)
{
	struct span secret;

	if (exchange->inspected.authorization.at)
		return know_token(exchange);
	if (cookie_read(exchange->inspected.cookie, WEB_COOKIE, &secret))
		return know_cookie(exchange, secret);
	return know_agent(exchange);
}
