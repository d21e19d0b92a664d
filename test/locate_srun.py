#!/usr/bin/python3
"""`assay fabric locate` through a real srun: slurmd in a network namespace a node, and iperf3 between them."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']
import tap
from apart import command
from cluster import ASSAY, FAILS, UNKNOWN, Cluster, iperf3_left
from slurm import daemon, munge, slurm, wait_for

COUNT = 5
CONTROLLER = '10.77.0.254'


@contextlib.contextmanager
def nodes(cluster, environment):
    """A slurmd in the network of each host, which is called as the host is."""
    running = []
    try:
        for name, keeper in cluster.pids.items():
            running.append(subprocess.Popen(
                ['nsenter', f'--net=/proc/{keeper.pid}/ns/net', 'unshare', '--uts', 'sh', '-c',
                 f'hostname {name}; exec {daemon("slurmd")} -D -N {name}'],
                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

        def are_idle():
            said = subprocess.run(['timeout', '5', 'sinfo', '-h', '-N', '-o', '%t'], env=environment, capture_output=True,
                                  text=True, check=False)
            return said.stdout.split().count('idle') == COUNT

        wait_for(are_idle, running[0], lambda: 'sinfo does not show all nodes as idle')
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


@contextlib.contextmanager
def allocation(slow):
    """The words that run a command inside of an allocation of all nodes, and their environment."""
    with Cluster(COUNT, slow=slow) as cluster, munge() as at:
        command('ip', 'addr', 'add', f'{CONTROLLER}/24', 'dev', 'sw')
        command('ip', 'link', 'set', 'lo', 'up')
        names = list(cluster.pids)
        addresses = {name: f'10.77.0.{i + 1}' for i, name in enumerate(names)}
        with slurm(at, f'SwitchName=leaf Nodes={",".join(names)}\n', names, address=CONTROLLER,
                   addresses=addresses) as (environment, _), nodes(cluster, environment):
            hosts = [f'{name}={address}' for name, address in addresses.items()]
            yield ['salloc', '--quiet', f'--nodes={COUNT}', ASSAY, 'fabric', 'locate', *hosts, '--launch', 'srun',
                   '--consent', 'load'], environment


@tap.case
def srun_starts_both_ends_and_the_slow_node_is_found():
    with allocation([3]) as (words, environment):
        done = subprocess.run([*words, '--seconds', '1', '--slow', '20', '--rounds', '14', '--format', 'json'],
                              env=environment, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode == FAILS, done
        answer = json.loads(done.stdout)
        found = {finding['name']: finding['symptom'] for finding in answer['hosts']['findings']
                 if finding['verdict'] == 'faulty'}
        assert found == {'h3': 'slow'} and answer['hosts']['untested'] == 0, answer
        an_interrupt_ends_the_steps(words, environment)


def an_interrupt_ends_the_steps(words, environment):
    with subprocess.Popen([*words, '--seconds', '600'], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:
        end = time.monotonic() + 120
        while len(iperf3_left()) < 4 and time.monotonic() < end:
            time.sleep(0.1)
        # At a terminal salloc leaves the foreground, and the keys, to its command.
        command_of_it = pathlib.Path(f'/proc/{process.pid}/task/{process.pid}/children').read_text(encoding='ascii')
        os.kill(int(command_of_it), signal.SIGINT)
        said, complained = process.communicate(timeout=120)
        assert process.returncode == UNKNOWN and 'it was interrupted' in said, said + complained
    end = time.monotonic() + 120
    while iperf3_left() and time.monotonic() < end:
        time.sleep(0.1)
    assert not iperf3_left(), iperf3_left()


tap.run()
