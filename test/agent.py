#!/usr/bin/python3
"""The agent as a node has it: news become verdicts, nothing is lost, and nothing stops it."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import jsonschema
import tap
import watcher
from tap import case

RARE = {'counters': 3600, 'full': 3600}
OFTEN = {'counters': 1, 'full': 2}
NO_MOUNT = watcher.may_mount()
NO_LOG = watcher.may_log()
HANG = """
import ctypes, os, sys
device = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={device},rootmode=40000,user_id=0,group_id=0'.encode()
if ctypes.CDLL(None, use_errno=True).mount(b'hang', sys.argv[1].encode(), b'fuse', 0, options):
    sys.exit(f'no FUSE: {os.strerror(ctypes.get_errno())}')
os.set_inheritable(device, True)
os.execvp(sys.argv[2], sys.argv[2:])
"""


def unless(reason):
    """A test that the machine at hand does not allow says why, and passes."""

    def make(function):
        if not reason:
            return case(function)

        def skipped():
            print(f'# {function.__name__}: skipped: {reason}')

        skipped.__name__ = function.__name__
        return case(skipped)

    return make


def ask(port, data, patience_s=10, hurry=True):
    """What comes back for raw bytes, until the agent closes."""
    with socket.create_connection(('127.0.0.1', port), patience_s) as connection:
        connection.settimeout(patience_s)
        answer = b''
        try:
            connection.sendall(data)
            if hurry:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionError:
            pass
        return answer


def names_of(report):
    return {(one['check'], one['about']) for one in report['findings']}


def standings_in(file):
    with sqlite3.connect(f'file:{file}?mode=ro', uri=True) as database:
        assert database.execute('PRAGMA integrity_check').fetchone() == ('ok',)
        return {about for (about,) in database.execute('SELECT about FROM standing')}


# ---- the kernel's log ----


@unless(NO_MOUNT or NO_LOG)
def a_line_of_the_log_is_a_verdict_for_who_trusts_its_writer():
    device, pci = watcher.invented_gpu()
    with watcher.folder() as place:
        node = watcher.Node(place)
        more = {'before': node.before(), 'environment': node.environment}
        with watcher.agent(**RARE, **more) as careful, watcher.agent(**RARE, **more, trust_user_space='true') as naive:
            careful.ready()
            naive.ready()
            assert not any(about == device for _, about in names_of(naive.findings()))
            written = watcher.say_to_kernel(watcher.xid(pci))
            seen, line = naive.wait_for(f'fail gpu-error-log {device}')
            assert line.startswith('<3>') and '; do: ' in line, line
            print(f'# from the line to the verdict: {(seen - written) * 1e3:.0f} ms')
            found = [one for one in naive.findings()['findings'] if one['about'] == device]
            assert found and found[0]['verdict'] == 'fail' and found[0]['sticky'], found
            assert naive.metrics()['assay_gate{verdict="fail"}'] == 1
            assert naive.metrics()[f'assay_finding{{check="gpu-error-log",device="{device}",verdict="fail"}}'] == 1
            # The same line, forged for all this one knows, tells the other nothing; it has looked since.
            careful.process.send_signal(signal.SIGHUP)
            careful.until('log_looks_total', lambda looks: looks >= 2)
            assert not any(about == device for _, about in names_of(careful.findings()))


@unless(NO_MOUNT or NO_LOG)
def nothing_that_was_told_is_lost_when_it_is_killed():
    told = set()
    with watcher.folder() as place:
        node = watcher.Node(place)
        more = {'before': node.before(), 'environment': node.environment}
        history = str(place / 'kept' / 'history.db')
        with watcher.agent(**RARE, **more, trust_user_space='true', history=history) as one:
            one.ready()
            for _ in range(12):
                device, pci = watcher.invented_gpu()
                watcher.say_to_kernel(watcher.xid(pci))
                time.sleep(0.12)
                told |= {about for check, about in names_of(one.findings()) if check == 'gpu-error-log'}
            one.process.kill()
            one.process.wait()
        assert len(told) >= 3, told
        missing = told - standings_in(history)
        assert not missing, f'told and not kept: {missing}'
        # The next one does not believe the log, and so has it from the history alone.
        with watcher.agent(**OFTEN, **more, history=history) as next_one:
            next_one.until('looks_total', lambda looks: looks >= 3)
            stands = {about for check, about in names_of(next_one.findings()) if check == 'gpu-error-log'}
            assert told <= stands, f'forgotten: {told - stands}'
            assert next_one.end() == 0
        assert told <= standings_in(history)


# ---- the history ----


@case
def when_nothing_changes_nothing_is_written():
    with watcher.agent(**OFTEN) as one:
        one.ready()
        history = pathlib.Path(one.settings['history'])
        settled = one.until('looks_total', lambda looks: looks >= 2)
        events = one.metrics()['assay_agent_events_total']
        before = history.stat()
        folder = history.parent.stat().st_mtime_ns
        one.until('looks_total', lambda looks: looks >= settled + 3)
        after = history.stat()
        changed = one.metrics()['assay_agent_events_total'] - events
        # A journal beside it would change the folder.
        same = before.st_mtime_ns == after.st_mtime_ns and folder == history.parent.stat().st_mtime_ns
        assert same or changed, 'written without an event'
        assert not changed, f'{changed} events on a machine at rest'


@unless(NO_MOUNT)
def a_full_disk_is_told_and_written_to_later():
    with watcher.folder() as place:
        (place / 'disk').mkdir()
        script = (
            f'mount -t tmpfs -o size=256k none {place}/disk && '
            f'! dd if=/dev/zero of={place}/disk/filler bs=1k count=300 2>/dev/null && exec "$0" "$@"'
        )
        with watcher.agent(before=['unshare', '-m', 'sh', '-c', script], history=f'{place}/disk/h.db', **OFTEN) as one:
            one.wait_for('history: .*tried again at each look')
            one.ready()
            one.until('write_failures_total', lambda failures: failures >= 2)
            waiting = one.metrics()['assay_agent_unsaved_events']
            assert waiting > 0
            os.unlink(f'/proc/{one.process.pid}/root{place}/disk/filler')
            one.wait_for('the history is written again')
            assert one.metrics()['assay_agent_unsaved_events'] == 0
            assert one.metrics()['assay_agent_lost_events_total'] == 0
            shutil.copy(f'/proc/{one.process.pid}/root{place}/disk/h.db', place / 'copy.db')
            with sqlite3.connect(place / 'copy.db') as database:
                assert database.execute('SELECT count(*) FROM event').fetchone()[0] >= waiting


@case
def a_damaged_history_is_moved_aside():
    with watcher.folder() as place:
        file = place / 'h.db'
        file.write_bytes(b'no database at all' * 1000)
        with watcher.agent(history=file, **RARE) as one:
            one.wait_for(r'no sound history.*\.broken')
            one.ready()
        assert (place / 'h.db.broken').stat().st_size == 18000


# ---- settings ----


@case
def settings_are_read_anew_and_bad_ones_leave_the_old():
    with watcher.agent(**RARE) as one:
        one.ready()
        for pace in 1800, 900, 600:
            one.settings['counters'] = pace
            one.write_config()
            one.process.send_signal(signal.SIGHUP)
            one.wait_for(f'reloaded: counters every {pace} s')
        looks = one.metrics()['assay_agent_looks_total']
        one.config.write_text('agent:\n  counters: soon\n', encoding='utf-8')
        one.process.send_signal(signal.SIGHUP)
        _, line = one.wait_for('the old settings stay')
        assert 'counters' in line and f'{one.config}: line 2' in line, line
        one.write_config()
        one.process.send_signal(signal.SIGHUP)
        one.until('looks_total', lambda now: now > looks)
        assert one.end() == 0


@case
def what_is_wrong_in_the_settings_is_one_line_with_its_place():
    wrong = {
        'counters: 0': 'counters', 'full: 1.5': 'full', 'port: 65536': 'port', 'history_mib: x': 'history_mib',
        'trust_user_space: yes': 'trust_user_space', 'surprise: 1': 'surprise', 'history: [a]': 'history',
    }  # fmt: skip
    with watcher.folder() as place:
        for text, says in wrong.items():
            config = place / 'wrong.yaml'
            config.write_text(f'agent:\n  {text}\n', encoding='utf-8')
            done = subprocess.run(
                [watcher.ASSAY, 'agent', '--config', str(config)],
                capture_output=True, text=True, timeout=10, check=False,
            )  # fmt: skip
            assert done.returncode >= 64, f'{text}: ends with {done.returncode}'
            assert done.stderr.count('\n') == 1 and f'{config}: line 2' in done.stderr, done.stderr
            assert says in done.stderr, f'{text}: {done.stderr}'


@case
def a_port_in_use_is_said():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        with watcher.agent(port=taken.getsockname()[1], **RARE) as one:
            assert one.process.wait(10) >= 64
            one.wait_for('port .*address already in use')


# ---- who asks ----


@case
def what_is_served_has_its_form():
    with open('data/schema/standing.v1.json', encoding='utf-8') as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    with watcher.agent(**RARE) as one:
        one.ready()
        report = one.findings()
        jsonschema.validate(report, schema)
        assert report['findings'] and report['gate'] != 'pass', 'this machine has no GPU'
        for change in ({'schema': 'assay/standing/v2'}, {'gate': 'stale'}, {'surprise': 1}):
            assert not jsonschema.Draft202012Validator(schema).is_valid(report | change), change
        _, text = one.get('/metrics')
        named = {line.split(' ')[2] for line in text.splitlines() if line.startswith('# TYPE ')}
        for line in text.splitlines():
            assert line.startswith('#') or line.split('{')[0].split(' ')[0] in named, line
        assert one.get('/healthz') == (200, 'ok\n')
        assert one.get('/')[0] == 404


@case
def hostile_clients_stay_within_limits():
    with watcher.agent(**RARE) as one:
        port = one.ready().port
        # What was not read when the agent closes may take the answer with it.
        assert ask(port, b'GET /' + b'x' * 10000, hurry=False)[:12] in (b'', b'HTTP/1.1 431')
        assert ask(port, b'GET /' + b'x' * 4091, hurry=False).startswith(b'HTTP/1.1 431')
        assert ask(port, b'POST /metrics HTTP/1.1\r\n\r\n').startswith(b'HTTP/1.1 400')
        assert ask(port, bytes(range(256)) * 4 + b'\r\n\r\n').startswith(b'HTTP/1.1 400')
        assert ask(port, b'\0\n\n').startswith(b'HTTP/1.1 400')
        assert ask(port, b'') == b''
        many = b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n' * 20
        answer = ask(port, many)
        assert answer.count(b'HTTP/1.1') == 1 and answer.endswith(b'ok\n'), answer
        # As many as can be that say nothing: they do not stop a reader for longer than their patience.
        idle = [socket.create_connection(('127.0.0.1', port), 10) for _ in range(100)]
        files = len(os.listdir(f'/proc/{one.process.pid}/fd'))
        assert files < 60, f'{files} descriptors'
        for connection in idle[:50]:
            connection.close()
        deadline = time.monotonic() + 10
        while True:
            try:
                assert one.get('/healthz')[0] == 200
                break
            except OSError:
                assert time.monotonic() < deadline, 'readers are shut out'
                time.sleep(0.1)
        for connection in idle[50:]:
            connection.close()
        assert one.end() == 0


def sockets_of(process):
    links = []
    for path in pathlib.Path(f'/proc/{process}/fd').iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            links.append(os.readlink(path))
    return {link[8:-1] for link in links if link.startswith('socket:[')}


@case
def nobody_outside_can_connect():
    with watcher.agent(**RARE) as one:
        own = sockets_of(one.ready().process.pid)
        found = []
        for name in 'tcp', 'tcp6', 'udp', 'udp6':
            for line in pathlib.Path(f'/proc/net/{name}').read_text(encoding='ascii').splitlines()[1:]:
                field = line.split()
                if field[9] in own and (field[3] == '0A' or name.startswith('udp')):
                    found.append(field[1].split(':')[0])
        assert found == ['0100007F'], found


# ---- what goes on around it ----


@unless(NO_MOUNT)
def a_link_that_changes_is_looked_at():
    before = ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
    with watcher.agent(before=before, **RARE) as one:
        one.wait_for('serving')
        time.sleep(0.5)
        inside = ['nsenter', '-t', str(one.process.pid), '-n']
        subprocess.run([*inside, 'ip', 'link', 'set', 'lo', 'mtu', '4000'], check=True)
        one.wait_for('the kernel has news')


@case
def the_manager_is_told():
    with watcher.folder() as place, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(place / 'notify'))
        manager.settimeout(10)
        environment = {'NOTIFY_SOCKET': str(place / 'notify'), 'WATCHDOG_USEC': '400000'}
        with watcher.agent(environment=environment, **RARE) as one:
            assert manager.recv(100) == b'READY=1'
            assert manager.recv(100) == b'WATCHDOG=1'
            one.process.send_signal(signal.SIGHUP)
            said = [manager.recv(100).split(b'\n')[0] for _ in range(4)]
            assert said.index(b'RELOADING=1') < said.index(b'READY=1'), said
            one.process.send_signal(signal.SIGTERM)
            while manager.recv(100) != b'STOPPING=1':
                pass


@unless(NO_MOUNT)
def a_library_that_stalls_is_named_and_stops_nothing():
    with watcher.folder() as place:
        node = watcher.Node(place, scenario=['gpu 3 call nvmlDeviceGetTemperature stall',
                                             'gpu 3 call nvmlDeviceGetTemperatureV stall'])  # fmt: skip
        more = {'before': node.before(), 'environment': node.environment}
        with watcher.agent('--timeout=600', **RARE, **more) as one:
            # While it stalls the loop serves.
            served = 0
            while one.metrics()['assay_agent_looks_total'] == 0:
                served += 1
                time.sleep(0.05)
            assert served >= 5, served
            children = one.children()
            texts = [f['text'] for f in one.findings()['findings'] if f['verdict'] == 'fail']
            assert any('nvmlDeviceGetTemperature' in text for text in texts), texts
            assert one.metrics()['assay_agent_stalls_total'] == 1
            start = time.monotonic()
            assert one.end() == 0
            assert time.monotonic() - start < 10
            left = [pid for pid in children if pathlib.Path(f'/proc/{pid}').exists()]
            assert not left, left


@unless(NO_MOUNT)
def an_end_leaves_no_child():
    with watcher.folder() as place:
        node = watcher.Node(place)
        with watcher.agent(before=node.before(), environment=node.environment, **RARE) as one:
            one.ready()
            children = one.children()
            assert children, 'no helper asks the library'
            start = time.monotonic()
            assert one.end() == 0
            print(f'# ended within {(time.monotonic() - start) * 1e3:.0f} ms')
            left = [pid for pid in children if pathlib.Path(f'/proc/{pid}').exists()]
            assert not left, left


@unless(NO_MOUNT or (None if os.access('/dev/fuse', os.W_OK) else 'no /dev/fuse'))
def a_part_of_the_machine_that_hangs_is_left_out():
    with watcher.folder() as place:
        node = watcher.Node(place)
        hang = place / 'hang.py'
        hang.write_text(HANG, encoding='utf-8')
        script = f'exec {sys.executable} {hang} /sys/class/infiniband "$0" "$@"'
        before = node.before()[:-1] + [node.before()[-1].replace('exec "$0" "$@"', script)]
        with watcher.agent('--timeout=200', before=before, environment=node.environment, **RARE) as one:
            one.wait_for('looking at .* hangs')
            served = 0
            while one.metrics()['assay_agent_looks_total'] == 0:
                served += 1
                time.sleep(0.05)
            assert one.metrics()['assay_agent_look_stalls_total'] >= 1
            unsure = [f for f in one.findings()['findings'] if f['verdict'] == 'unknown' and 'rdma' in f['check']]
            assert unsure, one.findings()['findings']
            assert one.end() == 0


# ---- how it is installed ----


def unit_settings():
    pairs = {}
    for line in pathlib.Path('packaging/assay-agent.service').read_text(encoding='ascii').splitlines():
        if line and line[0] not in '#[':
            key, value = line.split('=', 1)
            pairs.setdefault(key, []).append(value)
    return pairs


@case
def the_unit_is_sound_and_hides_nothing_from_the_agent():
    unit = unit_settings()
    # Each of these gives a service a view of mounts of its own, in which file systems look read-only.
    own_view = {
        'DynamicUser', 'PrivateDevices', 'PrivateMounts', 'PrivateTmp', 'PrivateNetwork', 'ProtectControlGroups',
        'ProtectHome', 'ProtectKernelLogs', 'ProtectKernelModules', 'ProtectKernelTunables', 'ProtectProc',
        'ProtectSystem', 'ReadOnlyPaths', 'ReadWritePaths', 'InaccessiblePaths', 'RootDirectory', 'TemporaryFileSystem',
    }  # fmt: skip
    assert not own_view & unit.keys(), own_view & unit.keys()
    assert unit['CapabilityBoundingSet'] == unit['AmbientCapabilities'] == ['CAP_SYSLOG']
    assert unit['Type'] == ['notify'] and int(unit['WatchdogSec'][0]) >= 30
    assert 'AF_NETLINK' in unit['RestrictAddressFamilies'][0] and unit['DevicePolicy'] == ['closed']
    for key in 'NoNewPrivileges', 'SystemCallFilter', 'MemoryMax', 'CPUQuota', 'User', 'StateDirectory', 'ExecReload':
        assert key in unit, key
    if not shutil.which('systemd-analyze'):
        print('# systemd-analyze is not there: the unit was only read')
        return
    with watcher.folder() as place:
        text = pathlib.Path('packaging/assay-agent.service').read_text(encoding='ascii')
        text = text.replace('@BINDIR@/assay', watcher.ASSAY).replace('User=assay', 'User=root')
        # Documentation is checked against installed pages.
        text = text.replace('Group=assay', 'Group=root').replace('Documentation=man:assay-agent(1)\n', '')
        (place / 'assay-agent.service').write_text(text, encoding='ascii')
        done = subprocess.run(
            ['systemd-analyze', 'verify', str(place / 'assay-agent.service')],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        complaints = [line for line in done.stderr.splitlines() if 'assay-agent' in line]
        assert done.returncode == 0 and not complaints, done.stderr


tap.run()
