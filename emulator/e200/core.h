#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/call_listener.h"
#include "emulator/e200/code_cache.h"
#include "emulator/e200/cpu_state.h"
#include "emulator/e200/decoder.h"
#include "emulator/e200/efpu.h"
#include "emulator/e200/interrupts.h"
#include "emulator/e200/mpu.h"
#include "emulator/e200/spr_table.h"
#include "emulator/engine.h"
#include "emulator/run_control.h"
#include "emulator/scheduler.h"
#include "emulator/timing/class_costs.h"
#include "emulator/timing/pipeline_e200.h"
#include "emulator/watchpoints.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::e200 {

/// The controller that decides which peripheral interrupts the core, as the core sees it.
class InterruptSource {
 public:
  virtual ~InterruptSource() = default;
  /// Some source has a higher priority than what the core executes.
  virtual bool pending() const = 0;
  /// The core takes the interrupt. With hardware vectors: acknowledges and answers the vector's number.
  virtual std::optional<unsigned> acknowledge_by_hardware() = 0;
};

/// What a debugger sees of a core.
struct CoreRegisters : PowerRegisters {
  std::uint32_t lr = 0;
  Address pc = 0;
};

/// One e200z4 without its loop: state, memory access, interrupts and special purpose registers. The loops
/// execute on the public state and call the rest when something is not plain computation.
///
/// Protocol of the calls: the loop has stored cycles, instructions and state.pc before; afterwards it takes
/// cycles and deadline anew and looks at `fault`. Functions that return bool answer false when run() must
/// return, with the reason in stop(); when true, execution goes on at state.pc.
class Core {
 public:
  Core(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler);

  CpuState state;
  Cycles cycles = 0;
  Cycles deadline = 0;  ///< serve() is due at the first instruction boundary at or after this time.
  std::uint64_t instructions = 0;
  AccessListener* access_listener = nullptr;  ///< Hears of accesses that take the slow path.
  CallListener* call_listener = nullptr;      ///< Hears of calls, jumps and interrupts.
  Fault fault = Fault::none;

  // --- Code ---
  CodeCache& code() { return code_; }
  FlowPoint flow_point() const { return {cycles, instructions, state.r[1]}; }
  Operation* locate(Address pc) { return code_.locate(pc); }
  /// Decodes an operation that execution reached. False: `fault` is set.
  bool fetch(Operation& operation);
  /// Sets `fault`: there is nothing at `pc` that can be decoded.
  void fetch_fails(Address pc);
  bool stops_at_probe(Address pc);

  // --- Data; memories are big-endian ---
  const std::uintptr_t* readable_pages() const { return readable_.entries(); }
  const std::uintptr_t* writable_pages() const { return writable_.entries(); }
  /// In a page of memory that the MPU permits in part: the bytes, if it permits these; else null, as for all
  /// that somebody wants to hear of.
  std::uint8_t* checked_bytes(Address address, unsigned width, bool write);
  std::uint32_t load(Address address, unsigned width);
  void store(Address address, unsigned width, std::uint32_t value);
  /// The access that faults is one to this address.
  void fault_at(Fault kind, Address address) {
    fault = kind;
    fault_address_ = address;
  }

  // --- Registers ---
  std::uint32_t read_spr(std::uint32_t number);
  void write_spr(std::uint32_t number, std::uint32_t value);
  void write_msr(std::uint32_t value);
  /// What a slot of the volatile context moves holds, e_lmvsrrw and the like.
  std::uint32_t spr(std::uint16_t number) const;
  void set_spr(std::uint16_t number, std::uint32_t value);
  /// mpure and mpuwe.
  void read_mpu_entry();
  void write_mpu_entry();
  /// Whether the flags of the last floating-point operation interrupt; `fault` is set.
  bool fp_interrupts(bool before_result);

  // --- Control ---
  bool serve();
  bool take_fault();
  bool system_call(Address return_address);
  void return_from(std::uint16_t srr0, std::uint16_t srr1);
  bool self_branch();
  bool wait(Address next);

  /// A frame below this needs leave_stack(), which sets `fault` if the stack that r1 is on ends above `sp`.
  Address stack_limit = kUnknownLimit;
  void leave_stack(Address sp);

  // --- For the engine ---
  void set_stack_areas(StackAreas areas) { stack_areas_ = std::move(areas); }
  void follow_accesses(AccessListener* listener);
  /// Starts at `entry`, as boot code does.
  void reset(Address entry);
  void begin(Cycles limit);
  void begin_step();
  bool stepping() const { return control_.stepping(); }
  void watch(std::vector<Watchpoint> watchpoints);
  const WatchHit& watch_hit() const { return watchpoints_.hit(); }
  const Stop& stop() const { return stop_; }
  CoreRegisters registers() const;
  void set_registers(const CoreRegisters& registers);
  const std::vector<CoreRegisters>& interrupted() const { return interrupted_; }
  void request_stop();
  void request_exit(int code);
  void request_fault(std::string exception, std::string cause);
  void restart();
  void set_reset_listener(std::function<void()> listener) { reset_listener_ = std::move(listener); }
  void set_interrupt_source(InterruptSource* source) { interrupt_source_ = source; }
  /// Something that interrupts may have changed.
  void update_deadline();
  const ClassCosts& costs() const { return costs_; }
  const Mpu& mpu() const { return mpu_; }
  /// What L1CSR0, L1CSR1 and BUCSR say, for timing.
  PipelineE200::Control cache_control() const;
  /// Null: no instruction.
  const Encoding* encoding_of(const Operation& op) const;

 private:
  static constexpr Address kUnknownLimit = ~Address{0};  ///< Asks at the first frame.

  // core_memory.cpp
  bool watched(Address address, unsigned width, bool write);
  Mpu::Access access(Mpu::Kind kind) const { return {kind, state.problem_state()}; }
  /// What may be accessed around all of these bytes without a gap; none: `fault` is set.
  std::optional<Mpu::Range> permitted(Address address, unsigned width, Mpu::Kind kind);
  bool may_execute_page(Address base) const;
  /// Page entries and visible code pages hold for one state of the core and one setting of the MPU.
  void update_protection(bool mpu_changed = false);

  // core_interrupts.cpp
  bool enter(Interrupt interrupt, Address return_address, std::uint32_t esr = 0);
  bool fault_enters(Interrupt interrupt, std::uint32_t esr = 0);
  std::string describe_fault() const;
  bool finish_by_fault();

  // core_registers.cpp
  std::uint64_t time_base() const;
  void schedule_decrementer();
  void decremented();
  bool timer_pending(std::uint32_t enable, std::uint32_t status) const;
  void time_base_changed();
  void schedule_rise(std::uint32_t bit_number, void (Core::*rise)());
  void fixed_interval_over();
  void watchdog_over();

  void start();
  bool finish(StopReason reason, std::string detail = {});
  /// Of those that MSR lets through, the one that goes first.
  std::optional<Interrupt> due_interrupt() const;
  /// Whether MSR lets any through that may come.
  bool can_be_interrupted() const;
  bool skip_time(StopReason when_forever);

  Bus& bus_;
  Scheduler& scheduler_;
  ClassCosts costs_;
  const unsigned entry_cycles_;
  Decoder decoder_;
  PageTable readable_, writable_;
  Mpu mpu_;
  CodeCache code_;
  InterruptSource* interrupt_source_ = nullptr;

  std::vector<std::uint32_t> sprs_;      ///< By row of the table.
  std::uint64_t time_base_start_ = 0;    ///< Time base minus cycles.
  Cycles decrementer_set_ = 0;           ///< When DEC was written,
  std::uint32_t decrementer_value_ = 0;  ///< with this.
  std::uint64_t decrementer_generation_ = 0;
  std::uint64_t time_base_generation_ = 0;

  std::uint32_t code_invalidations_ = 0, data_invalidations_ = 0, branch_flushes_ = 0;

  Address reset_entry_ = 0;
  Address fault_address_ = 0;
  bool access_writes_ = false;
  unsigned protection_ = 0;          ///< What the page tables were filled under; 0: nothing is refused.
  bool protection_changed_ = false;  ///< The loop has not yet looked for its operation anew.
  std::uint32_t fault_spr_ = 0;
  /// The last fault that became an interrupt: what firmware that hangs in its handler is told of.
  std::optional<FaultRecord> last_fault_;
  bool in_fault_handler_ = false;
  std::vector<CoreRegisters> interrupted_;  ///< By interrupts that have not returned, the innermost last.
  bool fault_requested_ = false;

  RunControl control_;
  Watchpoints watchpoints_;
  StackAreas stack_areas_;
  std::optional<StackArea> stack_;  ///< What stack_limit is the limit of.
  bool asleep_ = false;             ///< The last wait ended with the run, not because anything woke the core.
  std::function<void()> reset_listener_;
  Stop stop_;
};

}  // namespace mcusim::emulator::e200
