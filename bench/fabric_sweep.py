"""A sweep of 4,096 nodes with eight adapters each under ibsim, beside ibnetdiscover with 2 and with 64
questions at once, all in one run. What each found has to be the same, cable by cable.

The processor time of a client holds what it does itself and what the library does that stands in for
the kernel; the simulator's own time is shown beside it.
"""
import hashlib
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / 'test'), str(ROOT / 'test/fabric')]
import generate
import simulated

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
SIZES = {'pods': 16, 'groups': 8, 'nodes': 32, 'rails': 8, 'spines': 32, 'cores': 8}
ROUNDS = 5
LIMIT_S = 1800
TICKS = os.sysconf('SC_CLK_TCK')


def ticks_of(process):
    fields = pathlib.Path(f'/proc/{process.pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(there, command, into):
    """Seconds of wall, user and system time, most memory in MB, and seconds of the simulator."""
    before = ticks_of(there.simulator)
    with open(into, 'wb') as output:
        start = time.monotonic()
        process = subprocess.Popen(['timeout', str(LIMIT_S), *command], stdout=output,
                                   stderr=subprocess.DEVNULL, cwd=there.folder, env=there.client())
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (command, process.returncode)
    return {'wall': wall, 'user': used.ru_utime, 'system': used.ru_stime, 'memory': used.ru_maxrss / 1024,
            'simulator': ticks_of(there.simulator) - before}


def cables_of(path):
    """A hash of every end of every cable with its rate, and how many there are."""
    ends, node = [], None
    with open(path, encoding='utf-8', errors='replace') as lines:
        for line in lines:
            if line[0] in 'SC' and '"' in line:
                node = line.split('"', 2)[1]
            elif line[0] == '[':
                words = line.split('"', 2)
                ends.append(f'{node}[{line[1:line.index("]")]}] {words[1]}'
                            f'{words[2][:words[2].index("]")]} {line.split()[-1]}')
    ends.sort()
    return hashlib.sha256('\n'.join(ends).encode()).hexdigest(), len(ends)


def put(name, value, unit, goal=None):
    """A figure with its goal; what explains one and has none goes to standard error."""
    if goal:
        print(f'fabric/sweep/{name} {value:.6g} {unit} {goal}', flush=True)
    else:
        print(f'{name}: {value:.6g} {unit}', file=sys.stderr, flush=True)


def main():
    net = generate.make('rail', **SIZES).net()
    with tempfile.TemporaryDirectory() as folder, simulated.Fabric(net, ready_s=LIMIT_S) as there:
        folder = pathlib.Path(folder)
        rounds = [measure(there, [ASSAY, 'fabric', 'discover', '--format', 'text'], folder / 'own')
                  for _ in range(ROUNDS)]
        own = {what: statistics.median(one[what] for one in rounds) for what in rounds[0]}
        found, ends = cables_of(folder / 'own')
        assert ends > 100000
        put('wall', own['wall'], 's')
        put('user', own['user'], 's')
        put('system', own['system'], 's')
        put('simulator', own['simulator'], 's')
        put('memory', own['memory'], 'MB', '<= 200')
        for outstanding in (64, 2):
            other = measure(there, ['ibnetdiscover', '-o', str(outstanding)], folder / 'other')
            assert cables_of(folder / 'other')[0] == found, 'ibnetdiscover finds other cables'
            name = f'ibnetdiscover_{outstanding}'
            for what in ('wall', 'user', 'system', 'simulator'):
                put(f'{name}_{what}', other[what], 's')
            put(f'{name}_user_ratio', other['user'] / own['user'], 'x', '>= 20')
            put(f'{name}_wall_ratio', other['wall'] / own['wall'], 'x', '>= 5' if outstanding == 2 else '>= 1')


if __name__ == '__main__':
    main()
