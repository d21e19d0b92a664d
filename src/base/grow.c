#include "base/grow.h"

#include <stdint.h>
#include <string.h>

enum {
	ROOM_FIRST = 64,
};

size_t grow_room(size_t room)
{
	if (room > SIZE_MAX / 2)
		memory_exhausted(SIZE_MAX);
	return room > 0 ? room * 2 : ROOM_FIRST;
}

void *grow_array(struct arena *arena, const void *items, size_t count, size_t room, size_t size)
{
	void *larger = arena_take_array(arena, room, size);

	if (count > 0)
		memcpy(larger, items, count * size);
	return larger;
}
