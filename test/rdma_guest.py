#!/usr/bin/python3
"""`assay test rdma` drives perftest over soft-RoCE, in an emulated machine of its own.

The machine is made by the recipe rdma-guest of the folder that $ASSAY_SHARED names; it takes minutes
and the superuser. Without the recipe there is nothing to run.
"""
import base64
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

sys.path[:0] = ['tools', 'test']
import tap

ASSAY = os.environ.get('ASSAY', 'build/assay')
SHARED = os.environ.get('ASSAY_SHARED')
RECIPE = pathlib.Path(SHARED or '/nonexistent', 'recipes/rdma-guest/rdma-guest.sh')

# One start of the machine may take no longer than the recipe lets it, so each does one part.
ALONE = '''run well test rdma --consent load --duration 240s --format json
ip link set v0 down; ip link set v1 down
run down test rdma --consent load --duration 20s --format json'''
PAIR = '''run left test rdma --peer 10.77.0.1 --consent load --duration 250s --format json &
run right test rdma --peer 10.77.0.1 --consent load --duration 250s --format json
wait'''

# Four hosts are four addresses of one adapter; since all of them listen on one machine, each has ports of its own.
HOSTS = r'''for i in 2 3 4; do ip addr add 10.77.0.$i/24 dev v0; done
cat >/tmp/on <<'END'
#!/bin/sh
host=$1; shift
count=$#
for word in "$@"; do
	case $word in 10.77.0.*) host=$word;; esac
done
before=
for word in "$@"; do
	[ "$before" = -p ] && word=$((word + 10 * ${host##*.}))
	before=$word
	set -- "$@" "$word"
done
shift $count
exec "$@"
END
chmod +x /tmp/on
run pairs fabric locate 10.77.0.1 10.77.0.2 10.77.0.3 10.77.0.4 --launch '/tmp/on {}' --with ib_write_bw --devices rxe0 \
	--seconds 1 --rounds 3 --duration 200s --consent load --format json --all'''

# The program comes with its libraries and its tables, behind the script.
SCRIPT = r"""#!/bin/bash
sed '1,/^__ARCHIVE__$/d' "$0" | base64 -d | tar -xz -C /tmp
run() {
	name=$1; shift
	ASSAY_DATA=/tmp/data LD_LIBRARY_PATH=/tmp/lib /tmp/assay "$@" >/out/$name.json 2>/out/$name.errors
	echo $? >/out/$name.status
}
cd /tmp
@RUNS@
cat /proc/[0-9]*/comm | grep '^ib_[rw]' >/out/processes
exit 0
__ARCHIVE__
"""


# The machine has the same C library.
ITS_OWN = ('libc.so', 'libm.so', 'libdl.so', 'libpthread.so')


def libraries():
    """{name in the archive: path here} of what the program is linked with."""
    found = {}
    for line in subprocess.run(['ldd', ASSAY], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        words = line.split()
        if '=>' in words and words[2].startswith('/') and not words[0].startswith(ITS_OWN):
            found['lib/' + words[0]] = words[2]
    return found


def archive():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode='w:gz', dereference=True) as tar:
        tar.add(ASSAY, 'assay')
        tar.add('data', 'data')
        for name, path in libraries().items():
            tar.add(path, name)
    return base64.encodebytes(packed.getvalue()).decode()


class Guest:
    """What one start of the machine left behind."""

    def __init__(self, runs):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='assay-guest-'))
        script = self.folder / 'script.sh'
        script.write_text(SCRIPT.replace('@RUNS@', runs) + archive())
        subprocess.run(['bash', RECIPE, script], cwd=self.folder, capture_output=True, check=False,
                       env={**os.environ, 'LIMIT': '280'}, timeout=900)

    def text(self, name):
        return (self.folder / 'out' / name).read_text()

    def records(self, name):
        return json.loads(self.text(name + '.json'))


TASKS = {'latency.p99': {'write:8', 'read:8'},
         'bandwidth': {'write:65536', 'write:1048576', 'read:65536'}}
GUESTS = {}


def guest(runs):
    if runs not in GUESTS:
        GUESTS[runs] = Guest(runs)
    return GUESTS[runs]


def every_figure_is_measured(runs, name):
    """Nothing may be missing: what is unknown stands with its reason in the failure."""
    records = guest(runs).records(name)['measurements']
    for measure, tasks in TASKS.items():
        told = {record['device'].removeprefix('rdma:rxe0/1/'): record for record in records
                if record['what'] == 'node.test.rdma.' + measure}
        assert set(told) == tasks, (told, guest(runs).text(name + '.errors'))
        assert all(record.get('value', 0) > 0 for record in told.values()), told


@tap.case
def every_port_is_measured_and_none_passes():
    every_figure_is_measured(ALONE, 'well')
    assert 'in software' in guest(ALONE).text('well.json')
    assert guest(ALONE).text('well.status').strip() == '2'


@tap.case
def a_port_that_is_down_is_no_port_to_test():
    assert 'no RDMA port is active' in guest(ALONE).text('down.json')
    assert guest(ALONE).text('down.status').strip() == '2'


@tap.case
def two_sides_find_each_other_and_measure():
    for side in 'left', 'right':
        every_figure_is_measured(PAIR, side)
        assert '10.77.0.1/rxe0/1' in guest(PAIR).text(side + '.json')


@tap.case
def pairs_of_hosts_are_measured_for_the_search_of_a_slow_one():
    told = guest(HOSTS).records('pairs')
    assert told['hosts']['rails'][0]['healthy_bytes_per_s'] > 0, (told, guest(HOSTS).text('pairs.errors'))
    assert told['hosts']['untested'] == 0 and told['measurements'] >= 12, told
    assert not any(found['failures'] for found in told['hosts']['findings']), told


@tap.case
def no_program_is_left():
    for runs in ALONE, PAIR, HOSTS:
        assert guest(runs).text('processes').strip() == ''


if not RECIPE.exists():
    print('1..0 # SKIP $ASSAY_SHARED names no recipe rdma-guest')
    sys.exit(0)
tap.run()
