/*
 * Versions that only the program itself tells.
 */
#pragma once

#include "host/process.h"

/* Runs the words (separated by blanks) with a deadline and takes the version out of what they say
 * first. Fails with the cause: it stalled, ended badly, said no version. */
bool software_ask(const struct host *host, const char *words, struct arena *arena,
		  struct span *ret_version, struct error *err);

/* The version in what a program said: the word behind "version", or without that word the first
 * that is a version, in the first line that has any. Empty when there is none. */
struct span software_answer(struct span said);
