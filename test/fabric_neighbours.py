#!/usr/bin/python3
"""`assay fabric neighbours` beside frames that are made here and beside a real lldpd, and a metadata address.

It runs in namespaces of its own, which end with it. Each switch is a namespace behind a pair of veth.
"""
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import jsonschema

sys.path[:0] = ['tools', 'test']
import tap
from apart import command

ASSAY = os.environ.get('ASSAY', 'build/assay')
UNKNOWN = 2

SCHEMA = json.loads(pathlib.Path('data/schema/neighbours.v1.json').read_text(encoding='utf-8'))
FOLDER = tempfile.TemporaryDirectory()
os.chmod(FOLDER.name, 0o755)  # lldpd gives up its rights before it makes its socket

command('mount', '-t', 'sysfs', 'none', '/sys')
command('ip', 'link', 'set', 'lo', 'up')


# A second of listening is enough for who speaks ten times in it, but on a machine that is busy with other things.
SHORT, LONG = '5s', '9m'


@contextlib.contextmanager
def cable(near, *words):
    """An interface here whose other end, e0, is in a namespace where the words run."""
    with subprocess.Popen(['unshare', '--net', *(words or ['sleep', '1000'])], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        space = f'/proc/{process.pid}/ns/net'
        while os.readlink(space) == os.readlink('/proc/self/ns/net'):
            time.sleep(0.01)
        there = ['nsenter', f'--net={space}']
        command('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', 'e0', 'netns', str(process.pid))
        command('ip', 'link', 'set', near, 'up')
        command(*there, 'ip', 'link', 'set', 'e0', 'up')
        try:
            yield there
        finally:
            process.kill()
            process.wait()
            # The pair ends with the namespace, a moment later.
            subprocess.run(['ip', 'link', 'del', near], capture_output=True, check=False)


def element(kind, value):
    return struct.pack('>H', kind << 9 | len(value)) + value


def frame(chassis, port, name=None, ttl=120, more=b''):
    head = bytes.fromhex('0180c200000e' '443839000002' '88cc')
    body = element(1, b'\x07' + chassis) + element(2, b'\x05' + port) + element(3, struct.pack('>H', ttl))
    return head + body + (element(5, name) if name else b'') + more + b'\0\0'


SPEAKER = """
import socket, sys, time
ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
ear.bind(('e0', 0))
frames = [bytes.fromhex(word) for word in sys.argv[1:]]
while True:
    for one in frames:
        ear.send(one)
    print('said', flush=True)
    time.sleep(0.1)
"""


@contextlib.contextmanager
def switch(near, *frames):
    """A switch that says so ten times a second, and has begun to."""
    with cable(near) as there, subprocess.Popen([*there, sys.executable, '-c', SPEAKER, *(f.hex() for f in frames)],
                                                stdout=subprocess.PIPE) as one:
        try:
            assert one.stdout.readline() == b'said\n', one.poll()
            drain = threading.Thread(target=one.stdout.read)
            drain.start()
            yield
        finally:
            one.kill()
            one.wait()
            drain.join()


def neighbours(*arguments, good=(0,)):
    done = subprocess.run([ASSAY, 'fabric', 'neighbours', '--node', 'n1', '--format', 'json', '--quiet', *arguments],
                          capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in good, (done.returncode, done.stderr)
    document = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


@tap.case
def each_interface_hears_its_switch():
    with switch('v1', frame(b'leaf-a', b'swp1', b'leaf1')), switch('v2', frame(b'leaf-b', b'swp7', b'leaf2')):
        document = neighbours('--duration', LONG)
        assert document['listened_s'] < 200, 'it goes on although all have heard'
        heard = {one['name']: [(n['chassis'], n['name'], n['port']) for n in one['neighbours']]
                 for one in document['interfaces']}
        assert heard == {'v1': [('local leaf-a', 'leaf1', 'swp1')], 'v2': [('local leaf-b', 'leaf2', 'swp7')]}, heard
        assert document['host'] == 'n1' and document['broken_frames'] == 0
        table = subprocess.run([ASSAY, 'fabric', 'neighbours', '--quiet', '--duration', LONG], capture_output=True, text=True,
                               check=True, timeout=300).stdout
        assert 'leaf2' in table and '2 of 2 interfaces heard a neighbour' in table, table


@tap.case
def two_neighbours_of_one_interface_are_both_told():
    with switch('v1', frame(b'a', b'1'), frame(b'b', b'2')), cable('v2'):
        document = neighbours('--duration', SHORT)
        assert [[n['chassis'] for n in one['neighbours']] for one in document['interfaces']] == [['local a', 'local b']]


@tap.case
def broken_frames_are_counted_and_left_out():
    broken = frame(b'a', b'1')[:20]
    goodbye = frame(b'b', b'2', ttl=0)
    with switch('v1', broken, goodbye):
        document = neighbours('--duration', SHORT, good=(UNKNOWN,))
        assert document['broken_frames'] > 0 and document['interfaces'] == [], document


@tap.case
def silence_is_not_known():
    done = subprocess.run([ASSAY, 'fabric', 'neighbours', '--duration', '1s', '--quiet'], capture_output=True,
                          text=True, check=False, timeout=60)
    assert done.returncode == UNKNOWN and '0 of 0 interfaces' in done.stdout, done


@tap.case
def without_the_capability_it_says_what_is_needed():
    done = subprocess.run(['setpriv', '--bounding-set', '-net_raw', '--inh-caps', '-net_raw', ASSAY, 'fabric',
                           'neighbours', '--duration', '1s'], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode >= 64 and 'CAP_NET_RAW' in done.stderr, done


@tap.case
def a_real_lldpd_is_heard_and_its_own_report_is_read_alike():
    place = pathlib.Path(FOLDER.name)
    far, near = place / 'far.sock', place / 'near.sock'
    with cable('v1') as there:
        daemons = [
            subprocess.Popen([*there, 'lldpd', '-d', '-u', far, '-I', 'e0', '-S', 'far'], stderr=subprocess.DEVNULL),
            subprocess.Popen(['lldpd', '-d', '-u', near, '-I', 'v1', '-S', 'near'], stderr=subprocess.DEVNULL),
        ]
        try:
            said = ''
            until = time.monotonic() + 120
            while '"port"' not in said and time.monotonic() < until:
                # A daemon that is told so speaks at once.
                subprocess.run([*there, 'lldpcli', '-u', far, 'update'], capture_output=True, check=False, timeout=60)
                said = subprocess.run(['lldpcli', '-u', near, '-f', 'json0', 'show', 'neighbors'], capture_output=True,
                                      text=True, check=False, timeout=60).stdout
                time.sleep(0.2)
            # Whenever it begins to listen, the daemon is soon told to speak.
            over = threading.Event()

            def urge():
                while not over.wait(0.5):
                    subprocess.run([*there, 'lldpcli', '-u', far, 'update'], capture_output=True, check=False, timeout=60)

            speak = threading.Thread(target=urge)
            speak.start()
            try:
                document = neighbours('--duration', LONG)
            finally:
                over.set()
                speak.join()
        finally:
            for daemon in daemons:
                daemon.terminate()
            for daemon in daemons:
                daemon.wait()
    own = document['interfaces'][0]['neighbours'][0]
    chassis = json.loads(said)['lldp'][0]['interface'][0]['chassis'][0]['id'][0]
    assert own['chassis'] == f'{chassis["type"]} {chassis["value"]}', (own, chassis)
    (place / 'n1.json').write_text(said, encoding='utf-8')
    (place / 'n2.json').write_text(json.dumps(document | {'host': 'n2'}), encoding='utf-8')
    for name in 'n1', 'n2':
        done = subprocess.run([ASSAY, 'fabric', 'topology', '--for', 'slurm-conf', place / f'{name}.json'],
                              capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode in (0, UNKNOWN) and f'Nodes={name}' in done.stdout, done


def heard_by(host, group, port):
    """What a host of eight rails hears in a group of eight leaves."""
    interfaces = [{'name': f'eth{rail}', 'device': f'mlx5_{rail}', 'pci': f'0000:{0x19 + rail:02x}:00.0',
                   'mbit_per_s': 400000,
                   'neighbours': [{'chassis': f'mac 44:38:39:00:{group:02x}:{rail:02x}', 'name': f'leaf-{group}-{rail}',
                                   'port': f'swp{port}s0', 'description': '', 'ttl_s': 120}]} for rail in range(8)]
    return {'schema': 'assay/neighbours/v1', 'version': '0', 'host': host, 'time': '2026-11-26T00:00:00Z',
            'listened_s': 3, 'interfaces': interfaces, 'broken_frames': 0}


@tap.case
def what_all_hosts_heard_becomes_their_leaf_groups():
    files = []
    for number in range(8):
        document = heard_by(f'n{number + 1}', number // 4, number % 4 + 1)
        jsonschema.Draft202012Validator(SCHEMA).validate(document)
        files.append(pathlib.Path(FOLDER.name, f'heard-{number}.json'))
        files[-1].write_text(json.dumps(document), encoding='utf-8')
    done = subprocess.run([ASSAY, 'fabric', 'topology', '--join', '--for', 'slurm-conf', *files], capture_output=True,
                          text=True, check=False, timeout=60)
    # What joins the leaves is not seen, and so it is not good.
    assert done.returncode == UNKNOWN and 'Nodes=n[1-4]\n' in done.stdout and 'Nodes=n[5-8]\n' in done.stdout, done


@tap.case
def a_cloud_s_answer_places_hosts_by_the_names_they_have():
    answer, names = pathlib.Path(FOLDER.name, 'aws.json'), pathlib.Path(FOLDER.name, 'names.txt')
    instances = [{'InstanceId': f'i-000000000{number}', 'NetworkNodes': ['top', 'middle', f'low{number // 2}']}
                 for number in range(4)]
    answer.write_text(json.dumps({'Instances': instances}), encoding='utf-8')
    names.write_text(''.join(f'gpu{number}: i-000000000{number}\n' for number in range(4)), encoding='utf-8')
    text = command(ASSAY, 'fabric', 'topology', '--for', 'slurm-conf', str(answer), str(names))
    assert 'SwitchName=low0 Nodes=gpu[0-1]\n' in text and 'SwitchName=low1 Nodes=gpu[2-3]\n' in text, text
    done = subprocess.run([ASSAY, 'fabric', 'topology', '--for', 'slurm-conf', names], capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.returncode >= 64 and "give the cloud's answer too" in done.stderr, done


class Metadata(http.server.BaseHTTPRequestHandler):
    """Oracle's address, which wants its header and knows secrets too."""

    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        good = self.path == '/opc/v2/host/rdmaTopologyData' and self.headers['Authorization'] == 'Bearer Oracle'
        answer = {'customerHPCIslandId': 'ocid1.hpcisland.x', 'customerNetworkBlock': 'ocid1.networkblock.y',
                  'customerLocalBlock': 'ocid1.localblock.z', 'customerHostId': 'ocid1.host.secret'}
        self.send_response(200 if good else 404)
        self.end_headers()
        if good:
            self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


class Elsewhere(Metadata):
    """One that sends people away, to what must not be asked."""

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header('Location', '/opc/v2/identity/key.pem')
        self.end_headers()


@contextlib.contextmanager
def metadata(kind):
    kind.asked.clear()
    with http.server.HTTPServer(('127.0.0.1', 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05})
        thread.start()
        try:
            yield f'127.0.0.1:{server.server_port}'
        finally:
            server.shutdown()
            thread.join()


@tap.case
def the_cloud_says_where_the_host_lies_and_nothing_else_is_kept():
    with metadata(Metadata) as address:
        document = neighbours('--duration', '1s', '--address', address)
    assert document['place'] == {'source': 'OCI rdmaTopologyData',
                                 'units': ['ocid1.localblock.z', 'ocid1.networkblock.y', 'ocid1.hpcisland.x']}
    assert 'secret' not in json.dumps(document)
    assert Metadata.asked == ['/opc/v2/host/rdmaTopologyData'], Metadata.asked


@tap.case
def an_address_that_redirects_or_is_silent_or_far_gives_no_place():
    with metadata(Elsewhere) as address:
        document = neighbours('--duration', '1s', '--address', address, good=(UNKNOWN,))
        assert 'place' not in document and '302' in document['place_why'], document
        assert not any('identity' in path for path in Elsewhere.asked), Elsewhere.asked
    with socket.create_server(('127.0.0.1', 0)) as deaf:
        document = neighbours('--duration', '1s', '--address', f'127.0.0.1:{deaf.getsockname()[1]}', good=(UNKNOWN,))
        assert 'place_why' in document, document
    done = subprocess.run([ASSAY, 'fabric', 'neighbours', '--address', '8.8.8.8'], capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.returncode >= 64 and '169.254.0.0/16' in done.stderr, done


for tool in 'lldpd', 'lldpcli', 'setpriv':
    assert shutil.which(tool) or pathlib.Path('/usr/sbin', tool).exists(), f'{tool} is not there; see tools/prepare'
tap.run()
