#include "probe/exchange.h"

#include <assert.h>

#include "probe/datagram.h"

enum {
	WINDOW_FIRST = 16,
	WINDOW_LEAST = 2,
	PATIENCE_FIRST_US = 200000,
	PATIENCE_LEAST_US = 50000, /* a busy machine forgets a process for as long */
	PATIENCE_MOST_US = 2000000,
	LATE_US = 20000, /* that a device may take to say that its own time is over */
	LOOK_EACH_US = 1000,
	REPEATS_AT_ONCE = 16, /* then what came meanwhile is read */
	WAIT_MS = 100,
	NS_PER_US = 1000,
};

void exchange_start(struct exchange *exchange)
{
	unsigned wished = exchange->window_limit;

	if (!wished || wished > EXCHANGE_WINDOW_MAXIMUM)
		exchange->window_limit = wished ? EXCHANGE_WINDOW_MAXIMUM : EXCHANGE_WINDOW_DEFAULT;
	if (!exchange->tries)
		exchange->tries = EXCHANGE_TRIES_DEFAULT;
	exchange->slots = ARENA_ARRAY(exchange->arena, struct exchange_slot, EXCHANGE_SLOTS);
	exchange->free_slots = ARENA_ARRAY(exchange->arena, uint16_t, EXCHANGE_SLOTS);
	for (unsigned i = 0; i < EXCHANGE_SLOTS; i++)
		exchange->free_slots[i] = (uint16_t)(EXCHANGE_SLOTS - 1 - i);
	exchange->free_count = EXCHANGE_SLOTS;
	exchange->window =
		WINDOW_FIRST < exchange->window_limit ? WINDOW_FIRST : exchange->window_limit;
	exchange->slow_start_until = exchange->window_limit;
	exchange->patience_us = PATIENCE_FIRST_US;
	exchange->next_look_ns = INT64_MAX;
}

/* Nobody answers any more: new questions would only be more of what cannot be kept up with. */
static bool is_stalled(const struct exchange *exchange)
{
	return exchange->in_use >= 2 * (unsigned)exchange->window &&
	       exchange->now_ns - exchange->answered_ns >
		       (int64_t)(exchange->patience_us + LATE_US) * NS_PER_US;
}

bool exchange_has_room(const struct exchange *exchange)
{
	return exchange->free_count > 0 && exchange->fresh < (unsigned)exchange->window &&
	       !is_stalled(exchange);
}

uint32_t exchange_number(const struct exchange *exchange)
{
	assert(exchange->free_count > 0);
	unsigned index = exchange->free_slots[exchange->free_count - 1];

	/* The first of a slot is never 0. */
	return index < exchange->touched ? exchange->slots[index].number : EXCHANGE_SLOTS + index;
}

/* What a try may take: twice as long each time. */
static double patience_of(const struct exchange *exchange, unsigned tries)
{
	double patience = exchange->patience_us * (double)(1u << (tries < 8 ? tries - 1 : 7));

	return patience < PATIENCE_MOST_US ? patience : PATIENCE_MOST_US;
}

/* What the clock told when something was received last: what is sent because of it goes in no
 * time. A look at the clock for each would be a tenth of all that a question costs here. */
static int64_t now(struct exchange *exchange)
{
	if (!exchange->now_ns)
		exchange->now_ns = exchange->door->now_ns(exchange->door->self);
	return exchange->now_ns;
}

static bool transmit(struct exchange *exchange, struct exchange_slot *slot, struct error *err)
{
	const struct mad_door *door = exchange->door;
	double patience_us = patience_of(exchange, slot->tries);

	slot->sent_ns = now(exchange);
	slot->deadline_ns = slot->sent_ns + (int64_t)(patience_us + LATE_US) * NS_PER_US;
	if (slot->deadline_ns < exchange->next_look_ns)
		exchange->next_look_ns = slot->deadline_ns;
	exchange->tally.sent++;
	return door->send(door->self, &slot->mad, (unsigned)(patience_us / 1000) + 1, err);
}

bool exchange_send(struct exchange *exchange, const struct mad *mad,
		   const struct exchange_question *question, struct error *err)
{
	assert(exchange_has_room(exchange));
	unsigned index = exchange->free_slots[exchange->free_count - 1];
	struct exchange_slot *slot = &exchange->slots[index];

	/* Who asks may have waited since all was answered. */
	if (!exchange->in_use)
		exchange->now_ns = 0;
	slot->number = exchange_number(exchange);
	if (index >= exchange->touched)
		exchange->touched = index + 1;
	assert(datagram_number(mad) == slot->number);
	slot->mad = *mad;
	slot->question = *question;
	slot->tries = 1;
	if (!transmit(exchange, slot, err)) {
		slot->tries = 0;
		return false;
	}
	exchange->free_count--;
	exchange->in_use++;
	exchange->fresh++;
	if (exchange->fresh > exchange->tally.window_most)
		exchange->tally.window_most = exchange->fresh;
	return true;
}

/* The next question in this slot has another number, so that a late answer is not taken for its. */
static void release(struct exchange *exchange, struct exchange_slot *slot)
{
	uint16_t index = (uint16_t)(slot->number & (EXCHANGE_SLOTS - 1));

	if (slot->tries == 1)
		exchange->fresh--;
	slot->tries = 0;
	slot->number += EXCHANGE_SLOTS;
	exchange->free_slots[exchange->free_count++] = index;
	exchange->in_use--;
}

static void grow_window(struct exchange *exchange)
{
	bool is_slow_start = exchange->window < exchange->slow_start_until;

	exchange->window += is_slow_start ? 1 : 1 / exchange->window;
	if (exchange->window > exchange->window_limit)
		exchange->window = exchange->window_limit;
}

/* Something got lost on the way to who answers all the same: the fabric cannot keep up. Once for
 * all that were under way together. */
static void shrink_window(struct exchange *exchange)
{
	if (exchange->tally.answered < exchange->answers_at_loss)
		return;
	exchange->answers_at_loss = exchange->tally.answered + (uint64_t)exchange->window;
	exchange->window =
		exchange->window / 2 > WINDOW_LEAST ? exchange->window / 2 : WINDOW_LEAST;
	exchange->slow_start_until = exchange->window;
}

/* Van Jacobson's estimate (RFC 6298): of first tries only, as nobody knows which one of several was
 * answered. */
static void learn(struct exchange *exchange, int64_t round_trip_ns)
{
	double sample = (double)round_trip_ns / NS_PER_US;
	double off = sample - exchange->round_trip_us;
	bool is_first = exchange->tally.answered == 0;

	if (is_first) {
		exchange->round_trip_us = sample;
		exchange->variation_us = sample / 2;
	} else {
		exchange->round_trip_us += off / 8;
		exchange->variation_us += ((off < 0 ? -off : off) - exchange->variation_us) / 4;
	}
	double patience = exchange->round_trip_us + 4 * exchange->variation_us;

	exchange->patience_us = patience < PATIENCE_LEAST_US  ? PATIENCE_LEAST_US
				: patience > PATIENCE_MOST_US ? PATIENCE_MOST_US
							      : patience;
}

/* The slot of what came; NULL when nothing waits for it any more. */
static struct exchange_slot *slot_of(struct exchange *exchange, const struct mad *mad)
{
	uint32_t number = datagram_number(mad);
	struct exchange_slot *slot = &exchange->slots[number & (EXCHANGE_SLOTS - 1)];

	if (slot->tries && slot->number == number && slot->mad.data[1] == mad->data[1])
		return slot;
	exchange->tally.strays++;
	return NULL;
}

/* Asks again; false when that was the last try, or cannot be sent. */
static bool repeat(struct exchange *exchange, struct exchange_slot *slot)
{
	if (slot->tries >= exchange->tries)
		return false;
	if (slot->tries == 1)
		exchange->fresh--;
	slot->tries++;
	exchange->tally.repeated++;
	return transmit(exchange, slot, NULL);
}

/* Asks again what is due. The next that was tried often enough is let go and told, if any. */
static bool look_for_silence(struct exchange *exchange, int64_t now_ns,
			     struct exchange_question *ret_question)
{
	int64_t earliest_ns = INT64_MAX;
	unsigned repeats = 0;

	for (unsigned i = 0; i < exchange->touched; i++) {
		struct exchange_slot *slot = &exchange->slots[i];

		if (!slot->tries)
			continue;
		if (slot->deadline_ns <= now_ns && repeats++ == REPEATS_AT_ONCE) {
			exchange->next_look_ns = now_ns;
			return false;
		}
		if (slot->deadline_ns <= now_ns && !repeat(exchange, slot)) {
			*ret_question = slot->question;
			release(exchange, slot);
			exchange->tally.unanswered++;
			exchange->next_look_ns = now_ns; /* there may be more */
			return true;
		}
		if (slot->deadline_ns < earliest_ns)
			earliest_ns = slot->deadline_ns;
	}
	int64_t soonest_ns = now_ns + (int64_t)LOOK_EACH_US * NS_PER_US;

	exchange->next_look_ns = earliest_ns > soonest_ns ? earliest_ns : soonest_ns;
	return false;
}

static int wait_ms(const struct exchange *exchange, int64_t now_ns)
{
	int64_t left_ms = (exchange->next_look_ns - now_ns) / (1000 * NS_PER_US) + 1;

	return left_ms < 0 ? 0 : left_ms < WAIT_MS ? (int)left_ms : WAIT_MS;
}

static void take_answer(struct exchange *exchange, struct exchange_slot *slot, int64_t now_ns,
			struct exchange_question *ret_question)
{
	if (slot->tries == 1) {
		learn(exchange, now_ns - slot->sent_ns);
		grow_window(exchange);
	} else {
		shrink_window(exchange);
	}
	exchange->tally.answered++;
	exchange->answered_ns = now_ns;
	*ret_question = slot->question;
	release(exchange, slot);
}

enum exchange_outcome exchange_next(struct exchange *exchange,
				    struct exchange_question *ret_question, struct mad *ret_mad,
				    struct error *err)
{
	const struct mad_door *door = exchange->door;

	while (exchange->in_use) {
		int64_t now_ns = now(exchange);
		bool is_due = now_ns >= exchange->next_look_ns;

		/* Not for ever, where answers come without end. */
		if (is_due && exchange->late_reads > EXCHANGE_SLOTS) {
			exchange->late_reads = 0;
			if (look_for_silence(exchange, now_ns, ret_question))
				return EXCHANGE_SILENCE;
			is_due = false;
		}
		/* Who slept meanwhile finds answers waiting: those are read before anything is
		 * asked again. */
		enum mad_outcome outcome = door->receive(
			door->self, is_due ? 0 : wait_ms(exchange, now_ns), ret_mad, err);

		exchange->now_ns = door->now_ns(door->self);
		if (outcome == MAD_BROKEN)
			return EXCHANGE_BROKEN;
		if (outcome == MAD_NOTHING && !is_due)
			return EXCHANGE_WAIT;
		exchange->late_reads =
			is_due && outcome != MAD_NOTHING ? exchange->late_reads + 1 : 0;
		if (outcome == MAD_NOTHING) {
			if (look_for_silence(exchange, exchange->now_ns, ret_question))
				return EXCHANGE_SILENCE;
			continue;
		}
		struct exchange_slot *slot = slot_of(exchange, ret_mad);

		if (slot && outcome == MAD_ANSWER) {
			take_answer(exchange, slot, exchange->now_ns, ret_question);
			return EXCHANGE_ANSWER;
		}
		if (slot) {
			slot->deadline_ns = now_ns;
			exchange->next_look_ns = now_ns;
		}
	}
	return EXCHANGE_IDLE;
}
