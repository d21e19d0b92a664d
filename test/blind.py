"""Scenarios in which what a check looks at is gone, sealed, empty, garbage or leads in a circle: the check
then says anything but that all is well.
"""
import machines
from plays import Scenario

GARBAGE = bytes(range(256)) * 8
LOST = bytes([0xFF]) * 4096  # what the configuration of a function reads as that has left the bus

# Check, kind, and the file that it cannot do without: {g3} is the folder of GPU 3, {p3} of the port above
# it, {n3} of the adapter beside it.
FILES = [
    ('gpu-error-log', 'h100x8', 'dev/kmsg'),
    ('gpu-switch-log', 'h100x8', 'dev/kmsg'),
    ('pcie-link', 'h100x8', '{g3}/current_link_width'),
    ('pcie-link', 'h100x8', '{n3}/current_link_speed'),
    ('pcie-link', 'bare', 'sys/bus/pci/devices/0000:f1:00.0/current_link_width'),
    ('pcie-acs', 'h100x8', '{p3}/config'),
    ('pcie-errors', 'h100x8', '{g3}/aer_dev_fatal'),
    ('pcie-ordering', 'h100x8', '{n3}/config'),
    ('iommu-mode', 'h100x8', 'sys/kernel/iommu_groups/6/type'),
    ('gpu-count', 'h100x8', '{g3}/class'),
    ('gpu-count', 'mi300x8', '{g3}/class'),
    ('gpu-count', 'bare', 'sys/bus/pci/devices/0000:f1:00.0/class'),
]
# Where a part that is not there is no doubt about the others.
MAY_BE_GONE = {'pcie-errors', 'iommu-mode'}

# Check, kind, and the calls that tell what it needs.
CALLS = [
    ('gpu-count', 'h100x8', ['nvmlDeviceGetCount_v2']),
    ('gpu-count', 'h100x8', ['nvmlDeviceGetHandleByIndex_v2']),
    ('gpu-ecc', 'h100x8', ['nvmlDeviceGetTotalEccErrors']),
    ('gpu-ecc-rate', 'h100x8', ['nvmlDeviceGetTotalEccErrors']),
    ('gpu-rows', 'h100x8', ['nvmlDeviceGetRemappedRows']),
    ('gpu-recovery', 'h100x8', ['nvmlDeviceGetFieldValues']),
    ('gpu-thermal', 'h100x8', ['nvmlDeviceGetTemperatureV', 'nvmlDeviceGetTemperature']),
    ('gpu-throttle', 'h100x8', ['nvmlDeviceGetCurrentClocksEventReasons']),
    ('gpu-power-limit', 'h100x8', ['nvmlDeviceGetEnforcedPowerLimit']),
    ('gpu-clock-limit', 'h100x8', ['nvmlDeviceGetMaxClockInfo']),
    ('gpu-persistence', 'h100x8', ['nvmlDeviceGetPersistenceMode']),
    ('gpu-leftovers', 'h100x8', ['nvmlDeviceGetComputeRunningProcesses_v3', 'nvmlDeviceGetComputeRunningProcesses']),
    ('gpu-leftovers', 'h100x8', ['nvmlDeviceGetMemoryInfo_v2', 'nvmlDeviceGetMemoryInfo']),
    ('gpu-inforom', 'h100x8', ['nvmlDeviceGetInforomImageVersion', 'nvmlDeviceValidateInforom']),
    ('gpu-alike', 'h100x8', ['nvmlDeviceGetVbiosVersion']),
    ('gpu-links', 'h100x8', ['nvmlDeviceGetNvLinkState']),
    ('gpu-link-errors', 'h100x8', ['nvmlDeviceGetNvLinkErrorCounter']),
    ('gpu-link-errors', 'b200x8', ['nvmlDeviceGetFieldValues']),
    ('fabric-state', 'h100x8', ['nvmlDeviceGetGpuFabricInfoV', 'nvmlDeviceGetGpuFabricInfo']),
    ('nvlink-domain', 'gb200x4', ['nvmlDeviceGetGpuFabricInfoV', 'nvmlDeviceGetGpuFabricInfo']),
    ('stalled-collective', 'h100x8', ['nvmlDeviceGetUtilizationRates']),
    ('pcie-replays', 'h100x8', ['nvmlDeviceGetPcieReplayCounter']),
    ('idle-power', 'b200x8', ['nvmlDeviceGetPowerUsage', 'nvmlDeviceGetFieldValues']),
]


def real_path(machine, path):
    """The file behind the name, with links of PCI functions followed."""
    for letter, parts in ('g', machine.gpus), ('n', machine.nics):
        for number, part in enumerate(parts):
            path = path.replace(f'{{{letter}{number}}}', f'sys/devices/{part.path}')
    for number, gpu in enumerate(machine.gpus):
        path = path.replace(f'{{p{number}}}', f'sys/devices/{gpu.path.rsplit("/", 1)[0]}')
    if path.startswith('sys/bus/pci/devices/'):
        address, name = path.removeprefix('sys/bus/pci/devices/').split('/')
        path = f'{machine.device(address)}/{name}'
    return path


WAYS = {
    'gone': lambda machine, path: machine.put(path, machines.Gone()),
    'sealed': lambda machine, path: machine.put(path, machines.Sealed()),
    'empty': lambda machine, path: machine.put(path, ''),
    'garbage': lambda machine, path: machine.put(path, LOST if path.endswith('/config') else GARBAGE),
    'a link to itself': lambda machine, path: machine.put(path, machines.Link(path.rsplit('/', 1)[1])),
}


def files():
    for check, kind, path in FILES:
        for way, blind in WAYS.items():
            if way == 'gone' and check in MAY_BE_GONE:
                continue
            yield Scenario(
                f'{kind}: {check} without {path}: {way}',
                kind,
                lambda machine, path=path, blind=blind: blind(machine, real_path(machine, path)),
                arguments=('--all', check),
                as_nobody=way == 'sealed',
                not_passed=(check,),
            )


def calls():
    for check, kind, names in CALLS:
        for way, status in ('fails', 999), ('is not supported', 3):
            lines = [f'gpu 3 call {name} error {status}' for name in names]
            if names[0].startswith('nvmlDeviceGetCount'):
                lines = [f'call {names[0]} error {status}']
            yield Scenario(
                f'{kind}: {check}: {names[0]} {way}',
                kind,
                lambda machine, lines=tuple(lines): machine.scenario.extend(lines),
                arguments=('--all', check),
                not_passed=(check,),
            )


def scenarios():
    return [*files(), *calls()]
