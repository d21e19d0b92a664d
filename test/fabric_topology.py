#!/usr/bin/python3
"""Files that place jobs: a real slurmctld loads them, and what it then knows is the fabric's truth."""
import contextlib
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import jsonschema
import yaml

sys.path[:0] = ['tools', 'test', 'test/fabric']
import generate
import tap
from slurm import daemon, munge, settings_of_slurm, slurm

ASSAY = os.environ.get('ASSAY', 'build/assay')
GOOD, FAILS, UNKNOWN, DATA, MISSING = 0, 1, 2, 65, 66


# ---- fabrics, and the truth about them ----


class Fabric:
    """Switches, hosts and cables; text as ibnetdiscover prints it."""

    def __init__(self):
        self.devices = {}  # name: (GUID, kind, description)
        self.cables = []  # (name, port, name, port)
        self.ports = {}

    def add(self, name, kind, description):
        self.devices[name] = (0xB83FD20300000000 + len(self.devices) + 1, kind, description)
        self.ports[name] = 0

    def link(self, one, other):
        ends = []
        for name in (one, other):
            self.ports[name] += 1
            ends += [name, self.ports[name]]
        self.cables.append(tuple(ends))

    def text(self):
        at = {name: [] for name in self.devices}
        for one, port, other, other_port in self.cables:
            at[one].append((port, other, other_port))
            at[other].append((other_port, one, port))
        return '\n'.join(self._device(name, at[name]) for name in self.devices)

    def _device(self, name, cables):
        guid, kind, description = self.devices[name]
        lines = ['vendid=0x2c9', 'devid=0xd2f2', f'sysimgguid={guid:#x}']
        if kind == 'S':
            lines += [f'switchguid={guid:#x}({guid:x})']
            lines += [
                f'Switch\t{max(64, len(cables))} "S-{guid:016x}"\t\t'
                f'# "{description}" enhanced port 0 lid 1 lmc 0'
            ]
        else:
            lines += [f'caguid={guid:#x}', f'Ca\t1 "H-{guid:016x}"\t\t# "{description}"']
        for port, other, other_port in sorted(cables):
            far, far_kind, far_description = self.devices[other]
            own = f'({guid:x})' if kind == 'H' else ''
            back = f'({far:x})' if far_kind == 'H' else ''
            lmc = 'lid 1 lmc 0 ' if kind == 'H' else ''
            lines.append(
                f'[{port}]{own}\t"{far_kind}-{far:016x}"[{other_port}]{back}\t\t'
                f'# {lmc}"{far_description}" lid 1 4xNDR'
            )
        return '\n'.join(lines) + '\n'


def rails(groups, size, count, spines=2, pods=1, name='n{}'):
    """A rail-optimised fabric of `pods` pods of leaf groups each; the truth is pods of groups."""
    fabric = Fabric()
    truth = []
    number = itertools.count(1)
    cores = [f'core{i}' for i in range(2)] if pods > 1 else []
    for core in cores:
        fabric.add(core, 'S', core)
    for pod in range(pods):
        tops = [f'spine{pod}-{i}' for i in range(spines)]
        for top in tops:
            fabric.add(top, 'S', top)
        for top, core in itertools.product(tops, cores):
            for _ in range(2):
                fabric.link(top, core)
        truth.append([])
        for group in range(groups):
            leaves = [f'leaf{pod}-{group}-{rail}' for rail in range(count)]
            for leaf in leaves:
                fabric.add(leaf, 'S', leaf)
            hosts = [name.format(next(number)) for _ in range(size)]
            for host, (rail, leaf) in itertools.product(hosts, enumerate(leaves)):
                fabric.add(f'{host}/{rail}', 'H', f'{host} mlx5_{rail}')
                fabric.link(f'{host}/{rail}', leaf)
            for leaf, top in itertools.product(leaves, tops):
                fabric.link(leaf, top)
            truth[-1].append(frozenset(hosts))
    return fabric, truth


def host_list(fabric, rename=None):
    """Names and GUIDs, as an operator keeps them."""
    lines = []
    for name, (guid, kind, _) in fabric.devices.items():
        if kind == 'H':
            host, rail = name.split('/')
            lines.append(f'{(rename or {}).get(host, host)}: mlx5_{rail}=0x{guid:016x}')
    return '\n'.join(lines) + '\n'


def evidence(fabric, domains):
    """Bundles are one way; records of YAML are another: NVLink domains of hosts."""
    records = []
    for host, (cluster, clique) in domains.items():
        for what, value in (('cluster', cluster), ('clique', clique)):
            records.append(
                {
                    'id': f'{host}.{what}',
                    'subject': {'provider': 'p', 'node': host, 'device': 'gpu:0000:19:00.0'},
                    'what': f'node.gpu.fabric.{what}',
                    **({'state': value} if what == 'cluster' else {'value': value, 'unit': 'clique'}),
                    'kind': 'measurement',
                    'strength': 'E1',
                    'observed': '2026-11-01',
                    'source': {'name': 's'},
                }
            )
    return yaml.safe_dump({'schema': 'assay/evidence/v1', 'records': records}, sort_keys=False)


# ---- the program ----


def run(*arguments):
    return subprocess.run(
        [ASSAY, 'fabric', *map(str, arguments)], capture_output=True, text=True, check=False
    )


@contextlib.contextmanager
def files(**texts):
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        paths = []
        for name, text in texts.items():
            paths.append(pathlib.Path(folder, name.replace('_', '.')))
            paths[-1].write_text(text, encoding='utf-8')
        yield paths


def topology(form, *texts, status=GOOD, more=()):
    """What is written of these texts, and what is said on the way."""
    with files(**{f'f{i}_txt': text for i, text in enumerate(texts)}) as paths:
        done = run('topology', f'--for={form}', *more, *paths)
    assert done.returncode == status, f'{done.returncode}: {done.stderr}{done.stdout}'
    return done.stdout, done.stderr


# ---- Slurm ----


def is_refused(at, conf, nodes):
    """Whether slurmctld ends by itself, and says that it is for the topology."""
    with settings_of_slurm(at, conf, nodes) as (settings, log):
        words = ['timeout', '120', daemon('slurmctld'), '-D', '-c', '-f', str(settings)]
        done = subprocess.run(words, capture_output=True, check=False)
        return done.returncode == 1 and 'fatal: ' in log.read_text()


def scontrol(environment, *words):
    done = subprocess.run(
        ['timeout', '60', 'scontrol', *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def expand(environment, names):
    return scontrol(environment, 'show', 'hostnames', names).split()


def unfold(names):
    """Of lists with one bracket an item, as they are written."""
    out = []
    for item in names.replace('],', '] ').split():
        head, bracket, rest = item.rpartition('[')
        if not bracket:
            out += item.split(',')
            continue
        *plain, head = head.split(',')
        out += plain
        for one in rest.rstrip(']').split(','):
            low, _, high = one.partition('-')
            for number in range(int(low), int(high or low) + 1):
                out.append(f'{head}{number:0{len(low)}}')
    return out


def known_to_slurm(environment):
    """Of each switch its level, the nodes that it reaches, and the switches below it."""
    switches = {}
    for line in scontrol(environment, 'show', 'topology').splitlines():
        words = dict(word.split('=', 1) for word in line.split() if '=' in word)
        switches[words['SwitchName']] = (
            int(words['Level']),
            frozenset(unfold(words.get('Nodes', ''))),
            frozenset(unfold(words.get('Switches', ''))),
        )
    return switches


def expect_truth(switches, truth, extra=()):
    """Leaves are the leaf groups, switches above them the pods, and one reaches everything."""
    leaves = {nodes for level, nodes, _ in switches.values() if level == 0}
    groups = {group for pod in truth for group in pod}
    assert leaves == groups | {frozenset([one]) for one in extra}, leaves
    reach = {nodes for level, nodes, _ in switches.values() if level > 0}
    everything = frozenset().union(*groups, extra)
    pods = {frozenset().union(*pod) for pod in truth if len(truth) > 1}
    expected = pods | {everything} if len(groups) + len(extra) > 1 else set()
    assert reach == expected, reach


def hosts_of(truth):
    return sorted(host for pod in truth for group in pod for host in group)


def loads(at, fabric, truth, more_texts=(), extra=(), status=GOOD, more=()):
    conf, _ = topology('slurm-conf', fabric.text(), *more_texts, status=status, more=more)
    with slurm(at, conf, [*hosts_of(truth), *extra]) as (environment, log):
        expect_truth(known_to_slurm(environment), truth, extra)
        said = log.read_text()
    for trouble in ('Invalid hostnames', 'lack access', 'Multiple leaf', 'no switch can reach'):
        assert trouble not in said, said
    return conf


@tap.case
def slurm_loads_what_is_written():
    with munge() as at:
        loads(at, *rails(4, 6, 4))
        loads(at, *rails(3, 3, 2, pods=3))
        loads(at, *rails(1, 5, 2))
        fabric, truth = rails(3, 4, 2, name='gpu-{:03}')
        loads(at, fabric, truth)
        # A host that only the list has is a switch of its own.
        names = host_list(fabric) + 'lost-1: mlx5_0=0x1234567890abcdef\n'
        loads(at, fabric, truth, [names], ['lost-1'], status=UNKNOWN)


@tap.case
def slurm_loads_a_thousand_nodes():
    fabric, truth = rails(16, 16, 1, pods=4)
    with munge() as at:
        loads(at, fabric, truth)


@tap.case
def parts_are_apart_until_joined():
    fabric, truth = rails(3, 3, 2)
    other, other_truth = rails(3, 3, 2, name='m{}')
    for name, (guid, kind, description) in other.devices.items():
        fabric.devices[f'x{name}'] = (guid + 0x100000, kind, description)
    fabric.cables += [(f'x{a}', p, f'x{b}', q) for a, p, b, q in other.cables]
    conf, said = topology('slurm-conf', fabric.text())
    assert '2 parts without a common switch' in said, said
    with munge() as at:
        both = truth + other_truth
        joined, said = topology('slurm-conf', fabric.text(), more=['--join'])
        assert not said, said
        for text, count in ((conf, 0), (joined, 1)):
            with slurm(at, text, hosts_of(both)) as (environment, _):
                switches = known_to_slurm(environment)
                everything = frozenset(hosts_of(both))
                assert sum(nodes == everything for _, nodes, _ in switches.values()) == count


@tap.case
def lists_are_slurms_own():
    """Names of all kinds in one leaf group: Slurm unfolds what was folded."""
    draw = random.Random(7)
    names = {f'n{i}' for i in draw.sample(range(130), 60)}
    names |= {f'n{i:03}' for i in draw.sample(range(130), 30)}
    names |= {f'rack{i}-gpu{k:02}' for i in range(3) for k in draw.sample(range(30), 9)}
    names |= {'login', 'x1y', '7', 'a9999999999999999999', 'a10000000000000000000'}
    fabric, _ = rails(1, len(names), 1)
    renamed = {f'n{i}': name for i, name in enumerate(sorted(names), 1)}
    conf, _ = topology('slurm-conf', fabric.text(), host_list(fabric, renamed))
    listed = [line.split(' Nodes=')[1] for line in conf.splitlines() if ' Nodes=' in line]
    assert len(listed) == 1, conf
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        settings = pathlib.Path(folder, 'slurm.conf')
        settings.write_text('ClusterName=x\nSlurmctldHost=localhost\n', encoding='utf-8')
        unfolded = expand({**os.environ, 'SLURM_CONF': str(settings)}, listed[0])
    assert sorted(unfolded) == sorted(names), set(unfolded) ^ names


# ---- forms that no program here loads are held against schemas ----

NAME = {'type': 'string', 'pattern': '^[A-Za-z0-9._-]{1,64}$'}
LIST = {'type': 'string', 'pattern': r'^[A-Za-z0-9._,\[\]-]+$'}
LABEL = {'type': 'string', 'pattern': '^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$'}
OBJECT = {'type': 'string', 'pattern': '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'}


def closed(required, optional=None):
    return {
        'type': 'object',
        'additionalProperties': False,
        'required': list(required),
        'properties': {**required, **(optional or {})},
    }


def many(items):
    return {'type': 'array', 'minItems': 1, 'items': items}


# topology.yaml(5) of Slurm 25.05.
SLURM_YAML = many(
    closed(
        {'topology': NAME, 'cluster_default': {'type': 'boolean'}},
        {
            'tree': closed(
                {
                    'switches': many(
                        {
                            **closed({'switch': NAME}, {'nodes': LIST, 'children': LIST}),
                            'oneOf': [{'required': ['nodes']}, {'required': ['children']}],
                        }
                    )
                }
            ),
            'block': closed(
                {
                    'block_sizes': many({'type': 'integer', 'minimum': 1}),
                    'blocks': many(closed({'block': NAME, 'nodes': LIST})),
                }
            ),
        },
    )
    | {'oneOf': [{'required': ['tree']}, {'required': ['block']}]}
)
NODE = closed(
    {
        'apiVersion': {'const': 'v1'},
        'kind': {'const': 'Node'},
        'metadata': closed(
            {
                'name': OBJECT,
                'labels': {
                    'type': 'object',
                    'minProperties': 1,
                    'additionalProperties': False,
                    'patternProperties': {
                        '^fabric[.]assay/(tier-[0-4]|domain|sub-domain)$': LABEL
                    },
                },
            }
        ),
    }
)
# The custom resource of volcano-sh/volcano 178acf0 (2026).
HYPER_NODE = closed(
    {
        'apiVersion': {'const': 'topology.volcano.sh/v1alpha1'},
        'kind': {'const': 'HyperNode'},
        'metadata': closed({'name': OBJECT}),
        'spec': closed(
            {
                'tier': {'type': 'integer', 'minimum': 1},
                'members': many(
                    closed(
                        {
                            'type': {'enum': ['Node', 'HyperNode']},
                            'selector': closed({'exactMatch': closed({'name': OBJECT})}),
                        }
                    )
                ),
            }
        ),
    }
)
KUEUE = closed(
    {
        'apiVersion': {'const': 'kueue.x-k8s.io/v1beta2'},
        'kind': {'const': 'Topology'},
        'metadata': closed({'name': OBJECT}),
        'spec': closed({'levels': many(closed({'nodeLabel': {'type': 'string'}}))}),
    }
)


def documents(text, schema):
    found = list(yaml.safe_load_all(text))
    for one in found:
        jsonschema.validate(one, schema)
    return found


def domains_of(truth):
    """Two leaf groups a domain, the last host of each group in another clique; one host has none."""
    domains = {}
    for number, group in enumerate(group for pod in truth for group in pod):
        cluster = f'0b2e6c1a-0000-4000-8000-{number // 2:012d}'
        for host in group:
            domains[host] = (cluster, 7)
    return domains


@tap.case
def yaml_has_the_tree_and_nvlink():
    fabric, truth = rails(2, 4, 2, pods=2)
    text, _ = topology('slurm-yaml', fabric.text(), evidence(fabric, domains_of(truth)))
    (found,) = documents(text, SLURM_YAML)
    tree, block = found
    leaves = {
        frozenset(unfold(one['nodes'])) for one in tree['tree']['switches'] if 'nodes' in one
    }
    assert leaves == {group for pod in truth for group in pod}, leaves
    assert tree['cluster_default'] and not block['cluster_default']
    assert [frozenset(unfold(one['nodes'])) for one in block['block']['blocks']] == [
        frozenset().union(*pod) for pod in truth
    ]
    assert block['block']['block_sizes'] == [8, 16]
    text, _ = topology('slurm-yaml', fabric.text())
    assert len(documents(text, SLURM_YAML)[0]) == 1


@tap.case
def blocks_say_whom_they_leave_out():
    fabric, truth = rails(2, 4, 2, pods=2)
    domains = domains_of(truth)
    del domains['n3']
    text, said = topology(
        'slurm-block', fabric.text(), evidence(fabric, domains), status=UNKNOWN
    )
    assert 'BlockSizes=7,14\n' in text, text
    assert 'n3' in said and 'n3' in text, said
    _, said = topology(
        'slurm-block', fabric.text(), evidence(fabric, domains), status=DATA, more=['--block-size=8']
    )
    assert 'has 7 hosts' in said, said
    _, said = topology('slurm-block', fabric.text(), status=MISSING)
    assert 'no NVLink domain' in said, said


@tap.case
def labels_tell_every_tier():
    fabric, truth = rails(2, 3, 2, pods=2)
    text, _ = topology('kubernetes', fabric.text(), evidence(fabric, domains_of(truth)))
    labels = {one['metadata']['name']: one['metadata']['labels'] for one in documents(text, NODE)}
    assert sorted(labels) == hosts_of(truth)
    for tier, groups in (
        ('tier-0', {group for pod in truth for group in pod}),
        ('tier-1', {frozenset().union(*pod) for pod in truth}),
        ('tier-2', {frozenset(hosts_of(truth))}),
    ):
        by_value = {}
        for host, of_host in labels.items():
            by_value.setdefault(of_host[f'fabric.assay/{tier}'], set()).add(host)
        assert {frozenset(group) for group in by_value.values()} == groups, (tier, by_value)
    assert all('fabric.assay/domain' in of_host for of_host in labels.values())
    (kueue,) = documents(topology('kueue', fabric.text())[0], KUEUE)
    assert [level['nodeLabel'] for level in kueue['spec']['levels']] == [
        'fabric.assay/tier-2',
        'fabric.assay/tier-1',
        'fabric.assay/tier-0',
        'kubernetes.io/hostname',
    ]
    _, said = topology('kubernetes', fabric.text(), more=['--label-prefix=A/b'], status=DATA)
    assert '--label-prefix' in said, said


@tap.case
def hyper_nodes_are_a_tree():
    fabric, truth = rails(2, 3, 2, pods=2)
    found = documents(topology('volcano', fabric.text())[0], HYPER_NODE)
    by_name = {one['metadata']['name']: one['spec'] for one in found}

    def reach(name):
        out = set()
        for member in by_name[name]['members']:
            below = member['selector']['exactMatch']['name']
            if member['type'] == 'Node':
                out.add(below)
            else:
                assert by_name[below]['tier'] == by_name[name]['tier'] - 1
                out |= reach(below)
        return frozenset(out)

    tiers = {}
    for name, spec in by_name.items():
        tiers.setdefault(spec['tier'], set()).add(reach(name))
    assert tiers == {
        1: {group for pod in truth for group in pod},
        2: {frozenset().union(*pod) for pod in truth},
        3: {frozenset(hosts_of(truth))},
    }, tiers


def switches_in(conf):
    return [line for line in conf.splitlines() if line.startswith('SwitchName=')]


@tap.case
def faults_of_the_wiring_are_counted_and_change_no_file():
    fabric = generate.make('rail', groups=4, nodes=20, rails=4)
    whole, said = topology('slurm-conf', fabric.text())
    assert said == '', said
    fabric.swap()
    fabric.degraded('1xNDR')
    fabric.degraded('2xNDR')
    conf, said = topology('slurm-conf', fabric.text())
    assert switches_in(conf) == switches_in(whole)
    assert 'found in the wiring: 1 swapped-cables, 2 slow-link; assay fabric describe' in said, said


@tap.case
def ranks_and_nccl_are_told():
    fabric, truth = rails(3, 3, 2)
    text, _ = topology('hosts', fabric.text())
    order = [line for line in text.splitlines() if not line.startswith('#')]
    assert sorted(order) == hosts_of(truth)
    for group in truth[0]:
        places = sorted(order.index(host) for host in group)
        assert places == list(range(places[0], places[0] + len(places))), order
    text, _ = topology('nccl', fabric.text(), host_list(fabric))
    assert 'NCCL_IB_HCA==mlx5_0,mlx5_1\n' in text, text
    # One host of nine that lacks an adapter does not take the settings of the others away.
    fabric.cables = [cable for cable in fabric.cables if cable[0] != 'n5/1' and cable[2] != 'n5/1']
    text, said = topology('nccl', fabric.text(), host_list(fabric))
    assert 'NCCL_IB_HCA==mlx5_0,mlx5_1\n# Not so on n5.\n' in text, text
    assert '1 host has other adapters on the compute fabric than most' in said, said


# ---- lint ----


def lint(conf, *texts, status=GOOD, form='topology_conf'):
    with files(**{form: conf}, **{f'f{i}_txt': text for i, text in enumerate(texts)}) as paths:
        done = run('lint', f'--against={paths[0]}', '--format=json', *paths[1:])
        for other in ('table', 'csv', 'markdown'):
            again = run('lint', f'--against={paths[0]}', f'--format={other}', *paths[1:])
            assert again.returncode == status and again.stdout, again.stderr
    assert done.returncode == status, f'{done.returncode}: {done.stderr}{done.stdout}'
    found = json.loads(done.stdout)
    schema = json.loads(pathlib.Path('data/schema/fabric-lint.v1.json').read_text())
    jsonschema.validate(found, schema)
    return found


@tap.case
def what_is_written_has_no_fault():
    fabric, truth = rails(2, 4, 2, pods=2)
    told = [fabric.text(), evidence(fabric, domains_of(truth))]
    for form in ('slurm-conf', 'slurm-yaml', 'slurm-block'):
        text, _ = topology(form, *told)
        assert not lint(text, *told)['findings']


@tap.case
def a_node_in_the_wrong_switch_is_named():
    fabric, _ = rails(4, 20, 2)
    conf, _ = topology('slurm-conf', fabric.text())
    moved = conf.replace('n[1-20]', 'n[1-16,18-20]').replace('n[21-40]', 'n[17,21-40]')
    assert moved != conf
    (finding,) = lint(moved, fabric.text(), status=FAILS)['findings']
    assert finding['rule'] == 'wrong-switch' and finding['subject'] == 'n17', finding
    assert finding['says'].startswith('n17 is in the wrong switch'), finding
    assert moved.splitlines()[finding['line'] - 1].split(' Nodes=')[1] == 'n[17,21-40]'
    home = finding['advice'].split("'")[1]
    assert f'SwitchName={home} Nodes=n[1-16,18-20]' in moved, finding


def explained(conf, *texts):
    """What a rating says of placement by topology, from the bundle of lint."""
    with files(topology_conf=conf, **{f'f{i}_txt': text for i, text in enumerate(texts)}) as paths:
        bundle = pathlib.Path(paths[0]).with_name('lint.json')
        run('lint', f'--against={paths[0]}', '--provider=p', '--cluster=c', f'--bundle={bundle}', *paths[1:])
        done = subprocess.run([ASSAY, 'explain', 'p', 'networking.topology', f'--evidence={bundle}'], capture_output=True,
                              text=True, check=False)
    assert done.returncode in (GOOD, UNKNOWN), done.stderr
    return ' '.join(done.stdout.split())


@tap.case
def a_rating_knows_whether_the_file_is_true():
    fabric, _ = rails(4, 20, 2)
    conf, _ = topology('slurm-conf', fabric.text())
    assert 'by check fabric-placement: the scheduler\'s file places nodes as they are cabled' in explained(conf, fabric.text())
    moved = conf.replace('n[1-20]', 'n[1-16,18-20]').replace('n[21-40]', 'n[17,21-40]')
    says = explained(moved, fabric.text())
    assert 'worth 0%' in says and 'n17 is in the wrong switch' in says, says
    assert 'answer: not known' in explained(conf)


@tap.case
def missing_and_unknown_nodes_are_named():
    fabric, _ = rails(2, 4, 2)
    conf, _ = topology('slurm-conf', fabric.text())
    found = lint(conf.replace('n[1-4]', 'n[1-3],q7'), fabric.text(), status=FAILS)['findings']
    assert [(one['rule'], one['subject']) for one in found] == [
        ('missing-nodes', 'n4'),
        ('unknown-nodes', 'q7'),
    ], found
    (finding,) = lint('SwitchName=a Nodes=other[1-3]\n', fabric.text(), status=UNKNOWN)['findings']
    assert finding['rule'] == 'not-compared', finding


@tap.case
def rails_as_switches_are_one_mistake():
    """What listing every leaf switch gives: nodes in several leaves, which is said once."""
    lines = [f'SwitchName=leaf{g}-{r} Nodes=n[{4 * g + 1}-{4 * g + 4}]' for g in (0, 1) for r in (0, 1)]
    lines.append('SwitchName=top Switches=leaf0-[0-1],leaf1-[0-1]')
    (finding,) = lint('\n'.join(lines), status=FAILS)['findings']
    assert finding['rule'] == 'node-twice' and finding['subject'] == 'n[1-8]', finding


@tap.case
def slurm_refuses_what_lint_fails():
    """Of what lint fails, a real slurmctld takes nothing; what it finds good starts one."""
    good = 'SwitchName=a Nodes=n[1-2]\nSwitchName=b Nodes=n3\nSwitchName=t Switches=a,b\n'
    bad = [
        good + 'SwitchName=a Nodes=n3\n',
        good.replace('a,b', 'a,c'),
        good + 'SwitchName=x Switches=x\n',
        good.replace('SwitchName=b Nodes=n3', 'SwitchName=b Nodes=n3 Switches=a'),
        good.replace('SwitchName=b Nodes=n3', 'SwitchName=b'),
        good.replace('n[1-2]', 'n[2-1]'),
        good + 'SwitchName=x Switches=y\nSwitchName=y Switches=x\n',
        good + 'Switch=x Nodes=n1\n',
        good.replace('SwitchName=b', 'SwitchName=' + 'b' * 65),
    ]
    assert not lint(good)['findings']
    with munge() as at:
        with slurm(at, good, ['n1', 'n2', 'n3']):
            pass
        for conf in bad:
            with files(topology_conf=conf) as paths:
                assert run('lint', f'--against={paths[0]}').returncode == FAILS, conf
            assert is_refused(at, conf, ['n1', 'n2', 'n3']), conf


# ---- bad input ----


@tap.case
def bad_input_is_one_line():
    fabric, _ = rails(1, 2, 1)
    with files(a_txt=fabric.text(), b_txt='what is this\n', c_txt='') as paths:
        for words, says in (
            (['topology', paths[0]], '--for'),
            (['topology', '--for=pbs', paths[0]], 'slurm-conf'),
            (['topology', '--for=slurm-conf', paths[1]], 'no known form'),
            (['topology', '--for=slurm-conf', 'nowhere.txt'], 'nowhere.txt'),
            (['lint', paths[0]], '--against'),
            (['lint', '--against=nowhere.conf'], 'nowhere.conf'),
            (['lint', '--against', paths[0]], 'no line of it is one of topology.conf'),
        ):
            done = run(*words)
            assert done.returncode >= 64 and not done.stdout, (words, done)
            assert says in done.stderr and done.stderr.count('\n') == 1, done.stderr


tap.run_at_once(2)
