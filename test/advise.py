#!/usr/bin/python3
"""The guide as a new user meets it: flags alone, a file, nothing that fits, faults, and the forms it prints."""
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, 'tools')
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
EXAMPLES = pathlib.Path('docs/examples')
TODAY = '2026-11-26'
PRICES = """\
provider,product,region,gpu,form,gpus,rental,term_months,price,currency,per,gbit_per_s,stock,storage_usd_gb_month,egress_usd_gb,observed
crusoe,h100-8x,us-east-1,h100,sxm,8,on-demand,,3.90,USD,gpu,400,yes,0.07,0,2026-11-20
crusoe,h100-8x,us-east-1,h100,sxm,8,contract,12,2.40,USD,gpu,400,yes,0.07,0,2026-11-20
nebius,h100-8x,eu-north1,h100,sxm,8,on-demand,,2.95,USD,gpu,400,yes,,,2026-11-21
nebius,h100-8x,eu-north1,h100,sxm,8,spot,,1.85,USD,gpu,400,yes,,,2026-11-21
google,a3-mega,us-central1,h100,sxm,8,on-demand,,10.00,USD,gpu,200,yes,0.04,0.12,2026-11-21
nobody,h100-8x,us-west,h100,sxm,8,on-demand,,2.10,USD,gpu,100,unknown,,,2026-11-21
nobody,h200-8x,us-west,h200,sxm,8,on-demand,,2.20,USD,gpu,400,yes,,,2026-11-21
lambda,a100-8x,us-west,a100,sxm,8,on-demand,,1.50,USD,gpu,200,yes,,,2026-11-21
old,h100-8x,us-west,h100,sxm,8,on-demand,,1.00,USD,gpu,400,yes,,,2026-06-21
"""

folder = tempfile.TemporaryDirectory()
market = pathlib.Path(folder.name, 'quotes.csv')
market.write_text(PRICES, encoding='utf-8')
FLAGS = ['--gpus', '64', '--gpu', 'h100', '--hours', '500']


def run(*arguments, prices=market, today=TODAY):
    command = [ASSAY, 'advise', *map(str, arguments)]
    command += ['--market', str(prices)] if prices else []
    command += ['--as-of', today] if today else []
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answer_of(*arguments, status=0, **how):
    done = run(*arguments, '--format', 'json', **how)
    assert done.returncode == status, (done.returncode, done.stderr)
    return json.loads(done.stdout)


def names_of(ranked):
    return [(one['provider'], one['rental']) for one in ranked]


@tap.case
def flags_alone_give_an_answer_with_its_reasons():
    done = run(*FLAGS)
    assert done.returncode == 0, done.stderr
    for part in [
        'Of 9 offers',
        'it must not be interrupted',
        'Why in this order',
        'It wins below',
        'On demand, spot or contract',
        'Spot stops paying when',
        'What to test first',
        'When to decide anew',
        'Every other offer',
        'another GPU than the need accepts',
    ]:
        assert part in ' '.join(done.stdout.split()), part


@tap.case
def spot_is_taken_only_by_who_may_be_interrupted():
    never = answer_of(*FLAGS)
    assert ('nebius', 'spot') not in names_of(never['ranked'])
    assert {one['obstacle'] for one in never['excluded']} >= {'interruption', 'gpu', 'stale'}
    may = answer_of(*FLAGS, '--set', 'interruption=checkpointed')
    assert names_of(may['ranked'])[0] == ('nebius', 'spot')
    assert 0 <= may['ranked'][0]['estimate']['kept'] < 0.01


@tap.case
def who_is_not_rated_holds_no_grade():
    answer = answer_of(*FLAGS, '--minimum-grade', 'Bronze')
    assert 'nobody' not in [one['provider'] for one in answer['ranked']]
    assert [(one['provider'], one['obstacle']) for one in answer['would_fit']] == [('nobody', 'not-rated')]
    silver = answer_of(*FLAGS, '--minimum-grade', 'Platinum', status=2)
    assert silver['ranked'] == []


@tap.case
def another_family_needs_a_ratio():
    answer = answer_of(*FLAGS, '--gpu', 'h100,h200')
    assert [(one['provider'], one['obstacle']) for one in answer['would_fit']] == [('nobody', 'performance-unknown')]


@tap.case
def every_offer_is_in_one_place():
    answer = answer_of(*FLAGS, '--minimum-grade', 'Bronze', '--region', 'us')
    assert answer['offers'] == len(answer['ranked']) + sum(one['offers'] for one in answer['excluded'])
    rows = list(csv.DictReader(io.StringIO(run(*FLAGS, '--format', 'csv').stdout)))
    assert len(rows) == 9
    assert [row['rank'] for row in rows if row['standing'] == 'fits'] == ['1', '2', '3', '4', '5']
    assert all(row['obstacle'] for row in rows if row['standing'] != 'fits')


@tap.case
def examples_are_needs():
    paths = sorted(EXAMPLES.glob('need-*.yaml'))
    assert len(paths) >= 2
    for path in paths:
        answer = answer_of(path)
        assert answer['need']['title'], path
        assert answer['ranked'], path


@tap.case
def flags_win_over_the_file():
    answer = answer_of(EXAMPLES / 'need-training.yaml', '--gpus', '32', '--deadline', '5000')
    assert answer['need']['gpus'] == 32
    assert answer['need']['deadline_h'] == 5000


@tap.case
def where_nothing_fits_the_nearest_is_named():
    done = run(*FLAGS, '--deadline', '501')
    assert done.returncode == 1, done.stderr
    assert 'No offer fits' in done.stdout
    assert 'too likely to miss the deadline' in done.stdout
    stale = run(*FLAGS, today='2027-06-01')
    assert stale.returncode == 1
    assert 'the price is too old' in stale.stdout and 'price_age' in stale.stdout


@tap.case
def without_prices_it_says_what_to_do():
    done = run(*FLAGS, prices=None)
    assert done.returncode == 66, done.returncode
    assert 'assay market import' in done.stderr and 'csv' in done.stderr
    assert done.stdout == ''


@tap.case
def faults_are_one_line_that_says_where():
    bad = pathlib.Path(folder.name, 'bad.yaml')
    for text, arguments, status, says in [
        ('gpus: 8\n', [], 65, 'schema: assay/need/v1'),
        ('schema: assay/need/v1\ngpsu: 8\n', [], 65, "line 2, column 1: unknown field 'gpsu'; the nearest is 'gpus'"),
        ('schema: assay/need/v1\ngpus: 8\ngpu: h100\n', [], 65, '--hours'),
        ('schema: assay/need/v1\ngpus: 8\ngpu: h1000\nhours: 1\n', [], 65, "the nearest is 'h100'"),
        (None, ['--gpus', '-3'], 65, 'gpus'),
        (None, ['--minimum-grade', 'silverish'], 65, 'Platinum'),
        (None, ['--set', 'reclame=1'], 65, 'reclaim'),
        (None, ['--set', 'reclaim=-1'], 65, 'reclaim'),
        (None, ['--set', 'interruption=maybe'], 65, 'never, checkpointed or any'),
        (None, ['nowhere.yaml'], 66, 'nowhere.yaml'),
    ]:
        words = list(arguments)
        if text is not None:
            bad.write_text(text, encoding='utf-8')
            words.append(bad)
        else:
            words = [*FLAGS, *words]
        done = run(*words)
        assert done.returncode == status, (words, done.returncode, done.stderr)
        assert says in done.stderr and done.stderr.count('\n') == 1, done.stderr
        assert done.stdout == ''
    missing = run(*FLAGS, prices='nowhere.csv')
    assert missing.returncode == 66 and 'nowhere.csv' in missing.stderr


@tap.case
def the_order_of_rows_does_not_matter():
    head, *rows = PRICES.splitlines()
    other = pathlib.Path(folder.name, 'other.csv')
    other.write_text('\n'.join([head, *reversed(rows)]) + '\n', encoding='utf-8')
    assert run(*FLAGS, '--format', 'csv', prices=other).stdout == run(*FLAGS, '--format', 'csv').stdout


@tap.case
def what_it_prints_as_json_fits_its_schema():
    schema = json.loads(pathlib.Path('data/schema/advice.v1.json').read_text(encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for arguments, status in [
        (FLAGS, 0),
        ([*FLAGS, '--set', 'interruption=any', '--minimum-grade', 'Bronze', '--deadline', '900'], 0),
        ([*FLAGS, '--deadline', '501'], 1),
        ([EXAMPLES / 'need-training.yaml'], 0),
        ([EXAMPLES / 'need-batch.yaml'], 0),
    ]:
        answer = answer_of(*arguments, status=status)
        faults = [f'{list(fault.absolute_path)}: {fault.message}' for fault in validator.iter_errors(answer)]
        assert not faults, faults[:3]
        assert not validator.is_valid(answer | {'surprise': 1})
        for key in answer:
            assert not validator.is_valid({k: v for k, v in answer.items() if k != key}), key


@tap.case
def markdown_has_the_same_parts():
    text = run(*FLAGS, '--format', 'markdown').stdout
    assert text.startswith('# ') and '## Why in this order' in text and '| USD |' in text


tap.run()
