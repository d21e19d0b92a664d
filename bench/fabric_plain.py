#!/usr/bin/python3
"""The job of `assay fabric topology --for slurm-conf`, as one would write it in an afternoon: the peer
that bench/fabric measures beside. Reads ibnetdiscover's text, prints a topology.conf with one switch
for each group of leaves that share hosts, and one for each part above that hangs together.

usage: fabric_plain.py FILE
"""
import re
import sys
from collections import defaultdict

DEVICE = re.compile(r'^(Switch|Ca)\t(\d+) "([SH]-[0-9a-f]+)"\t+# "(.*?)"')
PORT = re.compile(r'^\[(\d+)\](?:\([0-9a-f]+\))?\s+"([SH]-[0-9a-f]+)"\[(\d+)\]')
NUMBER = re.compile(r'^(.*?)(\d+)$')


def read(file):
    names, links = {}, defaultdict(set)
    device = None
    with open(file, encoding='utf-8', errors='replace') as lines:
        for line in lines:
            if found := PORT.match(line):
                links[device].add(found.group(2))
            elif found := DEVICE.match(line):
                device = found.group(3)
                names[device] = found.group(4)
    return names, links


def leaf_groups(names, links):
    """Sets of hosts: leaves whose hosts are for the better part the same are one group."""
    hosts_of = defaultdict(set)
    for device, peers in links.items():
        if device.startswith('S-'):
            for peer in peers:
                if peer.startswith('H-'):
                    hosts_of[device].add(names[peer].split()[0])
    groups, group_of_host = [], {}
    for leaf in sorted(hosts_of):
        hosts = hosts_of[leaf]
        seen = defaultdict(int)
        for host in hosts:
            if host in group_of_host:
                seen[group_of_host[host]] += 1
        best = max(seen, key=seen.get, default=None)
        if best is None or seen[best] * 2 < min(len(hosts), len(groups[best][1])):
            groups.append((set(), set()))
            best = len(groups) - 1
        groups[best][0].add(leaf)
        for host in hosts:
            if host not in group_of_host:
                groups[best][1].add(host)
                group_of_host[host] = best
    return groups


def pods(groups, links):
    """Groups that share a switch above them are one pod."""
    pod_of, above = list(range(len(groups))), {}

    def root(index):
        while pod_of[index] != index:
            index = pod_of[index]
        return index

    for index, (leaves, _) in enumerate(groups):
        for leaf in leaves:
            for peer in links[leaf]:
                if peer.startswith('S-'):
                    if peer in above:
                        pod_of[root(index)] = root(above[peer])
                    above[peer] = index
    found = defaultdict(list)
    for index in range(len(groups)):
        found[root(index)].append(index)
    return list(found.values())


def fold(hosts):
    """node[01-04,07]"""
    parts = defaultdict(list)
    for host in hosts:
        prefix, number = NUMBER.match(host).groups()
        parts[prefix, len(number)].append(int(number))
    folded = []
    for (prefix, width), numbers in sorted(parts.items()):
        numbers.sort()
        ranges, start = [], numbers[0]
        for before, number in zip(numbers, numbers[1:] + [None]):
            if number != before + 1:
                ranges.append(f'{start:0{width}}' if start == before
                              else f'{start:0{width}}-{before:0{width}}')
                start = number
        folded.append(f'{prefix}[{",".join(ranges)}]')
    return ','.join(folded)


def main(file):
    names, links = read(file)
    groups = leaf_groups(names, links)
    for index, (_, hosts) in enumerate(groups):
        print(f'SwitchName=group{index + 1} Nodes={fold(hosts)}')
    parts = pods(groups, links)
    for index, part in enumerate(parts):
        print(f'SwitchName=pod{index + 1} Switches={",".join(f"group{g + 1}" for g in part)}')
    if len(parts) > 1:
        print('SwitchName=core Switches=' + ','.join(f'pod{p + 1}' for p in range(len(parts))))


if __name__ == '__main__':
    main(sys.argv[1])
