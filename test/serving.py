"""A server of the program under test on loopback, and clients that say whatever they like."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse

ASSAY = os.environ.get('ASSAY', 'build/assay')
PATIENCE_S = 20


class Answer:
    """One answer as it came: status, header fields in lower case, body."""

    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f'{self.status} {self.fields} {self.body[:200]!r}'


def parse(data):
    """The first answer in the bytes, and what stands behind it."""
    head, found, rest = data.partition(b'\r\n\r\n')
    assert found, f'no whole answer: {data[:300]!r}'
    first, *lines = head.decode('latin-1').split('\r\n')
    fields = {}
    for line in lines:
        name, _, value = line.partition(':')
        fields[name.lower()] = value.strip()
    length = int(fields.get('content-length', 0))
    return Answer(int(first.split()[1]), fields, rest[:length]), rest[length:]


class Server:
    """assay serve with these arguments, until the end of the block."""

    def __init__(self, *arguments, draws=0):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [ASSAY, 'serve', '--port=0', f'--draws={draws}', *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        line, self.pin = self.process.stdout.readline(), None
        if line.startswith('assay: pin '):
            self.pin = line.split()[-1]
            line = self.process.stdout.readline()
        found = re.search(r'(https?)://(\S+):(\d+)/', line)
        assert found, f'{line!r} {self.lines()}'
        self.url = found[0].rstrip('/')
        self.scheme, self.port = found[1], int(found[3])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, how=signal.SIGTERM):
        """The exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self.process.stdout.close()

    def lines(self):
        """What was logged so far."""
        self.log.seek(0)
        return self.log.read().decode()

    def connect(self):
        return socket.create_connection(('127.0.0.1', self.port), PATIENCE_S)

    def raw(self, data, shut=False, silent_s=PATIENCE_S):
        """All that comes back for these bytes until the server closes, or says nothing for so long."""
        with self.connect() as link:
            came = b''
            try:
                link.sendall(data)
                if shut:
                    link.shutdown(socket.SHUT_WR)
                link.settimeout(silent_s)
                while piece := link.recv(65536):
                    came += piece
            except OSError:
                pass
            return came

    def http(self, context=None):
        if self.scheme == 'https':
            return http.client.HTTPSConnection(
                '127.0.0.1', self.port, timeout=PATIENCE_S, context=context or trusting()
            )
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE_S)

    def ask(self, method, path, body=None, fields=(), context=None):
        link = self.http(context)
        try:
            link.request(method, path, body, dict(fields))
            came = link.getresponse()
            body = came.read()
            return Answer(came.status, {k.lower(): v for k, v in came.getheaders()}, body)
        finally:
            link.close()

    def get(self, path, **fields):
        return self.ask('GET', path, fields={k.replace('_', '-'): v for k, v in fields.items()})

    def form(self, path):
        """What a browser has from the page of a form: its cookie, and the hidden field that fits it."""
        answer = self.get(path, Accept='text/html')
        field = re.search(rb'name="form" value="([0-9a-f]+)"', answer.body)
        assert field and 'SameSite=Strict' in answer.fields['set-cookie'], answer
        return answer.fields['set-cookie'].split(';')[0], field[1].decode()

    def send_form(self, path, fields, page=None):
        """The fields of the form on a page, sent as a browser does."""
        cookie, seal = self.form(page or path)
        return self.ask('POST', path, urllib.parse.urlencode({**fields, 'form': seal}), {
            'Content-Type': 'application/x-www-form-urlencoded', 'Accept': 'text/html', 'Cookie': cookie})

    def wait_for(self, truth, otherwise=None):
        """Until it is so; `otherwise` tells what is so instead."""
        end = time.monotonic() + PATIENCE_S
        while not truth():
            assert time.monotonic() < end, f'{otherwise() if otherwise else ""}\n{self.lines()}'
            time.sleep(0.02)


def trusting(certificate=None, key=None):
    """TLS that asks for no name: the certificate is the server's own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


def run(*arguments, **more):
    return subprocess.run(
        [ASSAY, *map(str, arguments)], capture_output=True, text=True, check=False, **more
    )


def folder():
    """A folder that goes with the block, in memory where there is such a place."""
    shelf = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    return tempfile.TemporaryDirectory(dir=shelf)


def path(*parts):
    return pathlib.Path(*parts)


def quote(text):
    """As a field of a query."""
    return urllib.parse.quote(text, safe='')
