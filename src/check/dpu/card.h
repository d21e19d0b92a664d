/*
 * Whether a node has a DPU: NVIDIA's BlueField, by its functions on the PCI bus.
 */
#pragma once

#include "check/check.h"

/* ABSENT when PCI functions are known and none is a BlueField's; *ret_record is one of the card,
 * NULL otherwise. */
enum presence dpu_presence(const struct machine *machine, const struct record **ret_record);

/* The function that lets a host manage the card; NULL when it shows none. */
const struct record *dpu_find_management(const struct machine *machine);

/* False, and a finding says so, when the node has no DPU or it cannot be told. */
bool dpu_applies(const struct machine *machine, struct findings *found);
