#!/usr/bin/python3
"""`assay test rdma` on a machine that has no RDMA: what it says, and how two sides find each other.

That perftest's figures are taken rightly show the recorded outputs (src/active/perftest_test.c) and
the slow suite (rdma_guest.py), where it really runs.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path[:0] = ['tools', 'test']
import machines
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
FOLDER = tempfile.TemporaryDirectory()


def root(kind, adapters=2):
    path = pathlib.Path(FOLDER.name, f'{kind}-{adapters}')
    if not path.exists():
        machine = machines.healthy(kind)
        # A few adapters are enough, and the programs are started for each.
        for name in [name for name in machine.files if re.search(rf'mlx5_[{adapters}-9]', name)]:
            del machine.files[name]
        machine.write(path)
    return str(path)


def words(kind, *arguments):
    return [ASSAY, 'test', 'rdma', '--root', root(kind), *arguments]


def run(kind, *arguments):
    return subprocess.run(words(kind, *arguments), capture_output=True, text=True, check=False,
                          timeout=60)


@tap.case
def the_plan_counts_the_ports():
    done = run('h100x8')
    assert '2 RDMA ports' in done.stdout and 'in loopback' in done.stdout, done.stdout
    done = run('h100x8', '--peer', 'node8')
    assert 'both ways with those of node8' in done.stdout, done.stdout


@tap.case
def without_a_port_there_is_nothing_to_test():
    done = run('bare', '--consent', 'load')
    assert done.returncode == 2 and 'no RDMA port was seen' in done.stdout, done.stdout


@tap.case
def what_perftest_complains_of_is_one_clear_sentence():
    done = run('h100x8', '--consent', 'load', '--all')
    text = ' '.join(done.stdout.split())
    assert done.returncode == 2, done.stdout
    assert 'no RDMA device can be opened' in text, done.stdout
    assert 'ib_write_bw mlx5_0' in text and 'ib_read_lat mlx5_1' in text
    assert 'PASS' not in done.stdout


@tap.case
def a_peer_that_does_not_come_is_named_and_one_that_comes_is_found():
    # One after the other: both would listen at the same port.
    done = run('h100x8', '--peer', '127.0.0.1', '--consent', 'load', '--duration', '1s')
    text = ' '.join(done.stdout.split())
    assert done.returncode == 2, done.stdout
    assert 'its time was over' in text or 'did not come' in text, done.stdout
    sides = [subprocess.Popen([ASSAY, 'test', 'rdma', '--root', root('h100x8', 1), '--peer',
                               '127.0.0.1', '--consent', 'load', '--all'],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
             for _ in range(2)]
    for side in sides:
        said, complained = side.communicate(timeout=60)
        text = ' '.join(said.split())
        assert side.returncode == 2, said + complained
        assert 'no RDMA device can be opened' in text or 'does not listen' in text, said
        assert 'rdma-bandwidth: failed' in complained and 'nothing was measured: ib_write_bw mlx5_0' in complained, complained


for machine_kind in 'h100x8', 'bare':
    root(machine_kind)
root('h100x8', 1)
tap.run_at_once(4)
