#include <math.h>
#include <string.h>

#include "check/claim/measured.h"
#include "check/claim/rails.h"
#include "check/reference.h"

/* How near a figure has to be to half of a claim for the other half to be the other direction, or
 * the operations that sparsity leaves out: payload rates lie 3 to 8 % below line rates. */
static const double near_half = 0.10;

static bool is_near(double value, double to)
{
	return to > 0 && fabs(value / to - 1) <= near_half;
}

static const char *amount_of(const struct claim_row *row, double value, struct arena *arena)
{
	return arena_format(arena, "%.5g %s", value, row->unit);
}

/* "sold as 3600 Gb/s, of which …: 3200 Gb/s one way". */
static void say_sold(const struct claim *claim, struct arena *arena, struct text *into)
{
	const struct claim_row *row = &claim_rows[claim->kind];

	text_format(into, "%s: sold as %s", row->title,
		    claim->word ? claim->word : amount_of(row, claim->value, arena));
	if (claim->front_end > 0)
		text_format(into, ", %s of it front end", amount_of(row, claim->front_end, arena));
	if (claim->traps & CLAIM_BOTH_DIRECTIONS)
		text_format(into, ", both directions added up");
	if (claim->traps & CLAIM_SPARSITY)
		text_format(into, ", with sparsity");
	if (claim->front_end > 0 || claim->traps & (CLAIM_BOTH_DIRECTIONS | CLAIM_SPARSITY))
		text_format(into, ", which is %s", amount_of(row, claim_promised(claim), arena));
}

/* What the seller may have counted in without saying so. */
static void say_trap(const struct machine *machine, const struct claim *claim,
		     const struct delivered *delivered, struct text *into)
{
	double promised = claim_promised(claim), left_out;
	size_t ports;

	if (claim->kind == CLAIM_NODE_BANDWIDTH) {
		left_out = rails_left_out(machine, &ports);
		if (ports > 0 && is_near(delivered->value + left_out, promised)) {
			text_format(into,
				    "; with the %zu other ports (%.0f Gb/s) it would be: front "
				    "end or storage seems to be counted in",
				    ports, left_out);
			return;
		}
	}
	if (!is_near(delivered->value, promised / 2))
		return;
	if (claim->kind == CLAIM_NODE_BANDWIDTH || claim->kind == CLAIM_NVLINK)
		text_format(into, "; it is half: both directions seem to be counted");
	if (claim->kind == CLAIM_GPU_COMPUTE)
		text_format(into, "; it is half: sparsity seems to be counted");
}

/* What was sold as a round number or as "up to" says less. */
static enum confidence confidence_in(const struct claim *claim, const struct delivered *delivered)
{
	enum confidence confidence = delivered->confidence;

	if (claim->traps & (CLAIM_UP_TO | CLAIM_ABOUT) && confidence > CONFIDENCE_LOW)
		confidence--;
	return confidence;
}

static void say_delivered(const struct machine *machine, const struct claim *claim,
			  const struct delivered *delivered, struct arena *arena, struct text *into)
{
	const struct claim_row *row = &claim_rows[claim->kind];

	text_format(into, "; %s %s (%s), %+.1f %%", delivered->is_bound ? "at most" : "measured",
		    amount_of(row, delivered->value, arena), delivered->how,
		    100 * claim_difference(claim, delivered));
	if (delivered->high > delivered->low)
		text_format(into, ", repeats %s to %s", amount_of(row, delivered->low, arena),
			    amount_of(row, delivered->high, arena));
	text_format(into, "; confidence %s", confidence_names[confidence_in(claim, delivered)]);
	if (claim_verdict(claim, delivered) == VERDICT_FAIL ||
	    claim_verdict(claim, delivered) == VERDICT_WARN)
		say_trap(machine, claim, delivered, into);
}

static void finish(struct finding *finding, const struct claims *claims, const struct claim *claim,
		   const struct delivered *delivered, struct arena *arena)
{
	const struct claim_row *row = &claim_rows[claim->kind];
	char day[DATE_TEXT_SIZE];
	SCOPED_TEXT(text);

	text_format(&text, "%s line %u: %s%s%s%s, as sold %s", claims->file, claim->line,
		    claim->sold_as ? "'" : "", claim->sold_as ? claim->sold_as : "",
		    claim->sold_as ? "', " : "", claim->source, date_format(claim->day, day));
	if (row->tolerance > 0)
		text_format(&text, "; %.0f %% are tolerated: %s", 100 * row->tolerance,
			    row->tolerated);
	finding->bar = arena_string(arena, text_span(&text));
	if (finding->verdict == VERDICT_FAIL)
		finding->action = "show it to the provider; ask for what was sold, or its price";
	for (size_t i = 0; i < 4 && delivered->evidence[i]; i++)
		finding_rests_on(finding, delivered->evidence[i]);
}

static void judge_number(const struct check_input *seen, const struct claim *claim,
			 const char *about, struct findings *found)
{
	struct arena *arena = found->arena;
	struct delivered delivered;
	enum verdict verdict;
	SCOPED_TEXT(text);

	claim_find_delivered(seen->machine, claim, arena, &delivered);
	verdict = claim_verdict(claim, &delivered);
	say_sold(claim, arena, &text);
	if (!delivered.is_known)
		text_format(&text, "; %s", delivered.why_not);
	else
		say_delivered(seen->machine, claim, &delivered, arena, &text);
	finish(findings_add(found, verdict, about, "%s", text_string(&text)), seen->claims, claim,
	       &delivered, arena);
}

static void judge_model(const struct check_input *seen, const struct claim *claim,
			const char *about, struct findings *found)
{
	const struct shape_row *shape = seen->machine->shape, *sold = NULL;
	struct delivered delivered;
	struct finding *finding;

	claim_find_delivered(seen->machine, claim, found->arena, &delivered);
	for (size_t i = 0; seen->handbook && i < seen->handbook->shape_count && !sold; i++) {
		if (strcmp(seen->handbook->shapes[i].model, claim->word) == 0)
			sold = &seen->handbook->shapes[i];
	}
	if (!sold && seen->handbook && shape)
		sold = handbook_shape(seen->handbook, shape->vendor, 0, claim->word);
	if (!shape)
		finding = findings_add(found, VERDICT_UNKNOWN, about, "sold as %s: %s", claim->word,
				       delivered.why_not);
	else if (!sold)
		finding = findings_add(found, VERDICT_UNKNOWN, about,
				       "sold as %s, which is no model of shape.tsv; it is %s",
				       claim->word, shape->model);
	else
		finding = findings_add(found, sold == shape ? VERDICT_PASS : VERDICT_FAIL, about,
				       "sold as %s, it is %s (%s); confidence %s", claim->word,
				       shape->model, delivered.how,
				       confidence_names[delivered.confidence]);
	finish(finding, seen->claims, claim, &delivered, found->arena);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	if (!seen->claims) {
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "no claims were given to hold the node against");
		return;
	}
	for (size_t i = 0; i < seen->claims->count; i++) {
		const struct claim *claim = &seen->claims->items[i];
		const struct claim_row *row = &claim_rows[claim->kind];
		const char *about =
			arena_format(found->arena, "claim:%s%s%s", row->name,
				     claim->folder ? ":" : "", claim->folder ? claim->folder : "");

		if (claim->kind == CLAIM_GPU_MODEL)
			judge_model(seen, claim, about, found);
		else
			judge_number(seen, claim, about, found);
	}
}

CHECK(claim_delivered) = {
	.title = "What was sold was delivered",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
