"""Hosts for `assay fabric locate`, with real iperf3: network namespaces.

A switch is a bridge in a namespace of its own, each host a namespace behind a pair of veth that tbf shapes both
ways, so that nothing depends on the speed of this machine. Slow hosts have a lower rate, nft drops packets of a
lossy one, and the cable of a flapping one is pulled and put back. Everything ends with the
program that includes this.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time

import jsonschema
from apart import command

ASSAY = os.environ.get('ASSAY', 'build/assay')
GOOD, FAILS, UNKNOWN, USAGE, DATA = 0, 1, 2, 64, 65
RATE = 30  # Mb/s of a healthy host

FOLDER = tempfile.TemporaryDirectory()


def shape(where, device, rate):
    command(*where, 'tc', 'qdisc', 'add', 'dev', device, 'root', 'tbf', 'rate', f'{rate * 1000:.0f}kbit', 'burst', '32k',
            'latency', '400ms')


class Cluster:
    """Hosts h0, h1 … at 10.77.0.1 and so on, as namespaces that are kept by a sleeping process each."""

    def __init__(self, count, slow=(), lossy=(), flapping=(), uplinks=()):
        """Uplinks are the rates of the leaves, in Mb/s; without, all hosts are on one switch."""
        self.pids, self.stop, self.links = {}, threading.Event(), []
        self.bridge('sw')
        for i, rate in enumerate(uplinks):
            self.bridge(f'leaf{i}')
            command('ip', 'link', 'add', f'up{i}', 'type', 'veth', 'peer', 'name', f'down{i}')
            self.links.append(f'up{i}')
            for device, bridge in (f'up{i}', f'leaf{i}'), (f'down{i}', 'sw'):
                command('ip', 'link', 'set', device, 'master', bridge, 'up')
                shape([], device, rate)
        for i in range(count):
            bridge = f'leaf{i % len(uplinks)}' if uplinks else 'sw'
            self.add(f'h{i}', i, RATE * 0.6 if i in slow else RATE, i in lossy, bridge)
        self.threads = [threading.Thread(target=self.flap, args=(f'v{i}',)) for i in flapping]
        for thread in self.threads:
            thread.start()

    def bridge(self, name):
        command('ip', 'link', 'add', name, 'type', 'bridge')
        command('ip', 'link', 'set', name, 'up')
        self.links.append(name)

    def add(self, name, number, rate, is_lossy, bridge):
        keeper = subprocess.Popen(['unshare', '--net', 'sleep', '1000'])
        space = f'/proc/{keeper.pid}/ns/net'
        while os.readlink(space) == os.readlink('/proc/self/ns/net'):
            time.sleep(0.005)
        self.pids[name] = keeper
        there = ['nsenter', f'--net={space}']
        command('ip', 'link', 'add', f'v{number}', 'type', 'veth', 'peer', 'name', 'e0', 'netns', str(keeper.pid))
        self.links.append(f'v{number}')
        command('ip', 'link', 'set', f'v{number}', 'master', bridge, 'up')
        command(*there, 'sh', '-c', f'ip addr add 10.77.0.{number + 1}/24 dev e0; ip link set e0 up; ip link set lo up')
        for where, device in ([], f'v{number}'), (there, 'e0'):
            shape(where, device, rate)
        if is_lossy:
            command(*there, 'nft', 'add table netdev t; add chain netdev t i '
                    '{ type filter hook ingress device "e0" priority 0; }; '
                    'add rule netdev t i meta length > 1000 numgen random mod 100 < 3 counter drop')

    def flap(self, device):
        while not self.stop.wait(0.7):
            command('ip', 'link', 'set', device, 'down')
            time.sleep(0.35)
            command('ip', 'link', 'set', device, 'up')

    def hosts(self, leaves=None):
        """A list of hosts, whose names are the processes that keep their namespaces."""
        path = pathlib.Path(FOLDER.name, 'hosts')
        path.write_text(''.join(f'{self.pids[name].pid} 10.77.0.{i + 1}'
                                + (f' leaf={leaves(i)}' if leaves else '') + '\n'
                                for i, name in enumerate(self.pids)))
        return path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        for keeper in self.pids.values():
            keeper.kill()
            keeper.wait()
        # The kernel takes those of a namespace that has ended away when it comes to it, so that some are gone and some
        # would still be there when the next cluster makes its own.
        for link in self.links:
            subprocess.run(['ip', 'link', 'del', link], stderr=subprocess.DEVNULL, check=False, timeout=60)


LAUNCH = 'nsenter --net=/proc/{}/ns/net'


def locate(*words, limit=200):
    return subprocess.run([ASSAY, 'fabric', 'locate', *map(str, words)], capture_output=True, text=True, check=False,
                          timeout=limit)


def search(cluster, *words, limit=200, path=None):
    """The exit status and the answer, in which hosts are called by their number."""
    done = locate('--hosts', path or cluster.hosts(), '--launch', LAUNCH, '--seconds', 1, '--consent', 'load',
                  '--format', 'json', *words, limit=limit)
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads(pathlib.Path('data/schema/locate.v1.json').read_text()))
    numbers = {str(keeper.pid): number for number, keeper in enumerate(cluster.pids.values())}
    for found in answer['hosts']['findings']:
        found['name'] = numbers.get(found['name'], found['name'])
    return done.returncode, answer


def faulty(answer):
    return {found['name']: found['symptom'] for found in answer['hosts']['findings'] if found['verdict'] == 'faulty'}


def program_of(process):
    """Its name; "" when it has ended, whether or not somebody has taken note of that."""
    try:
        _, name, state, *_ = pathlib.Path('/proc', process, 'stat').read_text(encoding='ascii').split()
    except (FileNotFoundError, ProcessLookupError, UnicodeDecodeError, ValueError):
        return ''
    return '' if state == 'Z' else name.strip('()')


def iperf3_left():
    return [name for name in os.listdir('/proc') if name.isdigit() and program_of(name) == 'iperf3']
