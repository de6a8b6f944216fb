#pragma once

#include <cstdint>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/wiring.h"

namespace mcusim::emulator {

/// The registers through which firmware changes its flash (RM0008, RM0090, RM0351, RM0433, RM0456: chapters
/// embedded flash memory): unlock keys, sectors, programming by the family's unit, error flags. What differs
/// between families is in PeripheralModel::flash.
///
/// An operation takes effect at once; the busy flag stands for its usual duration, and a write meanwhile is
/// accepted instead of stalling the bus. Write protection, option bytes and fast programming are registers
/// without effect. PeripheralModel::interrupt rises for the end flag and for errors that are enabled.
class FlashInterface : public RegisterFile, public MemoryWriter {
 public:
  FlashInterface(const mcu_models::PeripheralModel& model, const Wiring& wiring);

  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override;
  void reset() override;
  /// `offset` counts from the first range's base.
  BusStatus write_memory(std::uint32_t offset, unsigned width, std::uint32_t value) override;

 private:
  struct Range {
    mcu_models::FlashProgramming model;
    unsigned keys = 0;               ///< Right keys so far.
    bool frozen = false;             ///< A wrong key came: locked until reset.
    std::vector<std::uint8_t> unit;  ///< Bytes of an incomplete unit.
    Address unit_base = 0;
    std::uint64_t generation = 0;  ///< Scheduled ends of an older one are void.
  };

  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask);
  void write_key(Range& range, std::uint32_t value);
  void write_control(Range& range, std::uint32_t value);
  void erase(Range& range);
  void erase_bytes(Range& range, Address base, Bytes size);
  bool erase_sector(Range& range);
  BusStatus program(Range& range, Address address, unsigned width, std::uint32_t value);
  void program_unit(Range& range);
  void begin(Range& range, double seconds);
  void end(Range& range);
  void raise(const Range& range, std::uint32_t flags);
  bool control_has(const Range& range, std::uint32_t bits) const;
  void update_interrupt();

  Wiring wiring_;
  int interrupt_;
  std::vector<Range> ranges_;
};

}  // namespace mcusim::emulator
