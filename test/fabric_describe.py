#!/usr/bin/python3
"""What is wrong with an invented fabric is named, at its place, and of a sound one nothing is said."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.path[:0] = ['tools', 'test', 'test/fabric']
import generate
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')

SHAPES = {
    'rails of two tiers': {'shape': 'rail', 'groups': 4, 'nodes': 8, 'rails': 8, 'spines': 8},
    'rails with cables in pairs': {'shape': 'rail', 'groups': 3, 'nodes': 8, 'rails': 4, 'spines': 2,
                                   'cables': 4},
    'rails of three tiers, with SHARP': {'shape': 'rail', 'groups': 2, 'nodes': 8, 'rails': 4,
                                         'spines': 4, 'pods': 4, 'cores': 8, 'sharp': True},
    'rails that do not meet': {'shape': 'rail-only', 'groups': 3, 'nodes': 8, 'rails': 4, 'spines': 2,
                               'cables': 2},
    'racks': {'shape': 'classic', 'groups': 4, 'nodes': 8, 'rails': 8, 'spines': 4, 'cables': 4},
    'a dragonfly': {'shape': 'dragonfly', 'groups': 6, 'nodes': 4, 'rails': 4, 'pods': 6},
}


def describe(fabric, *options, with_hosts=False, form='json'):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'fabric.txt').write_text(fabric.text(), encoding='utf-8')
        (folder / 'hosts.txt').write_text(fabric.hosts(), encoding='utf-8')
        files = ['fabric.txt', 'hosts.txt'] if with_hosts else ['fabric.txt']
        done = subprocess.run([os.path.abspath(ASSAY), 'fabric', 'describe', '--format', form, *options,
                               *files], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 2), done.stderr
    return done.returncode, json.loads(done.stdout) if form == 'json' else done.stdout


def brief(finding):
    return f"{finding['fault']} at {finding['place']}: {finding['text']}"


def expect_only(document, faults):
    strangers = [brief(f) for f in document['findings'] if f['fault'] not in faults]
    assert not strangers, strangers


def named(document, fault):
    found = [f for f in document['findings'] if f['fault'] == fault]
    assert found, [brief(f) for f in document['findings']] or 'no finding'
    return found


def place(end):
    return f'{end[0]} port {end[1]}'


def expect_swap(document, truth):
    ends = {place(end) for end in truth['ports']}
    for finding in named(document, 'swapped-cables'):
        if {finding['place'], finding['other']} == ends:
            return
    raise AssertionError((ends, [brief(f) for f in document['findings']]))


def expect_place(fault):
    def look(document, truth):
        ends = {place(end) for end in truth['ports']}
        assert any(f['place'] in ends or f['other'] in ends for f in named(document, fault)), (
            ends, [brief(f) for f in document['findings']])
    return look


def expect_guid(document, truth):
    for guid in truth.get('guids', [truth.get('guid')]):
        assert any(guid in f['text'] for f in named(document, 'unnamed-adapter')), guid


def expect_text(fault):
    return lambda document, truth: named(document, fault)


LOOKS = {
    'swap': (expect_swap, {'swapped-cables'}),
    'missing uplink': (expect_place('missing-uplink'), {'missing-uplink'}),
    'degraded link': (expect_place('slow-link'), {'slow-link'}),
    'duplicate GUID': (expect_text('duplicate-guid'), {'duplicate-guid', 'missing-adapter', 'one-sided',
                                                       'unseen-adapter', 'doubtful-host'}),
    'unnamed HCA': (expect_guid, {'unnamed-adapter'}),
    'unnamed host': (expect_guid, {'unnamed-adapter'}),
    'one-sided': (expect_text('one-sided'), {'one-sided'}),
}


def choose(fabric, **wanted):
    return [a for a in fabric.hosts_adapters() if all(a.told[k] == v for k, v in wanted.items())]


def swap_groups(fabric):
    """Cables of one rail between two groups."""
    fabric.swap(choose(fabric, group=0, rail=1)[2], choose(fabric, group=2, rail=1)[5 % 4])


def swap_all(fabric):
    """Of two rails and two groups."""
    fabric.swap(choose(fabric, group=1, rail=0)[3], choose(fabric, group=2, rail=3)[1])


BREAKS = {
    'two cables of one leaf': generate.Fabric.swap,
    'two cables of two groups': swap_groups,
    'two cables of two groups and rails': swap_all,
    'a missing uplink': generate.Fabric.missing_uplink,
    'a degraded link': generate.Fabric.degraded,
    'two devices of one GUID': generate.Fabric.duplicate_guid,
    'an adapter without a name': generate.Fabric.unnamed,
    'a host without a name': generate.Fabric.unnamed_host,
    'a cable with one end': generate.Fabric.one_sided,
}


def look_sound(sizes, seed):
    for with_hosts in (False, True):
        status, document = describe(generate.make(seed=seed, **sizes), with_hosts=with_hosts)
        assert not document['findings'], [brief(f) for f in document['findings']]
        assert status == 0, status


def look_broken(sizes, name, seed):
    fabric = generate.make(seed=seed, **sizes)
    if not fabric.uplinks() and name in ('a missing uplink', 'a cable with one end'):
        return
    BREAKS[name](fabric)
    # A list of hosts would name an adapter that does not name itself.
    _, document = describe(fabric, with_hosts='without a name' not in name and seed % 2 == 0)
    for truth in fabric.faults:
        look, faults = LOOKS[truth['kind']]
        look(document, truth)
        expect_only(document, faults)


def attempt(function, *arguments):
    try:
        function(*arguments)
    except AssertionError as error:
        return [str(error)]
    return []


def look_style():
    expected = {'rails of two tiers': 'rail-optimised', 'rails that do not meet': 'rail-only',
                'racks': 'classic', 'a dragonfly': 'classic'}
    for name, style in expected.items():
        _, document = describe(generate.make(**SHAPES[name]))
        fabric = document['fabrics'][0]
        assert (fabric['style'], fabric['score'], len(document['fabrics'])) == (style, 1, 1), (name, fabric)
    _, document = describe(generate.make(**SHAPES['rails of three tiers, with SHARP']))
    fabric = document['fabrics'][0]
    assert [tier['switches'] for tier in fabric['tiers']] == [32, 16, 32], fabric['tiers']
    assert fabric['aggregators'] == 80, fabric
    assert len({group['pod'] for group in document['groups']}) == 4, document['groups']


def look_groups():
    fabric = generate.make(**SHAPES['rails of three tiers, with SHARP'])
    truth = fabric.truth()['hosts']
    _, document = describe(fabric)
    for group in document['groups']:
        assert len({truth[host]['group'] for host in group['hosts']}) == 1, group
        assert len(group['hosts']) == 8, group


def look_between():
    fabric = generate.make(**SHAPES['rails of three tiers, with SHARP'])
    for other, switches in (('gpu00002', 1), ('gpu00009', 3), ('gpu00064', 5)):
        _, document = describe(fabric, '--between', f'gpu00001,{other}')
        assert document['between']['switches'] == switches, document['between']
        assert document['between']['rails'] == [switches] * 4, document['between']


def look_truncated():
    fabric = generate.make(**SHAPES['rails of two tiers'])
    fabric.truncated()
    status, document = describe(fabric)
    named(document, 'truncated')
    assert document['partial'] and status in (1, 2), status


def look_drawing():
    for name in ('rails of two tiers', 'a dragonfly'):
        fabric = generate.make(**SHAPES[name])
        fabric.degraded()
        _, drawing = describe(fabric, form='svg')
        root = xml.etree.ElementTree.fromstring(drawing)
        marks = [e for e in root.iter('{http://www.w3.org/2000/svg}rect') if e.get('class') == 'fail']
        assert len(marks) >= 3, 'the fault, its key in the legend, and its mark before the words'
        assert 'What was found' in drawing and 'reseat, clean or change the cable' in drawing
        _, page = describe(fabric, form='html')
        assert 'slow-link' in page and 'What was found' not in page and '<svg' in page and 'http-equiv' in page


def look_nameless():
    """An adapter without a name makes no host more."""
    fabric = generate.make(**SHAPES['rails of two tiers'])
    fabric.unnamed()
    _, document = describe(fabric)
    assert document['fabrics'][0]['hosts'] == 32 and document['unnamed_hosts'] == 1, document['fabrics']
    _, table = describe(fabric, form='markdown')
    assert '256 adapters of 32 hosts; nothing names the host of 1 more.' in table, table[:300]


def look_partial_drawing():
    """Whoever gets the drawing alone sees that it is not all."""
    fabric = generate.make(**SHAPES['rails of two tiers'])
    _, whole = describe(fabric, form='svg')
    assert 'Not everything was seen' not in whole and 'fabric.txt&#39;: 40 switches, 32 hosts' in whole
    fabric.truncated()
    _, partial = describe(fabric, form='svg')
    assert 'Not everything was seen' in partial


def look_lines():
    """Cables of leaves that stand side by side do not hide behind each other."""
    fabric = generate.make(**SHAPES['a dragonfly'])
    _, drawing = describe(fabric, form='svg')
    root = xml.etree.ElementTree.fromstring(drawing)
    lines = [e for e in root.iter('{http://www.w3.org/2000/svg}line') if e.get('class') == 'cable' and e.get('x1') != '550.0']
    assert not [e.attrib for e in lines if e.get('y1') == e.get('y2') and float(e.get('y1')) > 60], 'flat lines'
    assert len([e for e in root.iter('{http://www.w3.org/2000/svg}path') if e.get('class') == 'cable arc']) > 40


def look_storage():
    """A host is counted on each fabric that it is on, in the leaf group that it is in there."""
    fabric = generate.make('rail', groups=2, nodes=8, rails=4, spines=4)
    leaves = [fabric.add_switch(40, f'storage-{i}', tier=0, group=None, pod=0, rail=None) for i in range(2)]
    above = fabric.add_switch(40, 'above', tier=1, group=None, pod=0, rail=None)
    for number, leaf in enumerate(leaves):
        for cable in range(4):
            fabric.cable(leaf, 30 + cable, above, 1 + number * 4 + cable, rate='4xHDR')
    names = sorted({a.told['host'] for a in fabric.hosts_adapters()})
    for number, host in enumerate(names):
        fabric.cable(leaves[number % 2], number // 2 + 1, fabric.add_adapter(host, 4, group=None, pod=0), 1, rate='4xHDR')
    status, document = describe(fabric)
    assert status == 0 and [f['name'] for f in document['fabrics']] == ['compute', 'storage'], document
    groups = {g['name']: g['hosts'] for g in document['groups'] if g['fabric'] == 'storage'}
    assert groups == {'storage-0': names[0::2], 'storage-1': names[1::2]}, groups
    _, drawing = describe(fabric, form='svg')
    assert 'storage-0: 8' in drawing and 'storage: unknown, 16 hosts in 2 leaf groups' in drawing, drawing[:3000]
    root = xml.etree.ElementTree.fromstring(drawing)
    boxes = [e for e in root.iter('{http://www.w3.org/2000/svg}rect') if e.get('class') == 'host']
    assert len(boxes) == 2 * 16 + 1, len(boxes)


def look_loop():
    """A cable between two ports of one switch is no way up."""
    fabric = generate.make(**SHAPES['rails of two tiers'])
    leaf = fabric.switches[3]
    leaf.ports += 2
    fabric.cable(leaf, leaf.ports - 1, leaf, leaf.ports)
    status, document = describe(fabric)
    expect_only(document, {'loop'})
    found = named(document, 'loop')
    assert [one['place'] for one in found] == [f"{leaf.told['name']} port {leaf.ports - 1}"] and status == 1, found
    assert f'port {leaf.ports} of the same switch' in found[0]['text'], found
    its = next(one for one in document['switches'] if one['name'] == leaf.told['name'])
    assert (its['up'], its['across'], its['blocking']) == (8, 0, 1), its


def look_rating():
    """Records of the wiring settle what it can, and a bound is no measurement."""
    thin, level = SHAPES['rails of two tiers'] | {'spines': 4}, SHAPES['rails of two tiers']
    for sizes, settled in ((thin, True), (level, False)):
        with tempfile.TemporaryDirectory() as name:
            bundle = pathlib.Path(name, 'fabric.json')
            describe(generate.make(**sizes), '--provider', 'p', '--cluster', 'c', '--bundle', str(bundle))
            shown = {}
            for criterion in ('networking.cross-leaf', 'networking.rail-group', 'reliability.link-flaps'):
                done = subprocess.run([os.path.abspath(ASSAY), 'explain', 'p', criterion, f'--evidence={bundle}'],
                                      capture_output=True, text=True, check=False)
                shown[criterion] = ' '.join(done.stdout.split())
        assert 'answer: 8 nodes' in shown['networking.rail-group'], shown
        assert ('by check fabric-blocking: 2 times as much' in shown['networking.cross-leaf']) == settled, shown
        assert ('answer: not known' in shown['networking.cross-leaf']) != settled, shown
        assert 'answer: not known' in shown['reliability.link-flaps'], shown
    done = subprocess.run([os.path.abspath(ASSAY), 'fabric', 'describe', '--bundle=x.json', 'none.txt'],
                          capture_output=True, text=True, check=False)
    assert done.returncode >= 64 and '--bundle needs --provider' in done.stderr, done


def look_rating_of_faults():
    """What is wrong with cables bears on the criteria that it concerns, with the place, and on no other."""
    def slow(fabric):
        leaf, port = fabric.leaf_of(choose(fabric, rail=1)[3])
        end, other, _ = leaf.ends[port]
        leaf.ends[port], end.ends[other] = (end, other, '1xNDR'), (leaf, port, '1xNDR')

    cases = {'networking.rail-bandwidth': (slow, 'by check fabric-rates: the slowest link of a host runs at 25 %'),
             'networking.cross-leaf': (generate.Fabric.missing_uplink, 'by check fabric-uplinks: 1 missing-uplink'),
             'networking.rail-group': (swap_groups, 'by check fabric-cabling: 1 swapped-cables: leaf'),
             'networking.adapter-names': (generate.Fabric.unnamed, 'by check fabric-adapters: 1 unnamed-adapter')}
    for broken, (wreck, _) in cases.items():
        fabric = generate.make(**SHAPES['rails of two tiers'])
        wreck(fabric)
        with tempfile.TemporaryDirectory() as name:
            bundle = pathlib.Path(name, 'fabric.json')
            describe(fabric, '--provider', 'p', '--cluster', 'c', '--bundle', str(bundle))
            for criterion, (_, words) in cases.items():
                done = subprocess.run([os.path.abspath(ASSAY), 'explain', 'p', criterion, f'--evidence={bundle}'],
                                      capture_output=True, text=True, check=False)
                shown = ' '.join(done.stdout.split())
                assert (words in shown) == (criterion == broken), (broken, criterion, shown, done.stderr)


def counters(downs):
    """Records of two hosts that tell how often their links went down."""
    for number, (guid, host, device, count) in enumerate(downs):
        shared = {'schema': 'assay/evidence/v1', 'kind': 'measurement', 'strength': 'E1', 'observed': '2026-11-01',
                  'source': {'name': 'assay check'}}
        for what, about, says in (('node.rdma.node.guid', f'rdma:{device}', {'state': f'0x{guid:016x}'}),
                                  ('node.rdma.counter', f'rdma:{device}/1/link_downed',
                                   {'value': count, 'unit': 'events'})):
            yield json.dumps({**shared, **says, 'id': f'{what}-{number}', 'what': what,
                              'subject': {'provider': 'p', 'node': host, 'device': about}})


def look_counters():
    fabric = generate.make(**SHAPES['rails that do not meet'])
    adapters = choose(fabric, rail=0)[:2]
    lines = counters((a.guid, a.told['host'], a.told['device'], 2 * n) for n, a in enumerate(adapters))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'fabric.txt').write_text(fabric.text(), encoding='utf-8')
        (folder / 'hosts.jsonl').write_text('\n'.join(lines) + '\n', encoding='utf-8')
        done = subprocess.run([os.path.abspath(ASSAY), 'fabric', 'describe', '--format=jsonl', 'fabric.txt', 'hosts.jsonl'],
                              cwd=folder, capture_output=True, text=True, check=False)
    told = {(r['what'], r['subject'].get('device')): r.get('value') for r in map(json.loads, done.stdout.splitlines())}
    assert told['fabric.link.counted', 'fabric:compute'] == 2, told
    assert told['fabric.link.uncounted', 'fabric:compute'] == told['fabric.links', 'fabric:compute'] - 2, told
    assert told['fabric.link.downs', 'fabric:compute'] == 2, told


def look_errors():
    with tempfile.TemporaryDirectory() as name:
        (pathlib.Path(name) / 'poem.txt').write_text('no fabric\n', encoding='utf-8')
        for file, words in (('none.txt', 'none.txt'), ('poem.txt', 'no known form')):
            done = subprocess.run([os.path.abspath(ASSAY), 'fabric', 'describe', file], cwd=name,
                                  capture_output=True, text=True, check=False)
            assert done.returncode >= 64 and words in done.stderr, done.stderr
            assert done.stderr.count('\n') == 1, done.stderr
    _, document = describe(generate.make(**SHAPES['racks']))
    assert document['between'] is None


def cases():
    for name, sizes in SHAPES.items():
        yield f'of {name} that are sound nothing is said', attempt(look_sound, sizes, 1)
        for broken in BREAKS:
            seeds = range(1, 1 + int(os.environ.get('ASSAY_FABRIC_SEEDS', '1')))
            yield f'{name}: {broken}', [c for seed in seeds for c in attempt(look_broken, sizes, broken,
                                                                             seed)]
    for name, look in (('styles, tiers and pods', look_style), ('groups are those of the truth', look_groups),
                       ('hops between hosts', look_between), ('a text cut short is partial', look_truncated),
                       ('the drawing marks the fault', look_drawing),
                       ('a drawing of a part says so', look_partial_drawing),
                       ('a nameless adapter is no host more', look_nameless),
                       ('cables side by side are drawn apart', look_lines),
                       ('hosts are on each of their fabrics', look_storage),
                       ('a cable back into its switch', look_loop),
                       ('a rating takes what the wiring tells', look_rating),
                       ('a rating takes each fault where it belongs', look_rating_of_faults),
                       ('links that went down are counted', look_counters),
                       ('errors are one line', look_errors)):
        yield name, attempt(look)


tap.report(cases())
