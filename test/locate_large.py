#!/usr/bin/python3
"""`assay fabric locate` on sixteen hosts with four faults of three sorts, and on leaves one of whose uplinks is narrow."""
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']
import tap
from cluster import FAILS, Cluster, faulty, search


@tap.case
def two_slow_a_lossy_and_a_flapping_one_of_sixteen_are_found():
    with Cluster(16, slow=[2, 11], lossy=[6], flapping=[13]) as cluster:
        status, answer = search(cluster, '--slow', 15, '--rounds', 14, limit=280)
    assert status == FAILS, answer
    assert faulty(answer) == {2: 'slow', 6: 'lossy', 11: 'slow', 13: 'flapping'}, answer


@tap.case
def a_narrow_uplink_is_its_leafs_and_no_hosts():
    with Cluster(20, uplinks=[400, 400, 45, 400, 400]) as cluster:
        path = cluster.hosts(lambda number: f'leaf{number % 5}')
        status, answer = search(cluster, '--slow', 25, path=path, limit=280)
    assert status == FAILS and not faulty(answer), answer
    assert [found['name'] for found in answer['leaves']['findings'] if found['verdict'] == 'faulty'] == ['leaf2'], answer


tap.run()
