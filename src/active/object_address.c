#include "active/object_address.h"

#include <ctype.h>
#include <string.h>

#include "active/storage.h"

enum {
	URL_MAXIMUM = 512,
	TOKEN_MAXIMUM = 1900, /* of a session: it has to fit into a header */
	KEY_MAXIMUM = 128,
	BUCKET_MAXIMUM = 63,
};

static bool is_made_of(const char *text, size_t length, const char *more)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr(more, text[i]))
			return false;
	return length > 0;
}

/* "127.0.0.1", "localhost" or "[::1]", with or without a port: what never leaves this machine. */
static bool is_loopback(struct span host)
{
	struct span name = SPAN(""), part;
	uint64_t number;

	if (span_starts(host, "[::1]"))
		return host.length == 5 || host.at[5] == ':';
	(void)span_cut(&host, ':', &name);
	if (span_is(name, "localhost"))
		return true;
	for (unsigned i = 0; i < 4; i++)
		if (!span_cut(&name, '.', &part) || !span_to_u64(part, &number) || number > 255 ||
		    (i == 0 && number != 127))
			return false;
	return name.length == 0;
}

bool object_url_read(const char *url, struct arena *arena, struct object_store *ret_store,
		     struct error *err)
{
	size_t scheme = strncmp(url, "https://", 8) == 0  ? 8
			: strncmp(url, "http://", 7) == 0 ? 7
							  : 0;
	const char *host = url + scheme;
	const char *slash = strchr(host, '/');
	size_t bucket = slash ? strlen(slash + 1) : 0;

	if (scheme == 0 || strlen(url) > URL_MAXIMUM)
		return fail(err, ERROR_INVALID, "the store is not https://HOST:PORT/BUCKET");
	if (!slash || !is_made_of(host, (size_t)(slash - host), ".-:[]"))
		return fail(err, ERROR_INVALID, "the host of the store is not HOST or HOST:PORT");
	if (scheme == 7 && !is_loopback((struct span){ host, (size_t)(slash - host) }))
		return fail(err, ERROR_INVALID,
			    "http:// shows all that is sent to whoever listens, and is for this "
			    "machine's own addresses alone: https:// is needed");
	if (bucket > 0 && slash[bucket] == '/')
		bucket--;
	if (bucket > BUCKET_MAXIMUM || !is_made_of(slash + 1, bucket, ".-_"))
		return fail(err, ERROR_INVALID,
			    "behind the host of the store stands one bucket, of letters, digits, "
			    "'.', '-' and '_'");
	ret_store->base = arena_format(arena, "%.*s", (int)(slash - url), url);
	ret_store->bucket = arena_format(arena, "%.*s", (int)bucket, slash + 1);
	ret_store->mark = storage_mark(arena, arena_format(arena, "%.*s/%s", (int)(slash - host),
							   host, ret_store->bucket));
	return true;
}

/* What goes into a header must not end it. */
static bool is_sound(const char *text, size_t maximum)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return length > 0 && length <= maximum;
}

bool object_who(char *(*variable)(const char *name), struct object_store *store, struct error *err)
{
	const char *region = variable("AWS_REGION");

	store->key = variable("AWS_ACCESS_KEY_ID");
	store->secret = variable("AWS_SECRET_ACCESS_KEY");
	store->token = variable("AWS_SESSION_TOKEN");
	store->authorities = variable("AWS_CA_BUNDLE");
	if (!region || !*region)
		region = variable("AWS_DEFAULT_REGION");
	store->region = region && *region ? region : "us-east-1";
	if (store->token && !*store->token)
		store->token = NULL;
	if (store->authorities && !*store->authorities)
		store->authorities = NULL;
	if (!store->key || !store->secret)
		return fail(err, ERROR_MISSING,
			    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
	if (!is_sound(store->key, KEY_MAXIMUM) || !is_sound(store->secret, KEY_MAXIMUM) ||
	    (store->token && !is_sound(store->token, TOKEN_MAXIMUM)))
		return fail(err, ERROR_INVALID,
			    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN is no "
			    "key: it is empty, too long or has blanks");
	if (!is_made_of(store->region, strlen(store->region), "-") || strlen(store->region) > 40)
		return fail(err, ERROR_INVALID, "AWS_REGION is no name of a region");
	return true;
}
