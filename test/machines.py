"""Machines as folders: the files of the kernel that a healthy node of each kind shows, and the scenario
that drives the stand-in for its vendor's library. A test takes a machine, breaks one thing and looks.

A machine is a map from path to text, bytes, or a Link; write() makes the folder.
"""
import dataclasses
import functools
import os
import pathlib
import stat
import struct
from dataclasses import dataclass, field

BOOTED = 1764000000  # Unix time of the start of the kernel
UPTIME = 86400


@dataclass(frozen=True)
class Link:
    target: str


@dataclass(frozen=True)
class Sealed:
    """A file that nobody but root may read."""


@dataclass(frozen=True)
class Device:
    """A character device; only root can make one, else there is none."""

    mode: int = 0o666


@dataclass(frozen=True)
class Gone:
    """No file, where one is made by itself, as the kernel log is."""


@dataclass(frozen=True)
class Part:
    """A GPU or adapter: where it hangs, and what it is."""

    address: str
    path: str  # below /sys/devices, up to and with its own address


@dataclass
class Machine:
    kind: str
    model: str
    files: dict = field(default_factory=dict)
    scenario: list = field(default_factory=list)  # lines for the vendor's stand-in
    gpus: list = field(default_factory=list)
    nics: list = field(default_factory=list)
    log: list = field(default_factory=list)  # (seconds since boot, level, text)
    cores: int = 0  # of each package, which is one NUMA node

    def threads_of(self, numa):
        return range(numa * self.cores, (numa + 1) * self.cores)

    def put(self, path, content):
        self.files[path.lstrip('/')] = content

    def text(self, path, value):
        self.put(path, f'{value}\n')

    def say(self, text, at=UPTIME - 60, level=4):
        """One more line of the kernel log."""
        self.log.append((at, level, text))

    def remove(self, prefix):
        """Takes away what lies at or below the path."""
        prefix = prefix.strip('/')
        for path in [p for p in self.files if p == prefix or p.startswith(prefix + '/')]:
            del self.files[path]

    def device(self, address):
        """The folder of a PCI function."""
        link = self.files[f'sys/bus/pci/devices/{address}']
        return 'sys/' + link.target.removeprefix('../../../')

    def numbered(self):
        """The configuration of each bridge with the buses that lie below it, as firmware writes them."""
        prefix = 'sys/bus/pci/devices/'
        paths = [link.target.removeprefix('../../../devices/') for path, link in self.files.items()
                 if path.startswith(prefix)]
        numbered = {}
        for path in paths:
            at = f'sys/devices/{path}'
            config = self.files.get(f'{at}/config')
            if not str(self.files.get(f'{at}/class')).startswith('0x0604') or not isinstance(config, bytes):
                continue
            below = [int(p.rsplit('/', 1)[1].split(':')[1], 16) for p in paths if p.startswith(path + '/')]
            own = int(path.rsplit('/', 1)[1].split(':')[1], 16)
            buses = bytes([own, min(below, default=0), max(below, default=0)])
            numbered[f'{at}/config'] = config[:0x0E] + b'\1' + config[0x0F:0x18] + buses + config[0x1B:]
        return numbered

    def content(self):
        """All files, with the kernel log among them."""
        log = ''.join(
            f'{level},{number},{int(at * 1e6)},-;{text}\n'
            for number, (at, level, text) in enumerate(sorted(self.log, key=lambda line: line[0]), 1)
        )
        files = {'dev/kmsg': log} | self.files | self.numbered()
        absent = (Gone,) if os.geteuid() == 0 else (Gone, Device)
        return {path: content for path, content in files.items() if not isinstance(content, absent)}

    def write(self, folder):
        """Makes the folder with all files; returns the path of the scenario."""
        return Stage(folder).show(self)


class Stage:
    """A folder that shows one machine after the other, and writes only where they differ. The scenario
    for the vendor's stand-in lies beside it."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        self.scenario = self.root.parent / (self.root.name + '.scenario')
        self.shown = {}
        self.folders = set()

    def show(self, machine):
        """Makes the folder that of the machine; returns the path of the scenario."""
        files = machine.content()
        self.root.mkdir(parents=True, exist_ok=True)
        for path in [p for p in self.shown if p not in files]:
            self.take(path)
        for path, content in files.items():
            if self.shown.get(path) != content:
                self.put(path, content)
        self.scenario.write_text('\n'.join(machine.scenario) + '\n', encoding='utf-8')
        return self.scenario

    def take(self, path):
        """A file goes, and the folders that are empty without it."""
        place = self.root / path
        place.unlink()
        del self.shown[path]
        for folder in place.parents:
            if folder == self.root or any(folder.iterdir()):
                break
            folder.rmdir()
            self.folders.discard(folder)

    def put(self, path, content):
        place = self.root / path
        if path in self.shown:
            place.unlink()
        elif place.parent not in self.folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            self.folders |= {place.parent, *place.parent.parents}
        self.shown[path] = content
        if isinstance(content, Sealed):
            place.touch(0)
        elif isinstance(content, Device):
            os.mknod(place, stat.S_IFCHR, os.makedev(1, 3))
            place.chmod(content.mode)
        elif isinstance(content, Link):
            place.symlink_to(content.target)
        elif isinstance(content, bytes):
            place.write_bytes(content)
        else:
            place.write_text(content, encoding='utf-8')


def mask(numbers):
    """The kernel's form of a set of threads: words of 32 bits, the highest first."""
    bits = sum(1 << n for n in numbers)
    words = [bits >> shift & 0xFFFFFFFF for shift in range(0, max(bits.bit_length(), 1), 32)]
    return ','.join(f'{word:08x}' for word in reversed(words))


# ---- PCI ----

SPEEDS = {1: '2.5', 2: '5.0', 3: '8.0', 4: '16.0', 5: '32.0', 6: '64.0'}


def config_space(acs=None, read_request=4096, payload=512, relaxed=True):
    """4096 bytes: a PCI Express capability, and access control services when `acs` is a number."""
    space = bytearray(4096)
    space[0x06] = 0x10  # status: there are capabilities
    space[0x34] = 0x40
    space[0x40:0x44] = bytes([0x10, 0x00, 0x02, 0x00])
    control = (read_request.bit_length() - 8) << 12 | (payload.bit_length() - 8) << 5 | relaxed << 4
    space[0x48:0x4A] = struct.pack('<H', control)
    if acs is not None:
        space[0x100:0x104] = struct.pack('<I', 0x000D | 1 << 16)
        space[0x104:0x106] = struct.pack('<H', 0x5F)
        space[0x106:0x108] = struct.pack('<H', acs)
    return bytes(space)


def add_function(machine, path, identity, kind, generation, width=16, numa=0, config=None, driver=None):
    """One PCI function in the tree; path is like pci0000:16/0000:16:01.0/0000:17:00.0."""
    address = path.rsplit('/', 1)[1]
    at = f'sys/devices/{path}'
    vendor, device = identity.split(':')
    machine.text(f'{at}/vendor', f'0x{vendor}')
    machine.text(f'{at}/device', f'0x{device}')
    machine.text(f'{at}/subsystem_vendor', f'0x{vendor}')
    machine.text(f'{at}/subsystem_device', '0x0001')
    machine.text(f'{at}/class', f'0x{kind}')
    machine.text(f'{at}/numa_node', numa)
    machine.text(f'{at}/local_cpus', mask(machine.threads_of(numa)))
    machine.text(f'{at}/power_state', 'D0')
    machine.text(f'{at}/current_link_speed', f'{SPEEDS[generation]} GT/s PCIe')
    machine.text(f'{at}/max_link_speed', f'{SPEEDS[generation]} GT/s PCIe')
    machine.text(f'{at}/current_link_width', width)
    machine.text(f'{at}/max_link_width', width)
    for name, total in ('correctable', 'COR'), ('nonfatal', 'NONFATAL'), ('fatal', 'FATAL'):
        machine.text(f'{at}/aer_dev_{name}', f'RxErr 0\nBadTLP 0\nTOTAL_ERR_{total} 0')
    machine.put(f'{at}/config', config if config is not None else config_space())
    machine.put(f'sys/bus/pci/devices/{address}', Link(f'../../../devices/{path}'))
    if driver:
        machine.put(f'{at}/driver', Link('../' * (path.count('/') + 2) + f'bus/pci/drivers/{driver}'))
        machine.text(f'sys/bus/pci/drivers/{driver}/module/version', '1')
    return Part(address, path)


def add_iommu_group(machine, part, number, kind='identity'):
    machine.text('sys/class/iommu/dmar0/intel-iommu/version', '6:0')
    up = '../' * (part.path.count('/') + 2)
    machine.put(f'sys/devices/{part.path}/iommu_group', Link(f'{up}kernel/iommu_groups/{number}'))
    machine.text(f'sys/kernel/iommu_groups/{number}/type', kind)


def hang(machine, bus, generation, numa):
    """A root port and a switch below it; the paths of its two downstream ports."""
    root = f'pci0000:{bus:02x}/0000:{bus:02x}:01.0'
    upstream = f'{root}/0000:{bus + 1:02x}:00.0'
    add_function(machine, root, '8086:352a', '060400', generation, numa=numa,
                 config=config_space(acs=0), driver='pcieport')
    add_function(machine, upstream, '1000:c030', '060400', generation, numa=numa, driver='pcieport')
    ports = []
    for slot in 0, 1:
        path = f'{upstream}/0000:{bus + 2:02x}:{slot:02x}.0'
        add_function(machine, path, '1000:c030', '060400', generation, numa=numa,
                     config=config_space(acs=0), driver='pcieport')
        ports.append(path)
    return ports


# ---- adapters, drives, the system ----

COUNTERS = """symbol_error link_error_recovery link_downed port_rcv_errors port_rcv_remote_physical_errors
port_rcv_switch_relay_errors port_xmit_discards port_xmit_constraint_errors port_rcv_constraint_errors
local_link_integrity_errors excessive_buffer_overrun_errors VL15_dropped port_xmit_data port_rcv_data
port_xmit_packets port_rcv_packets port_xmit_wait""".split()

HARDWARE_COUNTERS = """rnr_nak_retry_err local_ack_timeout_err out_of_sequence out_of_buffer packet_seq_err
roce_slow_restart duplicate_request rx_write_requests""".split()


def add_rdma_modules(machine):
    for name in 'mlx5_core', 'mlx5_ib':
        add_module(machine, name, '24.10-1.1.4')
    for name in 'ib_core', 'ib_uverbs', 'ib_umad':
        add_module(machine, name)


def add_rdma(machine, index, part, rate='400 Gb/sec (4X NDR)', layer='InfiniBand'):
    name = f'mlx5_{index}'
    at = f'sys/devices/{part.path}/infiniband/{name}'
    up = '../../devices/'
    machine.put(f'sys/class/infiniband/{name}', Link(f'{up}{part.path}/infiniband/{name}'))
    machine.put(f'{at}/device', Link('../../../' + part.address))
    machine.text(f'{at}/hca_type', 'MT4129')
    machine.text(f'{at}/fw_ver', '28.48.1000')
    machine.text(f'{at}/board_id', 'MT_0000000838')
    machine.text(f'{at}/node_desc', f'node {name}')
    machine.text(f'{at}/node_guid', f'a088:c203:0000:{index:04x}')
    port = f'{at}/ports/1'
    machine.text(f'{port}/state', '4: ACTIVE')
    machine.text(f'{port}/phys_state', '5: LinkUp')
    machine.text(f'{port}/rate', rate)
    machine.text(f'{port}/link_layer', layer)
    machine.text(f'{port}/lid', f'0x{index + 16:x}' if layer == 'InfiniBand' else '0x0')
    machine.text(f'{port}/pkeys/0', '0x7fff')
    machine.text(f'{port}/pkeys/1', '0x8001')
    machine.text(f'{port}/pkeys/2', '0x0000')
    net = f'ibp{index}s0'
    machine.text(f'{port}/gid_attrs/ndevs/0', net)
    for counter in COUNTERS:
        machine.text(f'{port}/counters/{counter}', 0)
    for counter in HARDWARE_COUNTERS:
        machine.text(f'{port}/hw_counters/{counter}', 0)
    add_net(machine, net, part.path, speed=-1, kind=32)


def add_net(machine, name, path, speed=100000, kind=1):
    at = f'sys/devices/{path}/net/{name}'
    machine.put(f'sys/class/net/{name}', Link(f'../../devices/{path}/net/{name}'))
    machine.put(f'{at}/device', Link('../../../' + path.rsplit('/', 1)[1]))
    machine.text(f'{at}/type', kind)
    machine.text(f'{at}/operstate', 'up')
    machine.text(f'{at}/carrier', 1)
    machine.text(f'{at}/carrier_changes', 2)
    machine.text(f'{at}/mtu', 9000 if kind == 1 else 4092)
    machine.text(f'{at}/speed', speed)
    machine.text(f'{at}/address', '02:00:00:00:00:01')
    for counter in 'rx_errors tx_errors rx_crc_errors rx_dropped tx_dropped rx_missed_errors'.split():
        machine.text(f'{at}/statistics/{counter}', 0)


def add_nvme(machine, index, bus, numa=0):
    path = f'pci0000:{bus:02x}/0000:{bus:02x}:03.0/0000:{bus + 1:02x}:00.0'
    add_function(machine, path.rsplit('/', 1)[0], '8086:352b', '060400', 4, 4, numa, config_space(acs=0))
    add_function(machine, path, '144d:a80a', '010802', 4, 4, numa, driver='nvme')
    at = f'sys/devices/{path}/nvme/nvme{index}'
    machine.put(f'sys/class/nvme/nvme{index}', Link(f'../../devices/{path}/nvme/nvme{index}'))
    machine.put(f'{at}/device', Link('../../../' + path.rsplit('/', 1)[1]))
    machine.text(f'{at}/state', 'live')
    machine.text(f'{at}/model', 'SAMSUNG MZQL23T8HCLS-00A07')
    machine.text(f'{at}/serial', f'S64HNE0T0000{index}')
    machine.text(f'{at}/firmware_rev', 'GDC5902Q')
    disk = f'{at}/nvme{index}n1'
    machine.put(f'sys/block/nvme{index}n1', Link(f'../devices/{path}/nvme/nvme{index}/nvme{index}n1'))
    machine.put(f'{disk}/device', Link(f'../../nvme{index}'))
    machine.text(f'{disk}/size', 7501476528)
    machine.text(f'{disk}/ro', 0)


CACHES = [(1, 'Data', 48), (1, 'Instruction', 32), (2, 'Unified', 2048), (3, 'Unified', 307200)]


def add_system(machine, packages=2, cores=48, architecture='x86_64'):
    threads = packages * cores
    machine.cores = cores
    machine.text('proc/sys/kernel/hostname', 'node7')
    machine.text('proc/sys/kernel/osrelease', '6.8.0-130-generic')
    machine.text('proc/sys/kernel/arch', architecture)
    machine.text('proc/sys/kernel/tainted', 12288)
    machine.text('proc/sys/kernel/perf_event_paranoid', 1)
    machine.text('proc/sys/kernel/kptr_restrict', 0)
    machine.text('proc/sys/kernel/numa_balancing', 0)
    machine.text('proc/sys/kernel/pid_max', 4194304)
    machine.text('proc/sys/kernel/threads-max', 8000000)
    machine.text('proc/sys/fs/file-nr', '12000\t0\t9223372036854775807')
    machine.text('proc/version', 'Linux version 6.8.0-130-generic (build@host) #131-Ubuntu SMP')
    machine.text('proc/cmdline', 'BOOT_IMAGE=/boot/vmlinuz-6.8.0-130-generic root=/dev/md0 ro iommu=pt')
    machine.text('proc/uptime', f'{UPTIME}.00 {UPTIME * threads}.00')
    machine.text('proc/stat', f'cpu  1 2 3 4\nbtime {BOOTED}\nprocesses 90000\nprocs_running 1\nprocs_blocked 0')
    machine.text('proc/meminfo', 'MemTotal:       2113536000 kB\nMemFree:        2000000000 kB\n'
                 'MemAvailable:   2050000000 kB\nHugePages_Total:       0')
    machine.text('proc/loadavg', '0.10 0.20 0.30 1/2500 90000')
    machine.text('proc/swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority')
    if architecture == 'x86_64':
        block = ('vendor\t\t: GenuineIntel\nmodel name\t: INTEL(R) XEON(R) PLATINUM 8568Y+\n'
                 'microcode\t: 0x21000283\nphysical id\t: {package}\nsiblings\t: {cores}\n'
                 'core id\t\t: {core}\ncpu cores\t: {cores}\n'
                 'flags\t\t: fpu vme tsc msr vmx constant_tsc nonstop_tsc arch_perfmon\n')
    else:
        block = 'BogoMIPS\t: 2000.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n'
    machine.put('proc/cpuinfo', '\n'.join(
        f'processor\t: {n}\n' + block.format(package=n // cores, core=n % cores, cores=cores)
        for n in range(threads)))
    cpu = 'sys/devices/system/cpu'
    for name in 'possible', 'present', 'online':
        machine.text(f'{cpu}/{name}', f'0-{threads - 1}')
    machine.text(f'{cpu}/offline', '')
    machine.text(f'{cpu}/smt/control', 'notsupported')
    machine.text(f'{cpu}/smt/active', 0)
    for n in range(threads):
        policy = f'{cpu}/cpufreq/policy{n}'
        machine.text(f'{policy}/scaling_governor', 'performance')
        machine.text(f'{policy}/affected_cpus', n)
        machine.text(f'{policy}/scaling_max_freq', 4000000)
        machine.text(f'{policy}/cpuinfo_max_freq', 4000000)
        machine.text(f'{cpu}/cpu{n}/topology/physical_package_id', n // cores)
        machine.text(f'{cpu}/cpu{n}/topology/core_id', n % cores)
        machine.text(f'{cpu}/cpu{n}/topology/core_cpus', mask([n]))
        machine.text(f'{cpu}/cpu{n}/topology/package_cpus', mask(machine.threads_of(n // cores)))
        for index, (level, kind, size) in enumerate(CACHES):
            cache = f'{cpu}/cpu{n}/cache/index{index}'
            machine.text(f'{cache}/level', level)
            machine.text(f'{cache}/type', kind)
            machine.text(f'{cache}/size', f'{size}K')
            machine.text(f'{cache}/shared_cpu_map', mask(machine.threads_of(n // cores) if level == 3 else [n]))
    for name, word in (('spectre_v2', 'Mitigation: Enhanced / Automatic IBRS'), ('vmscape', 'Not affected'),
                       ('meltdown', 'Not affected')):
        machine.text(f'{cpu}/vulnerabilities/{name}', word)
    machine.text('sys/devices/system/node/online', f'0-{packages - 1}')
    for n in range(packages):
        node = f'sys/devices/system/node/node{n}'
        machine.text(f'{node}/cpulist', f'{n * cores}-{(n + 1) * cores - 1}')
        machine.text(f'{node}/cpumap', mask(machine.threads_of(n)))
        machine.text(f'{node}/distance', ' '.join('10' if n == other else '21' for other in range(packages)))
        machine.text(f'{node}/meminfo', f'Node {n} MemTotal:       1056768000 kB\nNode {n} MemFree: 1000000000 kB')
        mc = f'sys/devices/system/edac/mc/mc{n}'
        machine.text(f'{mc}/mc_name', 'skx')
        for name in ('ce_count', 'ue_count', 'ce_noinfo_count', 'ue_noinfo_count'):
            machine.text(f'{mc}/{name}', 0)
        for d in range(8):
            machine.text(f'{mc}/dimm{d}/dimm_label', f'CPU_SrcID#{n}_MC#0_Chan#{d}_DIMM#0')
            machine.text(f'{mc}/dimm{d}/dimm_ce_count', 0)
            machine.text(f'{mc}/dimm{d}/dimm_ue_count', 0)
    clock = 'sys/devices/system/clocksource/clocksource0'
    machine.text(f'{clock}/current_clocksource', 'tsc' if architecture == 'x86_64' else 'arch_sys_counter')
    machine.text(f'{clock}/available_clocksource', 'tsc hpet acpi_pm' if architecture == 'x86_64' else 'arch_sys_counter')
    for name, value in (('sys_vendor', 'Supermicro'), ('product_name', 'SYS-821GE-TNHR'), ('board_vendor', 'Supermicro'),
                        ('board_name', 'X13DEG-OAD'), ('bios_version', '2.5'), ('bios_date', '06/01/2026'),
                        ('board_serial', 'OM24S012345'), ('product_serial', 'S900000X12345')):
        machine.text(f'sys/class/dmi/id/{name}', value)
    machine.text('etc/os-release', 'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nID=ubuntu\nVERSION_ID="24.04"')
    machine.put('boot/vmlinuz-6.8.0-130-generic', '')
    machine.text('lib/modules/6.8.0-130-generic/modules.builtin', '')
    machine.text('proc/self/mountinfo',
                 '21 1 0:20 / /proc rw - proc proc rw\n'
                 '22 1 0:21 / /sys rw - sysfs sysfs rw\n'
                 '23 1 259:1 / / rw,relatime - ext4 /dev/nvme0n1 rw\n'
                 '24 23 259:2 / /scratch rw,relatime - xfs /dev/nvme1n1 rw\n'
                 '25 23 0:50 / /home rw,relatime - lustre 10.0.0.2@o2ib:/home rw,flock')
    machine.put('proc/mounts', Link('self/mounts'))
    machine.text('proc/self/limits',
                 'Limit                     Soft Limit           Hard Limit           Units     \n'
                 'Max processes             8000000              8000000              processes \n'
                 'Max open files            1048576              1048576              files     \n'
                 'Max locked memory         unlimited            unlimited            bytes     ')
    for number, name in enumerate(['systemd', 'kthreadd', 'sshd', 'chronyd'] + ['worker'] * 200, 1):
        add_process(machine, number, name)
    for at, text in ((0.0, 'Linux version 6.8.0-130-generic'), (1.5, 'pci 0000:16:01.0: enabling Extended Tags'),
                     (9.0, 'EXT4-fs (nvme0n1): mounted filesystem r/w with ordered data mode')):
        machine.say(text, at=at, level=6)
    for n in range(2000):
        machine.say(f'systemd[1]: Started session-{n}.scope', at=20 + n, level=6)


def add_process(machine, number, name, state='S'):
    machine.text(f'proc/{number}/comm', name)
    machine.text(f'proc/{number}/stat', f'{number} ({name}) {state} 1 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 100 1 1')
    machine.text(f'proc/{number}/cmdline', f'/usr/sbin/{name}\0')


def add_module(machine, name, version=None):
    machine.text(f'sys/module/{name}/refcnt', 1)
    machine.text(f'sys/module/{name}/initstate', 'live')
    if version:
        machine.text(f'sys/module/{name}/version', version)
    machine.files.setdefault('proc/modules', '')
    machine.files['proc/modules'] += f'{name} 16384 1 - Live 0x0000000000000000\n'


NVIDIA = {
    'h100x8': ('10de:2330', 'NVIDIA H100 80GB HBM3', 5, True),
    'h200x8': ('10de:2335', 'NVIDIA H200', 5, True),
    'b200x8': ('10de:2901', 'NVIDIA B200', 5, True),
    'gb200x4': ('10de:2941', 'NVIDIA GB200', 5, False),
}
BUSES = [0x1B, 0x43, 0x52, 0x61, 0x9D, 0xC3, 0xD1, 0xDF]  # as in test/vendor/machines/h100x8.scenario
DRIVER = '595.71.05'


def add_nvidia_driver(machine):
    machine.scenario += [f'system driver {DRIVER}', f'system library 13.{DRIVER}', 'system cuda 13020', f'gpu * gsp {DRIVER}']
    # GPU memory that the driver keeps to itself is no node of the system's.
    machine.scenario.append('gpu * numa -')
    add_module(machine, 'nvidia', DRIVER)
    add_module(machine, 'nvidia_uvm')
    add_module(machine, 'nvidia_peermem', DRIVER)
    add_module(machine, 'gdrdrv', '2.5')
    machine.put('dev/gdrdrv', Device())
    machine.text('proc/driver/nvidia/version',
                 f'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {DRIVER}  Release Build\nGCC version: 13')
    machine.text('proc/driver/nvidia/params', 'RmProfilingAdminOnly: 0\nEnablePCIERelaxedOrderingMode: 0\n'
                 'CoherentGPUMemoryMode: "driver"')
    for number, name in enumerate(('nvidia-persiste', 'nv-fabricmanage', 'nv-hostengine', 'nvidia-imex'), 3000):
        add_process(machine, number, name)
    for gpu in machine.gpus:
        machine.text(f'proc/driver/nvidia/gpus/{gpu.address}/information', f'Model: \t\t {machine.model}\nBus Location: \t {gpu.address}')


def hgx(kind):
    identity, model, generation, _ = NVIDIA[kind]
    machine = Machine(kind, model, scenario=[f'machine {kind}'])
    add_system(machine)
    for index, bus in enumerate(BUSES):
        numa = index // 4
        down = hang(machine, bus - 3, generation, numa)
        gpu = add_function(machine, f'{down[0]}/0000:{bus:02x}:00.0', identity, '030200', generation, numa=numa, driver='nvidia')
        nic = add_function(machine, f'{down[1]}/0000:{bus + 1:02x}:00.0', '15b3:1021', '020700', generation, numa=numa, driver='mlx5_core')
        add_iommu_group(machine, gpu, 2 * index)
        add_iommu_group(machine, nic, 2 * index + 1)
        machine.gpus.append(gpu)
        machine.nics.append(nic)
        add_rdma(machine, index, nic)
    for bus in range(0x07, 0x0B):
        root = f'pci0000:00/0000:00:{bus - 6:02x}.0'
        add_function(machine, root, '8086:352a', '060400', 4, 2, config=config_space(acs=0))
        add_function(machine, f'{root}/0000:{bus:02x}:00.0', '10de:22a3', '068000', 4, 2, driver='nvidia-nvswitch')
    add_tail(machine)
    add_nvidia_driver(machine)
    return machine


def add_tail(machine):
    """What every server has: a front-end adapter and drives."""
    front = add_function(machine, 'pci0000:70/0000:70:01.0', '8086:352a', '060400', 4, 8, config=config_space(acs=0))
    nic = add_function(machine, f'{front.path}/0000:71:00.0', '15b3:101f', '020000', 4, 8, driver='mlx5_core')
    add_net(machine, 'eth0', nic.path)
    for index in range(2):
        add_nvme(machine, index, 0xF0 + 4 * index)
    add_rdma_modules(machine)


def tray(kind='gb200x4'):
    identity, model, generation, _ = NVIDIA[kind]
    machine = Machine(kind, model, scenario=[f'machine {kind}'])
    add_system(machine, packages=2, cores=72, architecture='aarch64')
    for index, domain in enumerate((0x0008, 0x0009, 0x0018, 0x0019)):
        root = f'pci{domain:04x}:00/{domain:04x}:00:00.0'
        add_function(machine, root, '10de:22b8', '060400', generation, numa=index // 2, config=config_space(acs=0))
        gpu = add_function(machine, f'{root}/{domain:04x}:01:00.0', identity, '030200', generation, numa=index // 2, driver='nvidia')
        machine.gpus.append(gpu)
    for index, domain in enumerate((0x0000, 0x0002, 0x0010, 0x0012)):
        root = f'pci{domain:04x}:00/{domain:04x}:00:00.0'
        add_function(machine, root, '10de:22b1', '060400', generation, numa=index // 2, config=config_space(acs=0))
        nic = add_function(machine, f'{root}/{domain:04x}:01:00.0', '15b3:1021', '020700', generation, numa=index // 2, driver='mlx5_core')
        machine.nics.append(nic)
        add_rdma(machine, index, nic)
    add_nvme(machine, 0, 0xF0)
    add_nvme(machine, 1, 0xF4)
    add_rdma_modules(machine)
    add_nvidia_driver(machine)
    return machine


def instinct(kind='mi300x8'):
    machine = Machine(kind, 'AMD Instinct MI300X', scenario=[f'machine {kind}'])
    add_system(machine)
    for index, bus in enumerate((0x05, 0x26, 0x46, 0x65, 0x85, 0xA6, 0xC6, 0xE5)):
        numa = index // 4
        down = hang(machine, bus - 3, 5, numa)
        gpu = add_function(machine, f'{down[0]}/0000:{bus:02x}:00.0', '1002:74a1', '120000', 5, numa=numa, driver='amdgpu')
        nic = add_function(machine, f'{down[1]}/0000:{bus + 1:02x}:00.0', '15b3:1021', '020700', 5, numa=numa, driver='mlx5_core')
        add_iommu_group(machine, gpu, 2 * index)
        add_iommu_group(machine, nic, 2 * index + 1)
        machine.gpus.append(gpu)
        machine.nics.append(nic)
        add_rdma(machine, index, nic)
        at = f'sys/devices/{gpu.path}'
        machine.text(f'{at}/mem_info_vram_total', 206141652992)
        machine.text(f'{at}/mem_info_vram_used', 300000000)
        machine.text(f'{at}/gpu_busy_percent', 0)
        for block in 'umc', 'sdma', 'gfx', 'mmhub', 'xgmi_wafl':
            machine.text(f'{at}/ras/{block}_err_count', 'ue: 0\nce: 0')
    add_tail(machine)
    add_module(machine, 'amdgpu', '6.14.14')
    return machine


# ---- software ----

# Versions of distribution packages, at or above the floors of data/advisory/floors.tsv.
COMMON_PACKAGES = {
    'apptainer': '1.4.5-1', 'apt': '2.8.3', 'build-essential': '12.10ubuntu1', 'chrony': '4.5-1ubuntu4.2', 'containerd': '2.2.1-0ubuntu1',
    'curl': '8.5.0-2ubuntu10.6', 'docker.io': '29.7.0-0ubuntu1', 'git': '1:2.43.0-1ubuntu7.3', 'htop': '3.3.0-4build1',
    'libpmix2t64': '5.0.1-4.1build1', 'linux-tools-common': '6.8.0-130.131', 'lmod': '8.6.19-1', 'munge': '0.5.15-4build1',
    'nhc': '1.4.3-1', 'passwd': '1:4.13+dfsg1-4ubuntu3.2', 'podman': '4.9.3+ds1-1ubuntu0.2',
    'prometheus-node-exporter': '1.7.0-1ubuntu0.3', 'python3': '3.12.3-0ubuntu2', 'runc': '1.3.6-0ubuntu1~24.04.1',
    'slurmd': '25.05.1-1', 'sudo': '1.9.15p5-3ubuntu5.24.04.1', 'tmux': '3.4-1ubuntu0.1', 'ucx': '1.17.0-1',
    'vim': '2:9.1.0016-1ubuntu7.8',
}
NVIDIA_PACKAGES = {
    'datacenter-gpu-manager-4-core': '1:4.5.3-1', 'datacenter-gpu-manager-exporter': '4.8.2-1', 'enroot': '4.0.1-1',
    'libgdrapi': '2.5.1-1', 'libnccl2': '2.28.9-1+cuda13.0', 'nsight-compute-2025.4.0': '2025.4.0.12-1',
    'nvidia-container-toolkit': '1.19.1-1', 'nvslurm-plugin-pyxis': '0.21.0-1',
}
AMD_PACKAGES = {'amd-container-toolkit': '1.2.0-1', 'enroot': '4.0.1-1', 'nvslurm-plugin-pyxis': '0.21.0-1',
                'rccl': '2.26.6.70002-56~24.04', 'rocm-core': '7.0.2.70002-56~24.04'}

SLURM = """# The network has a topology of blocks.
ClusterName=cluster
AccountingStorageType=accounting_storage/slurmdbd
GresTypes=gpu
HealthCheckProgram=/usr/sbin/nhc
HealthCheckInterval=300
MpiDefault=pmix
ProctrackType=proctrack/cgroup
Prolog=/etc/slurm/prolog.sh
Epilog=/etc/slurm/epilog.sh
ReturnToService=1
TaskPlugin=task/cgroup,\\
task/affinity
TopologyPlugin=topology/block
NodeName=node[1-64] Gres=gpu:8 CPUs=96
PartitionName=batch Nodes=ALL Default=YES
"""


def add_packages(machine, packages, architecture='amd64'):
    """dpkg's list: the packages among a thousand others."""
    versions = {f'libexample{n}': f'1.{n}-1' for n in range(1000)} | packages
    machine.put('var/lib/dpkg/status', ''.join(
        f'Package: {name}\nStatus: install ok installed\nPriority: optional\nArchitecture: {architecture}\n'
        f'Version: {versions[name]}\nDescription: a package\n of the distribution\n\n' for name in sorted(versions)))


def add_programs(machine, *names):
    for name in names:
        machine.put(f'usr/bin/{name}', '')


def add_software(machine):
    """What is installed and set on a healthy node of the kind, for jobs under Slurm and in containers."""
    is_nvidia = bool(machine.gpus) and machine.kind != 'mi300x8'
    add_module(machine, 'nvme', '1.0')
    if machine.nics:
        add_module(machine, 'ib_core')
        add_module(machine, 'ib_uverbs')
        machine.text('opt/hpcx/VERSION', 'HPC-X v2.24')
        machine.put('etc/profile.d/hpcx.sh', 'export PATH=/opt/hpcx/ompi/bin:$PATH\n')
    packages = dict(COMMON_PACKAGES)
    if is_nvidia:
        packages |= NVIDIA_PACKAGES
    elif machine.gpus:
        packages |= AMD_PACKAGES
    add_packages(machine, packages, 'arm64' if machine.kind == 'gb200x4' else 'amd64')
    add_programs(machine, 'dockerd', 'docker', 'containerd', 'runc', 'git', 'curl', 'vim', 'tmux', 'htop', 'perf', 'sudo',
                 'podman', 'python3.12', 'sinfo', 'ucx_info', 'apptainer')
    machine.put('usr/bin/python3', Link('python3.12'))
    for name in 'slurmd', 'munged', 'nhc', 'chronyd', 'useradd', 'sssd':
        machine.put(f'usr/sbin/{name}', '')
    for name in 'docker', 'containerd', 'slurmd', 'munge', 'chrony', 'ssh', 'sssd':
        machine.put(f'usr/lib/systemd/system/{name}.service', '')
    for number, name in enumerate(('dockerd', 'containerd', 'slurmd', 'munged', 'sssd', 'prometheus-node'), 3100):
        add_process(machine, number, name)
    if is_nvidia:
        add_cuda(machine)
        add_programs(machine, 'nvidia-ctk', 'nv-hostengine', 'dcgmi', 'dcgm-exporter', 'enroot')
        add_process(machine, 3200, 'dcgm-exporter')
        for name in 'nvidia-fabricmanager', 'nvidia-persistenced', 'nvidia-dcgm', 'nvidia-imex':
            machine.put(f'usr/lib/systemd/system/{name}.service', '')
        machine.put('etc/cdi/nvidia.yaml', 'cdiVersion: 0.7.0\nkind: nvidia.com/gpu\n')
        machine.put('etc/docker/daemon.json', '{"runtimes": {"nvidia": {"path": "nvidia-container-runtime"}}}')
        machine.put('etc/modprobe.d/nvidia.conf', 'options nvidia NVreg_RestrictProfilingToAdminUsers=0\n')
    elif machine.gpus:
        add_programs(machine, 'amd-ctk', 'enroot')
        add_process(machine, 3200, 'amd-metrics-exp')
        machine.text('opt/rocm/.info/version', '7.0.2-56')
        machine.put('opt/rocm/lib/librccl.so.1', '')
    add_settings(machine)
    if not machine.gpus:
        remove_slurm(machine)


def remove_slurm(machine):
    """A server that runs no jobs."""
    status = machine.files['var/lib/dpkg/status'].split('\n\n')
    machine.put('var/lib/dpkg/status', '\n\n'.join(
        entry for entry in status if not entry.startswith(('Package: slurmd\n', 'Package: munge\n', 'Package: nhc\n'))))
    for path in ('etc/slurm', 'usr/sbin/slurmd', 'usr/sbin/munged', 'usr/sbin/nhc', 'usr/bin/sinfo', 'proc/3102', 'proc/3103',
                 'usr/lib/systemd/system/slurmd.service', 'usr/lib/systemd/system/munge.service'):
        machine.remove(path)


def add_cuda(machine, version='13.1'):
    at = f'usr/local/cuda-{version}'
    machine.put('usr/local/cuda', Link(f'/{at}'))
    machine.put(f'{at}/version.json', '{"cuda": {"name": "CUDA SDK", "version": "%s.0"}, '
                '"cuda_nvcc": {"name": "CUDA NVCC", "version": "%s.80"}}' % (version, version))
    for name in 'nvcc', 'ncu':
        machine.put(f'{at}/bin/{name}', '')
    library = 'usr/lib/x86_64-linux-gnu' if machine.kind != 'gb200x4' else 'usr/lib/aarch64-linux-gnu'
    for name, full in (('libnccl.so.2', 'libnccl.so.2.28.9'), ('libgdrapi.so.2', 'libgdrapi.so.2.5.1'),
                       ('libdcgm.so.4', 'libdcgm.so.4.5.3')):
        machine.put(f'{library}/{name}', Link(full))
        machine.put(f'{library}/{full}', '')


def add_settings(machine):
    """/etc, as a provider leaves it: no nccl.conf, and nobody's statement."""
    if machine.gpus:
        machine.put('etc/slurm/slurm.conf', SLURM)
        machine.put('etc/slurm/prolog.sh', '#!/bin/sh\n')
        machine.put('etc/slurm/epilog.sh', '#!/bin/sh\n')
        machine.put('etc/slurm/plugstack.conf', 'include /etc/slurm/plugstack.conf.d/*\n')
        machine.put('etc/slurm/plugstack.conf.d/pyxis.conf',
                    'required /usr/lib/x86_64-linux-gnu/slurm/spank_pyxis.so\n')
        machine.put('usr/lib/x86_64-linux-gnu/slurm/spank_pyxis.so', '')
    machine.put('etc/security/limits.d/90-rdma.conf', '# RDMA locks all memory that it registers.\n* - memlock unlimited\n')
    machine.put('etc/environment', 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n')
    if 'usr/local/cuda' in machine.files:
        machine.put('etc/profile.d/cuda.sh', 'export PATH=/usr/local/cuda/bin${PATH:+:${PATH}}\n')
    machine.put('etc/pam.d/common-auth', '# who a user is, is asked of the directory\nauth sufficient pam_sss.so\n'
                'auth required pam_deny.so\n')
    machine.put('etc/nsswitch.conf', 'passwd: files systemd sss\ngroup: files systemd sss\n')
    machine.put('etc/ssh/sshd_config', 'Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n')
    machine.put('etc/ssh/sshd_config.d/50-keys.conf', 'PasswordAuthentication no\n')
    machine.put('etc/sudoers', 'Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n')
    machine.text('proc/sys/kernel/dmesg_restrict', 1)
    machine.text('proc/sys/kernel/unprivileged_bpf_disabled', 2)
    machine.text('proc/sys/net/ipv4/ip_forward', 0)


def bare():
    machine = Machine('bare', '')
    add_system(machine)
    front = add_function(machine, 'pci0000:70/0000:70:01.0', '8086:352a', '060400', 4, 8, config=config_space(acs=0))
    nic = add_function(machine, f'{front.path}/0000:71:00.0', '8086:1593', '020000', 4, 8, driver='ice')
    add_net(machine, 'eth0', nic.path)
    for index in range(2):
        add_nvme(machine, index, 0xF0 + 4 * index)
    return machine


KINDS = {
    'h100x8': lambda: hgx('h100x8'),
    'h200x8': lambda: hgx('h200x8'),
    'b200x8': lambda: hgx('b200x8'),
    'gb200x4': tray,
    'mi300x8': instinct,
    'bare': bare,
}


@functools.cache
def made(kind):
    machine = KINDS[kind]()
    add_software(machine)
    return machine


def healthy(kind):
    """A machine of the kind, the caller's own to break."""
    machine = made(kind)
    return dataclasses.replace(
        machine, files=dict(machine.files), scenario=list(machine.scenario), log=list(machine.log)
    )


def keep_gpus(machine, count):
    """Takes the GPUs behind the first so many out of the machine."""
    for gpu in machine.gpus[count:]:
        machine.remove(machine.device(gpu.address))
        machine.remove(f'sys/bus/pci/devices/{gpu.address}')
    machine.gpus = machine.gpus[:count]
    machine.scenario.append(f'system gpus {count}')
    return machine
