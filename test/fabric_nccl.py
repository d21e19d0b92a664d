#!/usr/bin/python3
"""`assay fabric nccl`: what NCCL takes for its settings, held against the library that would read them."""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

sys.path[:0] = ['tools', 'test']
import machines
import tap

ASSAY = os.path.abspath(os.environ.get('ASSAY', 'build/assay'))
LIBRARY = 'usr/lib/x86_64-linux-gnu/libnccl.so.2'
TEXTS = (b'NCCL_IB_HCA\0NCCL_IB_GID_INDEX\0NCCL_DEBUG\0NCCL_IB_DISABLE\0NCCL_NET_GDR_LEVEL\0NCCL_PROTO\0'
         b'NCCL_COLLNET_ENABLE\0NCCL version 2.28.9+cuda13.0\0'
         b'ncclNetPlugin_v10\0ncclNetPlugin_v11\0ncclCollNetPlugin_v10\0')


HOLDER = tempfile.TemporaryDirectory(prefix='assay-', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None)
STAGE = machines.Stage(pathlib.Path(HOLDER.name, 'root'))


def library(texts=TEXTS, symbols=b'\0'):
    """A shared library of two sections that nobody could run."""
    names = b'\0.rodata\0.dynstr\0.names\0'
    table = 64 + len(texts) + len(symbols) + len(names)
    head = b'\x7fELF\2\1\1' + bytes(9) + bytes(24) + struct.pack('<QIHHHHHH', table, 0, 64, 0, 0, 64, 4, 3)
    sections, at = bytes(64), 64
    for name, content in ((1, texts), (9, symbols), (17, names)):
        sections += struct.pack('<IIQQQQIIQQ', name, 1, 0, 0, at, len(content), 0, 0, 0, 0)
        at += len(content)
    return head + texts + symbols + names + sections


def nccl(*words, environment=None):
    done = subprocess.run([ASSAY, 'fabric', 'nccl', '--format', 'json', *map(str, words)], capture_output=True, text=True,
                          timeout=60, check=False, env={'PATH': os.environ['PATH'], **(environment or {})})
    report = json.loads(done.stdout) if done.returncode < 64 else None
    return done, report


def findings(report, check):
    return next(one['findings'] for one in report['checks'] if one['name'] == check)


def worst(report, check):
    return next(one['verdict'] for one in report['checks'] if one['name'] == check)


def look(files=None, environment='', words=()):
    """The report about a node of eight H100 with these files."""
    machine = machines.healthy('h100x8')
    machine.files.update({LIBRARY: library(), 'proc/self/environ': environment.encode(), **(files or {})})
    STAGE.show(machine)
    return nccl('--root', STAGE.root, *words)


@tap.case
def a_clean_node_passes():
    done, report = look({'etc/nccl.conf': 'NCCL_IB_HCA==mlx5_0\n'})
    assert worst(report, 'nccl-lines') == worst(report, 'nccl-names') == worst(report, 'nccl-guidance') == 'pass', report
    assert worst(report, 'nccl-version') == 'pass', report
    assert done.returncode in (0, 2), done


@tap.case
def faults_of_lines_and_names_are_told():
    done, report = look({'etc/nccl.conf': 'NCCL_IB_HCA = mlx5_0\nNCCL_DEBUGG=WARN\nCCL_NET_GDR_LEVEL=PHB\n'})
    assert done.returncode == 1, done
    texts = [one['text'] for one in findings(report, 'nccl-lines')]
    assert any(':1: NCCL_IB_HCA: the blank is a part of the name' in text for text in texts), texts
    assert any('is meant: NCCL_NET_GDR_LEVEL' in text for text in texts), texts
    assert any('is NCCL_DEBUG meant?' in one['text'] for one in findings(report, 'nccl-names')), report


@tap.case
def the_environment_is_stronger_than_the_file():
    _, report = look({'etc/nccl.conf': 'NCCL_IB_DISABLE=0\n'}, 'NCCL_IB_DISABLE=1\0')
    found = findings(report, 'nccl-guidance')
    assert found[0]['verdict'] == 'fail' and 'in the environment' in found[0]['text'], found


@tap.case
def both_views_are_told_where_they_differ():
    _, report = look({'etc/nccl.conf': 'NCCL_IB_GID_INDEX=3\n'})
    text = findings(report, 'nccl-guidance')[0]['text']
    assert 'ClusterMAX' in text and '2.21' in text, text


@tap.case
def a_plugin_of_another_version_fails():
    _, report = look({'usr/lib/x86_64-linux-gnu/libnccl-net.so': library(b'\0', b'\0ncclNetPlugin_v4\0')})
    assert worst(report, 'nccl-plugins') == 'fail', report
    _, report = look({'usr/lib/x86_64-linux-gnu/libnccl-net.so':
                      library(b'\0', b'\0ncclNetPlugin_v10\0ncclCollNetPlugin_v10\0')})
    assert worst(report, 'nccl-plugins') == 'pass' and worst(report, 'nccl-reduction') == 'warn', report


@tap.case
def files_are_judged_anywhere():
    with tempfile.TemporaryDirectory() as folder:
        conf, built = pathlib.Path(folder, 'nccl.conf'), pathlib.Path(folder, 'libnccl.so.2')
        conf.write_text('NCCL_PROTO="LL128"\nNCCL_IB_HAC=x\n', encoding='utf-8')
        built.write_bytes(library())
        done, report = nccl('--library', built, conf)
        assert done.returncode == 1, done
        assert f'{conf}:1' in findings(report, 'nccl-lines')[0]['text'], report
        assert 'is NCCL_IB_HCA meant?' in findings(report, 'nccl-names')[0]['text'], report
        shown = subprocess.run([ASSAY, 'fabric', 'nccl', '--library', built, conf], capture_output=True, text=True, timeout=60,
                               check=False)
        assert 'quotes are a part of the value' in ' '.join(shown.stdout.split()), shown.stdout
        built.write_bytes(library()[:200])
        _, report = nccl('--library', built, conf)
        assert worst(report, 'nccl-names') == 'unknown', report


@tap.case
def files_are_judged_on_a_machine_without_gpus():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        conf = folder / 'nccl.conf'
        conf.write_text('NCCL_IB_DISABLE=1\nNCCL_ALGO=Ring\nNCCL_PXN_DISABLE=1\n', encoding='utf-8')
        (folder / 'libnccl.so.2').write_bytes(library())
        bare = folder / 'root'
        (bare / 'sys/bus/pci/devices').mkdir(parents=True)
        (bare / 'sys/class/infiniband').mkdir(parents=True)
        done, report = nccl('--root', bare, '--library', folder / 'libnccl.so.2', conf)
        assert done.returncode == 1, done
        assert 'RDMA is not used' in str(findings(report, 'nccl-settings')), report
        assert worst(report, 'nccl-overrides') == 'fail', report
        assert f"in '{conf}'" in findings(report, 'nccl-guidance')[0]['text'], report
        conf.write_text('NCCL_IB_TC=106\n', encoding='utf-8')
        done, report = nccl('--root', bare, '--library', folder / 'libnccl.so.2', conf)
        assert done.returncode == 1 and worst(report, 'nccl-settings') == 'pass', report  # the name alone is a stranger
        assert worst(report, 'nccl-overrides') == 'pass' and worst(report, 'nccl-guidance') == 'pass', report
        (bare / 'etc').mkdir()
        (bare / 'etc/nccl.conf').write_text('NCCL_IB_DISABLE=1\n', encoding='utf-8')
        done, report = nccl('--root', bare)
        assert worst(report, 'nccl-settings') in ('fail', 'not_applicable'), report
        assert 'fail' in (worst(report, 'nccl-settings'), worst(report, 'nccl-guidance')), report


@tap.case
def a_named_file_that_is_not_there_hides_the_user_s():
    done, report = look({'root/.nccl.conf': 'NCCL_DEBUG=WARN\n'}, 'HOME=/root\0NCCL_CONF_FILE=/none/nccl.conf\0')
    found = findings(report, 'nccl-lines')
    assert done.returncode == 1 and 'neither it nor ~/.nccl.conf' in found[0]['text'], found


def job(name):
    """The report on a recorded form of a log."""
    return nccl('--root', STAGE.root, '--log', pathlib.Path('fuzz/corpus/nccl_log', name))


@tap.case
def a_log_tells_what_a_job_used():
    STAGE.show(machines.healthy('h100x8'))
    done, report = job('sharp')
    assert worst(report, 'nccl-network') == 'pass' and worst(report, 'nccl-reduction') == 'pass', report
    assert 'collnet_direct/simple (1)' in findings(report, 'nccl-job')[0]['text'], report
    assert done.returncode == 0, done
    done, report = job('socket')
    assert done.returncode == 1 and worst(report, 'nccl-network') == 'fail', report
    assert 'plain TCP (Socket)' in findings(report, 'nccl-network')[0]['text'], report
    assert worst(report, 'nccl-job') == 'warn' and 'NET/IB : No device found.' in str(findings(report, 'nccl-job')), report
    done, _ = nccl('--log', '/etc/hostname')
    assert done.returncode == 65 and len(done.stderr.splitlines()) == 1 and 'no line of NCCL' in done.stderr, done


@tap.case
def the_fault_of_a_log_settles_a_criterion():
    with tempfile.TemporaryDirectory() as folder:
        bundle = pathlib.Path(folder, 'job.json')
        nccl('--root', STAGE.root, '--log', 'fuzz/corpus/nccl_log/socket', '--provider', 'p', '--bundle', bundle)
        shown = subprocess.run([ASSAY, 'explain', 'p', 'networking.gpudirect-rdma', f'--evidence={bundle}'],
                               capture_output=True, text=True, timeout=60, check=False)
    assert 'by check nccl-network' in shown.stdout and 'plain TCP' in shown.stdout, shown


@tap.case
def a_build_of_mpi_is_told_by_its_file():
    ompi = library(b'Open MPI v5.0.3, package: x\0', b'\0libpmix.so.2\0libucp.so.0\0mca_accelerator_cuda_component\0')
    _, report = look({'opt/hpcx/ompi/lib/libmpi.so.40': ompi, 'usr/lib64/slurm/mpi_pmix_v4.so': b''})
    assert 'openmpi 5.0.3 is built with cuda+ucx+pmix' in findings(report, 'mpi-build')[0]['text'], report
    _, report = look({'usr/mpi/gcc/openmpi-4.1.7/lib/libmpi.so.40': library(b'Open MPI v4.1.7\0', b'\0libpmix.so.2\0'),
                      'usr/mpi/gcc/openmpi-4.1.7/lib/openmpi/mca_pml_ucx.so': b'', 'usr/lib64/slurm/mpi_pmi2.so': b''})
    assert worst(report, 'mpi-build') == 'fail' and 'no way in common' in str(findings(report, 'mpi-build')), report
    _, report = look({'usr/lib64/libmpi.so.12': library(b'MPICH Version:      4.0.2\0', b'\0')})
    assert 'mpich 4.0.2 is built with neither UCX nor OFI' in findings(report, 'mpi-build')[0]['text'], report
    _, report = look({'sw/openmpi/lib/libmpi.so.40': ompi, 'usr/share/modules/modulefiles/openmpi/5.0.3':
                      'set base /sw/openmpi\nprepend-path LD_LIBRARY_PATH $base/lib\n'})
    assert findings(report, 'mpi-build')[0]['about'] == 'mpi:/sw/openmpi/lib/libmpi.so.40', report
    _, report = look({'usr/lib64/libmpi.so.12': b'no library'})
    assert worst(report, 'mpi-build') == 'unknown', report


@tap.case
def what_is_missing_is_said_in_one_line():
    for words in (['/none.conf'], ['--library', '/none.so', '/etc/hostname']):
        done, _ = nccl(*words)
        assert done.returncode == 66 and len(done.stderr.splitlines()) == 1 and 'is no file' in done.stderr, done


tap.run()
