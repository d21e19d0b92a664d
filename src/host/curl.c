#include "host/curl.h"

#include <assert.h>
#include <string.h>

#include "host/library.h"

enum {
	OLDEST = 0x075500, /* 7.85.0, the first with CURLOPT_PROTOCOLS_STR */
};

static bool find_symbol(const struct library *library, const char *name, void *into,
			struct error *err)
{
	void *address = library_symbol(library, (const char *const[]){ name, NULL }, NULL);

	if (!address)
		return fail(err, ERROR_UNSUPPORTED, "libcurl has no %s; 7.85 or later has", name);
	memcpy(into, &address, sizeof(address));
	return true;
}

static bool check_version(const struct library *library, struct error *err)
{
	__typeof__(&curl_version_info) version_info = NULL;
	const curl_version_info_data *version;

	if (!find_symbol(library, "curl_version_info", &version_info, err))
		return false;
	assert(version_info);
	version = version_info(CURLVERSION_NOW);
	if (version->version_num < OLDEST)
		return fail(err, ERROR_UNSUPPORTED, "libcurl %s is too old; 7.85 is needed",
			    version->version);
	return true;
}

bool curl_find(struct curl *ret_curl, struct error *err)
{
	/* Debian has three builds of it, with different libraries for TLS and one interface. */
	static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4",
					     "libcurl-nss.so.4", NULL };
	struct curl found;
	const struct {
		const char *name;
		void *into;
	} symbols[] = {
		{ "curl_global_init", &found.global_init },
		{ "curl_global_cleanup", &found.global_cleanup },
		{ "curl_free", &found.free },
		{ "curl_easy_init", &found.easy_init },
		{ "curl_easy_reset", &found.easy_reset },
		{ "curl_easy_setopt", &found.easy_setopt },
		{ "curl_easy_getinfo", &found.easy_getinfo },
		{ "curl_easy_perform", &found.easy_perform },
		{ "curl_easy_strerror", &found.easy_strerror },
		{ "curl_easy_cleanup", &found.easy_cleanup },
		{ "curl_multi_init", &found.multi_init },
		{ "curl_multi_add_handle", &found.multi_add_handle },
		{ "curl_multi_perform", &found.multi_perform },
		{ "curl_multi_poll", &found.multi_poll },
		{ "curl_multi_info_read", &found.multi_info_read },
		{ "curl_multi_remove_handle", &found.multi_remove_handle },
		{ "curl_multi_cleanup", &found.multi_cleanup },
		{ "curl_slist_append", &found.slist_append },
		{ "curl_slist_free_all", &found.slist_free_all },
		{ "curl_url", &found.url },
		{ "curl_url_set", &found.url_set },
		{ "curl_url_get", &found.url_get },
		{ "curl_url_cleanup", &found.url_cleanup },
	};
	struct library library;

	if (!library_open(names, &library, err))
		return fail(err, ERROR_MISSING,
			    "asking a server needs libcurl.so.4, which is not installed "
			    "(Debian: libcurl4)");
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		if (!find_symbol(&library, symbols[i].name, symbols[i].into, err))
			return false;
	}
	if (!check_version(&library, err))
		return false;
	*ret_curl = found;
	return true;
}
