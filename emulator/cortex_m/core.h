#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emulator/access_listener.h"
#include "emulator/bus/bus.h"
#include "emulator/bus/page_table.h"
#include "emulator/call_listener.h"
#include "emulator/cortex_m/code_cache.h"
#include "emulator/cortex_m/cost_table.h"
#include "emulator/cortex_m/cpu_state.h"
#include "emulator/cortex_m/decoder.h"
#include "emulator/cortex_m/exception_timing.h"
#include "emulator/cortex_m/fault.h"
#include "emulator/cortex_m/system/system_control.h"
#include "emulator/engine.h"
#include "emulator/interrupt_lines.h"
#include "emulator/run_control.h"
#include "emulator/scheduler.h"
#include "emulator/watchpoints.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

/// One Cortex-M core without its loop: state, memory access, exceptions and system registers. The loops
/// execute on the public state and call the rest when something is not plain computation.
///
/// Protocol of the calls: the loop has stored cycles, instructions and state.pc before; afterwards it takes
/// cycles and deadline anew and looks at `fault`. Functions that return bool answer false when run() must
/// return, with the reason in stop(); when true, execution goes on at state.pc.
class Core : public InterruptLines {
 public:
  Core(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler, const SystemOptions& options = {});

  CpuState state;
  Cycles cycles = 0;
  Cycles deadline = 0;  ///< serve() is due at the first instruction boundary at or after this time.
  std::uint64_t instructions = 0;
  std::uint64_t skipped = 0;
  CallListener* call_listener = nullptr;  ///< Hears of calls, jumps and exceptions.
  AccessListener* access_listener =
      nullptr;                          ///< Hears of accesses that take the slow path; see follow_accesses().
  std::uint64_t exception_changes = 0;  ///< Entries, tail-chains and returns so far.
  Fault fault = Fault::none;

  // --- Code ---
  CodeCache& code() { return code_; }
  const CodeCache& code() const { return code_; }
  FlowPoint flow_point() const { return {cycles, instructions, state.r[13]}; }
  Operation* locate(Address pc) { return code_.locate(pc); }
  /// Decodes an operation that execution reached. False: `fault` is set.
  bool fetch(Operation& operation);
  Fault fetch_fault(Address pc) const;
  bool stops_at_probe(Address pc);

  // --- Data ---
  const std::uintptr_t* readable_pages() const { return readable_.entries(); }
  const std::uintptr_t* writable_pages() const { return writable_.entries(); }
  bool unaligned_inside(Address address, unsigned width) const {
    return unaligned_allowed_ && (address & (Bus::kPageSize - 1)) <= Bus::kPageSize - width;
  }
  std::uint32_t load(Address address, unsigned width);
  void store(Address address, unsigned width, std::uint32_t value);
  std::uint32_t load_unprivileged(Address address, unsigned width);
  void store_unprivileged(Address address, unsigned width, std::uint32_t value);
  bool traps_divide_by_zero() const { return traps_divide_by_zero_; }

  void follow_accesses(AccessListener* listener);
  void follow_cycle_reads(Engine::CycleReadListener listener) { cycle_reads_ = std::move(listener); }

  // --- Control ---
  bool serve();
  bool take_fault();
  bool supervisor_call(Address return_address);
  bool breakpoint(std::uint32_t number);
  bool exception_return(std::uint32_t value);
  void branch_to_arm_state(Address target);
  bool self_branch();
  bool wait_for_interrupt(Address next);
  bool wait_for_event(Address next);
  void send_event() { event_ = true; }
  void change_masks(bool disable, std::uint32_t which);
  std::uint32_t read_special(unsigned number) const;
  void write_special(unsigned number, unsigned mask, std::uint32_t value);
  std::uint32_t test_target(Address address, unsigned kind) const;
  void prepare_fp();

  // --- For the engine ---
  void reset(Address vector_table);
  /// Prepares a run up to `limit` cycles.
  void begin(Cycles limit);
  /// Prepares a run of one instruction.
  void begin_step();
  /// The instruction that was granted by serve() executes whatever the deadline says.
  bool stepping() const { return control_.stepping(); }
  void restart();
  void attach(bool attached) { attached_ = attached; }
  void watch(std::vector<Watchpoint> watchpoints);
  const WatchHit& watch_hit() const { return watchpoints_.hit(); }
  const Stop& stop() const { return stop_; }
  void request_stop();
  void request_exit(int code);
  const CostTable& costs() const { return costs_; }
  Features features() const { return features_; }
  SystemControl& system() { return system_; }
  /// Decides about BKPT: true when it did something and execution goes on behind.
  void set_breakpoint_listener(std::function<bool(std::uint32_t number)> listener) {
    breakpoint_listener_ = std::move(listener);
  }
  /// Where stacks end, from the next reset on.
  void set_stack_areas(StackAreas areas) { stack_areas_ = std::move(areas); }
  /// For loops that account for instructions themselves.
  void set_beyond_source(std::function<BeyondOneCycle()> source) { beyond_source_ = std::move(source); }
  /// Called when firmware writes AIRCR.SYSRESETREQ, before the core itself restarts.
  void set_reset_listener(std::function<void()> listener) { reset_listener_ = std::move(listener); }
  /// Waits of stacking and vector reads; null: memories have none.
  void set_exception_memory(ExceptionMemory* memory) { exception_memory_ = memory; }
  /// After state was changed from outside: what follows from it is derived anew.
  void state_changed();
  /// Addresses show other memories from the next instruction on.
  void memory_map_changed();

  void set(unsigned irq, bool level) override;

 private:
  // core_memory.cpp
  bool check_access(Address address, unsigned width, bool privileged, bool write);
  std::uint32_t load_for_instruction(Address address, unsigned width, bool privileged);
  std::uint32_t load_checked(Address address, unsigned width, bool privileged);
  void store_checked(Address address, unsigned width, std::uint32_t value, bool privileged);
  /// True: the access meets a watchpoint, and `fault` says so.
  bool watched(Address address, unsigned width, bool write);
  void refused_by_bus(Address address);
  bool mpu_on() const;
  void update_protection();
  CodeCache::Fetch may_fetch(Address address) const;

  // core_exceptions.cpp
  int execution_priority() const;
  bool exception_ready() const;
  bool raise(unsigned exception, Address return_address);
  unsigned escalate(unsigned exception);
  bool enter(unsigned exception, Address return_address);
  /// `chained`: the frame of the exception before serves this one, too.
  bool activate(unsigned exception, std::uint32_t link, Cycles cost, bool chained);
  Cycles frame_cycles(Address frame, bool fp, bool is_store);
  Cycles vector_wait(unsigned exception);
  Cycles entry_cost(Address frame, bool fp, unsigned exception);
  Cycles exit_cost(std::uint32_t value);
  Fault push_frame(Address return_address);
  std::uint32_t exception_link() const;
  bool refuse_return(Fault reason, std::uint32_t value);
  bool pop_frame(std::uint32_t value, Fault& failure);
  bool store_frame_word(Address address, std::uint32_t value);
  void record(Fault kind);
  bool lock_up();
  std::string name_fault() const;
  std::string describe_fault() const;
  std::string cause_of_first_fault() const;
  bool finish_by_fault(bool lockup);
  bool limit_is_known_one() const { return state.sp_limits[state.on_process_stack() ? 1 : 0] == 0; }
  bool stack_overflow();
  bool finish_by_stack_overflow(unsigned exception);
  void spend_on_exception(Cycles cost);
  bool return_is_interrupted(std::uint32_t value);

  // core.cpp
  void start(Address vector_table);
  void update_deadline();
  void update_fp_ready();
  void know_stack(bool process, std::uint32_t sp);
  void system_changed();
  bool finish(StopReason reason, std::string detail = {});
  bool skip_time(StopReason when_forever, const std::function<bool()>& wakes);
  bool sleep(Address next, const std::function<bool()>& wakes);
  bool wakes_from_sleep() const;
  EventTotals event_totals() const;

  Address return_address_ = 0;  ///< Of the exception that is being entered.
  const Features features_;
  const mcu_models::ExceptionParameters exception_parameters_;
  ExceptionMemory* exception_memory_ = nullptr;
  Bus& bus_;
  Scheduler& scheduler_;
  CostTable costs_;
  Decoder decoder_;
  PageTable readable_, writable_;
  CodeCache code_;
  SystemControl system_;

  bool unaligned_allowed_ = true;
  bool traps_divide_by_zero_ = false;
  unsigned protection_ = 0;  ///< What the page tables were filled under: MPU on, privileged.
  Address fault_address_ = 0;
  Fault last_fault_ = Fault::none;
  Address last_fault_pc_ = 0;
  unsigned last_fault_from_ = 0;  ///< The exception that was executing.
  std::string cause_;             ///< Of the fault handler in which the last fault happened.
  /// The last fault that did not happen in a fault handler: what the others follow from.
  struct {
    Fault kind = Fault::none;
    Address pc = 0;
    Address address = 0;
    unsigned from = 0;
    bool write = false;
  } first_fault_;
  bool access_writes_ = false;  ///< The access that was checked last is a write.
  bool event_ = false;
  Address reset_vector_table_ = 0;
  RunControl control_;
  bool attached_ = false;
  Watchpoints watchpoints_;
  Engine::CycleReadListener cycle_reads_;
  StackAreas stack_areas_;
  /// What CpuState::known_limits are the limits of.
  std::array<std::optional<StackArea>, 2> stacks_;
  Cycles exception_cycles_ = 0;  ///< Of `cycles`: entries and returns.
  Cycles sleep_cycles_ = 0;      ///< Of `cycles`: WFI, WFE and sleep on exit.
  bool map_changed_ = false;
  bool asleep_ = false;  ///< The last wait ended with the run, not because anything woke the core.
  std::function<bool(std::uint32_t)> breakpoint_listener_;
  std::function<void()> reset_listener_;
  std::function<BeyondOneCycle()> beyond_source_;
  Stop stop_;
};

}  // namespace mcusim::emulator::cortex_m
