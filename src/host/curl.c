#include "host/curl.h"

#include "host/library.h"

enum {
	OLDEST = 0x075500, /* 7.85.0, the first with CURLOPT_PROTOCOLS_STR */
};

static bool check_version(const struct curl *curl, struct error *err)
{
	const curl_version_info_data *version = curl->version_info(CURLVERSION_NOW);

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
	static const struct late_library wanted = { "asking a server", names, "libcurl4" };
	struct curl found;
	const struct late_symbol symbols[] = {
		LATE_SYMBOL(found.version_info, curl_version_info),
		LATE_SYMBOL(found.global_init, curl_global_init),
		LATE_SYMBOL(found.global_cleanup, curl_global_cleanup),
		LATE_SYMBOL(found.free, curl_free),
		LATE_SYMBOL(found.easy_init, curl_easy_init),
		LATE_SYMBOL(found.easy_reset, curl_easy_reset),
		LATE_SYMBOL(found.easy_setopt, curl_easy_setopt),
		LATE_SYMBOL(found.easy_getinfo, curl_easy_getinfo),
		LATE_SYMBOL(found.easy_perform, curl_easy_perform),
		LATE_SYMBOL(found.easy_strerror, curl_easy_strerror),
		LATE_SYMBOL(found.easy_cleanup, curl_easy_cleanup),
		LATE_SYMBOL(found.multi_init, curl_multi_init),
		LATE_SYMBOL(found.multi_add_handle, curl_multi_add_handle),
		LATE_SYMBOL(found.multi_perform, curl_multi_perform),
		LATE_SYMBOL(found.multi_poll, curl_multi_poll),
		LATE_SYMBOL(found.multi_info_read, curl_multi_info_read),
		LATE_SYMBOL(found.multi_remove_handle, curl_multi_remove_handle),
		LATE_SYMBOL(found.multi_cleanup, curl_multi_cleanup),
		LATE_SYMBOL(found.slist_append, curl_slist_append),
		LATE_SYMBOL(found.slist_free_all, curl_slist_free_all),
		LATE_SYMBOL(found.url, curl_url),
		LATE_SYMBOL(found.url_set, curl_url_set),
		LATE_SYMBOL(found.url_get, curl_url_get),
		LATE_SYMBOL(found.url_cleanup, curl_url_cleanup),
	};

	if (!library_load_late(&wanted, symbols, sizeof(symbols) / sizeof(symbols[0]), err) ||
	    !check_version(&found, err))
		return false;
	*ret_curl = found;
	return true;
}
