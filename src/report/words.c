#include "report/words.h"

#include "base/parallel.h"
#include "report/brief.h"
#include "report/phrase.h"

enum {
	FACTS_MAXIMUM = 2, /* for, and as many against */
};

/* True when `why` names the criterion, as that of a gate. */
static bool is_named(const struct explanation *explanation, uint32_t criterion)
{
	const struct standard *standard = explanation->rating->request.standard;

	for (uint32_t i = 0; i < explanation->shortfall_count; i++) {
		const struct shortfall *one = &explanation->shortfalls[i];

		if (one->kind == SHORT_GATE && standard->gates[one->index].criterion == criterion)
			return true;
	}
	return false;
}

static const char *weak_text(const struct explanation *explanation, struct arena *arena)
{
	uint32_t *weak = ARENA_ARRAY(arena, uint32_t, explanation->weak_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < explanation->weak_count; i++) {
		if (!is_named(explanation, explanation->weak[i]))
			weak[count++] = explanation->weak[i];
	}
	return shown_text(explanation, weak, count, FACTS_MAXIMUM, arena);
}

struct work {
	const struct rating *rating;
	struct arena *arenas; /* one for each worker */
	struct words *words;
};

static const char *keep(struct arena *arena, const char *text)
{
	return arena_string(arena, span_of(text));
}

static void make_one(void *context, size_t item, unsigned worker)
{
	const struct work *work = context;
	struct arena *arena = &work->arenas[worker];
	struct explanation explanation;
	SCOPED_ARENA(scratch);

	explanation_make_brief(work->rating, &work->rating->providers[item], &scratch,
			       &explanation);
	work->words[item] = (struct words){
		.why = keep(arena, why_text(&explanation, &scratch)),
		.next = keep(arena, next_text(&explanation, &scratch)),
		.announced = keep(arena, announced_text(&explanation, &scratch)),
		.strong =
			keep(arena, shown_text(&explanation, explanation.strong,
					       explanation.strong_count, FACTS_MAXIMUM, &scratch)),
		.weak = keep(arena, weak_text(&explanation, &scratch)),
	};
}

/* Moves what the workers made into one arena, which is not theirs to share. */
static void gather(struct words *words, uint32_t count, struct arena *arena)
{
	for (uint32_t i = 0; i < count; i++) {
		words[i].why = keep(arena, words[i].why);
		words[i].next = keep(arena, words[i].next);
		words[i].announced = keep(arena, words[i].announced);
		words[i].strong = keep(arena, words[i].strong);
		words[i].weak = keep(arena, words[i].weak);
	}
}

struct words *words_make(const struct rating *rating, struct arena *arena)
{
	unsigned threads = rating->request.threads > 0 ? rating->request.threads : 1;
	struct work work = {
		.rating = rating,
		.arenas = ARENA_ARRAY(arena, struct arena, threads),
		.words = ARENA_ARRAY(arena, struct words, rating->provider_count),
	};

	parallel_for(rating->provider_count, threads, make_one, &work);
	gather(work.words, rating->provider_count, arena);
	for (unsigned i = 0; i < threads; i++)
		arena_release(&work.arenas[i]);
	return work.words;
}
