#include "emulator/timing/pipeline_m0.h"

#include <fmt/format.h>

#include "common/error.h"

namespace mcusim::emulator {
namespace {

using enum InstructionClass;

const mcu_models::McuModel& checked(const mcu_models::McuModel& mcu) {
  if (!mcu.core.pipeline_m0 || !mcu.flash_timing) {
    throw InputError(fmt::format("{}: full timing is not modelled yet for {}, use --timing table", mcu.name,
                                 mcu.core.pipeline_m0 ? "its flash interface" : mcu.core.name));
  }
  return mcu;
}

bool always_taken(const InstructionFacts& instruction) {
  switch (instruction.instruction_class) {
    case branch:
    case branch_link:
    case branch_register:
      return true;
    case load_multiple:
      return (instruction.loaded >> 15 & 1) != 0;
    default:
      return false;
  }
}

StallCause further_cycles(InstructionClass instruction_class) {
  switch (instruction_class) {
    case load:
    case load_register:
    case load_multiple:
    case store:
    case store_register:
    case store_multiple:
      return StallCause::transfer;
    case multiply:
      return StallCause::multiply_divide;
    case branch:
    case branch_conditional:
    case branch_link:
    case branch_register:
      return StallCause::branch;
    default:
      return StallCause::system;
  }
}

}  // namespace

PipelineM0::PipelineM0(const mcu_models::McuModel& mcu, BufferedFlash::ReadRegister read_register)
    : parameters_(*checked(mcu).core.pipeline_m0),
      costs_(mcu.core),
      branch_taken_(costs_.taken(branch_conditional)),
      flash_(mcu, std::move(read_register)) {
  for (const mcu_models::MemoryRegion& memory : mcu.memory) {
    if (memory.kind != mcu_models::MemoryKind::flash) continue;
    flash_base_ = flash_alias_ = memory.base;
    flash_size_ = memory.size;
    if (!memory.aliases.empty()) flash_alias_ = memory.aliases.front();
    break;
  }
}

PipelineM0::Facts PipelineM0::prepare(const InstructionFacts& instruction) const {
  const unsigned refill = always_taken(instruction) ? costs_.taken(instruction.instruction_class) : 0;
  return {.last_byte = static_cast<std::uint16_t>(2 * instruction.slots - 2),
          .cycles = static_cast<std::uint8_t>(instruction.cycles + refill),
          .further = further_cycles(instruction.instruction_class)};
}

void PipelineM0::reset() {
  flash_.reset();
  spent_.clear();
  line_ = BufferedFlash::kNoLine;
  registers_written_ = false;
}

Cycles PipelineM0::enter(Address pc, BufferedFlash::Line line, Cycles cycles) {
  if (registers_written_) {
    flash_.refresh();
    registers_written_ = false;
  }
  if (!in_flash(pc)) {
    line_ = line;
    return cycles;
  }
  // The data phase of the fetch precedes execution by the stages between.
  const Cycles lead = std::min<Cycles>(cycles, parameters_.fetch_to_execute);
  const BufferedFlash::Line first = flash_.line_of(pc);
  if (first != line && first != line_)
    cycles = spend(StallCause::flash_fetch, flash_.fetch(first, cycles - lead), cycles);
  line_ = line;
  return spend(StallCause::flash_fetch, flash_.fetch(line, cycles - lead), cycles);
}

Cycles PipelineM0::store_change(Address address, unsigned width, Cycles cycles) {
  if (flash_.controlled_by(address)) registers_written_ = true;
  return apply(observe({}, address, width, true, cycles), cycles);
}

Cycles PipelineM0::apply(std::uint32_t outcome, Cycles cycles) {
  switch (outcome) {
    case from_flash:
      // The last cycle of the instruction so far is the data phase.
      return spend(StallCause::flash_data, flash_.read_data(cycles - 1), cycles);
    case at_io_port:
      spent_.add(StallCause::transfer, -static_cast<std::int64_t>(parameters_.io_port_saves));
      return cycles - parameters_.io_port_saves;
    case in_device:
      return spend(StallCause::bus, parameters_.device_access, cycles);
    default:
      return cycles;
  }
}

bool PipelineM0::save(State& state, Address /*next*/, Cycles cycles) const {
  state.line = line_;
  constexpr Cycles kBeginning = 64;  // Before it there is nothing to count back to.
  return !registers_written_ && cycles > kBeginning &&
         flash_.save(state.flash, cycles - parameters_.fetch_to_execute - 1);
}

void PipelineM0::restore(const State& state, Address /*next*/, const Facts& /*facts*/, Cycles cycles) {
  flash_.restore(state.flash, cycles - parameters_.fetch_to_execute - 1);
  line_ = state.line;
}

}  // namespace mcusim::emulator
