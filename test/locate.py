#!/usr/bin/python3
"""`assay fabric locate`: a slow host is found, one that cannot be reached is named, an interrupt, bad input."""
import pathlib
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']
import tap
from cluster import ASSAY, FAILS, FOLDER, LAUNCH, UNKNOWN, USAGE, Cluster, faulty, iperf3_left, locate, search


@tap.case
def the_slow_one_of_six_is_found_and_who_cannot_be_reached_is_named():
    with Cluster(6, slow=[4]) as cluster:
        path = cluster.hosts()
        path.write_text(path.read_text() + '4194304 10.77.0.99\n')
        bundle = pathlib.Path(FOLDER.name, 'bundle.json')
        status, answer = search(cluster, '--slow', 20, '--provider', 'p', '--bundle', bundle, path=path)
    assert status == FAILS and faulty(answer) == {4: 'slow'}, answer
    found = {finding['verdict']: finding for finding in answer['hosts']['findings']}
    assert 0.3 < found['faulty']['lacks'] < 0.5, answer
    assert 'nsenter' in found['untested']['why'] and answer['hosts']['untested'] == 1, answer
    assert answer['hosts']['sound'] + answer['hosts']['open'] == 5, answer
    assert bundle.read_text().count('node.test.locate.verdict') == 7, bundle.read_text()


@tap.case
def an_interrupt_leaves_nothing_running():
    with Cluster(4) as cluster:
        process = subprocess.Popen([ASSAY, 'fabric', 'locate', '--hosts', cluster.hosts(), '--launch', LAUNCH, '--consent',
                                    'load', '--seconds', '600'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while len(iperf3_left()) < 4 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=120)
        assert process.returncode == UNKNOWN and 'it was interrupted' in said, said + complained
        # Far sooner than they would end by themselves.
        until = time.monotonic() + 60
        while iperf3_left() and time.monotonic() < until:
            time.sleep(0.1)
        assert not iperf3_left(), iperf3_left()


@tap.case
def without_consent_the_plan_is_told():
    done = locate('a', 'b', 'c', 'd')
    assert done.returncode == UNKNOWN and '4 hosts would be loaded' in done.stdout, done
    assert 'ssh -tt' in done.stdout and '--consent load' in done.stdout, done
    assert 'srun' in locate('a', 'b', 'c', 'd', '--launch', 'srun').stdout


@tap.case
def bad_input_is_said_in_one_line():
    path = pathlib.Path(FOLDER.name, 'bad')
    path.write_text('n1\nn2;reboot\nn3\nn4\n')
    for words, sentence in (
        (['a', 'b', 'c'], '3 hosts'),
        (['a', 'b', 'c', 'a'], "host 4, 'a', is named as host 1 already"),
        (['a', 'b', 'c', '--', '-oProxyCommand=x'], 'no name of a host'),
        (['a=10.0.0.1', 'b=10.0.0.2', 'c=10.0.0.1', 'd'], 'host 3 has the address 10.0.0.1, and so has host 1'),
        (['a=1,2', 'b=3,3', 'c=4,5', 'd=6,7'], 'host 2 has the address 3, and so has host 2'),
        (['a', 'b=a', 'c', 'd'], 'host 2 has the address a'),
        (['a', 'b', 'c', 'd', '--devices', 'mlx5_0,mlx5_0'], 'mlx5_0 stands there twice'),
        (['--hosts', path], "bad:2: 'n2;reboot'"),
        (['--hosts', path, 'a'], 'not both'),
        (['--hosts', '/nowhere/hosts'], '/nowhere/hosts'),
        (['a', 'b', 'c', 'd', '--launch', 'ssh -x'], '{} has to stand'),
        (['a', 'b', 'c', 'd', '--with', 'ping'], 'iperf3, ib_write_bw or nccl'),
        (['a', 'b', 'c', 'd', '--devices', 'mlx5_0;'], 'name them as mlx5_0'),
        (['a', 'b', 'c', 'd', '--consent', 'read'], '--consent read'),
        (['a', 'b', 'c', 'd', '--slow', '0'], '--slow 0'),
    ):
        done = locate(*words)
        assert done.returncode >= USAGE and sentence in done.stderr, (words, done)
        assert not done.stdout, done


@tap.case
def a_launcher_that_fails_everywhere_tells_nothing():
    done = locate('a', 'b', 'c', 'd', '--launch', 'false {}', '--consent', 'load')
    assert done.returncode == UNKNOWN and '4 not measured' in done.stdout, done


tap.run()
