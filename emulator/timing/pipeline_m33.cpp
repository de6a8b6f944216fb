#include "emulator/timing/pipeline_m33.h"

#include <fmt/format.h>

#include <bit>
#include <utility>

#include "common/error.h"

namespace mcusim::emulator {
namespace {

using enum InstructionClass;

const mcu_models::McuModel& checked(const mcu_models::McuModel& mcu) {
  if (!mcu.core.pipeline_m33 || !mcu.flash_timing) {
    throw InputError(fmt::format("{}: full timing is not modelled yet for {}, use --timing table", mcu.name,
                                 mcu.core.pipeline_m33 ? "its flash interface" : mcu.core.name));
  }
  return mcu;
}

StallCause further_cycles(InstructionClass instruction_class) {
  switch (instruction_class) {
    case load_pc:
    case load_double:
    case load_multiple:
    case load_exclusive:
    case store_double:
    case store_multiple:
    case store_exclusive:
    case branch_table:
    case fp_load_double:
    case fp_load_multiple:
    case fp_store_double:
    case fp_store_multiple:
      return StallCause::transfer;
    case multiply:
    case divide:
      return StallCause::multiply_divide;
    case alu:
      return StallCause::result;
    case fp_move_core_pair:
      return StallCause::fpu;
    default:
      return StallCause::system;
  }
}

std::uint64_t highest(std::uint64_t registers) { return std::bit_floor(registers); }

}  // namespace

PipelineM33::PipelineM33(const mcu_models::McuModel& mcu, CachedFlash::ReadRegister read_register)
    : parameters_(*checked(mcu).core.pipeline_m33),
      costs_(mcu.core),
      branch_taken_(costs_.taken(branch_conditional)),
      flash_(mcu, std::move(read_register)) {
  for (const mcu_models::MemoryRegion& memory : mcu.memory) {
    if (memory.kind != mcu_models::MemoryKind::flash) continue;
    flash_base_ = memory.base;
    flash_size_ = memory.size;
    break;
  }
}

PipelineM33::Facts PipelineM33::prepare(const InstructionFacts& instruction) const {
  const InstructionClass of = instruction.instruction_class;
  Facts facts{
      .needs = as_operands(instruction.address | instruction.operands | instruction.shifted),
      .kind = Kind::plain,
      .last_byte = static_cast<std::uint8_t>(2 * instruction.slots - 2),
      .cycles = instruction.cycles,
      .further = further_cycles(of),
  };
  const bool sets_flags = (instruction.results & kFlags) != 0;
  const bool narrow = instruction.slots == 1;
  Leaves late = 0;
  bool opens = narrow && parameters_.pairs != 0;

  const Needs results = as_operands(instruction.results), loaded = as_operands(instruction.loaded);
  // Who has to wait for a late result: all but accumulators, or they too.
  const auto late_but_for_accumulators = [](Needs registers) { return registers; };
  const auto late_for_all = [](Needs registers) {
    return registers | registers << kAccumulators | registers << kExtendAdds;
  };
  const auto late_load = [](Needs registers) {
    return registers == 0 ? 0 : registers | registers << kExtendAdds | kLateByLoad;
  };

  switch (of) {
    case alu:
      if (!instruction.shifted_constant || parameters_.late_shifted == 0) break;
      if (sets_flags && instruction.operands != 0)
        facts.cycles = static_cast<std::uint8_t>(facts.cycles + parameters_.two_stage_flags);
      else
        late = late_but_for_accumulators(results);
      break;
    case alu_shifted:
      if (parameters_.late_shifted != 0) late = late_but_for_accumulators(results);
      break;
    case extend_add:
      if (parameters_.late_multiply != 0) late = late_but_for_accumulators(results);
      facts.needs = as_operands(instruction.shifted) | as_operands(instruction.operands) << kExtendAdds;
      break;
    case extend:
      if (parameters_.late_extend != 0) late = late_for_all(results);
      break;
    case multiply:
      if (sets_flags) {
        facts.cycles = static_cast<std::uint8_t>(facts.cycles + parameters_.two_stage_flags);
        break;
      }
      [[fallthrough]];
    case multiply_accumulate:
    case multiply_long:
    case multiply_accumulate_long:
    case dsp_multiply:
    case dsp_accumulate:
      facts.needs |= as_operands(instruction.accumulators) << kAccumulators;
      if (parameters_.late_multiply != 0) late = late_but_for_accumulators(results);
      break;
    case simd:
    case saturate:
    case pack:
      if (parameters_.late_dsp != 0) late = late_for_all(results);
      facts.needs |= as_operands(instruction.accumulators);
      break;
    case load:
    case load_register:
    case load_exclusive:
      if (parameters_.late_load != 0) late = late_load(loaded);
      break;
    case load_double:
    case load_multiple:
      // Word by word: only the last one is late.
      if (parameters_.late_load != 0) late = late_load(highest(loaded));
      if ((loaded >> 15 & 1) == 0) break;
      [[fallthrough]];
    case load_pc:
    case branch_table:
    case branch_link:
      facts.kind = Kind::redirect;
      facts.refill = static_cast<std::uint8_t>(costs_.taken(of));
      opens = false;
      break;
    case branch:
    case branch_register:
      facts.refill = static_cast<std::uint8_t>(costs_.taken(of));
      [[fallthrough]];
    case branch_conditional:
    case branch_compare:
    case if_then:
      opens = false;
      [[fallthrough]];
    case nop:
      if (narrow && parameters_.pairs != 0)
        facts.kind = Kind::second;
      else if (facts.refill != 0)
        facts.kind = Kind::redirect;
      else if (of != nop)
        facts.kind = Kind::branch;
      break;
    case divide:
      facts.kind = Kind::divide;
      facts.cycles = 1;
      break;
    default:
      if (of >= fp_add) prepare_fp(instruction, facts);
      break;
  }
  facts.leaves |= late;
  if (opens) facts.leaves |= kOpens;
  if (sets_flags) facts.leaves |= kSetsFlags;
  return facts;
}

void PipelineM33::prepare_fp(const InstructionFacts& instruction, Facts& facts) const {
  const auto singles = [](RegisterSet registers) {
    return static_cast<std::uint32_t>(registers >> kFirstSingle);
  };
  facts.fp_operands = singles(instruction.operands);
  facts.fp_accumulators = singles(instruction.accumulators);
  facts.fp_stored = singles(instruction.stored);
  facts.fp_results = singles(instruction.results | instruction.loaded);
  facts.cycles = 1;
  facts.kind = Kind::fp;
  facts.fp_latency = facts.fp_accumulate_latency = static_cast<std::uint8_t>(parameters_.fp_result);
  const auto delivers_in = [&facts](unsigned cycles) {
    facts.fp_latency = facts.fp_accumulate_latency = static_cast<std::uint8_t>(cycles);
  };
  const Needs core_results = as_operands(instruction.results);
  switch (instruction.instruction_class) {
    case fp_chained_mac:
    case fp_fused_mac:
      facts.kind = Kind::fp_mac;
      facts.fp_latency = static_cast<std::uint8_t>(parameters_.fp_mac_result);
      facts.fp_accumulate_latency = static_cast<std::uint8_t>(parameters_.fp_mac_accumulate);
      break;
    case fp_divide:
    case fp_square_root:
      facts.kind = Kind::fp_divide;
      delivers_in(parameters_.fp_divide);
      break;
    case fp_load:
    case fp_load_double:
    case fp_load_multiple:
    case fp_store:
    case fp_store_double:
    case fp_store_multiple:
      facts.kind = Kind::fp_memory;
      facts.cycles = instruction.cycles;
      delivers_in(1);
      break;
    case fp_move_core:
      facts.kind = Kind::fp_move;
      delivers_in(1);
      if (parameters_.fp_to_core > 1)
        facts.leaves = core_results | core_results << kAccumulators | core_results << kExtendAdds;
      break;
    case fp_move_core_pair:
      facts.kind = Kind::fp_move;
      // To core registers it takes two cycles and delivers at once, from them one and delivers later.
      facts.cycles = core_results != 0 ? 2 : 1;
      break;
    default:
      break;
  }
}

void PipelineM33::reset() {
  flash_.reset();
  spent_.clear();
  left_ = paired_with_ = 0;
  issued_ = 0;
  line_ = CachedFlash::kNoLine;
  redirected_ = true;
  in_flash_ = registers_written_ = repeatable_ = false;
  not_fetched_ = 1;
  ahead_word_ = 0;
  ahead_since_ = code_load_ = system_load_ = fp_free_ = 0;
  fp_ready_ = fp_accumulator_ready_ = {};
}

void PipelineM33::note(CachedFlash::Line line, bool counted) {
  repeatable_ &= fetches_.line_count < fetches_.lines.size();
  if (!repeatable_) return;
  fetches_.lines[fetches_.line_count] = line;
  fetches_.counted[fetches_.line_count++] = counted;
}

bool PipelineM33::touch(CachedFlash::Line line) {
  if (rehearses_) return true;
  const bool hit = flash_.hit(line);
  repeatable_ &= hit;
  note(line, false);
  return hit;
}

Cycles PipelineM33::read(CachedFlash::Line line, Cycles at) {
  if (rehearses_) return 0;
  repeatable_ &= flash_.holds(line);
  note(line, true);
  return flash_.fetch(line, at);
}

bool PipelineM33::holds(Fetches& fetches, Cycles cycles) const {
  if (fetches.held != flash_.contents()) {
    for (unsigned i = 0; i < fetches.line_count; ++i)
      if (!flash_.holds(fetches.lines[i])) return false;
    fetches.held = flash_.contents();
  }
  return holds_still(fetches, cycles);
}

Cycles PipelineM33::issue(const Facts& facts, Address pc, Cycles cycles) {
  if (line_of(facts, pc) != line_) cycles = enter(facts, pc, cycles);
  next_ = pc + facts.last_byte + 2;
  if (facts.kind == Kind::second) return issue_second(facts, pc, cycles);
  if (facts.kind == Kind::plain) return issue_alone(facts, cycles);
  return issue_rare(facts, cycles);
}

Cycles PipelineM33::skip(const Facts& facts, Address pc, Cycles cycles) {
  if (line_of(facts, pc) != line_) cycles = enter(facts, pc, cycles);
  next_ = pc + facts.last_byte + 2;
  left_ = 0;
  ++issued_;
  return spend(StallCause::issue, 1, cycles);
}

// What fetching is ahead hides some of a miss.
Cycles PipelineM33::fetch_line(CachedFlash::Line line, Cycles ahead, Cycles cycles) {
  const Cycles wait = read(line, cycles - ahead);
  return wait > ahead ? spend(StallCause::icache_miss, wait - ahead, cycles) : cycles;
}

Cycles PipelineM33::enter_slowly(const Facts& facts, Address pc, Cycles cycles) {
  if (registers_written_) {
    flash_.refresh();
    registers_written_ = false;
  }
  in_flash_ = is_flash(pc);
  const CachedFlash::Line first = pc >> CachedFlash::kLineShift, line = line_of(facts, pc);
  if (line_ == CachedFlash::kNoLine || (line != line_ + 1 && first != line_)) redirected_ = true;
  if (redirected_) {
    left_ = 0;
    // Code on the system bus disturbs the data there, and leaves the code bus alone.
    system_bus_size_ = pc - kSystemBus < kSystemBusSize ? 0 : kSystemBusSize;
  }
  const Cycles before = cycles;
  if (in_flash_) {
    if (redirected_ || first != line) {
      if (first != line_) cycles = fetch_line(first, 0, cycles);
    }
    if (first != line || !redirected_) {
      const Cycles ahead = redirected_ ? 0 : words_ahead(pc, cycles);
      const Cycles start = cycles;
      cycles = fetch_line(line, std::min(ahead, cycles), cycles);
      if (cycles != start) set_words_ahead(pc, cycles, 0);
    }
  }
  if (cycles != before) not_fetched_ = pc;
  line_ = line;
  return redirected_ ? land(facts, pc, cycles) : cycles;
}

Cycles PipelineM33::issue_rare(const Facts& facts, Cycles cycles) {
  if (facts.kind == Kind::redirect) return redirect(facts.refill, issue_alone(facts, cycles));
  if (facts.kind == Kind::branch) {
    paired_with_ = 0;
    return issue_alone(facts, cycles);
  }
  if (facts.kind == Kind::divide)
    return spend(StallCause::multiply_divide, std::exchange(division_, 1u) - 1, issue_alone(facts, cycles));
  return issue_fp(facts, cycles);
}

Cycles PipelineM33::issue_fp(const Facts& facts, Cycles cycles) {
  if ((facts.needs & left_) != 0) cycles = wait_for_result(cycles);
  const auto ready = [](std::uint32_t registers, const std::array<Cycles, 32>& times) {
    Cycles latest = 0;
    for (; registers != 0; registers &= registers - 1)
      latest = std::max(latest, times[static_cast<unsigned>(std::countr_zero(registers))]);
    return latest;
  };
  const Cycles operands = ready(facts.fp_operands | facts.fp_stored, fp_ready_);
  const Cycles accumulators = ready(facts.fp_accumulators, fp_accumulator_ready_);
  // Arithmetic may issue a cycle before its operands are there, and then executes behind its successors.
  const bool early = facts.kind == Kind::fp || facts.kind == Kind::fp_mac || facts.kind == Kind::fp_divide;
  const Cycles start =
      std::max({cycles, fp_free_, operands - (early && operands != 0 ? 1 : 0), accumulators});
  const Cycles execution = std::max(start, operands);
  cycles = spend(StallCause::fpu, start - cycles, cycles);

  fp_free_ = execution + (facts.kind == Kind::fp_divide ? facts.fp_latency : 1);
  if (facts.kind == Kind::fp_mac) fp_free_ += parameters_.fp_mac_blocks;
  Cycles word = execution;
  for (std::uint32_t left = facts.fp_results; left != 0; left &= left - 1) {
    const auto number = static_cast<unsigned>(std::countr_zero(left));
    fp_ready_[number] = word + facts.fp_latency;
    fp_accumulator_ready_[number] = word + facts.fp_accumulate_latency;
    if (facts.kind == Kind::fp_memory) ++word;
  }
  return issue_alone(facts, cycles);
}

PipelineM33::Ending PipelineM33::ending(Cycles cycles) const {
  Ending ending;
  for (unsigned unaligned = 0; unaligned < 2; ++unaligned) {
    Cycles at = cycles + (unaligned != 0 ? parameters_.unaligned_access : 0);
    if (changes_bus(system_load_)) at += parameters_.bus_change;
    if (system_bus_size_ != 0 && words_ahead(next_, at) == 0) ++at;
    ending.before_flash[unaligned] = static_cast<std::uint8_t>(at - cycles);
  }
  return ending;
}

std::uint32_t PipelineM33::observe(const Ending& ending, Address address, unsigned width, bool is_store,
                                   Cycles now) {
  const bool unaligned = (address & 3) + width > 4;
  const std::uint32_t bits = (is_store ? kStored : 0u) | (unaligned ? kUnaligned : 0u);
  if (address - kSystemBus < kSystemBusSize) return on_system_bus | bits;
  if (address >= kPrivateBus) return on_private_bus | bits;
  if (address >= kSystemBus) return in_device | bits;
  if (is_store || !is_flash(address)) return on_code_bus | bits;
  const Cycles wait = flash_.data(address, now + ending.before_flash[unaligned ? 1 : 0]);
  return on_code_bus | bits | static_cast<std::uint32_t>(wait) << kWaitShift;
}

Cycles PipelineM33::apply(std::uint32_t outcome, Cycles cycles) {
  const bool is_store = (outcome & kStored) != 0;
  if ((outcome & kUnaligned) != 0) cycles = spend(StallCause::bus, parameters_.unaligned_access, cycles);
  switch (outcome & kPlace) {
    case on_system_bus:
      if (system_bus_size_ == 0) cycles = share_code_bus(next_, cycles);
      return is_store ? cycles : load_in_turn(system_load_, code_load_, cycles);
    case on_code_bus:
      if (!is_store) cycles = load_in_turn(code_load_, system_load_, cycles);
      if (system_bus_size_ != 0) cycles = share_code_bus(next_, cycles);
      return spend(StallCause::flash_data, outcome >> kWaitShift, cycles);
    case in_device:
      return spend(StallCause::bus, parameters_.device_access, cycles);
    default:
      return cycles;
  }
}

Cycles PipelineM33::store_change(Address address, unsigned width, Cycles cycles) {
  if (flash_.controlled_by(address)) {
    registers_written_ = true;
    in_flash_ = false;  // Whatever is fetched next looks at them first.
  }
  return apply(observe({}, address, width, true, cycles), cycles);
}

// The access takes the cycle of a fetch, which matters when fetching is not ahead.
Cycles PipelineM33::share_code_bus(Address next, Cycles cycles) {
  const Cycles ahead = words_ahead(next, cycles);
  if (ahead == 0) return spend(StallCause::bus, 1, cycles);
  set_words_ahead(next, cycles, ahead - 1);
  return cycles;
}

// Assumed linear in the quotient's bits between the ends.
unsigned PipelineM33::divide_cycles(std::uint32_t dividend, std::uint32_t divisor) const {
  if (divisor == 0 || dividend < divisor) return parameters_.divide_least;
  const auto bits = static_cast<unsigned>(std::countl_zero(divisor) - std::countl_zero(dividend)) + 1;
  const unsigned range = parameters_.divide_most - parameters_.divide_least;
  return parameters_.divide_least + (range * bits + 31) / 32;
}

}  // namespace mcusim::emulator
