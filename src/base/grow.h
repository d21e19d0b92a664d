/*
 * Arrays in an arena whose number of items nobody knows before.
 */
#pragma once

#include "base/arena.h"

/* The next room of an array, in items: twice as many; 64 at first. */
size_t grow_room(size_t room);

/* An array of `room` items of `size` bytes whose first are those `count`; the rest is zero. */
void *grow_array(struct arena *arena, const void *items, size_t count, size_t room, size_t size)
	__attribute__((returns_nonnull));

/* Sees to room for one more item: `items`, a pointer, and `room`, an unsigned number, are changed
 * when `count` has come to it. Each is evaluated several times. */
#define ARENA_GROW(arena, items, count, room)                                              \
	((count) < (room) ? (void)0                                                        \
			  : (void)((room) = (__typeof__(room))grow_room(room),             \
				   (items) = grow_array((arena), (items), (count), (room), \
							sizeof(*(items)))))
