/*
 * libmicrohttpd, loaded when a server starts: it brings GnuTLS and what that needs along, and no
 * other command serves. Its header is read for types and options; each function is a member here.
 */
#pragma once

#include <microhttpd.h>

#include "base/error.h"

struct microhttpd {
	__typeof__(&MHD_get_version) get_version;
	__typeof__(&MHD_start_daemon) start_daemon;
	__typeof__(&MHD_quiesce_daemon) quiesce_daemon;
	__typeof__(&MHD_stop_daemon) stop_daemon;
	__typeof__(&MHD_get_connection_info) get_connection_info;
	__typeof__(&MHD_get_connection_values_n) get_connection_values;
	__typeof__(&MHD_create_response_from_buffer) create_response;
	__typeof__(&MHD_add_response_header) add_response_header;
	__typeof__(&MHD_queue_response) queue_response;
	__typeof__(&MHD_destroy_response) destroy_response;
};

/* Finds libmicrohttpd.so.12, not older than the header that this was built with: web/layout.c and
 * the options of the daemon depend on it. ERROR_MISSING with what to install when there is none,
 * ERROR_UNSUPPORTED when it is older. It stays loaded. */
bool microhttpd_find(struct microhttpd *ret_microhttpd, struct error *err);
