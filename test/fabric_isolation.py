#!/usr/bin/python3
"""`assay fabric isolation`: what a tenant learns of a fabric that is well kept, of one that is open, and of one that
he cannot ask. The fabric is a stand-in's; nothing leaves this machine."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path[:0] = ['tools', 'test']
import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
FOREIGN = '0xb2', '0xb3'

WIRING = '''vendid=0x2c9
devid=0xd2f2
sysimgguid=0xa1
switchguid=0xa1(a1)
Switch\t4 "S-00000000000000a1"\t\t# "leaf" enhanced port 0 lid 9 lmc 0
[1]\t"H-00000000000000b1"[1](c1) \t\t# "n1 mlx5_0" lid 1 4xNDR
[2]\t"H-00000000000000b2"[1](c2) \t\t# "n2 mlx5_0" lid 2 4xNDR
[3]\t"S-00000000000000a2"[1]\t\t# "spine" lid 10 4xNDR

vendid=0x2c9
devid=0xd2f2
sysimgguid=0xa2
switchguid=0xa2(a2)
Switch\t4 "S-00000000000000a2"\t\t# "spine" enhanced port 0 lid 10 lmc 0
[1]\t"S-00000000000000a1"[3]\t\t# "leaf" lid 9 4xNDR
[2]\t"H-00000000000000b3"[1](c3) \t\t# "n3 mlx5_0" lid 3 4xNDR

''' + ''.join(f'''vendid=0x2c9
devid=0x1021
sysimgguid=0xb{n}
caguid=0xb{n}
Ca\t1 "H-00000000000000b{n}"\t\t# "n{n} mlx5_0"
[1](c{n}) \t"S-00000000000000a{2 if n == 3 else 1}"[{1 if n == 1 else 2}]\t\t# lid {n} lmc 0 "x" lid {10 if n == 3 else 9} 4xNDR

''' for n in (1, 2, 3))


# The leaf's node that reduces, as a Quantum switch shows it.
REDUCING = WIRING.replace('Switch\t4 "S-00000000000000a1"', 'Switch\t5 "S-00000000000000a1"').replace(
    '[3]\t"S-00000000000000a2"[1]',
    '[5]\t"H-00000000000000a9"[1](a9) \t\t# "Mellanox Technologies Aggregation Node" lid 11 4xNDR\n[3]\t"S-00000000000000a2"[1]'
) + '''vendid=0x2c9
devid=0xcf09
sysimgguid=0xa1
caguid=0xa9
Ca\t1 "H-00000000000000a9"\t\t# "Mellanox Technologies Aggregation Node"
[1](a9) \t"S-00000000000000a1"[5]\t\t# lid 11 lmc 0 "leaf" lid 9 4xNDR

'''


def chain(length):
    """Switches in a row, with this node before them and one of somebody else behind them."""
    def switch(number, ends):
        return (f'vendid=0x2c9\ndevid=0xd2f2\nsysimgguid=0xa{number:02x}\nswitchguid=0xa{number:02x}(a{number:02x})\n'
                f'Switch\t4 "S-{0xa00 + number:016x}"\t\t# "s{number}" enhanced port 0 lid {number + 9} lmc 0\n{ends}\n')

    def adapter(guid, lid, leaf, port):
        return (f'vendid=0x2c9\ndevid=0x1021\nsysimgguid={guid:#x}\ncaguid={guid:#x}\nCa\t1 "H-{guid:016x}"\t\t# "x mlx5_0"\n'
                f'[1]({guid + 16:x}) \t"S-{0xa00 + leaf:016x}"[{port}]\t\t# lid {lid} lmc 0 "s" lid {leaf + 9} 4xNDR\n\n')

    text = ''
    for n in range(length):
        before = (f'[1]\t"S-{0xa00 + n - 1:016x}"[2]\t\t# "s" lid 9 4xNDR\n' if n else
                  '[1]\t"H-00000000000000b1"[1](c1) \t\t# "x mlx5_0" lid 1 4xNDR\n')
        behind = (f'[2]\t"S-{0xa00 + n + 1:016x}"[1]\t\t# "s" lid 9 4xNDR\n' if n + 1 < length else
                  '[2]\t"H-00000000000000b2"[1](c2) \t\t# "x mlx5_0" lid 2 4xNDR\n')
        text += switch(n, before + behind)
    return text + adapter(0xb1, 1, 0, 1) + adapter(0xb2, 2, length - 1, 2)


def audit(scenario, *words, own=None, wiring=WIRING):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / 'fabric.txt').write_text(wiring, encoding='utf-8')
        (place / 'scenario').write_text('\n'.join(['wiring fabric.txt', *scenario, '']), encoding='utf-8')
        (place / 'own').write_text(own or '0xb1\n', encoding='utf-8')
        done = subprocess.run(
            [ASSAY, 'fabric', 'isolation', '--consent', 'read', '--format', 'json', '--rate', '10000', '--own',
             str(place / 'own'), *words],
            capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, 'ASSAY_LIBRARY_PATH': VENDOR, 'ASSAY_FABRIC': str(place / 'scenario')})
    return done, json.loads(done.stdout) if done.returncode < 64 else None


def verdict(report, check):
    return next(one['verdict'] for one in report['checks'] if one['name'] == 'isolation-' + check)


def texts(report, check):
    return ' | '.join(one['text'] for line in report['checks'] if line['name'] == 'isolation-' + check
                      for one in line['findings'])


LOCAL = 'local mlx5_0 0xb1 1'
REFUSED = [f'class {number} 0x1c' for number in ('0x0a', '0x0b', '0x0c', '0x21')]
OPEN = [LOCAL, 'manager 0xb2 2', 'administration all', *REFUSED]
KEPT = [LOCAL, 'manager 0xb2 2', 'administration own', 'm_key 0xdead 2', 'class 0x0a silent', 'class 0x0b silent',
        'class 0x0c silent', 'class 0x21 silent', 'class 0x04 silent', 'class 0x01 silent']


@tap.case
def an_open_fabric_fails_and_names_nobody():
    done, report = audit(OPEN)
    assert done.returncode == 1, done
    assert verdict(report, 'visibility') == 'fail' and '2 adapters of others answer behind 2 switches' in \
        texts(report, 'visibility'), texts(report, 'visibility')
    assert verdict(report, 'management-key') == 'fail', report
    assert verdict(report, 'administration') == 'fail' and 'lists 5 devices, 2 of them' in texts(report, 'administration'), \
        texts(report, 'administration')
    assert verdict(report, 'manager') in ('warn', 'fail'), report
    assert verdict(report, 'enforcement') == verdict(report, 'spoofing') == 'unknown', report
    for word in ('00b2', '00b3', '0xb2', '0xb3', 'n2 mlx5_0', 'n3 mlx5_0'):
        assert word not in done.stdout, word


@tap.case
def a_kept_fabric_passes_what_can_be_tested():
    done, report = audit(KEPT)
    for check in ('visibility', 'management-key', 'administration'):
        assert verdict(report, check) == 'pass', (check, texts(report, check))
    assert verdict(report, 'classes') == 'unknown' and 'not testable' in texts(report, 'classes'), texts(report, 'classes')
    assert done.returncode in (0, 2), done


@tap.case
def classes_are_doors_of_their_own():
    _, report = audit([LOCAL, 'manager 0xb2 2', 'administration all', 'class 0x0a silent', 'class 0x21 0x1c'])
    assert verdict(report, 'classes') in ('warn', 'fail'), texts(report, 'classes')
    assert 'performance management' in texts(report, 'classes'), texts(report, 'classes')
    assert verdict(report, 'aggregation') == 'pass', texts(report, 'aggregation')


@tap.case
def the_tenants_own_nodes_are_no_strangers():
    _, report = audit(OPEN, own='# both of us\n0xb2 0xb3\n0xb1 # this one\n')
    assert verdict(report, 'visibility') == 'pass', texts(report, 'visibility')
    assert verdict(report, 'administration') == 'pass', texts(report, 'administration')


@tap.case
def the_reducing_node_of_a_switch_is_no_stranger():
    _, report = audit(OPEN, own='0xb1 0xb2 0xb3\n', wiring=REDUCING)
    assert verdict(report, 'visibility') == 'pass', texts(report, 'visibility')
    assert verdict(report, 'administration') == 'pass', texts(report, 'administration')
    _, report = audit(OPEN, own='0xb1 0xb2\n', wiring=REDUCING)
    assert '1 adapters of others' in texts(report, 'visibility') or '1 adapter of others' in texts(report, 'visibility'), report


@tap.case
def what_lies_further_away_is_not_known():
    scenario = [LOCAL, 'manager 0xb2 2', 'administration own', *REFUSED]
    _, report = audit(scenario, wiring=chain(7))
    assert verdict(report, 'visibility') == 'fail', texts(report, 'visibility')
    _, report = audit(scenario, wiring=chain(8))
    assert verdict(report, 'visibility') == 'unknown' and 'further away than 8 cables' in texts(report, 'visibility'), \
        texts(report, 'visibility')


@tap.case
def a_key_that_is_shown_is_not_told():
    done, report = audit([*OPEN, 'm_key 0xdeadbeef 0'])
    assert 'shows its management key' in texts(report, 'management-key'), texts(report, 'management-key')
    assert 'deadbeef' not in done.stdout.lower() and str(0xdeadbeef) not in done.stdout


@tap.case
def what_cannot_be_asked_is_not_testable_and_no_pass():
    for kind in ('virtual', 'denied'):
        done, report = audit([LOCAL + ' ' + kind, 'manager 0xb2 2', 'administration own', *REFUSED])
        assert done.returncode in (0, 2), done
        assert verdict(report, 'visibility') == 'unknown' and 'not testable' in texts(report, 'visibility'), \
            (kind, texts(report, 'visibility'))
        assert verdict(report, 'management-key') == 'unknown', report


@tap.case
def few_questions_are_partial_and_said():
    _, report = audit([LOCAL, 'manager 0xb2 2', 'administration own', *REFUSED], '--questions', '16',
                      own='0xb1 0xb2 0xb3\n')
    assert verdict(report, 'visibility') == 'unknown' and 'not all was' in texts(report, 'visibility'), \
        texts(report, 'visibility')


@tap.case
def without_consent_nothing_is_asked():
    done = subprocess.run([ASSAY, 'fabric', 'isolation'], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 64 and '--consent read' in done.stderr and len(done.stderr.splitlines()) == 1, done
    done = subprocess.run([ASSAY, 'fabric', 'isolation', '--consent', 'load'], capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 64, done
    done, _ = audit(OPEN, own='0xb1\nn2\n')
    assert done.returncode == 65 and 'line 2' in done.stderr, done


tap.run()
