#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/units.h"

namespace mcusim::emulator {

/// What a cycle was spent on. Every cycle has exactly one cause: the reason why the oldest waiting
/// instruction could not go on. docs/cycle-models.md.
#define MCUSIM_STALL_CAUSES(X)                                                             \
  X(issue)           /* an instruction, or one that an IT block suppresses, was issued */  \
  X(load_use)        /* the second cycle of a load that no other load hides */             \
  X(result)          /* a result of data processing that is needed early */                \
  X(address)         /* an address from the result of the instruction before */            \
  X(transfer)        /* further words of LDM, STM, LDRD.. and the offset of a store */     \
  X(multiply_divide) /* further cycles of a multiplication or division */                  \
  X(fpu)             /* further cycles of the FPU, and waiting for its results */          \
  X(branch)          /* refill of the pipeline behind a taken branch */                    \
  X(mispredict)      /* a branch that was predicted wrongly */                             \
  X(fetch_queue)     /* code that the fetch queue could not supply in time */              \
  X(flash_fetch)     /* instructions from flash */                                         \
  X(flash_data)      /* data from flash */                                                 \
  X(icache_miss)     /* instructions that L1 or ICACHE does not hold */                    \
  X(dcache_miss)     /* data that L1 or DCACHE does not hold */                            \
  X(write_back)      /* a fill behind a dirty line that had to leave */                    \
  X(store_buffer)    /* an access behind stores that are not done */                       \
  X(bus)             /* peripherals, unaligned accesses, shared buses, change of memory */ \
  X(system)          /* further cycles of MRS, MSR.. */                                    \
  X(exception)       /* entry to and return from exceptions */                             \
  X(sleep)           /* WFI, WFE and branches to themselves */

enum class StallCause : std::uint8_t {
#define MCUSIM_ENUMERATOR(name) name,
  MCUSIM_STALL_CAUSES(MCUSIM_ENUMERATOR)
#undef MCUSIM_ENUMERATOR
};

inline constexpr std::array kStallCauseNames = {
#define MCUSIM_NAME(name) std::string_view(#name),
    MCUSIM_STALL_CAUSES(MCUSIM_NAME)
#undef MCUSIM_NAME
};

/// Cycles by cause; their sum is the cycles of the span they cover.
struct StallCycles {
  std::array<Cycles, kStallCauseNames.size()> by_cause{};

  Cycles& operator[](StallCause cause) { return by_cause[static_cast<std::size_t>(cause)]; }
  Cycles operator[](StallCause cause) const { return by_cause[static_cast<std::size_t>(cause)]; }
  Cycles sum() const {
    Cycles sum = 0;
    for (const Cycles cycles : by_cause) sum += cycles;
    return sum;
  }
  StallCycles operator-(const StallCycles& other) const {
    StallCycles difference = *this;
    for (std::size_t i = 0; i < by_cause.size(); ++i) difference.by_cause[i] -= other.by_cause[i];
    return difference;
  }
};

}  // namespace mcusim::emulator
