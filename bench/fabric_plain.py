#!/usr/bin/python3
"""The job of `assay fabric topology --for slurm-conf`, as one would write it in an afternoon: the peer
that bench/fabric measures beside. Reads ibnetdiscover's text, holds both ends of each cable against each
other, prints a topology.conf with a switch for each group of leaves that share hosts, for each pod and for
the whole, and counts on standard error what is wrong with the wiring.

usage: fabric_plain.py FILE
"""
import re
import sys
from collections import Counter, defaultdict
from functools import cache
from os.path import commonprefix

HEAD = re.compile(r'(vendid|devid|sysimgguid|caguid|switchguid|rtguid)=0x([0-9a-f]+)')
DEVICE = re.compile(r'(Switch|Ca|Rt)\t(\d+) "([SHR]-[0-9a-f]+)"\s*# "(.*)"')
CABLE = re.compile(r'\[(\d+)\](?:\([0-9a-f]+\))?\s+"([SHR]-[0-9a-f]+)"\[(\d+)\](?:\([0-9a-f]+\))?\s*'
                   r'#.*?"(.*)" lid \d+ (\S+)')
RATE = re.compile(r'(\d+)x([A-Z]+\d*)')
COMPLAINTS = ('ibwarn:', 'src/', 'ibpanic:', 'ibdiag', 'libibnetdisc')
SWITCH_NAME = re.compile(r'MF0;([^:]+):')
NUMBER = re.compile(r'(.*?)(\d{1,9})$')
MAKERS = ('Mellanox', 'ConnectX', 'NVIDIA', 'HCA card', 'InfiniBand')
LANES = {'SDR': 2000, 'DDR': 4000, 'QDR': 8000, 'FDR10': 10000, 'FDR': 13636, 'EDR': 25000, 'HDR': 50000,
         'NDR': 100000, 'XDR': 200000}
ADAPTERS_MAXIMUM = 64  # of one host


@cache
def mbit(rate):
    """Mb/s of `4xNDR`; 0: not known."""
    found = RATE.match(rate)
    return int(found.group(1)) * LANES.get(found.group(2), 0) if found else 0


class Device:
    __slots__ = ('name', 'ports', 'description', 'system', 'model', 'cables', 'links')

    def __init__(self, name, ports, description, system, model):
        self.name = name  # S-..., H-...
        self.ports = ports
        self.description = description
        self.system = system
        self.model = model
        self.cables = {}  # of a port: device and port at the other end, rate, as this end tells it
        self.links = {}  # of a port: device and port, as both ends tell it


class Fabric:
    def __init__(self):
        self.devices = {}
        self.faults = Counter()

    def read(self, file):
        devices, faults = self.devices, self.faults
        device, told, called = None, {}, {}
        with open(file, encoding='utf-8', errors='replace') as lines:
            for line in lines:
                if line[-1] != '\n':
                    faults['truncated'] += 1
                elif line[0] == '[':
                    found = CABLE.match(line)
                    if not found:
                        faults['unreadable'] += 1
                    elif device:
                        port, peer, far, name, rate = found.groups()
                        port = int(port)
                        if port > device.ports:
                            faults['unreadable'] += 1
                        else:
                            device.cables[port] = (peer, int(far), rate)
                        if peer not in devices:
                            called[peer] = name
                elif found := HEAD.match(line):
                    told[found.group(1)] = found.group(2)
                elif found := DEVICE.match(line):
                    _, ports, name, description = found.groups()
                    if name in devices:
                        faults['duplicate-guid'] += 1
                        device = None
                    else:
                        device = devices[name] = Device(name, int(ports), description,
                                                        told.get('sysimgguid', name[2:]),
                                                        (told.get('vendid'), told.get('devid')))
                    told = {}
                elif line[0] not in '#\n':
                    faults['no-answer' if line.startswith(COMPLAINTS) else 'unreadable'] += 1
        # Cables lead to devices that the text leaves out.
        left_out = {name: text for name, text in called.items() if name not in devices}
        for name, text in left_out.items():
            devices[name] = Device(name, 1 << 16, text, name[2:], (None, None))
        faults['truncated'] += bool(left_out)
        return set(left_out)

    def link(self, left_out):
        devices, faults = self.devices, self.faults
        doubtful = []
        for name, device in devices.items():
            for port, (peer, far, _) in device.cables.items():
                other = devices[peer]
                back = other.cables.get(far)
                if peer == name and far == port:
                    faults['loop'] += 1
                elif far > other.ports:
                    faults['unreadable'] += 1
                elif back and back[0] == name and back[1] == port:
                    device.links[port] = (other, far)
                else:
                    doubtful.append((device, port, other, far, back))
        for device, port, other, far, back in doubtful:
            if back is None and far not in other.links:
                device.links[port] = (other, far)
                other.links[far] = (device, port)
                if other.name not in left_out:
                    faults['one-sided'] += 1
            else:
                faults['duplicate-guid' if far in other.links else 'one-sided'] += 1

    def rate(self, device, port):
        """Mb/s as this end of the link tells it, or the other one where this says nothing."""
        cable = device.cables.get(port)
        if not cable:
            other, far = device.links[port]
            cable = other.cables[far]
        return mbit(cable[2])


def natural(name):
    return [int(part) if part.isdigit() else part for part in re.split(r'(\d+)', name)]


def name_hosts(fabric):
    """The host of each adapter, by the first word of what it calls itself, else by its GUID."""
    host_of, adapters = {}, defaultdict(list)
    for name, device in fabric.devices.items():
        if not name.startswith('H-') or 'Aggregation Node' in device.description:
            continue
        words = device.description.split()
        is_named = words and not any(maker in device.description for maker in MAKERS)
        adapters[words[0] if is_named else None].append(device)
    for host, its in adapters.items():
        for device in its:
            is_named = host is not None and len(its) <= ADAPTERS_MAXIMUM
            host_of[device.name] = host if is_named else f'guid-{device.system:>016}'
    return host_of


def families(sets):
    """Items whose sets have at least half of the smaller one in common: lists of items."""
    found, members, family_of = [], [], {}
    for item, its in sets.items():
        seen = Counter(family_of[member] for member in its if member in family_of)
        best, common = seen.most_common(1)[0] if seen else (None, 0)
        if best is None or common * 2 < min(len(its), len(members[best])):
            best = len(found)
            found.append([])
            members.append(set())
        found[best].append(item)
        for member in its:
            if member not in family_of:
                family_of[member] = best
                members[best].add(member)
    return found


class Layout:
    """Hosts, leaves, what is above them, and the links between."""

    def __init__(self, fabric):
        self.fabric = fabric
        self.host_of = name_hosts(fabric)
        self.on_leaf = defaultdict(list)  # of a leaf: port and host
        self.leaves_of = defaultdict(list)  # of a host: leaf and port
        for device in fabric.devices.values():
            host = self.host_of.get(device.name)
            if host is None:
                continue
            for other, far in device.links.values():
                if other.name.startswith('S-'):
                    self.on_leaf[other.name].append((far, host))
                    self.leaves_of[host].append((other.name, far))
        self.climb()
        self.find_groups()
        self.find_pods()

    def climb(self):
        """The tier of each switch, and how many links it has to each above it."""
        devices = self.fabric.devices
        self.tier = dict.fromkeys(self.on_leaf, 0)
        queue = list(self.on_leaf)
        for name in queue:
            for other, _ in devices[name].links.values():
                if other.name.startswith('S-') and other.name not in self.tier:
                    self.tier[other.name] = self.tier[name] + 1
                    queue.append(other.name)
        self.above = {}
        for name in queue:
            self.above[name] = Counter(other.name for other, _ in devices[name].links.values()
                                       if self.tier.get(other.name, -1) > self.tier[name])

    def find_groups(self):
        self.groups = families({leaf: {host for _, host in self.on_leaf[leaf]} for leaf in self.on_leaf})
        self.group_of = {leaf: i for i, leaves in enumerate(self.groups) for leaf in leaves}
        self.home = {host: Counter(self.group_of[leaf] for leaf, _ in its).most_common(1)[0][0]
                     for host, its in self.leaves_of.items()}
        self.hosts_in = defaultdict(list)
        for host, group in self.home.items():
            if not host.startswith('guid-'):
                self.hosts_in[group].append(host)
        for hosts in self.hosts_in.values():
            hosts.sort(key=natural)
        self.order = sorted(self.hosts_in, key=lambda group: natural(self.hosts_in[group][0]))

    def find_pods(self):
        """Groups whose leaves hang on the same switches."""
        self.siblings = [family for tier in range(max(self.tier.values(), default=0) + 1) for family in
                         families({name: self.above[name] for name in self.above
                                   if self.tier[name] == tier and self.above[name]})]
        pods = {}
        for family in self.siblings:
            if self.tier[family[0]] == 0:
                groups = {self.group_of[leaf] for leaf in family}
                joined = set().union(groups, *(pods.get(group, ()) for group in groups))
                pods.update(dict.fromkeys(joined, joined))
        self.pods, placed = [], set()
        for group in self.order:
            if group not in placed:
                pod = pods.get(group, {group})
                self.pods.append([one for one in self.order if one in pod])
                placed |= pod


def judge_places(layout, faults):
    """Cables that are at each other's place: the same port of a group's leaves leads to one host."""
    spots = defaultdict(Counter)
    for leaf, its in layout.on_leaf.items():
        for port, host in its:
            if not host.startswith('guid-'):
                spots[layout.group_of[leaf], port][host] += 1
    usual = {}
    for spot, hosts in spots.items():
        host, count = hosts.most_common(1)[0]
        if count * 2 >= sum(hosts.values()) and len(layout.groups[spot[0]]) > 1:
            usual[spot] = host
    astray, probable = {}, Counter()
    for leaf, its in layout.on_leaf.items():
        for port, host in its:
            expected = usual.get((layout.group_of[leaf], port))
            if host.startswith('guid-'):
                probable[expected] += expected is not None
            elif expected not in (None, host):
                astray.setdefault((host, expected), []).append(leaf)
            elif layout.home[host] != layout.group_of[leaf]:
                faults['misplaced-cable'] += 1
    for (host, expected), leaves in astray.items():
        back = len(astray.get((expected, host), ()))
        if host < expected:
            faults['swapped-cables'] += min(len(leaves), back)
        faults['misplaced-cable'] += max(len(leaves) - back, 0)
    return probable


def judge_uplinks(layout, faults):
    """Switches with fewer uplinks than those beside them, and to which switch they lack them."""
    for family in layout.siblings:
        if len(family) < 2:
            continue
        links = Counter(layout.above[name].total() for name in family).most_common(1)[0][0]
        aboves = set().union(*(layout.above[name] for name in family))
        usual = {above: Counter(layout.above[name][above] for name in family).most_common(1)[0][0]
                 for above in aboves}
        for name in family:
            if layout.above[name].total() < links:
                faults['missing-uplink'] += sum(layout.above[name][above] < usual[above]
                                                for above in aboves)


def judge_rates(layout, faults):
    """Links slower than most between devices of the same models, and ends that do not agree."""
    fabric, rates = layout.fabric, defaultdict(Counter)
    for name, device in fabric.devices.items():
        low = -1 if name in layout.host_of else layout.tier.get(name)
        if low is None:
            continue
        for port, (other, far) in device.links.items():
            high = layout.tier.get(other.name)
            if high is None or low > high or (low == high and (name, port) > (other.name, far)):
                continue
            one, another = fabric.rate(device, port), fabric.rate(other, far)
            if one and another and one != another:
                faults['unequal-ends'] += 1
            elif one or another:
                rates[low, high, device.model, other.model][one or another] += 1
    for counts in rates.values():
        usual, count = counts.most_common(1)[0]
        if counts.total() >= 4 and count >= 0.75 * counts.total():
            faults['slow-link'] += sum(many for rate, many in counts.items() if rate < usual)


def judge_hosts(layout, faults, probable):
    """Adapters whose host nothing names, and hosts with fewer links than most."""
    named = {host: len(its) for host, its in layout.leaves_of.items() if not host.startswith('guid-')}
    faults['unnamed-adapter'] += len({host for host in layout.host_of.values()
                                      if host.startswith('guid-')})
    if len(named) < 2:
        return
    usual, share = Counter(named.values()).most_common(1)[0]
    if share < 0.75 * len(named) or usual < 3:
        return
    for host, links in named.items():
        if links + probable[host] < usual and links * 2 >= usual:
            faults['missing-adapter'] += 1


def fold(names):
    """node[01-04,07]"""
    parts, single = defaultdict(list), []
    for name in names:
        found = NUMBER.match(name)
        if found:
            parts[found.group(1)].append(found.group(2))
        else:
            single.append(name)
    folded = []
    for prefix, numbers in parts.items():
        ranges = []
        for number in sorted(numbers, key=int):
            if ranges and number == f'{int(ranges[-1][1]) + 1:0{len(ranges[-1][1])}}':
                ranges[-1][1] = number
            else:
                ranges.append([number, number])
        texts = [first if first == last else f'{first}-{last}' for first, last in ranges]
        alone = len(numbers) == 1
        folded.append(prefix + (texts[0] if alone else f'[{",".join(texts)}]'))
    return ','.join(folded + single)


def plain(description):
    found = SWITCH_NAME.match(description)
    return found.group(1) if found else description


def group_names(layout):
    names = {}
    for group in layout.order:
        leaves = [plain(layout.fabric.devices[leaf].description) for leaf in layout.groups[group]]
        names[group] = re.sub(r'\W*\d*$', '', commonprefix(leaves)) if len(leaves) > 1 else leaves[0]
    if len(set(names.values())) < len(names) or min(map(len, names.values())) < 3:
        return {group: f'leafgroup-{i + 1}' for i, group in enumerate(layout.order)}
    return names


def write(layout):
    names = group_names(layout)
    for group in layout.order:
        print(f'SwitchName={names[group]} Nodes={fold(layout.hosts_in[group])}')
    tops = [names[group] for group in layout.order]
    if 1 < len(layout.pods) < len(layout.order):
        tops = [f'pod-{i + 1}' for i in range(len(layout.pods))]
        for top, pod in zip(tops, layout.pods):
            print(f'SwitchName={top} Switches={fold([names[group] for group in pod])}')
    if len(tops) > 1:
        print(f'SwitchName=compute Switches={fold(tops)}')


def main(file):
    fabric = Fabric()
    fabric.link(fabric.read(file))
    layout = Layout(fabric)
    probable = judge_places(layout, fabric.faults)
    judge_uplinks(layout, fabric.faults)
    judge_rates(layout, fabric.faults)
    judge_hosts(layout, fabric.faults, probable)
    write(layout)
    for fault, count in fabric.faults.items():
        if count > 0:
            print(f'{count} {fault}', file=sys.stderr)


if __name__ == '__main__':
    main(sys.argv[1])
