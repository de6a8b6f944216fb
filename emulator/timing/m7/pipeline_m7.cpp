#include "emulator/timing/m7/pipeline_m7.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "emulator/timing/m7/pipeline_m7_facts.h"

namespace mcusim::emulator {

using namespace m7;

namespace {

/// Stands for what waits for the end of a fused multiply-add, among the registers it waits for.
constexpr unsigned kFusedMacNumber = 256;
/// Cycles that a fetch in a segment may be away from its beginning.
constexpr std::int64_t kFar = 120;

}  // namespace

PipelineM7::PipelineM7(const mcu_models::McuModel& mcu, MemoryM7::Environment environment)
    : parameters_(*mcu.core.pipeline_m7),
      memory_(mcu, std::move(environment)),
      predictor_(parameters_.btac_entries),
      early_results_{0, static_cast<std::int8_t>(parameters_.early_operand), 1, 0} {}

void PipelineM7::reset() {
  memory_.reset();
  predictor_.clear();
  spent_.clear();
  now_ = chunk_ready_ = last_issue_ = flags_set_ = fp_mac_window_ = 0;
  registers_written_ = open_ = taken_ = stored_ = restarts_ = repeatable_ = false;
  next_pc_ = 1;
  missing_short_ = 0;
  chunk_ = ~0u;
  chunk_issued_ = {};
  branch_ = Branch::none;
  last_ = nullptr;
  ready_ = {};
}

void PipelineM7::resume(Cycles cycles) {
  if (cycles != now_) {
    spent_.add(StallCause::exception, static_cast<std::int64_t>(cycles - now_));
    now_ = cycles;
    open_ = restarts_ = false;
    branch_ = Branch::none;
    next_pc_ = 1;  // Whatever comes next is fetched anew; the exception's own cycles cover the refill.
  }
  if (registers_written_) {
    memory_.refresh();
    registers_written_ = false;
  }
}

Cycles PipelineM7::fetch(Cycles at) {
  if (rehearses_) return 0;
  const Address word = chunk_ << 3;
  const Cycles wait = memory_.fetch(word, at);
  if (!repeatable_ || (wait == 0 && memory_.is_tightly_coupled(word))) return wait;
  const std::uint32_t line = MemoryM7::line_of(word);
  if (fetches_.line_count == 0 || fetches_.lines[fetches_.line_count - 1u] != line) {
    repeatable_ = fetches_.line_count < fetches_.lines.size();
    if (repeatable_) {
      fetches_.first[fetches_.line_count] = chunk_ & 3;
      fetches_.lines[fetches_.line_count++] = line;
    }
  }
  if (repeatable_) ++fetches_.counts[fetches_.line_count - 1u];
  const auto from_beginning = static_cast<std::int64_t>(at - fetches_began_);
  repeatable_ &= wait == 0 && from_beginning > -kFar && from_beginning < kFar;
  if (++fetches_.chunks == 1 || from_beginning < fetches_.earliest)
    fetches_.earliest = static_cast<std::int8_t>(from_beginning);
  return wait;
}

void PipelineM7::note(const Fetches& fetches) {
  for (unsigned i = 0; i < fetches.line_count; ++i)
    memory_.note_fetches(fetches.lines[i] << 5 | fetches.first[i] << 3u, fetches.counts[i]);
}

bool PipelineM7::holds(Fetches& fetches, Cycles cycles) {
  if (fetches.held != memory_.contents()) {
    for (unsigned i = 0; i < fetches.line_count; ++i)
      if (!memory_.holds(fetches.lines[i])) return false;
    fetches.held = memory_.contents();
  }
  return holds_still(fetches, cycles);
}

void PipelineM7::fetch_next(Cycles at, StallCause cause) {
  ++sequence_;
  ++chunk_;
  at = std::max(at, chunk_issued_[sequence_ & 3] + parameters_.fetch_reuse);
  const Cycles wait = fetch(at);
  chunk_ready_ = at + wait;
  chunk_cause_ = wait != 0 ? memory_.fetch_cause() : cause;
}

void PipelineM7::start_fetching(Address pc, Cycles at, StallCause cause) {
  chunk_ = (pc >> 3) - 1;
  fetch_next(at, cause);
}

// What the branch before has led to, once the next instruction shows it.
void PipelineM7::follow(Address pc) {
  if (branch_ == Branch::indirect) {
    apply_jump(now_);
  } else if (branch_ != Branch::none) {
    const bool taken = taken_ || pc != next_pc_;
    const Ending branch = ending(now_);
    const std::uint32_t outcome = expect_branch(branch, taken);
    carry_out_branch(branch, taken);
    apply_branch(outcome, now_);
  } else if (!restarts_ && pc != next_pc_) {
    std::ranges::fill(chunk_issued_, Cycles{0});
    start_fetching(pc, now_, StallCause::branch);
  }
  if (std::exchange(restarts_, false)) start_fetching(pc, restart_at_, restart_cause_);
  taken_ = false;
}

Cycles PipelineM7::apply_jump(Cycles cycles) {
  if (std::exchange(branch_, Branch::none) == Branch::none) return cycles;
  restarts_ = true;
  restart_at_ = branch_issue_ + parameters_.mispredict;
  restart_cause_ = StallCause::mispredict;
  return cycles;
}

Cycles PipelineM7::apply_branch(std::uint32_t outcome, Cycles cycles) {
  const Branch kind = std::exchange(branch_, Branch::none);
  const bool taken = (outcome & kTaken) != 0, known = (outcome & kKnown) != 0;
  const bool expected = known ? (outcome & kPredictedTaken) != 0 : kind == Branch::direct || branch_backward_;
  if (expected != taken) {
    const bool early = kind == Branch::conditional && branch_issue_ >= flags_set_ + parameters_.early_flags;
    restarts_ = true;
    restart_at_ = branch_issue_ + (early ? parameters_.mispredict_early : parameters_.mispredict);
    restart_cause_ = StallCause::mispredict;
  } else if (taken) {
    restarts_ = true;
    restart_at_ = chunk_ready_ + 1 + (known ? 0 : parameters_.static_bubbles);
    restart_cause_ = StallCause::branch;
  }
  return cycles;
}

void PipelineM7::settle_missing_short() {
  const int missing = std::exchange(missing_short_, 0);
  if (missing <= 0) return;
  const Cycles needed = parameters_.short_for_multiple;
  stall(StallCause::fetch_queue, (static_cast<Cycles>(missing) + needed - 1) / needed);
  open_ = false;
}

template <bool kSuppressed>
Cycles PipelineM7::issue_as(const Facts& facts, Address pc, Cycles cycles) {
  if (cycles != now_ || registers_written_) [[unlikely]]
    resume(cycles);
  if (pc != next_pc_) settle_missing_short();
  if (branch_ != Branch::none || restarts_ || pc != next_pc_) follow(pc);
  if (facts.slots == 1) --missing_short_;
  if ((facts.properties & kMultiple) != 0) missing_short_ += static_cast<int>(parameters_.short_for_multiple);
  next_pc_ = pc + 2u * facts.slots;
  const Address last_chunk = (next_pc_ - 1) >> 3;
  while (chunk_ != last_chunk) fetch_next(chunk_ready_ + 1, StallCause::fetch_queue);

  Cycles operands = 0;
  unsigned slowest = 0;
  if constexpr (kSuppressed) {
    operands = ready_for(need_late | kFlagsNumber);
    slowest = kFlagsNumber;
  } else {
    for (unsigned i = 0; i < facts.source_count; ++i) {
      const unsigned source = facts.sources[i];
      const Cycles ready = ready_for(source);
      if (ready > operands) operands = ready, slowest = source;
    }
    if ((facts.properties & kBlockedByFusedMac) != 0 && fp_mac_window_ > operands)
      operands = fp_mac_window_, slowest = kFusedMacNumber;
  }

  const Cycles earliest = std::max(chunk_ready_, operands);
  // A fused multiply-add and a move of FP registers issue together only where no multiply-add was before.
  const bool after_mac = (facts.properties & (kFpMove | kFusedMac)) != 0 && now_ <= fp_mac_window_;
  const bool younger =
      open_ && (blocks_ & facts.properties) == 0 && earliest < now_ &&
      !(after_mac && ((facts.properties & kFpMove) != 0 || (older_properties_ & kFpMove) != 0));
  if (younger) {
    open_ = false;
    last_issue_ = now_ - 1;
  } else {
    older_waited_ = operands > now_;
    if (earliest > now_) {
      StallCause cause = chunk_cause_;
      if (operands >= chunk_ready_) {
        cause = slowest == kFusedMacNumber ? StallCause::fpu : ready_[slowest & 63].producer;
        if (cause == StallCause::result && (slowest & need_early) != 0 && (facts.properties & kMemory) != 0)
          cause = StallCause::address;
      }
      stall(cause, earliest - now_);
    }
    last_issue_ = now_;
    stall(StallCause::issue, 1);
    if (facts.cycles > 1) stall(facts.further, facts.cycles - 1);
    open_ = (facts.properties & kAlone) == 0;
    stored_ = false;
    blocks_ = facts.blocks;
    older_properties_ = facts.properties;
    older_bank_ = 2;
  }
  last_is_younger_ = younger;
  chunk_issued_[sequence_ & 3] = last_issue_;
  if ((pc >> 3) != last_chunk) chunk_issued_[(sequence_ - 1) & 3] = last_issue_;

  last_ = &facts;
  if constexpr (!kSuppressed) {
    complete(facts, now_ - 1);
    if (facts.branch != Branch::none) {
      branch_ = facts.branch;
      branch_pc_ = pc;
      // A target from memory or a register is known as late as a register that is loaded or read.
      branch_issue_ = facts.branch == Branch::indirect && (facts.properties & kLoad) != 0
                          ? now_ - 1 + parameters_.load + parameters_.early_operand
                          : last_issue_;
      branch_backward_ = facts.backward != 0;
    }
  }
  return now_;
}

template Cycles PipelineM7::issue_as<false>(const Facts&, Address, Cycles);
template Cycles PipelineM7::issue_as<true>(const Facts&, Address, Cycles);

// Enters when the results can be read; `at` is the cycle in which the instruction has issued.
void PipelineM7::complete(const Facts& facts, Cycles at) {
  Ready ready{at + facts.distance, facts.more, facts.produces};
  const bool may_be_early =
      facts.early_alu == Early::older_slot
          ? !last_is_younger_
          : facts.early_alu == Early::either_slot &&
                (!last_is_younger_ || (older_properties_ & (kShifter | kExtender)) == 0);
  if (may_be_early) {
    bool early = true;
    for (unsigned i = 0; i < facts.source_count; ++i)
      early = early && ready_for(need_early | facts.sources[i]) <= at;
    if (early) ready.late = at, ready.more = early_results_;
  } else if (last_is_younger_ && older_waited_ && (facts.properties & kLoad) != 0) {
    ready.late -= parameters_.younger_load_forward;
  }
  for (unsigned i = 0; i < facts.result_count; ++i) ready_[facts.results[i]] = ready;
  if (facts.loaded != 0) [[unlikely]] {
    for (std::uint64_t rest = facts.loaded; rest != 0; rest &= rest - 1)
      ready_[static_cast<unsigned>(std::countr_zero(rest))] = ready;
  }
  if (facts.base != 0xff) ready_[facts.base] = {last_issue_, early_results_, StallCause::result};
  if (facts.writes_flags != 0) {
    ready_[kFlagsNumber] = {at + parameters_.alu, {}, StallCause::result};
    flags_set_ = at;
  }
  if ((facts.properties & kFusedMac) != 0) fp_mac_window_ = at + 1 + parameters_.fp_mac_blocks;
}

PipelineM7::Ending PipelineM7::ending(Cycles /*cycles*/) const {
  Ending ending;
  ending.branch = branch_pc_;
  if (last_ == nullptr) return ending;
  const unsigned older = parameters_.unaligned_older;
  ending.unaligned = {static_cast<std::uint8_t>(last_is_younger_ ? parameters_.unaligned_younger : older),
                      static_cast<std::uint8_t>(older)};
  if (last_is_younger_) ending.older_bank = static_cast<std::uint8_t>(older_bank_);
  ending.bank_matters = open_ && !last_is_younger_ ? 1 : 0;
  ending.alone = (last_->properties & kAlone) != 0 ? 1 : 0;
  ending.first_of_even = (last_->properties & kEvenStores) != 0 && !stored_ ? 1 : 0;
  ending.behind_other = ending.alone != 0 && stored_ ? 1 : 0;
  return ending;
}

PipelineM7::Check PipelineM7::check(const Ending& ending, std::uint32_t outcome) const {
  Check check;
  check.branch_pc = ending.branch;
  check.branch = &predictor_.entry_of(ending.branch);
  const std::uint32_t bank = outcome & kUpperBank;
  if ((outcome & ~kStored) > kUpperBank || ending.behind_other != 0) return check;
  if ((outcome & kStored) != 0) {
    check.delay = bank & kOddStart;
    if (ending.first_of_even != 0) check.mask = 4;
    check.value = bank << 2;
  } else if (ending.alone == 0 && ending.older_bank <= 1) {
    check.mask = 4;
    check.value = (ending.older_bank ^ bank ^ kSameBank) << 2;
  } else if (ending.alone == 0 && ending.bank_matters != 0) {
    check.mask = 4;
    check.value = bank << 2;
  } else if (bank == 0) {
    check.value = 0;
  }
  return check;
}

std::uint32_t PipelineM7::observe(const Ending& ending, Address address, unsigned width, bool is_store,
                                  Cycles now) {
  if (is_store) {
    const std::uint32_t outcome = store_of(ending, address);
    if (is_second_half(ending, address)) return outcome;
    const Cycles wait = memory_.store(address, width, now - 1 + (outcome & kOddStart));
    return outcome | static_cast<std::uint32_t>(wait) << kWaitShift;
  }
  const Load load = load_of(ending, address, width, now);
  const Cycles wait = memory_.load(address, load.at);
  if (wait == 0) return load.outcome;
  return load.outcome | static_cast<std::uint32_t>(memory_.load_cause()) << kCauseShift |
         static_cast<std::uint32_t>(wait) << kWaitShift |
         static_cast<std::uint32_t>(memory_.write_back_wait()) << kWriteBackShift;
}

Cycles PipelineM7::store_change(Address address, unsigned width, Cycles cycles) {
  if (memory_.control(address)) registers_written_ = true;
  return apply(observe(ending(cycles), address, width, true, cycles), cycles);
}

Cycles PipelineM7::apply_store(std::uint32_t outcome) {
  stored_ = true;
  if ((outcome & kOddStart) != 0) stall(StallCause::transfer, 1);
  stall(StallCause::store_buffer, outcome >> kWaitShift);
  return now_;
}

Cycles PipelineM7::apply(std::uint32_t outcome, Cycles /*cycles*/) {
  if ((outcome & kStored) != 0) return apply_store(outcome);
  const Facts& facts = *last_;
  const Cycles before = now_;
  if ((facts.properties & kAlone) == 0) {
    if (last_is_younger_ && (outcome & kSameBank) != 0) {
      // Both want the same bank: this one issues alone in the next cycle, in which a third may join it.
      stall(StallCause::issue, 1);
      open_ = true;
      blocks_ = facts.blocks;
      older_properties_ = facts.properties;
      last_is_younger_ = false;
    } else if (!last_is_younger_) {
      older_bank_ = outcome & kUpperBank;
    }
    if ((outcome & kUnaligned) != 0)
      stall(StallCause::bus, last_is_younger_ ? parameters_.unaligned_younger : parameters_.unaligned_older);
  }
  const Cycles wait = outcome >> kWaitShift & kWaitMask, write_back = outcome >> kWriteBackShift;
  stall(StallCause::write_back, write_back);
  if (wait != 0) stall(static_cast<StallCause>(outcome >> kCauseShift & 31), wait - write_back);
  if (now_ != before) {
    last_issue_ = now_ - 1;
    complete(facts, last_issue_);
  }
  return now_;
}

// Two words at once, as the data paths are 64 bits wide.
Cycles PipelineM7::frame_wait(Address frame, unsigned words, bool is_store, Cycles at) {
  Cycles wait = 0;
  for (unsigned i = 0; i < words; i += 2) {
    const Address address = frame + i * 4;
    const Cycles begin = at + i / 2 + wait;
    wait += is_store ? memory_.store(address, 4, begin) : memory_.load(address, begin);
  }
  return wait;
}

}  // namespace mcusim::emulator
