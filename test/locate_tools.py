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

# Nothing but words of the shell itself, since it runs hundreds of times; a line of `names` is ADDRESS NAME LEAF.
PERFTEST = f"""#!/bin/sh
device=none; port=0; peer=; here={HERE}
while [ $# -gt 0 ]; do
	case $1 in
	-d) device=$2; shift 2;;
	-D) shift 2;;
	-p) port=$2; shift 2;;
	-F) shift;;
	*) peer=$1; shift;;
	esac
done
echo "$device" >>$here/devices
if [ -z "$peer" ]; then
	[ ! -e $here/late-$LOCATE_HOST ] || sleep 6
	echo '* Waiting for client to connect... *'
	echo $$ >$here/waits-$LOCATE_HOST-$port
	exec sleep 100
fi
while read -r address name leaf; do
	[ $address = $peer ] && there=$name other=$leaf
	[ $name = $LOCATE_HOST ] && own=$leaf
done <$here/names
[ -s $here/waits-$there-$port ] || {{ echo "Couldn't connect to $peer:$port" >&2; exit 1; }}
rate=380
for what in $LOCATE_HOST-$device $there-$device way-$own way-$other; do
	case $what in way-*) [ "$own" != "$other" ] || continue;; esac
	[ -e $here/$what ] && read -r less <$here/$what && rate=$less
done
while read -r line; do
	case $line in 65536*) line="65536 1152 0.00 $rate.25 0.000574";; esac
	echo "$line"
done <{pathlib.Path('test/perftest/write-bw-dur.txt').resolve()}
read -r waiting <$here/waits-$there-$port
: >$here/waits-$there-$port
kill $waiting
"""


def program(name, text):
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding='utf-8')
    path.chmod(0o755)


FABRIC = generate.make('classic', groups=4, nodes=4, rails=1, spines=2)
PATH = HERE / 'fabric.txt'
PATH.write_text(FABRIC.text(), encoding='utf-8')
program('on', ON)
program('bin/assay', f'#!/bin/sh\nexec {ASSAY} "$@" --root {ROOT}\n')
program('bin/ib_write_bw', PERFTEST)


def hosts(count):
    """Named h0, h1 …"""
    names = {f'h{i}': f'127.0.0.{i + 21}' for i in range(count)}
    write('names', *(f'{address} {name} 0' for name, address in names.items()))
    return names


def write(name, *lines):
    (HERE / name).write_text(''.join(f'{line}\n' for line in lines), encoding='utf-8')


def locate(*words):
    return subprocess.run([ASSAY, 'fabric', 'locate', *map(str, words)], capture_output=True, text=True, check=False,
                          timeout=280)


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
    names = hosts(5)
    for number, name in enumerate(names):
        sick = 'gpu 1 nccl_slow 2\n' if name == 'h4' else 'system gpus 0\n' if name == 'h2' else ''
        (HERE / f'{name}.scenario').write_text(f'{SCENARIO}system nccl_node {number}\n{sick}', encoding='utf-8')
    status, answer = search(names, '--with', 'nccl', '--rounds', 12)
    assert status == FAILS and faulty(answer) == {('h4', None): 'slow'}, answer
    found = {finding['name']: finding for finding in answer['hosts']['findings']}
    assert 0.1 < found['h4']['lacks'] < 0.4, found
    assert found['h2']['verdict'] == 'untested' and 'GPU' in found['h2']['why'], found
    assert answer['hosts']['sound'] == 3 and answer['tool'] == 'nccl', answer


@tap.case
def one_rail_of_one_host_is_named_by_its_device():
    names = hosts(6)
    write('h5-mlx5_1', 190)
    status, answer = search(names, '--with', 'ib_write_bw', '--devices', 'mlx5_0,mlx5_1', '--rails', 'each')
    assert status == FAILS and faulty(answer) == {('h5', 'mlx5_1'): 'slow'}, answer
    assert answer['hosts']['sound'] == 5 and answer['hosts']['rails'][0]['device'] == 'mlx5_0', answer
    rate = answer['hosts']['rails'][1]['healthy_bytes_per_s'] * 8 / 1e9
    assert abs(rate - 380.25) < 0.01, rate
    # One rail after the other: who waits and who comes are on the same one. Who comes too early comes again.
    asked = (HERE / 'devices').read_text(encoding='utf-8').split()
    first, second = asked.index('mlx5_1'), len(asked) - asked[::-1].index('mlx5_0')
    assert set(asked[:first]) == {'mlx5_0'} and first >= 12 and second > first, asked


@tap.case
def a_host_whose_programs_start_late_is_not_blamed():
    """As where a launcher asks a resolver that does not answer."""
    names = hosts(4)
    write('late-h2')
    status, answer = search(names, '--with', 'ib_write_bw', '--rounds', 2)
    (HERE / 'late-h2').unlink()
    assert status == GOOD and answer['hosts']['sound'] == 4, answer


@tap.case
def leaves_come_from_a_fabric_and_the_one_with_a_narrow_way_is_named():
    names = {name: f'127.0.0.{i + 51}' for i, name in enumerate(sorted(FABRIC.truth()['hosts']))}
    write('names', *(f'{address} {name} {i // 4}' for i, (name, address) in enumerate(names.items())))
    write('way-3', 95)
    done = locate('--fabric', PATH)
    assert done.returncode == UNKNOWN and '16 hosts would' in done.stdout and 'on 4 leaves' in done.stdout, done
    status, answer = search(names, '--with', 'ib_write_bw', '--fabric', PATH)
    assert status == FAILS and not faulty(answer) and answer['note'] is None, answer
    assert faulty(answer, 'leaves') == {('leaf-1-4-1', None): 'slow'}, answer['leaves']


@tap.case
def a_fabric_that_does_not_fit_is_said_in_one_line():
    for words, sentence in (
        (['a', 'b', 'c', 'd', '--fabric', PATH], 'the fabric has none of these hosts: it calls them as gpu00001'),
        (['a', 'b', 'c', 'd', '--fabric', '/nowhere'], '/nowhere'),
        (['gpu00001', 'b', 'c', '--fabric', PATH], '3 hosts'),
        (['a', 'b', 'c', 'd', '--rails', 'some'], 'each or together'),
        (['a', 'b', 'c', 'd', '--with', 'nccl', '--rails', 'together'], 'one adapter after the other'),
    ):
        done = locate(*words)
        assert done.returncode >= USAGE and sentence in done.stderr and done.stderr.count('\n') == 1, (words, done)
    nameless = generate.make('classic', groups=4, nodes=4, rails=1, spines=2)
    nameless.unnamed()
    lesser = HERE / 'nameless.txt'
    lesser.write_text(nameless.text(), encoding='utf-8')
    done = locate('--fabric', lesser)
    assert '15 hosts would' in done.stdout and '1 host of the fabric is left out' in done.stderr, done
    done = locate('gpu00001', 'gpu00002', 'gpu00003', 'gpu00005.example.com', 'x', '--fabric', PATH)
    assert 'No leaf has 4 hosts' in done.stdout, done


tap.run()
