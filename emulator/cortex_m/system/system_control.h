#pragma once

#include <cstdint>

#include "emulator/cortex_m/features.h"
#include "emulator/cortex_m/system/cache_registers.h"
#include "emulator/cortex_m/system/dwt.h"
#include "emulator/cortex_m/system/interrupt_controller.h"
#include "emulator/cortex_m/system/itm.h"
#include "emulator/cortex_m/system/mpu.h"
#include "emulator/cortex_m/system/system_options.h"
#include "emulator/cortex_m/system/systick.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

// Bits of the system control registers that the core itself looks at (DDI 0403E B3.2).
inline constexpr std::uint32_t kCcrNonBaseThread = 1u << 0;
inline constexpr std::uint32_t kCcrUserSetPending = 1u << 1;
inline constexpr std::uint32_t kCcrUnalignTrap = 1u << 3;
inline constexpr std::uint32_t kCcrDivideTrap = 1u << 4;
inline constexpr std::uint32_t kCcrIgnoreBusFault = 1u << 8;
inline constexpr std::uint32_t kCcrStackAlign = 1u << 9;
inline constexpr std::uint32_t kScrSleepOnExit = 1u << 1;
inline constexpr std::uint32_t kScrSendEventOnPending = 1u << 4;
inline constexpr std::uint32_t kHfsrVectorTable = 1u << 1;
inline constexpr std::uint32_t kHfsrForced = 1u << 30;
inline constexpr std::uint32_t kHfsrDebugEvent = 1u << 31;
inline constexpr std::uint32_t kFpccrLazyActive = 1u << 0;
inline constexpr std::uint32_t kFpccrUser = 1u << 1;
inline constexpr std::uint32_t kFpccrLazyEnabled = 1u << 30;
inline constexpr std::uint32_t kFpccrAutomatic = 1u << 31;

/// The private peripheral bus: NVIC, SysTick, MPU, system control block, DWT and ITM, as registers. What they
/// mean for execution is the core's business; after a write it looks at the members again.
class SystemControl {
 public:
  static constexpr Address kBase = 0xe0000000u;
  /// Above it is the vendor's part: debug components, which are devices on the bus.
  static constexpr Address kEnd = 0xe003ffffu;
  static bool contains(Address address) { return address >= kBase && address <= kEnd; }

  SystemControl(const mcu_models::McuModel& mcu, Features features, Scheduler& scheduler,
                const SystemOptions& options);

  void reset(Address vector_table);
  /// `now` is the scheduler's. Registers that do not exist read 0 and ignore writes.
  std::uint32_t read(Address address, unsigned width);
  void write(Address address, unsigned width, std::uint32_t value, bool privileged = true);
  /// Whether unprivileged code may access the register; anywhere else it is a BusFault (DDI 0403E B3.1.1).
  bool unprivileged_may_access(Address address, bool write) const;

  /// The exception number shown by ICSR.VECTACTIVE; set by the core.
  std::uint32_t active_vector = 0;
  InterruptController interrupts;
  SysTick systick;
  Mpu mpu;
  Dwt dwt;
  Itm itm;

  std::uint32_t vtor = 0, scr = 0, ccr = 0, cfsr = 0, hfsr = 0, dfsr = 0, mmfar = 0, bfar = 0;
  std::uint32_t cpacr = 0, fpccr = 0, fpcar = 0, fpdscr = 0, demcr = 0;
  bool reset_requested = false;
  bool mpu_changed = false;

 private:
  std::uint32_t read_word(Address address);
  void write_word(Address address, std::uint32_t value, std::uint32_t mask);
  std::uint32_t read_interrupts(std::uint32_t offset) const;
  void write_interrupts(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  std::uint32_t read_block(std::uint32_t offset);
  void write_block(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  std::uint32_t feature_register(std::uint32_t offset) const;
  std::uint32_t icsr() const;
  std::uint32_t shcsr() const;

  bool has_trace() const { return (features_ & kThumb2) != 0; }  ///< ITM: not on Armv6-M.

  const Features features_;
  const std::uint32_t cpuid_;
  struct CcrBits {
    std::uint32_t exist;   ///< Can be written.
    std::uint32_t always;  ///< Read as one.
  };
  static CcrBits ccr_bits(Features features, std::uint32_t cpuid);
  const CcrBits ccr_bits_;
  CacheRegisters caches_;
};

}  // namespace mcusim::emulator::cortex_m
