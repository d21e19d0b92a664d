#!/usr/bin/python3
"""`assay serve` speaks HTTP/1.1 as it is written and refuses what could be read in two ways."""
import gzip
import re
import socket
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, 'tools')
import serving
import tap

SERVER = serving.Server('--rate=0', '--evidence=data/evidence/crusoe.yaml')
HOST = b'Host: localhost\r\n'

# What is refused by its form, and how. The connection ends with the answer.
REFUSED = {
    'two lengths': (b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc', 400),
    'two different lengths': (b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc', 400),
    'a list of lengths': (b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 3, 3\r\n\r\nabc', 400),
    'a signed length': (b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: +3\r\n\r\nabc', 400),
    'a negative length': (b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: -1\r\n\r\n', 400),
    'a length and a coding': (
        b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400),
    'a coding and a length': (
        b'POST / HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n', 400),
    'two codings': (
        b'POST / HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n', 400),
    'an odd coding': (b'POST / HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n', 501),
    'a coded coding': (b'POST / HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 501),
    'a coding in chunks': (b'POST / HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 411),
    # A body of length zero, as the protocol has it; nothing behind it is read all the same.
    'no length': (b'POST / HTTP/1.1\r\n' + HOST + b'\r\n', 405),
    'a body of GET': (b'GET / HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\n\r\nabc', 400),
    'a coding of GET': (b'GET / HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 411),
    'a coding of HTTP/1.0': (b'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 501),
    'a bare LF': (b'GET / HTTP/1.1\r\n' + HOST + b'A: b\nC: d\r\n\r\n', 400),
    'a bare LF behind the first line': (b'GET / HTTP/1.1\n' + HOST + b'\r\n', 400),
    'a bare LF at the end': (b'GET / HTTP/1.1\r\nHost: localhost\n\r\n', 400),
    'a bare LF as the last line': (b'GET / HTTP/1.1\r\nHost: localhost\r\n\n', 400),
    'bare LFs alone': (b'GET / HTTP/1.1\nHost: localhost\n\n', 400),
    'a bare CR': (b'GET / HTTP/1.1\r\n' + HOST + b'A: b\rTransfer-Encoding: chunked\r\n\r\n', 400),
    'a folded line': (b'GET / HTTP/1.1\r\n' + HOST + b'A: b\r\n c\r\n\r\n', 400),
    'a folded last line': (b'GET / HTTP/1.1\r\nHost: localhost\r\n\tX\r\n\r\n', 400),
    'a NUL in a value': (b'GET / HTTP/1.1\r\n' + HOST + b'A: b\x00c\r\n\r\n', 400),
    'a NUL in a name': (b'GET / HTTP/1.1\r\n' + HOST + b'A\x00: b\r\n\r\n', 400),
    'a NUL in the path': (b'GET /a\x00b HTTP/1.1\r\n' + HOST + b'\r\n', 400),
    'a control character': (b'GET / HTTP/1.1\r\n' + HOST + b'A: b\x01\r\n\r\n', 400),
    'a blank before the colon': (b'GET / HTTP/1.1\r\n' + HOST + b'Content-Length : 0\r\n\r\n', 400),
    'a name with a blank': (b'GET / HTTP/1.1\r\n' + HOST + b'A B: c\r\n\r\n', 400),
    'an empty name': (b'GET / HTTP/1.1\r\n' + HOST + b': c\r\n\r\n', 400),
    'no colon': (b'GET / HTTP/1.1\r\n' + HOST + b'nothing\r\n\r\n', 400),
    'no Host': (b'GET / HTTP/1.1\r\nA: b\r\n\r\n', 400),
    'two Hosts': (b'GET / HTTP/1.1\r\n' + HOST + HOST + b'\r\n', 400),
    'a Host with a path': (b'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400),
    'two tokens': (b'GET / HTTP/1.1\r\n' + HOST + b'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n', 400),
    'two blanks': (b'GET  / HTTP/1.1\r\n' + HOST + b'\r\n', 400),
    'a blank in the target': (b'GET /a b HTTP/1.1\r\n' + HOST + b'\r\n', 400),
    'a target with a host': (b'GET http://localhost/ HTTP/1.1\r\n' + HOST + b'\r\n', 400),
    'a target without a slash': (b'GET index.html HTTP/1.1\r\n' + HOST + b'\r\n', 400),
    'a star': (b'OPTIONS * HTTP/1.1\r\n' + HOST + b'\r\n', 501),
    'an unknown method': (b'BREW / HTTP/1.1\r\n' + HOST + b'\r\n', 501),
    'a method in small letters': (b'get / HTTP/1.1\r\n' + HOST + b'\r\n', 501),
    'TRACE': (b'TRACE / HTTP/1.1\r\n' + HOST + b'\r\n', 501),
    'CONNECT': (b'CONNECT localhost:1 HTTP/1.1\r\n' + HOST + b'\r\n', 501),
    'an odd version': (b'GET / HTTP/1.x\r\n' + HOST + b'\r\n', 400),
    'HTTP/2': (b'GET / HTTP/2.0\r\n' + HOST + b'\r\n', 505),
    'many fields': (b'GET / HTTP/1.1\r\n' + HOST + b'A: b\r\n' * 80 + b'\r\n', 431),
    'a long field': (b'GET / HTTP/1.1\r\n' + HOST + b'A: ' + b'b' * 9000 + b'\r\n\r\n', 431),
    'a very long field': (b'GET / HTTP/1.1\r\n' + HOST + b'A: ' + b'b' * 60000 + b'\r\n\r\n', 431),
    'a long path': (b'GET /' + b'b' * 2000 + b' HTTP/1.1\r\n' + HOST + b'\r\n', 414),
    'a long query': (b'GET /?' + b'b' * 3000 + b' HTTP/1.1\r\n' + HOST + b'\r\n', 414),
    'a packed body': (b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc', 415),
    'an expectation': (b'GET / HTTP/1.1\r\n' + HOST + b'Expect: a miracle\r\n\r\n', 417),
}

# Of a length that is no number libmicrohttpd 0.9.75 sends the head of its own answer twice.
TWICE = {'a list of lengths', 'a signed length', 'a negative length'}

# What libmicrohttpd refuses before anything of ours is asked, and how; MARK is what could come back.
MARK = b'MARK'
BY_LIBRARY = {
    'a list of lengths': (b'POST /MARK HTTP/1.1\r\n' + HOST + b'Content-Length: 3, MARK\r\n\r\nabc', 400),
    'a signed length': (b'POST /MARK HTTP/1.1\r\n' + HOST + b'Content-Length: +MARK\r\n\r\n', 400),
    'a length beyond numbers': (b'POST /MARK HTTP/1.1\r\n' + HOST + b'Content-Length: ' + b'9' * 30 + b'\r\n\r\n', 413),
    'a NUL in a name': (b'GET /MARK HTTP/1.1\r\n' + HOST + b'MARK\x00: MARK\r\n\r\n', 400),
    'no colon': (b'GET /MARK HTTP/1.1\r\n' + HOST + b'MARK\r\n\r\n', 400),
    'no version': (b'GET /MARK\r\n' + HOST + b'\r\n', 400),
    'an odd version': (b'GET /MARK HTTP/MARK\r\n' + HOST + b'\r\n', 400),
    'HTTP/2': (b'GET /MARK HTTP/2.0\r\n' + HOST + b'\r\n', 505),
    'HTTP/0.9': (b'GET /MARK HTTP/0.9\r\n' + HOST + b'\r\n', 505),
    'a head of more than 32 KiB': (b'GET /MARK HTTP/1.1\r\n' + HOST + b'A: ' + b'MARK' * 15000 + b'\r\n\r\n', 431),
    'a target of more than 32 KiB': (b'GET /' + b'MARK' * 15000 + b' HTTP/1.1\r\n' + HOST + b'\r\n', 414),
}

# Spellings of paths, each of which is refused rather than made another.
PATHS = [
    '/../etc/passwd', '/%2e%2e/etc/passwd', '/a/%2e./b', '/./a', '/a/.', '/a/..', '//a', '/a//b',
    '/a%2fb', '/a%2Fb', '/a%5cb', '/a\\b', '/a%00b', '/a%0d%0ab', '/a%7f', '/a%', '/a%2', '/a%zz',
    '/%c0%ae%c0%ae/', '/%ff', '/a#b', '/a?b#c', '/a|b', '/provider/..%2f..%2findex.html',
    '/provider/%2e%2e/index.html', '/' + 'a/' * 20,
]


def request(line, *fields):
    return '\r\n'.join([line, 'Host: localhost', *fields, '', '']).encode('latin-1')


def first(data):
    return serving.parse(data)[0]


def library_speaks(answer):
    """What cannot be taken apart at all is answered by the library, which knows no JSON."""
    return answer.body.startswith(b'<html>')


def without_date(came):
    return re.sub(rb'Date: [^\r]*\r\n', b'', came)


@tap.case
def what_could_be_read_in_two_ways_is_refused():
    for name, (data, status) in REFUSED.items():
        answer, rest = serving.parse(SERVER.raw(data))
        assert answer.status == status, f'{name}: {answer}'
        if name in TWICE:
            continue
        assert rest == b'', f'{name}: another answer follows: {rest[:100]}'
        assert answer.fields.get('connection') == 'close', f'{name}: {answer}'
        if not library_speaks(answer):
            said = answer.json()
            assert said['schema'] == 'assay/error/v1' and said['status'] == status, f'{name}: {said}'


@tap.case
def what_the_library_refuses_tells_nothing_of_itself_or_of_the_request():
    for name, (data, status) in BY_LIBRARY.items():
        came = SERVER.raw(data)
        answer, rest = serving.parse(came)
        assert answer.status == status and library_speaks(answer) or rest, f'{name}: {came}'
        assert set(answer.fields) == {'date', 'connection', 'content-length'}, f'{name}: {answer}'
        assert answer.fields['connection'] == 'close', name
        other = SERVER.raw(data.replace(MARK, b'OTHER'))
        assert without_date(came) == without_date(other), f'{name}: {came} {other}'
        assert MARK not in came and b'microhttpd' not in came.lower() and b'0.9' not in came, f'{name}: {came}'
        assert MARK.decode() not in ''.join(
            line for line in SERVER.lines().splitlines() if '"event":"connection"' in line
        ), name
    assert SERVER.get('/').status == 200


@tap.case
def what_is_hidden_behind_a_refused_request_is_never_read():
    hidden = request('GET /api/v1/health HTTP/1.1')
    for name, (data, _) in REFUSED.items():
        if b'\r\n\r\n' not in data:
            continue
        came = SERVER.raw(data + hidden)
        assert came.count(b'HTTP/1.1 ') == 1 + (name in TWICE), f'{name}: {came}'
        assert b'assay/health' not in came, name


@tap.case
def only_one_spelling_of_a_path_is_known():
    for path in PATHS:
        answer = first(SERVER.raw(request(f'GET {path} HTTP/1.1')))
        assert answer.status == 400, f'{path}: {answer}'
        assert answer.json()['error'], path
    assert SERVER.get('/provider/crusoe.html').status == 200
    assert SERVER.get('/provider/cruso%65.html').status == 200
    assert SERVER.get('/provider').status == 404
    assert SERVER.get('/provider/').status == 404


@tap.case
def every_answer_says_what_a_browser_may_not_do():
    for path in ('/', '/style.css', '/api/v1/ratings', '/nothing'):
        fields = SERVER.get(path).fields
        policy = fields['content-security-policy']
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert 'unsafe' not in policy and '*' not in policy
        assert fields['x-content-type-options'] == 'nosniff'
        assert fields['referrer-policy'] == 'no-referrer'
        assert fields['x-frame-options'] == 'DENY'


@tap.case
def a_page_comes_packed_or_plain_with_its_own_tag():
    for path in ('/', '/provider/crusoe.html', '/criterion/lifecycle.console.json', '/api/v1/criteria'):
        plain, packed = SERVER.get(path), SERVER.get(path, Accept_Encoding='gzip')
        assert packed.fields['content-encoding'] == 'gzip' and 'content-encoding' not in plain.fields
        assert gzip.decompress(packed.body) == plain.body, path
        assert plain.fields['etag'] != packed.fields['etag']
        assert plain.fields['vary'] == packed.fields['vary'] == 'Accept-Encoding'
    for fields in ('gzip;q=0', 'gzip; q=0.000', 'br', 'identity', ''):
        assert 'content-encoding' not in SERVER.get('/', Accept_Encoding=fields).fields, fields
    for fields in ('br, gzip;q=0.5', '*', 'GZIP', 'x-gzip'):
        assert 'content-encoding' in SERVER.get('/', Accept_Encoding=fields).fields, fields


@tap.case
def what_is_known_already_is_not_sent_again():
    for path in ('/', '/api/v1/ratings', '/api/v1/health'):
        tag = SERVER.get(path).fields['etag']
        for known in (tag, f'W/{tag}', f'"x", {tag}', '*'):
            again = SERVER.get(path, If_None_Match=known)
            assert again.status == 304 and again.body == b'', f'{path} {known}: {again}'
            assert again.fields['etag'] == tag
        assert SERVER.get(path, If_None_Match='"x"').status == 200
        assert SERVER.get(path, If_None_Match=tag, Accept_Encoding='gzip').status == 200 or path == '/api/v1/health'


@tap.case
def head_is_get_without_the_body():
    for path in ('/', '/style.css', '/api/v1/method', '/nothing'):
        whole, head = SERVER.get(path), SERVER.ask('HEAD', path)
        assert head.status == whole.status and head.body == b''
        for name in ('content-length', 'etag', 'content-type'):
            assert head.fields.get(name) == whole.fields.get(name), f'{path}: {name}'


@tap.case
def a_connection_serves_many_and_requests_may_come_at_once():
    data = request('GET /style.css HTTP/1.1') * 3 + request('GET /nothing HTTP/1.1')
    data += request('GET /api/v1/health HTTP/1.1', 'Connection: close')
    rest, statuses = SERVER.raw(data), []
    while rest:
        answer, rest = serving.parse(rest)
        statuses.append(answer.status)
    assert statuses == [200, 200, 200, 404, 200], statuses


@tap.case
def an_error_is_a_page_for_who_asks_for_pages():
    page = SERVER.get('/nothing', Accept='text/html,application/xhtml+xml')
    assert page.fields['content-type'].startswith('text/html') and b'<h1>404</h1>' in page.body
    script = SERVER.get('/%3Cscript%3E', Accept='text/html')
    assert script.status == 404 and b'<script' not in script.body
    assert SERVER.get('/nothing').json()['status'] == 404


@tap.case
def another_method_is_told_which_are_there():
    for path in ('/', '/api/v1/ratings'):
        for method in ('POST', 'PUT', 'DELETE'):
            answer = SERVER.ask(method, path, '' if method != 'DELETE' else None)
            assert answer.status == 405, f'{method} {path}: {answer}'
            assert answer.fields['allow'] == 'GET, HEAD'


@tap.case
def a_body_too_large_is_refused_before_it_comes():
    answer = first(SERVER.raw(request('POST /api/v1/bundles HTTP/1.1', f'Content-Length: {1 << 40}')))
    assert answer.status in (401, 413), answer
    assert answer.fields['connection'] == 'close'


@tap.case
def expect_is_answered_before_the_body():
    came = SERVER.raw(request('POST / HTTP/1.1', 'Content-Length: 5', 'Expect: 100-continue'))
    assert first(came).status == 405, came


@tap.case
def a_token_that_nobody_gave_is_refused_and_not_logged():
    answer = SERVER.get('/api/v1/ratings?key=topsecret', Authorization='Bearer assay_verysecret')
    assert answer.status == 401 and 'www-authenticate' in answer.fields, answer
    assert SERVER.get('/', Authorization='Basic dXNlcjpwYXNz').status == 401
    assert 'secret' not in SERVER.lines() and 'dXNl' not in SERVER.lines()
    assert '"status":401' in SERVER.lines()


@tap.case
def a_refusal_is_logged_with_its_reason():
    SERVER.get('/surely-not-here?private=1')
    SERVER.wait_for(lambda: 'surely-not-here' in SERVER.lines())
    assert 'private' not in SERVER.lines()


@tap.case
def garbage_and_half_requests_leave_the_server_well():
    for data in (b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', b'\x00' * 5000, b'\r\n' * 5000, b'GET /', b'A' * 70000,
                 # More fields than the library's memory of a connection holds.
                 b'GET /?' + b'a=b&' * 1000 + b' HTTP/1.1\r\n' + HOST + b'\r\n', b'GET /?' + b'&' * 2000 + b' HTTP/1.1\r\n' + HOST + b'\r\n'):
        assert b' 200 ' not in SERVER.raw(data, shut=True, silent_s=0.3)[:20]
    assert SERVER.get('/').status == 200


@tap.case
def who_asks_too_often_is_told_how_long_to_wait():
    with serving.Server('--rate=1', '--evidence=data/evidence/crusoe.yaml') as server:
        # Ten at once, and one more each second that these take.
        answers = [server.get('/style.css')]
        while answers[-1].status == 200 and len(answers) < 100:
            answers.append(server.get('/style.css'))
    assert [a.status for a in answers[:10]] == [200] * 10
    assert answers[-1].status == 429 and int(answers[-1].fields['retry-after']) >= 1
    assert answers[-1].json()['schema'] == 'assay/error/v1'


@tap.case
def who_is_slow_or_holds_too_many_connections_is_cut_off():
    with serving.Server('--rate=0', '--patience=1', '--evidence=data/evidence/crusoe.yaml') as server:
        crowd = [server.connect() for _ in range(80)]
        trickle = server.connect()
        slow = b'GET / HTTP/1.1\r\nHost: a\r\nX: ' + b'y' * 500
        try:
            for byte in slow:
                crowd[0].sendall(bytes([byte]))
                time.sleep(0.05)
            raise AssertionError('500 bytes at 20 a second were waited for')
        except OSError:
            pass
        for link in crowd + [trickle]:
            link.settimeout(serving.PATIENCE_S)
            try:
                assert link.recv(1) == b''
            except ConnectionResetError:
                pass
            link.close()
        assert server.get('/').status == 200


@tap.case
def it_ends_when_told_and_lets_an_answer_end():
    server = serving.Server('--evidence=data/evidence/crusoe.yaml')
    idle = server.connect()
    with server.connect() as link:
        link.sendall(request('GET /criteria.json HTTP/1.1'))
        first_bytes = link.recv(100)
        began = time.monotonic()
        assert server.end() == 0
        assert time.monotonic() - began < 9, 'it waited for a connection on which nothing was asked'
        came = first_bytes
        while piece := link.recv(65536):
            came += piece
        assert first(came).status == 200 and first(came).json()['schema'] == 'assay/criteria/v1'
    idle.settimeout(serving.PATIENCE_S)
    assert idle.recv(1) == b''
    idle.close()
    assert '"event":"end"' in server.lines()


@tap.case
def beyond_this_machine_it_serves_only_with_tls():
    done = serving.run('serve', '--address=0.0.0.0', '--port=0')
    assert done.returncode == 65 and '--tls-make' in done.stderr, done.stderr
    done = serving.run('serve', '--address=nowhere', '--port=0')
    assert done.returncode == 65, done.stderr
    done = serving.run('serve', f'--port={SERVER.port}', '--evidence=data/evidence/crusoe.yaml', '--draws=0')
    assert done.returncode == 74 and str(SERVER.port) in done.stderr, done.stderr


@tap.case
def a_slow_reader_holds_nobody_up():
    slow = socket.create_connection(('127.0.0.1', SERVER.port))
    slow.sendall(request('GET /criteria.json HTTP/1.1') * 20)
    assert SERVER.get('/').status == 200
    slow.close()


try:
    tap.run()
finally:
    SERVER.end()
