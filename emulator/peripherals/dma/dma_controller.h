#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"
#include "emulator/scheduler.h"

namespace mcusim::emulator {

/// What the DMA controllers have in common: channels that move one item per request, or one after the other
/// without requests, in the order of their numbers (priorities are not modelled). An item takes
/// kCyclesPerItem; meanwhile the core goes on, and neither waits for the other's bus cycles.
class DmaController : public RegisterFile {
 public:
  /// Core cycles from one item of the controller to its next: arbitration, read and write. Assumed, after the
  /// five to eight AHB cycles of AN2548 and AN4031.
  static constexpr Cycles kCyclesPerItem = 6;

  DmaController(const mcu_models::PeripheralModel& model, const Wiring& wiring, unsigned channels);
  void reset() override;

 protected:
  enum class Trigger { none, request, memory };

  /// What channel `channel` waits for now: nothing (it is off), its request, or just its turn.
  virtual Trigger trigger(unsigned channel) const = 0;
  /// The request that the controller's own registers select, where there is no multiplexer.
  virtual unsigned selection(unsigned /*channel*/) const { return 0; }
  /// Moves the next item of a channel.
  virtual void move(unsigned channel) = 0;
  virtual bool interrupts(unsigned channel) const = 0;

  /// To be called after registers or flags have changed: starts what can move and sets the interrupt lines.
  void update();
  /// False: some address refuses; nothing was written then unless the write itself was refused.
  bool copy(Address source, unsigned read_width, Address destination, unsigned write_width);

  BusRead read_memory(Address address) const;

  unsigned channels() const { return channels_; }

 private:
  bool ready(unsigned channel) const;
  const std::string* signal(unsigned channel) const;
  void schedule();
  void serve();
  void update_interrupts();

  Wiring wiring_;
  std::vector<int> numbers_;
  mcu_models::DmaModel model_;
  unsigned channels_;
  bool scheduled_ = false;
  std::uint64_t generation_ = 0;  ///< Scheduled calls of an older one are void.
};

}  // namespace mcusim::emulator
