#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/units.h"
#include "emulator/access_listener.h"
#include "emulator/call_listener.h"
#include "emulator/debug_access.h"
#include "emulator/image/stack_areas.h"
#include "emulator/instruction_count.h"
#include "emulator/interrupt_lines.h"
#include "emulator/timing/cache_counters.h"
#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator {

/// Registers that Power cores have beside LR and the program counter.
struct PowerRegisters {
  std::array<std::uint32_t, 32> r{};
  std::uint32_t cr = 0, xer = 0, ctr = 0, msr = 0, spefscr = 0;
};

/// Core registers as every engine shows them.
struct Registers {
  std::array<std::uint32_t, 16>
      r{};  ///< r13 is the stack pointer in use, r15 the next instruction's address.
  std::uint32_t xpsr = 0;
  std::uint32_t msp = 0;
  std::uint32_t psp = 0;
  std::uint32_t control = 0;
  std::array<std::uint32_t, 32> s{};  ///< Single-precision registers; 0 without an FPU.
  std::uint32_t fpscr = 0;
  std::uint32_t primask = 0, basepri = 0, faultmask = 0;  ///< 0 on engines that have no exceptions.
  /// Of Power cores. `r` then repeats r0 to r12, and has the stack pointer (r1) as r13 and LR as r14; of
  /// these set_registers() takes r14 and r15 alone.
  std::optional<PowerRegisters> power = {};

  /// What a function finds as its integer argument `index` (AAPCS; Power: EABI), and leaves as result 0.
  std::uint32_t argument(unsigned index) const { return power ? power->r[3 + index] : r[index]; }
};

/// What has been executed since reset.
struct Counters {
  std::uint64_t instructions = 0;  ///< Condition passed, plus untaken branches and IT.
  std::uint64_t skipped = 0;       ///< Suppressed by an IT block. Engines that cannot see them leave 0.
  Cycles cycles = 0;
};

enum class StopReason : std::uint8_t {
  probe,         ///< At an address given to add_probe(), before its instruction.
  self_branch,   ///< The instruction at `pc` branches to itself: the firmware is done.
  sleep,         ///< WFI or WFE that nothing can wake.
  fault,         ///< `detail` says which.
  cycle_limit,   ///< RunLimits reached.
  exit_request,  ///< The firmware asked to end; `exit_code`.
  requested,     ///< A device asked to stop, as --until does.
  idle,          ///< The console was silent, see MachineOptions::stop_when_idle.
  step,          ///< DebugAccess::step() is done.
  watchpoint,    ///< At an instruction that accesses watched bytes, before it: DebugAccess::watch_hit().
  breakpoint,    ///< At a BKPT that nobody dealt with, while a debugger is attached.
  killed,        ///< A debugger ended the run.
};

/// What a core knows of the fault that ended a run. When a fault handler faults again, the first is told.
struct FaultRecord {
  /// As `exception`: silicon takes none, the emulator knows the end of the stack.
  static constexpr const char* kStackOverflow = "Stack overflow";

  std::string exception;    ///< That belongs to the cause: "BusFault". See `escalated`.
  std::string cause;        ///< In words: "write to 0x70000000, where nothing is".
  Address pc = 0;           ///< Of the instruction that faulted.
  std::string interrupted;  ///< The exception whose handler faulted: "SysTick"; empty in Thread mode.
  bool escalated = false;   ///< HardFault was taken instead.
  bool lockup = false;      ///< The handler faulted too, and the core stopped for good.
  std::optional<std::uint32_t> cfsr, hfsr;   ///< Absent where the architecture has no such register.
  std::optional<std::uint32_t> mmfar, bfar;  ///< Only while CFSR says that they are valid.
};

struct Stop {
  StopReason reason = StopReason::self_branch;
  Address pc = 0;
  int exit_code = 0;
  std::string detail;
  std::optional<FaultRecord> fault = {};  ///< With StopReason::fault, from engines that can tell.
};

struct RunLimits {
  Cycles cycles = ~Cycles{0};  ///< Absolute, since reset.
  /// Emulated time since reset. Machine::run() turns it into cycles, whatever the firmware does to its
  /// clocks; engines do not look at it.
  double seconds = std::numeric_limits<double>::infinity();
};

/// A core that executes the code on a Bus. One instance is one core of one machine.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Takes stack pointer and program counter from the vector table at `vector_table`; clears the counters.
  virtual void reset(Address vector_table) = 0;

  /// Executes until there is a reason to stop. Called again, it goes on; a probe at the current address does
  /// not stop it a second time.
  virtual Stop run(const RunLimits& limits) = 0;

  virtual Registers registers() const = 0;
  virtual void set_registers(const Registers& registers) = 0;
  /// Of code that interrupts wait to go on with, the innermost first; at most 64. Empty on cores that keep it
  /// on the stack.
  virtual std::vector<Registers> interrupted_code() const { return {}; }
  virtual const Counters& counters() const = 0;
  /// What the cycles of counters() were spent on; empty when the timing in use does not tell.
  virtual std::optional<StallCycles> stalls() const { return std::nullopt; }
  /// Executions and cycles of every instruction since reset, in order of addresses; none when the engine or
  /// its timing does not count them.
  virtual std::vector<InstructionCount> instruction_counts() const { return {}; }
  /// Tells `listener` how execution goes from now on; null: nobody. It must outlive that. `functions` are
  /// addresses known to begin functions. False: this engine cannot tell.
  virtual bool follow_calls(CallListener* /*listener*/, std::unordered_set<Address> /*functions*/) {
    return false;
  }
  /// Tells `listener` every access to memories from now on, which is slow; null: nobody. It must outlive
  /// that. False: this engine cannot tell.
  virtual bool follow_accesses(AccessListener* /*listener*/) { return false; }
  /// Tells `listener` each read of the core's own cycle counter (DWT_CYCCNT) by the address of the
  /// instruction, while it executes. False: this engine cannot tell, or its core has none.
  using CycleReadListener = std::function<void(Address pc)>;
  virtual bool follow_cycle_reads(CycleReadListener /*listener*/) { return false; }
  /// Faults with `FaultRecord::kStackOverflow` when a stack pointer falls below the area that it began in, at
  /// the next reset. Cores whose own limit registers are set go by those.
  virtual void set_stack_areas(StackAreas /*areas*/) {}
  /// Caches and flash buffers since reset; none where the timing in use has no model of them.
  virtual std::vector<CacheUse> caches() const { return {}; }

  /// What the core's own registers (0xe000e000..) hold; nothing where they are devices on the bus.
  virtual std::optional<std::uint32_t> system_register(Address) { return std::nullopt; }

  /// One line each of what would go differently on a board; since reset.
  virtual std::vector<std::string> warnings() const { return {}; }

  /// What the firmware writes to a stimulus port of the ITM, while the port is open.
  using TraceListener = std::function<void(unsigned port, unsigned width, std::uint32_t value)>;
  virtual void set_trace_listener(TraceListener) {}

  virtual void add_probe(Address address) = 0;
  virtual void remove_probe(Address address) = 0;

  /// Where devices signal; null when this engine takes no interrupts.
  virtual InterruptLines* interrupts() { return nullptr; }
  /// For semihosting and debuggers; null when this engine has nothing for them.
  virtual DebugAccess* debug() { return nullptr; }

  /// Bytes of a memory were changed by other means than the core's own stores; they may be code.
  virtual void memory_changed(Address /*address*/, Bytes /*size*/) {}
  /// Addresses show other memories than before. False: this engine cannot follow.
  virtual bool memory_map_changed() { return false; }
  /// Called when firmware requests a system reset, before the core itself restarts.
  virtual void set_reset_listener(std::function<void()> /*listener*/) {}

  /// From a device: stop after the instruction that is being executed.
  virtual void request_stop() = 0;
};

}  // namespace mcusim::emulator
