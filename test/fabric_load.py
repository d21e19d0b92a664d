#!/usr/bin/python3
"""What commands of a fabric take: each form of file, several together, and what is none."""
import atexit
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = ['tools', 'test/fabric']
import generate
import tap
from tap import case

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))

work = pathlib.Path(tempfile.mkdtemp(prefix='assay-fabric-'))
atexit.register(shutil.rmtree, work, ignore_errors=True)


def put(name, content):
    path = work / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def topology(*files, given=None, status=0, form='hosts'):
    done = subprocess.run([ASSAY, 'fabric', 'topology', '--for', form, *map(str, files)], input=given,
                          capture_output=True, cwd=work, check=False, timeout=60)
    assert done.returncode == status, (done.returncode, done.stderr.decode())
    return done.stdout.decode(), done.stderr.decode()


def command(name, *arguments, status=0):
    done = subprocess.run([ASSAY, 'fabric', name, *map(str, arguments)], capture_output=True, text=True,
                          cwd=work, check=False, timeout=60)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done.stdout


def sourceless(printed):
    return re.sub(r'"source": ?"[^"]*"', '', printed)


def unfold(names):
    hosts = set()
    for part in re.findall(r'[^,\[]+(?:\[[^\]]*\])?', names):
        prefix, _, ranges = part.partition('[')
        if not ranges:
            hosts.add(prefix)
        for piece in filter(None, ranges.rstrip(']').split(',')):
            first, _, last = piece.partition('-')
            for number in range(int(first), int(last or first) + 1):
                hosts.add(f'{prefix}{number:0{len(first)}}')
    return frozenset(hosts)


def groups_of(*files, given=None, status=0):
    text, _ = topology(*files, given=given, status=status, form='slurm-conf')
    return {unfold(line.split('Nodes=')[1].split()[0]) for line in text.splitlines() if 'Nodes=' in line}


def truth_of(fabric):
    groups = {}
    for name, host in fabric.truth()['hosts'].items():
        groups.setdefault(host['group'], set()).add(name)
    return {frozenset(hosts) for hosts in groups.values()}


def record(number, node, device, what, state):
    return json.dumps({
        'schema': 'assay/evidence/v1', 'id': f'r{number}', 'kind': 'measurement', 'strength': 'E1',
        'observed': '2026-11-26', 'source': {'name': 'assay'}, 'what': what, 'state': state,
        'subject': {'provider': 'p', 'node': node, 'device': device}})


SHAPES = {
    'rail': {'groups': 3, 'nodes': 5, 'rails': 4, 'spines': 2, 'sharp': True},
    'classic': {'groups': 3, 'nodes': 4, 'rails': 2, 'spines': 2},
    'dragonfly': {'groups': 3, 'nodes': 3, 'rails': 2, 'pods': 2},
}


@case
def every_shape_gives_the_groups_it_was_made_of():
    for shape, sizes in SHAPES.items():
        fabric = generate.make(shape, **sizes)
        found = groups_of(put(f'{shape}.txt', fabric.text()))
        assert found == truth_of(fabric), (shape, found)
    three = generate.make('rail', groups=2, nodes=3, rails=2, spines=2, pods=2, cores=1)
    assert groups_of(put('three.txt', three.text())) == truth_of(three)


@case
def a_text_may_be_compressed_or_come_by_standard_input():
    fabric = generate.make('rail', **SHAPES['rail'])
    text = fabric.text()
    packed = gzip.compress(text.encode())
    wanted = truth_of(fabric)
    assert groups_of(put('f.txt.gz', packed)) == wanted
    assert groups_of('-', given=text.encode()) == wanted
    assert groups_of('-', given=packed) == wanted


@case
def a_text_longer_than_a_piece_is_whole():
    fabric = generate.make('rail', groups=4, nodes=60, rails=8, spines=8)
    text = fabric.text()
    assert len(text) > 512 << 10
    assert groups_of(put('long.txt', text)) == truth_of(fabric)
    # Long lines, in a piece and over several, are said and passed over.
    text = text.replace('\n\nvendid', '\n' + 'x' * 5000 + '\n\nvendid', 1) + 'y' * (600 << 10) + '\n'
    assert groups_of(put('lines.txt', text), status=2) == truth_of(fabric)


@case
def a_list_of_hosts_names_them():
    fabric = generate.make('rail', groups=2, nodes=3, rails=4, spines=2)
    for adapter in fabric.adapters:
        adapter.name = generate.FACTORY
    text = put('unnamed.txt', fabric.text())
    _, said = topology(text, status=66)
    assert 'nothing names a single one of 24 hosts' in said and said.count('\n') == 1, said
    assert groups_of(text, put('hosts.txt', fabric.hosts())) == truth_of(fabric)


@case
def an_adapter_that_nothing_names_is_no_node():
    fabric = generate.make('rail', groups=2, nodes=3, rails=4, spines=2)
    fabric.unnamed()
    guid = fabric.faults[0]['guid']
    text = put('nameless.txt', fabric.text())
    assert groups_of(text, status=2) == truth_of(fabric)
    for form in ('slurm-conf', 'slurm-yaml', 'kubernetes', 'volcano', 'hosts'):
        printed, said = topology(text, status=2, form=form)
        assert f'guid-{guid}' not in ''.join(line for line in printed.splitlines() if not line.startswith('#')), printed
        assert f'# Left out, because nothing names it: give evidence or a list of hosts and GUIDs: guid-{guid}' in printed
        assert '1 host is left out' in said, said
    file = put('nameless.conf', topology(text, status=2, form='slurm-conf')[0])
    lint = json.loads(command('lint', text, '--against', file, '--format', 'json', status=2))
    assert [one['rule'] for one in lint['findings']] == ['not-compared'], lint
    _, said = topology(text, put('nameless-hosts.txt', fabric.hosts()), form='kubernetes')
    assert 'left out' not in said, said


@case
def hosts_that_no_cloud_tells_of_are_not_lost():
    answer = {'Instances': [{'InstanceId': f'i-0000000{number}', 'NetworkNodes': ['a', 'b']} for number in (1, 2)]}
    cloud = put('aws.json', json.dumps(answer))
    names = put('aws-names.txt', ''.join(f'n{number}: i-0000000{number}\n' for number in (1, 2, 3)))
    hosts = put('aws-hosts.txt', ''.join(f'n{number}: 0xb83fd20300a1b2c{number}\n' for number in (1, 4)))
    printed, said = topology(cloud, names, hosts, status=2, form='slurm-conf')
    assert 'Nodes=n[1-2]\n' in printed and 'Nodes=n3\n' in printed and 'Nodes=n4\n' in printed, printed
    assert 'no answer tells of its instance, i-00000003' in printed, printed
    assert 'no place is known of 2 hosts' in said, said
    domains = put('aws-domains.jsonl', ''.join(
        record(number, f'n{number // 10}', 'gpu:0', what, state) + '\n' for number, what, state in (
            (11, 'node.gpu.fabric.cluster', '5a2b0000-0000-4000-8000-000000000001'), (12, 'node.gpu.fabric.clique', '7'),
            (21, 'node.gpu.fabric.cluster', '5a2b0000-0000-4000-8000-000000000001'), (22, 'node.gpu.fabric.clique', '7'))))
    pair = put('aws-pair.txt', ''.join(f'n{number}: i-0000000{number}\n' for number in (1, 2)))
    printed, _ = topology(cloud, pair, domains, form='slurm-block')
    assert 'Nodes=n[1-2]\n' in printed, printed
    graph = put('aws-fabric.txt', generate.make('rail', groups=1, nodes=2, rails=1, spines=1).text())
    printed, said = topology(cloud, pair, graph, status=2, form='slurm-conf')
    assert 'is what the cloud says' in said and 'Nodes=gpu00001\n' in printed, (printed, said)


@case
def hosts_that_are_one_node_are_left_out():
    answer = {'Instances': [{'InstanceId': name, 'NetworkNodes': ['a', below]}
                            for name, below in (('N1', 'b'), ('n1', 'c'), ('n2', 'c'))]}
    cloud = put('capitals.json', json.dumps(answer))
    for form in ('kubernetes', 'volcano'):
        printed, said = topology(cloud, status=2, form=form)
        assert 'name: "n1"' not in printed and 'name: "n2"' in printed, printed
        assert '2 hosts are left out' in said and 'differs in capitals alone' in said, said
    printed, _ = topology(cloud, form='slurm-conf')
    assert 'Nodes=N1\n' in printed, printed


@case
def the_word_of_hosts_names_them():
    fabric = generate.make('rail', groups=2, nodes=3, rails=4, spines=2)
    records = [record(number, adapter.told['host'].replace('gpu', 'own'), f'rdma:{adapter.told["device"]}',
                      'node.rdma.node.guid', f'0x{adapter.guid:016x}')
               for number, adapter in enumerate(fabric.hosts_adapters())]
    text = put('named.txt', fabric.text())
    lines = '\n'.join(records) + '\n'
    wanted = {frozenset(h.replace('gpu', 'own') for h in group) for group in truth_of(fabric)}
    assert groups_of(text, put('records.jsonl', lines)) == wanted
    folder = work / 'evidence'
    folder.mkdir()
    (folder / 'a.jsonl').write_text(lines)
    assert groups_of(folder, text) == wanted


@case
def a_folder_is_every_file_in_it():
    fabric = generate.make('rail', groups=2, nodes=3, rails=4, spines=2)
    for adapter in fabric.adapters:
        adapter.name = generate.FACTORY
    folder = work / 'mixed'
    (folder / 'nodes').mkdir(parents=True)
    (folder / 'fabric.txt').write_text(fabric.text())
    (folder / '.notes').write_text('nothing of a fabric')
    for line in fabric.hosts().splitlines():
        if line and not line.startswith('#'):
            with open(folder / 'nodes' / line.split()[0].rstrip(':'), 'a', encoding='utf-8') as file:
                file.write(line + '\n')
    assert groups_of(folder) == truth_of(fabric)
    (folder / 'nodes' / 'readme').write_text('what this is\n')
    _, said = topology(folder, status=65)
    assert "mixed/nodes/readme' is of no known form" in said and said.count('\n') == 1, said


@case
def the_json_of_what_was_found_is_read_back():
    for shape, sizes in SHAPES.items():
        fabric = generate.make(shape, **sizes)
        text = fabric.text().replace('4xNDR', '4xFDR10')
        file = put(f'{shape}-again.txt', text)
        found = put(f'{shape}.json', command('discover', '--format', 'json', file))
        assert groups_of(found) == truth_of(fabric)
        for form in ('text', 'json'):
            assert sourceless(command('discover', '--format', form, found)) == \
                sourceless(command('discover', '--format', form, file)), (shape, form)
        assert sourceless(command('describe', '--format', 'json', found)) == \
            sourceless(command('describe', '--format', 'json', file)), shape
        assert 'FDR10' in command('discover', '--format', 'text', found)


@case
def doubts_are_read_back_too():
    fabric = generate.make('rail', **SHAPES['rail'])
    fabric.truncated()
    file = put('doubt.txt', fabric.text())
    found = put('doubt.json', command('discover', '--format', 'json', file, status=2))
    assert json.loads(found.read_text())['notes']
    assert sourceless(command('describe', '--format', 'json', found, status=1)) == \
        sourceless(command('describe', '--format', 'json', file, status=1))
    bad = put('doubt.bad.json', found.read_text().replace('"switch"', '"bridge"', 1))
    _, said = topology(bad, status=65)
    assert "no such kind: 'bridge'" in said and said.count('\n') == 1, said


@case
def no_host_is_lost_when_a_text_is_cut():
    fabric = generate.make('rail', groups=3, nodes=5, rails=4, spines=2)
    fabric.truncated()
    text, said = topology(put('cut.txt', fabric.text()), status=2, form='slurm-conf')
    found = {host for line in text.splitlines() if 'Nodes=' in line for host in unfold(line.split('Nodes=')[1])}
    assert found == set(fabric.truth()['hosts']), found
    assert 'did not see everything' in said


@case
def what_is_no_file_of_a_fabric_is_said_in_a_line():
    for name, content, status, words in (
            ('words.txt', 'hello there\n', 65, 'is of no known form'),
            ('empty.txt', '', 65, "empty.txt' is empty: see whether"),
            ('head.txt', '# Topology file: generated on\n', 65, 'holds no device'),
            ('bad.txt.gz', b'\x1f\x8b\x08\x00damaged', 65, 'bad.txt.gz')):
        _, said = topology(put(name, content), status=status)
        assert words in said and said.count('\n') == 1, (name, said)
    _, said = topology('nowhere.txt', status=66)
    assert 'nowhere.txt' in said and said.count('\n') == 1, said
    empty = work / 'nothing'
    empty.mkdir()
    _, said = topology(empty, status=66)
    assert 'holds no file' in said and said.count('\n') == 1, said


if __name__ == '__main__':
    tap.run()
