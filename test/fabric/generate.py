#!/usr/bin/python3
"""Invents fabrics, whole and faulty, and says what is true of them.

As a module: `make(shape, **sizes)` gives a Fabric, its methods break it, `text()`, `net()`, `hosts()`
and `truth()` write it. As a program it writes all four into a folder:

    generate.py rail --groups 4 --nodes 32 --fault swap --fault degraded:2 --into DIR
"""
import argparse
import json
import pathlib
import random

SPEED = 'NDR'
PCI = ['0000:19:00.0', '0000:3b:00.0', '0000:4c:00.0', '0000:5d:00.0',
       '0000:9b:00.0', '0000:bb:00.0', '0000:cb:00.0', '0000:db:00.0']
FACTORY = 'MT4129 ConnectX7   Mellanox Technologies'
AGGREGATOR = 'Mellanox Technologies Aggregation Node'
ADAPTERS = 0xb8cef603_00000000
SWITCHES = 0x900a8403_00000000
LIDS = 49151


class Device:
    """A switch or an adapter; `ends` maps each cabled port to (device, port, rate)."""

    def __init__(self, kind, guid, ports, description, **told):
        self.kind = kind  # 'S', 'H'
        self.guid = guid
        self.shown = guid  # another when it is a duplicate
        self.ports = ports
        self.name = description
        self.ends = {}
        self.told = told
        self.lid = 0


class Fabric:
    def __init__(self, shape, seed=1):
        self.shape = shape
        self.switches = []
        self.adapters = []
        self.faults = []
        self.silent_ends = set()  # (device, port) whose line is left out
        self.random = random.Random(seed)

    # How it is built.

    def add_switch(self, ports, name, **told):
        guid = SWITCHES + len(self.switches) * 0x40
        switch = Device('S', guid, ports, f'MF0;{name}:MQM9700/U1', name=name, **told)
        self.switches.append(switch)
        return switch

    def add_adapter(self, host, rail, **told):
        guid = ADAPTERS + len(self.adapters) * 0x10
        adapter = Device('H', guid, 1, f'{host} mlx5_{rail}', host=host, rail=rail,
                         device=f'mlx5_{rail}', pci=PCI[rail % len(PCI)], **told)
        self.adapters.append(adapter)
        return adapter

    def add_aggregators(self):
        """A SHARP aggregation node beside each switch, as Quantum switches show one."""
        for number, switch in enumerate(list(self.switches)):
            node = Device('H', SWITCHES + number * 0x40 + 8, 1, AGGREGATOR)
            node.told = {'aggregator': True}
            switch.ports += 1
            self.adapters.append(node)
            self.cable(switch, switch.ports, node, 1)

    @staticmethod
    def cable(a, port, b, other, rate='4x' + SPEED):
        assert port not in a.ends and other not in b.ends, (a.name, port, b.name, other)
        a.ends[port] = (b, other, rate)
        b.ends[other] = (a, port, rate)

    @staticmethod
    def uncable(a, port):
        b, other, _ = a.ends.pop(port)
        del b.ends[other]
        return b, other

    def number(self):
        for index, device in enumerate(self.switches + self.adapters):
            device.lid = index % LIDS + 1

    # How it breaks. Each says what it did in `faults`.

    def hosts_adapters(self):
        return [a for a in self.adapters if 'host' in a.told]

    def leaf_of(self, adapter):
        leaf, port, _ = adapter.ends[1]
        return leaf, port

    def fault(self, kind, **place):
        self.faults.append({'kind': kind, **place})

    def swap(self, a=None, b=None):
        """Two cables change places at their leaf, or leaves."""
        if a is None:
            a = self.random.choice(self.hosts_adapters())
            b = self.random.choice([x for x in self.hosts_adapters() if x.told['host'] != a.told['host']
                                    and x.told['rail'] == a.told['rail']
                                    and self.leaf_of(x)[0] is self.leaf_of(a)[0]])
        (one, first), (two, second) = self.leaf_of(a), self.leaf_of(b)
        self.uncable(one, first)
        self.uncable(two, second)
        self.cable(one, first, b, 1)
        self.cable(two, second, a, 1)
        self.fault('swap', hosts=[a.told['host'], b.told['host']],
                   adapters=[f'{a.guid:016x}', f'{b.guid:016x}'],
                   ports=[[one.told['name'], first], [two.told['name'], second]])

    def uplinks(self):
        return [(s, port) for s in self.switches for port, (other, _, _) in sorted(s.ends.items())
                if other.kind == 'S' and other.told['tier'] > s.told['tier']]

    def missing_uplink(self):
        leaf, port = self.random.choice(self.uplinks())
        spine, other = self.uncable(leaf, port)
        self.fault('missing uplink', ports=[[leaf.told['name'], port], [spine.told['name'], other]])

    def degraded(self, rate=None):
        a, port = self.random.choice(self.uplinks() + [self.leaf_of(x) for x in self.hosts_adapters()])
        b, other, _ = a.ends[port]
        rate = rate or self.random.choice(['2x' + SPEED, '1x' + SPEED, '4xHDR', '4xEDR'])
        a.ends[port] = (b, other, rate)
        b.ends[other] = (a, port, rate)
        self.fault('degraded link', rate=rate, ports=[[a.told['name'], port]],
                   other=b.told.get('name') or b.told['host'])

    def duplicate_guid(self):
        """The second adapter has the GUID of the first; a sweep then sees only one of them."""
        a, b = self.random.sample(self.hosts_adapters(), 2)
        b.shown = a.guid
        leaf, port = self.leaf_of(b)
        self.fault('duplicate GUID', guid=f'{a.guid:016x}', hosts=[a.told['host'], b.told['host']],
                   ports=[[leaf.told['name'], port]])

    def unnamed(self):
        adapter = self.random.choice(self.hosts_adapters())
        adapter.name = FACTORY
        self.fault('unnamed HCA', guid=f'{adapter.guid:016x}', hosts=[adapter.told['host']])

    def unnamed_host(self):
        host = self.random.choice(self.hosts_adapters()).told['host']
        guids = []
        for adapter in self.hosts_adapters():
            if adapter.told['host'] == host:
                adapter.name = FACTORY
                guids.append(f'{adapter.guid:016x}')
        self.fault('unnamed host', hosts=[host], guids=guids)

    def one_sided(self):
        leaf, port = self.random.choice(self.uplinks())
        spine, other, _ = leaf.ends[port]
        self.silent_ends.add((spine.guid, other))
        self.fault('one-sided', ports=[[leaf.told['name'], port], [spine.told['name'], other]])

    def truncated(self):
        self.fault('truncated', share=0.7)

    # How it is written.

    def lines_of(self, device):
        yield ''
        yield 'vendid=0x2c9'
        yield 'devid=0xd2f2' if device.kind == 'S' else 'devid=0x1021'
        yield f'sysimgguid=0x{device.shown:x}'
        if device.kind == 'S':
            yield f'switchguid=0x{device.shown:x}({device.shown:x})'
            yield (f'Switch\t{device.ports} "S-{device.shown:016x}"\t\t# "{device.name}" '
                   f'enhanced port 0 lid {device.lid} lmc 0')
        else:
            yield f'caguid=0x{device.shown:x}'
            yield f'Ca\t{device.ports} "H-{device.shown:016x}"\t\t# "{device.name}"'
        for port in sorted(device.ends):
            if (device.guid, port) in self.silent_ends:
                continue
            other, far, rate = device.ends[port]
            if device.kind == 'H':
                yield (f'[{port}]({device.shown:x}) \t"S-{other.shown:016x}"[{far}]\t\t# lid {device.lid} '
                       f'lmc 0 "{other.name}" lid {other.lid} {rate}')
            elif other.kind == 'H':
                yield (f'[{port}]\t"H-{other.shown:016x}"[{far}]({other.shown:x}) \t\t# "{other.name}" '
                       f'lid {other.lid} {rate}')
            else:
                yield (f'[{port}]\t"S-{other.shown:016x}"[{far}]\t\t# "{other.name}" lid {other.lid} '
                       f'{rate}')

    def text(self):
        """As ibnetdiscover prints it."""
        self.number()
        seen = set()
        lines = ['#', '# Topology file: generated on Thu Nov 26 12:00:00 2026', '#',
                 f'# Initiated from node {self.adapters[0].shown:016x} port {self.adapters[0].shown:016x}']
        for device in self.switches + self.adapters:
            if device.shown not in seen:
                seen.add(device.shown)
                lines.extend(self.lines_of(device))
        text = '\n'.join(lines) + '\n'
        for fault in self.faults:
            if fault['kind'] == 'truncated':
                text = text[:int(len(text) * fault['share'])]
        return text

    def net(self):
        """As ibsim reads it; it knows rates up to HDR only."""
        lines = ['width=2', 'speed=7', 'extspeed=7']
        for device in self.switches + self.adapters:
            letter = {'S': 'Switch', 'H': 'Ca'}[device.kind]
            lines.append(f'\n{letter.lower()}guid=0x{device.guid:x}')
            lines.append(f'{letter}\t{device.ports} "{device.kind}-{device.guid:016x}"\t\t# "{device.name}"')
            if device.kind == 'S':
                lines[-1] += ' enhanced port 0 lid 0 lmc 0'
            for port in sorted(device.ends):
                other, far, rate = device.ends[port]
                end = f'({device.guid:x})' if device.kind == 'H' else ''
                worse = {'1x': ' w=1', '2x': ' w=16'}.get(rate[:2], '')
                worse += {'HDR': '', 'EDR': ' e=2'}.get(rate[2:], '')
                lines.append(f'[{port}]{end}\t"{other.kind}-{other.guid:016x}"[{far}]{worse}')
        return '\n'.join(lines) + '\n'

    def hosts(self):
        """A list of hosts and GUIDs, as pdsh and ibv_devices print it."""
        return ''.join(f'{a.told["host"]}: {a.told["device"]}@{a.told["pci"]}=0x{a.shown:016x}\n'
                       for a in self.hosts_adapters())

    def truth(self):
        hosts = {}
        for adapter in self.hosts_adapters():
            told = adapter.told
            leaf, port = self.leaf_of(adapter)
            host = hosts.setdefault(told['host'], {'group': told['group'], 'pod': told['pod'],
                                                   'adapters': []})
            host['adapters'].append({'guid': f'{adapter.guid:016x}', 'device': told['device'],
                                     'rail': told['rail'], 'pci': told['pci'],
                                     'leaf': leaf.told['name'], 'port': port})
        switches = {s.told['name']: {'guid': f'{s.guid:016x}',
                                     **{k: v for k, v in s.told.items() if k != 'name'}}
                    for s in self.switches}
        return {'shape': self.shape, 'hosts': hosts, 'switches': switches, 'faults': self.faults}


def host_name(index):
    return f'gpu{index + 1:05d}'


def make(shape, groups=2, nodes=8, rails=8, spines=4, cables=1, pods=1, cores=0, sharp=False, seed=1):
    """`shape`: rail (a leaf for each rail of a group), rail-only (rails never meet), classic (one leaf
    for a group), dragonfly (leaves of a group each with each, groups by single cables). `groups` and
    `spines` are those of one pod; `cores` are those behind each spine."""
    fabric = Fabric(shape, seed)
    if shape == 'dragonfly':
        make_dragonfly(fabric, groups, nodes, rails, cables, pods)
    else:
        make_tree(fabric, shape, groups, nodes, rails, spines, cables, pods, cores)
    if sharp:
        fabric.add_aggregators()
    return fabric


def make_tree(fabric, shape, groups, nodes, rails, spines, cables, pods, cores):
    classic = shape == 'classic'
    leaves_of_group = 1 if classic else rails
    down = nodes * rails if classic else nodes
    rail_sets = rails if shape == 'rail-only' else 1  # of spines, which do not meet
    leaf = {}
    for p in range(pods):
        for g in range(groups):
            for r in range(leaves_of_group):
                leaf[p, g, r] = fabric.add_switch(down + spines * cables, f'leaf-{p + 1}-{g + 1}-{r + 1}',
                                                  tier=0, group=p * groups + g, pod=p,
                                                  rail=None if classic else r)
    per_spine = groups * leaves_of_group // rail_sets * cables
    spine = {(p, q, s): fabric.add_switch(per_spine + cores, f'spine-{p + 1}-{q * spines + s + 1}', tier=1,
                                          group=None, pod=p, rail=q if rail_sets > 1 else None)
             for p in range(pods) for q in range(rail_sets) for s in range(spines)}
    core = {(q, s, c): fabric.add_switch(pods, f'core-{(q * spines + s) * cores + c + 1}', tier=2, group=None,
                                         pod=None, rail=q if rail_sets > 1 else None)
            for q in range(rail_sets) for s in range(spines) for c in range(cores)}
    for (p, g, r), switch in leaf.items():
        q = r if rail_sets > 1 else 0
        place = g if rail_sets > 1 else g * leaves_of_group + r
        for s in range(spines):
            for c in range(cables):
                fabric.cable(switch, down + s * cables + c + 1, spine[p, q, s], place * cables + c + 1)
    for (p, q, s), switch in spine.items():
        for c in range(cores):
            fabric.cable(switch, per_spine + c + 1, core[q, s, c], p + 1)
    for index in range(pods * groups * nodes):
        p, g, n = index // (groups * nodes), index // nodes % groups, index % nodes
        for r in range(rails):
            adapter = fabric.add_adapter(host_name(index), r, group=p * groups + g, pod=p)
            fabric.cable(leaf[p, g, 0 if classic else r], n * rails + r + 1 if classic else n + 1, adapter, 1)


def make_dragonfly(fabric, groups, nodes, rails, cables, pods):
    """A pod is a dragonfly's group: `groups` leaves, each with each; each pod with each other."""
    down = nodes * rails
    leaf = {(p, g): fabric.add_switch(down + (groups - 1) * cables + pods, f'leaf-{p + 1}-{g + 1}', tier=0,
                                      group=p * groups + g, pod=p, rail=None)
            for p in range(pods) for g in range(groups)}
    for (p, g), switch in leaf.items():
        for h in range(g + 1, groups):
            for c in range(cables):
                fabric.cable(switch, down + (h - 1) * cables + c + 1, leaf[p, h], down + g * cables + c + 1)
    for p in range(pods):
        for q in range(p + 1, pods):
            fabric.cable(leaf[p, q % groups], down + (groups - 1) * cables + q + 1, leaf[q, p % groups],
                         down + (groups - 1) * cables + p + 1)
    for index in range(pods * groups * nodes):
        p, g, n = index // (groups * nodes), index // nodes % groups, index % nodes
        for r in range(rails):
            adapter = fabric.add_adapter(host_name(index), r, group=p * groups + g, pod=p)
            fabric.cable(leaf[p, g], n * rails + r + 1, adapter, 1)


FAULTS = {'swap': Fabric.swap, 'missing-uplink': Fabric.missing_uplink, 'degraded': Fabric.degraded,
          'duplicate-guid': Fabric.duplicate_guid, 'unnamed': Fabric.unnamed,
          'unnamed-host': Fabric.unnamed_host, 'one-sided': Fabric.one_sided, 'truncated': Fabric.truncated}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('shape', choices=['rail', 'rail-only', 'classic', 'dragonfly'])
    for name, default in (('groups', 2), ('nodes', 8), ('rails', 8), ('spines', 4), ('cables', 1),
                          ('pods', 1), ('cores', 0), ('seed', 1)):
        parser.add_argument('--' + name, type=int, default=default)
    parser.add_argument('--sharp', action='store_true', help='with aggregation nodes')
    parser.add_argument('--fault', action='append', default=[], metavar='KIND[:COUNT]',
                        help='one of ' + ', '.join(FAULTS))
    parser.add_argument('--into', type=pathlib.Path, required=True, metavar='DIR')
    given = parser.parse_args()
    sizes = {k: getattr(given, k) for k in ('groups', 'nodes', 'rails', 'spines', 'cables', 'pods', 'cores',
                                            'sharp', 'seed')}
    fabric = make(given.shape, **sizes)
    for fault in given.fault:
        kind, _, count = fault.partition(':')
        for _ in range(int(count or 1)):
            FAULTS[kind](fabric)
    given.into.mkdir(parents=True, exist_ok=True)
    (given.into / 'fabric.txt').write_text(fabric.text())
    (given.into / 'fabric.net').write_text(fabric.net())
    (given.into / 'hosts.txt').write_text(fabric.hosts())
    (given.into / 'truth.json').write_text(json.dumps(fabric.truth(), indent=1) + '\n')


if __name__ == '__main__':
    main()
