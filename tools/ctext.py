"""C source as text, with parts of it blanked out; every line keeps its number."""
import re

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'", re.DOTALL
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def _blank(text):
    return re.sub(r'[^\n]', ' ', text)


def without_comments(text):
    return _TOKEN.sub(lambda m: _blank(m[0]) if m[0][0] == '/' else m[0], text)


def without_comments_and_strings(text):
    return _TOKEN.sub(lambda m: _blank(m[0]), text)


def line_comments(text):
    """(line, text) of each comment that begins with two slashes."""
    return [
        (line_at(text, m.start()), m[0]) for m in _TOKEN.finditer(text) if m[0].startswith('//')
    ]


def line_at(text, offset):
    return text.count('\n', 0, offset) + 1
