/*
 * GnuTLS, loaded when a certificate is made, read or shown. Its headers are read for types; each
 * function is a member here.
 */
#pragma once

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/error.h"

struct gnutls {
	__typeof__(&gnutls_strerror) strerror;
	__typeof__(&gnutls_free) release; /* a variable: (*release)(data) */
	__typeof__(&gnutls_memset) wipe;
	__typeof__(&gnutls_base64_encode2) base64_encode2;
	__typeof__(&gnutls_certificate_get_peers) get_peers;
	__typeof__(&gnutls_x509_cidr_to_rfc5280) cidr_to_rfc5280;
	__typeof__(&gnutls_x509_crt_init) crt_init;
	__typeof__(&gnutls_x509_crt_deinit) crt_deinit;
	__typeof__(&gnutls_x509_crt_import) crt_import;
	__typeof__(&gnutls_x509_crt_export2) crt_export2;
	__typeof__(&gnutls_x509_crt_get_key_id) crt_get_key_id;
	__typeof__(&gnutls_x509_crt_set_version) crt_set_version;
	__typeof__(&gnutls_x509_crt_set_serial) crt_set_serial;
	__typeof__(&gnutls_x509_crt_set_dn_by_oid) crt_set_dn_by_oid;
	__typeof__(&gnutls_x509_crt_set_subject_alt_name) crt_set_subject_alt_name;
	__typeof__(&gnutls_x509_crt_set_key_purpose_oid) crt_set_key_purpose_oid;
	__typeof__(&gnutls_x509_crt_set_activation_time) crt_set_activation_time;
	__typeof__(&gnutls_x509_crt_set_expiration_time) crt_set_expiration_time;
	__typeof__(&gnutls_x509_crt_set_basic_constraints) crt_set_basic_constraints;
	__typeof__(&gnutls_x509_crt_set_key_usage) crt_set_key_usage;
	__typeof__(&gnutls_x509_crt_set_key) crt_set_key;
	__typeof__(&gnutls_x509_crt_sign2) crt_sign2;
	__typeof__(&gnutls_x509_privkey_init) privkey_init;
	__typeof__(&gnutls_x509_privkey_deinit) privkey_deinit;
	__typeof__(&gnutls_x509_privkey_generate) privkey_generate;
	__typeof__(&gnutls_x509_privkey_import2) privkey_import2;
	__typeof__(&gnutls_x509_privkey_export2) privkey_export2;
	__typeof__(&gnutls_x509_privkey_get_key_id) privkey_get_key_id;
};

/* Finds libgnutls.so.30; ERROR_MISSING with what to install when there is none. It stays loaded. */
bool gnutls_find(struct gnutls *ret_gnutls, struct error *err);
