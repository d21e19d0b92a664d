/*
 * Memory with a common end: one arena per unit of work, nothing in it is freed alone.
 * Memory is zeroed. Out of memory ends the process with a line on standard error, so no
 * caller checks for NULL.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t bytes; /* handed out so far, for limits and tests */
};

/* `struct arena a = { 0 };` is a ready, empty arena. */
void arena_release(struct arena *arena);

/* Empties the arena but keeps its newest block for what comes: for a loop over small units of
 * work. What was handed out is gone. */
void arena_clear(struct arena *arena);

/* The next pieces come from one block of `room` bytes: for who knows about how much it needs. */
void arena_reserve(struct arena *arena, size_t room);

/* Everything in `from` becomes part of `into` at its place in memory; `from` is empty then. */
void arena_join(struct arena *into, struct arena *from);

/* `size` bytes, zeroed, aligned for any type; never NULL. size 0 gives a valid address. */
void *arena_take(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* count × size with overflow checked (overflow ends the process). */
void *arena_take_array(struct arena *arena, size_t count, size_t size)
	__attribute__((returns_nonnull));

/* A NUL-terminated copy. */
const char *arena_string(struct arena *arena, struct span text);
const char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *arena_format_list(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Ends the process with a line on standard error: for every grower that asked for `size` bytes
 * in vain. */
_Noreturn void memory_exhausted(size_t size);

/* Asks for huge pages behind a large piece of memory, before it is touched: one fault then serves
 * 512 pages. A wish; where the system does not grant it nothing else changes. */
void memory_prefer_huge_pages(void *at, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_take((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_take_array((arena), (count), sizeof(type)))

/* Releases at the end of the scope: SCOPED_ARENA(scratch); */
#define SCOPED_ARENA(name) struct arena name __attribute__((cleanup(arena_release))) = { 0 }
