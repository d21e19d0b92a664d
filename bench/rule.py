"""The rating rule of docs/rating.md, written plainly: a second reading of it to check assay by.

usage: /usr/bin/python3 bench/rule.py [--standard DIR] [--evidence PATH]... [--as-of DAY]
                                      [--profile ID] [--seed N] [--draws N]

Prints the league as JSON, with the fields and the digits of `assay rate --format json`. It takes
what it reads to be well-formed; assay is the one that refuses what is not. The numbers of the
headings are the sections of docs/rating.md.
"""
import argparse
import json
import math
from dataclasses import dataclass, field

from reading import GRADES, STRENGTHS, UNIT_PARTS, WORTH_ONE
from reading import day, load_evidence, load_standard

RANK_STEPS = 1 << 28  # scores of draws are ranked in steps of this share
INTERVAL_STEPS = 1 << 11  # and their interval is told in steps of this one

# ---- 1. units ----


def unit_part(subject):
    return {part: subject[part] for part in UNIT_PARTS if part in subject}


def covers(wide, narrow):
    """True when every part that the wide subject names is also the narrow one's."""
    return all(narrow.get(part) == wide[part] for part in UNIT_PARTS if part in wide)


def name_of(subject):
    names = [subject.get(part, '*') for part in UNIT_PARTS]
    while names[-1] == '*':
        names.pop()
    return '/'.join(names)


def is_known(record, today):
    """True when the record says what is so, and it was seen by the day."""
    return not record.announced and record.observed <= today


def subjects_of_units(records, today):
    """The subjects that are not refined by another one, by name. Prices make no unit."""
    candidates = []
    for record in records:
        if record.what.startswith('price.'):
            continue
        subject = unit_part(record.subject)
        if is_known(record, today) and subject not in candidates:
            candidates.append(subject)
    units = [
        subject
        for subject in candidates
        if not any(covers(subject, other) for other in candidates if other != subject)
    ]
    return sorted(units, key=name_of)


# ---- 2. settling a criterion ----


@dataclass
class Settlement:
    state: str
    worths: list = field(default_factory=list)  # distinct, ascending; when settled or in conflict
    strength: int = 0
    sources: set = field(default_factory=set)  # that withheld the answer

    @property
    def settled(self):
        return self.state in ('settled', 'conflict')

    @property
    def known(self):
        return self.settled or self.state == 'withheld'

    @property
    def applies(self):
        return self.state not in ('not_applicable', 'out_of_profile')


def settled_at(worths, strength):
    return Settlement('settled' if len(worths) == 1 else 'conflict', sorted(worths), strength)


def is_expired(record, criterion, today):
    last = record.observed + criterion.expiry if record.expires is None else record.expires
    return today > last


def newest_of_each_source(records):
    """Of records with the same source and subject those observed last."""
    last = {}
    for record in records:
        last[record.place] = max(last.get(record.place, record.observed), record.observed)
    return [record for record in records if record.observed == last[record.place]]


def unless_alone(records, is_weak):
    """Without those that give way to any other."""
    return [record for record in records if not is_weak(record)] or records


def unanswered(records):
    """What was withheld by a source that answers nothing here."""
    answering = {record.place[0] for record in records if record.withheld is None}
    return [r for r in records if r.withheld is not None and r.place[0] not in answering]


def deciding(records):
    """The strongest; of them what was withheld and not answered, or else answers before reasons why
    not; then the most specific subject."""
    strongest = max(record.strength for record in records)
    records = newest_of_each_source([r for r in records if r.strength == strongest])
    records = unanswered(records) or [r for r in records if r.withheld is None]
    records = unless_alone(records, lambda record: record.not_applicable is not None)
    depth = max(len(unit_part(record.subject)) for record in records)
    return [record for record in records if len(unit_part(record.subject)) == depth]


def settle_by_records(criterion, known, today):
    about = [
        record
        for record in known
        if record.what in (criterion.id, criterion.category + '.*')
        and record.strength >= criterion.strength
    ]
    fresh = [record for record in about if not is_expired(record, criterion, today)]
    if not fresh:
        return Settlement('stale' if about else 'unsettled')

    deciders = deciding(fresh)
    strength = deciders[0].strength
    if deciders[0].withheld is not None:
        return Settlement(
            'withheld', strength=strength, sources={record.source for record in deciders}
        )
    if deciders[0].not_applicable is not None:
        return Settlement('not_applicable', strength=strength)
    return settled_at({criterion.worth(record) for record in deciders}, strength)


def claim_consistent(records):
    """The check of that name: (verdict, strength, sources) for each claim that somebody measured."""
    for claim in records:
        measured = [
            record
            for record in records
            if record.strength > 0 and (record.what, record.unit) == (claim.what, claim.unit)
        ]
        if claim.strength > 0 or not claim.what.startswith('claim.') or claim.value == 0:
            continue
        if not measured:
            continue
        strength = max(record.strength for record in measured)
        strongest = [record for record in measured if record.strength == strength]
        if claim.unit in LESS_IS_BETTER:
            worst = max(strongest, key=lambda record: record.value)
            gap = worst.value - claim.value
        else:
            worst = min(strongest, key=lambda record: record.value)
            gap = claim.value - worst.value
        verdict = 'fail' if gap / abs(claim.value) > 0.05 else 'pass'
        yield verdict, strength, {claim.source, worst.source}


LESS_IS_BETTER = 's ms us min h C W USD USD/GPU-hour'.split()
CHECKS = {'claim-consistent': claim_consistent}


def join_check(criterion, settlement, findings):
    """A failure is as strong as its strongest proof, a pass as its weakest."""
    failed = [finding for finding in findings if finding[0] == 'fail']
    passed = [finding for finding in findings if finding[0] == 'pass']
    if not failed and not passed:
        return settlement
    strongest = lambda finding: finding[1]
    _, strength, sources = max(failed, key=strongest) if failed else min(passed, key=strongest)
    known = settlement.state not in ('unsettled', 'stale')
    if strength < criterion.strength or known and strength < settlement.strength:
        return settlement
    if (
        settlement.state == 'withheld'
        and strength == settlement.strength
        and not settlement.sources <= sources
    ):
        return settlement
    worths = {0 if failed else WORTH_ONE}
    if settlement.settled and strength == settlement.strength:
        worths |= set(settlement.worths)
    return settled_at(worths, strength)


def settle(criterion, records, today, profile):
    """`records` are those that concern the unit."""
    if profile and criterion.profiles != 'all' and profile not in criterion.profiles:
        return Settlement('out_of_profile')
    known = [record for record in records if is_known(record, today)]
    settlement = settle_by_records(criterion, known, today)
    for check in criterion.checks:
        if check in CHECKS:
            fresh = [record for record in known if not is_expired(record, criterion, today)]
            settlement = join_check(criterion, settlement, list(CHECKS[check](fresh)))
    return settlement


# ---- 3 and 4. scores, grade and gates of a unit ----


@dataclass
class Score:
    overall: float
    categories: dict  # only those that apply


@dataclass
class Unit:
    name: str
    provider: str
    records: list
    settlements: dict = field(default_factory=dict)
    points: dict = field(default_factory=dict)  # of the criteria that apply
    score: Score = None
    low: Score = None
    high: Score = None
    coverage: float = 0.0
    depth: float = 0.0  # share of weight that is known
    shares: list = None  # by strength
    gates: dict = None
    rated: bool = False
    uncapped: int = 0
    grade: int = 0
    draws: list = field(default_factory=list)  # (rated, grade, overall)


def headline_is_known(criterion, settlements):
    return criterion.parent is not None and settlements[criterion.parent].known


def point_of(standard, criterion, settlements):
    """What a criterion counts as: its worth, or what is presumed of it."""
    settlement = settlements[criterion.id]
    if settlement.settled:
        return settlement.worths[0]
    if settlement.state == 'withheld':
        return 0
    if headline_is_known(criterion, settlements):
        return point_of(standard, standard.criteria[criterion.parent], settlements)
    return standard.presumption


def score_of(standard, worths, weights=None, category_weights=None):
    """Scores from the worths of the criteria that apply, by the standard's weights or others."""
    weights = weights or {id: c.weight for id, c in standard.criteria.items()}
    category_weights = category_weights or standard.categories
    won = dict.fromkeys(standard.categories, 0)
    possible = dict.fromkeys(standard.categories, 0)
    for id, worth in worths.items():
        category = standard.criteria[id].category
        won[category] += weights[id] * worth
        possible[category] += weights[id]
    categories = {
        category: won[category] / (WORTH_ONE * possible[category])
        for category in standard.categories
        if possible[category] > 0
    }
    total = 0.0
    for category, score in categories.items():
        total += category_weights[category] * score
    weight = sum(category_weights[category] for category in categories)
    return Score(total / weight if weight else 0.0, categories)


def overall_demanded(bar, depth):
    return bar.overall_from / 1000 + (bar.overall_to - bar.overall_from) / 1000 * depth


def grade_by_thresholds(standard, unit, score):
    """The grade of these scores at what is known of the unit."""
    for grade in range(len(GRADES) - 1, 0, -1):
        bar = standard.bars[grade]
        if (
            score.overall >= overall_demanded(bar, unit.depth)
            and all(
                score.categories[id] >= demanded / 1000
                for id, demanded in bar.categories.items()
                if id in score.categories
            )
            and unit.coverage >= bar.coverage / 1000
            and unit.shares[bar.strength] >= bar.share / 1000
        ):
            return grade
    return 0


def gate_state(gate, settlement, point):
    if not settlement.applies:
        return 'away'
    if settlement.state == 'withheld' or settlement.settled and point < gate.below:
        return 'failed'
    if settlement.settled:
        return 'passed'
    return 'silent' if gate.silence == 'caps' else 'open'


def capped(standard, grade, closed):
    """The grade, lowered to the caps of the gates that are closed."""
    return min([grade] + [gate.cap for gate in standard.gates if gate.id in closed])


def share_of_weight(standard, applies, counts):
    """The share of the weight of what applies whose criterion and settlement count."""
    worths = {
        id: WORTH_ONE if counts(standard.criteria[id], settlement) else 0
        for id, settlement in applies.items()
    }
    return score_of(standard, worths).overall


def rate_unit(standard, unit, today, profile):
    unit.settlements = {
        id: settle(criterion, unit.records, today, profile)
        for id, criterion in standard.criteria.items()
    }
    applies = {id: s for id, s in unit.settlements.items() if s.applies}
    unit.points = {
        id: point_of(standard, standard.criteria[id], unit.settlements) for id in applies
    }
    unit.score = score_of(standard, unit.points)
    unit.low = score_of(
        standard, {id: s.worths[0] if s.settled else 0 for id, s in applies.items()}
    )
    unit.high = score_of(
        standard, {id: s.worths[-1] if s.settled else WORTH_ONE for id, s in applies.items()}
    )
    unit.coverage = share_of_weight(standard, applies, lambda c, s: s.settled)
    unit.depth = share_of_weight(
        standard, applies, lambda c, s: s.known or headline_is_known(c, unit.settlements)
    )
    unit.shares = [
        share_of_weight(standard, applies, lambda c, s: s.settled and s.strength >= strength)
        for strength in range(len(STRENGTHS))
    ]
    unit.gates = {
        gate.id: gate_state(
            gate, unit.settlements[gate.criterion], unit.points.get(gate.criterion)
        )
        for gate in standard.gates
    }
    closed = {id for id, state in unit.gates.items() if state in ('failed', 'silent')}
    unit.uncapped = grade_by_thresholds(standard, unit, unit.score)
    unit.grade = capped(standard, unit.uncapped, closed)
    enough = standard.bars[GRADES.index('Bronze')].coverage / 1000
    quality_coverage = share_of_weight(
        standard, applies, lambda c, s: s.settled and c.category not in standard.beside
    )
    unit.rated = 'failed' in unit.gates.values() or 0 < quality_coverage >= enough
    if not unit.rated:
        unit.grade = unit.uncapped = 0


# ---- 5. provider ----


@dataclass
class Provider:
    name: str
    units: list
    majority: Unit
    volume: float  # GPUs that it is known to operate
    chosen: Unit = None
    rank: int = 0
    ranks: list = field(default_factory=list)  # one for each draw in which it is rated
    grades: list = field(default_factory=list)


def majority_unit(units, today):
    """The unit that most customers are known to use, when it is exactly one."""
    used = []
    for unit in units:
        shares = [r for r in unit.records if r.what == 'share' and is_known(r, today)]
        if any(r.answer == 'majority' for r in newest_of_each_source(shares)):
            used.append(unit)
    return used[0] if len(used) == 1 else None


def stands_for(provider, result_of):
    """The unit whose result, (rated, grade, overall), is the provider's."""
    if provider.majority:
        return provider.majority
    ordered = sorted(provider.units, key=lambda unit: (*result_of(unit), unit.name))
    return ordered[(len(ordered) - 1) // 2]


def ranks_of(results):
    """Ranks by (grade, overall) from the best; equal ones share the better rank."""
    best_first = sorted(results, reverse=True)
    return [best_first.index(result) + 1 for result in results]


def rank(providers):
    """Rank by (grade, overall) of what is rated."""
    rated = [provider for provider in providers if provider.chosen.rated]
    ranks = ranks_of([(p.chosen.grade, p.chosen.score.overall) for p in rated])
    for provider, place in zip(rated, ranks):
        provider.rank = place


# ---- 6. draws ----

BITS_32, BITS_64 = (1 << 32) - 1, (1 << 64) - 1


def key(text):
    """FNV-1a."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & BITS_64
    return value


def mix(x):
    """The finaliser of SplitMix64."""
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & BITS_64
    x = (x ^ x >> 27) * 0x94D049BB133111EB & BITS_64
    return x ^ x >> 31


def join(a, b):
    return mix(mix(a + 0x9E3779B97F4A7C15 & BITS_64) ^ b)


def bits_of_draws(seed, a, b, draws):
    """16 random bits for each draw, of the stream (a, b)."""
    k = join(join(seed, key(a)), key(b)) >> 32
    bits = []
    for number in range((draws + 1) // 2):
        x = number * 0x9E3779B9 + k & BITS_32
        x ^= x >> 16
        x = x * 0x21F0AAAD & BITS_32
        x ^= x >> 15
        x = x * 0xD35A2D97 & BITS_32
        x ^= x >> 15
        bits += [x & 0xFFFF, x >> 16]
    return bits[:draws]


def drawn_weights(standard, seed, stream, weights, draws):
    """For each draw {id: weight}, each weight within the spread of its own."""
    spread = 256 * standard.spread // 1000
    bits = {id: bits_of_draws(seed, stream, id, draws) for id in weights}
    return [
        {
            id: weight * (256 - spread + (bits[id][d] * (2 * spread + 1) >> 16))
            for id, weight in weights.items()
        }
        for d in range(draws)
    ]


def ladder_of(standard, criterion, settlement, point):
    """Steps (limit, worth): a draw takes the first worth whose limit is above its bits."""
    if settlement.state == 'withheld':
        return [(65536, 0)]
    if not settlement.settled:
        return [(point * 65536 // WORTH_ONE, WORTH_ONE), (65536, 0)]

    others = [w for w in criterion.possible_worths() if w not in settlement.worths]
    wrong = standard.errors[settlement.strength] * 65536 // 1000 if others else 0
    m, n = len(settlement.worths), len(others)
    steps = [((k + 1) * wrong // n, worth) for k, worth in enumerate(others)]
    return steps + [
        (wrong + (j + 1) * (65536 - wrong) // m, worth)
        for j, worth in enumerate(settlement.worths)
    ]


def closed_in_draw(gate, unit, worths, bits):
    settlement = unit.settlements[gate.criterion]
    if not settlement.applies:
        return False
    if unit.gates[gate.id] == 'open':
        return bits[gate.criterion] >= 65536 - gate.rate * 65536 // 1000
    return settlement.state == 'withheld' or worths[gate.criterion] < gate.below


def draw_unit(standard, unit, seed, draws, weights, category_weights):
    bits = {id: bits_of_draws(seed, unit.name, id, draws) for id in unit.points}
    ladders = {
        id: ladder_of(standard, standard.criteria[id], unit.settlements[id], point)
        for id, point in unit.points.items()
    }
    for d in range(draws):
        r = {id: bits[id][d] for id in bits}
        worths = {
            id: next(worth for limit, worth in ladder if r[id] < limit)
            for id, ladder in ladders.items()
        }
        score = score_of(standard, worths, weights[d], category_weights[d])
        closed = {g.id for g in standard.gates if closed_in_draw(g, unit, worths, r)}
        grade = grade_by_thresholds(standard, unit, score)
        unit.draws.append((unit.rated, capped(standard, grade, closed), score.overall))


def draw(standard, providers, seed, draws):
    weights = drawn_weights(
        standard,
        seed,
        'criterion-weights',
        {id: c.weight for id, c in standard.criteria.items()},
        draws,
    )
    category_weights = drawn_weights(
        standard, seed, 'category-weights', standard.categories, draws
    )
    for provider in providers:
        for unit in provider.units:
            draw_unit(standard, unit, seed, draws, weights, category_weights)
    for d in range(draws):
        chosen = [stands_for(p, lambda unit: unit.draws[d]).draws[d] for p in providers]
        rated = [(p, result) for p, result in zip(providers, chosen) if result[0]]
        places = ranks_of(
            [(grade, math.floor(overall * RANK_STEPS)) for _, (_, grade, overall) in rated]
        )
        for (provider, (_, grade, _)), place in zip(rated, places):
            provider.grades.append(grade)
            provider.ranks.append(place)


def percentile(values, percent):
    return sorted(values)[percent * (len(values) - 1) // 100]


# ---- the whole ----


def volume_of(records, today):
    """The most GPUs that a record knows of."""
    known = [r.value for r in records if r.what == 'volume' and is_known(r, today)]
    return max(known, default=0)


def rate(standard, records, today, profile, seed, draws):
    """Rated providers by rank, then the others, and by name."""
    units = []
    for subject in subjects_of_units(records, today):
        concerning = [r for r in records if covers(r.subject, subject)]
        units.append(Unit(name_of(subject), subject['provider'], concerning))
    for unit in units:
        rate_unit(standard, unit, today, profile)

    providers = []
    for name in sorted({unit.provider for unit in units}):
        own = [unit for unit in units if unit.provider == name]
        about = [record for record in records if record.subject['provider'] == name]
        provider = Provider(name, own, majority_unit(own, today), volume_of(about, today))
        provider.chosen = stands_for(provider, lambda u: (u.rated, u.grade, u.score.overall))
        providers.append(provider)
    rank(providers)
    draw(standard, providers, seed, draws)
    return sorted(providers, key=lambda p: (p.rank or math.inf, p.name))


class Shown(str):
    """A number as it is printed."""


def score(value):
    return Shown(f'{100 * value:.3f}')


def share(value):
    return Shown(f'{value:.4f}')


def text_of(value):
    if isinstance(value, Shown):
        return str(value)
    if isinstance(value, dict):
        return '{' + ','.join(f'{json.dumps(k)}:{text_of(v)}' for k, v in value.items()) + '}'
    if isinstance(value, list):
        return '[' + ','.join(map(text_of, value)) + ']'
    return json.dumps(value)


def probability(grades):
    return {
        name: share(grades.count(grade) / len(grades))
        for grade, name in reversed(list(enumerate(GRADES)))
    }


def result_as_json(unit):
    scores = {
        'point': score(unit.score.overall),
        'low': score(unit.low.overall),
        'high': score(unit.high.overall),
    }
    if unit.rated and unit.draws:
        drawn = [math.floor(overall * INTERVAL_STEPS) for _, _, overall in unit.draws]
        scores['p10'] = score(percentile(drawn, 10) / INTERVAL_STEPS)
        scores['p90'] = score(percentile(drawn, 90) / INTERVAL_STEPS)
    return {
        'rated': unit.rated,
        'grade': GRADES[unit.grade] if unit.rated else None,
        'uncapped': GRADES[unit.uncapped] if unit.rated else None,
        'score': scores,
        'coverage': share(unit.coverage),
        'depth': share(unit.depth),
    }


def unit_as_json(unit):
    drawn = [grade for _, grade, _ in unit.draws]
    return (
        {'name': unit.name}
        | result_as_json(unit)
        | {'probability': probability(drawn) if unit.rated and drawn else None}
    )


def provider_as_json(provider):
    ranks = provider.ranks or [provider.rank]
    places = {
        'point': provider.rank,
        'low': percentile(ranks, 10),
        'high': percentile(ranks, 90),
    }
    return (
        {
            'name': provider.name,
            'unit': provider.chosen.name,
            'rank': places if provider.rank else None,
        }
        | result_as_json(provider.chosen)
        | {
            'probability': probability(provider.grades) if provider.grades else None,
            'gpu_volume': Shown(f'{provider.volume:.15g}') if provider.volume > 0 else None,
            'categories': {id: score(v) for id, v in provider.chosen.score.categories.items()},
            'units': [unit_as_json(unit) for unit in provider.units],
        }
    )


def league_as_json(providers):
    known = sum(provider.volume for provider in providers)
    rated = sum(provider.volume for provider in providers if provider.rank)
    return {
        'schema': 'assay/league/v1',
        'market_coverage': share(rated / known) if known > 0 else None,
        'providers': [provider_as_json(provider) for provider in providers],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--standard', default='data/standard')
    parser.add_argument('--evidence', action='append')
    parser.add_argument('--as-of')
    parser.add_argument('--profile')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--draws', type=int, default=10000)
    asked = parser.parse_args()

    standard = load_standard(asked.standard)
    records = load_evidence(asked.evidence or ['data/evidence'])
    newest = max(record.observed for record in records if not record.announced)
    today = day(asked.as_of) if asked.as_of else newest
    print(
        text_of(
            league_as_json(
                rate(standard, records, today, asked.profile, asked.seed, asked.draws)
            )
        )
    )


if __name__ == '__main__':
    main()
