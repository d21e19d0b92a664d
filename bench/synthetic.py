"""Evidence that is made up, the same at every call, to measure and to test with."""
import hashlib
import json
import random


class Dice:
    """Random choices by a seed; the same for every version of Python."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def chance(self, share):
        return self.random() < share

    def below(self, limit):
        return int(self.random() * limit)

    def pick(self, items):
        return items[self.below(len(items))]


def statement(dice, criterion):
    """An answer to the criterion, the better of two picked, or a value on its measure's line and
    a little beyond."""
    if criterion.answers:
        better = max(dice.below(len(criterion.answers)) for _ in range(2))
        return {'answer': list(criterion.answers)[better]}
    ends = criterion.points[0][0], criterion.points[-1][0]
    value = ends[0] + (ends[1] - ends[0]) * (dice.random() * 1.2 - 0.1)
    return {'value': round(max(value, 0), 2), 'unit': criterion.unit}


def canonical(record):
    """The canonical form of docs/evidence.md. Numbers have few enough digits to be as JSON's."""
    plain = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in record.items()
    }
    return json.dumps(plain, ensure_ascii=False, separators=(',', ':'), sort_keys=True)


def hash_of(text):
    return 'sha256:' + hashlib.sha256(text.encode()).hexdigest()


def sealed(record):
    """The record with its schema and its hash."""
    record = record | {'schema': 'assay/evidence/v1'}
    return record | {'hash': hash_of(canonical(record))}


def hash_of_set(records):
    return hash_of(''.join(sorted(record['hash'] + '\n' for record in records)))


def write(path, records):
    """Writes JSON Lines; the records have to be sealed."""
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(canonical(record) + '\n' for record in records)


def records_of(standard, providers, share, seed=1, name='cloud'):
    """Sealed records of so many providers about this share of the criteria. Of every ten
    providers one rents out two products that differ."""
    dice = Dice(seed)
    records = []
    for number in range(providers):
        provider = f'{name}-{number:05}'
        for criterion in standard.criteria.values():
            if not dice.chance(share):
                continue
            subject = {'provider': provider}
            if number % 10 == 0 and dice.chance(0.2):
                subject['product'] = dice.pick(['first', 'second'])
            records.append(
                sealed(
                    {
                        'id': f'{provider}.{criterion.id}',
                        'subject': subject,
                        'what': criterion.id,
                        'kind': 'document',
                        'strength': dice.pick(['E1', 'E1', 'E2', 'E3']),
                        'observed': f'2025-{1 + dice.below(4):02}-{1 + dice.below(28):02}',
                        'source': {'name': 'synthetic'},
                        'excerpt': 'made up to measure with',
                    }
                    | statement(dice, criterion)
                )
            )
    return records


def main():
    """A data set to try things with: JSON Lines of so many made-up providers on standard output."""
    import sys

    import rule

    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit('usage: bench/synthetic.py PROVIDERS > FILE.jsonl')
    records = records_of(rule.load_standard('data/standard'), int(sys.argv[1]), 0.35, name='synthetic')
    sys.stdout.writelines(canonical(record) + '\n' for record in records)


if __name__ == '__main__':
    main()
