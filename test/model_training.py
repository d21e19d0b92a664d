#!/usr/bin/python3
"""assay model training: golden figures through the program, bad input, the same bytes, its schemas."""
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import yaml

sys.path.insert(0, 'tools')
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
PRESETS = pathlib.Path('data/preset')
SCHEMAS = pathlib.Path('data/schema')

# All-reduce, out of place, from 512 MiB doubling: README of coreweave/nccl-tests 0120901.
# Network, GPUs, times in us; alpha in us, GB/s of many bytes, MiB of half, worst residual in %.
CURVES = [
    ('h100-8x400', 64, (2984.6, 5808.0, 11163, 22181, 43980), (259, 386, 48, 1.2)),
    ('gb200-nvl72', 72, (1806.7, 3108.8, 5589.1, 10094, 20299), (606, 866, 254, 2.9)),
    ('gb200-nvl72', 144, (2156.8, 3574.4, 6264.0, 11469, 21493, 42067), (890, 815, 348, 2.3)),
    ('gb200-nvl72', 1440, (7108.4, 9805.7, 14980, 24782, 45004, 84625), (4674, 426, 949, 1.5)),
]
# Change of MFU in % when collectives are 2, 0.75, 0.5 and 0.25 times as fast.
LAW = [
    (0.111, (5.9, -3.6, -10.0, -25.0)),
    (0.176, (9.7, -5.6, -15.0, -34.6)),
    (0.25, (14.3, -7.7, -20.0, -42.9)),
]


def run(*arguments):
    return subprocess.run(
        [ASSAY, 'model', 'training', *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def output_of(*arguments):
    done = run(*arguments)
    assert done.returncode == 0 and not done.stderr, f'{arguments}: {done.stderr}'
    return done.stdout


def refuse_constant(name):
    raise ValueError(f'{name} is not JSON')


def document_of(*arguments):
    return json.loads(output_of(*arguments, '--format', 'json'), parse_constant=refuse_constant)


def refused(status, *arguments, says):
    done = run(*arguments)
    assert done.returncode == status, f'{arguments}: {done.returncode} {done.stderr}'
    assert not done.stdout and done.stderr.count('\n') == 1, done.stderr
    for piece in [says] if isinstance(says, str) else says:
        assert piece in done.stderr, f'{done.stderr.strip()!r} does not say {piece!r}'


def validator_of(name):
    schema = json.loads((SCHEMAS / f'{name}.v1.json').read_text(encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def expect_fit(name, document):
    faults = sorted(validator_of(name).iter_errors(document), key=str)
    assert not faults, '\n'.join(f'{list(f.absolute_path)}: {f.message}' for f in faults[:5])


def with_file(text, *arguments, use=output_of, **more):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'training.yaml')
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding='utf-8')
        return use(*([more.pop('status')] if 'status' in more else []), path, *arguments, **more)


def measured_file():
    curves = [
        {
            'title': f'{gpus} GPUs',
            'network': network,
            'collective': 'all-reduce',
            'gpus': gpus,
            'points': [[2 ** (29 + i), time] for i, time in enumerate(times)],
        }
        for network, gpus, times, _ in CURVES
    ]
    return {'schema': 'assay/training/v1', 'measured': curves}


def ratio_of(*arguments):
    (case,) = document_of(*arguments)['cases']
    return case['ratio']


@tap.case
def half_the_network_costs_what_was_published():
    dense, sparse = document_of()['cases']
    assert dense['model']['name'] == 'llama-70b' and sparse['model']['name'] == 'mixtral-8x7b'
    assert abs(dense['ratio']['value'] - 0.90) < 0.005
    assert 0.89 < dense['ratio']['low'] < dense['ratio']['high'] < 0.91
    assert abs(sparse['ratio']['low'] - 0.80) < 0.005
    assert abs(sparse['ratio']['high'] - 0.85) < 0.005


@tap.case
def the_law_is_the_published_table():
    laws = document_of()['law']
    assert len(laws) == len(LAW)
    for law, (share, percents) in zip(laws, LAW):
        assert abs(law['share'] - share) < 0.0006
        for change, bandwidth, percent in zip(law['change'], (2, 0.75, 0.5, 0.25), percents):
            assert change['bandwidth'] == bandwidth
            assert f'{100 * change["mfu"]:.1f}' == f'{percent:.1f}'
    table = output_of()
    for _, percents in LAW:
        assert all(f'{percent:+.1f}%' in table for percent in percents)


@tap.case
def a_given_share_is_the_laws():
    (case,) = document_of('--preset', 'llama-70b', '--set', 'share=0.25')['cases']
    assert [round(100 * c['mfu'], 1) for c in case['law']['change']] == [14.3, -7.7, -20.0, -42.9]


@tap.case
def published_curves_are_two_numbers_each():
    fits = with_file(measured_file(), use=document_of)['measured']
    assert len(fits) == len(CURVES)
    for fit, (_, gpus, _, (alpha, busbw, half, worst)) in zip(fits, CURVES):
        assert fit['gpus'] == gpus
        assert round(fit['alpha_us']) == alpha
        assert round(fit['busbw_gb_per_s']) == busbw
        assert round(fit['half_bytes'] / 2**20) == half
        assert f'{100 * fit["worst_residual"]:.1f}' == f'{worst:.1f}'
    assert [fit['band'] for fit in fits] == ['at', 'at', 'at', 'half']
    text = with_file(measured_file())
    assert '100.0% of the 386 GB/s that the NICs give' in text


@tap.case
def equal_networks_are_worth_the_same():
    for network in 'h100-8x400', 'aws-p5', 'gb200-nvl72':
        ratio = ratio_of('--preset', 'mixtral-8x7b', '--network', network, '--network', network)
        assert ratio == {'value': 1, 'low': 1, 'high': 1}, ratio


@tap.case
def more_bandwidth_is_never_worth_less():
    before = 0
    for rate in 50, 100, 200, 400, 800, 1600:
        ratio = ratio_of('--preset', 'llama-70b', '--set', f'b.rate={rate}')['value']
        assert ratio >= before
        before = ratio


@tap.case
def set_is_of_one_network_or_of_both():
    plain = ratio_of('--preset', 'llama-70b')['value']
    both = ratio_of('--preset', 'llama-70b', '--set', 'message=30')['value']
    one = ratio_of('--preset', 'llama-70b', '--set', 'b.message=30')['value']
    assert one < both and one < plain
    (case,) = document_of('--preset', 'llama-70b', '--set', 'b.dead_nics=1')['cases']
    assert case['network_a']['name'] == 'h100-8x400'
    assert case['network_b']['name'] == 'h100-8x200, dead_nics 1'


@tap.case
def one_node_needs_no_network():
    ratio = ratio_of('--preset', 'llama3-8b', '--set', 'gpus=8', '--set', 'b.rate=10')
    assert ratio['value'] == 1


@tap.case
def prices_become_prices_of_tokens():
    (case,) = document_of('--preset', 'llama-70b', '--set', 'price_a=3', '--set', 'price_b=2.4')[
        'cases'
    ]
    expected = 0.8 / case['ratio']['value']
    assert abs(case['usd_ratio']['value'] - expected) < 2e-4
    tokens = case['step_a']['tokens_per_s'] * 3600
    assert abs(case['usd_per_billion_a']['value'] * tokens / 1e9 - 3) < 1e-3
    (case,) = document_of('--preset', 'llama-70b', '--set', 'price_a=3')['cases']
    assert case['usd_per_billion_b'] is None and case['usd_ratio'] is None


@tap.case
def every_preset_is_sound():
    models = sorted(path.stem for path in PRESETS.glob('model-*.yaml'))
    networks = sorted(path.stem for path in PRESETS.glob('network-*.yaml'))
    assert len(models) >= 5 and len(networks) >= 8
    listed = [line.split()[0] for line in output_of('--preset', 'list').splitlines()]
    assert listed == models + networks
    for model in models:
        expect_fit('training-result', document_of('--preset', model))
    for network in networks:
        short = network.removeprefix('network-')
        assert ratio_of('--preset', 'llama-70b', '--network', short)['value'] > 0
    for path in models + networks:
        preset = yaml.safe_load((PRESETS / f'{path}.yaml').read_text(encoding='utf-8'))
        assert preset['source'], path


@tap.case
def every_form_says_the_same():
    arguments = ('--preset', 'llama-70b')
    (case,) = document_of(*arguments)['cases']
    (row,) = csv.DictReader(io.StringIO(output_of(*arguments, '--format', 'csv')))
    assert float(row['ratio']) == case['ratio']['value']
    assert float(row['mfu_a']) == case['mfu_a']['value'] and row['usd_ratio'] == ''
    change = f'{100 * (case["ratio"]["value"] - 1):.0f}'
    for form in 'table', 'markdown':
        text = ' '.join(output_of(*arguments, '--format', form).split())
        assert change in text and 'uncertain by about 10%' in text
    rows = list(csv.DictReader(io.StringIO(with_file(measured_file(), '--format', 'csv'))))
    assert [row['alpha_us'] for row in rows] == ['259', '606', '890', '4674']


@tap.case
def the_same_input_gives_the_same_bytes():
    for form in 'table', 'json', 'csv', 'markdown':
        assert output_of('--format', form) == output_of('--format', form)


@tap.case
def results_and_files_fit_their_schemas():
    result = validator_of('training-result')
    document = document_of()
    expect_fit('training-result', document)
    expect_fit('training-result', with_file(measured_file(), use=document_of))
    expect_fit('training', measured_file())
    for key in document:
        assert not result.is_valid({k: v for k, v in document.items() if k != key}), key
    assert not result.is_valid(document | {'surprise': 1})
    assert not result.is_valid(document | {'schema': 'assay/other/v1'})
    form = validator_of('training')
    assert not form.is_valid({'schema': 'assay/training/v1'})
    assert not form.is_valid(measured_file() | {'surprise': 1})


@tap.case
def a_file_names_models_and_networks():
    text = """
schema: assay/training/v1
cases:
  - model: { preset: llama-70b, set: { gpus: { value: 256, source: our job } } }
    a: h100-8x400
    b: { preset: h100-8x400, set: { rate: 200, rails: 0 } }
"""
    expect_fit('training', yaml.safe_load(text))
    document = with_file(text, use=document_of)
    expect_fit('training-result', document)
    (case,) = document['cases']
    assert case['gpus'] == 256 and case['network_b']['name'] == 'h100-8x400, rate 200, rails 0'
    (gpus,) = [p for p in case['model']['parameters'] if p['name'] == 'gpus']
    assert gpus['origin'] == 'file' and gpus['source'] == 'our job'


@tap.case
def bad_words_are_refused():
    refused(65, '--set', 'gpu=8', says="the nearest is 'gpus'")
    refused(65, '--set', 'a.rat=8', says="the nearest is 'rate'")
    refused(65, '--set', 'gpus', says='NAME=VALUE')
    refused(65, '--set', 'compute_mfu=1.5', says='from 0.01 to 1 share')
    refused(65, '--set', 'gpus=10..20', says='whole number')
    refused(65, '--set', 'tensor=7', says='do not divide by tensor 7')
    refused(65, '--set', 'gpus=1000000', says='need more ports')
    refused(65, '--set', 'dead_nics=8', says='leave no network')
    refused(65, '--set', 'domain=12', says='whole nodes')
    refused(65, '--set', 'tokens=inf', says='tokens')
    refused(66, '--network', 'nope', says=('network-nope', 'network-h100-8x400'))
    refused(66, '--preset', 'nope', says=('model-nope', 'model-llama-70b'))
    refused(65, '--preset', PRESETS / 'network-aws-p5.yaml', says="not of 'training'")
    refused(64, *['--network', 'aws-p5'] * 3, says='two are compared')
    refused(66, 'not-there.yaml', says='not-there.yaml')


@tap.case
def bad_files_are_refused():
    good = measured_file()
    curve = good['measured'][0]

    def expect(change, says, status=65):
        document = good | {'measured': [curve | change]}
        with_file(document, use=refused, status=status, says=says)

    expect({'points': [[1, 2], [2, 3]]}, 'a fit takes 3')
    expect({'points': [[1, 3], [2, 2], [4, 1]]}, 'does not grow')
    expect({'points': [[1, 1], [1, 2], [1, 3]]}, 'one size')
    expect({'points': [[1, 1], [2, 0], [3, 3]]}, 'above 0')
    expect({'points': [[i + 1, i + 1] for i in range(65)]}, '64 at most')
    expect({'points': [[1, 'x'], [2, 2], [3, 3]]}, 'two numbers')
    expect({'collective': 'allreduce'}, 'no collective')
    expect({'gpus': 1}, 'from 2')
    expect({'network': 'nope'}, 'network-nope', status=66)
    expect({'surprise': 1}, 'surprise')
    with_file('schema: assay/training/v1\n', use=refused, status=65, says='neither cases nor')
    with_file('schema: other\n', use=refused, status=65, says='assay/training/v1')
    with_file('', use=refused, status=65, says='schema')
    with_file('cases: [', use=refused, status=65, says='line')
    with_file(good, '--preset', 'llama-70b', use=refused, status=64, says='leave --preset')


tap.run()
