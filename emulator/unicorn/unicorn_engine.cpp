#include "emulator/unicorn/unicorn_engine.h"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "common/error.h"
#include "emulator/unicorn/code_cache.h"
#include "emulator/unicorn/page_map.h"

namespace mcusim::emulator {
namespace {

// No instruction is there, and Unicorn translates the block that holds `until` anew at each start.
constexpr std::uint64_t kUntilNever = 0xfffffffe;

// What Unicorn passes to its interrupt hook, after QEMU's EXCP_ numbers.
enum : std::uint32_t {
  kSupervisorCall = 2,
  kPrefetchAbort = 3,
  kDataAbort = 4,
  kBreakpoint = 7,
  kExceptionReturn = 8,
};

int unicorn_model(const std::string& core) {
  struct Row {
    const char* core;
    int model;
  };
  static constexpr Row kRows[] = {
      {"cortex-m0", UC_CPU_ARM_CORTEX_M0}, {"cortex-m0plus", UC_CPU_ARM_CORTEX_M0},
      {"cortex-m3", UC_CPU_ARM_CORTEX_M3}, {"cortex-m4", UC_CPU_ARM_CORTEX_M4},
      {"cortex-m7", UC_CPU_ARM_CORTEX_M7}, {"cortex-m33", UC_CPU_ARM_CORTEX_M33},
  };
  for (const Row& row : kRows) {
    if (core == row.core) return row.model;
  }
  throw InputError(fmt::format("{}: engine unicorn has no such core; use another engine", core));
}

void check(uc_err error, const char* what) {
  if (error != UC_ERR_OK) throw std::runtime_error(fmt::format("Unicorn, {}: {}", what, uc_strerror(error)));
}

class UnicornEngine : public Engine {
 public:
  UnicornEngine(Bus& bus, Scheduler& scheduler, const mcu_models::CoreModel& core)
      : bus_(bus), scheduler_(scheduler), model_(unicorn_model(core.name)), code_(bus, core) {
    open();
  }

  void reset(Address vector_table) override;
  Stop run(const RunLimits& limits) override;
  Registers registers() const override;
  void set_registers(const Registers& registers) override;
  const Counters& counters() const override { return counters_; }
  void add_probe(Address address) override { code_.add_probe(address & ~Address{1}); }
  void remove_probe(Address address) override { code_.remove_probe(address & ~Address{1}); }
  void request_stop() override { stop_requested_ = true; }

 private:
  struct UcClose {
    void operator()(uc_engine* uc) const { uc_close(uc); }
  };
  /// Part of the address space whose accesses go through the bus one by one.
  struct SlowRange {
    UnicornEngine* engine;
    Address base;
  };

  void open();
  void map_bus();
  void map_slow_range(const PageMap::Slow& range);
  void add_hook(int type, void* callback);
  std::uint32_t reg(int id) const;
  void set_reg(int id, std::uint32_t value);

  /// The hooks; `guarded` keeps C++ exceptions of devices from passing through Unicorn's C frames.
  template <typename Work>
  void guarded(Work work);
  void before_instruction(Address pc, unsigned size);
  bool stops_before(Address pc, const CodeEntry& entry);
  void account_for_previous(Address pc);
  std::uint32_t device_read(Address address, unsigned width);
  void device_write(Address address, unsigned width, std::uint32_t value);
  void on_invalid_access(uc_mem_type type, Address address, unsigned size);
  void on_interrupt(std::uint32_t number);

  void stop_at(StopReason reason, Address pc, std::string detail = {});
  void fault(std::string detail) { stop_at(StopReason::fault, pc_, std::move(detail)); }
  void update_checkpoint() { checkpoint_ = std::min(limit_, scheduler_.next()); }
  void undo_current();
  /// Finds out what a return of uc_emu_start() means; true when the run is over.
  bool settle(uc_err error);
  std::string describe_invalid_instruction(Address pc) const;

  Bus& bus_;
  Scheduler& scheduler_;
  int model_;
  /// Unicorn's models of these cores always have it.
  bool has_fpu_ = model_ != UC_CPU_ARM_CORTEX_M0 && model_ != UC_CPU_ARM_CORTEX_M3;
  CodeCache code_;
  std::unique_ptr<uc_engine, UcClose> uc_;
  std::vector<std::unique_ptr<SlowRange>> slow_ranges_;

  Counters counters_;
  Cycles limit_ = Scheduler::kNever;
  Cycles checkpoint_ = 0;  ///< First time at which something other than the next instruction is due.
  Cycles issue_time_ = 0;  ///< When the current instruction began: the time that devices see.
  Address pc_ = 0;         ///< The current instruction, or the next one while nothing runs.
  CodeEntry current_;      ///< Its entry; flags 0 once its effect on the counters is settled.
  Address following_ = 0;  ///< The address behind it.
  std::optional<Address> resume_over_;  ///< A probe here does not stop the first instruction.
  bool stop_requested_ = false;
  bool event_ = false;  ///< The event register of WFE.
  bool executing_ = false;
  std::optional<Stop> stop_;
  bool stop_is_before_ = false;  ///< `stop_` was asked for before an instruction, which must not count.
  std::exception_ptr exception_;
  std::string reset_fault_;  ///< Why the core cannot leave reset; empty: it can.
};

template <typename Work>
void UnicornEngine::guarded(Work work) {
  try {
    work();
  } catch (...) {
    exception_ = std::current_exception();
    uc_emu_stop(uc_.get());
  }
}

void UnicornEngine::open() {
  uc_engine* uc = nullptr;
  // Not UC_MODE_MCLASS: it overrides the model with the M33.
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &uc), "opening");
  uc_.reset(uc);
  check(uc_ctl_set_cpu_model(uc, model_), "core model");
  map_bus();

  add_hook(UC_HOOK_CODE,
           reinterpret_cast<void*>(+[](uc_engine*, std::uint64_t address, std::uint32_t size, void* self) {
             auto* engine = static_cast<UnicornEngine*>(self);
             engine->guarded([&] { engine->before_instruction(static_cast<Address>(address), size); });
           }));
  add_hook(UC_HOOK_MEM_INVALID,
           reinterpret_cast<void*>(+[](uc_engine*, uc_mem_type type, std::uint64_t address, int size,
                                       std::int64_t, void* self) -> bool {
             static_cast<UnicornEngine*>(self)->on_invalid_access(type, static_cast<Address>(address),
                                                                  static_cast<unsigned>(size));
             return false;
           }));
  add_hook(UC_HOOK_INTR, reinterpret_cast<void*>(+[](uc_engine*, std::uint32_t number, void* self) {
             static_cast<UnicornEngine*>(self)->on_interrupt(number);
           }));
}

void UnicornEngine::add_hook(int type, void* callback) {
  uc_hook hook = 0;
  check(uc_hook_add(uc_.get(), &hook, type, callback, this, 1, 0), "hook");
}

void UnicornEngine::map_bus() {
  std::uint32_t page_bytes = 0;
  check(uc_ctl_get_page_size(uc_.get(), &page_bytes), "page size");
  const PageMap map = make_page_map(bus_, page_bytes);
  for (const PageMap::Direct& range : map.direct) {
    const std::uint32_t permissions = range.writable ? UC_PROT_ALL : UC_PROT_READ | UC_PROT_EXEC;
    check(uc_mem_map_ptr(uc_.get(), range.begin, range.end - range.begin, permissions, range.storage),
          "memory");
  }
  slow_ranges_.clear();
  for (const PageMap::Slow& range : map.slow) map_slow_range(range);
}

void UnicornEngine::map_slow_range(const PageMap::Slow& range) {
  slow_ranges_.push_back(std::make_unique<SlowRange>(this, static_cast<Address>(range.begin)));
  SlowRange* user = slow_ranges_.back().get();
  check(uc_mmio_map(
            uc_.get(), range.begin, range.end - range.begin,
            [](uc_engine*, std::uint64_t offset, unsigned size, void* at) -> std::uint64_t {
              const auto* slow = static_cast<SlowRange*>(at);
              return slow->engine->device_read(slow->base + static_cast<Address>(offset), size);
            },
            user,
            [](uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value, void* at) {
              const auto* slow = static_cast<SlowRange*>(at);
              slow->engine->device_write(slow->base + static_cast<Address>(offset), size,
                                         static_cast<std::uint32_t>(value));
            },
            user),
        "device range");
}

std::uint32_t UnicornEngine::reg(int id) const {
  std::uint32_t value = 0;
  uc_reg_read(uc_.get(), id, &value);
  return value;
}

void UnicornEngine::set_reg(int id, std::uint32_t value) { uc_reg_write(uc_.get(), id, &value); }

void UnicornEngine::reset(Address vector_table) {
  // A new instance: nothing of the old one's registers, FPU state or translations is left.
  open();
  code_.clear();
  counters_ = {};
  current_ = {};
  event_ = stop_requested_ = false;
  resume_over_.reset();
  const BusRead stack = bus_.read(vector_table, 4);
  const BusRead entry = bus_.read(vector_table + 4, 4);
  set_reg(UC_ARM_REG_LR, 0xffffffff);
  set_reg(UC_ARM_REG_MSP, stack.value & ~3u);
  set_reg(UC_ARM_REG_SP, stack.value & ~3u);
  pc_ = entry.value & ~Address{1};
  reset_fault_.clear();
  if (stack.status != BusStatus::ok || entry.status != BusStatus::ok) {
    reset_fault_ = fmt::format("vector table at {:#010x}, where no memory is", vector_table);
  } else if ((entry.value & 1) == 0) {
    reset_fault_ = fmt::format("invalid state: reset vector {:#010x} at {:#010x} has bit 0 (Thumb) clear",
                               entry.value, vector_table + 4);
  }
}

Stop UnicornEngine::run(const RunLimits& limits) {
  if (!reset_fault_.empty()) return {StopReason::fault, pc_, 0, reset_fault_};
  limit_ = limits.cycles;
  resume_over_ = pc_;
  stop_.reset();
  stop_is_before_ = false;
  update_checkpoint();
  bool over = false;
  while (!over) {
    executing_ = true;
    const uc_err error = uc_emu_start(uc_.get(), pc_ | 1, kUntilNever, 0, 0);
    executing_ = false;
    over = settle(error);
  }
  scheduler_.set_now(counters_.cycles);
  return *std::exchange(stop_, std::nullopt);
}

bool UnicornEngine::settle(uc_err error) {
  const Address at = reg(UC_ARM_REG_PC);
  if (exception_ != nullptr) {
    pc_ = at;
    std::rethrow_exception(std::exchange(exception_, nullptr));
  }
  if (stop_ && stop_is_before_) {
    // Inside an IT block Unicorn executes the instruction all the same before it stops.
    if (at != pc_) {
      ++counters_.instructions;
      counters_.cycles += current_.cycles;
      account_for_previous(at);
      stop_->pc = pc_ = at;
    }
    current_.flags = 0;
    return true;
  }
  if (stop_) {
    undo_current();
    return true;
  }
  if ((current_.flags & CodeEntry::wait_for_interrupt) != 0 && error == UC_ERR_OK) {
    // Reached inside an IT block only; elsewhere the stop came before.
    pc_ = at;
    stop_at(StopReason::sleep, at, "WFI that nothing wakes: engine unicorn delivers no interrupts");
    return true;
  }
  // Unicorn refuses WFE and YIELD, which are hints; its state is behind them.
  if (error == UC_ERR_INSN_INVALID && at == following_ && current_.flags != 0 &&
      (current_.encoding == 0xbf10 || current_.encoding == 0x8001f3af ||
       (current_.flags & CodeEntry::wait_for_event) != 0)) {
    pc_ = at;
    return false;
  }
  if (error == UC_ERR_INSN_INVALID && (reg(UC_ARM_REG_XPSR) & 1u << 24) == 0) {
    fault(fmt::format("invalid state: branch to {:#010x}, whose bit 0 (Thumb) is clear, from {:#010x}", at,
                      pc_));
  } else if (error == UC_ERR_INSN_INVALID) {
    // A fetch fails before the hook sees the instruction.
    if (at != pc_) account_for_previous(at), pc_ = at, current_ = {};
    fault(describe_invalid_instruction(at));
  } else {
    fault(fmt::format("Unicorn ended with '{}' at {:#010x}", uc_strerror(error), at));
  }
  undo_current();
  return true;
}

void UnicornEngine::undo_current() {
  // The instruction that faulted has not been executed.
  if (current_.flags != 0) {
    --counters_.instructions;
    counters_.cycles -= current_.cycles;
  }
  current_.flags = 0;
}

std::string UnicornEngine::describe_invalid_instruction(Address pc) const {
  const std::uint32_t first = bus_.read(pc, 2).value;
  const std::uint32_t second = bus_.read(pc + 2, 2).value;
  if ((first & 0xff00) == 0xde00) return fmt::format("UDF #{} at {:#010x}", first & 0xff, pc);
  if (first >= 0xe800)
    return fmt::format("undefined instruction {:04x} {:04x} at {:#010x}", first, second, pc);
  return fmt::format("undefined instruction {:04x} at {:#010x}", first, pc);
}

void UnicornEngine::account_for_previous(Address pc) {
  if (current_.flags == 0 || pc == following_) return;
  if ((current_.flags & CodeEntry::writes_pc) != 0) {
    counters_.cycles += current_.taken;
    return;
  }
  // Unicorn shows only instructions whose condition holds: the gap is what an IT block suppressed.
  // An IT block holds four instructions at most: farther away is what an unpredictable encoding with PC as
  // its destination did.
  if (pc - following_ > 4 * 4) return;
  for (Address at = following_; at < pc; ++counters_.skipped) {
    counters_.cycles += TableTiming::kSkippedCycles;
    at += bus_.read(at, 2).value >= 0xe800 ? 4 : 2;
  }
}

void UnicornEngine::before_instruction(Address pc, unsigned size) {
  account_for_previous(pc);
  const CodeEntry& entry = code_.find(pc, size);
  pc_ = pc;
  current_ = entry;
  following_ = pc + size;
  issue_time_ = counters_.cycles;
  if (counters_.cycles >= checkpoint_ || stop_requested_ || (entry.flags & CodeEntry::kSpecial) != 0) {
    if (stops_before(pc, entry)) return;
  }
  resume_over_.reset();
  ++counters_.instructions;
  counters_.cycles += entry.cycles;
}

bool UnicornEngine::stops_before(Address pc, const CodeEntry& entry) {
  if (counters_.cycles >= scheduler_.next()) {
    scheduler_.set_now(counters_.cycles);
    scheduler_.serve();
    update_checkpoint();
  }
  stop_is_before_ = true;
  if (std::exchange(stop_requested_, false)) {
    stop_at(StopReason::requested, pc);
  } else if (counters_.cycles >= limit_) {
    stop_at(StopReason::cycle_limit, pc);
  } else if ((entry.flags & CodeEntry::probe) != 0 && resume_over_ != pc) {
    stop_at(StopReason::probe, pc);
  } else if ((entry.flags & CodeEntry::undefined) != 0) {
    stop_at(StopReason::fault, pc, describe_invalid_instruction(pc));
  } else if ((entry.flags & CodeEntry::self_branch) != 0) {
    stop_at(StopReason::self_branch, pc);
  } else if ((entry.flags & CodeEntry::wait_for_interrupt) != 0) {
    stop_at(StopReason::sleep, pc, "WFI that nothing wakes: engine unicorn delivers no interrupts");
  } else if ((entry.flags & CodeEntry::wait_for_event) != 0 && !std::exchange(event_, false)) {
    stop_at(StopReason::sleep, pc, "WFE that nothing wakes: engine unicorn delivers no interrupts");
  } else {
    if ((entry.flags & CodeEntry::send_event) != 0) event_ = true;
    stop_is_before_ = false;
    return false;
  }
  uc_emu_stop(uc_.get());
  return true;
}

std::uint32_t UnicornEngine::device_read(Address address, unsigned width) {
  BusRead result;
  guarded([&] {
    scheduler_.set_now(issue_time_);
    result = bus_.read(address, width);
    update_checkpoint();  // The device may have asked for a call.
    if (result.status != BusStatus::ok) {
      fault(fmt::format("read of {} bytes at {:#010x}, where nothing is, by {:#010x}", width, address, pc_));
      uc_emu_stop(uc_.get());
    }
  });
  return result.value;
}

void UnicornEngine::device_write(Address address, unsigned width, std::uint32_t value) {
  guarded([&] {
    scheduler_.set_now(issue_time_);
    const BusStatus status = bus_.write(address, width, value);
    update_checkpoint();  // The device may have asked for a call.
    if (status != BusStatus::ok) {
      fault(fmt::format("write of {} bytes at {:#010x}, {}, by {:#010x}", width, address,
                        status == BusStatus::read_only ? "which is read-only" : "where nothing is", pc_));
      uc_emu_stop(uc_.get());
    }
  });
}

void UnicornEngine::on_invalid_access(uc_mem_type type, Address address, unsigned size) {
  switch (type) {
    case UC_MEM_WRITE_UNMAPPED:
      return fault(
          fmt::format("write of {} bytes at {:#010x}, where nothing is, by {:#010x}", size, address, pc_));
    case UC_MEM_WRITE_PROT:
      return fault(
          fmt::format("write of {} bytes at {:#010x}, which is read-only, by {:#010x}", size, address, pc_));
    case UC_MEM_FETCH_UNMAPPED:
    case UC_MEM_FETCH_PROT: {
      const Address from = pc_;
      account_for_previous(address);
      pc_ = address;
      current_ = {};
      return fault(fmt::format("fetch at {:#010x}, where no code can be, after {:#010x}", address, from));
    }
    default:
      return fault(
          fmt::format("read of {} bytes at {:#010x}, where nothing is, by {:#010x}", size, address, pc_));
  }
}

void UnicornEngine::on_interrupt(std::uint32_t number) {
  switch (number) {
    case kSupervisorCall:
      fault(fmt::format("SVC at {:#010x}: engine unicorn delivers no exceptions", pc_));
      break;
    case kBreakpoint:
      fault(fmt::format("BKPT #{} at {:#010x} and no debugger", current_.encoding & 0xff, pc_));
      break;
    case kPrefetchAbort: {
      on_invalid_access(UC_MEM_FETCH_PROT, reg(UC_ARM_REG_PC), 2);
      break;
    }
    case kExceptionReturn:
      fault(fmt::format("exception return at {:#010x}: engine unicorn delivers no exceptions", pc_));
      break;
    case kDataAbort:
      fault(fmt::format("data abort at {:#010x}", pc_));
      break;
    default:
      fault(fmt::format("exception {} of Unicorn at {:#010x}", number, pc_));
      break;
  }
  uc_emu_stop(uc_.get());
}

void UnicornEngine::stop_at(StopReason reason, Address pc, std::string detail) {
  // The first cause counts; a load of several words can fault more than once.
  if (!stop_) stop_ = Stop{.reason = reason, .pc = pc, .exit_code = 0, .detail = std::move(detail)};
}

Registers UnicornEngine::registers() const {
  Registers result;
  for (int i = 0; i <= 12; ++i) result.r[i] = reg(UC_ARM_REG_R0 + i);
  result.r[13] = reg(UC_ARM_REG_SP);
  result.r[14] = reg(UC_ARM_REG_LR);
  result.r[15] = pc_;
  result.xpsr = reg(UC_ARM_REG_XPSR);
  result.msp = reg(UC_ARM_REG_MSP);
  result.psp = reg(UC_ARM_REG_PSP);
  result.control = reg(UC_ARM_REG_CONTROL);
  if (has_fpu_) {
    for (int i = 0; i < 32; ++i) result.s[static_cast<std::size_t>(i)] = reg(UC_ARM_REG_S0 + i);
    result.fpscr = reg(UC_ARM_REG_FPSCR);
  }
  return result;
}

void UnicornEngine::set_registers(const Registers& registers) {
  for (int i = 0; i <= 12; ++i) set_reg(UC_ARM_REG_R0 + i, registers.r[i]);
  set_reg(UC_ARM_REG_CONTROL, registers.control);
  set_reg(UC_ARM_REG_MSP, registers.msp);
  set_reg(UC_ARM_REG_PSP, registers.psp);
  set_reg(UC_ARM_REG_SP, registers.r[13]);
  set_reg(UC_ARM_REG_LR, registers.r[14]);
  // After CONTROL: writing the flags renews what Unicorn derives from it.
  set_reg(UC_ARM_REG_XPSR, registers.xpsr);
  set_reg(UC_ARM_REG_APSR_NZCV, registers.xpsr & 0xf0000000);
  if (has_fpu_) {
    for (int i = 0; i < 32; ++i) set_reg(UC_ARM_REG_S0 + i, registers.s[static_cast<std::size_t>(i)]);
    set_reg(UC_ARM_REG_FPSCR, registers.fpscr);
  }
  pc_ = registers.r[15] & ~Address{1};
  current_ = {};
  reset_fault_.clear();
}

}  // namespace

std::unique_ptr<Engine> make_unicorn_engine(Bus& bus, Scheduler& scheduler,
                                            const mcu_models::CoreModel& core) {
  return std::make_unique<UnicornEngine>(bus, scheduler, core);
}

}  // namespace mcusim::emulator

#ifdef __SANITIZE_ADDRESS__
// Unicorn 2.0.1 keeps the bitmap of a page whose code was overwritten until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libunicorn.so\n"; }
#endif
