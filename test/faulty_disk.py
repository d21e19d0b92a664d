"""A file system that goes wrong as it is told: a folder is served through /dev/fuse, without a library.

What goes wrong is told by `Disk.fault`, a function of (operation, name) that gives None or one of: a number of errno to
refuse with; 'hang', no answer ever; 'corrupt', one byte of what is read is changed; a float, seconds that it takes longer.
Needs root; mounted in the mount namespace of the process.
"""
import ctypes
import errno
import os
import stat
import struct
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)
LOOKUP, FORGET, GETATTR, SETATTR, MKDIR, UNLINK, RMDIR, RENAME = 1, 2, 3, 4, 9, 10, 11, 12
OPEN, READ, WRITE, STATFS, RELEASE, FSYNC, FLUSH, INIT = 14, 15, 16, 17, 18, 20, 25, 26
OPENDIR, READDIR, RELEASEDIR, CREATE, INTERRUPT, DESTROY, BATCH_FORGET, RENAME2 = 27, 28, 29, 35, 36, 38, 42, 45
NAMES = {LOOKUP: 'lookup', GETATTR: 'getattr', SETATTR: 'setattr', MKDIR: 'mkdir', UNLINK: 'unlink', RMDIR: 'rmdir',
         RENAME: 'rename', RENAME2: 'rename', OPEN: 'open', READ: 'read', WRITE: 'write', STATFS: 'statfs',
         FSYNC: 'fsync', FLUSH: 'flush', OPENDIR: 'opendir', READDIR: 'readdir', CREATE: 'create'}
MAX_WRITE = 1 << 17
SIZE_IS_SET = 8  # a bit of what SETATTR changes
IGNORED_FLAGS = os.O_DIRECT | os.O_CREAT | os.O_EXCL  # the kernel has seen to them


def attributes(path_or_file):
    seen = os.stat(path_or_file) if isinstance(path_or_file, int) else os.lstat(path_or_file)
    return struct.pack('<6Q10I', seen.st_ino, seen.st_size, seen.st_blocks, int(seen.st_atime), int(seen.st_mtime),
                       int(seen.st_ctime), 0, 0, 0, seen.st_mode, seen.st_nlink, seen.st_uid, seen.st_gid, 0, 4096, 0)


class Disk:
    """Mounted on `path` while the `with` lasts; `behind` is the folder that holds the files."""

    def __init__(self, path, behind):
        self.path, self.behind = str(path), str(behind)
        self.fault = lambda operation, name: None
        self.paths, self.numbers = {1: self.behind}, {self.behind: 1}
        self.device = -1

    def __enter__(self):
        self.device = os.open('/dev/fuse', os.O_RDWR | os.O_CLOEXEC)
        options = f'fd={self.device},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions'
        if LIBC.mount(b'faulty', self.path.encode(), b'fuse', 0, options.encode()) != 0:
            raise OSError(ctypes.get_errno(), 'mounting a file system of user space')
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        # Forced, so that whoever waits for an answer is let go.
        LIBC.umount2(self.path.encode(), 1)
        LIBC.umount2(self.path.encode(), 2)
        self.thread.join(5)
        os.close(self.device)

    def serve(self):
        while True:
            try:
                request = os.read(self.device, MAX_WRITE + 4096)
            except OSError as err:
                if err.errno in (errno.EINTR, errno.ENOENT, errno.EAGAIN):
                    continue
                return  # unmounted
            _, operation, unique, node = struct.unpack_from('<IIQQ', request)
            if operation not in (FORGET, BATCH_FORGET, INTERRUPT):
                self.answer(operation, unique, node, request[40:])

    def answer(self, operation, unique, node, body):
        kind = self.fault(NAMES.get(operation, ''), self.name_of(operation, node, body))
        if kind == 'hang':
            return
        if isinstance(kind, float):
            time.sleep(kind)
        error, said = 0, b''
        try:
            if isinstance(kind, int):
                raise OSError(kind, '')
            said = self.do(operation, node, body) or b''
            if kind == 'corrupt' and said:
                said = bytes([said[0] ^ 1]) + said[1:]
        except OSError as err:
            error = -err.errno
        try:
            os.write(self.device, struct.pack('<IiQ', 16 + len(said), error, unique) + said)
        except OSError:
            pass  # whoever asked is gone

    def name_of(self, operation, node, body):
        name = self.paths.get(node, '?').rpartition('/')[2]
        if operation in (LOOKUP, UNLINK, RMDIR):
            name = body.split(b'\0')[0].decode(errors='replace')
        elif operation in (MKDIR, CREATE):
            name = body[8 if operation == MKDIR else 16:].split(b'\0')[0].decode(errors='replace')
        return name

    def child(self, node, name):
        return self.paths[node] + '/' + name.split(b'\0')[0].decode(errors='surrogateescape')

    def entry(self, path):
        number = self.numbers.setdefault(path, len(self.paths) + 1)
        said = attributes(path)
        self.paths[number] = path
        return struct.pack('<QQQQII', number, 0, 0, 0, 0, 0) + said

    def rename(self, old, new):
        os.rename(old, new)
        number = self.numbers.pop(old, None)
        if number:
            self.numbers[new] = number
            self.paths[number] = new

    def forget(self, path):
        # The number stays that of the open file; a new file of the name gets a new one.
        self.numbers.pop(path, None)

    def set_attributes(self, node, body):
        valid, _, _, size = struct.unpack_from('<IIQQ', body)
        if valid & SIZE_IS_SET:
            os.truncate(self.paths[node], size)
        return struct.pack('<QII', 0, 0, 0) + attributes(self.paths[node])

    def list(self, node, body):
        _, offset, size = struct.unpack_from('<QQI', body)
        said = b''
        names = ['.', '..', *sorted(os.listdir(self.paths[node]))]
        for at, name in enumerate(names[offset:], offset + 1):
            path = os.path.join(self.paths[node], name)
            kind = stat.S_IFMT(os.lstat(path).st_mode) >> 12
            raw = name.encode(errors='surrogateescape')
            one = struct.pack('<QQII', at, at, len(raw), kind) + raw
            one += b'\0' * (-len(one) % 8)
            if len(said) + len(one) > size:
                break
            said += one
        return said

    def create(self, node, body):
        flags, mode = struct.unpack_from('<II', body)
        path = self.child(node, body[16:])
        file = os.open(path, flags & ~os.O_DIRECT | os.O_CREAT, mode)
        self.forget(path)
        return self.entry(path) + struct.pack('<QII', file, 0, 0)

    def statfs(self):
        seen = os.statvfs(self.behind)
        return struct.pack('<5Q4I6I', seen.f_blocks, seen.f_bfree, seen.f_bavail, seen.f_files, seen.f_ffree,
                           seen.f_bsize, 255, seen.f_frsize, *[0] * 7)

    def change(self, operation, node, body):
        """What has no answer but that it is done."""
        if operation in (UNLINK, RMDIR):
            path = self.child(node, body)
            (os.unlink if operation == UNLINK else os.rmdir)(path)
            self.forget(path)
        elif operation in (RENAME, RENAME2):
            names = body[8 if operation == RENAME else 16:].split(b'\0')
            self.rename(self.child(node, names[0]), self.child(struct.unpack_from('<Q', body)[0], names[1]))
        elif operation == RELEASE:
            os.close(struct.unpack_from('<Q', body)[0])
        elif operation == FSYNC:
            os.fsync(struct.unpack_from('<Q', body)[0])
        elif operation not in (FLUSH, RELEASEDIR, DESTROY):
            raise OSError(errno.ENOSYS, '')

    def do(self, operation, node, body):
        if operation == INIT:
            return struct.pack('<4IHHIIHHI7I', 7, 31, 1 << 17, 0, 16, 12, MAX_WRITE, 1, 0, 0, 0, *[0] * 7)
        if operation == LOOKUP:
            return self.entry(self.child(node, body))
        if operation == GETATTR:
            return struct.pack('<QII', 0, 0, 0) + attributes(self.paths[node])
        if operation == SETATTR:
            return self.set_attributes(node, body)
        if operation == MKDIR:
            path = self.child(node, body[8:])
            os.mkdir(path, struct.unpack_from('<I', body)[0])
            return self.entry(path)
        if operation == CREATE:
            return self.create(node, body)
        if operation == OPEN:
            flags = struct.unpack_from('<I', body)[0]
            return struct.pack('<QII', os.open(self.paths[node], flags & ~IGNORED_FLAGS), 0, 0)
        if operation == OPENDIR:
            return struct.pack('<QII', 0, 0, 0)
        if operation == READDIR:
            return self.list(node, body)
        if operation == READ:
            file, offset, size = struct.unpack_from('<QQI', body)
            return os.pread(file, size, offset)
        if operation == WRITE:
            file, offset, size = struct.unpack_from('<QQI', body)
            return struct.pack('<II', os.pwrite(file, body[40:40 + size], offset), 0)
        if operation == STATFS:
            return self.statfs()
        return self.change(operation, node, body)
