/*
 * Honest customers and others who would move what they come to: how far they get, with and without
 * the flags, beside the plain mean of everything that was sent in; how many honest ones are
 * flagged; how often the 90 % interval holds what the honest think. All of it made up from seeds.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "feedback/crowd.h"
#include "test/customers.h"

enum {
	SEEDS = 200,
	HONEST = 20,
	WORDS = 400,
};

static const double worths[] = { 0, 0.4, 0.8, 1 };
static const char *const names[] = { "none", "some", "good", "full" };

struct luck {
	uint64_t key, thrown;
};

static double chance(struct luck *luck)
{
	return (double)(random_u64(luck->key, luck->thrown++) >> 11) / 9007199254740992.0;
}

static uint32_t below(struct luck *luck, uint32_t limit)
{
	return (uint32_t)(chance(luck) * limit);
}

/* Near enough to a normal one, and the same on every machine. */
static double normal(struct luck *luck)
{
	double sum = 0;

	for (unsigned i = 0; i < 12; i++)
		sum += chance(luck);
	return sum - 6;
}

/* What a cloud is like, by question. */
struct cloud {
	double quality[QUESTION_COUNT];
};

static unsigned nearest(double value)
{
	unsigned best = 0;

	for (unsigned i = 1; i < 4; i++)
		if (fabs(worths[i] - value) < fabs(worths[best] - value))
			best = i;
	return best;
}

/* Customers differ in what they see and in how content they are with anything. */
static unsigned honest_answer(const struct cloud *cloud, unsigned question, double mood,
			      struct luck *luck)
{
	return nearest(cloud->quality[question] + mood + 0.18 * normal(luck));
}

static struct cloud make_cloud(struct luck *luck)
{
	struct cloud cloud;
	double level = 0.15 + 0.75 * chance(luck);

	for (unsigned i = 0; i < QUESTION_COUNT; i++)
		cloud.quality[i] = level + 0.2 * normal(luck);
	return cloud;
}

/* What all honest customers together would say. */
static double truth_of(const struct cloud *cloud, unsigned question, uint64_t seed)
{
	struct luck luck = { .key = random_join(seed, 77 + question) };
	double sum = 0;

	for (unsigned i = 0; i < 4000; i++)
		sum += worths[honest_answer(cloud, question, 0.12 * normal(&luck), &luck)];
	return sum / 4000;
}

static void set_answer(struct submission *one, unsigned question, unsigned answer,
		       struct arena *arena)
{
	struct given_answer *answers = ARENA_ARRAY(arena, struct given_answer, QUESTION_COUNT);

	if (one->answer_count > 0)
		memcpy(answers, one->answers, one->answer_count * sizeof(*answers));
	answers[one->answer_count++] = (struct given_answer){ .criterion = question,
							      .says = SAYS_ANSWER,
							      .text = names[answer] };
	one->answers = answers;
}

/* Words as people use them: few very often, most seldom. */
static const char *remark(struct luck *luck, struct arena *arena)
{
	SCOPED_TEXT(text);
	unsigned count = 8 + below(luck, 40);

	for (unsigned i = 0; i < count; i++)
		text_format(&text, "%sw%u", i ? " " : "",
			    (unsigned)(WORDS * chance(luck) * chance(luck) * chance(luck)));
	return arena_string(arena, text_span(&text));
}

static void set_proof(struct submission *one, enum proof proof, bool checked)
{
	one->proof = proof;
	one->is_proven = checked;
	if (proof == PROOF_NONE)
		one->proof_mark = "";
}

static void honest_proof(struct submission *one, struct luck *luck)
{
	double kind = chance(luck);

	if (kind < 0.3)
		set_proof(one, PROOF_NONE, false);
	else if (kind < 0.4)
		set_proof(one, PROOF_INVOICE, false);
	else if (kind < 0.65)
		set_proof(one, PROOF_INVOICE, true);
	else
		set_proof(one, kind < 0.85 ? PROOF_CODE : PROOF_RUN, true);
}

static void proven_proof(struct submission *one, struct luck *luck)
{
	do
		honest_proof(one, luck);
	while (!one->is_proven);
}

/* One customer; some come through one of twenty offices, half write something, each skips some
 * questions. */
static struct submission *add_honest(struct customers *all, const struct cloud *cloud,
				     const char *provider, struct luck *luck)
{
	struct submission *one = customers_add(all, provider, "");
	double mood = 0.12 * normal(luck);

	honest_proof(one, luck);
	one->time = (CUSTOMERS_DAY - 300) * (int64_t)86400 + (int64_t)(chance(luck) * 300 * 86400);
	if (chance(luck) < 0.15)
		one->origin = arena_format(&all->arena, "exit%u", below(luck, 20));
	if (chance(luck) < 0.5)
		one->remark = remark(luck, &all->arena);
	for (unsigned i = 0; i < QUESTION_COUNT; i++) {
		unsigned answer = honest_answer(cloud, i, mood, luck);

		if (i == 0 || chance(luck) < 0.9)
			set_answer(one, i, answer, &all->arena);
	}
	return one;
}

/* ---- attacks ---- */

enum attack {
	ATTACK_COPY,  /* one sheet and one text, a little changed, spread over months */
	ATTACK_BURST, /* two days, nothing in common but the answer */
	ATTACK_SYBIL, /* one office and codes, as a provider can give out */
	ATTACK_RIVAL, /* an office that rents a little everywhere, with invoices */
	ATTACK_COUNT,
};

static const char *const attack_names[] = { "copy", "burst", "sybil", "rival" };

static struct submission *add_attacker(struct customers *all, enum attack attack, unsigned wish,
				       unsigned number, struct luck *luck)
{
	struct submission *one = customers_add(all, "p", "");

	set_proof(one, PROOF_NONE, false);
	one->time = (CUSTOMERS_DAY - 200) * (int64_t)86400 + (int64_t)(chance(luck) * 200 * 86400);
	switch (attack) {
	case ATTACK_COPY:
		one->remark =
			arena_format(&all->arena,
				     "%s w1 w2 the same story told again and again by tenants "
				     "who have never met each other nor any node w%u",
				     below(luck, 2) ? "hello" : "", below(luck, WORDS));
		break;
	case ATTACK_BURST:
		one->time = (CUSTOMERS_DAY - 9) * (int64_t)86400 + (int64_t)(chance(luck) * 172800);
		break;
	case ATTACK_SYBIL:
		set_proof(one, PROOF_CODE, true);
		one->proof_mark = arena_format(&all->arena, "c%u", all->count);
		one->origin = "den";
		break;
	case ATTACK_RIVAL:
		set_proof(one, PROOF_INVOICE, true);
		one->proof_mark = arena_format(&all->arena, "i%u", all->count);
		one->origin = arena_format(&all->arena, "den%u", number / 3);
		break;
	case ATTACK_COUNT:
		break;
	}
	for (unsigned i = 0; i < QUESTION_COUNT; i++)
		set_answer(one, i,
			   attack != ATTACK_COPY && chance(luck) < 0.1 ? 1 + wish / 3 : wish,
			   &all->arena);
	return one;
}

/* The rest of what a rival's office says: its own cloud is praised and all others damned, or, where
 * p is what it praises, p praised. */
static void add_rest(struct customers *all, const struct submission *one, unsigned wish)
{
	const char *const others[] = { wish == 0 ? "own" : "q", wish == 0 ? "q" : "r" };

	for (unsigned k = 0; k < 2; k++) {
		struct submission *rest = customers_add(all, others[k], "");
		bool praised = wish == 0 && k == 0;

		set_proof(rest, PROOF_NONE, false);
		rest->origin = one->origin;
		for (unsigned i = 0; i < QUESTION_COUNT; i++)
			set_answer(rest, i, praised ? 3 : 0, &all->arena);
	}
}

/* ---- measuring ---- */

struct outcome {
	double plain, unflagged, flagged; /* shift */
	unsigned changed, settled;        /* records that say something else, of so many */
	unsigned found, attackers;
};

static const struct opinion *first_of(const struct opinions *opinions)
{
	for (uint32_t i = 0; i < opinions->count; i++)
		if (opinions->items[i].criterion == 0 &&
		    strcmp(opinions->items[i].provider, "p") == 0)
			return &opinions->items[i];
	return NULL;
}

static double plain_mean(const struct customers *all)
{
	double sum = 0;
	unsigned count = 0;

	for (uint32_t i = 0; i < all->count; i++) {
		const struct submission *one = &all->items[i];

		if (strcmp(one->subject.parts[SUBJECT_PROVIDER], "p") != 0 ||
		    one->answers[0].criterion != 0)
			continue;
		for (unsigned k = 0; k < 4; k++)
			if (strcmp(names[k], one->answers[0].text) == 0)
				sum += worths[k];
		count++;
	}
	return sum / count;
}

/* The opinion on the first question, with flags or without. */
static struct opinion opinion_of(struct customers *all, bool flags)
{
	struct opinions opinions;
	const struct opinion *one;

	if (flags)
		opinions_of(&all->standard, all->items, all->count, CUSTOMERS_DAY, &all->arena,
			    &all->opinions);
	else
		opinions_unsuspecting(&all->standard, all->items, all->count, CUSTOMERS_DAY,
				      &all->arena, &opinions);
	one = first_of(flags ? &all->opinions : &opinions);
	return one ? *one : (struct opinion){ 0 };
}

static void attack_once(enum attack attack, unsigned percent, uint64_t seed, struct outcome *into)
{
	SCOPED_CUSTOMERS(all);
	struct luck luck = { .key = seed };
	struct cloud cloud = make_cloud(&luck);
	unsigned attackers = HONEST * percent / (100 - percent);
	double plain, unflagged;
	struct opinion before, after;
	unsigned wish;

	for (unsigned i = 0; i < HONEST; i++)
		add_honest(&all, &cloud, "p", &luck);
	plain = plain_mean(&all);
	unflagged = opinion_of(&all, false).worth;
	before = opinion_of(&all, true);
	/* Away from what the honest say, to the end that is farther. */
	wish = plain > 0.5 ? 0 : 3;
	for (unsigned i = 0; i < attackers; i++) {
		struct submission *one = add_attacker(&all, attack, wish, i, &luck);

		if (attack == ATTACK_RIVAL && i % 3 == 0)
			add_rest(&all, one, wish);
	}
	after = opinion_of(&all, true);
	into->plain += fabs(plain_mean(&all) - plain) / SEEDS;
	into->unflagged += fabs(opinion_of(&all, false).worth - unflagged) / SEEDS;
	into->flagged += fabs(after.worth - before.worth) / SEEDS;
	into->settled += before.settles;
	into->changed += before.settles && (!after.settles || strcmp(before.text, after.text) != 0);
	for (uint32_t i = HONEST; i < all.count; i++) {
		bool found = false;

		if (strcmp(all.items[i].subject.parts[SUBJECT_PROVIDER], "p") != 0)
			continue;
		for (unsigned k = 0; k < SUSPICION_COUNT; k++)
			found = found ||
				customers_flag(&all, &all.items[i], (enum suspicion)k) != NULL;
		into->found += found;
		into->attackers++;
	}
}

/* docs/feedback.md, "How it was measured", says why these goals. */
static void print_attack(const char *name, unsigned percent, const struct outcome *out)
{
	printf("feedback/%s-%u/shift %.4f worth <= 0.1\n", name, percent, out->flagged);
	printf("feedback/%s-%u/of-unflagged %.3f ratio <= 1\n", name, percent,
	       out->flagged / out->unflagged);
	printf("feedback/%s-%u/of-plain-mean %.3f ratio <= %.1f\n", name, percent,
	       out->flagged / out->plain, percent > 10 ? 0.5 : 1.0);
	printf("feedback/%s-%u/records-changed %.3f share <= 0.1\n", name, percent,
	       (double)out->changed / out->settled);
	/* Fewer than six are not a pattern yet. */
	if (percent > 20)
		printf("feedback/%s-%u/found %.3f share >= 0.9\n", name, percent,
		       (double)out->found / out->attackers);
}

static void measure_attacks(void)
{
	static const unsigned percents[] = { 10, 20, 30, 40, 50 };

	for (unsigned attack = 0; attack < ATTACK_COUNT; attack++) {
		for (unsigned i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
			struct outcome out = { 0 };

			for (uint64_t seed = 1; seed <= SEEDS; seed++)
				attack_once((enum attack)attack, percents[i], seed, &out);
			print_attack(attack_names[attack], percents[i], &out);
		}
	}
}

static void measure_false_flags(void)
{
	unsigned flags[SUSPICION_COUNT] = { 0 }, submissions = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		SCOPED_CUSTOMERS(all);
		struct luck luck = { .key = seed };
		const char *const providers[] = { "p", "q", "r" };

		for (unsigned k = 0; k < 3; k++) {
			struct cloud cloud = make_cloud(&luck);
			unsigned count = 5 + below(&luck, 75);

			for (unsigned i = 0; i < count; i++)
				add_honest(&all, &cloud, providers[k], &luck);
		}
		(void)opinion_of(&all, true);
		submissions += all.count;
		for (uint32_t i = 0; i < all.opinions.flag_count; i++)
			flags[all.opinions.flags[i].suspicion]++;
	}
	for (unsigned i = 0; i <= SUSPICION_RIVAL; i++)
		printf("feedback/false-flags/%s %.5f share <= 0.01\n", suspicion_names[i],
		       (double)flags[i] / submissions);
}

/* The 90 % interval of the plain mean, as of independent normal numbers. */
static bool plain_holds(const struct opinion *opinion, double truth)
{
	double sum = 0, squares = 0, count = opinion->voice_count, mean;

	for (uint32_t i = 0; i < opinion->voice_count; i++)
		sum += opinion->voices[i].worth;
	mean = sum / count;
	for (uint32_t i = 0; i < opinion->voice_count; i++)
		squares += (opinion->voices[i].worth - mean) * (opinion->voices[i].worth - mean);
	return fabs(truth - mean) <= 1.6448536 * sqrt(squares / (count - 1) / count);
}

/* How often the interval of so many proven voices holds the truth; `two` makes it a question of
 * yes and no, where voices differ the most. */
static void measure_coverage(unsigned count, bool two)
{
	const unsigned seeds = 5 * SEEDS;
	unsigned held = 0, plain = 0;
	double width = 0;

	for (uint64_t seed = 1; seed <= seeds; seed++) {
		SCOPED_CUSTOMERS(all);
		struct luck luck = { .key = seed };
		struct cloud cloud = make_cloud(&luck);
		double share = 0.1 + 0.8 * chance(&luck);
		double truth = two ? share : truth_of(&cloud, 0, seed);
		struct opinion opinion;

		for (unsigned i = 0; i < count; i++) {
			struct submission *one = add_honest(&all, &cloud, "p", &luck);

			proven_proof(one, &luck);
			one->answer_count = two ? 0 : one->answer_count;
			if (two)
				set_answer(one, 0, chance(&luck) < share ? 3 : 0, &all.arena);
		}
		opinion = opinion_of(&all, true);
		held += opinion.low <= truth && truth <= opinion.high;
		plain += plain_holds(&opinion, truth);
		width += (opinion.high - opinion.low) / seeds;
	}
	printf("feedback/coverage%s/%u %.3f share >= 0.9\n", two ? "-of-two" : "", count,
	       (double)held / seeds);
	printf("feedback/coverage%s/%u/beyond-plain %.3f share >= 0\n", two ? "-of-two" : "", count,
	       ((double)held - plain) / seeds);
	printf("feedback/coverage%s/%u/width %.3f worth <= %.1f\n", two ? "-of-two" : "", count,
	       width, count >= 30 ? 0.5 : 1.0);
}

int main(void)
{
	static const unsigned counts[] = { 3, 5, 10, 30, 100 };

	measure_attacks();
	measure_false_flags();
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		measure_coverage(counts[i], false);
		measure_coverage(counts[i], true);
	}
	return 0;
}
