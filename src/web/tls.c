#include "web/tls.h"

#include <string.h>

#include "evidence/random.h"
#include "host/file.h"
#include "web/gnutls.h"

enum {
	SERIAL_BYTES = 16,
	KEY_BITS = 256,
	SECONDS_PER_DAY = 86400,
	IP_BYTES_MAXIMUM = 16,
	PIN_SIZE = 80,
	TLS_VERSION_THREE = 3,
};

static bool refuse(const struct gnutls *tls, const char *doing, int code, struct error *err)
{
	return fail(err, ERROR_INVALID, "%s: %s", doing, tls->strerror(code));
}

/* What of a certificate and its key is told. */
static int describe(const struct gnutls *tls, gnutls_x509_crt_t certificate, struct arena *arena,
		    struct tls_identity *identity)
{
	uint8_t hash[RECORD_HASH_BYTES];
	gnutls_datum_t text = { hash, sizeof(hash) }, coded = { 0 }, whole = { 0 };
	size_t size = sizeof(hash);
	int code = tls->crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, hash, &size);

	if (code == 0)
		code = tls->base64_encode2(&text, &coded);
	if (code == 0)
		code = tls->crt_export2(certificate, GNUTLS_X509_FMT_DER, &whole);
	if (code == 0) {
		identity->pin = arena_format(arena, "sha256//%.*s", (int)coded.size,
					     (const char *)coded.data);
		hash_bytes((struct span){ (const char *)whole.data, whole.size },
			   identity->fingerprint);
	}
	(*tls->release)(coded.data);
	(*tls->release)(whole.data);
	return code;
}

static int export_both(const struct gnutls *tls, gnutls_x509_crt_t certificate,
		       gnutls_x509_privkey_t key, struct arena *arena,
		       struct tls_identity *identity)
{
	gnutls_datum_t text = { 0 };
	int code = tls->crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text);

	if (code != 0)
		return code;
	identity->certificate =
		arena_string(arena, (struct span){ (const char *)text.data, text.size });
	(*tls->release)(text.data);
	code = tls->privkey_export2(key, GNUTLS_X509_FMT_PEM, &text);
	if (code != 0)
		return code;
	identity->key = arena_string(arena, (struct span){ (const char *)text.data, text.size });
	tls->wipe(text.data, 0, text.size);
	(*tls->release)(text.data);
	return 0;
}

/* "127.0.0.1" or "::1" as the bytes that a certificate holds; 0 for what is none. */
static size_t address_bytes(const struct gnutls *tls, const char *address,
			    uint8_t into[static IP_BYTES_MAXIMUM])
{
	gnutls_datum_t range = { 0 };
	SCOPED_ARENA(arena);
	bool six = strchr(address, ':') != NULL;
	size_t size = six ? IP_BYTES_MAXIMUM : 4;

	if (tls->cidr_to_rfc5280(arena_format(&arena, "%s/%d", address, six ? 128 : 32), &range) !=
	    0)
		return 0;
	memcpy(into, range.data, size);
	(*tls->release)(range.data);
	return size;
}

static int name_it(const struct gnutls *tls, gnutls_x509_crt_t certificate,
		   const struct tls_wish *wish)
{
	uint8_t address[IP_BYTES_MAXIMUM];
	size_t size = wish->address ? address_bytes(tls, wish->address, address) : 0;
	int code = tls->crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, wish->name,
					  (unsigned)strlen(wish->name));

	if (code == 0 && wish->address)
		code = tls->crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost",
						     strlen("localhost"), GNUTLS_FSAN_SET);
	if (code == 0 && size > 0)
		code = tls->crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address,
						     (unsigned)size, GNUTLS_FSAN_APPEND);
	if (code == 0)
		code = tls->crt_set_key_purpose_oid(
			certificate,
			wish->address ? GNUTLS_KP_TLS_WWW_SERVER : GNUTLS_KP_TLS_WWW_CLIENT, 0);
	return code;
}

static int sign(const struct gnutls *tls, gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
		int64_t now)
{
	uint8_t serial[SERIAL_BYTES];
	int code = tls->crt_set_version(certificate, TLS_VERSION_THREE);

	random_secret(serial, sizeof(serial));
	serial[0] &= 0x7f; /* a serial number is positive */
	if (code == 0)
		code = tls->crt_set_serial(certificate, serial, sizeof(serial));
	if (code == 0)
		code = tls->crt_set_activation_time(certificate, now - SECONDS_PER_DAY);
	if (code == 0)
		code = tls->crt_set_expiration_time(certificate,
						    now + (int64_t)TLS_DAYS * SECONDS_PER_DAY);
	if (code == 0)
		code = tls->crt_set_basic_constraints(certificate, 0, -1);
	if (code == 0)
		code = tls->crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
	if (code == 0)
		code = tls->crt_set_key(certificate, key);
	return code == 0 ? tls->crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0)
			 : code;
}

bool tls_make(const struct tls_wish *wish, struct arena *arena, struct tls_identity *ret_identity,
	      struct error *err)
{
	struct tls_identity identity = { 0 };
	gnutls_x509_crt_t certificate = NULL;
	gnutls_x509_privkey_t key = NULL;
	struct gnutls tls;
	int code;

	if (!gnutls_find(&tls, err))
		return false;
	code = tls.privkey_init(&key);
	if (code == 0)
		code = tls.privkey_generate(key, GNUTLS_PK_ECDSA,
					    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	if (code == 0)
		code = tls.crt_init(&certificate);
	if (code == 0)
		code = name_it(&tls, certificate, wish);
	if (code == 0)
		code = sign(&tls, certificate, key, wish->now);
	if (code == 0)
		code = export_both(&tls, certificate, key, arena, &identity);
	if (code == 0)
		code = describe(&tls, certificate, arena, &identity);
	if (certificate)
		tls.crt_deinit(certificate);
	if (key)
		tls.privkey_deinit(key);
	if (code != 0)
		return refuse(&tls, "making a certificate", code, err);
	*ret_identity = identity;
	return true;
}

/* Whether the key is that of the certificate. */
static bool are_one(const struct gnutls *tls, gnutls_x509_crt_t certificate,
		    gnutls_x509_privkey_t key)
{
	uint8_t one[RECORD_HASH_BYTES], other[RECORD_HASH_BYTES];
	size_t size = sizeof(one), other_size = sizeof(other);

	return tls->crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, one, &size) == 0 &&
	       tls->privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, other, &other_size) == 0 &&
	       memcmp(one, other, sizeof(one)) == 0;
}

bool tls_read(struct span certificate, struct span key, struct arena *arena,
	      struct tls_identity *ret_identity, struct error *err)
{
	const gnutls_datum_t chain = { (unsigned char *)(uintptr_t)certificate.at,
				       (unsigned)certificate.length };
	const gnutls_datum_t secret = { (unsigned char *)(uintptr_t)key.at, (unsigned)key.length };
	struct tls_identity identity = { .certificate = arena_string(arena, certificate),
					 .key = arena_string(arena, key) };
	gnutls_x509_crt_t first;
	gnutls_x509_privkey_t own;
	struct gnutls tls;
	bool good = false;
	int code;

	if (!gnutls_find(&tls, err))
		return false;
	if (tls.crt_init(&first) != 0)
		memory_exhausted(sizeof(first));
	if (tls.privkey_init(&own) != 0)
		memory_exhausted(sizeof(own));
	code = tls.crt_import(first, &chain, GNUTLS_X509_FMT_PEM);
	if (code != 0)
		(void)refuse(&tls, "reading the certificate", code, err);
	else if ((code = tls.privkey_import2(own, &secret, GNUTLS_X509_FMT_PEM, NULL, 0)) != 0)
		(void)refuse(&tls, "reading the key", code, err);
	else if (!are_one(&tls, first, own))
		(void)fail(err, ERROR_INVALID, "the key is not that of the certificate");
	else if ((code = describe(&tls, first, arena, &identity)) != 0)
		(void)refuse(&tls, "reading the certificate", code, err);
	else
		good = true;
	tls.crt_deinit(first);
	tls.privkey_deinit(own);
	if (good)
		*ret_identity = identity;
	return good;
}

bool tls_open_folder(const struct host *host, const char *folder, const struct tls_wish *wish,
		     struct arena *arena, struct tls_identity *ret_identity, struct error *err)
{
	const char *certificate = arena_format(arena, "%s/certificate.pem", folder);
	const char *key = arena_format(arena, "%s/key.pem", folder);
	struct span one, other;

	if (host_kind(host, certificate) == HOST_NOTHING && host_kind(host, key) == HOST_NOTHING) {
		struct tls_identity made = { 0 };

		if (!host_make_folder(host, folder, err) || !tls_make(wish, arena, &made, err) ||
		    !host_write_private(host, key, span_of(made.key), err) ||
		    !host_write(host, certificate, span_of(made.certificate), err))
			return false;
		*ret_identity = made;
		return true;
	}
	if (!host_read(host, certificate, TLS_FILE_MAXIMUM, arena, &one, err) ||
	    !host_read(host, key, TLS_FILE_MAXIMUM, arena, &other, err))
		return false;
	if (!tls_read(one, other, arena, ret_identity, err))
		return fail_while(err, "'%s'", folder);
	return true;
}
