"""Scenarios for each row of the tables of faults: what the row's class demands is what is said.

A run has as many rows as the machine has GPUs or switches: each finding names its own.
"""
import csv
import itertools
import pathlib

import machines
from plays import Scenario

ADVISORY = pathlib.Path('data/advisory')
VERDICTS = {
    'info': None,
    'application': None,  # once
    'watch': 'warn',
    'degraded': 'fail',
    'fatal': 'fail',
    'decode': 'warn',  # what its text should say is not there
    'unknown': 'warn',
}
# A job that died of AMD's kind of fault leaves bad pages to watch.
VERDICTS_OF_AMD = VERDICTS | {'application': 'warn', 'degraded': 'warn', 'decode': 'unknown'}
# Beside another one these are its trace, or decide by their text: each has scenarios of its own.
ALONE = {45, 48, 74, 154, 171, 172}
NVLINK5 = range(144, 151)
NAMED = '--all', 'gpu-error-log', 'gpu-switch-log'


def read(name):
    with open(ADVISORY / f'{name}.tsv', encoding='utf-8') as file:
        lines = [line for number, line in enumerate(file) if number == 1 or not line.startswith('#')]
    return list(csv.DictReader(lines, delimiter='\t', quoting=csv.QUOTE_NONE))


def batches(rows, size):
    rows = iter(rows)
    while batch := list(itertools.islice(rows, size)):
        yield batch


def xid(number, code, words):
    """The driver's line about the GPU of that number."""

    def line(machine):
        place = machine.gpus[number].address.rsplit('.', 1)[0]
        return f'NVRM: Xid (PCI:{place}): {code}, {words}'

    return line


def scenario(name, kind, lines, expected, ways=()):
    def breaks(machine):
        for way in ways:
            way(machine)
        for line in lines:
            machine.say(line(machine) if callable(line) else line)

    return Scenario(f'{kind}: {name}', kind, breaks, tuple(expected), NAMED)


def xids():
    rows = [
        row for row in read('xid') if int(row['code']) not in ALONE and int(row['code']) not in NVLINK5
    ]
    for batch in batches(rows, 8):
        lines, expected = [], []
        for number, row in enumerate(batch):
            lines.append(xid(number, row['code'], "pid='<unknown>', name=<unknown>, something happened"))
            verdict = VERDICTS[row['class']]
            expected += [f'{verdict} gpu-error-log gpu:{number}'] if verdict else []
        yield scenario(f'Xids {batch[0]["code"]} to {batch[-1]["code"]}', 'h100x8', lines, expected)
    yield scenario('an Xid that no table has', 'h100x8', [xid(2, 999, 'unheard of')], ['warn gpu-error-log gpu:2'])


def register(mask):
    """A word that looks as the mask wants: the bits that may be any are 0."""
    return int(mask.replace('-', '0'), 2)


def nvlink5_line(number, row, mask):
    status = int((row['status'].split() or ['0'])[0], 16)
    severity = row['severity'].split(';')[0]
    word = 'Nonfatal' if severity == 'Non-fatal' else severity
    unit = row['unit'].split('/')[0]
    words = f'{unit} {word} XC0 i0 Link 03 (0x{register(mask):08x} 0x{status:08x} 0x0 0x0 0x0 0x0 0x0)'
    return xid(number, row['code'], words)


def older_driver(machine):
    machine.files['proc/driver/nvidia/version'] = machine.files['proc/driver/nvidia/version'].replace(
        machines.DRIVER, '570.172.08'
    )
    machine.text('sys/module/nvidia/version', '570.172.08')
    machine.scenario += ['system driver 570.172.08', 'system library 12.570.172.08']


def nvlink5():
    rows = read('nvlink5')
    for branch, ways in ('before_r575', [older_driver]), ('from_r575', []):
        cases = [(row, f'mask_{branch}', 'class') for row in rows]
        cases += [(row, f'promote_mask_{branch}', 'promote_class') for row in rows if row['promote_class']]
        for place, batch in enumerate(batches(cases, 8)):
            lines, expected = [], []
            for number, (row, mask, fault) in enumerate(batch):
                lines.append(nvlink5_line(number, row, row[mask]))
                # Left to the 154 that comes with it: alone it is the application's.
                verdict = None if row[fault] == 'decode' else VERDICTS[row[fault]]
                expected += [f'{verdict} gpu-error-log gpu:{number}'] if verdict else []
            yield scenario(f'NVLink 5 faults {branch.replace("_", " ")}, part {place + 1}', 'b200x8', lines, expected, ways)


def sxids():
    for batch in batches(read('sxid'), 4):
        lines, expected = [], []
        for number, row in enumerate(batch):
            word = 'Non-fatal' if row['severity'] == 'non-fatal' else 'Fatal'
            bus = f'0000:{number + 7:02x}:00.0'
            lines.append(f'nvidia-nvswitch{number}: SXid (PCI:{bus}): {row["code"]}, {word}, Link 12 something')
            verdict = VERDICTS[row['class']]
            expected += [f'{verdict} gpu-switch-log pci:{bus}'] if verdict else []
        yield scenario(f'SXids {batch[0]["code"]} to {batch[-1]["code"]}', 'h100x8', lines, expected)


def afids():
    """AMD's records, which its library tells."""
    for batch in batches(read('afid'), 8):
        expected, played = [], []
        for number, row in enumerate(batch):
            played.append(f'gpu {number} cper {1 if row["severity"].lower() == "fatal" else 0} {row["code"]}')
            verdict = VERDICTS_OF_AMD[row['class']]
            expected += [f'{verdict} gpu-afid gpu:{number}'] if verdict else []
        yield Scenario(
            f'mi300x8: AFIDs {batch[0]["code"]} to {batch[-1]["code"]}',
            'mi300x8',
            lambda machine, played=tuple(played): machine.scenario.extend(played),
            tuple(expected),
            ('--all', 'gpu-afid'),
        )


# Xids whose words, registers, neighbours or number decide: (name, lines, expected).
NVLINK_74 = "pid='<unknown>', name=<unknown>, NVLink: fatal error detected on link {}({})"
RECOVERY = 'pid=9, name=x, GPU recovery action changed from 0x0 (None) to {}'
EXCEPTION = 'pid=2366, name=python, Graphics SM Warp Exception on (GPC {}, TPC {}, SM 1): Out Of Range Address'


def registers(**words):
    return ', '.join(hex(words.get(f'r{i}', 0)) for i in range(7))


def nvlink_74(**words):
    return NVLINK_74.format(6, registers(**words))


TOLD = [
    ('Xid 45 alone', [(0, 45, 'pid=1, name=x, Ch 00000008')], ['warn 0']),
    ('Xid 45 beside another', [(0, 45, 'pid=1, name=x, Ch 00000008'), (0, 79, 'GPU has fallen off the bus.')], ['fail 0']),
    ('Xid 48', [(1, 48, 'pid=1, name=x, DBE (double bit error)')], ['fail 1']),
    ('Xid 48 with a row to be replaced', [(1, 48, 'DBE'), (1, 63, 'Row Remapper: New row marked for remapping')], ['fail 1']),
    ('Xid 171 and 172', [(1, 171, 'DRAM'), (2, 172, 'SRAM')], ['fail 1', 'fail 2']),
    ('Xid 74 that points to hardware', [(3, 74, nvlink_74(r0=1 << 8))], ['fail 3']),
    ('Xid 74 that points to signals', [(3, 74, nvlink_74(r0=1 << 21))], ['warn 3']),
    ('Xid 74 that tells of nothing of its own', [(3, 74, nvlink_74(r0=1))], []),
    ('Xid 74 with parity once', [(3, 74, nvlink_74(r0=1 << 4))], ['warn 3']),
    ('Xid 74 with parity three times', [(3, 74, nvlink_74(r0=1 << 4))] * 3, ['fail 3']),
    ('Xid 74 that asks for a reset of the fabric', [(3, 74, nvlink_74(r3=1 << 18))], ['fail 3']),
    ('Xid 74 without registers', [(3, 74, 'NVLink')], ['warn 3']),
    ('Xid 154, nothing', [(4, 154, RECOVERY.format('0x0 (None)'))], []),
    ('Xid 154, reset', [(4, 154, RECOVERY.format('0x1 (GPU Reset Required)'))], ['fail 4']),
    ('Xid 154, reboot', [(4, 154, RECOVERY.format('0x2 (Node Reboot Required)'))], ['fail 4']),
    ('Xid 154, drain P2P', [(4, 154, RECOVERY.format('0x3 (Drain P2P)'))], ['fail 4']),
    ('Xid 154, drain and reset', [(4, 154, RECOVERY.format('0x4 (Drain and Reset)'))], ['fail 4']),
    ('Xid 154 in words that nobody knows', [(4, 154, RECOVERY.format('0x9 (Dance)'))], ['warn 4']),
    ('Xid 13 three times in one place', [(5, 13, EXCEPTION.format(2, 3))] * 3, ['warn 5']),
    ('Xid 13 three times in three places', [(5, 13, EXCEPTION.format(2, n)) for n in range(3)], []),
    ('Xid 31 three times', [(5, 31, 'pid=8, name=x, Ch 00000008, intr 00000000. MMU Fault: ENGINE GRAPHICS GPC2 GPCCLIENT_T1_3 faulted @ 0x7e9f_4f200000')] * 3, ['warn 5']),
    ('Xid 94 three times', [(5, 94, 'pid=8, name=x, Contained: SM (0x1).')] * 3, ['warn 5']),
    ('Xid 43 ten times', [(5, 43, 'pid=8, name=x, Ch 00000010')] * 10, ['warn 5']),
    ('Xid 43 nine times', [(5, 43, 'pid=8, name=x, Ch 00000010')] * 9, []),
]


def told():
    for name, lines, expected in TOLD:
        yield scenario(
            name, 'h100x8', [xid(*line) for line in lines],
            [f'{line.split()[0]} gpu-error-log gpu:{line.split()[1]}' for line in expected],
        )
    yield scenario(
        'a GPU fell off the bus, without a number', 'h100x8',
        [lambda machine: f'NVRM: GPU {machine.gpus[6].address}: GPU has fallen off the bus.'],
        ['fail gpu-error-log gpu:6'],
    )
    yield scenario('an Xid in a form that is not known', 'h100x8', ['NVRM: Xid (PCI:0000:61:00): it is broken'], ['warn gpu-error-log node.log.xid'])
    yield scenario('an SXid that no table has', 'h100x8', ['nvidia-nvswitch1: SXid (PCI:0000:08:00.0): 99999, Non-fatal, Link 1 x'], ['warn gpu-switch-log pci:0000:08:00.0'])
    yield scenario('a corrected SXid ten times', 'h100x8', ['nvidia-nvswitch1: SXid (PCI:0000:08:00.0): 11012, Non-fatal, Link 1 x'] * 300, ['warn gpu-switch-log pci:0000:08:00.0'])


def scenarios():
    return [*xids(), *told(), *nvlink5(), *sxids(), *afids()]
