#include "web/gnutls.h"

#include "host/library.h"

bool gnutls_find(struct gnutls *ret_gnutls, struct error *err)
{
	static const char *const names[] = { "libgnutls.so.30", NULL };
	static const struct late_library wanted = { "TLS", names, "libgnutls30" };
	struct gnutls found;
	const struct late_symbol symbols[] = {
		LATE_SYMBOL(found.strerror, gnutls_strerror),
		LATE_SYMBOL(found.release, gnutls_free),
		LATE_SYMBOL(found.wipe, gnutls_memset),
		LATE_SYMBOL(found.base64_encode2, gnutls_base64_encode2),
		LATE_SYMBOL(found.get_peers, gnutls_certificate_get_peers),
		LATE_SYMBOL(found.cidr_to_rfc5280, gnutls_x509_cidr_to_rfc5280),
		LATE_SYMBOL(found.crt_init, gnutls_x509_crt_init),
		LATE_SYMBOL(found.crt_deinit, gnutls_x509_crt_deinit),
		LATE_SYMBOL(found.crt_import, gnutls_x509_crt_import),
		LATE_SYMBOL(found.crt_export2, gnutls_x509_crt_export2),
		LATE_SYMBOL(found.crt_get_key_id, gnutls_x509_crt_get_key_id),
		LATE_SYMBOL(found.crt_set_version, gnutls_x509_crt_set_version),
		LATE_SYMBOL(found.crt_set_serial, gnutls_x509_crt_set_serial),
		LATE_SYMBOL(found.crt_set_dn_by_oid, gnutls_x509_crt_set_dn_by_oid),
		LATE_SYMBOL(found.crt_set_subject_alt_name, gnutls_x509_crt_set_subject_alt_name),
		LATE_SYMBOL(found.crt_set_key_purpose_oid, gnutls_x509_crt_set_key_purpose_oid),
		LATE_SYMBOL(found.crt_set_activation_time, gnutls_x509_crt_set_activation_time),
		LATE_SYMBOL(found.crt_set_expiration_time, gnutls_x509_crt_set_expiration_time),
		LATE_SYMBOL(found.crt_set_basic_constraints, gnutls_x509_crt_set_basic_constraints),
		LATE_SYMBOL(found.crt_set_key_usage, gnutls_x509_crt_set_key_usage),
		LATE_SYMBOL(found.crt_set_key, gnutls_x509_crt_set_key),
		LATE_SYMBOL(found.crt_sign2, gnutls_x509_crt_sign2),
		LATE_SYMBOL(found.privkey_init, gnutls_x509_privkey_init),
		LATE_SYMBOL(found.privkey_deinit, gnutls_x509_privkey_deinit),
		LATE_SYMBOL(found.privkey_generate, gnutls_x509_privkey_generate),
		LATE_SYMBOL(found.privkey_import2, gnutls_x509_privkey_import2),
		LATE_SYMBOL(found.privkey_export2, gnutls_x509_privkey_export2),
		LATE_SYMBOL(found.privkey_get_key_id, gnutls_x509_privkey_get_key_id),
	};

	if (!library_load_late(&wanted, symbols, sizeof(symbols) / sizeof(symbols[0]), err))
		return false;
	*ret_gnutls = found;
	return true;
}
