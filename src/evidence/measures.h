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
	X(ISOLATION_ANSWER, "node.isolation.answer", MEASURE_STATE, NULL, \
	  "what became of a question to the fabric: answered, refused 0x001c, silent, unusable; device isolation:WHAT") \
	X(ISOLATION_COUNT, "node.isolation.count", MEASURE_VALUE, "devices", \
	  "devices or records that were seen, questions that were asked; device isolation:WHAT") \
	X(ISOLATION_DOOR, "node.isolation.door", MEASURE_STATE, NULL, \
	  "whether questions to the fabric can be sent: open or closed") \
	X(ISOLATION_FOREIGN, "node.isolation.foreign", MEASURE_TEXT, NULL, \
	  "a device of somebody else, as a hash whose salt is kept nowhere") \
	X(ISOLATION_KEY, "node.isolation.key", MEASURE_STATE, NULL, \
	  "whether a management key that is set can be read: shown, or not-shown; device isolation:WHOSE") \
	X(ISOLATION_PROTECTION, "node.isolation.protection", MEASURE_VALUE, "level", \
	  "how the management key guards a port, 0 to 3; device isolation:WHOSE") \
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
	X(MPI_LAUNCHER, "node.mpi.launcher", MEASURE_STATE, NULL, \
	  "Slurm's plug-ins that start MPI programs: pmi2+pmix_v4, none") \
	X(MPI_LIBRARY, "node.mpi.library", MEASURE_STATE, NULL, \
	  "flavour and version: openmpi 5.0.3, mpich 4.0.2, intel 2021.9, mvapich 2.3.7; device mpi:PATH; of the node: absent") \
	X(MPI_MODULE, "node.mpi.module", MEASURE_STATE, NULL, "name of a module of MPI; device mpi-module:PATH") \
	X(MPI_MODULE_LIBRARY, "node.mpi.module.library", MEASURE_STATE, NULL, \
	  "library of MPI in a folder that the modulefile names; device mpi-module:PATH") \
	X(MPI_SUPPORT, "node.mpi.support", MEASURE_STATE, NULL, \
	  "what it was built with: cuda+ucx+ofi+pmix+pmi2, none; device mpi:PATH") \
	X(NCCL_COPY, "node.nccl.copy", MEASURE_STATE, NULL, \
	  "version of a further library of NCCL; device nccl-copy:PATH") \
	X(NCCL_FILE, "node.nccl.file", MEASURE_STATE, NULL, \
	  "a file that NCCL reads its settings from: read, or absent; device nccl-file:PATH") \
	X(NCCL_INTERFACE, "node.nccl.interface", MEASURE_STATE, NULL, \
	  "versions of a plug-in interface that NCCL looks for: 6+7+8, none; device nccl-interface:KIND") \
	X(NCCL_LIBRARY, "node.nccl.library", MEASURE_STATE, NULL, \
	  "path of the library of NCCL that is found first, or absent") \
	X(NCCL_LINE, "node.nccl.line", MEASURE_STATE, NULL, \
	  "a line of settings that does not do what it seems to: faults, name, near:NAME; device nccl-line:NUMBER:PATH") \
	X(NCCL_LOG_ALGORITHM, "node.nccl.log.algorithm", MEASURE_VALUE, "lines", \
	  "choices of algorithm and protocol in a log of NCCL; device nccl-log:ring/simple") \
	X(NCCL_LOG_CHANNEL, "node.nccl.log.channel", MEASURE_VALUE, "lines", \
	  "connections of channels in it; device nccl-log:p2p, shm, net, net/direct, net/relayed, collnet") \
	X(NCCL_LOG_NETWORK, "node.nccl.log.network", MEASURE_VALUE, "lines", \
	  "ranks that say they use a network; device nccl-log:NAME") \
	X(NCCL_LOG_PLUGIN, "node.nccl.log.plugin", MEASURE_STATE, NULL, \
	  "a plug-in that was loaded; device nccl-log:net, collnet, tuner") \
	X(NCCL_LOG_RANKS, "node.nccl.log.ranks", MEASURE_VALUE, "ranks", \
	  "ranks of the largest communicator in it") \
	X(NCCL_LOG_REDUCTION, "node.nccl.log.reduction", MEASURE_STATE, NULL, \
	  "reduction in the network, by it: used, set-up, loaded, failed, absent") \
	X(NCCL_LOG_SETTING, "node.nccl.log.setting", MEASURE_STATE, NULL, \
	  "value of a setting that NCCL says it took; device nccl-log:NAME") \
	X(NCCL_LOG_SPAN, "node.nccl.log.span", MEASURE_VALUE, "nodes", \
	  "nodes of that communicator") \
	X(NCCL_LOG_VERSION, "node.nccl.log.version", MEASURE_STATE, NULL, \
	  "version that wrote the log") \
	X(NCCL_LOG_WARNING, "node.nccl.log.warning", MEASURE_VALUE, "lines", \
	  "warnings in it") \
	X(NCCL_NAME, "node.nccl.name", MEASURE_STATE, NULL, \
	  "a name that is set and begins with NCCL_: known to the library, plug-in, elsewhere, absent, absent near:NAME; device nccl-name:NAME") \
	X(NCCL_PLUGIN, "node.nccl.plugin", MEASURE_STATE, NULL, \
	  "interfaces that a plug-in has: net:6+7 collnet:6, none, missing; device nccl-plugin:KIND:PATH") \
	X(NCCL_VERSION, "node.nccl.version", MEASURE_STATE, NULL, \
	  "version that the library of NCCL names itself") \
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
	X(RDMA_NODE_GUID, "node.rdma.node.guid", MEASURE_STATE, NULL, \
	  "GUID of the adapter, by which a fabric knows it: 0x and 16 digits") \
	X(RDMA_PARTITIONS, "node.rdma.partitions", MEASURE_STATE, NULL, \
	  "P_Keys that are set, sorted: 0x8001,0xffff") \
	X(RDMA_PCI, "node.rdma.pci", MEASURE_STATE, NULL, \
	  "pci:… of the adapter") \
	X(RDMA_PHYSICAL, "node.rdma.physical", MEASURE_STATE, NULL, \
	  "physical state of the port: linkup, polling, disabled, training, errorrecovery …") \
	X(RDMA_PORT_GUID, "node.rdma.port.guid", MEASURE_STATE, NULL, \
	  "GUID of the port; device rdma:NAME/PORT") \
	X(RDMA_RATE, "node.rdma.rate", MEASURE_VALUE, "Gb/s", \
	  "rate of the port") \
	X(RDMA_STATE, "node.rdma.state", MEASURE_STATE, NULL, \
	  "state of the port: active, armed, init, down …") \
	X(RDMA_SYSTEM_GUID, "node.rdma.system.guid", MEASURE_STATE, NULL, \
	  "GUID of the card or system that the adapter is a part of") \
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
	X(TEST_ANSWERS, "node.test.answers", MEASURE_STATE, NULL, \
	  "answers of an active test that are no facts; device test:NAME") \
	X(TEST_BURN_CHECKED, "node.test.burn.checked", MEASURE_VALUE, "repeats", \
	  "products of the burn-in whose bits were compared with those of the first; device gpu:…") \
	X(TEST_BURN_CLOCK, "node.test.burn.clock", MEASURE_VALUE, "MHz", \
	  "clock of a GPU under full load of the burn-in, in the middle; device gpu:…") \
	X(TEST_BURN_COLLECTIVE_BUSBW, "node.test.burn.collective.busbw", MEASURE_VALUE, "B/s", \
	  "bus bandwidth of the all-reduce beside the products of the burn-in, in the middle; device test:burn") \
	X(TEST_BURN_COLLECTIVE_BUSBW_FIRST, "node.test.burn.collective.busbw.first", MEASURE_VALUE, "B/s", \
	  "the same in the first hour, of a short burn-in in the first tenth; device test:burn") \
	X(TEST_BURN_COLLECTIVE_BUSBW_LAST, "node.test.burn.collective.busbw.last", MEASURE_VALUE, "B/s", \
	  "the same in the last hour or tenth; device test:burn") \
	X(TEST_BURN_COLLECTIVE_END, "node.test.burn.collective.end", MEASURE_STATE, NULL, \
	  "how a GPU took part in the all-reduce of the burn-in: ok, wrong, failed, stalled, waited (in vain, for another); device gpu:…") \
	X(TEST_BURN_COLLECTIVE_SPREAD, "node.test.burn.collective.spread", MEASURE_VALUE, "%", \
	  "deviation of that bandwidth from minute to minute, of the middle; device test:burn") \
	X(TEST_BURN_COLLECTIVE_WRONG, "node.test.burn.collective.wrong", MEASURE_VALUE, "errors", \
	  "elements that a GPU received and that are not what they have to be; device gpu:…") \
	X(TEST_BURN_COUNT, "node.test.burn.count", MEASURE_VALUE, "errors", \
	  "errors that came during the burn-in; device gpu:…/KIND, as gpu:…/ecc-corrected") \
	X(TEST_BURN_END, "node.test.burn.end", MEASURE_STATE, NULL, \
	  "how the burn-in of a GPU ended: ok, wrong (its results differed), failed, stalled, died; device gpu:…") \
	X(TEST_BURN_LOADED, "node.test.burn.loaded", MEASURE_VALUE, "s", \
	  "how long the burn-in held its load, steps of less power included; device test:burn") \
	X(TEST_BURN_LOSS, "node.test.burn.loss", MEASURE_VALUE, "%", \
	  "speed that a GPU loses for ten degrees more; device gpu:…") \
	X(TEST_BURN_LOSS_HIGH, "node.test.burn.loss.high", MEASURE_VALUE, "%", \
	  "upper end of its interval at 95 %; device gpu:…") \
	X(TEST_BURN_LOSS_LOW, "node.test.burn.loss.low", MEASURE_VALUE, "%", \
	  "lower end of its interval at 95 %; device gpu:…") \
	X(TEST_BURN_POWER, "node.test.burn.power", MEASURE_VALUE, "W", \
	  "power that a GPU draws under full load of the burn-in, in the middle; device gpu:…") \
	X(TEST_BURN_POWER_HALF, "node.test.burn.power.half", MEASURE_VALUE, "W", \
	  "mean power of a GPU in the pulses of the burn-in, half of the time under load; device gpu:…") \
	X(TEST_BURN_POWER_IDLE, "node.test.burn.power.idle", MEASURE_VALUE, "W", \
	  "mean power of a GPU in the pauses of the burn-in; device gpu:…") \
	X(TEST_BURN_SPEED, "node.test.burn.speed", MEASURE_VALUE, "FLOP/s", \
	  "speed of a GPU under full load of the burn-in, in the middle; device gpu:…") \
	X(TEST_BURN_SPEED_FIRST, "node.test.burn.speed.first", MEASURE_VALUE, "FLOP/s", \
	  "the same in the first hour, of a short burn-in in the first tenth; device gpu:…") \
	X(TEST_BURN_SPEED_LAST, "node.test.burn.speed.last", MEASURE_VALUE, "FLOP/s", \
	  "the same in the last hour or tenth; device gpu:…") \
	X(TEST_BURN_SPREAD, "node.test.burn.spread", MEASURE_VALUE, "%", \
	  "deviation of the speed from minute to minute, of the middle; device gpu:…") \
	X(TEST_BURN_TEMPERATURE_HIGH, "node.test.burn.temperature.high", MEASURE_VALUE, "C", \
	  "highest temperature of a GPU under full load of the burn-in; device gpu:…") \
	X(TEST_BURN_TEMPERATURE_LOW, "node.test.burn.temperature.low", MEASURE_VALUE, "C", \
	  "lowest temperature of a GPU under full load of the burn-in; device gpu:…") \
	X(TEST_BURN_THROTTLE, "node.test.burn.throttle", MEASURE_VALUE, "%", \
	  "share of the full load with a reason for low clocks; device gpu:…/REASON, as gpu:…/hw-thermal") \
	X(TEST_BURN_WRONG, "node.test.burn.wrong", MEASURE_VALUE, "repeats", \
	  "of these those that differed; node.test.reason says where; device gpu:…") \
	X(TEST_COLLECTIVE_ALGBW, "node.test.collective.algbw", MEASURE_VALUE, "B/s", \
	  "size over time of a collective, as nccl-tests counts it; device collective:KIND:VARIANT/BYTES") \
	X(TEST_COLLECTIVE_BUSBW, "node.test.collective.busbw", MEASURE_VALUE, "B/s", \
	  "bus bandwidth of a collective, as nccl-tests counts it; device collective:KIND:VARIANT/BYTES") \
	X(TEST_COLLECTIVE_CHECKED, "node.test.collective.checked", MEASURE_VALUE, "elements", \
	  "elements that were compared, of all ranks; device collective:KIND:VARIANT/BYTES") \
	X(TEST_COLLECTIVE_LIBRARY, "node.test.collective.library", MEASURE_STATE, NULL, \
	  "the library and its version; device collective:VARIANT") \
	X(TEST_COLLECTIVE_NODES, "node.test.collective.nodes", MEASURE_VALUE, "nodes", \
	  "nodes of one communicator; device collective:VARIANT") \
	X(TEST_COLLECTIVE_RANK_GPU, "node.test.collective.rank.gpu", MEASURE_STATE, NULL, \
	  "node and GPU of a rank; device collective:VARIANT/rank:N") \
	X(TEST_COLLECTIVE_RANK_SOURCE, "node.test.collective.rank.source", MEASURE_VALUE, "elements", \
	  "ranks that had wrong elements from this one; device collective:KIND:VARIANT/BYTES/rank:N") \
	X(TEST_COLLECTIVE_RANK_SPEED, "node.test.collective.rank.speed", MEASURE_VALUE, "B/s", \
	  "best of what a rank sent to one other; device collective:VARIANT/rank:N") \
	X(TEST_COLLECTIVE_RANK_STATE, "node.test.collective.rank.state", MEASURE_STATE, NULL, \
	  "how a rank ended: ok, error, hangs, died; device collective:VARIANT/rank:N") \
	X(TEST_COLLECTIVE_RANK_TIME, "node.test.collective.rank.time", MEASURE_VALUE, "s", \
	  "time of one operation by the clock of one rank; device collective:KIND:VARIANT/BYTES/rank:N") \
	X(TEST_COLLECTIVE_RANK_WRONG, "node.test.collective.rank.wrong", MEASURE_VALUE, "elements", \
	  "wrong elements that a rank received; device collective:KIND:VARIANT/BYTES/rank:N") \
	X(TEST_COLLECTIVE_RANKS, "node.test.collective.ranks", MEASURE_VALUE, "ranks", \
	  "ranks of one communicator; device collective:VARIANT") \
	X(TEST_COLLECTIVE_SPREAD, "node.test.collective.spread", MEASURE_VALUE, "%", \
	  "width of the interval of the time, of its median; device collective:KIND:VARIANT/BYTES") \
	X(TEST_COLLECTIVE_TIME, "node.test.collective.time", MEASURE_VALUE, "s", \
	  "time of one operation, median of blocks, mean of ranks; device collective:KIND:VARIANT/BYTES") \
	X(TEST_COLLECTIVE_WRONG, "node.test.collective.wrong", MEASURE_VALUE, "elements", \
	  "elements that are not what they have to be, of all ranks; device collective:KIND:VARIANT/BYTES") \
	X(TEST_CORRUPTION_KNOWN, "node.test.corruption.known", MEASURE_STATE, NULL, \
	  "whether results are those that are published for their input: agrees or differs; " \
	  "device test:NAME, test:NAME/KERNEL") \
	X(TEST_CORRUPTION_LANES, "node.test.corruption.lanes", MEASURE_STATE, NULL, \
	  "lanes that differed: numbers with '+' between them; device cpu:3/KERNEL, " \
	  "gpu:0000:19:00.0/sm:17/KERNEL") \
	X(TEST_CORRUPTION_MISMATCHES, "node.test.corruption.mismatches", MEASURE_VALUE, "errors", \
	  "comparisons in which a result was not that of most units; device cpu:3, " \
	  "cpu:3/KERNEL, gpu:0000:19:00.0, gpu:0000:19:00.0/sm:17/KERNEL, " \
	  "gpu:0000:19:00.0/path:NAME") \
	X(TEST_CORRUPTION_PATHS, "node.test.corruption.paths", MEASURE_VALUE, "paths", \
	  "paths of its own, through its cache and from and to the host, that were tried; device " \
	  "gpu:0000:19:00.0") \
	X(TEST_CORRUPTION_POINTS, "node.test.corruption.points", MEASURE_STATE, NULL, \
	  "operating points at which it differed: alone, all, bursts, copies with '+' between " \
	  "them; device cpu:3/KERNEL, gpu:0000:19:00.0/sm:17/KERNEL") \
	X(TEST_CORRUPTION_REPEATS, "node.test.corruption.repeats", MEASURE_STATE, NULL, \
	  "whether it differs again: persistent, intermittent, transient; device cpu:3/KERNEL, " \
	  "gpu:0000:19:00.0/sm:17/KERNEL") \
	X(TEST_CORRUPTION_ROUNDS, "node.test.corruption.rounds", MEASURE_VALUE, "rounds", \
	  "rounds of all kernels that were compared; device cpu:3, gpu:0000:19:00.0, " \
	  "gpu:0000:19:00.0/path:NAME, test:NAME/POINT") \
	X(TEST_CORRUPTION_UNITS, "node.test.corruption.units", MEASURE_VALUE, "units", \
	  "units that were given the same input; device test:NAME") \
	X(TEST_DURATION, "node.test.duration", MEASURE_VALUE, "s", \
	  "how long an active test took; device test:NAME") \
	X(TEST_GEMM, "node.test.gemm", MEASURE_VALUE, "FLOP/s", \
	  "speed of matrix products, in the middle of the repeats; device gpu:…/FORMAT:MxNxK, as gpu:0000:19:00.0/bf16:8192x8192x8192") \
	X(TEST_GEMM_BEST, "node.test.gemm.best", MEASURE_VALUE, "FLOP/s", \
	  "speed of the shape that a search found fastest; device as node.test.gemm") \
	X(TEST_GEMM_DIFFERING, "node.test.gemm.differing", MEASURE_VALUE, "repeats", \
	  "repeats of a product whose bits are not those of the first; device as node.test.gemm") \
	X(TEST_GEMM_EXACT, "node.test.gemm.exact", MEASURE_VALUE, "errors", \
	  "elements of a product of whole numbers that are not what the processor says; device gpu:…/FORMAT") \
	X(TEST_GEMM_FAULT, "node.test.gemm.fault", MEASURE_TEXT, NULL, \
	  "first of these elements, what it is and what it should be; device gpu:…/FORMAT") \
	X(TEST_GEMM_FORMAT, "node.test.gemm.format", MEASURE_STATE, NULL, \
	  "whether a GPU multiplies a format: present or absent; device gpu:…/FORMAT") \
	X(TEST_GEMM_GROUPED, "node.test.gemm.grouped", MEASURE_VALUE, "FLOP/s", \
	  "speed of a batch of products of equal shape, as of experts; device gpu:…/FORMAT:MxNxK*BATCH") \
	X(TEST_GEMM_LIBRARY, "node.test.gemm.library", MEASURE_TEXT, NULL, \
	  "library that multiplied, and its version; device gpu:…") \
	X(TEST_GEMM_REPEATS, "node.test.gemm.repeats", MEASURE_VALUE, "repeats", \
	  "repeats that a figure is the middle of; device as that of the figure") \
	X(TEST_GEMM_SPREAD, "node.test.gemm.spread", MEASURE_VALUE, "%", \
	  "how far the slowest GPU of the node is below the fastest; device gpus:all/FORMAT:MxNxK") \
	X(TEST_GEMM_VECTOR, "node.test.gemm.vector", MEASURE_VALUE, "B/s", \
	  "bytes of the matrix that a product of a matrix and a vector reads; device gpu:…/FORMAT:1xNxK") \
	X(TEST_GPU_COPY_HOST, "node.test.gpu.copy.host", MEASURE_VALUE, "B/s", \
	  "copies between a GPU and pinned memory; device gpu:…/to:numa:0 into the GPU, gpu:…/from:numa:0 out of it, gpu:…/both:numa:0 both at once; .together: all GPUs at once") \
	X(TEST_GPU_COPY_PEER, "node.test.gpu.copy.peer", MEASURE_VALUE, "B/s", \
	  "copies between two GPUs; device gpu:A/to:B one way, gpu:A/both:B both ways at once, of both together") \
	X(TEST_GPU_ECC_CORRECTED, "node.test.gpu.ecc.corrected", MEASURE_VALUE, "errors", \
	  "corrected memory errors that were counted while patterns were written and read") \
	X(TEST_GPU_ECC_UNCORRECTED, "node.test.gpu.ecc.uncorrected", MEASURE_VALUE, "errors", \
	  "uncorrected memory errors that were counted while patterns were written and read") \
	X(TEST_GPU_MEMORY_BANDWIDTH, "node.test.gpu.memory.bandwidth", MEASURE_VALUE, "B/s", \
	  "bytes read and written together; device gpu:…/read, write, copy, triad, transfer (the driver's copy); .together: all GPUs at once") \
	X(TEST_GPU_MEMORY_NAMED, "node.test.gpu.memory.named", MEASURE_VALUE, "B", \
	  "memory that the driver says a program may use") \
	X(TEST_GPU_MEMORY_RESIDENT, "node.test.gpu.memory.resident", MEASURE_VALUE, "B", \
	  "memory that held what was written all over it, each part as fast as the others") \
	X(TEST_GPU_PATTERN_ERRORS, "node.test.gpu.pattern.errors", MEASURE_VALUE, "errors", \
	  "words that were not what was written; device gpu:…/PATTERN or gpu:…/WAY of a copy") \
	X(TEST_GPU_PATTERN_FAULT, "node.test.gpu.pattern.fault", MEASURE_TEXT, NULL, \
	  "a word that was wrong: its place, what was written and what was read") \
	X(TEST_GPU_PATTERN_TESTED, "node.test.gpu.pattern.tested", MEASURE_VALUE, "B", \
	  "memory that was taken and tested") \
	X(TEST_GPU_PEER_ACCESS, "node.test.gpu.peer.access", MEASURE_STATE, NULL, \
	  "how one GPU reaches the memory of another: direct, or host, through its memory; device gpu:A/to:B") \
	X(TEST_GPU_SILENT, "node.test.gpu.silent", MEASURE_TEXT, NULL, \
	  "the test in which a call about the GPU did not come back in time: later ones of the run leave it out") \
	X(TEST_GPU_SPREAD, "node.test.gpu.spread", MEASURE_VALUE, "%", \
	  "width of the interval of a figure of the same device, at 95 %, as a share of it") \
	X(TEST_LOCATE_LACKS, "node.test.locate.lacks", MEASURE_VALUE, "%", \
	  "share of a healthy pair's bandwidth that a host of the cluster lacks in pairs with sound ones; device host:NAME/rail:N, of the ways out of a leaf leaf:NAME/rail:N") \
	X(TEST_LOCATE_VERDICT, "node.test.locate.verdict", MEASURE_STATE, NULL, \
	  "what a host of the cluster is by measurements of pairs: sound, slow, lossy or flapping; device as node.test.locate.lacks") \
	X(TEST_NETWORK_BANDWIDTH, "node.test.network.bandwidth", MEASURE_VALUE, "B/s", \
	  "what arrives by TCP; device network:HOST/send:STREAMS or network:HOST/receive:STREAMS") \
	X(TEST_NETWORK_BUSY, "node.test.network.busy", MEASURE_VALUE, "%", \
	  "of one thread of iperf3, at the busier side; device as node.test.network.bandwidth") \
	X(TEST_NETWORK_INTERFACE, "node.test.network.interface", MEASURE_STATE, NULL, \
	  "name of the interface that the way to the host leaves by; device network:HOST") \
	X(TEST_NETWORK_JITTER, "node.test.network.jitter", MEASURE_VALUE, "s", \
	  "jitter of UDP as RFC 3550 has it; device network:HOST/udp-send or network:HOST/udp-receive") \
	X(TEST_NETWORK_LOSS, "node.test.network.loss", MEASURE_VALUE, "%", \
	  "packets of UDP that did not arrive; device network:HOST/udp-send or network:HOST/udp-receive") \
	X(TEST_NETWORK_PACKETS, "node.test.network.packets", MEASURE_VALUE, "packets", \
	  "packets of UDP that were sent; device as node.test.network.loss") \
	X(TEST_NETWORK_RETRANSMITS, "node.test.network.retransmits", MEASURE_VALUE, "%", \
	  "segments of TCP that were sent again, of those that were sent; device as node.test.network.bandwidth") \
	X(TEST_NETWORK_ROUND_TRIP, "node.test.network.round-trip", MEASURE_VALUE, "s", \
	  "mean time there and back under that load; device network:HOST/send:STREAMS") \
	X(TEST_NETWORK_ROUND_TRIP_LEAST, "node.test.network.round-trip.least", MEASURE_VALUE, "s", \
	  "the shortest of them; device network:HOST/send:STREAMS") \
	X(TEST_OBJECT_BANDWIDTH, "node.test.object.bandwidth", MEASURE_VALUE, "B/s", \
	  "rate of large objects; device object:read.c8:HOST/BUCKET, WHAT.cCONNECTIONS") \
	X(TEST_OBJECT_CORRUPT, "node.test.object.corrupt", MEASURE_VALUE, "objects", \
	  "objects that were read back other than they were written; device object:all:HOST/BUCKET") \
	X(TEST_OBJECT_ERROR, "node.test.object.error", MEASURE_TEXT, NULL, \
	  "request that failed, and how; device object:put:HOST/BUCKET") \
	X(TEST_OBJECT_ERRORS, "node.test.object.errors", MEASURE_VALUE, "errors", \
	  "requests that failed; device object:put:HOST/BUCKET") \
	X(TEST_OBJECT_FALL, "node.test.object.fall", MEASURE_VALUE, "%", \
	  "by how much the rate of mixed operations fell from the first part of a lasting load to the last; device object:mixed:HOST/BUCKET") \
	X(TEST_OBJECT_LASTED, "node.test.object.lasted", MEASURE_VALUE, "s", \
	  "how long the lasting load was that a fall is told of; device as node.test.object.fall") \
	X(TEST_OBJECT_LATENCY_P50, "node.test.object.latency.p50", MEASURE_VALUE, "s", \
	  "time of a request, median; device object:put:HOST/BUCKET, also get, list, delete") \
	X(TEST_OBJECT_LATENCY_P90, "node.test.object.latency.p90", MEASURE_VALUE, "s", \
	  "the same, which nine of ten stay below") \
	X(TEST_OBJECT_LATENCY_P99, "node.test.object.latency.p99", MEASURE_VALUE, "s", \
	  "the same, which 99 of a hundred stay below") \
	X(TEST_OBJECT_LEFT, "node.test.object.left", MEASURE_VALUE, "objects", \
	  "objects of the test that could not be removed; device object:all:HOST/BUCKET") \
	X(TEST_OBJECT_LOCK, "node.test.object.lock", MEASURE_STATE, NULL, \
	  "what became of deleting a locked object: holds, ignored, absent; device object:lock:HOST/BUCKET") \
	X(TEST_OBJECT_RATE, "node.test.object.rate", MEASURE_VALUE, "1/s", \
	  "small objects a second; device object:put:HOST/BUCKET") \
	X(TEST_PROCESSOR_MEMORY, "node.test.processor.memory", MEASURE_VALUE, "B/s", \
	  "bytes a second between processors and memory; device numa:N/copy, numa:N/scale, numa:N/add, numa:N/triad, and numa:N/to:M for processors of N on memory of M") \
	X(TEST_PROCESSOR_MEMORY_EXPECTED, "node.test.processor.memory.expected", MEASURE_VALUE, "B/s", \
	  "what the memory channels of a NUMA node could carry by the firmware's word; device numa:N") \
	X(TEST_PROCESSOR_MEMORY_SPREAD, "node.test.processor.memory.spread", MEASURE_VALUE, "%", \
	  "width of the interval that the median of the bandwidth lies in; device as node.test.processor.memory") \
	X(TEST_PROCESSOR_MEMORY_WRONG, "node.test.processor.memory.wrong", MEASURE_VALUE, "errors", \
	  "elements that did not hold what was written; device numa:N/elements or numa:N/to:M") \
	X(TEST_RDMA_BANDWIDTH, "node.test.rdma.bandwidth", MEASURE_VALUE, "B/s", \
	  "what one RDMA port sends or reads; device rdma:NAME/PORT/WHAT:BYTES, where WHAT is write, read, gpu-write or gpu-read") \
	X(TEST_RDMA_LATENCY, "node.test.rdma.latency", MEASURE_VALUE, "s", \
	  "typical time of one message one way; device rdma:NAME/PORT/WHAT:BYTES") \
	X(TEST_RDMA_LATENCY_P99, "node.test.rdma.latency.p99", MEASURE_VALUE, "s", \
	  "time that 99 of 100 messages do not exceed; device rdma:NAME/PORT/WHAT:BYTES") \
	X(TEST_RDMA_PARTNER, "node.test.rdma.partner", MEASURE_STATE, NULL, \
	  "the other end that a port was tested with: here/NAME/PORT or HOST/NAME/PORT; device rdma:NAME/PORT") \
	X(TEST_REASON, "node.test.reason", MEASURE_TEXT, NULL, \
	  "why an active test, or a GPU in it, did not end well; device test:NAME or gpu:…") \
	X(TEST_RUN, "node.test.run", MEASURE_STATE, NULL, \
	  "how an active test ended: done, not-run, cut, stopped, too-hot, failed; device test:NAME") \
	X(TEST_SENSORS, "node.test.sensors", MEASURE_STATE, NULL, \
	  "sensors of the GPUs while a test ran: watched; gone of a GPU that is lost; device library:… or gpu:…") \
	X(TEST_START_BOOT, "node.test.start.boot", MEASURE_VALUE, "s", \
	  "time until the node was usable; device boot:kernel (from the start of the kernel to the end of the start-up) or boot:instance (from its creation)") \
	X(TEST_START_CACHE, "node.test.start.cache", MEASURE_STATE, NULL, \
	  "what a timed command found: warm (what earlier runs left), fresh (an empty folder), cold (no cached file either); device start:NAME") \
	X(TEST_START_KIND, "node.test.start.kind", MEASURE_STATE, NULL, \
	  "what a timed command stands for: import-time, package-install, image-pull, model-download, container-pull, program-start; device start:NAME") \
	X(TEST_START_MEDIAN, "node.test.start.median", MEASURE_VALUE, "s", \
	  "median time of a command; device start:NAME") \
	X(TEST_START_PATH, "node.test.start.path", MEASURE_VALUE, "B/s", \
	  "what the path of a download is said to allow; device start:NAME") \
	X(TEST_START_RATE, "node.test.start.rate", MEASURE_VALUE, "B/s", \
	  "bytes that a command moves by its median time; device start:NAME") \
	X(TEST_START_SPREAD, "node.test.start.spread", MEASURE_VALUE, "%", \
	  "width of the interval that the median lies in; device start:NAME") \
	X(TEST_START_TIME, "node.test.start.time", MEASURE_VALUE, "s", \
	  "time of one run of a command; device start:NAME/N") \
	X(TEST_STORAGE_BANDWIDTH, "node.test.storage.bandwidth", MEASURE_VALUE, "B/s", \
	  "rate of a file system; device storage:WORK.WAY.cCLIENTS:FOLDER, as storage:sequential-read.direct.c8:/scratch") \
	X(TEST_STORAGE_CORRUPT, "node.test.storage.corrupt", MEASURE_VALUE, "B", \
	  "bytes that were read back other than they were written; device storage:checksum:FOLDER") \
	X(TEST_STORAGE_DIRECT, "node.test.storage.direct", MEASURE_STATE, NULL, \
	  "whether the file system takes files past the page cache: taken, refused, untried; device storage:direct:FOLDER") \
	X(TEST_STORAGE_ERROR, "node.test.storage.error", MEASURE_TEXT, NULL, \
	  "what failed, and how; device storage:WHAT:FOLDER") \
	X(TEST_STORAGE_ERRORS, "node.test.storage.errors", MEASURE_VALUE, "errors", \
	  "operations that failed; device storage:WHAT:FOLDER") \
	X(TEST_STORAGE_FALL, "node.test.storage.fall", MEASURE_VALUE, "%", \
	  "by how much the rate fell from the first part of a lasting load to the last; device storage:WORK.WAY.cCLIENTS:FOLDER") \
	X(TEST_STORAGE_FILES, "node.test.storage.files", MEASURE_VALUE, "files", \
	  "files of the tree that was walked; device storage:walk:FOLDER") \
	X(TEST_STORAGE_LASTED, "node.test.storage.lasted", MEASURE_VALUE, "s", \
	  "how long the lasting load was that a fall is told of; device as node.test.storage.fall") \
	X(TEST_STORAGE_LATENCY_P50, "node.test.storage.latency.p50", MEASURE_VALUE, "s", \
	  "time of an operation, median; device storage:WHAT:FOLDER") \
	X(TEST_STORAGE_LATENCY_P90, "node.test.storage.latency.p90", MEASURE_VALUE, "s", \
	  "the same, which nine of ten stay below") \
	X(TEST_STORAGE_LATENCY_P99, "node.test.storage.latency.p99", MEASURE_VALUE, "s", \
	  "the same, which 99 of a hundred stay below") \
	X(TEST_STORAGE_RATE, "node.test.storage.rate", MEASURE_VALUE, "1/s", \
	  "operations a second; device storage:WHAT:FOLDER") \
	X(TEST_STORAGE_ROUNDS, "node.test.storage.rounds", MEASURE_VALUE, "rounds", \
	  "how often a promise was put to the test; device storage:lock.flock:FOLDER, also lock.posix, lock.open, rename, append") \
	X(TEST_STORAGE_TOOL, "node.test.storage.tool", MEASURE_STATE, NULL, \
	  "version of the program that loads file systems; device tool:fio") \
	X(TEST_STORAGE_TYPE, "node.test.storage.type", MEASURE_STATE, NULL, \
	  "type of the file system, as the kernel names it; device storage:type:FOLDER") \
	X(TEST_STORAGE_VIOLATIONS, "node.test.storage.violations", MEASURE_VALUE, "violations", \
	  "how often a promise was seen broken; device storage:lock.flock:FOLDER, as for rounds") \
	X(TEST_STORAGE_WALK, "node.test.storage.walk", MEASURE_VALUE, "s", \
	  "time of a walk through a tree as an import makes it; device storage:walk.cold:FOLDER, also walk.warm") \
	X(UPTIME, "node.uptime", MEASURE_VALUE, "s", \
	  "time since the kernel started") \
	X(VIRTUAL, "node.virtual", MEASURE_STATE, NULL, \
	  "hypervisor below: none, kvm, xen, vmware, hyperv, other")
/* clang-format on */
