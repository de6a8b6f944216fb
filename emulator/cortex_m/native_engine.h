#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/cortex_m/code_cache.h"
#include "emulator/cortex_m/system/system_options.h"
#include "emulator/engine.h"
#include "emulator/interrupt_lines.h"
#include "emulator/scheduler.h"
#include "emulator/timing/cache_watch.h"
#include "emulator/timing/spending.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

class Core;
class FullModel;

struct NativeOptions {
  enum class Timing : std::uint8_t {
    off,    ///< One cycle per instruction, no counts per instruction: the fastest.
    table,  ///< The documented cycles of each instruction class, counted per instruction.
    full,   ///< Pipeline, caches and wait states; cores that have no such model are an InputError.
  };
  Timing timing = Timing::table;
  SystemOptions system = {};
  bool remember = true;  ///< With Timing::full: off takes longer and has the same results.
};

/// The project's own Cortex-M core. `bus` and `scheduler` must outlive it, and the scheduler must not be
/// served after it.
class NativeEngine : public Engine, public DebugAccess, public WatchedCaches, public BookedCycles {
 public:
  NativeEngine(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler, NativeOptions options = {});
  ~NativeEngine() override;

  void reset(Address vector_table) override;
  Stop run(const RunLimits& limits) override;
  Registers registers() const override;
  void set_registers(const Registers& registers) override;
  const Counters& counters() const override;
  void add_probe(Address address) override;
  void remove_probe(Address address) override;
  void request_stop() override;
  InterruptLines* interrupts() override { return &interrupt_lines(); }
  std::optional<StallCycles> stalls() const override;
  std::vector<CacheUse> caches() const override;
  void watch_caches(const CacheWatch::OwnerOf& owner_of) override;
  void follow_bookings(std::vector<Spending::Part>* parts) override;
  std::optional<std::uint32_t> system_register(Address address) override;
  std::vector<std::string> warnings() const override;
  void set_trace_listener(TraceListener listener) override;
  DebugAccess* debug() override { return this; }

  void set_breakpoint_listener(std::function<bool(std::uint32_t number)> listener) override;
  void request_exit(int code) override;
  void memory_changed(Address address, Bytes size) override;
  bool memory_map_changed() override;
  void set_reset_listener(std::function<void()> listener) override;
  Stop step() override;
  void attach(bool attached) override;
  void watch(std::vector<Watchpoint> watchpoints) override;
  WatchHit watch_hit() const override;
  void restart() override;

  /// Where devices raise interrupts.
  InterruptLines& interrupt_lines();

  /// Exception entries, tail-chains and returns since reset.
  std::uint64_t exception_changes() const;
  /// Executions and cycles of every instruction since reset, in order of addresses. Loops `table` and `full`.
  /// What is missing to the run's cycles belongs to no instruction: exception entry and return, which are
  /// stalls()[StallCause::exception] with full timing. Sleep is charged to the instruction that waits.
  std::vector<InstructionCount> instruction_counts() const override;
  bool follow_calls(CallListener* listener, std::unordered_set<Address> functions) override;

  bool follow_accesses(AccessListener* listener) override;
  bool follow_cycle_reads(CycleReadListener listener) override;
  void set_stack_areas(StackAreas areas) override;

  Core& core() { return *core_; }

 private:
  Stop execute();

  NativeOptions options_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<FullModel> full_;  ///< With Timing::full.
  mutable Counters counters_;
};

}  // namespace mcusim::emulator::cortex_m
