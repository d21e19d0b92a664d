/*
 * The forms that names of machines, addresses and secrets have in text; private to this room.
 * Nothing is changed here: each function tells how many bytes of such a form begin at a place.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

enum form {
	FORM_NONE,
	FORM_KEPT, /* of the form, but the same on every machine */
	FORM_MAC,
	FORM_GUID,
	FORM_UUID,
	FORM_IPV4,
	FORM_GID, /* eight groups of four: a prefix and a GUID */
	FORM_IPV6,
};

bool form_is_digit(char c);
bool form_is_lower(char c);
bool form_is_upper(char c);
bool form_is_hex(char c);

/* Groups of base 16 with colons, or six of two digits with dashes. 0 and FORM_NONE when there are
 * none; the character before `at` must not be part of a word. */
size_t form_colons(struct span text, size_t at, enum form *ret_form);

/* aaaa:bbbb:cccc:dddd that tells no machine: nothing but zeros, or the prefix of all local
 * addresses. */
bool form_is_plain_half(struct span four);

size_t form_uuid(struct span text, size_t at);

/* All zero, or a name that a standard has given to a kind of thing. */
bool form_is_public_uuid(struct span uuid);

/* Digits of base 16 without anything between them: a UUID of 32, a GUID of 16 behind the
 * word, the address in the name of an interface (enx…), and an address of IPv4 in the tables of
 * /proc/net. "0x" before them is counted. */
size_t form_digits(struct span text, size_t at, const char *file, enum form *ret_form);
bool form_is_behind_enx(struct span text, size_t at);

/* Not a mask, a loopback or an unspecified address; nor a version, as far as that can be told. */
size_t form_ipv4(struct span text, size_t at);

/* A name, as "serial number" or "TOKEN", with its value. Returns the length of the value, 0 for
 * none, and where it starts. */
size_t form_serial(struct span text, size_t *ret_value);
size_t form_secret(struct span text, size_t *ret_value);

/* The file holds a serial number and nothing else. */
bool form_is_serial_file(const char *path);

/* The file holds binary records, among them serial numbers. */
bool form_is_serial_record(const char *path);

/* What a maker leaves where a serial number should be. */
bool form_is_placeholder(struct span value);

/* A name that many machines have, and that means something else as well. */
bool form_is_general(struct span word);
