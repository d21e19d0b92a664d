/*
 * A back end of eight InfiniBand adapters for the tests of checks: what a full look at sound ones
 * says. Lines that come behind replace single facts.
 */
#pragma once

#define RAIL(index, pci)                                        \
	"rdma.state rdma:mlx5_" index "/1 active\n"             \
	"rdma.physical rdma:mlx5_" index "/1 linkup\n"          \
	"rdma.layer rdma:mlx5_" index "/1 infiniband\n"         \
	"rdma.rate rdma:mlx5_" index "/1 400\n"                 \
	"rdma.lid rdma:mlx5_" index "/1 1" index "\n"           \
	"rdma.partitions rdma:mlx5_" index "/1 0x7fff,0x8001\n" \
	"rdma.model rdma:mlx5_" index " MT4129\n"               \
	"rdma.function rdma:mlx5_" index " physical\n"          \
	"rdma.firmware rdma:mlx5_" index " 28.43.2566\n"        \
	"rdma.board rdma:mlx5_" index " MT_0000000838\n"        \
	"rdma.pci rdma:mlx5_" index " pci:0000:" pci ":00.0\n"

#define RAILS                                                                              \
	"rdma.count - 8\n" RAIL("0", "18") RAIL("1", "3a") RAIL("2", "4b") RAIL("3", "5c") \
		RAIL("4", "9a") RAIL("5", "ba") RAIL("6", "ca") RAIL("7", "da")
