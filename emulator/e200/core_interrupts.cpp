#include <fmt/format.h>

#include "emulator/e200/core.h"

namespace mcusim::emulator::e200 {
namespace {

struct InterruptRow {
  Interrupt interrupt;
  std::string_view name;
  std::uint16_t save_pc, save_msr;  ///< SPRs.
  std::uint32_t kept;               ///< Bits of MSR that stay.
};

constexpr std::uint32_t kKeptByBase = kMsrCritical | kMsrMachineCheck | kMsrDebug | kMsrRecoverable;
constexpr std::uint32_t kKeptByCritical = kMsrMachineCheck | kMsrDebug;

// EREF 5.6 and table 5-3.
constexpr InterruptRow kRows[] = {
    {Interrupt::critical_input, "Critical input", spr::csrr0, spr::csrr1, kKeptByCritical},
    {Interrupt::machine_check, "Machine check", spr::mcsrr0, spr::mcsrr1, 0},
    {Interrupt::data_storage, "Data storage", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::instruction_storage, "Instruction storage", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::external_input, "External input", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::alignment, "Alignment", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::program, "Program", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::system_call, "System call", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::decrementer, "Decrementer", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::fixed_interval_timer, "Fixed-interval timer", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::watchdog, "Watchdog", spr::csrr0, spr::csrr1, kKeptByCritical},
    {Interrupt::debug, "Debug", spr::dsrr0, spr::dsrr1, kKeptByCritical},
    {Interrupt::fp_unavailable, "EFPU unavailable", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::fp_data, "EFPU data", spr::srr0, spr::srr1, kKeptByBase},
    {Interrupt::fp_round, "EFPU round", spr::srr0, spr::srr1, kKeptByBase},
};

const InterruptRow& row_of(Interrupt interrupt) {
  for (const InterruptRow& row : kRows) {
    if (row.interrupt == interrupt) return row;
  }
  return kRows[0];
}

/// What is kept of interrupts in interrupts.
constexpr std::size_t kMostInterrupted = 64;

std::uint16_t ivor_of(Interrupt interrupt) {
  const auto number = static_cast<std::uint16_t>(interrupt);
  return static_cast<std::uint16_t>(number < 32 ? spr::ivor0 + number : spr::ivor32 + number - 32);
}

/// Hardware vectors: the handlers' addresses begin here behind IVPR, four bytes each; assumed.
constexpr std::uint32_t kHardwareVectors = 0x1000;
constexpr std::uint32_t kMcsrLoad = 0x00080000, kMcsrStore = 0x00040000, kMcsrFetch = 0x00010000,
                        kMcsrAddressValid = 0x00000008;

}  // namespace

std::string_view name_of(Interrupt interrupt) { return row_of(interrupt).name; }

bool Core::enter(Interrupt interrupt, Address return_address, std::uint32_t esr) {
  const InterruptRow& row = row_of(interrupt);
  // Firmware that never returns, as a kernel that leaves its handlers by a jump, has no end of them.
  if (interrupted_.size() == kMostInterrupted) interrupted_.erase(interrupted_.begin());
  interrupted_.push_back(registers());
  interrupted_.back().pc = return_address;
  set_spr(row.save_pc, return_address);
  set_spr(row.save_msr, state.msr);
  if (esr != 0) set_spr(spr::esr, esr);
  state.msr &= row.kept;
  update_protection();
  state.reserved = false;
  state.pc = spr(spr::ivpr) + spr(ivor_of(interrupt));
  if (interrupt == Interrupt::external_input) {
    if (const auto vector = interrupt_source_->acknowledge_by_hardware())
      state.pc = spr(spr::ivpr) + kHardwareVectors + *vector * 4;
  }
  const Cycles begin = cycles;
  cycles += entry_cycles_;
  if (call_listener != nullptr) {
    const auto number = static_cast<unsigned>(interrupt);
    // Nothing is stacked: what was interrupted goes on with its stack pointer.
    call_listener->exception_entered({number, state.pc, state.r[1], return_address, begin}, flow_point());
  }
  update_deadline();
  return true;
}

bool Core::system_call(Address return_address) { return enter(Interrupt::system_call, return_address); }

void Core::return_from(std::uint16_t srr0, std::uint16_t srr1) {
  if (state.problem_state()) {
    fault = Fault::privileged;
    return;
  }
  state.pc = spr(srr0) & ~1u;
  in_fault_handler_ = false;
  write_msr(spr(srr1));
  const bool returns = !interrupted_.empty();
  if (returns) interrupted_.pop_back();
  if (call_listener == nullptr) return;
  // Start-up code may use rfi as a jump that also sets MSR.
  if (returns)
    call_listener->exception_returned({state.pc, state.r[1], interrupted_.empty()}, flow_point());
  else
    call_listener->jumped(state.pc, flow_point());
}

std::string Core::describe_fault() const {
  switch (fault) {
    case Fault::illegal:
      return "an instruction that the core does not have (Book E code, or no code)";
    case Fault::privileged:
      return "a privileged instruction in problem state";
    case Fault::trap:
      return "tw trapped";
    case Fault::unknown_spr:
      return fmt::format("special purpose register {}, which is not modelled", fault_spr_);
    case Fault::alignment:
      return fmt::format("access to {:#010x}, which is not aligned", fault_address_);
    case Fault::data_bus:
      return fmt::format("{} {:#010x}, where nothing is{}", access_writes_ ? "write to" : "read of",
                         fault_address_, access_writes_ ? " that can be written" : "");
    case Fault::fetch_bus:
      return fmt::format("fetch from {:#010x}, where no code can be", fault_address_);
    case Fault::data_refused:
    case Fault::fetch_refused: {
      const bool fetch = fault == Fault::fetch_refused;
      const Mpu::Kind kind = fetch ? Mpu::Kind::execute : access_writes_ ? Mpu::Kind::write : Mpu::Kind::read;
      return fmt::format("{} {:#010x}, which the MPU refuses {} code: {}",
                         fetch            ? "fetch from"
                         : access_writes_ ? "write to"
                                          : "read of",
                         fault_address_, state.problem_state() ? "user" : "supervisor",
                         mpu_.reason(fault_address_, access(kind)));
    }
    case Fault::fp_unavailable:
      return "floating point while MSR[SPE] is 0";
    case Fault::fp_data:
      return "floating-point exception that SPEFSCR enables";
    case Fault::fp_round:
      return "inexact floating-point result, which SPEFSCR enables";
    default:
      return "unknown";
  }
}

bool Core::finish_by_fault() {
  FaultRecord record = last_fault_.value_or(FaultRecord{});
  finish(StopReason::fault, fmt::format("{}: {}", record.exception, record.cause));
  stop_.pc = record.pc;
  stop_.fault = std::move(record);
  return false;
}

bool Core::fault_enters(Interrupt interrupt, std::uint32_t esr) {
  const bool nested = in_fault_handler_;
  // A handler that faults is told about by what it should have handled.
  if (nested) {
    last_fault_->lockup = true;
  } else {
    last_fault_.emplace();
    last_fault_->exception = name_of(interrupt);
    last_fault_->cause = describe_fault();
    last_fault_->pc = state.pc;
  }
  const Address handler = spr(spr::ivpr) + spr(ivor_of(interrupt));
  const bool unknown = fault == Fault::unknown_spr;
  fault = Fault::none;
  const Bus::Memory* memory = bus_.find_memory(handler, 2);
  if (nested || unknown || memory == nullptr || !memory->executable || spr(spr::ivpr) == 0)
    return finish_by_fault();
  in_fault_handler_ = true;
  return enter(interrupt, state.pc, esr);
}

bool Core::take_fault() {
  switch (fault) {
    case Fault::watchpoint:
      fault = Fault::none;
      return finish(StopReason::watchpoint);
    case Fault::stack_overflow:
      fault = Fault::none;
      last_fault_.emplace();
      last_fault_->exception = FaultRecord::kStackOverflow;
      last_fault_->cause =
          fmt::format("the stack pointer falls below 0x{:08x} ({})", stack_->limit, stack_->name);
      last_fault_->pc = state.pc;
      return finish_by_fault();
    case Fault::alignment:
      set_spr(spr::dear, fault_address_);
      return fault_enters(Interrupt::alignment, (access_writes_ ? kEsrStore : 0) | kEsrVle);
    case Fault::data_bus:
    case Fault::fetch_bus: {
      const std::uint32_t kind = fault == Fault::fetch_bus ? kMcsrFetch
                                 : access_writes_          ? kMcsrStore
                                                           : kMcsrLoad;
      set_spr(spr::mcar, fault_address_);
      set_spr(spr::mcsr, spr(spr::mcsr) | kind | kMcsrAddressValid);
      return fault_enters(Interrupt::machine_check);
    }
    case Fault::data_refused:
      set_spr(spr::dear, fault_address_);
      return fault_enters(Interrupt::data_storage, (access_writes_ ? kEsrStore : 0) | kEsrVle);
    case Fault::fetch_refused:
      return fault_enters(Interrupt::instruction_storage, kEsrVle);
    case Fault::fp_unavailable:
      return fault_enters(Interrupt::fp_unavailable, kEsrSpe | kEsrVle);
    case Fault::fp_data:
      return fault_enters(Interrupt::fp_data, kEsrSpe | kEsrVle);
    case Fault::fp_round:
      return fault_enters(Interrupt::fp_round, kEsrSpe | kEsrVle);
    case Fault::privileged:
      return fault_enters(Interrupt::program, kEsrPrivileged | kEsrVle);
    case Fault::trap:
      return fault_enters(Interrupt::program, kEsrTrap | kEsrVle);
    default:
      return fault_enters(Interrupt::program, kEsrIllegal | kEsrVle);
  }
}

}  // namespace mcusim::emulator::e200
