"""A fabric that ibsim simulates, with a subnet manager when one is asked for: real clients of
libibumad talk to it. Everything lies in a temporary folder and ends with the block."""
import os
import pathlib
import re
import subprocess
import tempfile
import time

LIBRARY = '/usr/lib/x86_64-linux-gnu/umad2sim/libumad2sim.so'
READY_S = 60


class Fabric:
    """`with Fabric(net) as there:` where `net` is text that ibsim reads. A client is the first
    adapter of the text unless `host` names another."""

    def __init__(self, net, host=None, ready_s=READY_S):
        self.net = net
        self.ready_s = ready_s
        self.host = host or re.search(r'^(?:Ca|Hca)\s+\d+\s+"([^"]*)"', net, re.MULTILINE)[1]
        self.processes = []

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def start(self):
        self.kept = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.kept.name)
        (self.folder / 'net').write_text(self.net, encoding='utf-8')
        switches = len(re.findall(r'^Switch', self.net, re.MULTILINE))
        nodes = len(re.findall(r'^(?:Switch|Ca|Hca)', self.net, re.MULTILINE))
        ports = sum(int(n) + 1 for n in re.findall(r'^(?:Switch|Ca|Hca)\s+(\d+)', self.net, re.MULTILINE))
        self.environment = {**os.environ, 'IBSIM_SOCKNAME': str(self.folder / 'sim')}
        self.log = open(self.folder / 'log', 'wb')
        self.simulator = subprocess.Popen(
            ['ibsim', '-s', '-N', str(nodes + 16), '-S', str(switches + 4), '-P', str(ports + 64),
             '-L', '49152', 'net'],
            stdin=subprocess.PIPE, stdout=self.log, stderr=self.log, cwd=self.folder, env=self.environment)
        self.processes.append(self.simulator)
        self.wait(lambda: b'sim>' in (self.folder / 'log').read_bytes(), 'ibsim is not ready')

    def end(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
            process.stdin.close()
        self.log.close()
        self.kept.cleanup()

    def wait(self, is_there, complaint):
        until = time.monotonic() + self.ready_s
        while not is_there():
            assert self.simulator.poll() is None, 'ibsim ended'
            assert time.monotonic() < until, complaint
            time.sleep(0.02)

    def client(self, host=None):
        """The environment of a client. It hangs for ever where no simulator is: give it a timeout."""
        # The sanitizers' runtime wants to be the first library, and the simulator's is.
        excused = pathlib.Path(__file__).resolve().with_name('simulator.supp')
        sanitizer = f'{os.environ.get("ASAN_OPTIONS", "")}:verify_asan_link_order=0:suppressions={excused}'
        return {**self.environment, 'SIM_HOST': host or self.host, 'LD_PRELOAD': LIBRARY, 'ASAN_OPTIONS': sanitizer,
                'OSM_TMP_DIR': str(self.folder), 'OSM_CACHE_DIR': str(self.folder)}

    def run(self, command, host=None, timeout=60):
        # The library leaves a folder where it stands, and the program may be named from here.
        command = [os.path.abspath(command[0]) if '/' in command[0] else command[0], *command[1:]]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout,
                              cwd=self.folder, env=self.client(host))

    def manage(self):
        """opensm once: LIDs, routes and active ports."""
        done = self.run(['opensm', '-o', '-f', str(self.folder / 'opensm.log')])
        assert done.returncode == 0, done.stdout + done.stderr

    def say(self, command):
        """To ibsim's console."""
        shown = (self.folder / 'log').read_bytes().count(b'sim>')
        self.simulator.stdin.write(command.encode() + b'\n')
        self.simulator.stdin.flush()
        self.wait(lambda: (self.folder / 'log').read_bytes().count(b'sim>') > shown, 'ibsim does not take it')
