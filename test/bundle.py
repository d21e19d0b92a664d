#!/usr/bin/python3
"""What a look at a node does to a rating: a bundle of assay check, rated by assay explain."""
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'tools'))
import machines
import tap

ASSAY = os.environ['ASSAY']
VENDOR = os.environ.get('ASSAY_VENDOR', '')


class Run:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.count = 0

    def check(self, machine, *options):
        """Checks the machine; returns (process, path of the bundle)."""
        self.count += 1
        root = self.folder / f'root{self.count}'
        scenario = machine.write(root)
        bundle = self.folder / f'bundle{self.count}.json'
        done = subprocess.run(
            [ASSAY, 'check', '--root', root, '--bundle', bundle, '--quiet', '--node', 'n1', *options],
            capture_output=True,
            text=True,
            env=os.environ | {'ASSAY_SCENARIO': str(scenario), 'ASSAY_LIBRARY_PATH': VENDOR},
        )
        return done, bundle

    def explain(self, criterion, *evidence):
        """The settlement of one criterion of nebius."""
        given = [word for path in evidence for word in ('--evidence', str(path))]
        done = subprocess.run(
            [ASSAY, 'explain', 'nebius', criterion, '--format', 'json', '--draws', '0',
             '--evidence', 'data/evidence', *given],
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            return {'error': done.stderr.strip(), 'status': done.returncode}
        return json.loads(done.stdout)


def settlement(document):
    """The part of the JSON that says how the criterion is settled, wherever it stands."""
    if isinstance(document, dict):
        if document.get('name') == 'nebius' and 'check' in document:
            return document
        for value in document.values():
            found = settlement(value)
            if found:
                return found
    if isinstance(document, list):
        for value in document:
            found = settlement(value)
            if found:
                return found
    return None


def expect(document, state, check):
    found = settlement(document)
    if not found:
        return [f'no settlement in {str(document)[:200]}']
    got = (found['state'], found['check'])
    return [] if got == (state, check) else [f'{got}, not {(state, check)}']


def test_pass_settles(run):
    _, bundle = run.check(machines.healthy('h100x8'), '--provider', 'nebius')
    return (
        expect(run.explain('monitoring.cpu-governor'), 'unsettled', None)
        + expect(run.explain('monitoring.cpu-governor', bundle), 'settled', 'cpu-governor')
    )


def test_faults_only(run):
    """A node without a fault does not show that anybody watches; one with a fault does."""
    criterion = 'monitoring.gpu-memory-errors'
    _, well = run.check(machines.healthy('h100x8'), '--provider', 'nebius')
    broken = machines.healthy('h100x8')
    broken.scenario.append('gpu 2 dram_uncorrected_volatile 3')
    _, ill = run.check(broken, '--provider', 'nebius')
    before = settlement(run.explain(criterion))
    after = settlement(run.explain(criterion, well))
    complaints = [] if before == after else [f'a healthy node changed {before} to {after}']
    document = run.explain(criterion, ill)
    found = settlement(document)
    if not found or found['check'] != 'gpu-ecc':
        complaints.append(f'a node with errors left {found}')
    return complaints


def test_absence_is_no_credit(run):
    """What is not there settles as such, and what merely shows no fault settles nothing."""
    machine = machines.healthy('h100x8')
    mounts = machine.files['proc/self/mountinfo'].splitlines()
    machine.text('proc/self/mountinfo', '\n'.join(line for line in mounts if 'lustre' not in line))
    _, bundle = run.check(machine, '--provider', 'nebius')
    document = run.explain('storage.parallel-file-system', bundle)
    complaints = expect(document, 'settled', 'storage-mounts')
    worth = (settlement(document) or {}).get('worth')
    if not worth or worth['point'] != 0:
        complaints.append(f'no shared file system is worth {worth}')
    _, security = run.check(machine, '--provider', 'nebius', '--profile', 'security')
    for criterion in ('networking.tuned-defaults', 'networking.version-regressions',
                      'monitoring.light-hooks', 'reliability.link-flaps'):
        for seen in (bundle, security):
            found = settlement(run.explain(criterion, seen))
            if not found or found['check']:
                complaints.append(f'{criterion}: {found}')
    return complaints


def test_strength(run):
    """E2 needs a signature over a nonce."""
    criterion = 'security.kernel-branch-leak'
    key = run.folder / 'key'
    _, plain = run.check(machines.healthy('h100x8'), '--provider', 'nebius')
    done, signed = run.check(
        machines.healthy('h100x8'), '--provider', 'nebius', '--key', key, '--nonce', 'ask-7'
    )
    complaints = [] if signed.exists() else [f'no signed bundle: {done.stderr}']
    if not complaints and stat.S_IMODE(key.stat().st_mode) != 0o600:
        complaints.append(f'the key has mode {stat.S_IMODE(key.stat().st_mode):o}')
    if not complaints and json.loads(signed.read_text())['nonce'] != 'ask-7':
        complaints.append('the nonce is not in the bundle')
    return complaints + (
        expect(run.explain(criterion, plain), 'unsettled', None)
        + expect(run.explain(criterion, signed), 'settled', 'kernel-branch-leak')
    )


def test_tampered(run):
    key = run.folder / 'key2'
    _, bundle = run.check(
        machines.healthy('bare'), '--provider', 'nebius', '--key', key, '--nonce', 'n'
    )
    text = bundle.read_text()
    complaints = []
    for name, changed in (
        ('value', text.replace('"value":86400', '"value":86401', 1)),
        ('nonce', text.replace('"nonce":"n"', '"nonce":"m"', 1)),
        ('cut', text[: len(text) // 2]),
        ('schema', text.replace('assay/bundle/v1', 'assay/bundle/v9', 1)),
    ):
        path = run.folder / f'changed-{name}.json'
        path.write_text(changed)
        document = run.explain('monitoring.cpu-governor', path)
        if changed == text:
            complaints.append(f'{name}: nothing was changed')
        elif document.get('status') != 65 or document['error'].count('\n') != 0:
            complaints.append(f'{name}: {str(document)[:200]}')
    return complaints


def test_usage(run):
    complaints = []
    for words in ((), ('--provider', 'nebius', '--key', str(run.folder / 'k')), ('--provider', 'Ne bius')):
        done, bundle = run.check(machines.healthy('bare'), *words)
        if bundle.exists() or done.returncode < 64 or done.stderr.count('\n') != 1:
            complaints.append(f'{words}: status {done.returncode}: {done.stderr.strip()[:200]}')
    return complaints


def main():
    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder)
        tap.report(
            [
                ('a pass on a node settles what a node can show', test_pass_settles(run)),
                ('only faults settle what a provider watches', test_faults_only(run)),
                ('what is not there earns nothing', test_absence_is_no_credit(run)),
                ('a signature over a nonce makes it E2', test_strength(run)),
                ('a bundle that was changed is refused', test_tampered(run)),
                ('a bundle needs a provider, and a key a nonce', test_usage(run)),
            ]
        )


main()
