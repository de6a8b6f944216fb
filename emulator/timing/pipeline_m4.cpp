#include "emulator/timing/pipeline_m4.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "common/error.h"

namespace mcusim::emulator {
namespace {

using enum InstructionClass;

const mcu_models::PipelineParameters& parameters_of(const mcu_models::McuModel& mcu) {
  if (!mcu.core.pipeline) {
    throw InputError(fmt::format("{}: full timing is not modelled yet for {}, use --timing table", mcu.name,
                                 mcu.core.name));
  }
  return *mcu.core.pipeline;
}

}  // namespace

PipelineM4::Facts PipelineM4::prepare(const InstructionFacts& instruction) const {
  Facts facts{
      .address_of = static_cast<std::uint32_t>(instruction.address),
      .results = static_cast<std::uint32_t>(instruction.results) & 0xffff,
      .loads = static_cast<std::uint32_t>(instruction.loaded) & 0xffff,
      .fp_operands = static_cast<std::uint32_t>(
          (instruction.operands | instruction.accumulators | instruction.stored) >> kFirstSingle),
      .fp_results = static_cast<std::uint32_t>(instruction.results >> kFirstSingle),
      .slots = instruction.slots,
      .cycles = instruction.cycles,
  };
  const auto is = [&facts](Kind kind, StallCause further) { facts.kind = kind, facts.further = further; };
  switch (instruction.instruction_class) {
    case load:
    case load_register:
    case load_pc:
      is(Kind::load, StallCause::transfer);
      break;
    case store:
    case store_register:
      is(Kind::store, StallCause::transfer);
      break;
    case load_double:
    case load_multiple:
    case load_exclusive:
      is(Kind::load_block, StallCause::transfer);
      break;
    case store_double:
    case store_multiple:
    case store_exclusive:
      is(Kind::store_block, StallCause::transfer);
      break;
    case multiply:
    case multiply_accumulate:
    case multiply_long:
    case multiply_accumulate_long:
    case dsp_multiply:
    case dsp_accumulate:
      is(Kind::simple, StallCause::multiply_divide);
      break;
    case divide:
      is(Kind::divide, StallCause::multiply_divide);
      break;
    case branch_table:
      is(Kind::load_block, StallCause::transfer);
      break;
    case if_then:
      is(Kind::it, StallCause::system);
      break;
    case fp_load:
    case fp_load_double:
    case fp_load_multiple:
    case fp_store:
    case fp_store_double:
    case fp_store_multiple:
      is(Kind::fp_memory, StallCause::transfer);
      break;
    case fp_divide:
    case fp_square_root:
      is(Kind::fp_divide, StallCause::fpu);
      break;
    case fp_add:
    case fp_multiply:
    case fp_chained_mac:
    case fp_fused_mac:
    case fp_compare:
    case fp_convert:
    case fp_move:
    case fp_move_core:
    case fp_move_core_pair:
      is(Kind::fp, StallCause::fpu);
      break;
    default:
      break;
  }
  facts.hides_load =
      (facts.kind == Kind::load && (instruction.base == 0 || parameters_.indexed_load_hides)) ||
      (facts.kind == Kind::store && parameters_.store_hides_load);
  // Moves deliver at once.
  if (instruction.instruction_class == fp_move || instruction.instruction_class == fp_move_core ||
      instruction.instruction_class == fp_move_core_pair) {
    facts.fp_results = 0;
    facts.results = 0;
  }
  return facts;
}

PipelineM4::PipelineM4(const mcu_models::McuModel& mcu, FlashAccelerator::ReadRegister read_register)
    : parameters_(parameters_of(mcu)), regions_(std::size_t{1} << (32 - kPageBits)) {
  std::uint8_t ram = in_first_ram;
  for (const mcu_models::MemoryRegion& memory : mcu.memory) {
    const bool is_flash = memory.kind == mcu_models::MemoryKind::flash;
    if (is_flash && flash_) continue;  // One interface; further banks read as its memory would not.
    const std::uint8_t region = is_flash ? static_cast<std::uint8_t>(in_flash) : ram++;
    map(memory.base, memory.size, region);
    for (const Address alias : memory.aliases) map(alias, memory.size, region);
    if (!is_flash || !mcu.flash_timing) continue;
    flash_base_ = memory.base;
    flash_size_ = memory.size;
    if (!memory.aliases.empty()) flash_alias_ = memory.aliases.front();
    flash_ = std::make_unique<FlashAccelerator>(mcu, memory.size, read_register);
  }
  if (!flash_) {
    throw InputError(fmt::format("{}: its flash interface is not modelled, use --timing table", mcu.name));
  }
}

void PipelineM4::map(Address base, Bytes size, std::uint8_t region) {
  const std::size_t first = base >> kPageBits, count = (size + (1u << kPageBits) - 1) >> kPageBits;
  for (std::size_t page = first; page < std::min(first + count, regions_.size()); ++page)
    regions_[page] = region;
}

void PipelineM4::reset() {
  flash_->reset();
  spent_.clear();
  queue_ = {};
  now_ = bus_free_ = last_start_ = fp_free_ = 0;
  next_pc_ = kNowhere;
  last_kind_ = Kind::simple;
  tail_pending_ = chained_ = registers_written_ = streams_ = repeatable_ = false;
  last_results_ = last_loads_ = last_fp_results_ = 0;
}

Cycles PipelineM4::fetch(Address offset, Cycles at) {
  if (rehearses_) return 0;
  const Cycles wait = flash_->fetch(offset, at);
  repeatable_ &= wait == 0;
  // In a row, the line that was fetched from last is still the one in use.
  const std::uint32_t line = flash_->line_of(offset);
  if (repeatable_ && line != fetched_line_) {
    repeatable_ = fetches_.line_count < fetches_.lines.size();
    if (repeatable_) fetches_.lines[fetches_.line_count++] = line;
  }
  fetched_line_ = line;
  return wait;
}

void PipelineM4::begin_fetches(const State& from, Cycles /*cycles*/) {
  fetches_ = {};
  repeatable_ = true;
  if (!code_in_flash_ || from.in_sequence == 0) fetched_line_ = FlashAccelerator::kNoLine;
}

bool PipelineM4::holds(Fetches& fetches, Cycles cycles) const {
  if (fetches.held != flash_->contents()) {
    for (unsigned i = 0; i < fetches.line_count; ++i)
      if (!flash_->enters_at_once(fetches.lines[i])) return false;
    fetches.held = flash_->contents();
  }
  return holds_still(fetches, cycles);
}

// Fetches overlap: the address phase of one with the data phase of the one before.
void PipelineM4::fetch_word(Cycles at) {
  FetchedWord& fetched = word(next_word_);
  fetched.start = at;
  streams_ = at == bus_free_;
  fetched.flash_wait = 0;
  if (code_in_flash_) {
    fetched.flash_wait = fetch(flash_offset(next_word_ << 2), at + 1);
  }
  fetched.decodable = at + 2 + fetched.flash_wait;
  bus_free_ = at + 1 + fetched.flash_wait;
  ++next_word_;
}

// While words are fetched without a pause, a place that becomes free is used in the same cycle. Behind a full
// queue fetching has paused, and goes on in the cycle after.
void PipelineM4::refill_queue(Cycles decode) {
  fetch_word(decode < bus_free_ || (decode == bus_free_ && streams_) ? bus_free_ : decode + 1);
}

void PipelineM4::redirect(Address pc, Cycles at) {
  if (bus_free_ > at) {
    // A read that runs must end; those that wait behind it are given up.
    Cycles running = at;
    for (const FetchedWord& fetched : queue_) {
      if (fetched.start < at) running = std::max(running, fetched.decodable - 1);
    }
    at = std::min(running, bus_free_);
  }
  code_in_flash_ = regions_[pc >> kPageBits] == in_flash;
  code_on_system_bus_ = pc >= kSystemBus;
  next_word_ = pc >> 2;
  fetch_word(at);
  for (unsigned i = 1; i < parameters_.fetch_words; ++i) fetch_word(bus_free_);
}

Cycles PipelineM4::issue(const Facts& facts, Address pc, Cycles cycles) {
  bool resumed = false;
  if (cycles != now_) {
    spend(StallCause::exception, cycles - now_);
    now_ = cycles;
    resumed = true;
  }
  if (registers_written_) {
    flash_->refresh();
    registers_written_ = false;
  }
  const Kind kind = facts.kind;

  // The earliest start that the instructions before allow, and who decides it.
  Cycles earliest = now_;
  StallCause cause = StallCause::issue;
  const auto wait_for = [&](Cycles time, StallCause reason) {
    if (time > earliest) earliest = time, cause = reason;
  };
  chained_ = tail_pending_ && facts.hides_load != 0 && (facts.address_of & last_loads_) == 0;
  if (tail_pending_) {
    if (!chained_) wait_for(now_ + parameters_.load_tail, StallCause::load_use);
  } else if (last_kind_ == Kind::store) {
    if (kind == Kind::load || kind == Kind::load_block) {
      wait_for(now_ + parameters_.load_after_store, StallCause::store_buffer);
    } else if (kind == Kind::store) {
      wait_for(now_ + parameters_.store_after_store, StallCause::store_buffer);
    }
  }
  if ((facts.address_of & last_results_) != 0)
    wait_for(now_ + parameters_.address_after_result, StallCause::address);
  if (kind == Kind::fp || kind == Kind::fp_divide || kind == Kind::fp_memory) {
    if ((facts.fp_operands & last_fp_results_) != 0)
      wait_for(now_ + parameters_.fp_dependent, StallCause::fpu);
    wait_for(fp_free_, StallCause::fpu);
  }

  if (kind == Kind::load && !chained_ && facts.slots == 2 && (pc & 2) != 0)
    wait_for(earliest + parameters_.half_word_load, StallCause::fetch_queue);

  const bool redirected = pc != next_pc_;
  if (redirected) {
    const Cycles refill = resumed ? 0 : parameters_.branch_refill;
    const Cycles target = earliest + refill;
    redirect(pc, target < kFetchToExecute ? 0 : target - kFetchToExecute);
  }

  const Address last_word = (pc + 2 * facts.slots - 2) >> 2;
  const bool straddles = (pc & 2) != 0 && facts.slots == 2;
  const Cycles decode = std::max(word(last_word).decodable, last_start_);
  const bool frees_word = (pc & 2) != 0 || facts.slots == 2;
  next_pc_ = pc + 2 * facts.slots;
  const Cycles flash_wait = word(last_word).flash_wait + (straddles ? word(last_word - 1).flash_wait : 0);

  if (kind == Kind::it && parameters_.folds_it != 0 && !redirected && last_slots_ == 1 && decode < now_) {
    // Decoded together with the instruction before; to the rest of the pipeline it does not exist.
    if (frees_word) refill_queue(decode);
    last_slots_ = 2;
    return now_;
  }

  const Cycles start = std::max(earliest, decode + 1);
  spend(cause, earliest - now_);
  if (start > earliest) {
    const Cycles by_flash = std::min(start - earliest, flash_wait);
    spend(StallCause::flash_fetch, by_flash);
    spend(redirected ? StallCause::branch : StallCause::fetch_queue, start - earliest - by_flash);
  }
  if (frees_word) refill_queue(decode);

  unsigned duration = kind == Kind::divide ? std::exchange(division_, 1u) : facts.cycles;
  if (kind == Kind::load && duration > parameters_.load_tail) duration -= parameters_.load_tail;
  if (kind == Kind::fp_divide) {
    fp_free_ = start + duration;
    duration = 1;
  }
  spend(StallCause::issue, 1);
  spend(facts.further, duration - 1);
  now_ = start + duration;

  last_start_ = start;
  last_slots_ = facts.slots;
  last_kind_ = kind;
  tail_pending_ = kind == Kind::load;
  last_results_ = facts.results;
  last_loads_ = facts.loads;
  last_fp_results_ = facts.fp_results;
  return now_;
}

std::uint32_t PipelineM4::observe(const Ending& ending, Address address, unsigned width, bool is_store,
                                  Cycles now) {
  const std::uint8_t region = regions_[address >> kPageBits];
  std::uint32_t outcome = place_of(ending, region, address);
  if ((address & 3) + width > 4) {
    outcome |= kUnaligned;
    now += parameters_.unaligned_access;
  }
  if (region != in_flash || is_store) return outcome;
  if (ending.chained != 0 && region != ending.region) now += parameters_.load_tail;
  return outcome | static_cast<std::uint32_t>(flash_->data(flash_offset(address), now)) << kWaitShift;
}

Cycles PipelineM4::apply(std::uint32_t outcome, Cycles /*cycles*/) {
  const auto further = [this](StallCause cause, Cycles cycles) {
    spend(cause, cycles);
    now_ += cycles;
  };
  const auto region = static_cast<std::uint8_t>(outcome & kRegion);
  if (std::exchange(chained_, false) && region != last_region_)
    further(StallCause::bus, parameters_.load_tail);
  last_region_ = region;
  if ((outcome & kUnaligned) != 0) further(StallCause::bus, parameters_.unaligned_access);
  if (region == in_device) further(StallCause::bus, parameters_.device_access);
  further(StallCause::flash_data, outcome >> kWaitShift);
  if ((outcome & kBusTaken) != 0) further(StallCause::bus, parameters_.code_on_system_bus);
  return now_;
}

Cycles PipelineM4::store_change(Address address, unsigned width, Cycles cycles) {
  if (flash_->controlled_by(address)) registers_written_ = true;
  return apply(observe(ending(cycles), address, width, true, cycles), cycles);
}

Cycles PipelineM4::frame_wait(Address frame, unsigned words, bool /*is_store*/, Cycles /*at*/) {
  return regions_[frame >> kPageBits] == in_device ? words * parameters_.device_access : 0;
}

Cycles PipelineM4::vector_wait(Address vector, Cycles at) {
  if (regions_[vector >> kPageBits] != in_flash) return 0;
  return flash_->fetch(flash_offset(vector), at);
}

// Assumed linear in the quotient's bits between the documented ends.
unsigned PipelineM4::divide_cycles(std::uint32_t dividend, std::uint32_t divisor) const {
  if (divisor == 0 || dividend < divisor) return parameters_.divide_least;
  const auto bits = static_cast<unsigned>(std::countl_zero(divisor) - std::countl_zero(dividend)) + 1;
  const unsigned range = parameters_.divide_most - parameters_.divide_least;
  return parameters_.divide_least + (range * bits + 31) / 32;
}

}  // namespace mcusim::emulator
