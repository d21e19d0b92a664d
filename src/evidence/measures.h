/*
 * What can be measured on a node, one row a measure in the order of their names: symbol, name as it
 * stands in evidence, what kind of thing it is, unit, meaning. Probes write these and checks read
 * them; nothing else is accepted from a node. The device of a record says which part of the node it
 * is about: gpu:0000:19:00.0, pci:0000:18:00.0, rdma:mlx5_0/1, net:eth0, disk:nvme0n1, mount:/home
 * …; a part of a part stands behind a slash, as gpu:0000:19:00.0/link:3. A measure of the whole
 * node has no device.
 */
#pragma once

/* clang-format off */
#define NODE_MEASURES(X) \
	X(AMD_DRIVER, "node.amd.driver", MEASURE_STATE, NULL, \
	  "version of the loaded AMD driver") \
	X(ARCHITECTURE, "node.architecture", MEASURE_STATE, NULL, \
	  "instruction set: x86_64, aarch64") \
	X(BOARD, "node.board", MEASURE_STATE, NULL, \
	  "maker and product of the board or of the virtual machine") \
	X(BOOTED, "node.booted", MEASURE_VALUE, "s", \
	  "Unix time of the start of the kernel") \
	X(CLOCK_SOURCE, "node.clock.source", MEASURE_STATE, NULL, \
	  "clock that the kernel counts time with") \
	X(CLOCK_SOURCES, "node.clock.sources", MEASURE_STATE, NULL, \
	  "clocks that the kernel could count with, separated by blanks") \
	X(COMMAND_LINE, "node.command-line", MEASURE_TEXT, NULL, \
	  "command line that the kernel was started with") \
	X(CONTAINER, "node.container", MEASURE_STATE, NULL, \
	  "container around this process: none, docker, podman, kubernetes, lxc, other") \
	X(CPU_CACHE, "node.cpu.cache", MEASURE_VALUE, "B", \
	  "size of one cache; device cache:L3, cache:L1d …") \
	X(CPU_CACHES, "node.cpu.caches", MEASURE_VALUE, "caches", \
	  "how many of them there are; device cache:L3, cache:L1d …") \
	X(CPU_CORES, "node.cpu.cores", MEASURE_VALUE, "cores", \
	  "cores of all sockets") \
	X(CPU_FLAG, "node.cpu.flag", MEASURE_STATE, NULL, \
	  "flag of the processor: present or absent; device flag:NAME") \
	X(CPU_FREQUENCY_LIMIT, "node.cpu.frequency.limit", MEASURE_VALUE, "MHz", \
	  "highest frequency of the processor") \
	X(CPU_FREQUENCY_MAXIMUM, "node.cpu.frequency.maximum", MEASURE_VALUE, "MHz", \
	  "highest frequency that the governor may choose") \
	X(CPU_GOVERNOR, "node.cpu.governor", MEASURE_VALUE, "threads", \
	  "threads under a frequency governor; device governor:NAME") \
	X(CPU_MICROCODE, "node.cpu.microcode", MEASURE_STATE, NULL, \
	  "revision of the microcode") \
	X(CPU_MODEL, "node.cpu.model", MEASURE_STATE, NULL, \
	  "name of the processors") \
	X(CPU_ONLINE, "node.cpu.online", MEASURE_VALUE, "threads", \
	  "hardware threads that are in use") \
	X(CPU_PACKAGES, "node.cpu.packages", MEASURE_VALUE, "packages", \
	  "sockets") \
	X(CPU_THREADING, "node.cpu.threading", MEASURE_STATE, NULL, \
	  "simultaneous multithreading: on, off, absent") \
	X(CPU_THREADS, "node.cpu.threads", MEASURE_VALUE, "threads", \
	  "hardware threads that are there") \
	X(CPU_VULNERABILITY, "node.cpu.vulnerability", MEASURE_STATE, NULL, \
	  "the kernel's word on a weakness; device vulnerability:NAME") \
	X(CUDA_DRIVER, "node.cuda.driver", MEASURE_STATE, NULL, \
	  "highest CUDA version that the driver serves") \
	X(DISK_FIRMWARE, "node.disk.firmware", MEASURE_STATE, NULL, \
	  "version of its firmware") \
	X(DISK_MODEL, "node.disk.model", MEASURE_STATE, NULL, \
	  "model") \
	X(DISK_SIZE, "node.disk.size", MEASURE_VALUE, "B", \
	  "size; device disk:NAME") \
	X(DISK_USE, "node.disk.use", MEASURE_STATE, NULL, \
	  "use of the disk: mounted, member (of an array or volume), swap, unused") \
	X(EDAC_CONTROLLERS, "node.edac.controllers", MEASURE_VALUE, "controllers", \
	  "memory controllers that report errors") \
	X(EDAC_CORRECTED, "node.edac.corrected", MEASURE_COUNTER, "errors", \
	  "corrected memory errors since the driver started; device dimm:NAME or mc:NAME") \
	X(EDAC_UNCORRECTED, "node.edac.uncorrected", MEASURE_COUNTER, "errors", \
	  "uncorrected memory errors; device dimm:NAME or mc:NAME") \
	X(FILE_MODE, "node.file", MEASURE_STATE, NULL, \
	  "mode of a file: \"device 0666 0\", kind, permission, owner; absent; device file:PATH") \
	X(FILES_LIMIT, "node.files.limit", MEASURE_VALUE, "files", \
	  "most that the kernel allows") \
	X(FILES_OPEN, "node.files.open", MEASURE_VALUE, "files", \
	  "open files") \
	X(FIRMWARE, "node.firmware", MEASURE_STATE, NULL, \
	  "version and day of the firmware") \
	X(GPU_ANSWERS, "node.gpu.answers", MEASURE_STATE, NULL, \
	  "whether it answers: ok, lost, reset-required, stalled, error") \
	X(GPU_CALL, "node.gpu.call", MEASURE_TEXT, NULL, \
	  "a call of the library that failed in a way that matters: \"nvmlDeviceGetName: GPU is lost (15)\"") \
	X(GPU_CLOCK, "node.gpu.clock", MEASURE_VALUE, "MHz", \
	  "clock of the compute units") \
	X(GPU_CLOCK_LIMIT, "node.gpu.clock.limit", MEASURE_VALUE, "MHz", \
	  "clock that it was told not to exceed, where one is set") \
	X(GPU_CLOCK_MAXIMUM, "node.gpu.clock.maximum", MEASURE_VALUE, "MHz", \
	  "highest clock of the compute units") \
	X(GPU_COMPUTE_MODE, "node.gpu.compute-mode", MEASURE_STATE, NULL, \
	  "compute mode: default, exclusive, prohibited") \
	X(GPU_CONFIDENTIAL, "node.gpu.confidential", MEASURE_STATE, NULL, \
	  "confidential computing: on or off") \
	X(GPU_COUNT_DRIVER, "node.gpu.count.driver", MEASURE_VALUE, "GPUs", \
	  "GPUs that the kernel driver has; device vendor:…") \
	X(GPU_COUNT_LIBRARY, "node.gpu.count.library", MEASURE_VALUE, "GPUs", \
	  "GPUs that the vendor's library counts; device library:…") \
	X(GPU_COUNT_PCI, "node.gpu.count.pci", MEASURE_VALUE, "GPUs", \
	  "data centre GPUs on the PCI bus; device vendor:nvidia, vendor:amd") \
	X(GPU_CPER, "node.gpu.cper", MEASURE_TEXT, NULL, \
	  "AMD: an error record: \"afid 24 severity fatal\"") \
	X(GPU_ECC_CORRECTED, "node.gpu.ecc.corrected", MEASURE_COUNTER, "errors", \
	  "corrected memory errors since the driver started") \
	X(GPU_ECC_CORRECTED_LIFETIME, "node.gpu.ecc.corrected.lifetime", MEASURE_COUNTER, "errors", \
	  "corrected memory errors of its life") \
	X(GPU_ECC_MODE, "node.gpu.ecc.mode", MEASURE_STATE, NULL, \
	  "error correction: on or off") \
	X(GPU_ECC_SRAM_THRESHOLD, "node.gpu.ecc.sram.threshold", MEASURE_STATE, NULL, \
	  "on-chip memory errors against their threshold: exceeded or below") \
	X(GPU_ECC_SRAM_UNCORRECTED, "node.gpu.ecc.sram.uncorrected", MEASURE_COUNTER, "errors", \
	  "uncorrected errors of on-chip memory of its life") \
	X(GPU_ECC_UNCORRECTED, "node.gpu.ecc.uncorrected", MEASURE_COUNTER, "errors", \
	  "uncorrected memory errors since the driver started") \
	X(GPU_ECC_UNCORRECTED_LIFETIME, "node.gpu.ecc.uncorrected.lifetime", MEASURE_COUNTER, "errors", \
	  "uncorrected memory errors of its life") \
	X(GPU_FABRIC, "node.gpu.fabric", MEASURE_STATE, NULL, \
	  "state of its NVLink fabric: not-supported, not-started, in-progress, completed") \
	X(GPU_FABRIC_CLIQUE, "node.gpu.fabric.clique", MEASURE_VALUE, "clique", \
	  "part of the domain") \
	X(GPU_FABRIC_CLUSTER, "node.gpu.fabric.cluster", MEASURE_STATE, NULL, \
	  "identifier of the NVLink domain; none when it is zero") \
	X(GPU_FABRIC_HEALTH, "node.gpu.fabric.health", MEASURE_STATE, NULL, \
	  "health of its NVLink fabric: healthy, or what is not, joined by +") \
	X(GPU_FABRIC_STATUS, "node.gpu.fabric.status", MEASURE_STATE, NULL, \
	  "status of its NVLink fabric: success, or what the fabric says in place of it") \
	X(GPU_INDEX, "node.gpu.index", MEASURE_VALUE, "index", \
	  "number that the library gives it") \
	X(GPU_INFOROM, "node.gpu.inforom", MEASURE_STATE, NULL, \
	  "version of the InfoROM image, or corrupt") \
	X(GPU_LIBRARY, "node.gpu.library", MEASURE_STATE, NULL, \
	  "state of the vendor's library: ok, absent, no-driver, mismatch, refused, stalled, died, error; device library:…") \
	X(GPU_LIBRARY_VERSION, "node.gpu.library.version", MEASURE_STATE, NULL, \
	  "version of the vendor's library") \
	X(GPU_LINK, "node.gpu.link", MEASURE_STATE, NULL, \
	  "state of an NVLink or xGMI link: up, down; device gpu:…/link:N") \
	X(GPU_LINK_CRC, "node.gpu.link.crc", MEASURE_COUNTER, "errors", \
	  "packets with a wrong checksum") \
	X(GPU_LINK_INTEGRITY, "node.gpu.link.integrity", MEASURE_COUNTER, "errors", \
	  "local link integrity errors") \
	X(GPU_LINK_PACKET_ERRORS, "node.gpu.link.packet-errors", MEASURE_COUNTER, "errors", \
	  "malformed, overrun, remote and general packet errors together") \
	X(GPU_LINK_PEER, "node.gpu.link.peer", MEASURE_STATE, NULL, \
	  "other end of the link: switch, or gpu:…") \
	X(GPU_LINK_RECOVERIES, "node.gpu.link.recoveries", MEASURE_COUNTER, "errors", \
	  "recoveries of the link") \
	X(GPU_LINK_RECOVERIES_FAILED, "node.gpu.link.recoveries.failed", MEASURE_COUNTER, "errors", \
	  "recoveries that failed") \
	X(GPU_LINK_REPLAYS, "node.gpu.link.replays", MEASURE_COUNTER, "errors", \
	  "packets sent again") \
	X(GPU_LINK_SPEED, "node.gpu.link.speed", MEASURE_VALUE, "B/s", \
	  "speed of the link, one way") \
	X(GPU_LINK_SYMBOL_BER, "node.gpu.link.symbol-ber", MEASURE_VALUE, "ratio", \
	  "symbol error rate") \
	X(GPU_LINK_SYMBOL_ERRORS, "node.gpu.link.symbol-errors", MEASURE_COUNTER, "errors", \
	  "symbol errors") \
	X(GPU_LINK_TRAFFIC, "node.gpu.link.traffic", MEASURE_COUNTER, "B", \
	  "data that went over all links of the GPU, both ways") \
	X(GPU_MEMORY_TOTAL, "node.gpu.memory.total", MEASURE_VALUE, "B", \
	  "memory") \
	X(GPU_MEMORY_USED, "node.gpu.memory.used", MEASURE_VALUE, "B", \
	  "memory in use") \
	X(GPU_NAME, "node.gpu.name", MEASURE_STATE, NULL, \
	  "name of the model") \
	X(GPU_NIC, "node.gpu.nic", MEASURE_STATE, NULL, \
	  "nearest RDMA adapters, joined by +") \
	X(GPU_NIC_PATH, "node.gpu.nic.path", MEASURE_STATE, NULL, \
	  "what joins the GPU with them: switch, bridge (of the host), node (NUMA), machine") \
	X(GPU_NUMA, "node.gpu.numa", MEASURE_VALUE, "node", \
	  "NUMA node of its memory, where it is one") \
	X(GPU_PAGES_CORRECTED, "node.gpu.pages.corrected", MEASURE_VALUE, "pages", \
	  "pages retired after corrected errors") \
	X(GPU_PAGES_PENDING, "node.gpu.pages.pending", MEASURE_STATE, NULL, \
	  "page retirement that waits for a reset: yes or no") \
	X(GPU_PAGES_THRESHOLD, "node.gpu.pages.threshold", MEASURE_VALUE, "pages", \
	  "bad pages at which the driver gives the GPU up") \
	X(GPU_PAGES_UNCORRECTED, "node.gpu.pages.uncorrected", MEASURE_VALUE, "pages", \
	  "pages retired after uncorrected errors; AMD: bad pages") \
	X(GPU_PARTITION, "node.gpu.partition", MEASURE_STATE, NULL, \
	  "partition: whole, or mig; AMD: the compute and memory partition") \
	X(GPU_PCIE_GENERATION, "node.gpu.pcie.generation", MEASURE_VALUE, "generation", \
	  "current generation of the link") \
	X(GPU_PCIE_GENERATION_MAXIMUM, "node.gpu.pcie.generation.maximum", MEASURE_VALUE, "generation", \
	  "generation that GPU and slot can reach together") \
	X(GPU_PCIE_REPLAYS, "node.gpu.pcie.replays", MEASURE_COUNTER, "replays", \
	  "PCIe packets sent again") \
	X(GPU_PCIE_WIDTH, "node.gpu.pcie.width", MEASURE_VALUE, "lanes", \
	  "current width of the link") \
	X(GPU_PCIE_WIDTH_MAXIMUM, "node.gpu.pcie.width.maximum", MEASURE_VALUE, "lanes", \
	  "width that GPU and slot can reach together") \
	X(GPU_PERSISTENCE, "node.gpu.persistence", MEASURE_STATE, NULL, \
	  "persistence mode: on or off") \
	X(GPU_POWER, "node.gpu.power", MEASURE_VALUE, "W", \
	  "power drawn") \
	X(GPU_POWER_LIMIT, "node.gpu.power.limit", MEASURE_VALUE, "W", \
	  "limit in force") \
	X(GPU_POWER_LIMIT_DEFAULT, "node.gpu.power.limit.default", MEASURE_VALUE, "W", \
	  "limit of the model") \
	X(GPU_PROCESS_MEMORY, "node.gpu.process.memory", MEASURE_VALUE, "B", \
	  "memory of a process; device gpu:…/pid:N") \
	X(GPU_PROCESSES, "node.gpu.processes", MEASURE_VALUE, "processes", \
	  "processes that compute on it") \
	X(GPU_RAS_CORRECTED, "node.gpu.ras.corrected", MEASURE_COUNTER, "errors", \
	  "AMD: corrected errors of a block; device gpu:…/block:NAME") \
	X(GPU_RAS_DEFERRED, "node.gpu.ras.deferred", MEASURE_COUNTER, "errors", \
	  "AMD: deferred errors of a block") \
	X(GPU_RAS_UNCORRECTED, "node.gpu.ras.uncorrected", MEASURE_COUNTER, "errors", \
	  "AMD: uncorrected errors of a block") \
	X(GPU_RECOVERY, "node.gpu.recovery", MEASURE_STATE, NULL, \
	  "recovery that the driver asks for: none, reset-gpu, reboot-node, drain-p2p, drain-and-reset") \
	X(GPU_ROWS_BANKS_FULL, "node.gpu.rows.banks.full", MEASURE_VALUE, "banks", \
	  "banks of memory without a spare row") \
	X(GPU_ROWS_CORRECTED, "node.gpu.rows.corrected", MEASURE_VALUE, "rows", \
	  "rows replaced after corrected errors") \
	X(GPU_ROWS_FAILURE, "node.gpu.rows.failure", MEASURE_STATE, NULL, \
	  "row replacement that has failed: yes or no") \
	X(GPU_ROWS_PENDING, "node.gpu.rows.pending", MEASURE_STATE, NULL, \
	  "row replacement that waits for a reset: yes or no") \
	X(GPU_ROWS_UNCORRECTED, "node.gpu.rows.uncorrected", MEASURE_VALUE, "rows", \
	  "rows replaced after uncorrected errors") \
	X(GPU_SERIAL, "node.gpu.serial", MEASURE_STATE, NULL, \
	  "serial number") \
	X(GPU_TEMPERATURE, "node.gpu.temperature", MEASURE_VALUE, "C", \
	  "temperature of the chip") \
	X(GPU_TEMPERATURE_MARGIN, "node.gpu.temperature.margin", MEASURE_VALUE, "C", \
	  "distance to the temperature at which it slows down") \
	X(GPU_TEMPERATURE_MEMORY, "node.gpu.temperature.memory", MEASURE_VALUE, "C", \
	  "temperature of the memory") \
	X(GPU_TEMPERATURE_SLOWDOWN, "node.gpu.temperature.slowdown", MEASURE_VALUE, "C", \
	  "temperature at which it slows down") \
	X(GPU_THROTTLE, "node.gpu.throttle", MEASURE_STATE, NULL, \
	  "reason for low clocks: none, or idle+application+sw-power+hw-slowdown+sync+sw-thermal+hw-thermal+power-brake") \
	X(GPU_THROTTLE_BOARD, "node.gpu.throttle.board", MEASURE_COUNTER, "s", \
	  "time slowed by the board's limits or its power brake") \
	X(GPU_THROTTLE_POWER, "node.gpu.throttle.power", MEASURE_COUNTER, "s", \
	  "time slowed by the power limit") \
	X(GPU_THROTTLE_THERMAL, "node.gpu.throttle.thermal", MEASURE_COUNTER, "s", \
	  "time slowed by heat") \
	X(GPU_UTILISATION, "node.gpu.utilisation", MEASURE_VALUE, "%", \
	  "share of time with a kernel running") \
	X(GPU_UUID, "node.gpu.uuid", MEASURE_STATE, NULL, \
	  "identifier") \
	X(GPU_VBIOS, "node.gpu.vbios", MEASURE_STATE, NULL, \
	  "version of its firmware") \
	X(GPU_VENDOR, "node.gpu.vendor", MEASURE_STATE, NULL, \
	  "vendor: nvidia or amd") \
	X(IOMMU, "node.iommu", MEASURE_STATE, NULL, \
	  "kind of the IOMMU: none, intel, amd, smmu, other") \
	X(KERNEL, "node.kernel", MEASURE_STATE, NULL, \
	  "release of the running kernel") \
	X(KERNEL_BUILD, "node.kernel.build", MEASURE_TEXT, NULL, \
	  "build line of the running kernel") \
	X(KERNEL_NEWEST, "node.kernel.newest", MEASURE_STATE, NULL, \
	  "newest installed kernel of the same flavour") \
	X(KERNEL_TAINT, "node.kernel.taint", MEASURE_VALUE, "bits", \
	  "taint bits of the kernel") \
	X(LIMIT, "node.limit", MEASURE_STATE, NULL, \
	  "a limit of this process, unlimited or a number; device limit:memlock") \
	X(LOG_AMD_GPU, "node.log.amd-gpu", MEASURE_TEXT, NULL, \
	  "message of the AMD driver about a stopped ring or a reset") \
	X(LOG_AMD_RAS, "node.log.amd-ras", MEASURE_TEXT, NULL, \
	  "message of the AMD driver about hardware errors") \
	X(LOG_DROPPED, "node.log.dropped", MEASURE_VALUE, "lines", \
	  "lines of interest beyond what is kept") \
	X(LOG_FROM, "node.log.from", MEASURE_VALUE, "s", \
	  "seconds after the start of the kernel at which the log begins") \
	X(LOG_GPU_LOST, "node.log.gpu-lost", MEASURE_TEXT, NULL, \
	  "message that a GPU is gone, without a number") \
	X(LOG_GPU_PROBE, "node.log.gpu-probe", MEASURE_TEXT, NULL, \
	  "message that a GPU could not be taken up") \
	X(LOG_LINES, "node.log.lines", MEASURE_VALUE, "lines", \
	  "lines of the kernel log that were read") \
	X(LOG_LINK, "node.log.link", MEASURE_TEXT, NULL, \
	  "message that a link went up or down") \
	X(LOG_MACHINE_CHECK, "node.log.machine-check", MEASURE_TEXT, NULL, \
	  "machine check") \
	X(LOG_MEMORY, "node.log.memory", MEASURE_TEXT, NULL, \
	  "memory error") \
	X(LOG_NIC, "node.log.nic", MEASURE_TEXT, NULL, \
	  "message of a network adapter about its firmware, heat or power") \
	X(LOG_OUT_OF_MEMORY, "node.log.out-of-memory", MEASURE_TEXT, NULL, \
	  "the kernel killed for want of memory") \
	X(LOG_PCIE, "node.log.pcie", MEASURE_TEXT, NULL, \
	  "message about a PCIe error or a link that trained low") \
	X(LOG_STORAGE, "node.log.storage", MEASURE_TEXT, NULL, \
	  "message about a disk or a file system") \
	X(LOG_STUCK, "node.log.stuck", MEASURE_TEXT, NULL, \
	  "task or processor that does not come back") \
	X(LOG_SXID, "node.log.sxid", MEASURE_TEXT, NULL, \
	  "message of an NVSwitch with an SXid") \
	X(LOG_THERMAL, "node.log.thermal", MEASURE_TEXT, NULL, \
	  "processor or board too hot") \
	X(LOG_XID, "node.log.xid", MEASURE_TEXT, NULL, \
	  "message of the NVIDIA driver with an Xid") \
	X(MEMORY_AVAILABLE, "node.memory.available", MEASURE_VALUE, "B", \
	  "memory that is free for new programs") \
	X(MEMORY_TOTAL, "node.memory.total", MEASURE_VALUE, "B", \
	  "memory that the kernel has") \
	X(MODULE, "node.module", MEASURE_STATE, NULL, \
	  "kernel module: its version, loaded when it has none, absent; device module:NAME") \
	X(MOUNT_ANSWERS, "node.mount.answers", MEASURE_STATE, NULL, \
	  "answer of the file system: ok, stalled, or the system's word") \
	X(MOUNT_AVAILABLE, "node.mount.available", MEASURE_VALUE, "B", \
	  "space for an ordinary user") \
	X(MOUNT_MODE, "node.mount.mode", MEASURE_STATE, NULL, \
	  "mode of the mount: rw or ro") \
	X(MOUNT_OPTIONS, "node.mount.options", MEASURE_TEXT, NULL, \
	  "all options") \
	X(MOUNT_SIZE, "node.mount.size", MEASURE_VALUE, "B", \
	  "size") \
	X(MOUNT_SOURCE, "node.mount.source", MEASURE_STATE, NULL, \
	  "what is mounted") \
	X(MOUNT_TYPE, "node.mount.type", MEASURE_STATE, NULL, \
	  "file system; device mount:PATH") \
	X(NET_CARRIER_CHANGES, "node.net.carrier-changes", MEASURE_COUNTER, "changes", \
	  "times that the link went up or down") \
	X(NET_COUNTER, "node.net.counter", MEASURE_COUNTER, "events", \
	  "a counter by its name; device net:NAME/rx_crc_errors") \
	X(NET_DRIVER, "node.net.driver", MEASURE_STATE, NULL, \
	  "driver") \
	X(NET_FIRMWARE, "node.net.firmware", MEASURE_STATE, NULL, \
	  "version of its firmware") \
	X(NET_KIND, "node.net.kind", MEASURE_STATE, NULL, \
	  "kind of the interface: physical, virtual, bond, loopback") \
	X(NET_MODULE_TEMPERATURE, "node.net.module.temperature", MEASURE_VALUE, "C", \
	  "temperature of the transceiver") \
	X(NET_MODULE_ALARM, "node.net.module.temperature.alarm", MEASURE_VALUE, "C", \
	  "temperature at which the transceiver gives alarm") \
	X(NET_MTU, "node.net.mtu", MEASURE_VALUE, "B", \
	  "largest packet") \
	X(NET_PCI, "node.net.pci", MEASURE_STATE, NULL, \
	  "pci:… of the adapter") \
	X(NET_SPEED, "node.net.speed", MEASURE_VALUE, "Mb/s", \
	  "speed of the link") \
	X(NET_STATE, "node.net.state", MEASURE_STATE, NULL, \
	  "state of the interface: up, down, unknown …") \
	X(NUMA_DISTANCE, "node.numa.distance", MEASURE_VALUE, "distance", \
	  "of memory from processors, 10 is local; device numa:FROM/numa:TO") \
	X(NUMA_MEMORY, "node.numa.memory", MEASURE_VALUE, "B", \
	  "memory of a NUMA node; device numa:N") \
	X(NUMA_NODES, "node.numa.nodes", MEASURE_VALUE, "nodes", \
	  "NUMA nodes") \
	X(NUMA_THREADS, "node.numa.threads", MEASURE_VALUE, "threads", \
	  "threads of a NUMA node; device numa:N") \
	X(NVIDIA_DRIVER, "node.nvidia.driver", MEASURE_STATE, NULL, \
	  "version of the loaded NVIDIA driver") \
	X(NVIDIA_DRIVER_KIND, "node.nvidia.driver.kind", MEASURE_STATE, NULL, \
	  "kind of the loaded NVIDIA driver: open or proprietary") \
	X(NVIDIA_PARAMETER, "node.nvidia.parameter", MEASURE_STATE, NULL, \
	  "parameter of the loaded driver; device parameter:NAME") \
	X(NVME_MEDIA_ERRORS, "node.nvme.media-errors", MEASURE_COUNTER, "errors", \
	  "unrecovered data errors") \
	X(NVME_SPARE, "node.nvme.spare", MEASURE_VALUE, "%", \
	  "spare blocks left") \
	X(NVME_SPARE_THRESHOLD, "node.nvme.spare.threshold", MEASURE_VALUE, "%", \
	  "spare blocks at which it warns") \
	X(NVME_STATE, "node.nvme.state", MEASURE_STATE, NULL, \
	  "state of the drive: live, or what the kernel says instead; device nvme:NAME") \
	X(NVME_TEMPERATURE, "node.nvme.temperature", MEASURE_VALUE, "C", \
	  "temperature") \
	X(NVME_USED, "node.nvme.used", MEASURE_VALUE, "%", \
	  "life used, may exceed 100") \
	X(NVME_WARNING, "node.nvme.warning", MEASURE_STATE, NULL, \
	  "warning of the drive: none, or spare+temperature+reliability+read-only+backup+region") \
	X(PCI_ACS, "node.pci.acs", MEASURE_STATE, NULL, \
	  "access control services: none (no such capability), off, or what is on: SV+RR+CR+UF+EC+DT") \
	X(PCI_AER_CORRECTABLE, "node.pci.aer.correctable", MEASURE_COUNTER, "errors", \
	  "corrected PCIe errors") \
	X(PCI_AER_FATAL, "node.pci.aer.fatal", MEASURE_COUNTER, "errors", \
	  "uncorrected PCIe errors that the link did not survive") \
	X(PCI_AER_NONFATAL, "node.pci.aer.nonfatal", MEASURE_COUNTER, "errors", \
	  "uncorrected PCIe errors that the link survived") \
	X(PCI_CLASS, "node.pci.class", MEASURE_STATE, NULL, \
	  "class, six hexadecimal digits") \
	X(PCI_DRIVER, "node.pci.driver", MEASURE_STATE, NULL, \
	  "driver that has it, or none") \
	X(PCI_ID, "node.pci.id", MEASURE_STATE, NULL, \
	  "vendor and device: 10de:2330") \
	X(PCI_IOMMU_GROUP, "node.pci.iommu.group", MEASURE_VALUE, "group", \
	  "IOMMU group") \
	X(PCI_IOMMU_TYPE, "node.pci.iommu.type", MEASURE_STATE, NULL, \
	  "kind of its IOMMU group: identity, DMA, DMA-FQ …") \
	X(PCI_SPEED, "node.pci.link.speed", MEASURE_VALUE, "GT/s", \
	  "current speed of the link") \
	X(PCI_SPEED_MAXIMUM, "node.pci.link.speed.maximum", MEASURE_VALUE, "GT/s", \
	  "speed that the device can reach") \
	X(PCI_WIDTH, "node.pci.link.width", MEASURE_VALUE, "lanes", \
	  "current width of the link") \
	X(PCI_WIDTH_MAXIMUM, "node.pci.link.width.maximum", MEASURE_VALUE, "lanes", \
	  "width that the device can reach") \
	X(PCI_NUMA, "node.pci.numa", MEASURE_VALUE, "node", \
	  "NUMA node; -1 when the firmware does not say") \
	X(PCI_PARENT, "node.pci.parent", MEASURE_STATE, NULL, \
	  "the bridge above, pci:…, or root") \
	X(PCI_PAYLOAD, "node.pci.payload", MEASURE_VALUE, "B", \
	  "largest payload") \
	X(PCI_POWER, "node.pci.power", MEASURE_STATE, NULL, \
	  "power state: D0, D3cold …") \
	X(PCI_READ_REQUEST, "node.pci.read-request", MEASURE_VALUE, "B", \
	  "largest read request") \
	X(PCI_RELAXED_ORDERING, "node.pci.relaxed-ordering", MEASURE_STATE, NULL, \
	  "relaxed ordering: on or off") \
	X(PCI_SUBSYSTEM, "node.pci.subsystem", MEASURE_STATE, NULL, \
	  "vendor and device of the board") \
	X(PROCESS_BLOCKED, "node.process.blocked", MEASURE_STATE, NULL, \
	  "name of a process in uninterruptible sleep; device pid:N") \
	X(PROCESS_BLOCKED_TIME, "node.process.blocked.time", MEASURE_VALUE, "s", \
	  "how long it has been seen so; device pid:N") \
	X(PROCESS_COUNT, "node.process.count", MEASURE_VALUE, "processes", \
	  "processes and threads") \
	X(PROCESS_LIMIT, "node.process.limit", MEASURE_VALUE, "processes", \
	  "most that the kernel allows") \
	X(PROCESS_ZOMBIES, "node.process.zombies", MEASURE_VALUE, "processes", \
	  "ended and not waited for") \
	X(RDMA_BOARD, "node.rdma.board", MEASURE_STATE, NULL, \
	  "identifier of its board") \
	X(RDMA_COUNT, "node.rdma.count", MEASURE_VALUE, "adapters", \
	  "RDMA adapters") \
	X(RDMA_COUNTER, "node.rdma.counter", MEASURE_COUNTER, "events", \
	  "a counter by the kernel's name; device rdma:NAME/PORT/symbol_error") \
	X(RDMA_DRIVER, "node.rdma.driver", MEASURE_STATE, NULL, \
	  "driver: mlx5_core, efa, bnxt_re …") \
	X(RDMA_FIRMWARE, "node.rdma.firmware", MEASURE_STATE, NULL, \
	  "version of its firmware") \
	X(RDMA_FUNCTION, "node.rdma.function", MEASURE_STATE, NULL, \
	  "function: physical or virtual") \
	X(RDMA_LAYER, "node.rdma.layer", MEASURE_STATE, NULL, \
	  "link layer of the port: infiniband or ethernet") \
	X(RDMA_LID, "node.rdma.lid", MEASURE_VALUE, "lid", \
	  "local identifier; 0 before the subnet manager has given one") \
	X(RDMA_MODEL, "node.rdma.model", MEASURE_STATE, NULL, \
	  "adapter type: MT4129") \
	X(RDMA_NET, "node.rdma.net", MEASURE_STATE, NULL, \
	  "net:… of the port") \
	X(RDMA_PARTITIONS, "node.rdma.partitions", MEASURE_STATE, NULL, \
	  "P_Keys that are set, sorted: 0x8001,0xffff") \
	X(RDMA_PCI, "node.rdma.pci", MEASURE_STATE, NULL, \
	  "pci:… of the adapter") \
	X(RDMA_PHYSICAL, "node.rdma.physical", MEASURE_STATE, NULL, \
	  "physical state of the port: linkup, polling, disabled, training, errorrecovery …") \
	X(RDMA_RATE, "node.rdma.rate", MEASURE_VALUE, "Gb/s", \
	  "rate of the port") \
	X(RDMA_STATE, "node.rdma.state", MEASURE_STATE, NULL, \
	  "state of the port: active, armed, init, down …") \
	X(REBOOT_REQUIRED, "node.reboot-required", MEASURE_STATE, NULL, \
	  "reboot that the distribution asks for: yes or no") \
	X(SERVICE, "node.service", MEASURE_STATE, NULL, \
	  "state of a service: running, stopped (there and not running), absent; device service:NAME") \
	X(SETTING, "node.setting", MEASURE_STATE, NULL, \
	  "setting: its value, or unset; device setting:WHERE:NAME") \
	X(SOFTWARE, "node.software", MEASURE_STATE, NULL, \
	  "version of a program: or absent; device software:NAME") \
	X(SOFTWARE_PACKAGE, "node.software.package", MEASURE_STATE, NULL, \
	  "full version of the distribution's package; device software:NAME") \
	X(SOFTWARE_PATH, "node.software.path", MEASURE_STATE, NULL, \
	  "where it lies; device software:NAME") \
	X(SYSTEM, "node.system", MEASURE_STATE, NULL, \
	  "distribution and version: \"debian 12\"") \
	X(UPTIME, "node.uptime", MEASURE_VALUE, "s", \
	  "time since the kernel started") \
	X(VIRTUAL, "node.virtual", MEASURE_STATE, NULL, \
	  "hypervisor below: none, kvm, xen, vmware, hyperv, other")
/* clang-format on */
