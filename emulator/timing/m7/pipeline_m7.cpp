#include "emulator/timing/m7/pipeline_m7.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "emulator/timing/m7/pipeline_m7_facts.h"

namespace mcusim::emulator {

using namespace m7;

PipelineM7::PipelineM7(const mcu_models::McuModel& mcu, MemoryM7::Environment environment)
    : parameters_(*mcu.core.pipeline_m7),
      memory_(mcu, std::move(environment)),
      predictor_(parameters_.btac_entries),
      early_results_{0, static_cast<std::int8_t>(parameters_.early_operand), 1, 0} {}

void PipelineM7::reset() {
  memory_.reset();
  predictor_.clear();
  stalls_ = {};
  now_ = chunk_ready_ = last_issue_ = flags_set_ = fp_mac_window_ = 0;
  registers_written_ = open_ = taken_ = false;
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
    stalls_[StallCause::exception] += cycles - now_;
    now_ = cycles;
    open_ = false;
    branch_ = Branch::none;
    next_pc_ = 1;  // Whatever comes next is fetched anew; the exception's own cycles cover the refill.
  }
  if (registers_written_) {
    memory_.refresh();
    registers_written_ = false;
  }
}

void PipelineM7::fetch_next(Cycles at, StallCause cause) {
  ++sequence_;
  ++chunk_;
  at = std::max(at, chunk_issued_[sequence_ & 3] + parameters_.fetch_reuse);
  const Cycles wait = memory_.fetch(chunk_ << 3, at);
  chunk_ready_ = at + wait;
  chunk_cause_ = wait != 0 ? memory_.fetch_cause() : cause;
}

void PipelineM7::start_fetching(Address pc, Cycles at, StallCause cause) {
  chunk_ = (pc >> 3) - 1;
  fetch_next(at, cause);
}

// What the branch before has led to, once the next instruction shows it.
void PipelineM7::follow(Address pc) {
  const Branch kind = std::exchange(branch_, Branch::none);
  const bool taken = std::exchange(taken_, false) || pc != next_pc_;
  if (kind == Branch::none) {
    if (pc != next_pc_) {
      std::ranges::fill(chunk_issued_, Cycles{0});
      start_fetching(pc, now_, StallCause::branch);
    }
    return;
  }
  if (kind == Branch::indirect) {
    start_fetching(pc, branch_issue_ + parameters_.mispredict, StallCause::mispredict);
    return;
  }
  const BranchPredictor::Prediction prediction = predictor_.predict(branch_pc_);
  const bool expected = prediction.known ? prediction.taken : kind == Branch::direct || branch_backward_;
  const bool correct = expected == taken;
  predictor_.update(branch_pc_, taken);
  if (!correct) {
    const bool early = kind == Branch::conditional && branch_issue_ >= flags_set_ + parameters_.early_flags;
    start_fetching(pc, branch_issue_ + (early ? parameters_.mispredict_early : parameters_.mispredict),
                   StallCause::mispredict);
  } else if (taken) {
    start_fetching(pc, chunk_ready_ + 1 + (prediction.known ? 0 : parameters_.static_bubbles),
                   StallCause::branch);
  }
}

void PipelineM7::settle_missing_short() {
  const int missing = std::exchange(missing_short_, 0);
  if (missing <= 0) return;
  stall(StallCause::fetch_queue, static_cast<Cycles>(missing + kShortForMultiple - 1) / kShortForMultiple);
  open_ = false;
}

template <bool kSuppressed>
Cycles PipelineM7::issue_as(const Facts& facts, Address pc, Cycles cycles) {
  if (cycles != now_ || registers_written_) [[unlikely]]
    resume(cycles);
  if (pc != next_pc_) settle_missing_short();
  if (branch_ != Branch::none || pc != next_pc_) follow(pc);
  if (facts.slots == 1) --missing_short_;
  if ((facts.properties & kMultiple) != 0) missing_short_ += kShortForMultiple;
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
      operands = fp_mac_window_, slowest = 63;
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
        cause = ready_[slowest & 63].producer;
        if (cause == StallCause::result && (slowest & need_early) != 0 && (facts.properties & kMemory) != 0)
          cause = StallCause::address;
      }
      stall(cause, earliest - now_);
    }
    last_issue_ = now_;
    ++stalls_[StallCause::issue];
    ++now_;
    if (facts.cycles > 1) stall(facts.further, facts.cycles - 1);
    open_ = (facts.properties & kAlone) == 0;
    last_address_ = ~0u;
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

Cycles PipelineM7::access(Address address, unsigned width, bool is_store) {
  const Facts& facts = *last_;
  if (is_store) {
    if (memory_.control(address)) registers_written_ = true;
    if ((facts.properties & kEvenStores) != 0 && last_address_ == ~0u && (address & 4) != 0)
      stall(StallCause::transfer, 1);
    const bool second_of_pair =
        (facts.properties & kAlone) != 0 && (address & 7) == 4 && last_address_ == address - 4;
    last_address_ = address;
    if (!second_of_pair) {
      const Cycles wait = memory_.store(address, width, now_ - 1);
      if (wait != 0) stall(StallCause::store_buffer, wait);
    }
    return now_;
  }
  bool moved = false;
  const auto spend = [&](StallCause cause, Cycles cycles) {
    stall(cause, cycles);
    moved = true;
  };
  const unsigned bank = address >> 2 & 1;
  if ((facts.properties & kAlone) == 0) {
    if (last_is_younger_ && older_bank_ == bank) {
      // Both want the same bank: this one issues alone in the next cycle, in which a third may join it.
      spend(StallCause::issue, 1);
      open_ = true;
      blocks_ = facts.blocks;
      older_properties_ = facts.properties;
      last_is_younger_ = false;
    }
    if ((address & (width - 1)) != 0) [[unlikely]] {
      spend(StallCause::bus, last_is_younger_ ? parameters_.unaligned_younger : parameters_.unaligned_older);
    }
    if (!last_is_younger_) older_bank_ = bank;
  }
  if (const Cycles wait = memory_.load(address, now_ - 1); wait != 0) spend(memory_.load_cause(), wait);
  if (moved) {
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

StallCycles PipelineM7::stalls(Cycles now) const {
  StallCycles stalls = stalls_;
  stalls[StallCause::exception] += now - now_;
  return stalls;
}

}  // namespace mcusim::emulator
