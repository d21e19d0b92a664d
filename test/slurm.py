"""A munged and a slurmctld of a test's own, in folders that go with them; slurmd as many as wanted."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

PATIENCE = 120
ATTEMPTS = 5


def free_ports():
    """Two that differ."""
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(('127.0.0.1', 0))
        return one.getsockname()[1], other.getsockname()[1]


def wait_for(condition, process, log):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, f'{process.args[0]} ended:\n{log()}'
        assert time.monotonic() < end, f'{process.args[0]} does not answer:\n{log()}'
        time.sleep(0.02)


@contextlib.contextmanager
def started(words, condition, log):
    """A daemon in the foreground. What it keeps goes with its folder, so that it need not tidy."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(condition, process, log)
            yield process
        finally:
            process.kill()


def daemon(name):
    found = shutil.which(name, path=os.environ['PATH'] + ':/usr/sbin:/sbin')
    assert found, f'{name} is missing; tools/prepare check installs it'
    return found


@contextlib.contextmanager
def munge():
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        key = folder / 'key'
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        words = ['--force', '--foreground', '--num-threads=2']
        for what in ('key', 'pid', 'log', 'seed'):
            words.append(f'--{what}-file={folder / what}')
        at = folder / 'socket'
        with started(
            [daemon('munged'), *words, f'--socket={at}'],
            at.exists,
            lambda: (folder / 'log').read_text() if (folder / 'log').exists() else '',
        ):
            yield at


SETTINGS = '''ClusterName=assay
SlurmctldHost={host}({address})
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={socket}
CredType=cred/munge
SlurmctldPort={port}
SlurmdPort={other}
SlurmctldPidFile={folder}/pid
SlurmctldLogFile={folder}/log
SlurmctldDebug=info
SlurmdPidFile={folder}/%n.pid
SlurmdLogFile={folder}/%n.log
SlurmdSpoolDir={folder}/%n
StateSaveLocation={folder}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SchedulerType=sched/builtin
ReturnToService=2
TopologyPlugin=topology/tree
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
NodeName=DEFAULT CPUs=1 State=UNKNOWN
{nodes}
PartitionName=all Nodes=ALL Default=YES
'''


@contextlib.contextmanager
def settings_of_slurm(at, conf, nodes, address='127.0.0.1', addresses=None):
    """A folder with the settings of a cluster that has the topology and these nodes, which listen here or at their
    addresses; `address` is the controller's."""
    with tempfile.TemporaryDirectory(prefix='assay-') as folder:
        folder = pathlib.Path(folder)
        settings = folder / 'slurm.conf'
        port, other = free_ports()
        (folder / 'topology.conf').write_text(conf, encoding='utf-8')
        settings.write_text(
            SETTINGS.format(
                host=socket.gethostname().split('.')[0],
                address=address,
                user=subprocess.check_output(['id', '-un'], text=True).strip(),
                socket=at,
                port=port,
                other=other,
                folder=folder,
                nodes='\n'.join(f'NodeName={node} NodeAddr={(addresses or {}).get(node, "127.0.0.1")}' for node in nodes),
            ),
            encoding='utf-8',
        )
        yield settings, folder / 'log'


@contextlib.contextmanager
def slurm(at, conf, nodes, **where):
    """A slurmctld that has taken the topology: the environment of its clients, and its log."""
    with contextlib.ExitStack() as kept:
        for left in reversed(range(ATTEMPTS)):
            with contextlib.ExitStack() as trial:
                settings, log = trial.enter_context(settings_of_slurm(at, conf, nodes, **where))
                environment = {**os.environ, 'SLURM_CONF': str(settings)}
                try:
                    trial.enter_context(
                        started(
                            [daemon('slurmctld'), '-D', '-c', '-f', str(settings)],
                            lambda: answers(environment),
                            lambda: log.read_text() if log.exists() else '',
                        )
                    )
                except AssertionError as error:
                    # Who else took the port between its being free and its being used, does not matter.
                    if left == 0 or 'Address already in use' not in str(error):
                        raise
                    continue
                kept.enter_context(trial.pop_all())
                break
        yield environment, log


def answers(environment):
    done = subprocess.run(
        ['timeout', '30', 'scontrol', 'ping'],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return 'UP' in done.stdout
