"""A small object store that speaks S3 and verifies every signature itself (AWS Signature Version 4).

What goes wrong is told by `Store.fault`, a function of (method, key, query) that gives None or one of:
an integer, the status to refuse with; 'slow', an answer that never comes; 'truncated', half of the body;
'corrupt', a body with one byte changed; 'flood', a body without end.
"""
import base64
import datetime
import hashlib
import hmac
import http.server
import ssl
import threading
import urllib.parse
import uuid
from xml.sax.saxutils import escape

KEY, SECRET, TOKEN = 'AKIAEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+example', 'session+token/example=='
CODES = {400: 'InvalidRequest', 403: 'AccessDenied', 404: 'NoSuchKey', 500: 'InternalError', 503: 'SlowDown'}
WINDOW_S = 900
PAGE = 30  # keys of one answer to a listing: so few that several are needed


class Store:
    """What the server holds, and what it was asked."""

    def __init__(self, bucket='bucket', locks=None):
        self.bucket = bucket
        self.locks = locks  # None: no lock is granted; True: they hold; False: they do not
        self.objects, self.uploads, self.locked = {}, {}, {}
        self.refusals, self.requests = [], []
        self.fault = lambda method, key, query: None
        self.mutex = threading.Lock()


def quote(text):
    return urllib.parse.quote(text, safe='-._~')


def signature(secret, date, region, canonical, moment):
    key = ('AWS4' + secret).encode()
    for word in date, region, 's3', 'aws4_request':
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    text = f'AWS4-HMAC-SHA256\n{moment}\n{date}/{region}/s3/aws4_request\n{hashlib.sha256(canonical.encode()).hexdigest()}'
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def refuse(handler, body):
    """Why the request is not signed as it should be; None when it is."""
    kind, _, fields = handler.headers.get('Authorization', '').partition(' ')
    fields = dict(part.strip().split('=', 1) for part in fields.split(',') if '=' in part)
    credential = fields.get('Credential', '').split('/')
    moment = handler.headers.get('x-amz-date', '')
    if kind != 'AWS4-HMAC-SHA256' or len(credential) != 5 or credential[0] != KEY:
        return 'credential'
    try:
        then = datetime.datetime.strptime(moment, '%Y%m%dT%H%M%SZ').replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return 'date'
    if abs((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds()) > WINDOW_S:
        return 'date'
    names = fields.get('SignedHeaders', '').split(';')
    if names != sorted(names) or 'host' not in names:
        return 'headers'
    unsigned = [n.lower() for n in handler.headers if n.lower().startswith('x-amz-') and n.lower() not in names]
    if unsigned:
        return f'unsigned {unsigned}'
    digest = handler.headers.get('x-amz-content-sha256')
    if digest != 'UNSIGNED-PAYLOAD' and digest != hashlib.sha256(body).hexdigest():
        return 'body'
    if handler.server.token and handler.headers.get('x-amz-security-token') != TOKEN:
        return 'token'
    path, _, query = handler.path.partition('?')
    pairs = sorted((quote(k), quote(v)) for k, v in urllib.parse.parse_qsl(query, keep_blank_values=True))
    canonical = '\n'.join([
        handler.command,
        '/'.join(quote(urllib.parse.unquote(part)) for part in path.split('/')),
        '&'.join(f'{k}={v}' for k, v in pairs),
        *(f'{name}:{" ".join(handler.headers.get(name, "").split())}' for name in names),
        '',
        ';'.join(names),
        digest,
    ])
    expected = signature(SECRET, credential[1], credential[2], canonical, moment)
    return None if hmac.compare_digest(expected, fields.get('Signature', '')) else 'signature'


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format, *arguments):
        pass

    def answer(self, status, body=b'', headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        half = self.fault == 'truncated' and self.command == 'GET'
        self.wfile.write(body[: len(body) // 2] if half else body)
        if half:
            self.wfile.flush()
            self.close_connection = True

    def error(self, status, code=None):
        code = code or CODES.get(status, 'Error')
        self.answer(status, f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>&lt;no&gt;</Message></Error>'.encode())

    def serve(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        store = self.server.store
        url = urllib.parse.urlsplit(self.path)
        _, bucket, *rest = url.path.split('/', 2)
        key = urllib.parse.unquote(rest[0]) if rest else ''
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        why = refuse(self, body)
        self.fault = None
        with store.mutex:
            store.requests.append((self.command, key, query))
            self.fault = store.fault(self.command, key, query)
            if why:
                store.refusals.append(why)
        if why:
            self.error(403, 'SignatureDoesNotMatch')
        elif bucket != store.bucket:
            self.error(404, 'NoSuchBucket')
        elif isinstance(self.fault, int):
            self.error(self.fault)
        elif self.fault == 'slow':
            self.server.stopped.wait(60)
            self.close_connection = True
        elif self.fault == 'flood':
            self.flood()
        else:
            with store.mutex:
                answer = getattr(self, 'do_' + self.command.lower())(store, key, query, body)
            self.answer(*answer)

    def flood(self):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        try:
            while not self.server.stopped.is_set():
                self.wfile.write(b'<Key>x</Key>' * 10000)
        except OSError:
            pass

    do_GET = do_PUT = do_POST = do_DELETE = serve

    def do_put(self, store, key, query, body):
        tag = f'"{hashlib.md5(body).hexdigest()}"'
        if 'uploadId' in query:
            upload = store.uploads.get(query['uploadId'])
            if upload is None:
                return 404, b'<Error><Code>NoSuchUpload</Code></Error>'
            upload[1][int(query['partNumber'])] = (tag, body)
            return 200, b'', [('ETag', tag)]
        if 'x-amz-object-lock-mode' in self.headers:
            sums = self.headers.get('x-amz-checksum-sha256')
            if store.locks is None or sums != base64.b64encode(hashlib.sha256(body).digest()).decode():
                return 400, b'<Error><Code>InvalidRequest</Code></Error>'
            store.locked[key] = store.locks
            store.objects[key] = body
            return 200, b'', [('ETag', tag), ('x-amz-version-id', 'v+1/=')]
        store.objects[key] = body
        return 200, b'', [('ETag', tag)]

    def do_get(self, store, key, query, body):
        if 'list-type' in query:
            return 200, self.listing(store, query)
        if 'uploads' in query:
            entries = ''.join(f'<Upload><Key>{escape(k)}</Key><UploadId>{escape(u)}</UploadId></Upload>'
                              for u, (k, _) in store.uploads.items())
            return 200, f'<ListMultipartUploadsResult>{entries}</ListMultipartUploadsResult>'.encode()
        if key not in store.objects:
            return 404, b'<Error><Code>NoSuchKey</Code></Error>'
        data, status = store.objects[key], 200
        if 'Range' in self.headers:
            first, last = self.headers['Range'].removeprefix('bytes=').split('-')
            data, status = data[int(first):int(last) + 1], 206
        if self.fault == 'corrupt' and data:
            middle = len(data) // 2
            data = data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1:]
        return status, data

    def listing(self, store, query):
        keys = sorted(k for k in store.objects if k.startswith(query.get('prefix', '')))
        start = int(query.get('continuation-token', 'page=0').removeprefix('page='))
        page = ''.join(f'<Contents><Key>{escape(k)}</Key><Size>1</Size></Contents>' for k in keys[start:start + PAGE])
        more = start + PAGE < len(keys)
        token = f'<NextContinuationToken>page={start + PAGE}</NextContinuationToken>' if more else ''
        return (f'<?xml version="1.0"?><ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>'
                f'{token}{page}</ListBucketResult>').encode()

    def do_post(self, store, key, query, body):
        if 'uploads' in query:
            upload = uuid.uuid4().hex + '+/='
            store.uploads[upload] = (key, {})
            return 200, f'<Result><Key>{escape(key)}</Key><UploadId>{upload}</UploadId></Result>'.encode()
        upload = store.uploads.pop(query.get('uploadId', ''), None)
        if upload is None:
            return 404, b'<Error><Code>NoSuchUpload</Code></Error>'
        wanted = ''.join(f'<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag></Part>'
                         for n, (tag, _) in sorted(upload[1].items()))
        if wanted.encode() not in body:
            return 400, b'<Error><Code>InvalidPart</Code></Error>'
        store.objects[key] = b''.join(data for _, (_, data) in sorted(upload[1].items()))
        return 200, b'<CompleteMultipartUploadResult/>'

    def do_delete(self, store, key, query, body):
        if 'uploadId' in query:
            store.uploads.pop(query['uploadId'], None)
            return 204, b''
        if 'versionId' in query and query['versionId'] != 'v+1/=':
            return 404, b'<Error><Code>NoSuchVersion</Code></Error>'
        if store.locked.get(key) and self.headers.get('x-amz-bypass-governance-retention') != 'true':
            return 403, b'<Error><Code>AccessDenied</Code></Error>'
        store.objects.pop(key, None)
        store.locked.pop(key, None)
        return 204, b''


class Listener(http.server.ThreadingHTTPServer):
    """One thread a connection; as many may wait as a client opens at once."""

    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Clients that go away in the middle are what is tested."""


class Server:
    """A running store; `with Server() as server`."""

    def __init__(self, store=None, certificate=None, token=False):
        self.store = store or Store()
        self.http = Listener(('127.0.0.1', 0), Handler)
        self.http.daemon_threads = True
        self.http.store, self.http.token, self.http.stopped = self.store, token, threading.Event()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        scheme = 'https' if certificate else 'http'
        self.url = f'{scheme}://127.0.0.1:{self.http.server_port}/{self.store.bucket}'

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *ignored):
        self.http.stopped.set()
        self.http.shutdown()
        self.http.server_close()
