#!/usr/bin/python3
"""A look changes nothing: what the program asks of the kernel, as strace saw it."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import machines
import tap
from tap import case

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
VENDOR = os.path.abspath(os.environ.get('ASSAY_VENDOR', 'build/test/vendor'))
WATCHED = (
    'execve,execveat,connect,bind,listen,sendto,open,openat,openat2,creat,unlink,unlinkat,rename,renameat,'
    'renameat2,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,chown,'
    'fchown,fchownat,lchown,setxattr,fsetxattr,utimensat,mknod,mknodat,mount,umount2,init_module,finit_module,'
    'delete_module,reboot,sethostname,settimeofday,clock_settime,ptrace,kill,tkill,write,pwrite64,writev,ioctl'
)
OPENS_TO_WRITE = re.compile(r'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE')
# A program starts by its own execve; a parent may end the child that it made.
FREE = {'kill'}


class Trace:
    """What one run asked for: (call, the whole line)."""

    def __init__(self, arguments, environment=None):
        with tempfile.TemporaryDirectory(prefix='assay-') as name:
            file = pathlib.Path(name) / 'trace'
            command = ['strace', '-f', '-qq', '-y', '-s', '200', '-e', f'trace={WATCHED}', '-o', str(file), ASSAY]
            done = subprocess.run(
                command + arguments,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=os.environ | (environment or {}),
                check=False,
            )
            lines = file.read_text(errors='replace').splitlines() if file.exists() else []
        self.status = done.returncode
        self.output = done.stdout
        matches = (re.match(r'\d+ +(?:<\.\.\. )?(\w+)(.*)', line) for line in lines)
        self.calls = [(match[1], match[0]) for match in matches if match]

    def of(self, *names):
        return [line for name, line in self.calls if name in names]


def look_at(arguments, environment=None):
    trace = Trace(arguments, environment)
    assert trace.output.startswith(b'{'), f'strace or assay did not run: {trace.status}'
    assert trace.of('openat', 'openat2'), 'nothing was traced'
    return trace


def changes(trace):
    """The lines that could change something, or tell somebody."""
    wrong = []
    for name, line in trace.calls:
        if name in ('open', 'openat', 'openat2', 'creat'):
            harmful = name == 'creat' or bool(OPENS_TO_WRITE.search(line)) and '"/dev/null"' not in line
        elif name in ('write', 'pwrite64', 'writev'):
            # Into its output, and into the pipes and sockets between itself and its worker.
            harmful = not re.search(r'\((1|2)<|<(pipe|socket|UNIX|eventfd)[:\-]', line)
        elif name == 'sendto':
            harmful = not re.search(r'<(socket|UNIX)', line) or 'NULL, 0' not in line
        elif name == 'execve':
            harmful = False  # counted below
        elif name == 'ioctl':
            harmful = bool(re.search(r'SIOCS|NVME_IOCTL_(RESET|SUBSYS_RESET|IO)|BLK(RR|DISCARD|FLSBUF)', line))
        else:
            harmful = name not in FREE
        if harmful:
            wrong.append(line)
    return wrong


def expect_readonly(arguments, environment=None):
    trace = look_at(arguments, environment)
    wrong = changes(trace)
    assert not wrong, '\n'.join(wrong[:10])
    started = trace.of('execve', 'execveat')
    assert len(started) == 1, 'it starts programs:\n' + '\n'.join(started)


@case
def a_look_at_this_machine_changes_nothing_and_starts_no_program():
    expect_readonly(['check', '--all', '--format=json'])


@case
def a_quick_look_at_this_machine_changes_nothing():
    expect_readonly(['check', '--profile=quick', '--format=json'])


@case
def the_inventory_of_this_machine_changes_nothing():
    expect_readonly(['inventory', '--format=json'])


@case
def a_look_at_gpus_changes_nothing():
    with tempfile.TemporaryDirectory(prefix='assay-') as name:
        root = pathlib.Path(name) / 'root'
        scenario = machines.healthy('h100x8').write(root)
        before = {path: path.lstat().st_mtime_ns for path in root.rglob('*')}
        expect_readonly(
            ['check', f'--root={root}', '--all', '--format=json'],
            {'ASSAY_SCENARIO': str(scenario), 'ASSAY_LIBRARY_PATH': VENDOR},
        )
        assert before == {path: path.lstat().st_mtime_ns for path in root.rglob('*')}, 'the machine changed'


@case
def what_would_change_something_is_noticed():
    """The test can fail: writing a file, and a program that is started, are seen."""
    with tempfile.TemporaryDirectory(prefix='assay-') as name:
        trace = Trace(['check', '--format=json', f'--output={name}/report.json'])
        assert changes(trace), 'a file was written and not seen'


tap.run()
