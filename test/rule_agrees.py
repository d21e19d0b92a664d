#!/usr/bin/python3
"""The program rates as the plain writing of the rule in bench/rule.py does, to the last digit."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = ['bench', 'tools']

import digits
import rule
import synthetic
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
DRAWS = 200
CLAIMS = [('node-bandwidth', 3200, 'Gb/s'), ('start', 60, 's')]
SOURCES = ['audit', 'digest', 'survey']


def league_of(command, evidence, options):
    """The league that the command prints; SystemError with its complaint when it fails."""
    printed = subprocess.run(
        command + [f'--evidence={evidence}', f'--draws={DRAWS}'] + options,
        capture_output=True,
        text=True,
    )
    if printed.returncode != 0:
        raise SystemError(f'{command[0]} ended with {printed.returncode}: {printed.stderr}')
    return digits.read(printed.stdout)


def differences(evidence, *options):
    """What is wrong, if anything, in a few lines."""
    try:
        plain = league_of(['/usr/bin/python3', 'bench/rule.py'], evidence, list(options))
        mine = league_of([ASSAY, 'rate', '--format=json'], evidence, list(options))
    except SystemError as error:
        return str(error).splitlines()
    if not plain['providers']:
        return ['no provider is rated, so nothing was compared']
    return list(digits.differences(plain, mine))[:20]


def any_day(dice):
    return f'{2024 + dice.below(2)}-{1 + dice.below(12):02}-{1 + dice.below(28):02}'


def any_subject(dice, provider, products):
    """Of the provider, or of what it rents out, as deep as a device."""
    subject = {'provider': provider}
    if dice.chance(0.7):
        subject['product'] = dice.pick(products)
    for part, names, share in [
        ('region', ['east', 'west'], 0.05),
        ('gpu', ['h100'], 0.05),
        ('node', ['n1', 'n2'], 0.1),
    ]:
        if dice.chance(share):
            subject[part] = dice.pick(names)
    return subject


def any_statement(dice, criterion):
    if dice.chance(0.08):
        return {'withheld': 'asked twice, no answer'}
    if criterion.not_applicable and dice.chance(0.3):
        return {'not_applicable': criterion.not_applicable}
    return synthetic.statement(dice, criterion)


def any_record(dice, what, subject, statement):
    observed = any_day(dice)
    record = {
        'what': what,
        'subject': subject,
        'kind': dice.pick(['document', 'answer', 'measurement']),
        'strength': dice.pick(['E0', 'E1', 'E1', 'E1', 'E1', 'E1', 'E2', 'E2', 'E3', 'E4']),
        'observed': observed,
        'source': {'name': dice.pick(SOURCES)},
    }
    if dice.chance(0.1):
        record['expires'] = max(observed, any_day(dice))
    if dice.chance(0.1):
        record['due'] = dice.pick(['unknown', max(observed, any_day(dice))])
    return record | statement


def any_records(standard, seed):
    """Sealed records with everything that can happen to a criterion, in no order."""
    dice = synthetic.Dice(seed)
    records = []
    for number in range(4):
        provider = f'cloud-{number}'
        products = [f'product-{n}' for n in range(1 + dice.below(3))]
        for product in products:
            subject = {'provider': provider, 'product': product}
            most = (product == products[0]) != dice.chance(0.2)
            answer = {'answer': 'majority' if most else 'minority'}
            records.append(any_record(dice, 'share', subject, answer))
        for category in standard.categories:
            if dice.chance(0.1):
                subject = any_subject(dice, provider, products)
                withheld = {'withheld': 'the audit listed it'}
                records.append(any_record(dice, category + '.*', subject, withheld))
        density = dice.random() * 0.8
        for criterion in standard.criteria.values():
            while dice.chance(density):
                subject = any_subject(dice, provider, products)
                statement = any_statement(dice, criterion)
                records.append(any_record(dice, criterion.id, subject, statement))
        for measure, value, unit in CLAIMS:
            for strength in ['E0', 'E1', 'E2', 'E2']:
                claim = {'value': round(value * (0.9 + 0.15 * dice.random()), 1), 'unit': unit}
                subject = any_subject(dice, provider, products)
                record = any_record(dice, 'claim.' + measure, subject, claim)
                records.append(record | {'strength': strength})
        volume = {'value': 100 * dice.below(900), 'unit': 'GPUs'}
        records.append(any_record(dice, 'volume', {'provider': provider}, volume))
    return [synthetic.sealed(record | {'id': f'r{n}'}) for n, record in enumerate(records)]


CASES = [
    # seed, as of, further options
    (1, '2025-03-26', []),
    (1, '2024-08-01', ['--seed=7']),
    (2, '2025-12-31', ['--profile=large-training']),
    (2, '2027-02-01', []),
    (3, '2025-03-26', ['--profile=development', '--seed=9223372036854775807']),
    (3, '2026-06-30', ['--profile=bare-metal']),
]


def cases(folder):
    yield 'the shipped evidence is rated alike', differences('data/evidence')
    yield (
        'the shipped evidence is rated alike a year later for inference',
        differences('data/evidence', '--profile=inference', '--as-of=2026-04-15', '--draws=515'),
    )
    standard = rule.load_standard('data/standard')
    for seed, as_of, options in CASES:
        file = pathlib.Path(folder, f'{seed}.jsonl')
        synthetic.write(file, any_records(standard, seed))
        yield (
            f'random evidence {seed} is rated alike on {as_of} {" ".join(options)}'.strip(),
            differences(file, f'--as-of={as_of}', '--draws=50', *options),
        )


with tempfile.TemporaryDirectory() as name:
    tap.report(cases(name))
