#include "emulator/e200/spr_table.h"

#include <algorithm>

namespace mcusim::emulator::e200 {
namespace {

using K = SprKind;
using N = SprRow::Named;

// Numbers: EREF table 4-1 and the e200 core manuals, as binutils know them. MPU0CFG tells that any entry may
// be any region, that there is IPROT and that there is UAMSK (fields: NXP S32 SDK); how it encodes numbers
// and sizes is not known: they read 0. Reset values of PVR, L1CFG0 and L1CFG1: typical of the core, assumed;
// IVOR: the fixed vectors of the newer cores, 16 bytes apart, which firmware that knows IVORs may change,
// assumed; all others are documented or 0. Cache line invalidation by L1FINV0/1 holds the bits and does
// nothing: caches have no data of their own here.
// clang-format off
constexpr SprRow kRows[] = {
    {1, "xer", 0x00000000, 0xffffffff, K::xer, N::both},
    {8, "lr", 0x00000000, 0xffffffff, K::lr, N::both},
    {9, "ctr", 0x00000000, 0xffffffff, K::ctr, N::both},
    {22, "dec", 0x00000000, 0xffffffff, K::decrementer, N::both},
    {26, "srr0", 0x00000000, 0xfffffffe, K::stored, N::both},
    {27, "srr1", 0x00000000, 0xffffffff, K::stored, N::both},
    {48, "pid", 0x00000000, 0x000000ff, K::process, N::both},
    {54, "decar", 0x00000000, 0xffffffff, K::stored, N::no},
    {58, "csrr0", 0x00000000, 0xfffffffe, K::stored, N::both},
    {59, "csrr1", 0x00000000, 0xffffffff, K::stored, N::both},
    {61, "dear", 0x00000000, 0xffffffff, K::stored, N::both},
    {62, "esr", 0x00000000, 0xffffffff, K::stored, N::both},
    {63, "ivpr", 0x00000000, 0xffffff00, K::stored, N::both},
    {256, "usprg0", 0x00000000, 0xffffffff, K::stored, N::both},
    {259, "usprg3", 0x00000000, 0x00000000, K::sprg_alias, N::no},
    {260, "usprg4", 0x00000000, 0x00000000, K::sprg_alias, N::no},
    {261, "usprg5", 0x00000000, 0x00000000, K::sprg_alias, N::no},
    {262, "usprg6", 0x00000000, 0x00000000, K::sprg_alias, N::no},
    {263, "usprg7", 0x00000000, 0x00000000, K::sprg_alias, N::no},
    {268, "tb", 0x00000000, 0x00000000, K::time_base_lower, N::read},
    {269, "tbu", 0x00000000, 0x00000000, K::time_base_upper, N::read},
    {272, "sprg0", 0x00000000, 0xffffffff, K::stored, N::both},
    {273, "sprg1", 0x00000000, 0xffffffff, K::stored, N::both},
    {274, "sprg2", 0x00000000, 0xffffffff, K::stored, N::both},
    {275, "sprg3", 0x00000000, 0xffffffff, K::stored, N::both},
    {276, "sprg4", 0x00000000, 0xffffffff, K::stored, N::both},
    {277, "sprg5", 0x00000000, 0xffffffff, K::stored, N::both},
    {278, "sprg6", 0x00000000, 0xffffffff, K::stored, N::both},
    {279, "sprg7", 0x00000000, 0xffffffff, K::stored, N::both},
    {284, "tbl", 0x00000000, 0xffffffff, K::time_base_lower, N::write},
    {285, "tbu", 0x00000000, 0xffffffff, K::time_base_upper, N::write},
    {286, "pir", 0x00000000, 0x000000ff, K::stored, N::read},
    {287, "pvr", 0x81560010, 0x00000000, K::read_only, N::read},
    {304, "dbsr", 0x10000000, 0xffffffff, K::clear_on_one, N::both},
    {308, "dbcr0", 0x00000000, 0xffffffff, K::stored, N::both},
    {309, "dbcr1", 0x00000000, 0xffffffff, K::stored, N::both},
    {310, "dbcr2", 0x00000000, 0xffffffff, K::stored, N::both},
    {312, "iac1", 0x00000000, 0xffffffff, K::stored, N::both},
    {313, "iac2", 0x00000000, 0xffffffff, K::stored, N::both},
    {314, "iac3", 0x00000000, 0xffffffff, K::stored, N::both},
    {315, "iac4", 0x00000000, 0xffffffff, K::stored, N::both},
    {316, "dac1", 0x00000000, 0xffffffff, K::stored, N::both},
    {317, "dac2", 0x00000000, 0xffffffff, K::stored, N::both},
    {318, "dvc1", 0x00000000, 0xffffffff, K::stored, N::both},
    {319, "dvc2", 0x00000000, 0xffffffff, K::stored, N::both},
    {336, "tsr", 0x00000000, 0xffffffff, K::clear_on_one, N::both},
    {340, "tcr", 0x00000000, 0xffffffff, K::timer_control, N::both},
    {400, "ivor0", 0x00000000, 0xfffffff0, K::stored, N::both},
    {401, "ivor1", 0x00000010, 0xfffffff0, K::stored, N::both},
    {402, "ivor2", 0x00000020, 0xfffffff0, K::stored, N::both},
    {403, "ivor3", 0x00000030, 0xfffffff0, K::stored, N::both},
    {404, "ivor4", 0x00000040, 0xfffffff0, K::stored, N::both},
    {405, "ivor5", 0x00000050, 0xfffffff0, K::stored, N::both},
    {406, "ivor6", 0x00000060, 0xfffffff0, K::stored, N::both},
    {407, "ivor7", 0x00000070, 0xfffffff0, K::stored, N::both},
    {408, "ivor8", 0x00000080, 0xfffffff0, K::stored, N::both},
    {409, "ivor9", 0x00000090, 0xfffffff0, K::stored, N::both},
    {410, "ivor10", 0x000000a0, 0xfffffff0, K::stored, N::both},
    {411, "ivor11", 0x000000b0, 0xfffffff0, K::stored, N::both},
    {412, "ivor12", 0x000000c0, 0xfffffff0, K::stored, N::both},
    {413, "ivor13", 0x000000d0, 0xfffffff0, K::stored, N::both},
    {414, "ivor14", 0x000000e0, 0xfffffff0, K::stored, N::both},
    {415, "ivor15", 0x000000f0, 0xfffffff0, K::stored, N::both},
    {496, "dmemctl0", 0x00000000, 0xffffffff, K::stored, N::no},
    {497, "imemctl0", 0x00000000, 0xffffffff, K::stored, N::no},
    {512, "spefscr", 0x00000000, 0x3f3f3fff, K::spefscr, N::both},
    {515, "l1cfg0", 0x17a80012, 0x00000000, K::read_only, N::no},
    {516, "l1cfg1", 0x04880008, 0x00000000, K::read_only, N::no},
    {528, "ivor32", 0x00000200, 0xfffffff0, K::stored, N::both},
    {529, "ivor33", 0x00000210, 0xfffffff0, K::stored, N::both},
    {530, "ivor34", 0x00000220, 0xfffffff0, K::stored, N::both},
    {561, "dbcr3", 0x00000000, 0xffffffff, K::stored, N::no},
    {562, "dbcnt", 0x00000000, 0xffffffff, K::stored, N::no},
    {570, "mcsrr0", 0x00000000, 0xfffffffe, K::stored, N::both},
    {571, "mcsrr1", 0x00000000, 0xffffffff, K::stored, N::both},
    {572, "mcsr", 0x00000000, 0xffffffff, K::clear_on_one, N::both},
    {573, "mcar", 0x00000000, 0xffffffff, K::stored, N::read},
    {574, "dsrr0", 0x00000000, 0xfffffffe, K::stored, N::no},
    {575, "dsrr1", 0x00000000, 0xffffffff, K::stored, N::no},
    {604, "sprg8", 0x00000000, 0xffffffff, K::stored, N::no},
    {605, "sprg9", 0x00000000, 0xffffffff, K::stored, N::no},
    {624, "mas0", 0x00000000, 0xffffffff, K::stored, N::no},
    {625, "mas1", 0x00000000, 0xffffffff, K::stored, N::write},
    {626, "mas2", 0x00000000, 0xffffffff, K::stored, N::no},
    {627, "mas3", 0x00000000, 0xffffffff, K::stored, N::no},
    {628, "mas4", 0x00000000, 0xffffffff, K::stored, N::no},
    {692, "mpu0cfg", 0x8000a000, 0x00000000, K::read_only, N::no},
    {959, "l1finv1", 0x00000000, 0xffffffff, K::stored, N::no},
    {1008, "hid0", 0x00000000, 0xffffffff, K::timer_control, N::no},
    {1009, "hid1", 0x00000000, 0xffffffff, K::stored, N::no},
    {1010, "l1csr0", 0x00000000, 0xffffffff, K::cache_control, N::no},
    {1011, "l1csr1", 0x00000000, 0xffffffff, K::cache_control, N::no},
    {1013, "bucsr", 0x00000000, 0xffffffff, K::branch_control, N::no},
    {1014, "mpu0csr0", 0x00000000, 0xffffffff, K::mpu_control, N::no},
    {1015, "mmucfg", 0x00000000, 0x00000000, K::read_only, N::no},
    {1016, "l1finv0", 0x00000000, 0xffffffff, K::stored, N::no},
    {1023, "svr", 0x00000000, 0x00000000, K::read_only, N::no},
};
// clang-format on

}  // namespace

std::span<const SprRow> spr_rows() { return kRows; }

const SprRow* find_spr(std::uint32_t number) {
  const auto row = std::ranges::lower_bound(kRows, number, {}, &SprRow::number);
  return row != std::end(kRows) && row->number == number ? row : nullptr;
}

}  // namespace mcusim::emulator::e200
