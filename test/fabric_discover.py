#!/usr/bin/python3
"""`assay fabric discover`: sweeps a simulated fabric as a real client would, and fabrics of the
stand-in for libibumad with all that goes wrong in real ones."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import jsonschema

sys.path[:0] = ['tools', 'test', 'test/fabric']
import generate
import simulated
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
VENDOR = os.environ.get('ASSAY_VENDOR', 'build/test/vendor')
SCHEMA = json.loads(pathlib.Path('data/schema/fabric-found.v1.json').read_text(encoding='utf-8'))


def run(*arguments, environment=None, **more):
    return subprocess.run([ASSAY, 'fabric', 'discover', *arguments], capture_output=True, text=True,
                          check=False, timeout=60, env={**os.environ, **(environment or {})}, **more)


def links_of(text):
    """Both ends of each cable in an ibnetdiscover text, with the rate."""
    links, node = {}, None
    for line in text.splitlines():
        words = line.split('"')
        if line.startswith(('Switch', 'Ca')):
            node = words[1]
        elif line.startswith('['):
            port = line[1:line.index(']')]
            other = words[2][1:words[2].index(']')]
            links[node, int(port)] = (words[1], int(other), line.split()[-1])
    return links


def names_of(text):
    return {line.split('"')[1]: line.split('"')[3] for line in text.splitlines()
            if line.startswith(('Switch', 'Ca'))}


class Stage:
    """A fabric of the stand-in, and the environment that leads to it."""

    def __init__(self, folder, fabric, *lines, local=0, how=''):
        adapter = fabric.adapters[local]
        self.text = fabric.text()
        self.folder = folder = pathlib.Path(folder)
        (folder / 'wiring.txt').write_text(self.text, encoding='utf-8')
        (folder / 'scenario').write_text('\n'.join([
            'wiring wiring.txt', f'local mlx5_0 0x{adapter.guid:x} 1 {how}',
            f'manager 0x{adapter.guid:x} {adapter.lid}', *lines]) + '\n', encoding='utf-8')
        self.environment = {'ASSAY_LIBRARY_PATH': VENDOR, 'ASSAY_FABRIC': str(folder / 'scenario')}

    def run(self, *arguments):
        return run(*arguments, environment=self.environment)

    def document(self, *arguments, status=0):
        done = self.run('--format', 'json', *arguments)
        assert done.returncode == status, (done.returncode, done.stderr)
        document = json.loads(done.stdout)
        jsonschema.validate(document, SCHEMA)
        return document


def small(**sizes):
    return generate.make('rail', **{'groups': 2, 'nodes': 4, 'rails': 2, 'spines': 2, **sizes})


def guid(device):
    return f'0x{device.guid:016x}'


def with_stage(*lines, fabric=None, **more):
    def decorate(function):
        def test():
            with tempfile.TemporaryDirectory() as folder:
                made = fabric() if fabric else small()
                function(Stage(folder, made, *(line.format(f=made) for line in lines), **more), made)
        test.__name__ = function.__name__
        return tap.case(test)
    return decorate


@with_stage()
def a_whole_fabric_is_found_with_every_rate_and_name(stage, _):
    done = stage.run('--format', 'text')
    assert done.returncode == 0, done.stderr
    assert links_of(done.stdout) == links_of(stage.text)
    assert names_of(done.stdout) == names_of(stage.text)


def of_rate(rate, *devices):
    """A fabric whose links all run at the rate; devices: other numbers of what it is made of."""
    fabric = small()
    plain = fabric.text

    def text():
        said = plain().replace('4xNDR', f'4x{rate}')
        for old, new in devices:
            said = said.replace(f'devid={old}', f'devid={new}')
        return said
    fabric.text = text
    return fabric


@with_stage(fabric=lambda: of_rate('FDR10', ('0xd2f2', '0xd2f0'), ('0x1021', '0x1011')))
def fdr10_is_told_apart_from_qdr(stage, _):
    done = stage.run('--format', 'text')
    assert done.returncode == 0, done.stderr
    assert '4xFDR10' in stage.text and '4xQDR' not in done.stdout
    assert links_of(done.stdout) == links_of(stage.text)


@with_stage(fabric=lambda: of_rate('FDR10'))
def devices_that_are_not_asked_say_qdr(stage, _):
    done = stage.run('--format', 'text')
    assert done.returncode == 0 and '4xQDR' in done.stdout and 'FDR10' not in done.stdout


@with_stage(fabric=lambda: of_rate('XDR'))
def xdr_is_what_runs_and_not_what_could(stage, _):
    done = stage.run('--format', 'text')
    assert done.returncode == 0 and links_of(done.stdout) == links_of(stage.text)
    assert '4xXDR' in done.stdout


@with_stage(fabric=lambda: small(sharp=True))
def aggregation_nodes_are_told_apart(stage, fabric):
    document = stage.document()
    kinds = [device['kind'] for device in document['devices']]
    assert kinds.count('aggregator') == len(fabric.switches)
    assert kinds.count('adapter') == 16
    assert not document['partial'] and document['notes'] == []
    assert 'aggregation nodes of switches' in stage.run().stdout


@with_stage('node 0x{f.adapters[5].guid:x} silent', 'node 0x{f.switches[4].guid:x} silent')
def what_never_answers_is_named_and_the_rest_is_there(stage, fabric):
    document = stage.document(status=2)
    found = {device['guid'] for device in document['devices']}
    missing = {guid(fabric.adapters[5]), guid(fabric.switches[4])}
    assert document['partial']
    assert found == {guid(d) for d in fabric.switches + fabric.adapters} - missing
    # The adapter hangs at one port, the spine at one of each leaf.
    silent = [(d['guid'], p['number']) for d in document['devices'] for p in d['ports'] if p.get('silent')]
    leaf, port = fabric.leaf_of(fabric.adapters[5])
    assert (guid(leaf), port) in silent and len(silent) == 1 + 4
    assert document['sweep']['silent_ports'] == 5
    assert all(note['kind'] == 'no-answer' for note in document['notes'])
    assert any(f'{guid(leaf)}' in note['text'] and f'port {port}:' in note['text']
               for note in document['notes'])
    told = stage.run()
    assert told.returncode == 2 and 'Not everything was seen' in told.stdout


@with_stage('node 0x{f.adapters[6].guid:x} answers_as 0x{f.adapters[2].guid:x}', 'node 0x{f.switches[4].guid:x} silent')
def what_is_in_doubt_stands_in_the_text_too(stage, fabric):
    file = stage.folder / 'found.txt'
    done = stage.run('--format', 'text', '--output', str(file))
    assert done.returncode == 2, done
    document = stage.document(status=2)
    shown = subprocess.run([ASSAY, 'fabric', 'describe', '--format', 'json', file], capture_output=True, text=True, check=False)
    described = json.loads(shown.stdout)
    kinds = [one['fault'] for one in described['findings']]
    assert described['partial'] and shown.returncode == 1, shown
    assert kinds.count('duplicate-guid') == 1 and kinds.count('no-answer') == 4, kinds
    assert guid(fabric.adapters[2]) in str(described['findings']), described['findings']
    again = json.loads(run(str(file), '--format', 'json').stdout)
    assert [n['text'] for n in again['notes']] == [n['text'] for n in document['notes']]


@with_stage()
def a_sweep_that_was_limited_is_no_whole_fabric_in_text(stage, _):
    file = stage.folder / 'near.txt'
    assert stage.run('--hops', '1', '--format', 'text', '--output', str(file)).returncode == 2
    for words in (['describe'], ['topology', '--for', 'slurm-conf']):
        done = subprocess.run([ASSAY, 'fabric', *words, file], capture_output=True, text=True, check=False)
        assert done.returncode == 2, done


@with_stage('node 0x{f.adapters[3].guid:x} drop 3', 'node 0x{f.switches[1].guid:x} drop 4',
            'delay_us 100')
def what_gets_lost_is_asked_again(stage, _):
    done = stage.run('--format', 'text')
    assert done.returncode == 0, done.stderr
    assert links_of(done.stdout) == links_of(stage.text)


@with_stage('node 0x{f.adapters[6].guid:x} answers_as 0x{f.adapters[2].guid:x}')
def a_guid_that_two_devices_have_is_named(stage, fabric):
    document = stage.document(status=2)
    notes = [note for note in document['notes'] if note['kind'] == 'duplicate-guid']
    assert len(notes) == 1
    assert guid(fabric.adapters[2]) in notes[0]['text']
    assert len(document['devices']) == len(fabric.switches + fabric.adapters) - 1


@with_stage('m_key 0xdead 2', 'node 0x{f.adapters[0].guid:x} m_key 0xdead 1')
def a_fabric_behind_a_management_key_shows_only_what_it_lets_see(stage, fabric):
    document = stage.document(status=2)
    assert [device['guid'] for device in document['devices']] == [guid(fabric.adapters[0])]
    assert document['sweep']['keyed_devices'] == 1
    assert document['sweep']['silent_ports'] == 1


@with_stage()
def what_is_too_far_is_left_and_said(stage, fabric):
    document = stage.document('--hops', '1', status=2)
    leaf, _ = fabric.leaf_of(fabric.adapters[0])
    assert {d['guid'] for d in document['devices']} == {guid(fabric.adapters[0]), guid(leaf)}
    assert document['sweep']['far_ports'] == 3 + 2
    assert {note['kind'] for note in document['notes']} == {'cut'}


@with_stage('node 0x{f.adapters[3].guid:x} attribute 0x10 0x1c')
def an_adapter_that_refuses_its_name_stays(stage, fabric):
    document = stage.document(status=2)
    device = next(d for d in document['devices'] if d['guid'] == guid(fabric.adapters[3]))
    assert device['description'] == ''
    assert '0x001c' in document['notes'][0]['text']


@with_stage('port 0x{f.switches[0].guid:x} 2 counter 0 17 2', 'port 0x{f.switches[0].guid:x} 3 counter 2 255',
            'port 0x{f.switches[1].guid:x} 1 counter 9 100 50', 'node 0x{f.adapters[4].guid:x} drop 3')
def counters_are_read_twice(stage, fabric):
    document = stage.document('--interval', '1')
    ports = {(d['guid'], p['number']): p for d in document['devices'] for p in d['ports'] if 'peer' in p}
    assert document['counted_ports'] == len(ports) and document['uncounted_ports'] == 0
    leaf = guid(fabric.switches[0])
    assert ports[leaf, 2]['counters']['symbol_errors'] == [17, 19]
    assert ports[guid(fabric.switches[1]), 1]['counters']['waits'] == [100, 150]
    told = stage.run('--counters').stdout
    assert 'symbol_errors 17' in told and 'link_downs at least 255' in told
    assert '2 with errors' in told


@with_stage('class 0x04 silent')
def counters_that_nobody_may_read_are_not_zero(stage, _):
    document = stage.document('--counters')
    assert document['counted_ports'] == 0 and document['uncounted_ports'] > 0
    assert not any('counters' in p for d in document['devices'] for p in d['ports'])
    assert 'could not be read' in stage.run('--counters').stdout


@with_stage(how='denied')
def without_permission_it_says_what_to_do(stage, _):
    done = stage.run()
    assert done.returncode > 63 and done.stdout == ''
    assert 'no permission' in done.stderr and '/dev/infiniband/umad' in done.stderr
    assert len(done.stderr.splitlines()) == 1


@with_stage(how='virtual')
def a_virtual_function_cannot_sweep(stage, _):
    done = stage.run()
    assert done.returncode > 63 and 'management class 0x81' in done.stderr


@with_stage(how='split')
def planes_are_said(stage, _):
    assert stage.document()['sweep']['planes']
    assert 'several planes' in stage.run().stdout


@with_stage(how='ethernet')
def an_ethernet_port_carries_no_datagrams(stage, _):
    done = stage.run()
    assert done.returncode > 63 and 'RoCE' in done.stderr


# Each question waits for its fourth try: with all devices it would take half a minute.
@with_stage('delay_us 1000000', 'told questions')
def an_end_in_the_middle_keeps_what_is_known(stage, fabric):
    process = subprocess.Popen([ASSAY, 'fabric', 'discover', '--format', 'json'], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, **stage.environment})
    told = stage.folder / 'questions'
    # After the four tries of the first question more is asked only when that was answered.
    while process.poll() is None and (not told.exists() or told.stat().st_size < 8):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    document = json.loads(output)
    assert process.returncode == 2 and document['sweep']['cut'] and document['partial']
    assert 1 <= len(document['devices']) < len(fabric.switches + fabric.adapters)


@tap.case
def no_library_and_no_adapter_are_told():
    done = run(environment={'ASSAY_LIBRARY_PATH': '/nonexistent'})
    assert done.returncode > 63 and 'libibumad.so.3' in done.stderr
    done = run(environment={'ASSAY_LIBRARY_PATH': VENDOR, 'ASSAY_FABRIC': ''})
    assert done.returncode > 63 and 'no InfiniBand adapter' in done.stderr


@tap.case
def a_text_is_read_and_written():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'fabric.txt')
        fabric = small()
        path.write_text(fabric.text(), encoding='utf-8')
        again = run(str(path), '--format', 'text')
        assert again.returncode == 0 and links_of(again.stdout) == links_of(fabric.text())
        document = json.loads(run(str(path), '--format', 'json').stdout)
        jsonschema.validate(document, SCHEMA)
        assert document['sweep'] is None
        assert run(str(path), '--counters').returncode > 63
        done = run('--counters', '--format', 'text')
        assert done.returncode > 63 and 'no place for counters' in done.stderr and done.stderr.count('\n') == 1, done


@tap.case
def a_simulated_fabric_is_swept_as_ibnetdiscover_sees_it():
    fabric = small(nodes=8, rails=4, spines=4)
    with simulated.Fabric(fabric.net()) as there:
        own = there.run([ASSAY, 'fabric', 'discover', '--format', 'text'])
        theirs = there.run(['ibnetdiscover'])
        assert own.returncode == 0, own.stderr
        assert links_of(own.stdout) == links_of(theirs.stdout)
        assert names_of(own.stdout) == names_of(theirs.stdout)
        assert len(links_of(own.stdout)) > 100


@tap.case
def a_simulated_fabric_with_a_subnet_manager_has_counters_and_faults():
    fabric = small()
    broken = fabric.adapters[7]
    leaf, port = fabric.leaf_of(fabric.adapters[2])
    leaf_id = f'S-{leaf.guid:016x}'
    with simulated.Fabric(fabric.net()) as there:
        there.manage()
        there.say(f'PerformanceSet "{leaf_id}"[{port}] PortCounters.SymbolErrorCounter=4321')
        there.say(f'Error "H-{broken.guid:016x}"[1] 100')
        done = there.run([ASSAY, 'fabric', 'discover', '--counters', '--format', 'json'])
    document = json.loads(done.stdout)
    assert done.returncode == 2, done.stderr
    found = {d['guid']: d for d in document['devices']}
    ports = {p['number']: p for p in found[guid(leaf)]['ports']}
    assert ports[port]['counters']['symbol_errors'] == [4321]
    assert ports[0]['lid'] > 0
    assert guid(broken) not in found
    home, where = fabric.leaf_of(broken)
    silent = [(d['guid'], p['number']) for d in document['devices'] for p in d['ports'] if p.get('silent')]
    assert silent == [(guid(home), where)]


tap.run_at_once(4)
