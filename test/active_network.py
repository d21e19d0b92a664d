#!/usr/bin/python3
"""`assay test network` with real iperf3 between network namespaces: well, slow, lossy, and what can go wrong.

It runs in namespaces of its own, which end with it. Each peer is a namespace behind a pair of veth, where
iperf3 listens; the way is shaped to 100 Mb/s by tbf and loses packets by nft, so that nothing depends on
the speed of this machine.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path[:0] = ['tools', 'test']
import machines
import tap
from apart import command

ASSAY = os.environ.get('ASSAY', 'build/assay')
USAGE, UNKNOWN, FAILED = 64, 2, 1
LOCK = threading.Lock()
FOLDER = tempfile.TemporaryDirectory()


class Peer:
    """Another host: what listens there runs in a namespace of its own, reached by an interface of its own."""

    count = 0

    def __init__(self, words=('iperf3', '-s'), rate='100mbit', loss=0):
        with LOCK:
            Peer.count += 1
            self.near, self.net = f'v{Peer.count}', f'10.98.{Peer.count}'
        self.address = f'{self.net}.2'
        self.process = subprocess.Popen(['unshare', '--net', *words], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        space = f'/proc/{self.process.pid}/ns/net'
        while os.readlink(space) == os.readlink('/proc/self/ns/net'):
            time.sleep(0.01)
        self.there = ['nsenter', f'--net={space}']
        command('ip', 'link', 'add', self.near, 'type', 'veth', 'peer', 'name', 'e0', 'netns', str(self.process.pid))
        for where, name, last in ([], self.near, 1), (self.there, 'e0', 2):
            command(*where, 'ip', 'addr', 'add', f'{self.net}.{last}/30', 'dev', name)
            command(*where, 'ip', 'link', 'set', name, 'up')
            command(*where, 'tc', 'qdisc', 'add', 'dev', name, 'root', 'tbf', 'rate', rate, 'burst', '64k',
                    'latency', '50ms')
            if loss:
                command(*where, 'nft', f'add table netdev t{self.near}; add chain netdev t{self.near} i '
                        f'{{ type filter hook ingress device "{name}" priority 0; }}; '
                        f'add rule netdev t{self.near} i meta length > 1000 numgen random mod 100 < {loss} counter drop')
        # Until it listens.
        for _ in range(100):
            if words[0] == 'sleep' or ':5201' in command(*self.there, 'ss', '-Hltn'):
                break
            time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def root():
    """A machine whose interfaces, as those made here are named, have links that the ways just fill."""
    path = pathlib.Path(FOLDER.name, 'root')
    with LOCK:
        if not path.exists():
            machine = machines.Machine('bare', '')
            for number in range(1, 9):
                machines.add_net(machine, f'v{number}', f'sys/devices/virtual/net/v{number}', speed=95)
            machine.write(path)
    return str(path)


def words(*arguments):
    return [ASSAY, 'test', '--root', root(), '--consent', 'load', '--format', 'json', *arguments]


def run(*arguments, before=()):
    done = subprocess.run([*before, *words(*arguments)], capture_output=True, text=True, check=False, timeout=60)
    try:
        return done.returncode, json.loads(done.stdout)
    except json.JSONDecodeError:
        return done.returncode, done.stdout + done.stderr


def verdicts(report, check):
    return [(finding['verdict'], finding['text']) for one in report['checkup']['checks'] if one['name'] == check
            for finding in one['findings']]


def values(report, measure):
    return {record['device'].split('/')[1]: record.get('value') for record in report['measurements']
            if record['what'] == f'node.test.network.{measure}'}


def clients(address):
    found = []
    for path in pathlib.Path('/proc').glob('[0-9]*/cmdline'):
        try:
            line = path.read_bytes().split(b'\0')
        except OSError:
            continue
        if line[0].endswith(b'iperf3') and address.encode() in line:
            found.append(int(path.parent.name))
    return found


@tap.case
def a_good_way_passes_by_the_speed_of_its_link():
    with Peer() as peer:
        _, report = run('network', '--peer', peer.address, '--duration', '7s')
    assert [verdict for verdict, _ in verdicts(report, 'network-bandwidth')] == ['pass'] * 2, report
    assert f'speed of the link of {peer.near}' in str(report['checkup']), report
    assert set(values(report, 'bandwidth')) == {'send:8', 'receive:8'}, report
    assert set(values(report, 'round-trip')) == {'send:8'}, report
    # A second of packets is too short to tell that none is lost; a receiver that is kept waiting loses some.
    assert 'pass' not in [verdict for verdict, _ in verdicts(report, 'network-loss')], report
    assert values(report, 'packets')['udp-send'] > 1000 and values(report, 'loss')['udp-receive'] >= 0, report


@tap.case
def a_slow_way_is_a_warning():
    with Peer(rate='30mbit') as peer:
        _, report = run('network', '--peer', peer.address, '--duration', '7s')
    found = verdicts(report, 'network-bandwidth')
    assert [verdict for verdict, _ in found] == ['warn'] * 2 and 'of the peak' in found[0][1], report


@tap.case
def a_way_that_loses_packets_fails():
    with Peer(loss=4) as peer:
        status, report = run('network', '--peer', f'{peer.address}:5201', '--duration', '7s')
    assert status == FAILED, report
    assert [verdict for verdict, _ in verdicts(report, 'network-loss')] == ['fail'] * 2, report
    assert 'warn' in str(verdicts(report, 'network-retransmits')), report
    assert values(report, 'loss')['udp-send'] > 2, report


@tap.case
def nobody_listening_is_one_clear_sentence():
    with Peer(words=('sleep', '60')) as peer:
        status, report = run('network', '--peer', peer.address, '--duration', '7s')
        assert status == UNKNOWN and "start 'iperf3 -s' on the peer" in str(report), report
        assert "'ended': 'failed'" in str(report), report
    status, report = run('network', '--peer', '192.0.2.1', '--duration', '7s')
    assert status == UNKNOWN and 'no way to the peer' in str(report), report


@tap.case
def a_peer_that_turns_the_first_away_is_asked_again():
    """As iperf3 -s does to who comes while it opens its port anew."""
    closing = ('import os, socket, struct\n'
               'port = socket.socket()\n'
               'port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n'
               'port.bind(("", 5201))\n'
               'port.listen()\n'
               'taken, _ = port.accept()\n'
               'taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))\n'
               'taken.close()\n'
               'port.close()\n'
               'os.execvp("iperf3", ["iperf3", "-s"])\n')
    with Peer(words=(sys.executable, '-c', closing)) as peer:
        _, report = run('network', '--peer', peer.address, '--duration', '7s')
    assert set(values(report, 'bandwidth')) == {'send:8', 'receive:8'}, report
    assert None not in values(report, 'bandwidth').values(), report


@tap.case
def a_tool_that_is_missing_or_not_known_is_named():
    tool = shutil.which('iperf3')
    other = pathlib.Path(FOLDER.name, 'other')
    other.write_text('#!/bin/sh\necho \'{"start":{"version":"iperf 4.0"}}\'\n')
    other.chmod(0o755)
    for file, sentence in ('/dev/null', 'iperf3 is not installed'), (other, 'not of iperf3, version 3'):
        hidden = ['unshare', '--mount', 'sh', '-c', f'mount --bind {file} {tool} && exec "$@"', 'sh']
        status, report = run('network', '--peer', '127.0.0.1', before=hidden)
        assert status == UNKNOWN and sentence in str(report), report


@tap.case
def without_a_peer_nothing_is_measured():
    status, report = run('network')
    assert status == UNKNOWN and 'no other host was named' in str(report), report
    status, said = run('network', '--peer', 'node 8')
    assert status >= USAGE and 'HOST:PORT' in said, said


@tap.case
def an_interrupt_keeps_what_was_measured_and_leaves_nothing():
    with Peer() as peer:
        assay = subprocess.Popen(words('network', '--peer', peer.address, '--duration', '7s'),
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = None
        # In the middle of the second run.
        while assay.poll() is None:
            now = clients(peer.address)
            first = first or now
            if now and now != first:
                break
            time.sleep(0.02)
        time.sleep(0.3)
        assay.send_signal(signal.SIGINT)
        said, complained = assay.communicate(timeout=10)
        report = json.loads(said)
        assert "'ended': 'stopped'" in str(report), said + complained
        assert values(report, 'bandwidth')['send:8'] > 0, said
        assert not clients(peer.address), clients(peer.address)


@tap.case
def what_iperf3_wrote_elsewhere_is_judged():
    status, report = run('--import', 'test/iperf3/3.12-udp-lossy-send.json', '--import',
                         'test/iperf3/3.12-tcp-send.json')
    assert status == FAILED and '3.24 % of the packets' in str(report), report
    assert 'no reference' in str(verdicts(report, 'network-bandwidth')), report
    status, said = run('--import', 'test/iperf3/failed/3.12-refused.json')
    assert status >= USAGE and 'nobody listens there' in said, said


command('ip', 'link', 'set', 'lo', 'up')
root()
tap.run_at_once(len(tap._cases))
