"""The standard and the evidence, as bench/rule.py needs them."""
import datetime
import fractions
import json
import math
import pathlib
from dataclasses import dataclass

import yaml

GRADES = ['UnderPerform', 'Bronze', 'Silver', 'Gold', 'Platinum']
STRENGTHS = ['E0', 'E1', 'E2', 'E3', 'E4']
UNIT_PARTS = ['provider', 'product', 'region', 'gpu']
WORTH_ONE = 200  # a worth is a whole number of two-hundredths

# Scalars stay text; the same loader in C where it was built.
LOADER = getattr(yaml, 'CBaseLoader', yaml.BaseLoader)


def parts_of(text, whole):
    """'0.35' as so many parts of a whole: 70 of 200, 350 of 1000."""
    return int(fractions.Fraction(text) * whole)


def day(text):
    return datetime.date.fromisoformat(text).toordinal()


@dataclass
class Criterion:
    id: str
    category: str
    weight: int
    answers: dict  # answer: worth, the worst first; empty for a measure
    unit: str
    points: list  # (at, worth) of a measure's line, by `at`
    expiry: int
    strength: int
    profiles: list
    parent: str
    checks: list
    not_applicable: str  # when it may not concern a subject; the rule does not look at it

    def worth(self, record):
        """What a record's answer or value is worth."""
        if record.answer is not None:
            return self.answers[record.answer]
        at = record.value
        if at <= self.points[0][0]:
            return self.points[0][1]
        for (left, low), (right, high) in zip(self.points, self.points[1:]):
            if at <= right:
                share = (at - left) / (right - left)
                return math.floor(low + share * (high - low) + 0.5)
        return self.points[-1][1]

    def possible_worths(self):
        return list(self.answers.values()) or [0, 50, 100, 150, 200]


@dataclass
class Gate:
    id: str
    criterion: str
    below: int
    cap: int
    silence: str
    rate: int  # permille


@dataclass
class Bar:
    """What a grade demands, in permille; of the overall score the more, the more is known."""

    overall_from: int
    overall_to: int
    categories: dict
    coverage: int
    strength: int
    share: int


@dataclass
class Standard:
    presumption: int
    spread: int  # permille
    errors: list  # permille, by strength
    profiles: list
    categories: dict  # id: weight, in the standard's order
    beside: set  # categories that make no rating
    criteria: dict  # id: Criterion, by category, then as written
    bars: list  # by grade
    gates: list


def read_criterion(written, category):
    points = [
        (float(point['at']), parts_of(point['worth'], WORTH_ONE))
        for point in written.get('measure', {}).get('points', [])
    ]
    return Criterion(
        id=written['id'],
        category=category,
        weight=int(written['weight']),
        answers={a['answer']: parts_of(a['worth'], WORTH_ONE) for a in written.get('answers', [])},
        unit=written.get('measure', {}).get('unit'),
        points=sorted(points),
        expiry=int(written['expiry']),
        strength=STRENGTHS.index(written['strength']),
        profiles=written['profiles'],
        parent=written.get('parent'),
        checks=[
            way['check']
            for way in written['settled_by']
            if isinstance(way.get('check'), str)
        ],
        not_applicable=written.get('not_applicable'),
    )


def read_gate(written):
    return Gate(
        id=written['id'],
        criterion=written['criterion'],
        below=parts_of(written['below'], WORTH_ONE),
        cap=GRADES.index(written['cap']),
        silence=written['silence'],
        rate=parts_of(written['rate'], 1000),
    )


def read_bar(written):
    return Bar(
        overall_from=parts_of(written['overall']['from'], 10),
        overall_to=parts_of(written['overall']['to'], 10),
        categories={id: parts_of(bar, 10) for id, bar in written['categories'].items()},
        coverage=parts_of(written['coverage'], 1000),
        strength=STRENGTHS.index(written['strength']['at_least']),
        share=parts_of(written['strength']['share'], 1000),
    )


def load_standard(folder):
    files = [
        yaml.load(path.read_text(), LOADER)
        for path in sorted(pathlib.Path(folder).rglob('*.yaml'))
    ]
    by_schema = {file['schema']: file for file in files}
    main, grades = by_schema['assay/standard/v1'], by_schema['assay/grades/v1']
    criteria = {
        file['category']: [read_criterion(written, file['category']) for written in file['criteria']]
        for file in files
        if file['schema'] == 'assay/criteria/v1'
    }
    categories = {written['id']: int(written['weight']) for written in main['categories']}
    return Standard(
        presumption=parts_of(main['presumption'], WORTH_ONE),
        spread=parts_of(main['weight_spread'], 1000),
        errors=[parts_of(written['error'], 1000) for written in main['strengths']],
        profiles=[written['id'] for written in main['profiles']],
        categories=categories,
        beside={w['id'] for w in main['categories'] if w.get('beside') == 'true'},
        criteria={c.id: c for category in categories for c in criteria.get(category, [])},
        bars=[read_bar(written) for written in reversed(grades['grades'])],
        gates=[read_gate(written) for written in grades.get('gates', [])],
    )


@dataclass
class Record:
    id: str
    subject: dict
    what: str
    answer: str
    value: float
    unit: str
    not_applicable: str
    withheld: str
    strength: int
    observed: int
    expires: int
    announced: bool
    source: str

    @property
    def place(self):
        return self.source, tuple(sorted(self.subject.items()))


def read_record(written):
    return Record(
        id=written['id'],
        subject=written['subject'],
        what=written['what'],
        answer=written.get('answer'),
        value=float(written['value']) if 'value' in written else None,
        unit=written.get('unit'),
        not_applicable=written.get('not_applicable'),
        withheld=written.get('withheld'),
        strength=STRENGTHS.index(written['strength']),
        observed=day(written['observed']),
        expires=day(written['expires']) if 'expires' in written else None,
        announced='due' in written,
        source=written['source']['name'],
    )


def load_evidence(paths):
    """All records, by id."""
    records = []
    for path in map(pathlib.Path, paths):
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in inside:
            if file.suffix == '.jsonl':
                records += [json.loads(line) for line in file.read_text().splitlines()]
            elif file.suffix == '.yaml':
                written = yaml.load(file.read_text(), LOADER)
                defaults = written.get('defaults', {})
                records += [defaults | record for record in written['records']]
    return sorted(map(read_record, records), key=lambda record: record.id)
