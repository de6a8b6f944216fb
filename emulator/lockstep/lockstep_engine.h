#pragma once

#include <memory>

#include "emulator/bus/bus.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/engine.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The native core, checked by Unicorn instruction by instruction: the first difference ends the run as a
/// fault whose detail names the instruction and what differs.
///
/// The native core leads and owns time, devices and interrupts. Unicorn follows on a copy of the memories.
/// What Unicorn cannot know is taken over from the native core instead of being compared: the result of an
/// instruction that reached a device or a system register, exception entry and return, sleep, and FPSCR when
/// an instruction begins a new floating-point context. Compared are the core registers, flags, GE, Q, the
/// FPU's registers and FPSCR; a wrong store shows when it is read.
class LockstepEngine : public Engine {
 public:
  /// `bus` must have all its memories; it and `scheduler` must outlive the engine.
  LockstepEngine(const mcu_models::McuModel& mcu, Bus& bus, Scheduler& scheduler,
                 const cortex_m::SystemOptions& system = {});
  ~LockstepEngine() override;

  void reset(Address vector_table) override;
  Stop run(const RunLimits& limits) override;
  Registers registers() const override { return native_.registers(); }
  void set_registers(const Registers& registers) override;
  const Counters& counters() const override { return native_.counters(); }
  void add_probe(Address address) override { native_.add_probe(address); }
  void remove_probe(Address address) override { native_.remove_probe(address); }
  std::vector<InstructionCount> instruction_counts() const override { return native_.instruction_counts(); }
  bool follow_calls(CallListener* listener, std::unordered_set<Address> functions) override {
    return native_.follow_calls(listener, std::move(functions));
  }
  void set_stack_areas(StackAreas areas) override { native_.set_stack_areas(std::move(areas)); }
  InterruptLines* interrupts() override { return &native_.interrupt_lines(); }
  void request_stop() override { native_.request_stop(); }
  std::vector<std::string> warnings() const override { return native_.warnings(); }
  void set_trace_listener(TraceListener listener) override {
    native_.set_trace_listener(std::move(listener));
  }
  void memory_changed(Address address, Bytes size) override;
  void set_reset_listener(std::function<void()> listener) override {
    native_.set_reset_listener(std::move(listener));
  }

  cortex_m::NativeEngine& native() { return native_; }

 private:
  class Devices;

  void copy_memories();
  void take_over();
  /// Lets Unicorn execute what the native core has executed since the last call; false: they differ.
  bool follow(Address from);

  Bus& bus_;
  cortex_m::NativeEngine native_;
  Bus reference_bus_;
  Scheduler reference_time_;
  std::unique_ptr<Devices> devices_;
  std::unique_ptr<Engine> reference_;
  std::uint64_t pending_ = 0;            ///< Instructions that Unicorn has to catch up with.
  std::uint64_t exception_changes_ = 0;  ///< Of the native core, at the last comparison.
  bool fp_active_ = false;               ///< CONTROL.FPCA then.
  std::string difference_;
};

}  // namespace mcusim::emulator
