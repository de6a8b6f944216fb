#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/units.h"
#include "mcu_models/pipeline_parameters.h"

namespace mcusim::mcu_models {

// The microcontrollers as data. The TOML files beside this header hold the facts, each with its source;
// docs/mcu-models.md describes their keys. A part file names its family and overrides what differs;
// a family file names its core.

/// The Arm M profile's, and PowerPC with variable-length encoding, which is big-endian.
enum class Architecture : std::uint8_t { v6m, v7m, v7em, v8m_main, vle };

inline constexpr bool is_big_endian(Architecture architecture) { return architecture == Architecture::vle; }

enum class Fpu : std::uint8_t { none, fpv4_sp, fpv5_sp, fpv5_dp };

/// Documented cycles of one instruction class, without memory effects.
/// cycles = base + per_item * items + (taken ? taken : 0); items are the registers of a load/store multiple.
struct InstructionCost {
  unsigned base = 1;
  unsigned per_item = 0;
  unsigned taken = 0;
};

struct CoreModel {
  std::string name;  ///< As -mcpu takes it: "cortex-m7".
  Architecture architecture = Architecture::v7em;
  bool dsp = false;
  unsigned mpu_regions = 0;
  bool cycle_counter = true;  ///< DWT CYCCNT exists.
  /// 0x22000000 and 0x42000000 alias the bits of the first megabyte of SRAM and of the peripherals.
  bool bit_band = false;
  bool dwt_lock = false;  ///< DWT needs the key in its lock access register before CYCCNT counts.
  std::uint32_t cpuid = 0;
  /// By class name; the classes are those of emulator/timing/instruction_class.h.
  std::map<std::string, InstructionCost> costs;
  ExceptionParameters exceptions = {};
  // At most one; none: this core has no pipeline model.
  std::optional<PipelineParameters> pipeline;
  std::optional<PipelineM7Parameters> pipeline_m7;
  std::optional<PipelineM0Parameters> pipeline_m0 = {};
  std::optional<PipelineM33Parameters> pipeline_m33 = {};
};

enum class MemoryKind : std::uint8_t { flash, ram, itcm, dtcm, ccm, backup };

struct MemoryRegion {
  std::string name;
  MemoryKind kind = MemoryKind::ram;
  Address base = 0;
  Bytes size = 0;
  bool executable = true;        ///< False where the core cannot fetch, as CCM of the STM32F4.
  std::vector<Address> aliases;  ///< Further base addresses of the same bytes.
  bool dma = true;               ///< False where only the core gets at it.
};

struct RegisterModel {
  std::string name;
  std::uint32_t offset = 0;
  std::uint32_t reset = 0;
  bool kept = false;  ///< A system reset leaves it alone, as the backup domain.
};

/// The register that tells firmware why it started, as RCC_CSR.
struct ResetCause {
  std::uint32_t offset = 0;
  std::uint32_t flags = 0;     ///< All of them: they outlive a system reset.
  std::uint32_t software = 0;  ///< Those that a system reset by software sets.
  std::uint32_t remove = 0;    ///< Written 1, it clears the flags.
};

/// Which memory shows at an address, as SYSCFG_MEMRMP selects it.
struct MemoryRemap {
  std::uint32_t offset = 0;  ///< Of the register with the selection.
  std::uint32_t shift = 0;
  std::uint32_t width = 1;
  /// Names of memories by value; "none" for what is not modelled.
  std::vector<std::string> memories;
};

/// One signal of a peripheral at the input of a DMA controller.
struct DmaRequest {
  std::string signal;  ///< "USART2_RX"
  int channel = -1;    ///< Counted from 0, whatever the manual does; -1: every channel.
  unsigned selection = 0;
};

struct DmaModel {
  std::vector<DmaRequest> requests;
  /// Of the request multiplexer's register for channel 0; empty: the selection is in the controller.
  std::optional<Address> multiplexer;
};

/// Where an external interrupt controller finds the port that a line listens to.
struct PinSelection {
  Address address = 0;  ///< Of the register for lines 0 to 3; the next three follow.
  unsigned width = 4;   ///< Bits per line: 4, or 8 with the fields in bytes.
};

/// Programming and erasing one range of flash, as its interface wants it. Members named `.._bit` are masks of
/// the control register, those named `.._flag` of the status register; 0: the family has no such bit.
struct FlashProgramming {
  Address base = 0;  ///< Ranges of one interface divide the flash equally.
  Bytes size = 0;
  std::uint32_t key = 0, control = 0, status = 0;  ///< Offsets of registers.
  std::optional<std::uint32_t> clear;    ///< Offset; clears flags. Empty: ones written to the status do.
  std::optional<std::uint32_t> address;  ///< Offset; an address in the sector to erase. Empty: `sector`.
  std::uint32_t lock_bit = 0, program_bit = 0, erase_bit = 0, start_bit = 0, end_interrupt_bit = 0;
  std::uint32_t error_interrupt_bit = 0;
  std::vector<std::uint32_t> erase_all_bits;  ///< One for each equal part of the range.
  std::uint32_t sector_shift = 0, sector_width = 0;
  std::uint32_t bank_bit = 0;                    ///< Set: sectors count from the middle of the range,
  std::uint32_t bank_sector = 0;                 ///< where they begin with this number.
  std::uint32_t size_shift = 0, size_width = 0;  ///< Log2 of the bytes of a write; width 0: `write_bytes`.
  std::uint32_t busy_flag = 0, end_flag = 0, sequence_flag = 0, not_erased_flag = 0, size_flag = 0,
                align_flag = 0;
  bool end_needs_interrupt = false;  ///< The end flag rises only while its interrupt is enabled.
  bool size_fault = false;           ///< A write of the wrong size is a bus error.
  unsigned unit_bytes = 4;           ///< What is programmed at once.
  unsigned write_bytes = 4;          ///< Of each write; 0: any.
  std::vector<Bytes> sectors;        ///< From the base on; the last size repeats.
  double program_us = 0, erase_ms = 0;
};

/// "CR.25 = CR.24", "CFGR.5:3 = CFGR.2:0", "CSR1.13 = 1": what a read returns in some bits of a register.
struct FollowRule {
  std::uint32_t target_offset = 0;
  std::uint32_t target_shift = 0;
  std::uint32_t width = 1;
  std::optional<std::uint32_t> source_offset;  ///< Empty: `constant`.
  std::uint32_t source_shift = 0;
  std::uint32_t constant = 0;
};

struct PeripheralModel {
  std::string name;  ///< As the manual calls it: "USART3".
  /// Which model answers: "registers" (reset values, rules, and reads back what was written) or the name of
  /// a model in emulator/peripherals, as "usart_v2".
  std::string model = "registers";
  Address base = 0;
  Bytes size = 0x400;
  int interrupt = -1;  ///< External interrupt number; -1: none.
  /// Of a peripheral with several, by line or channel; -1: that one has none.
  std::vector<int> interrupts;
  std::vector<RegisterModel> registers;
  std::vector<FollowRule> rules;
  std::optional<ResetCause> reset_cause = {};
  std::optional<MemoryRemap> remap = {};
  DmaModel dma = {};
  std::optional<PinSelection> pins = {};
  std::vector<FlashProgramming> flash = {};
  /// Of "registers" whose rules only keep firmware going: what is missing, in words, for the report.
  std::string stand_in = {};
};

/// Bits of a memory-mapped register.
struct RegisterBits {
  Address address = 0;
  std::uint32_t shift = 0;
  std::uint32_t width = 1;
};

struct RegisterCondition {
  RegisterBits bits;
  std::uint32_t value = 0;
};

/// Wait states that the flash needs in one range of the supply.
struct WaitStates {
  std::string range;
  std::vector<double> mhz;              ///< Highest clock for 0, 1, 2 .. wait states; rising.
  std::vector<RegisterCondition> when;  ///< How the firmware selects the range; empty: it cannot.
};

/// The interface through which a core reads its flash.
struct FlashTiming {
  unsigned read_bits = 64;  ///< One read of the array.
  RegisterBits latency;     ///< Wait states as the firmware programs them.
  std::optional<RegisterBits> prefetch;
  std::optional<RegisterBits>
      bus_divider;               ///< Core clock to bus clock, coded as HPRE; empty: the same clock.
  unsigned refill_overhead = 0;  ///< Cycles around a read that fills a cache line outside the core.
  std::vector<WaitStates> wait_states = {};
};

/// What it takes to fill a cache line from the memories behind the bus matrix.
struct LineFill {
  unsigned flash_overhead = 4;  ///< Core cycles around the reads of the array.
  unsigned flash_gap = 2;       ///< Core cycles between two line reads.
  unsigned ram_overhead = 5;    ///< Core cycles in front of the first beat.
  unsigned ram_beat = 1;        ///< Bus cycles of 64 bits.
  unsigned device_access = 10;  ///< Core cycles of a load from a peripheral.
};

enum class Replacement : std::uint8_t { lru, random };
/// What goes through a cache in front of a memory.
enum class CacheServes : std::uint8_t { flash, flash_by_alias, external_memory };

struct CacheModel {
  Bytes size = 0;
  unsigned line = 0;  ///< Bytes.
  unsigned ways = 1;
  Replacement replacement = Replacement::lru;
  unsigned seed = 0xace1;              ///< Of the shift register that draws victims, 1 to 0xffff.
  std::optional<RegisterBits> enable;  ///< Empty: the core itself switches it on, and it serves all.
  std::optional<RegisterBits> ways_select = {};  ///< 0: one way; else, and when empty: `ways`.
  std::optional<RegisterBits> invalidate = {};   ///< Writing 1 empties it.
  CacheServes serves = CacheServes::flash;
};

struct McuModel {
  std::string name;    ///< "stm32h743"
  std::string family;  ///< "stm32h7"
  /// Which clock tree in emulator/clock_tree the registers of RCC describe; empty: none, and the board's core
  /// clock holds throughout.
  std::string clock_tree;
  CoreModel core;
  Fpu fpu = Fpu::none;
  Hertz max_clock = 0;
  unsigned priority_bits = 4;             ///< Of the NVIC.
  unsigned interrupt_count = 0;           ///< External interrupts; sizes the vector table.
  std::uint32_t systick_calibration = 0;  ///< SYST_CALIB; 0: not known.
  std::string default_board;
  std::vector<MemoryRegion> memory;
  std::vector<PeripheralModel> peripherals;
  std::optional<FlashTiming> flash_timing;
  std::optional<LineFill> line_fill;
  std::map<std::string, CacheModel> caches;  ///< "ART_I", "L1D".

  const MemoryRegion* find_memory(const std::string& region_name) const;
  const PeripheralModel* find_peripheral(const std::string& peripheral_name) const;
};

/// One step of a board's start-up: the order in which a real part wants its registers.
struct StartupStep {
  enum class Kind : std::uint8_t {
    write,   ///< register = value
    modify,  ///< register = (register & ~mask) | value
    wait,    ///< until (register & mask) == value
  };
  Kind kind = Kind::write;
  std::string peripheral;     ///< "RCC"
  std::string register_name;  ///< "CR"
  Address address = 0;        ///< Of the register; resolved by the loader.
  std::uint32_t mask = 0xffffffff;
  std::uint32_t value = 0;
  std::string why;  ///< Becomes the comment in the generated start-up code.
};

struct Console {
  std::string peripheral;  ///< "USART3"
  std::string tx_pin;      ///< "PD8"
  std::string rx_pin;
  unsigned alternate_function = 7;
  unsigned baud = 115200;
  Hertz clock = 0;  ///< Kernel clock of the UART after `startup`.
};

struct BoardModel {
  std::string name;   ///< "nucleo-h743zi"
  std::string title;  ///< "NUCLEO-H743ZI"
  std::string mcu;
  Hertz oscillator = 0;  ///< HSE; 0: none, internal oscillator.
  std::string supply;    ///< "ldo", "smps", or "direct" where there is no choice.
  Hertz core_clock = 0;  ///< After `startup`.
  Console console;
  std::vector<StartupStep> startup;  ///< Supply, wait states, oscillator, PLL, switch, bus dividers, pins.
};

/// Names of the built-in MCUs, sorted.
std::vector<std::string> mcu_names();

/// A built-in name, or the path of a .toml part file (which may name built-in families and cores).
/// Throws InputError: for a name, with the nearest names; for a file, with file, line, key and what was
/// expected.
McuModel load_mcu(const std::string& name_or_path);

/// A built-in board name or a path; empty: the MCU's usual board. Throws InputError as above, and when the
/// board carries another MCU.
BoardModel load_board(const McuModel& mcu, const std::string& name_or_path);

}  // namespace mcusim::mcu_models
