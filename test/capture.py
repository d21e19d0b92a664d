#!/usr/bin/python3
"""A captured machine is judged as the machine was, without its library, and gives no secret away."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'tools'))
import machines
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
VENDOR = os.environ.get('ASSAY_VENDOR', 'build/test/vendor')

HOMES = '/home'

# What must not be found anywhere in a capture, by what it is.
SECRETS = {
    'host name': 'wolfram-keep',
    'serial number of the board': 'OM24S012345',
    'serial number of the product': 'S900000X12345',
    'MAC address': '0c:42:a1:77:88:99',
    'GUID of an adapter': 'a088:c203:00ab:cdef',
    'address of a server': '172.31.45.67',
    'name of a user': 'zelda',
    'token on the command line': 'hunter2hunter2',
    'password in a variable': 'correct-horse-battery',
}


def invented(kind):
    """A machine that has each of the secrets where such things stand."""
    machine = machines.healthy(kind)
    machine.text('proc/sys/kernel/hostname', 'wolfram-keep')
    machine.text('proc/cmdline', 'root=/dev/md0 ro iommu=pt token=hunter2hunter2')
    machine.text('etc/environment', 'NCCL_DEBUG=INFO\nREGISTRY_PASSWORD=correct-horse-battery')
    machine.text(
        'proc/self/mountinfo',
        '23 1 259:1 / / rw,relatime - ext4 /dev/nvme0n1 rw\n'
        f'25 23 0:50 / {HOMES}/zelda rw,relatime - nfs4 172.31.45.67:{HOMES}/zelda rw,vers=4.2',
    )
    machine.say('mlx5_core 0000:71:00.0 eth0: MAC 0c:42:a1:77:88:99 on wolfram-keep', at=30, level=6)
    for path in [p for p in machine.files if p.endswith('/node_guid')][:1]:
        machine.text(path, 'a088:c203:00ab:cdef')
    return machine


def run(*words, scenario=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith('ASSAY_')}
    if scenario:
        environment |= {'ASSAY_SCENARIO': str(scenario), 'ASSAY_LIBRARY_PATH': VENDOR}
    return subprocess.run([ASSAY, *words], capture_output=True, text=True, env=environment)


def verdicts(root, profile, scenario=None):
    """{check: [(verdict, about)]}: all that does not hold names."""
    done = run('check', '--root', root, '--profile', profile, '--format', 'json', scenario=scenario)
    if done.returncode >= 64:
        return {'error': done.stderr}
    return {
        check['name']: [(finding['verdict'], finding.get('about')) for finding in check['findings']]
        for check in json.loads(done.stdout)['checks']
    }


def differences(before, after):
    return [
        f'{name}: {before.get(name)} became {after.get(name)}'
        for name in sorted(before | after)
        if before.get(name) != after.get(name)
    ]


def capture(folder, kind):
    root = folder / kind
    scenario = invented(kind).write(root)
    target = folder / f'{kind}-captured'
    done = run('capture', target, '--root', root, scenario=scenario)
    return root, scenario, target, [] if done.returncode == 0 else [done.stderr]


def test_same_verdicts(folder, kind):
    root, scenario, target, complaints = capture(folder, kind)
    for profile in 'quick', 'full', 'security':
        # The user's folder has another name now, and so the mount.
        before = {
            name: [(verdict, about) for verdict, about in found if 'zelda' not in (about or '')]
            for name, found in verdicts(root, profile, scenario).items()
        }
        after = {
            name: [
                (verdict, about)
                for verdict, about in found
                if not (about or '').startswith(f'mount:{HOMES}/')
            ]
            for name, found in verdicts(target, profile).items()
        }
        complaints += [f'{profile}: {one}' for one in differences(before, after)]
    return complaints


def test_no_secret(folder):
    _, _, target, complaints = capture(folder, 'h200x8')
    for path in [p for p in target.rglob('*') if p.is_file()]:
        content = path.read_bytes()
        for what, secret in SECRETS.items():
            if secret.encode() in content or secret in str(path):
                complaints.append(f'{what} in {path.relative_to(target)}')
    if not (target / 'capture.json').is_file():
        complaints.append('nothing was captured')
    return complaints


def test_new_folder(folder):
    taken = folder / 'taken'
    taken.mkdir()
    done = run('capture', taken)
    fine = done.returncode == 65 and done.stderr.count('\n') == 1 and not list(taken.iterdir())
    return [] if fine else [f'{done.returncode}: {done.stderr}']


def test_live(folder):
    """This machine, as it is: what was captured of it is judged alike."""
    target = folder / 'live'
    done = run('capture', f'{target}/')
    if done.returncode != 0:
        return [done.stderr]
    captured = verdicts(target, 'quick')
    return [captured['error']] if 'error' in captured else [] if captured else ['no verdict']


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tap.report(
            [
                ('eight H100 are judged alike', test_same_verdicts(folder, 'h100x8')),
                ('eight MI300X are judged alike', test_same_verdicts(folder, 'mi300x8')),
                ('a machine without GPUs is judged alike', test_same_verdicts(folder, 'bare')),
                ('no name, number or secret is given away', test_no_secret(folder)),
                ('a folder that is there is left alone', test_new_folder(folder)),
                ('a live machine can be captured and judged', test_live(folder)),
            ]
        )


main()
