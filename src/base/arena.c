#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_GUARDED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_GUARDED 1
#endif
#endif

/* Under AddressSanitizer what is not handed out is poisoned, with a gap behind each piece, so
 * that an overrun is caught although all pieces share a block. */
#ifdef ARENA_GUARDED
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
enum { GAP = 0 };
#endif

enum {
	BLOCK_FIRST = 4 << 10,
	BLOCK_LARGEST = 4 << 20,
	HUGE_PAGE = 2 << 20,
	PAGE = 64 << 10, /* the largest that systems have for small ones */
	ALIGNMENT = alignof(max_align_t),
	EXIT_OUT_OF_MEMORY = 71, /* sysexits: the system cannot give what is needed */
};

struct arena_block {
	struct arena_block *older;
	size_t used;
	size_t room;
	size_t mapped; /* bytes of a block of pages of its own; 0: one of malloc's */
	alignas(max_align_t) unsigned char bytes[];
};

_Noreturn void memory_exhausted(size_t size)
{
	(void)fprintf(stderr, "assay: out of memory (%zu bytes wanted)\n", size);
	_Exit(EXIT_OUT_OF_MEMORY);
}

static void free_block(struct arena_block *block)
{
	ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->room);
	if (block->mapped > 0)
		(void)munmap(block, block->mapped);
	else
		free(block);
}

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->newest;

	while (block) {
		struct arena_block *older = block->older;

		free_block(block);
		block = older;
	}
	*arena = (struct arena){ 0 };
}

void arena_clear(struct arena *arena)
{
	struct arena_block *newest = arena->newest;
	struct arena older = { 0 };

	if (!newest)
		return;
	older.newest = newest->older;
	arena_release(&older);
	newest->older = NULL;
	ASAN_UNPOISON_MEMORY_REGION(newest->bytes, newest->used);
	memset(newest->bytes, 0, newest->used);
	newest->used = 0;
	ASAN_POISON_MEMORY_REGION(newest->bytes, newest->room);
	arena->bytes = 0;
}

void arena_join(struct arena *into, struct arena *from)
{
	struct arena_block *oldest = from->newest;

	if (!oldest)
		return;
	while (oldest->older)
		oldest = oldest->older;
	/* Behind the newest of `into`, which goes on handing out what it has left. */
	if (into->newest) {
		oldest->older = into->newest->older;
		into->newest->older = from->newest;
	} else {
		into->newest = from->newest;
	}
	into->bytes += from->bytes;
	*from = (struct arena){ 0 };
}

void memory_prefer_huge_pages(void *at, size_t size)
{
	uintptr_t first = ((uintptr_t)at + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
	uintptr_t last = ((uintptr_t)at + size) & ~(uintptr_t)(HUGE_PAGE - 1);

	if (size >= HUGE_PAGE && last > first)
		(void)madvise((void *)first, last - first, MADV_HUGEPAGE);
}

/* Whole huge pages from the first byte on: what stands before the first such page would cost one
 * fault for each 4 KB. NULL when there are none to be had. */
static struct arena_block *map_block(size_t size)
{
	size_t wanted, before;
	char *at;

	if (__builtin_add_overflow(size, (size_t)HUGE_PAGE, &wanted))
		return NULL;
	at = mmap(NULL, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)at & (HUGE_PAGE - 1);
	if (before > 0)
		(void)munmap(at, before);
	if (before < HUGE_PAGE)
		(void)munmap(at + before + size, HUGE_PAGE - before);
	memory_prefer_huge_pages(at + before, size);
	((struct arena_block *)(at + before))->mapped = size;
	return (struct arena_block *)(at + before);
}

static struct arena_block *new_block(size_t room)
{
	struct arena_block *block;
	size_t size;

	if (__builtin_add_overflow(room, sizeof(struct arena_block) + PAGE - 1, &size))
		memory_exhausted(room);
	size -= PAGE - 1;
	/* AddressSanitizer has to see what is left unreleased. */
	block = size >= HUGE_PAGE && GAP == 0 ? map_block((size + PAGE - 1) & ~(size_t)(PAGE - 1))
					      : calloc(1, size);
	if (!block)
		memory_exhausted(size);
	block->room = room;
	ASAN_POISON_MEMORY_REGION(block->bytes, block->room);
	return block;
}

/* A block with `size` free bytes. A large piece gets a block of its own behind the newest, so
 * that the room left in the newest is not lost. */
static struct arena_block *block_with(struct arena *arena, size_t size)
{
	struct arena_block *newest = arena->newest;

	if (newest && newest->room - newest->used >= size)
		return newest;

	size_t room = newest ? newest->room * 2 : BLOCK_FIRST;
	if (room > BLOCK_LARGEST)
		room = BLOCK_LARGEST;
	if (newest && size > room / 4) {
		struct arena_block *own = new_block(size);
		own->older = newest->older;
		newest->older = own;
		return own;
	}

	struct arena_block *block = new_block(size > room ? size : room);
	block->older = newest;
	arena->newest = block;
	return block;
}

void arena_reserve(struct arena *arena, size_t room)
{
	struct arena_block *block = new_block(room);

	block->older = arena->newest;
	arena->newest = block;
}

void *arena_take(struct arena *arena, size_t size)
{
	size_t taken;

	if (__builtin_add_overflow(size, (size_t)(GAP + ALIGNMENT - 1), &taken))
		memory_exhausted(size);
	taken &= ~(size_t)(ALIGNMENT - 1);
	if (taken == 0)
		taken = ALIGNMENT;

	struct arena_block *block = block_with(arena, taken);
	unsigned char *at = block->bytes + block->used;
	block->used += taken;
	arena->bytes += size;
	ASAN_UNPOISON_MEMORY_REGION(at, size);
	return at;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		memory_exhausted(SIZE_MAX);
	return arena_take(arena, total);
}

const char *arena_string(struct arena *arena, struct span text)
{
	size_t size;

	if (__builtin_add_overflow(text.length, (size_t)1, &size))
		memory_exhausted(text.length);

	char *copy = arena_take(arena, size);
	if (text.length > 0)
		memcpy(copy, text.at, text.length);
	return copy;
}

const char *arena_format_list(struct arena *arena, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);

	size_t size = length < 0 ? 1 : (size_t)length + 1;
	char *text = arena_take(arena, size);
	if (length >= 0)
		(void)vsnprintf(text, size, format, args);
	return text;
}

const char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = arena_format_list(arena, format, args);
	va_end(args);
	return text;
}
