#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/e200/code_cache.h"
#include "emulator/engine.h"
#include "emulator/scheduler.h"
#include "emulator/timing/cache_watch.h"
#include "emulator/timing/spending.h"
#include "mcu_models/vle_model.h"

namespace mcusim::emulator::e200 {

class Core;
class InterruptSource;
struct FullModel;

struct NativeOptions {
  enum class Timing : std::uint8_t {
    off,    ///< One cycle per instruction, no counts per instruction: the fastest.
    table,  ///< The cycles of each instruction class, counted per instruction.
    full,   ///< Dual issue, caches and wait states.
  };
  Timing timing = Timing::table;
  // The interrupt controller, as the core and as devices see it; null: none.
  InterruptSource* interrupts = nullptr;
  InterruptLines* lines = nullptr;
  std::optional<mcu_models::PipelineE200Parameters> pipeline = {};  ///< Needed with Timing::full.
  bool remember = true;  ///< Off: full timing works every step out anew, which has the same results.
};

/// Whether the word at `address` begins a boot header (RCHW of SPC58 and MPC57xx): entries of the cores
/// follow.
bool has_boot_header(const Bus& bus, Address address);

/// The project's own e200z4 core. `bus` and `scheduler` must outlive it, and the scheduler must not be served
/// after it.
class NativeEngine : public Engine, public DebugAccess, public WatchedCaches, public BookedCycles {
 public:
  NativeEngine(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler, NativeOptions options = {});
  ~NativeEngine() override;

  /// Starts where the boot header at `start` says, or at that address when there is none.
  void reset(Address start) override;
  Stop run(const RunLimits& limits) override;
  Registers registers() const override;
  void set_registers(const Registers& registers) override;
  std::vector<Registers> interrupted_code() const override;
  const Counters& counters() const override;
  std::optional<StallCycles> stalls() const override;
  std::vector<CacheUse> caches() const override;
  void watch_caches(const CacheWatch::OwnerOf& owner_of) override;
  void follow_bookings(std::vector<Spending::Part>* parts) override;
  void add_probe(Address address) override;
  void remove_probe(Address address) override;
  void request_stop() override;
  InterruptLines* interrupts() override { return options_.lines; }
  DebugAccess* debug() override { return this; }
  /// From a device: stop after the instruction that is being executed, with StopReason::fault: what a board
  /// would not go on from.
  void request_fault(std::string exception, std::string cause);

  /// There is no BKPT: nobody is asked.
  void set_breakpoint_listener(std::function<bool(std::uint32_t number)>) override {}
  void request_exit(int code) override;
  void memory_changed(Address address, Bytes size) override;
  void set_reset_listener(std::function<void()> listener) override;
  Stop step() override;
  void attach(bool) override {}
  void watch(std::vector<Watchpoint> watchpoints) override;
  WatchHit watch_hit() const override;
  void restart() override;

  /// The interrupt controller's answer to Core may have changed.
  void interrupts_changed();
  /// Executions and cycles of every instruction since reset, in order of addresses. Loops `table` and `full`.
  std::vector<InstructionCount> instruction_counts() const override;
  bool follow_accesses(AccessListener* listener) override;
  void set_stack_areas(StackAreas areas) override;
  std::vector<std::string> warnings() const override;
  bool follow_calls(CallListener* listener, std::unordered_set<Address> functions) override;

  Core& core() { return *core_; }
  /// Instructions that full timing did not work out anew.
  std::uint64_t replayed() const;

 private:
  Stop execute();

  NativeOptions options_;
  Bus& bus_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<FullModel> full_;  ///< With Timing::full.
  mutable Counters counters_;
};

}  // namespace mcusim::emulator::e200
