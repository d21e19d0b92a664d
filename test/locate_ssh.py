#!/usr/bin/python3
"""`assay fabric locate` over a real ssh: an sshd of its own on the loopback, with keys of its own, that several
names lead to. NCCL is the stand-in that exchanges data between processes. openssh-server is not among what the
tests install: as a package it starts a server for everybody."""
import contextlib
import getpass
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']
import machines
import tap

ASSAY = pathlib.Path(os.environ.get('ASSAY', 'build/assay')).resolve()
VENDOR = pathlib.Path(os.environ.get('ASSAY_VENDOR', 'build/test/vendor')).resolve()
SSHD = shutil.which('sshd', path=f'/usr/sbin:/usr/local/sbin:{os.environ["PATH"]}')
FAILS, UNKNOWN = 1, 2
READY_S = 60

SCENARIO = """
machine h100x8
system gpus 2
gpu * memory 6
gpu * memory_reserved 0
gpu * cuda_memory 0.25
gpu * multiprocessors 1
"""

# What sshd runs in place of a login shell: the environment of the host that the client meant, and its words.
ON_HOST = """#!/bin/sh
export PATH={here}/bin:$PATH ASSAY_SCENARIO={here}/$LC_HOST.scenario ASSAY_LIBRARY_PATH={vendor}
exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"
"""

SERVER = """Port {port}
ListenAddress 127.0.0.1
HostKey {here}/host_key
PidFile none
AuthorizedKeysFile {here}/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
AcceptEnv LC_HOST
MaxStartups 100
MaxSessions 100
ForceCommand {here}/on-host
"""

CLIENT = """Host h*
HostName 127.0.0.1
Port {port}
User {user}
IdentityFile {here}/key
IdentitiesOnly yes
UserKnownHostsFile {here}/known_hosts
StrictHostKeyChecking yes
"""


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def put(here, name, text, mode=0o600):
    (here / name).write_text(text, encoding='utf-8')
    (here / name).chmod(mode)


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(('127.0.0.1', port)) == 0


@contextlib.contextmanager
def server(here):
    """An sshd that ends with the block; `here` gets the client's configuration too."""
    for name in ('host_key', 'key'):
        subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', here / name], check=True)
    put(here, 'authorized_keys', (here / 'key.pub').read_text(encoding='utf-8'))
    put(here, 'on-host', ON_HOST.format(here=here, vendor=VENDOR), 0o755)
    if os.geteuid() == 0:
        pathlib.Path('/run/sshd').mkdir(mode=0o755, exist_ok=True)
    process = start(here)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def start(here):
    """Somebody may take the port between its being free and its being used: then another."""
    for _ in range(5):
        port = free_port()
        put(here, 'known_hosts', f'[127.0.0.1]:{port} {(here / "host_key.pub").read_text(encoding="utf-8")}')
        put(here, 'sshd_config', SERVER.format(here=here, port=port))
        put(here, 'ssh_config', CLIENT.format(here=here, port=port, user=getpass.getuser()))
        with open(here / 'sshd.log', 'wb') as log:
            process = subprocess.Popen([SSHD, '-D', '-e', '-f', here / 'sshd_config'], stdout=log, stderr=log)
        until = time.monotonic() + READY_S
        while process.poll() is None and time.monotonic() < until:
            if 'Server listening' in (here / 'sshd.log').read_text() and listens(port):
                return process
            time.sleep(0.05)
        process.kill()
        process.wait()
    raise AssertionError((here / 'sshd.log').read_text())


@contextlib.contextmanager
def hosts(count, sick=None):
    """Hosts h0, h1 … that ssh leads to, and the words of a search over them."""
    with tempfile.TemporaryDirectory(prefix='assay-ssh-') as name:
        here = pathlib.Path(name)
        here.chmod(0o755)
        machines.healthy('h100x8').write(here / 'root')
        (here / 'bin').mkdir()
        put(here, 'bin/assay', f'#!/bin/sh\nexec {ASSAY} "$@" --root {here}/root\n', 0o755)
        # Which of its names it was called by a server does not hear: the client tells it.
        put(here, 'bin/to', f'#!/bin/sh\nLC_HOST=$1 exec ssh -tt -F {here}/ssh_config -o SendEnv=LC_HOST '
            '-o BatchMode=yes -o LogLevel=ERROR -- "$@"\n', 0o755)
        for number in range(count):
            more = 'gpu 1 nccl_slow 1.4\n' if number == sick else ''
            put(here, f'h{number}.scenario', f'{SCENARIO}system nccl_node {number}\n{more}', 0o644)
        with server(here):
            yield here, [f'h{n}=127.0.0.{n + 31}' for n in range(count)]


def search(here, names, *words):
    done = subprocess.run([ASSAY, 'fabric', 'locate', *names, '--launch', f'{here}/bin/to {{}}', '--consent', 'load',
                           '--format', 'json', *map(str, words)], capture_output=True, text=True, check=False, timeout=240)
    assert done.stdout, (done.stderr, (here / 'sshd.log').read_text())
    return done.returncode, json.loads(done.stdout)


def faulty(answer):
    return {found['name']: found['symptom'] for found in answer['hosts']['findings'] if found['verdict'] == 'faulty'}


def left(here):
    """Processes that name the folder and are not the server."""
    found = []
    for path in pathlib.Path('/proc').glob('[0-9]*/cmdline'):
        with contextlib.suppress(OSError):
            words = path.read_bytes().decode(errors='replace')
            if str(here) in words and 'sshd' not in words:
                found.append(words.replace('\0', ' '))
    return found


@tap.case
def nccl_over_ssh_names_the_slow_one_and_leaves_nothing_running():
    with hosts(5, sick=3) as (here, names):
        status, answer = search(here, names, '--with', 'nccl', '--seconds', 1, '--rounds', 4)
        until = time.monotonic() + 60
        while left(here) and time.monotonic() < until:
            time.sleep(0.2)
        assert not left(here), left(here)
    assert status == FAILS and faulty(answer) == {'h3': 'slow'}, answer
    assert answer['hosts']['sound'] == 4 and answer['tool'] == 'nccl', answer


@tap.case
def who_cannot_be_reached_and_who_lacks_the_program_are_told_by_their_own_words():
    with hosts(5) as (here, names):
        put(here, 'ssh_config', (here / 'ssh_config').read_text(encoding='utf-8') + 'Host broken\nHostName 127.0.0.1\n'
            f'Port 1\nIdentityFile {here}/key\nUserKnownHostsFile {here}/known_hosts\n')
        status, answer = search(here, [*names[:4], 'broken=127.0.0.40'], '--with', 'nccl', '--seconds', 1, '--rounds', 2)
        found = {one['name']: one for one in answer['hosts']['findings']}
        assert found['broken']['verdict'] == 'untested' and 'refused' in found['broken']['why'], found
        (here / 'bin/assay').unlink()
        put(here, 'on-host', ON_HOST.format(here=here, vendor=VENDOR).replace('$PATH', '/usr/bin:/bin'), 0o755)
        status, answer = search(here, names[:4], '--with', 'nccl', '--seconds', 1, '--rounds', 2)
        assert status == UNKNOWN and answer['hosts']['sound'] == 0, answer
        whys = [one['why'] for one in answer['hosts']['findings'] if one['why']]
        assert len(whys) >= 2 and all("'assay'" in why for why in whys), answer


if not SSHD or not shutil.which('ssh'):
    print('1..0 # SKIP openssh-server and openssh-client are not installed')
    sys.exit(0)
tap.run()
