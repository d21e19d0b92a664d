#!/usr/bin/python3
"""What the README tells to type works as it stands there, where no GPU and no server is needed."""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, 'tools')
import tap

ASSAY = str(pathlib.Path(os.environ.get('ASSAY', 'build/assay')).resolve())
SOURCE = pathlib.Path.cwd()
QUOTES = ['provider,gpu,gpus,rental,term_months,price,currency,observed']
RENTALS = (('on-demand', ''), ('spot', ''), ('contract', '12'))
EVIDENCE = """\
schema: assay/evidence/v1
records:
  - id: mine
    subject: { provider: mine }
    what: lifecycle.start-time
    value: 30
    unit: s
    kind: document
    strength: E1
    observed: 2025-03-26
    source: { name: a review }
  - id: volume
    subject: { provider: crusoe }
    what: volume
    value: 1000
    unit: GPUs
    kind: document
    strength: E1
    observed: 2025-03-26
    source: { name: a review }
"""


def sections():
    """{heading: [command line]} of the blocks of the README that a shell is to run."""
    found = {}
    for part in re.split(r'^## ', (SOURCE / 'README.md').read_text(), flags=re.M)[1:]:
        blocks = re.findall(r'^```sh\n(.*?)^```', part, re.M | re.S)
        lines = [re.sub(r'\s+#.*', '', line) for block in blocks for line in block.splitlines()]
        found[part.splitlines()[0]] = lines
    return found


def prepare(folder):
    """The files that the examples name."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    (folder / 'prices').mkdir()
    rows = [
        f'{provider},H100 SXM,8,{rental},{term},{price - len(rental)},USD,'
        f'{today - datetime.timedelta(days=week * 7)}'
        for week in range(10)
        for provider, price in (('lambda', 26), ('crusoe', 28), ('nebius', 30), ('oci', 34))
        for rental, term in RENTALS
    ]
    (folder / 'prices/list.csv').write_text('\n'.join([*QUOTES, *rows]) + '\n')
    for name, source in (
        ('need.yaml', 'docs/examples/need-training.yaml'),
        ('rental.yaml', 'data/example/rental-default.yaml'),
        ('effective.yaml', 'data/example/effective-public.yaml'),
    ):
        shutil.copy(SOURCE / source, folder / name)
    (folder / 'mine.yaml').write_text(EVIDENCE)
    (folder / 'data').symlink_to(SOURCE / 'data')


def complaints_of(lines, statuses):
    """What does not work of these lines, run one after the other in one folder."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith('ASSAY_')}
    environment['PATH'] = f'{pathlib.Path(ASSAY).parent}:{environment["PATH"]}'
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        prepare(pathlib.Path(folder))
        for line in lines:
            done = subprocess.run(
                ['bash', '-c', line], cwd=folder, env=environment, capture_output=True, text=True
            )
            if done.returncode not in statuses:
                complaints.append(f'{line}: {done.returncode}: {done.stderr.strip()}')
    return complaints


@tap.case
def ratings_are_made_as_the_readme_says():
    lines = sections()['Use it']
    assert len(lines) > 5
    complaints = complaints_of(lines, {0})
    assert not complaints, complaints


@tap.case
def a_machine_is_looked_at_as_the_readme_says():
    """What the agent watches for ever, and what names several forms at once, is left out."""
    lines = [
        line
        for line in sections()['Check the machine that you rent']
        if '|' not in line and not line.startswith('assay agent')
    ]
    assert len(lines) > 8
    complaints = complaints_of(lines, {0, 1, 2})
    assert not complaints, complaints


@tap.case
def prices_become_a_choice_as_the_readme_says():
    lines = sections()['What an hour costs, and where to run a job']
    assert len(lines) > 10
    complaints = complaints_of(lines, {0, 1, 2})
    assert not complaints, complaints


@tap.case
def a_share_of_what_is_known_says_of_how_many():
    """All of the known GPUs are rated, and they are those of one provider of fourteen."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(pathlib.Path(folder))
        words = ['rate', '--draws', '0', '--evidence', 'data/evidence', '--evidence', 'mine.yaml']
        done = subprocess.run([ASSAY, *words], cwd=folder, capture_output=True, text=True)
    assert 'Market: 100% of the known GPU volume is rated; how many GPUs one runs is known of 1 of 14 providers.' in (
        ' '.join(done.stdout.split())
    ), done.stdout[-900:]


tap.run()
