#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "emulator/clock_tree/machine_clocks.h"
#include "emulator/e200/native_engine.h"
#include "emulator/host_io/serial_line.h"
#include "emulator/machine.h"
#include "emulator/peripherals/basic_system_space.h"
#include "emulator/peripherals/bus_master.h"
#include "emulator/peripherals/dma/dma_requests.h"
#include "emulator/peripherals/not_modelled.h"
#include "emulator/peripherals/pin_levels.h"
#include "emulator/peripherals/spc5/interrupt_controller.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

inline bool is_arm(const mcu_models::McuModel& mcu) {
  return mcu.core.architecture != mcu_models::Architecture::vle;
}

/// The interrupt inputs of an engine that is made after the devices. Devices may share a line: it is high
/// while one of them holds it.
class EngineInterrupts {
 public:
  explicit EngineInterrupts(const std::unique_ptr<Engine>& engine) : engine_(engine) {}

  /// The lines as one device sees them.
  InterruptLines* for_device() {
    devices_.push_back(std::make_unique<OfDevice>(*this));
    return devices_.back().get();
  }

 private:
  class OfDevice : public InterruptLines {
   public:
    explicit OfDevice(EngineInterrupts& all) : all_(all) {}
    void set(unsigned irq, bool level) override {
      const bool changed = level ? held_.insert(irq).second : held_.erase(irq) != 0;
      if (changed) all_.change(irq, level);
    }

   private:
    EngineInterrupts& all_;
    std::set<unsigned> held_;
  };

  void change(unsigned irq, bool level) {
    unsigned& holders = holders_[irq];
    level ? ++holders : --holders;
    InterruptLines* lines = engine_ ? engine_->interrupts() : nullptr;
    if (lines != nullptr) lines->set(irq, holders != 0);
  }

  const std::unique_ptr<Engine>& engine_;
  std::vector<std::unique_ptr<OfDevice>> devices_;
  std::map<unsigned, unsigned> holders_;
};

/// What a Machine consists of; machine_devices.cpp puts memories and devices on its bus.
struct Machine::Parts {
  Parts(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board)
      : part(mcu), clocks(mcu, board, scheduler) {
    if (!is_arm(mcu)) vle = mcu_models::load_vle_model(mcu);
  }

  /// What a system reset does beyond the core.
  void reset_devices() {
    for (const std::unique_ptr<Device>& device : devices) device->reset();
  }

  const mcu_models::McuModel part;
  mcu_models::VleModel vle;  ///< Of a PowerPC part.
  Scheduler scheduler;
  clock_tree::MachineClocks clocks;
  Bus bus;
  NotModelledLog log;
  BusMaster bus_master{bus, [this](Address address, Bytes size) {
                         if (engine) engine->memory_changed(address, size);
                       }};
  DmaRequests requests;
  PinLevels pins;
  std::vector<std::unique_ptr<Device>> devices;
  std::unique_ptr<Engine> engine;
  e200::NativeEngine* vle_engine = nullptr;             ///< `engine`, of a PowerPC part.
  InterruptController* interrupt_controller = nullptr;  ///< Outside the core, as INTC.
  BasicSystemSpace* system_space = nullptr;             ///< With an engine that has none of its own.
  EngineInterrupts interrupts{engine};
  std::vector<std::unique_ptr<host_io::SerialLine>> lines;
  const host_io::SerialLine* console_line = nullptr;
  host_io::IdleDetector idle;
  Engine::TraceListener stimulus;  ///< Ports from 1 on.
  std::optional<semihosting::Semihosting> semihosting;
  bool limit_in_seconds = false;
  bool core_clock_changed = false;
  bool idle_reached = false;

  void add_memories(const mcu_models::McuModel& mcu);
  void add_boot_alias(const mcu_models::McuModel& mcu);
  Wiring wiring(const std::string& peripheral);
  std::unique_ptr<Device> make_device(const mcu_models::PeripheralModel& model,
                                      const mcu_models::McuModel& mcu);
  /// Null: no device of SPC58.
  std::unique_ptr<Device> make_vle_device(const mcu_models::PeripheralModel& model,
                                          const mcu_models::McuModel& mcu);
  void make_vle_engine(const MachineOptions& options);
  void remap(const mcu_models::McuModel& mcu, const std::string& memory);
  void add_peripherals(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                       const MachineOptions& options);
  std::unique_ptr<Device> make_uart(const mcu_models::PeripheralModel& model, bool is_console,
                                    const MachineOptions& options);
  void add_system_space(const mcu_models::McuModel& mcu, const MachineOptions& options);
  cortex_m::SystemOptions system_options(const MachineOptions& options) const {
    return {&clocks.systick_external(), options.dwt_lock};
  }
  void add_semihosting(semihosting::Options options);
  void add_trace(const MachineOptions& options);
  void add_catch_all(const mcu_models::McuModel& mcu);
  void add_device(const std::string& name, Address base, Bytes size, std::unique_ptr<Device> device);
  Address vector_table(const Image& image) const;
  /// What Engine::reset() takes: the vector table, or on PowerPC the boot header or the entry.
  Address start_of(const Image& image) const;
  /// Whether some byte of `segment` lies in no memory. Memories may adjoin, as the RAMs of many parts do.
  bool missing_byte(const Segment& segment) const;
  void store(const Segment& segment);
  std::string list_memories() const;
  void check_idle();
};

}  // namespace mcusim::emulator
