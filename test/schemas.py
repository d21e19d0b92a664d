#!/usr/bin/python3
"""What the program prints, and all evidence, fits the published schemas; what is wrong does not."""
import atexit
import copy
import datetime
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import yaml

sys.path[:0] = ['tools', 'test', 'test/fabric']
import generate
import machines
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
SCHEMAS = pathlib.Path('data/schema')
KINDS = ('h100x8', 'gb200x4', 'mi300x8', 'bare')


class PlainLoader(yaml.SafeLoader):
    """YAML as assay reads it: a day is text, and so are yes and no."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((':int', ':float'))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@functools.cache
def validator_of(name):
    schema = json.loads((SCHEMAS / f'{name}.v1.json').read_text(encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def refuse_constant(name):
    raise ValueError(f'{name} is not JSON')


def output_of(*arguments, good=(0, 2)):
    done = subprocess.run([ASSAY, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode in good, done.stderr
    return done.stdout


def document_of(*arguments, good=(0, 2)):
    text = output_of(*arguments, '--format', 'json', good=good)
    return json.loads(text, parse_constant=refuse_constant)


def expect_fit(name, document):
    faults = sorted(validator_of(name).iter_errors(document), key=str)
    places = ['/'.join(map(str, fault.absolute_path)) + ': ' + fault.message for fault in faults]
    assert not faults, '\n'.join(places[:5])


def variants(document):
    """Copies with one thing wrong, and the name of what that is."""
    unknown = copy.deepcopy(document)
    unknown['surprise'] = 1
    yield 'an unknown field', unknown
    version = copy.deepcopy(document)
    version['schema'] = 'assay/other/v2'
    yield 'another schema', version
    for key in document:
        missing = copy.deepcopy(document)
        del missing[key]
        yield f'no {key}', missing
        other = copy.deepcopy(document)
        other[key] = datetime.date(2025, 1, 1)
        yield f'a date object as {key}', other


def expect_refusals(name, document, optional=()):
    validator = validator_of(name)
    for what, wrong in variants(document):
        if what.removeprefix('no ') not in optional:
            assert not validator.is_valid(wrong), f'{name}: {what} is accepted'


def check(name, *arguments, optional=()):
    document = document_of(*arguments)
    assert document['schema'] == f'assay/{name}/v1', document['schema']
    expect_fit(name, document)
    expect_refusals(name, document, optional)


def first_provider(number=0):
    return document_of('rate', '--draws', '0')['providers'][number]['name']


def first_criterion():
    return document_of('criteria')['criteria'][0]['id']


@tap.case
def every_schema_is_one():
    for path in sorted(SCHEMAS.glob('*.json')):
        validator_of(path.name.removesuffix('.v1.json'))


@tap.case
def the_league_fits():
    check('league', 'rate', '--draws', '200')
    expect_fit('league', document_of('rate', '--draws', '0'))
    expect_fit('league', document_of('rate', '--draws', '0', '--profile', 'inference'))
    expect_fit('league', document_of('rate', '--draws', '0', '--as-of', '1999-12-31'))


@tap.case
def every_provider_fits():
    for provider in document_of('rate', '--draws', '0')['providers']:
        expect_fit('provider', document_of('explain', provider['name'], '--draws', '50'))
    check('provider', 'explain', first_provider(), '--draws', '0')


@tap.case
def what_a_store_says_fits():
    with tempfile.TemporaryDirectory() as folder:
        at = ['--store', f'{folder}/store.db']
        output_of('store', 'init', *at)
        output_of('store', 'import', 'data/evidence', *at)
        output_of('rate', '--draws', '50', '--publish', *at)
        check('store-stats', 'store', 'stats', *at)
        heads = output_of('store', 'ratings', '--format', 'json', *at).splitlines()
        expect_fit('published', json.loads(heads[0]))
        rows = output_of('store', 'export', 'ratings', *at).splitlines()[1:]
        for row in rows:
            expect_fit('published-row', json.loads(row))
        for line in output_of('store', 'export', *at).splitlines():
            expect_fit('store-entry', json.loads(line))


@tap.case
def criteria_fit():
    check('criteria', 'criteria')
    for criterion in document_of('criteria')['criteria'][::25]:
        expect_fit('criterion', document_of('criteria', criterion['id']))


@tap.case
def a_criterion_with_and_without_a_rating_fits():
    head = ('evidence', 'as_of', 'profile', 'seed', 'draws', 'rating', 'providers')
    check('criterion', 'criteria', first_criterion())
    document = document_of('explain', first_provider(), first_criterion(), '--draws', '0')
    expect_fit('criterion', document)
    for key in head[:-2]:
        half = {k: v for k, v in document.items() if k != key}
        assert not validator_of('criterion').is_valid(half), f'half a head without {key}'


@tap.case
def a_comparison_fits():
    check('comparison', 'compare', first_provider(0), first_provider(-1), '--draws', '50')


@tap.case
def an_agreement_fits():
    for path in sorted(pathlib.Path('data/reference').glob('*.yaml')):
        check('agreement', 'rate', '--draws', '0', '--against', str(path))


@tap.case
def a_list_of_records_fits():
    check('evidence-list', 'evidence', 'show')
    with tempfile.TemporaryDirectory() as folder:
        bundle = f'{folder}/bundle.json'
        words = ['check', '--profile', 'quick', '--provider', 'x', '--node', 'n1', '--bundle', bundle]
        subprocess.run([ASSAY, *words], stdout=subprocess.DEVNULL, check=False)
        check('evidence-list', 'evidence', 'show', '--evidence', bundle)


@tap.case
def all_evidence_fits_the_form_that_people_write():
    paths = sorted(pathlib.Path('data/evidence').rglob('*.yaml'))
    assert paths
    for path in paths:
        document = yaml.load(path.read_text(encoding='utf-8'), PlainLoader)
        try:
            expect_fit('evidence-yaml', document)
        except AssertionError as error:
            raise AssertionError(f'{path}: {error}') from None
    expect_refusals('evidence-yaml', document, optional=('defaults',))


def canonical_lines():
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder, 'all.jsonl')
        output_of('evidence', 'add', '--quiet', '--to', str(target), 'data/evidence')
        return target.read_text(encoding='utf-8').splitlines()


@tap.case
def all_evidence_fits_the_form_that_machines_exchange():
    lines = canonical_lines()
    assert lines
    for line in lines:
        expect_fit('evidence-record', json.loads(line, parse_constant=refuse_constant))
        assert line == json.dumps(
            json.loads(line), sort_keys=True, separators=(',', ':'), ensure_ascii=False
        ), f'not canonical: {line}'


@functools.cache
def workshop():
    """A folder for the roots of machines; it goes when the process ends."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return pathlib.Path(folder.name)


@functools.cache
def root_of(kind):
    """The root of a healthy machine of that kind, made once."""
    root = workshop() / kind
    machines.healthy(kind).write(root)
    return str(root)


def short(document, *lists):
    """With one item in each of these lists: what is wrong at the top is refused all the same."""
    return document | {name: document[name][:1] for name in lists}


@tap.case
def a_checkup_fits():
    for kind in KINDS:
        expect_fit('checkup', document_of('check', '--root', root_of(kind), good=(0, 1, 2)))
    root = root_of('h100x8')
    for profile in 'quick', 'security':
        expect_fit('checkup', document_of('check', '--root', root, '--profile', profile, good=(0, 1, 2)))
    document = document_of('check', '--root', root, '--provider', 'someone', good=(0, 1, 2))
    expect_fit('checkup', document)
    assert document['provider'] == 'someone'
    expect_refusals('checkup', short(document, 'checks'), ('provider', 'model', 'handbook'))
    document['checks'][0]['findings'][0]['verdict'] = 'fine'
    assert not validator_of('checkup').is_valid(document)


@tap.case
def a_checkup_that_fails_fits():
    machine = machines.healthy('bare')
    machine.say('watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [a"<b>&c:1234]')
    root = workshop() / 'broken'
    machine.write(root)
    document = document_of('check', '--root', str(root), good=(1,))
    expect_fit('checkup', document)
    assert document['gate'] == 'fail'


@tap.case
def a_test_fits():
    plan = document_of('test', '--provider', 'someone', good=(2,))
    expect_fit('test', plan)
    expect_refusals('test', plan, ('provider',))
    assert 'checkup' not in plan and 'ended' not in plan['tests'][0]
    document = document_of('test', 'processor', '--consent', 'load', good=(0, 1, 2))
    expect_fit('test', document)
    expect_fit('checkup', document['checkup'])
    assert document['tests'][0]['ended'] == 'done' and document['measurements']
    document['tests'][0]['ended'] = 'well'
    assert not validator_of('test').is_valid(document)


@tap.case
def a_fabric_fits():
    fabric = generate.make('rail', groups=2, nodes=4, rails=4, spines=2, pods=2, cores=2, sharp=True)
    for breaks in (fabric.swap, fabric.missing_uplink, fabric.degraded, fabric.unnamed):
        breaks()
    file = workshop() / 'fabric.txt'
    file.write_text(fabric.text(), encoding='utf-8')
    document = document_of('fabric', 'describe', '--between', 'gpu00001,gpu00009', str(file), good=(1,))
    expect_fit('fabric', document)
    expect_refusals('fabric', short(document, 'groups', 'switches', 'findings'))
    for line in output_of('fabric', 'describe', '--format', 'jsonl', str(file), good=(1,)).splitlines():
        expect_fit('evidence-record', json.loads(line, parse_constant=refuse_constant))
def a_fabric_that_was_found_fits():
    sys.path[:0] = ['test/fabric']
    import generate
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'fabric.txt')
        path.write_text(generate.make('rail', nodes=2, rails=2, spines=2, sharp=True).text(), encoding='utf-8')
        document = document_of('fabric', 'discover', str(path), good=(0,))
    expect_fit('fabric-found', document)
    expect_refusals('fabric-found', document)


@tap.case
def an_inventory_fits():
    for kind in KINDS:
        expect_fit('inventory', document_of('inventory', '--root', root_of(kind)))


@tap.case
def an_inventory_against_a_golden_node_fits():
    root, golden = root_of('bare'), str(workshop() / 'golden.jsonl')
    output_of('inventory', '--root', root, '--format', 'jsonl', '--output', golden)
    for line in pathlib.Path(golden).read_text(encoding='utf-8').splitlines():
        expect_fit('evidence-record', json.loads(line, parse_constant=refuse_constant))
    document = document_of('inventory', '--root', root, '--golden', golden, good=(0,))
    expect_fit('inventory', document)
    expect_refusals('inventory', document)
    assert document['golden']['differences'] == []

    release = pathlib.Path(root, 'proc/sys/kernel/osrelease')
    before = release.read_text(encoding='utf-8')
    release.write_text('6.8.0-99-generic\n', encoding='utf-8')
    document = document_of('inventory', '--root', root, '--golden', golden, good=(1,))
    release.write_text(before, encoding='utf-8')
    expect_fit('inventory', document)
    differences = [(d['what'], d['was'], d['is']) for d in document['golden']['differences']]
    assert ('node.kernel', before.strip(), '6.8.0-99-generic') in differences


@tap.case
def a_bundle_fits():
    path, key = str(workshop() / 'bundle.json'), str(workshop() / 'key')
    for signed in [], ['--key', key, '--nonce', 'from whoever rates']:
        output_of('check', '--root', root_of('bare'), '--provider', 'someone', '--bundle', path, *signed, good=(0, 1, 2))
        document = json.loads(pathlib.Path(path).read_text(encoding='utf-8'), parse_constant=refuse_constant)
        expect_fit('bundle', document)
        assert {r['strength'] for r in document['records']} == {'E2' if signed else 'E1'}
        document = short(document, 'records')
        expect_refusals('bundle', document, () if signed else ('nonce', 'key', 'signature'))
    for name in 'nonce', 'key', 'signature':
        half = {k: v for k, v in document.items() if k != name}
        assert not validator_of('bundle').is_valid(half), f'a signature without {name}'


@tap.case
def a_wrong_record_is_refused():
    validator = validator_of('evidence-record')
    record = json.loads(canonical_lines()[0])
    assert validator.is_valid(record)
    for change in [
        {'strength': 'E5'},
        {'kind': 'rumour'},
        {'observed': '26.3.2025'},
        {'id': 'With Blanks'},
        {'hash': 'sha256:12'},
        {'value': 1, 'unit': 's', 'answer': 'yes'},
        {'value': 1},
        {'due': 'soon'},
        {'excerpt': 'x' * 2001},
        {'subject': {'product': 'no-provider'}},
        {'subject': {'provider': 'a', 'planet': 'mars'}},
        {'source': {}},
    ]:
        wrong = {k: v for k, v in record.items() if 'value' not in change or k != 'answer'}
        assert not validator.is_valid(wrong | change), f'{change} is accepted'


def changed(document, *path_and_value):
    """A copy with one thing changed: names and numbers that lead there, and what to put; None: gone."""
    *path, last, value = path_and_value
    copied = copy.deepcopy(document)
    at = copied
    for step in path:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return copied


def expect_agreement(name, group, option, document, good, bad):
    """Program and schema take the same files."""
    with tempfile.TemporaryDirectory() as folder:
        for what, is_good in [*((one, True) for one in (document, *good)), *((one, False) for one in bad)]:
            path = pathlib.Path(folder, 'file.yaml')
            path.write_text(yaml.safe_dump(what, sort_keys=False), encoding='utf-8')
            done = subprocess.run([ASSAY, 'test', group, option, path, '--root', root_of('bare')], capture_output=True,
                                  text=True, check=False)
            said = done.stdout + done.stderr
            assert validator_of(name).is_valid(what) == is_good, f'{name}: the schema is wrong about {what}'
            refused = done.returncode >= 64 or f'{path}:' in said
            assert refused != is_good, f'{name}: the program is wrong about {what}: {said}'


@tap.case
def files_of_claims_fit_and_are_refused_by_program_and_schema_alike():
    document = yaml.load(pathlib.Path('data/example/claims-h100.yaml').read_text(encoding='utf-8'), PlainLoader)
    small = changed(document, 'claims', document['claims'][:2])
    read = {'what': 'storage-read', 'value': 20, 'unit': 'GB/s', 'folder': '/mnt/shared'}
    expect_refusals('claims', document, optional=('provider', 'product', 'source', 'day'))
    expect_agreement('claims', 'processor', '--claims', document, [
        changed(small, 'source', 'a page'),
        changed(small, 'claims', [read, read | {'what': 'storage-write'}]),
        changed(small, 'claims', [{'what': 'memory', 'value': 2, 'unit': 'TiB', 'counts': ['about', 'up-to']}]),
    ], [
        changed(small, 'schema', 'assay/claims/v2'),
        changed(small, 'claims', []),
        changed(small, 'day', None),
        changed(small, 'source', None),
        changed(small, 'day', 'yesterday'),
        changed(small, 'claims', 0, 'what', 'colour'),
        changed(small, 'claims', 0, 'is', None),
        changed(small, 'claims', 0, 'value', 8),
        changed(small, 'claims', 1, 'unit', 'GB'),
        changed(small, 'claims', 1, 'unit', None),
        changed(small, 'claims', 1, 'value', 0),
        changed(small, 'claims', 1, 'value', 'eight'),
        changed(small, 'claims', 1, 'front-end', 1),
        changed(small, 'claims', 1, 'folder', '/mnt'),
        changed(small, 'claims', 1, 'counts', ['twice']),
        changed(small, 'claims', 1, 'words', 'x' * 301),
        changed(small, 'claims', 1, 'surprise', 1),
        changed(small, 'claims', [changed(read, 'folder', None)]),
        changed(small, 'claims', [changed(read, 'folder', 'mnt')]),
        changed(small, 'claims', [{'what': 'uptime', 'value': 101, 'unit': '%'}]),
    ])


@tap.case
def files_of_commands_fit_and_are_refused_by_program_and_schema_alike():
    document = yaml.load(pathlib.Path('data/example/start-commands.yaml').read_text(encoding='utf-8'), PlainLoader)
    small = changed(document, 'commands', document['commands'][:1])
    expect_refusals('start-commands', document)
    expect_agreement('start-commands', 'start', '--commands', document, [
        changed(small, 'instance-created', 1795680000),
        changed(small, 'commands', 0, 'words', ['sleep', 1]),
        changed(small, 'commands', 0, 'environment', ['A=', 'B=c=d']),
    ], [
        changed(small, 'schema', 'assay/start-commands/v2'),
        changed(small, 'instance-created', 'today'),
        changed(small, 'commands', 0, 'name', 'a b'),
        changed(small, 'commands', 0, 'name', 'x' * 41),
        changed(small, 'commands', 0, 'kind', 'coffee'),
        changed(small, 'commands', 0, 'kind', None),
        changed(small, 'commands', 0, 'words', []),
        changed(small, 'commands', 0, 'words', ['']),
        changed(small, 'commands', 0, 'words', ['x'] * 65),
        changed(small, 'commands', 0, 'repetitions', 0),
        changed(small, 'commands', 0, 'repetitions', 101),
        changed(small, 'commands', 0, 'cache', 'hot'),
        changed(small, 'commands', 0, 'limit', 7201),
        changed(small, 'commands', 0, 'bytes', -1),
        changed(small, 'commands', 0, 'path', 'wide'),
        changed(small, 'commands', 0, 'as', 'root'),
        changed(small, 'commands', 0, 'environment', ['HOME']),
        changed(small, 'commands', 0, 'surprise', 1),
    ])


@tap.case
def faults_of_topology_files_fit():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'topology.conf')
        path.write_text('SwitchName=a Nodes=n1\nSwitchName=a\n', encoding='utf-8')
        words = ('fabric', 'lint', f'--against={path}')
        document = document_of(*words, good=(1,))
        assert document['findings']
        expect_fit('fabric-lint', document)
        expect_refusals('fabric-lint', document)


tap.run()
