#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "common/units.h"
#include "emulator/timing/beyond_one_cycle.h"
#include "emulator/timing/spending.h"
#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator {

/// What every instruction was executed for and cost, as a Replay books it. `Facts`: of the pipeline model.
template <typename Facts>
class ReplayAccount {
 public:
  struct Record {
    Facts facts{};
    Address pc = 0;
    InstructionClass instruction_class = InstructionClass::alu;
    bool in_graph = false;    ///< Of what is remembered.
    std::uint64_t count = 0;  ///< Executions.
    StallCycles causes;
  };

  void clear() {
    std::vector<Spending::Part>* const followed = bookings_;
    *this = {};
    bookings_ = followed;
  }
  /// See BookedCycles.
  void follow_bookings(std::vector<Spending::Part>* parts) { bookings_ = parts; }

  /// The number of the instruction at `pc`: new, or that of the one that was there before.
  std::uint32_t number_of(Address pc) {
    const auto [entry, is_new] = numbers_.try_emplace(pc, static_cast<std::uint32_t>(records_.size()));
    if (is_new) records_.emplace_back().pc = pc;
    return entry->second;
  }
  /// Another instruction has taken its place, or the first one.
  void replace(Record& record, const Facts& facts, InstructionClass instruction_class) {
    archived_ += beyond_one_cycle(record);
    record.facts = facts;
    record.instruction_class = instruction_class;
    archived_ -= beyond_one_cycle(record);
  }
  Record& operator[](std::uint32_t number) { return records_[number]; }

  /// Cycles before an instruction, as an exception takes them, are not charged to it.
  void book(std::uint32_t number, std::span<const Spending::Part> parts, std::uint64_t times) {
    if (bookings_ != nullptr) bookings_->insert(bookings_->end(), parts.begin(), parts.end());
    Record& record = records_[number];
    for (const Spending::Part& part : parts) {
      if (part.cause == StallCause::exception) continue;
      const Cycles cycles = static_cast<Cycles>(std::int64_t{part.cycles}) * times;
      record.causes[part.cause] += cycles;
      total_[part.cause] += cycles;
    }
  }

  /// Time that passed inside an instruction.
  void sleep(std::uint32_t number, Cycles cycles) {
    records_[number].causes[StallCause::sleep] += cycles;
    total_[StallCause::sleep] += cycles;
  }

  const StallCycles& total() const { return total_; }
  const std::deque<Record>& records() const { return records_; }
  std::deque<Record>& records() { return records_; }
  BeyondOneCycle beyond_one_cycle() const {
    BeyondOneCycle sum = archived_;
    for (const Record& record : records_) sum += beyond_one_cycle(record);
    return sum;
  }

 private:
  static BeyondOneCycle beyond_one_cycle(const Record& record) {
    return emulator::beyond_one_cycle(record.instruction_class, record.count, record.causes.sum());
  }

  std::deque<Record> records_{1};  ///< By number; 0 is none.
  std::unordered_map<Address, std::uint32_t> numbers_;
  StallCycles total_;
  BeyondOneCycle archived_;  ///< Of instructions that were overwritten.
  std::vector<Spending::Part>* bookings_ = nullptr;
};

}  // namespace mcusim::emulator
