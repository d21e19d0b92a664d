#include "web/microhttpd.h"

#include "base/span.h"
#include "host/library.h"

enum {
	PARTS = 4,      /* numbers of a version */
	PART_BITS = 8,  /* of each, where MHD_VERSION packs it: 0.9.75 is 0x00097500 */
	DIGIT_BITS = 4, /* of each of its two digits */
	TEN = 10,
};

/* "0.9.75" as MHD_VERSION packs it, 0 for what is no version. */
static uint32_t pack_version(struct span text)
{
	uint32_t packed = 0;
	struct span part;

	for (unsigned i = 0; i < PARTS; i++) {
		uint64_t number = 0;

		if (span_cut(&text, '.', &part) && !span_to_u64(part, &number))
			return 0;
		packed = packed << PART_BITS | (uint32_t)(number / TEN % TEN) << DIGIT_BITS |
			 (uint32_t)(number % TEN);
	}
	return packed;
}

static bool check_version(const struct microhttpd *microhttpd, struct error *err)
{
	const char *version = microhttpd->get_version();

	if (pack_version(span_of(version)) < MHD_VERSION)
		return fail(err, ERROR_UNSUPPORTED,
			    "libmicrohttpd %s is older than the one that this was built with; "
			    "update it (Debian: libmicrohttpd12)",
			    version);
	return true;
}

bool microhttpd_find(struct microhttpd *ret_microhttpd, struct error *err)
{
	static const char *const names[] = { "libmicrohttpd.so.12", NULL };
	static const struct late_library wanted = { "serving", names, "libmicrohttpd12" };
	struct microhttpd found;
	const struct late_symbol symbols[] = {
		LATE_SYMBOL(found.get_version, MHD_get_version),
		LATE_SYMBOL(found.start_daemon, MHD_start_daemon),
		LATE_SYMBOL(found.quiesce_daemon, MHD_quiesce_daemon),
		LATE_SYMBOL(found.stop_daemon, MHD_stop_daemon),
		LATE_SYMBOL(found.get_connection_info, MHD_get_connection_info),
		LATE_SYMBOL(found.get_connection_values, MHD_get_connection_values_n),
		LATE_SYMBOL(found.create_response, MHD_create_response_from_buffer),
		LATE_SYMBOL(found.add_response_header, MHD_add_response_header),
		LATE_SYMBOL(found.queue_response, MHD_queue_response),
		LATE_SYMBOL(found.destroy_response, MHD_destroy_response),
	};

	if (!library_load_late(&wanted, symbols, sizeof(symbols) / sizeof(symbols[0]), err) ||
	    !check_version(&found, err))
		return false;
	*ret_microhttpd = found;
	return true;
}
