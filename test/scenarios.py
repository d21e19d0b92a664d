#!/usr/bin/python3
"""What goes wrong with nodes, one scenario each, and exactly what is said about it.

usage: test/scenarios.py [PART-OF-A-NAME...]

Not here, because a folder cannot show it: a mount that hangs (src/probe/question_test.c has it).
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path[:0] = ['tools', 'test']

import blind
import faults
import machines
import plays
import tap
from plays import Scenario

RUNC = '1.3.6-0ubuntu1~24.04.1'
H100, H200, B200, GB200, MI300 = 'h100x8', 'h200x8', 'b200x8', 'gb200x4', 'mi300x8'
NVIDIA = [H100, H200, B200, GB200]


# ---- ways to break a machine ----


def all_of(*ways):
    def breaks(machine):
        for way in ways:
            way(machine)

    return breaks


def play(*lines):
    """Lines for the vendor's stand-in."""
    return lambda machine: machine.scenario.extend(lines)


def fill(machine, text):
    """`text` with {g3} as the address of GPU 3, {x3} as the driver writes it, {n0} that of an adapter."""
    names = {f'g{i}': gpu.address for i, gpu in enumerate(machine.gpus)}
    names |= {f'x{i}': f'PCI:{gpu.address[:-2]}' for i, gpu in enumerate(machine.gpus)}
    names |= {f'n{i}': nic.address for i, nic in enumerate(machine.nics)}
    return text.format(**names)


def log(*texts, level=3):
    def breaks(machine):
        for text in texts:
            machine.say(fill(machine, text), level=level)

    return breaks


def text(path, value):
    """Another text in the file; {g3} is a folder of /sys/devices in a path."""
    return lambda machine: machine.text(place(machine, path), value)


def drop(path):
    return lambda machine: machine.remove(place(machine, path))


def place(machine, path):
    names = {f'g{i}': f'sys/devices/{gpu.path}' for i, gpu in enumerate(machine.gpus)}
    names |= {f'n{i}': f'sys/devices/{nic.path}' for i, nic in enumerate(machine.nics)}
    names |= {f'p{i}': f'sys/devices/{gpu.path.rsplit("/", 1)[0]}' for i, gpu in enumerate(machine.gpus)}
    names |= {f'r{i}': '/'.join(f'sys/devices/{gpu.path}'.split('/')[:4]) for i, gpu in enumerate(machine.gpus)}
    return path.format(**names)


def off_the_bus(number):
    """GPU and everything of it, as after a surprise removal."""

    def breaks(machine):
        gpu = machine.gpus[number]
        machine.remove(f'sys/devices/{gpu.path}')
        machine.remove(f'sys/bus/pci/devices/{gpu.address}')
        machine.remove(f'proc/driver/nvidia/gpus/{gpu.address}')
        machine.scenario.append(f'gpu {number} vanish')

    return breaks


def not_taken_up(number):
    def breaks(machine):
        gpu = machine.gpus[number]
        machine.remove(f'proc/driver/nvidia/gpus/{gpu.address}')
        machine.scenario.append(f'gpu {number} vanish')

    return breaks


# The mounts of a folder cannot be asked whether they answer, and only root can make a device.
UNSEEN = ('unknown mount-health mount:*',) + (() if os.geteuid() == 0 else ('fail gdrcopy',))
SCENARIOS = [Scenario(f'{kind}: healthy', kind, tolerated=UNSEEN) for kind in machines.KINDS]
SECURITY = ('--profile=security',)
# The half that a node can show of these is a warning by design, and worth half in a rating.
UNSHOWN = ('warn slurm-health-program', 'warn slurm-shared-home')
NO_FLOOR = {MI300: ('unknown driver-floor',)}  # no source names one for AMD's driver
SCENARIOS += [Scenario(f'{kind}: healthy and safe', kind, tolerated=(*UNSEEN, *UNSHOWN, *NO_FLOOR.get(kind, ())), arguments=SECURITY) for kind in machines.KINDS]


def add(name, kind, breaks, *expected, **more):
    SCENARIOS.append(Scenario(f'{kind}: {name}', kind, breaks, expected, **more))


# ---- GPUs that are not there, and libraries that do not answer ----

for kind in NVIDIA:
    add('a GPU is off the PCI bus', kind, off_the_bus(3), 'fail gpu-count vendor:nvidia')
add('a GPU is off the PCI bus', MI300, off_the_bus(3), 'fail gpu-count vendor:amd')
for kind in NVIDIA:
    add('a GPU on the bus that the driver did not take up', kind, not_taken_up(3),
        'fail gpu-count vendor:nvidia', 'unknown * gpu:3')
add('the probe routine failed for a GPU', H100,
    all_of(not_taken_up(3), log('NVRM: The NVIDIA probe routine failed for 1 device(s).')),
    'fail gpu-count vendor:nvidia', 'unknown * gpu:3', 'fail gpu-error-log *')
add('a GPU is lost in the middle of the look', H100, play('gpu 3 call nvmlDeviceGetPowerUsage error 15'),
    'fail gpu-count gpu:3', tolerated=('unknown * gpu:3', 'unknown * gpu:3/*'))
add('a GPU needs a reset', H100, play('gpu 3 call nvmlDeviceGetEccMode error 16'),
    'fail gpu-count gpu:3', tolerated=('unknown * gpu:3', 'unknown * gpu:3/*'))
for call in 'nvmlDeviceGetFieldValues', 'nvmlDeviceGetTotalEccErrors', 'nvmlDeviceGetHandleByIndex_v2':
    add(
        f'{call} stalls for one GPU', H100, play(f'gpu 3 call {call} stall'), 'fail gpu-count gpu:3',
        arguments=('--timeout=500',), tolerated=('unknown * gpu:3', 'unknown * gpu:3/*'),
    )
add(
    'the library stalls when it starts', H100, play('system call nvmlInit_v2 stall'),
    'fail gpu-count vendor:nvidia', arguments=('--timeout=500',),
    tolerated=('unknown *', 'unknown * *', 'fail gpu-count gpu:*', 'fail drivers-present *'),
)
NO_LIBRARY = ('unknown *', 'unknown * *', 'fail drivers-present *')
add('no library', H100, lambda machine: None, 'fail gpu-count vendor:nvidia',
    environment={'ASSAY_LIBRARY_PATH': '/nonexistent'}, tolerated=NO_LIBRARY)
add(
    'no driver', H100, play('system call nvmlInit_v2 error 9'), 'fail gpu-count vendor:nvidia',
    tolerated=NO_LIBRARY,
)
add('library and driver of different versions', H100, play('system call nvmlInit_v2 error 18'),
    'fail gpu-count vendor:nvidia', tolerated=NO_LIBRARY)
add(
    'the library answers rubbish', H100,
    play(
        *(f'call {call} rubbish' for call in ('nvmlDeviceGetTemperatureV', 'nvmlDeviceGetEccMode', 'nvmlDeviceGetPowerUsage', 'nvmlDeviceGetFieldValues', 'nvmlDeviceGetName', 'nvmlDeviceGetGpuFabricInfoV')),
    ),
    '* * gpu:*', tolerated=('* *', '* * *'),
)
add('the library crashes', H100, play('gpu 3 call nvmlDeviceGetEccMode crash'),
    'fail gpu-count gpu:3', tolerated=('unknown * gpu:3', 'unknown * gpu:3/*'))
add('the library crashes when it starts', H100, play('system call nvmlInit_v2 crash'),
    'fail gpu-count vendor:nvidia', tolerated=NO_LIBRARY)

# ---- what the driver asks for, memory ----

for action in 1, 2, 3, 4:
    add(
        f'recovery action {action}', H100, play(f'gpu 3 recovery_action {action}'),
        'fail gpu-recovery gpu:3',
    )
for kind in NVIDIA:
    add(
        'an uncorrected error of memory', kind, play('gpu 3 dram_uncorrected_volatile 1'),
        'fail gpu-ecc gpu:3',
    )
add(
    'an uncorrected error of on-chip memory', H100, play('gpu 3 sram_uncorrected_volatile 1'),
    'fail gpu-ecc gpu:3',
)
add('on-chip memory past its threshold', H100, play('gpu 3 sram_threshold 1'), 'fail gpu-ecc gpu:3')
add('uncorrected errors of an earlier time', H100, play('gpu 3 dram_uncorrected_aggregate 2'))
add('error correction is off', H100, play('gpu 3 ecc 0'), 'warn gpu-ecc gpu:3', 'warn gpu-alike gpu:3')
add(
    'far more corrected errors than its neighbours', H100, play('gpu 3 dram_corrected_volatile 5000'),
    'warn gpu-ecc-rate gpu:3',
)
add('a row waits to be replaced', H100, play('gpu 3 remap_pending 1'), 'warn gpu-rows gpu:3')
add('a row could not be replaced', H100, play('gpu 3 remap_failed 1'), 'fail gpu-rows gpu:3')
add('a bank without spare rows', H100, play('gpu 3 remap_banks_none 1'), 'warn gpu-rows gpu:3')
for pages, verdict in (16, 'warn'), (63, 'fail'):
    add(
        f'{pages} retired pages', H100,
        play(
            'gpu * remapped_correctable -', 'gpu * retired_double 0', 'gpu * retired_single 0',
            'gpu * retired_pending 0', f'gpu 3 retired_double {pages}',
        ),
        f'{verdict} gpu-pages gpu:3',
    )

# ---- heat, power, clocks ----

for name, bits in ('hardware slowdown', 0x8), ('heat, by hardware', 0x40), ('heat, by the driver', 0x20), ('power brake', 0x80):
    add(f'slowed by {name}', H100, play(f'gpu 3 clocks_reasons {bits}'), 'warn gpu-throttle gpu:3')
add(
    'slowed by heat most of the time', H100, play('gpu 3 violation_thermal 70000000000000'),
    'fail gpu-throttle gpu:3',
)
add('slowed by its power limit is no fault', H100, play('gpu 3 clocks_reasons 0x4'))
add(
    'two degrees to its slowdown', H100, play('gpu 3 temperature 85', 'gpu 3 margin 2'),
    'fail gpu-thermal gpu:3',
)
add(
    'far hotter than its neighbours', H100, play('gpu 3 temperature 60', 'gpu 3 margin 27'),
    'warn gpu-thermal gpu:3',
)
add(
    'memory far hotter than that of its neighbours', H100, play('gpu 3 memory_temperature 70'),
    'warn gpu-thermal gpu:3',
)
add(
    'a power limit below the default', H100, play('gpu 3 power_limit 500', 'gpu 3 power_enforced 500'),
    'fail gpu-power-limit gpu:3', 'warn gpu-alike gpu:3',
)
add(
    'power limits of all GPUs below the default', H100,
    play('gpu * power_limit 500', 'gpu * power_enforced 500'), 'fail gpu-power-limit gpu:*',
)
add(
    'persistence is off', H100, play('gpu 3 persistence 0'), 'warn gpu-persistence gpu:3',
    'warn gpu-alike gpu:3',
)
add('other firmware on one GPU', H100, play('gpu 3 vbios 96.00.74.00.01'), 'warn gpu-alike gpu:3')
add(
    'less memory on one GPU', H100, play('gpu 3 memory 65247'), 'fail gpu-alike gpu:3',
    tolerated=('* gpu-generation gpu:3',),
)
add('idle and hungry', B200, play('gpu 3 power 400', 'gpu 3 power_average 400'), 'warn idle-power gpu:3')
add(
    'busy, and draws little', H100,
    play('gpu 3 utilization 100', 'gpu 3 process 4711 60000', 'gpu 3 clocks_reasons 0'),
    'unknown stalled-collective gpu:3',
)

# ---- PCIe ----

add(
    'PCIe trained at generation 3 while busy', H100,
    all_of(
        text('{g3}/current_link_speed', '8.0 GT/s PCIe'),
        play(
            'gpu 3 pcie_generation 3', 'gpu 3 utilization 90', 'gpu 3 power 600',
            'gpu 3 power_average 600', 'gpu 3 clocks_reasons 0', 'gpu 3 process 4711 60000',
        ),
    ),
    'fail pcie-link gpu:3',
)
add(
    'PCIe can reach generation 3 only', H100,
    all_of(
        text('{g3}/current_link_speed', '8.0 GT/s PCIe'), text('{g3}/max_link_speed', '8.0 GT/s PCIe'),
        play('gpu 3 pcie_generation 3', 'gpu 3 pcie_generation_maximum 3'),
    ),
    'fail pcie-link gpu:3',
)
add(
    'PCIe trained down while idle is no fault', H100,
    all_of(text('{g3}/current_link_speed', '2.5 GT/s PCIe'), play('gpu 3 pcie_generation 1')),
)
add(
    'PCIe with half of its lanes', H100,
    all_of(text('{g3}/current_link_width', 8), play('gpu 3 pcie_width 8')), 'fail pcie-link gpu:3',
)
add(
    'a bridge above GPU and adapter is slower', H100,
    all_of(text('{r3}/current_link_speed', '16.0 GT/s PCIe'), text('{r3}/max_link_speed', '16.0 GT/s PCIe')),
    'fail pcie-link gpu:3', 'fail pcie-link pci:nic:3',
)
add(
    'an adapter with half of its lanes', H100, text('{n3}/current_link_width', 8),
    'fail pcie-link pci:nic:3',
)
add(
    'a fatal PCIe error', H100, text('{g3}/aer_dev_fatal', 'TLP 1\nTOTAL_ERR_FATAL 1'),
    'fail pcie-errors gpu:3',
)
add(
    'a fatal PCIe error at the port above', H100, text('{p3}/aer_dev_fatal', 'TLP 1\nTOTAL_ERR_FATAL 1'),
    'fail pcie-errors gpu:3',
)
add(
    'an uncorrected PCIe error', H100, text('{g3}/aer_dev_nonfatal', 'TLP 1\nTOTAL_ERR_NONFATAL 1'),
    'warn pcie-errors gpu:3',
)
add(
    'many corrected PCIe errors', H100,
    text('{g3}/aer_dev_correctable', 'RxErr 1000000\nTOTAL_ERR_COR 1000000'), 'warn pcie-errors gpu:3',
)
add('PCIe sends again and again', H100, play('gpu 3 pcie_replays 1000000'), '* pcie-replays gpu:3')
add(
    'small read requests', H100,
    lambda machine: machine.put(machine.device(machine.nics[3].address) + '/config', machines.config_space(read_request=128)),
    'warn pcie-ordering pci:nic:3',
)


def switch_redirects(machine):
    """Peer traffic goes up to the root complex, as the ports below the switch say; the switch's own
    upper port has no such setting."""
    for gpu in machine.gpus:
        machine.put(f'sys/devices/{gpu.path.rsplit("/", 1)[0]}/config', machines.config_space(acs=0x1D))


add('ACS redirects at the ports of a switch', H100, switch_redirects, '* pcie-acs *')
# NVIDIA's guide takes the validation of sources for a sign that ACS is on, though it redirects nothing.
add('ACS that only validates sources', H100,
    lambda machine: machine.put(place(machine, '{p3}/config'), machines.config_space(acs=0x01)),
    'warn pcie-acs pci:0000:60:00.0')
add(
    'the IOMMU translates', H100,
    lambda machine: [machine.text(f'sys/kernel/iommu_groups/{n}/type', 'DMA') for n in range(16)],
    '* iommu-mode *',
)

# ---- NVLink ----

for kind in H100, H200, B200:
    add('a link is down', kind, play('link 3 5 state 0'), 'fail gpu-links gpu:3')
add('a link is slow', H100, play('link 3 5 speed 13281'), 'fail gpu-links gpu:3')
add('checksum errors on a link', H100, play('link 3 5 crc 100000000'), '* gpu-link-errors gpu:3')
add('replays on a link', H100, play('link 3 5 replay 10000000'), '* gpu-link-errors gpu:3')
add('recoveries of a link', H100, play('link 3 5 recovery 100000'), '* gpu-link-errors gpu:3')
add('failed recoveries of a link', B200, play('link 3 5 recovery_failed 1'), '* gpu-link-errors gpu:3')
add(
    'a symbol error rate', B200, play('link 3 5 symbol_ber 0x3f1', 'link 3 5 symbol_errors 100000'),
    '* gpu-link-errors gpu:3',
)
add(
    'fabric registered, resources insufficient', H100, play('gpu 3 fabric_status 23'),
    'fail fabric-state gpu:3',
)
add('fabric not started', H100, play('gpu * fabric_state 1'), 'fail fabric-state gpu:*')
add('the clique differs', GB200, play('gpu 3 fabric_clique 7'), 'fail nvlink-domain gpu:3')
add(
    'no domain', GB200, play('gpu * fabric_cluster 00000000-0000-0000-0000-000000000000'),
    'fail fabric-state gpu:*', 'fail nvlink-domain gpu:0',
)
add('a link to the rack is down', GB200, play('link 2 5 state 0'), 'fail gpu-links gpu:2')

# ---- jobs that are left ----

add('a process of an earlier job', H100, play('gpu 3 process 4711 512'), 'warn gpu-leftovers gpu:3')
add('memory that nobody holds', H100, play('gpu 3 memory_used 4096'), 'warn gpu-leftovers gpu:3')

# ---- the back-end network ----

PORT = '{n3}/infiniband/mlx5_3/ports/1'
add(
    'a port is down', H100,
    all_of(text(f'{PORT}/state', '1: DOWN'), text(f'{PORT}/phys_state', '2: Polling')),
    'fail rdma-ports rdma:mlx5_3/1',
)
add(
    'a port is down', MI300,
    all_of(text(f'{PORT}/state', '1: DOWN'), text(f'{PORT}/phys_state', '3: Disabled')),
    'fail rdma-ports rdma:mlx5_3/1',
)
add(
    'a port waits for the subnet manager', H100,
    all_of(text(f'{PORT}/state', '2: INIT'), text(f'{PORT}/lid', '0x0')), 'fail rdma-ports rdma:mlx5_3/1',
)
add(
    'a port at half of its rate', H100, text(f'{PORT}/rate', '200 Gb/sec (4X HDR)'),
    'fail rdma-ports rdma:mlx5_3/1', tolerated=('warn nic-alike *',),
)
for counter, value in (
    ('local_link_integrity_errors', 1), ('excessive_buffer_overrun_errors', 1)
):
    add(
        f'{counter} of a port', H100, text(f'{PORT}/counters/{counter}', value),
        'warn rdma-counters rdma:mlx5_3/1/*',
    )
for counter, value, verdict in ('link_downed', 1, 'fail'), ('symbol_error', 100, 'fail'), ('port_rcv_errors', 10000, 'warn'):
    add(
        f'{counter} of a port rises', H100, lambda machine: None,
        f'{verdict} rdma-counters rdma:mlx5_3/1/{counter}', tolerated=('fail link-flaps rdma:mlx5_3/1',),
        later=text(f'{PORT}/counters/{counter}', value),
    )
add(
    'rnr_nak_retry_err of a port', H100, text(f'{PORT}/hw_counters/rnr_nak_retry_err', 1),
    'warn rdma-counters rdma:mlx5_3/1/*',
)
add(
    'a port in other partitions', H100, text(f'{PORT}/pkeys/1', '0x8002'),
    'fail infiniband-partitions rdma:mlx5_3/1',
)
add('a link flapped', H100, text('{n3}/net/ibp3s0/carrier_changes', 200), '* link-flaps *3*')
add(
    'a link went down and up', H100,
    log(*['mlx5_core {n3} ibp3s0: Link down', 'mlx5_core {n3} ibp3s0: Link up'] * 6),
    'fail link-flaps pci:nic:3',
)
add(
    'the firmware of an adapter stopped', H100,
    log(
        'mlx5_core {n3}: health_care:133:(pid 0): handling bad device here',
        'mlx5_core {n3}: mlx5_health: device health poll failed',
        'mlx5_core {n3}: print_health_info:390:(pid 0): Health issue observed, firmware internal error, severity(3) ERROR',
    ),
    '* nic-log *',
)
add(
    'a command of an adapter timed out', H100,
    log(
        'mlx5_core {n3}: wait_func:1119:(pid 9): ACCESS_REG(0x805) timeout. Will cause a leak of a command resource',
    ),
    '* nic-log *',
)
add(
    'an adapter is short of power', H100,
    log('mlx5_core {n3}: mlx5_pcie_event:301:(pid 9): Detected insufficient power on the PCIe slot (27W).'),
    '* nic-log *',
)
add(
    'other firmware on one adapter', H100, text('{n3}/infiniband/mlx5_3/fw_ver', '28.39.1002'),
    '* nic-alike *',
)

# ---- processors, memory, drives, the system ----

MC = 'sys/devices/system/edac/mc/mc0'
add(
    'memory lost data', H100, all_of(text(f'{MC}/dimm3/dimm_ue_count', 1), text(f'{MC}/ue_count', 1)),
    'fail memory-errors *',
)
add(
    'memory corrects very many errors', H100,
    all_of(text(f'{MC}/dimm3/dimm_ce_count', 5000000), text(f'{MC}/ce_count', 5000000)),
    'warn memory-errors *',
)
add(
    'a machine check', H100,
    log('mce: [Hardware Error]: CPU 3: Machine Check Exception: 5 Bank 7: be00000000800400'),
    '* machine-checks *',
)
add('a drive is dead', H100, text('sys/class/nvme/nvme1/state', 'dead'), '* nvme-health *')
add(
    'a drive does not answer', H100,
    log('nvme nvme1: I/O 12 QID 4 timeout, aborting', 'nvme nvme1: I/O 12 QID 4 timeout, reset controller'),
    '* storage-log *',
)
add(
    'a file system went read-only', H100,
    log(
        'EXT4-fs error (device nvme0n1): ext4_find_entry:1455: inode #2: comm bash: reading directory lblock 0',
        'EXT4-fs (nvme0n1): Remounting filesystem read-only',
    ),
    '* storage-log *',
)
add(
    'a mount is read-only', H100,
    lambda machine: machine.put('proc/self/mountinfo', machine.files['proc/self/mountinfo'].replace('/scratch rw,relatime - xfs /dev/nvme1n1 rw', '/scratch rw,relatime - xfs /dev/nvme1n1 ro')),
    'fail mount-health mount:/scratch',
)
add(
    'a task hangs', H100, log('INFO: task python3:123 blocked for more than 122 seconds.'),
    '* system-stuck *',
)
add(
    'a processor hangs', H100, log('watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [python3:123]'),
    '* system-stuck *',
)
add(
    'processors save power', H100,
    lambda machine: [machine.text(f'sys/devices/system/cpu/cpufreq/policy{n}/scaling_governor', 'powersave') for n in range(96)],
    '* cpu-governor *',
)
add(
    'time is counted with the HPET', H100,
    text('sys/devices/system/clocksource/clocksource0/current_clocksource', 'hpet'), '* clock-source *',
)
add(
    'a processor thread is off', H100,
    all_of(text('sys/devices/system/cpu/online', '0-94'), text('sys/devices/system/cpu/offline', '95')),
    '* cpu-online *',
)
add(
    'programs may lock 64 KiB', H100,
    lambda machine: machine.put('proc/self/limits', machine.files['proc/self/limits'].replace('unlimited            unlimited            bytes', '65536                65536                bytes    ')),
    '* limit-memlock *',
)
add(
    'a processor was too hot', H100,
    log('CPU3: Core temperature above threshold, cpu clock throttled (total events = 1)'),
    '* system-heat *',
)
add('no peer memory', H100, drop('sys/module/nvidia_peermem'), '* gpudirect-rdma *')
add('no files left', H100, text('proc/sys/fs/file-nr', '990000\t0\t1000000'), '* system-resources *')
add(
    'memory of the node was used up', H100,
    log('Out of memory: Killed process 123 (python3) total-vm:1kB'), '* system-resources *',
)
add(
    'memory of a GPU is a node of the system', GB200,
    all_of(
        text('sys/devices/system/node/online', '0-1,4'), text('sys/devices/system/node/node4/cpulist', ''),
        text('sys/devices/system/node/node4/meminfo', 'Node 4 MemTotal: 192000000 kB\nNode 4 MemFree: 1 kB'),
        play('gpu 0 numa 4'),
    ),
    'warn gpu-memory-numa numa:4',
)

# ---- AMD ----

add(
    'an uncorrected error in a block', MI300, play('gpu 3 ecc_uncorrectable 1'), 'fail gpu-ecc gpu:3',
    'fail gpu-ecc gpu:3/block:*',
)
add('a deferred error in a block', MI300, play('gpu 3 ecc_deferred 1'), 'warn gpu-ecc gpu:3/block:*')
add('a bad page', MI300, play('gpu 3 bad_page 0x1000 0'))
add(
    'bad pages up to the threshold', MI300, play('gpu 3 bad_page_threshold 1', 'gpu 3 bad_page 0x1000 0'),
    'fail gpu-pages gpu:3',
)
add('a fatal record', MI300, play('gpu 3 cper 1 30'), 'fail gpu-afid gpu:3')
add(
    'a reset that failed', MI300,
    log('amdgpu {g3}: amdgpu: GPU reset begin!', 'amdgpu {g3}: amdgpu: GPU reset(1) failed'),
    'fail gpu-afid gpu:3',
)
add('a link of xGMI is down', MI300, play('link 3 5 state 0'), 'fail gpu-links gpu:3')
add('two degrees to its slowdown', MI300, play('gpu 3 temperature 99'), 'fail gpu-thermal gpu:3')
add(
    'a power limit below the default', MI300, play('gpu 3 power_limit 500'), 'fail gpu-power-limit gpu:3',
    tolerated=('warn gpu-alike gpu:3',),
)
add(
    'PCIe with half of its lanes', MI300,
    all_of(text('{g3}/current_link_width', 8), play('gpu 3 pcie_width 8')), 'fail pcie-link gpu:3',
)
add('a process of an earlier job', MI300, play('gpu 3 process 4711 512'), 'warn gpu-leftovers gpu:3')
for name, way in ('does not start', 'error 34'), ('stalls when it starts', 'stall'), ('crashes when it starts', 'crash'):
    add(f'the library {name}', MI300, play(f'system call amdsmi_init {way}'), 'fail gpu-count vendor:amd',
        arguments=('--timeout=500',), tolerated=NO_LIBRARY)

# ---- services, settings, versions ----


def process_gone(name):
    """No process of the name runs."""

    def breaks(machine):
        for path in [p for p, content in machine.files.items() if p.endswith('/comm') and content == f'{name}\n']:
            machine.remove(path.removesuffix('/comm'))

    return breaks


def driver(version, library):
    def breaks(machine):
        for path in 'proc/driver/nvidia/version', 'sys/module/nvidia/version', 'sys/module/nvidia_peermem/version':
            machine.files[path] = machine.files[path].replace(machines.DRIVER, version)
        machine.scenario += [f'system driver {version}', f'system library {library}']

    return breaks


def replaced(path, old, new):
    def breaks(machine):
        assert old in machine.files[path], f'{path} has no {old!r}'
        machine.put(path, machine.files[path].replace(old, new))

    return breaks


for kind in H100, H200, B200:
    add(
        'the fabric manager does not run', kind, process_gone('nv-fabricmanage'),
        'fail fabric-state service:nvidia-fabricmanager',
    )
add('IMEX does not run', GB200, process_gone('nvidia-imex'), 'warn nvlink-domain service:nvidia-imex')
add('nothing keeps the clock', H100, process_gone('chronyd'), '* time-sync *')

add(
    'a driver below the floor of its branch', H100, driver('580.95.05', '13.580.95.05'),
    'fail driver-floor', arguments=SECURITY, tolerated=('warn default-paths',),
)
add(
    'a driver of a branch that ended', H100, driver('570.172.08', '12.570.172.08'), 'fail driver-floor',
    arguments=SECURITY, tolerated=('warn default-paths',),
)
add(
    'a driver of a branch that no table has', H100, driver('999.10.01', '14.999.10.01'),
    'unknown driver-floor', arguments=SECURITY, tolerated=('warn default-paths',),
)
add(
    'runc with a known flaw', H100, replaced('var/lib/dpkg/status', RUNC, '1.1.12-0ubuntu3'),
    'fail runc-floor', arguments=SECURITY,
)


def older_kernel(machine):
    """Still runs, though the newer one is installed beside it."""
    for path, content in list(machine.files.items()):
        if path.startswith('proc/') and isinstance(content, str) and '6.8.0-130' in content:
            machine.put(path, content.replace('6.8.0-130', '6.8.0-50'))
    machine.put('boot/vmlinuz-6.8.0-50-generic', '')
    machine.text('lib/modules/6.8.0-50-generic/modules.builtin', '')


add(
    'a kernel without the fix', H100, older_kernel, 'fail kernel-fragnesia', '* running-kernel',
    arguments=SECURITY,
)

add(
    'every user commands Docker', H100,
    lambda machine: machine.put('run/docker.sock', machines.Device(0o666)), '* docker-socket *',
    arguments=SECURITY,
)
add(
    'the management controller is open', H100,
    lambda machine: machine.put('dev/ipmi0', machines.Device(0o666)), '* bmc-unreachable *',
    arguments=SECURITY,
)
add(
    'profiling for the administrator alone', H100,
    replaced('proc/driver/nvidia/params', 'RmProfilingAdminOnly: 0', 'RmProfilingAdminOnly: 1'),
    '* gpu-profiling *', arguments=SECURITY,
)

add(
    'Slurm knows no topology', H100, replaced('etc/slurm/slurm.conf', 'topology/block', 'topology/none'),
    '* slurm-topology *', arguments=SECURITY,
)
add(
    'Slurm keeps no accounts', H100,
    replaced('etc/slurm/slurm.conf', 'accounting_storage/slurmdbd', 'accounting_storage/none'),
    '* slurm-accounting *', arguments=SECURITY,
)
add(
    'no health program', H100,
    replaced('etc/slurm/slurm.conf', 'HealthCheckProgram=', '#HealthCheckProgram='),
    'fail slurm-health-program *', arguments=SECURITY,
)
for version in '1.1.14-0ubuntu1', '1.2.7-0ubuntu1', '1.3.2-0ubuntu1', '1.3.5-0ubuntu1':
    add(
        f'runc {version}, in the range of an advisory', H100,
        replaced('var/lib/dpkg/status', RUNC, version), 'fail runc-floor', arguments=SECURITY,
    )
add(
    'toolkit for containers with a known flaw', H100,
    replaced('var/lib/dpkg/status', '1.19.1-1', '1.17.7-1'), 'fail container-toolkit-floor',
    arguments=SECURITY,
)
add(
    'NCCL is told an algorithm', H100, text('etc/nccl.conf', 'NCCL_ALGO=Ring'), '* nccl-overrides *',
    arguments=('--all', 'nccl-overrides'),
)

# ---- text of any kind ----

ANY = ('unknown * *', 'unknown *')


def odd_texts(machine):
    machine.put('etc/os-release', b'PRETTY_NAME=\'Site "4" \\ Golden\tImage\'\nID=\xff\xfe\nVERSION_ID="2\n4"\nNAME=$(reboot)\n')
    machine.text('sys/class/dmi/id/product_name', 'SYS "821" \\ <b>\x1b[31m')
    machine.text('proc/sys/kernel/hostname', 'no"de\\7.example')
    machine.put('proc/self/mountinfo', machine.files['proc/self/mountinfo'] + '26 23 0:51 / /mnt/a\\040b\\011c\\134d"e rw - xfs /dev/nvme9n1 rw\n')
    machine.put('sys/class/dmi/id/board_name', b'\xc3\x28\xa0\xa1\n')


add(
    'quotes, backslashes, blanks and wrong UTF-8', H100, odd_texts,
    tolerated=('unknown mount-health mount:*',),
)
add('GPU names with quotes', H100, play('gpu * name NVIDIA "H100" \\ 80GB <b>'), tolerated=('* * *', '* *'))
add('the library counts no GPU', H100, play('system gpus 0'), 'fail gpu-count vendor:nvidia', tolerated=ANY)
add(
    'the kernel log is binary garbage between lines', H100,
    lambda machine: machine.put('dev/kmsg', machine.content()['dev/kmsg'].encode() + bytes(range(256)) * 16 + b'\n' + fill(machine, '3,9999,86300000000,-;NVRM: Xid ({x3}): 79, pid=1, GPU has fallen off the bus.\n').encode()),
    'fail gpu-error-log gpu:3',
)
add(
    'links of /sys that lead in a circle', H100,
    lambda machine: [machine.put(path, machines.Link(path.rsplit('/', 1)[1])) for path in list(machine.files) if path.startswith(('sys/class/net/', 'sys/class/infiniband/', 'sys/block/', 'sys/class/nvme/'))],
    'unknown *', tolerated=('* *', '* * *'),
)
add(
    'four of eight GPUs in a virtual machine', H100,
    all_of(*[off_the_bus(n) for n in range(4, 8)], text('sys/class/dmi/id/sys_vendor', 'QEMU')),
    'unknown gpu-count vendor:nvidia', tolerated=('* *', '* * *'),
)
add(
    'a user who may read little', H100, lambda machine: machine.put('dev/kmsg', machines.Sealed()),
    'unknown gpu-error-log *', 'unknown gpu-switch-log *', as_nobody=True,
    tolerated=('unknown * *', 'unknown *'),
)

def container_in_a_guest(machine):
    """Both are seen, each for itself: a kernel that KVM runs, and a container around the process."""
    machine.text('sys/class/dmi/id/sys_vendor', 'QEMU')
    machine.put('.dockerenv', '')


add(
    'a container in a virtual machine', H100, container_in_a_guest,
    arguments=('--all', 'gpu-count', 'pcie-acs'),
)
add(
    'a container that was given four of eight GPUs', H100,
    all_of(text('.dockerenv', ''), play(*[f'gpu {n} vanish' for n in range(4, 8)])),
    'unknown gpu-count vendor:nvidia', arguments=('--all', 'gpu-count'), tolerated=('unknown * gpu:*',),
)

# ---- what stays well ----

add('a comment in nccl.conf is no setting', H100, text('etc/nccl.conf', '# NCCL_ALGO=Ring\n'))
add(
    'ordinary messages', H100,
    log('usb 1-1: New USB device found', 'NVRM: loading NVIDIA UNIX Open Kernel Module', level=6),
)
add(
    'what user space wrote into the kernel log is no Xid', H100,
    log('NVRM: Xid ({x3}): 79, pid=1, GPU has fallen off the bus.', level=12),
)

SCENARIOS += [*faults.scenarios(), *blind.scenarios()]


def main(parts):
    chosen = [s for s in SCENARIOS if not parts or any(part in s.name for part in parts)]
    results = plays.play_all(chosen)
    tap.report((scenario.name, result.complaints) for scenario, result in zip(chosen, results))


if __name__ == '__main__':
    main(sys.argv[1:])
