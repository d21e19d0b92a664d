/*
 * How devices and hosts are told apart: GUIDs as people and kernels write them, and the order that
 * people expect names in.
 */
#pragma once

#include "base/span.h"

/* "0xb83fd20300a1b2c0", the same without "0x", as "b83f:d203:00a1:b2c0" and as
 * "b8:3f:d2:03:00:a1:b2:c0"; all 16 digits, but for the first, which may lack leading zeros. False
 * for anything else, and for 0. */
bool guid_parse(struct span text, uint64_t *ret_guid);

/* Below, at or above 0 as `left` stands before `right`: n2 before n10. Names that differ are never
 * equal. */
int name_compare(const char *left, const char *right);
