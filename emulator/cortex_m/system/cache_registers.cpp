#include "emulator/cortex_m/system/cache_registers.h"

#include <algorithm>
#include <bit>

namespace mcusim::emulator::cortex_m {
namespace {

using mcu_models::CacheModel;

constexpr std::uint32_t kInstruction = 1;          // CSSELR.InD; above it the level, of which there is one
constexpr std::uint32_t kNoCacheV8 = 0x8000c000u;  // Cortex-M33 TRM 100230, table of system registers

std::optional<CacheModel> cache_named(const mcu_models::McuModel& mcu, const char* name) {
  const auto found = mcu.caches.find(name);
  return found == mcu.caches.end() ? std::nullopt : std::optional(found->second);
}

std::uint32_t log2_words(const std::optional<CacheModel>& cache) {
  return cache ? static_cast<std::uint32_t>(std::countr_zero(cache->line / 4)) : 0;
}

}  // namespace

CacheRegisters::CacheRegisters(const mcu_models::McuModel& mcu)
    : instruction_(cache_named(mcu, "L1I")), data_(cache_named(mcu, "L1D")) {
  if (present()) {
    // Format 4, CWG of eight words, L1Ip 3: as Cortex-M7 has them (DDI 0489 4.3).
    type_ = 4u << 29 | 3u << 24 | 3u << 14 | log2_words(data_) << 16 | log2_words(instruction_);
  } else if (mcu.core.architecture == mcu_models::Architecture::v8m_main) {
    type_ = kNoCacheV8;
  }
}

std::uint32_t CacheRegisters::level_id() const {
  if (!present()) return 0;
  // Level 1 is where coherency and unification are: LoC and LoUU.
  return 1u << 27 | 1u << 24 | (data_ ? 2u : 0) | (instruction_ ? 1u : 0);
}

std::uint32_t CacheRegisters::size_id() const {
  const bool instruction = (selection_ & kInstruction) != 0;
  const std::optional<CacheModel>& cache = instruction ? instruction_ : data_;
  if (!cache || selection_ > kInstruction) return 0;
  const auto sets = static_cast<std::uint32_t>(cache->size / cache->ways / cache->line);
  // WT, WB, RA and WA are all set on Cortex-M7, for instructions too (DDI 0489 4.3).
  return 0xf0000000u | ((sets - 1) & 0x7fff) << 13 | (cache->ways - 1) << 3 |
         (std::max(log2_words(cache), 2u) - 2);
}

void CacheRegisters::select(std::uint32_t selection) { selection_ = present() ? selection & 0xf : 0; }

}  // namespace mcusim::emulator::cortex_m
