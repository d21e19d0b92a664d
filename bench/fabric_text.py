"""A large text of ibnetdiscover to a topology.conf, beside the same job in Python and in awk; part of
bench/fabric.

The fabric is invented by test/fabric/generate.py: rail-optimised, three tiers, 72 MB. What comes out is
held against what was invented, and the three against each other, before anything is timed: on a fabric with
faults they have to write the same lines and to count the same faults, and on a text that was cut.
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
FAULTS = {'swap': 9, 'missing-uplink': 8, 'degraded': 7, 'duplicate-guid': 6, 'unnamed': 5, 'unnamed-host': 4,
          'one-sided': 3}
FOUND = ('duplicate-guid', 'loop', 'misplaced-cable', 'missing-adapter', 'missing-uplink', 'no-answer',
         'one-sided', 'slow-link', 'swapped-cables', 'truncated', 'unequal-ends', 'unnamed-adapter',
         'unreadable')
ROUNDS = 15
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


def run(command, statuses=(0,)):
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True)
    took = time.monotonic() - start
    if done.returncode not in statuses:
        sys.exit(f'fabric: {command} ended with {done.returncode}: {done.stderr}')
    return took, done.stdout, done.stderr


def judge(command):
    """The lines of topology.conf but comments, and how often what was found wrong. Our status is 2 where
    the text leaves something out."""
    _, conf, said = run(command, (0, 2))
    counts = {fault: int(count) for count, fault in re.findall(r'(\d+) ([a-z]+(?:-[a-z]+)*)', said)
              if fault in FOUND}
    return [line for line in conf.splitlines() if not line.startswith('#')], counts


def expect_alike(what, file):
    """Each of the three says the same of the file; returns the counts."""
    judged = {name: judge(command) for name, command in commands(file).items()}
    for name, said in judged.items():
        if said != judged['assay']:
            sys.exit(f'fabric: of {what} {name} says something else than assay: '
                     f'{said[1]}, not {judged["assay"][1]}')
    return judged['assay'][1]


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


def break_it(folder, faults):
    fabric = generate.make('rail', pods=QUARTER, **SIZES)
    for kind, count in faults.items():
        for _ in range(count):
            generate.FAULTS[kind](fabric)
    file = pathlib.Path(folder, 'faulty.txt')
    file.write_text(fabric.text())
    return file


def expect_same_job(folder):
    counts = expect_alike('a fabric with faults', break_it(folder, FAULTS))
    for fault in ('swapped-cables', 'missing-uplink', 'slow-link', 'duplicate-guid', 'one-sided',
                  'missing-adapter', 'unnamed-adapter'):
        if counts.get(fault, 0) < 3:
            sys.exit(f'fabric: too few of the faults were found: {counts}')
    cut = expect_alike('a text that was cut', break_it(folder, {'truncated': 1}))
    if 'truncated' not in cut:
        sys.exit(f'fabric: nobody noticed that the text was cut: {cut}')
    print('faults that each found:', ', '.join(f'{n} {fault}' for fault, n in counts.items()),
          file=sys.stderr)


def fastest(command, rounds):
    return min(run(command)[0] for _ in range(rounds))


def main():
    with tempfile.TemporaryDirectory() as folder:
        small, truth, small_links = invent(folder, QUARTER)
        if groups_in(run(commands(small)['assay'])[1]) != truth:
            sys.exit('fabric: the small fabric came out wrong')
        expect_same_job(folder)
        large, truth, links = invent(folder, PODS)
        if groups_in(run(commands(large)['assay'])[1]) != truth:
            sys.exit('fabric: the large fabric came out wrong')
        if expect_alike('the large fabric', large):
            sys.exit('fabric: a whole fabric has faults')
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
