#!/usr/bin/python3
"""`assay fabric locate` by NCCL and by ib_write_bw, rail by rail, and with leaves out of a fabric.

Hosts are addresses of the loopback. NCCL is the stand-in that exchanges data between processes; ib_write_bw
is a program that waits, comes and says what real runs were recorded to say, with the rate of the slower host.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test', 'test/fabric']
import generate
import machines
import tap

ASSAY = pathlib.Path(os.environ.get('ASSAY', 'build/assay')).resolve()
VENDOR = pathlib.Path(os.environ.get('ASSAY_VENDOR', 'build/test/vendor')).resolve()
GOOD, FAILS, UNKNOWN, USAGE = 0, 1, 2, 64
FOLDER = tempfile.TemporaryDirectory()
HERE = pathlib.Path(FOLDER.name)
ROOT = HERE / 'root'
machines.healthy('h100x8').write(ROOT)

SCENARIO = """
machine h100x8
system gpus 2
gpu * memory 6
gpu * memory_reserved 0
gpu * cuda_memory 0.25
gpu * multiprocessors 1
"""

# What runs on a host: its name comes first, then the words.
ON = f"""#!/bin/sh
export LOCATE_HOST=$1 PATH={HERE}/bin:$PATH ASSAY_SCENARIO={HERE}/$1.scenario ASSAY_LIBRARY_PATH={VENDOR}
shift
exec "$@"
"""

PERFTEST = f"""#!/bin/sh
device=none; port=0; peer=
while [ $# -gt 0 ]; do
	case $1 in
	-d) device=$2; shift 2;;
	-D) shift 2;;
	-p) port=$2; shift 2;;
	-F) shift;;
	*) peer=$1; shift;;
	esac
done
here={HERE}/$LOCATE_HOST
echo "$device" >>{HERE}/devices
if [ -z "$peer" ]; then
	echo '************************************'
	echo '* Waiting for client to connect... *'
	echo '************************************'
	echo $$ >{HERE}/waits-$LOCATE_HOST-$port
	sleep 5
	exit 0
fi
there=$(sed -n "s/^$peer //p" {HERE}/names)
[ -e {HERE}/waits-$there-$port ] || {{ echo "Couldn't connect to $peer:$port" >&2; exit 1; }}
leaf=$(cat $here.leaf 2>/dev/null); other=$(cat {HERE}/$there.leaf 2>/dev/null)
[ "$leaf" = "$other" ] || ways="{HERE}/way-$leaf {HERE}/way-$other"
rate=$(cat $here-$device {HERE}/$there-$device $ways {HERE}/usual 2>/dev/null | sort -n | head -1)
sed "s/0\\.30/$rate/" {pathlib.Path('test/perftest/write-bw-dur.txt').resolve()}
kill $(cat {HERE}/waits-$there-$port)
rm {HERE}/waits-$there-$port
"""


def program(name, text):
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding='utf-8')
    path.chmod(0o755)


program('on', ON)
program('bin/assay', f'#!/bin/sh\nexec {ASSAY} "$@" --root {ROOT}\n')
program('bin/ib_write_bw', PERFTEST)


def hosts(count):
    """Named h0, h1 …; the last digits of their addresses are not their numbers, lest one stands for the other."""
    names = {f'h{i}': f'127.0.0.{i + 21}' for i in range(count)}
    (HERE / 'names').write_text(''.join(f'{address} {name}\n' for name, address in names.items()), encoding='utf-8')
    return names


def locate(*words):
    return subprocess.run([ASSAY, 'fabric', 'locate', *map(str, words)], capture_output=True, text=True, check=False,
                          timeout=120)


def search(names, *words):
    done = locate(*(f'{name}={address}' for name, address in names.items()), '--launch', f'{HERE}/on {{}}', '--seconds', 1,
                  '--consent', 'load', '--format', 'json', *words)
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads(pathlib.Path('data/schema/locate.v1.json').read_text(encoding='utf-8')))
    return done.returncode, answer


def faulty(answer, what='hosts'):
    return {(found['name'], found['device']): found['symptom'] for found in answer[what]['findings']
            if found['verdict'] == 'faulty'}


@tap.case
def nccl_names_the_host_whose_gpu_sends_slowly_and_the_one_without_gpus():
    names = hosts(6)
    for number, name in enumerate(names):
        sick = 'gpu 1 nccl_slow 1.4\n' if name == 'h4' else 'system gpus 0\n' if name == 'h2' else ''
        (HERE / f'{name}.scenario').write_text(f'{SCENARIO}system nccl_node {number}\n{sick}', encoding='utf-8')
    status, answer = search(names, '--with', 'nccl', '--rounds', 5)
    assert status == FAILS and faulty(answer) == {('h4', None): 'slow'}, answer
    found = {finding['name']: finding for finding in answer['hosts']['findings']}
    assert 0.1 < found['h4']['lacks'] < 0.3, found
    assert found['h2']['verdict'] == 'untested' and 'GPU' in found['h2']['why'], found
    assert answer['hosts']['sound'] == 4 and answer['tool'] == 'nccl', answer


@tap.case
def one_rail_of_one_host_is_named_by_its_device():
    names = hosts(8)
    (HERE / 'usual').write_text('380.25\n', encoding='utf-8')
    (HERE / 'h5-mlx5_1').write_text('190.75\n', encoding='utf-8')
    status, answer = search(names, '--with', 'ib_write_bw', '--devices', 'mlx5_0,mlx5_1', '--rails', 'each')
    assert status == FAILS and faulty(answer) == {('h5', 'mlx5_1'): 'slow'}, answer
    assert answer['hosts']['sound'] == 7 and answer['hosts']['rails'][0]['device'] == 'mlx5_0', answer
    rate = answer['hosts']['rails'][1]['healthy_bytes_per_s'] * 8 / 1e9
    assert abs(rate - 380.25) < 0.01, rate
    # One rail after the other: who waits and who comes are on the same one.
    asked = (HERE / 'devices').read_text(encoding='utf-8').split()
    first, second = asked.index('mlx5_1'), len(asked) - asked[::-1].index('mlx5_0')
    assert set(asked[:first]) == {'mlx5_0'} and first == 16 and second > first, asked


@tap.case
def leaves_come_from_a_fabric_and_the_one_with_a_narrow_way_is_named():
    fabric = generate.make('classic', groups=5, nodes=4, rails=1, spines=2)
    (HERE / 'fabric.txt').write_text(fabric.text(), encoding='utf-8')
    truth = fabric.truth()
    names = {name: f'127.0.0.{i + 51}' for i, name in enumerate(sorted(truth['hosts']))}
    (HERE / 'names').write_text(''.join(f'{address} {name}\n' for name, address in names.items()), encoding='utf-8')
    (HERE / 'usual').write_text('380.25\n', encoding='utf-8')
    for i, name in enumerate(names):
        (HERE / f'{name}.leaf').write_text(f'{i // 4}\n', encoding='utf-8')
    (HERE / 'way-3').write_text('95.5\n', encoding='utf-8')
    done = locate('--fabric', HERE / 'fabric.txt')
    assert done.returncode == UNKNOWN and '20 hosts would' in done.stdout and 'on 5 leaves' in done.stdout, done
    status, answer = search(names, '--with', 'ib_write_bw', '--fabric', HERE / 'fabric.txt')
    assert status == FAILS and not faulty(answer) and answer['note'] is None, answer
    assert faulty(answer, 'leaves') == {('leaf-1-4-1', None): 'slow'}, answer['leaves']


@tap.case
def a_fabric_that_does_not_fit_is_said_in_one_line():
    path = HERE / 'fabric.txt'
    for words, sentence in (
        (['a', 'b', 'c', 'd', '--fabric', path], 'the fabric has none of these hosts: it calls them as gpu00001'),
        (['a', 'b', 'c', 'd', '--fabric', '/nowhere'], '/nowhere'),
        (['gpu00001', 'b', 'c', '--fabric', path], '3 hosts'),
        (['a', 'b', 'c', 'd', '--rails', 'some'], 'each or together'),
        (['a', 'b', 'c', 'd', '--with', 'nccl', '--rails', 'together'], 'one adapter after the other'),
    ):
        done = locate(*words)
        assert done.returncode >= USAGE and sentence in done.stderr and done.stderr.count('\n') == 1, (words, done)
    done = locate('gpu00001', 'gpu00002', 'gpu00003', 'gpu00005.example.com', 'x', '--fabric', path)
    assert 'No leaf has 4 hosts' in done.stdout, done


tap.run()
