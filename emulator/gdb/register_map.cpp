#include "emulator/gdb/register_map.h"

#include <fmt/format.h>

namespace mcusim::emulator::gdb {
namespace {

constexpr std::uint32_t kExceptionNumber = 0x1ff;
constexpr std::uint32_t kProcessStack = 2;
constexpr unsigned kStackPointer = 13;

std::string header(const char* feature) { return fmt::format("<feature name=\"{}\">", feature); }

/// The stack pointer that r13 shows.
std::uint32_t& stack_in_use(Registers& registers) {
  const bool process = (registers.xpsr & kExceptionNumber) == 0 && (registers.control & kProcessStack) != 0;
  return process ? registers.psp : registers.msp;
}

}  // namespace

RegisterMap::RegisterMap(const mcu_models::McuModel& mcu) {
  const bool power = mcu.core.architecture == mcu_models::Architecture::vle;
  description_ = fmt::format(
      "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM "
      "\"gdb-target.dtd\"><target><architecture>{}</architecture>",
      power ? "powerpc:vle" : "arm");
  if (power)
    describe_power();
  else
    describe_arm(mcu);
  description_ += "</target>";
}

void RegisterMap::describe_power() {
  using Kind = RegisterEntry::Kind;
  description_ += header("org.gnu.gdb.power.core");
  for (unsigned i = 0; i < 32; ++i) add(fmt::format("r{}", i), Kind::power_general, i);
  add("pc", Kind::core, 15, " type=\"code_ptr\"");
  add("msr", Kind::power_msr);
  add("cr", Kind::power_cr);
  add("lr", Kind::core, 14, " type=\"code_ptr\"");
  add("ctr", Kind::power_ctr);
  add("xer", Kind::power_xer);
  // GDB's SPE feature asks for the upper halves of registers, which this core does not have.
  description_ += "</feature>" + header("mcusim.efpu");
  add("spefscr", Kind::power_spefscr, 0, " group=\"float\"");
  description_ += "</feature>";
}

void RegisterMap::describe_arm(const mcu_models::McuModel& mcu) {
  using Kind = RegisterEntry::Kind;
  description_ += header("org.gnu.gdb.arm.m-profile");
  for (unsigned i = 0; i <= 12; ++i) add(fmt::format("r{}", i), Kind::core, i);
  add("sp", Kind::core, 13, " type=\"data_ptr\"");
  add("lr", Kind::core, 14);
  add("pc", Kind::core, 15, " type=\"code_ptr\"");
  add("xpsr", Kind::xpsr);
  description_ += "</feature>" + header("org.gnu.gdb.arm.m-system");
  add("msp", Kind::msp, 0, " type=\"data_ptr\"");
  add("psp", Kind::psp, 0, " type=\"data_ptr\"");
  add("primask", Kind::primask);
  if (mcu.core.architecture != mcu_models::Architecture::v6m) {
    add("basepri", Kind::basepri);
    add("faultmask", Kind::faultmask);
  }
  add("control", Kind::control);
  description_ += "</feature>";
  if (mcu.fpu != mcu_models::Fpu::none) {
    description_ += header("org.gnu.gdb.arm.vfp");
    for (unsigned i = 0; i < 16; ++i) add(fmt::format("d{}", i), Kind::fp_double, i, " type=\"ieee_double\"");
    add("fpscr", Kind::fpscr, 0, " type=\"int\" group=\"float\"");
    description_ += "</feature>";
  }
}

void RegisterMap::add(const std::string& name, RegisterEntry::Kind kind, unsigned index, const char* type) {
  description_ += fmt::format("<reg name=\"{}\" bitsize=\"{}\" regnum=\"{}\"{}/>", name,
                              kind == RegisterEntry::Kind::fp_double ? 64 : 32, entries_.size(), type);
  entries_.push_back({name, kind, index});
}

std::uint64_t read_register(const Registers& registers, const RegisterEntry& entry) {
  using Kind = RegisterEntry::Kind;
  switch (entry.kind) {
    case Kind::core:
      return registers.r[entry.index];
    case Kind::xpsr:
      return registers.xpsr;
    case Kind::msp:
      return registers.msp;
    case Kind::psp:
      return registers.psp;
    case Kind::primask:
      return registers.primask;
    case Kind::basepri:
      return registers.basepri;
    case Kind::faultmask:
      return registers.faultmask;
    case Kind::control:
      return registers.control;
    case Kind::fp_double:
      return std::uint64_t{registers.s[entry.index * 2 + 1]} << 32 | registers.s[entry.index * 2];
    case Kind::fpscr:
      return registers.fpscr;
    case Kind::power_general:
      return registers.power->r[entry.index];
    case Kind::power_cr:
      return registers.power->cr;
    case Kind::power_xer:
      return registers.power->xer;
    case Kind::power_ctr:
      return registers.power->ctr;
    case Kind::power_msr:
      return registers.power->msr;
    case Kind::power_spefscr:
      return registers.power->spefscr;
  }
  return 0;
}

void write_register(Registers& registers, const RegisterEntry& entry, std::uint64_t value) {
  using Kind = RegisterEntry::Kind;
  const auto word = static_cast<std::uint32_t>(value);
  switch (entry.kind) {
    case Kind::core:
      registers.r[entry.index] = word;
      if (entry.index == kStackPointer) stack_in_use(registers) = word;
      return;
    case Kind::power_general:
      registers.power->r[entry.index] = word;
      return;
    case Kind::power_cr:
      registers.power->cr = word;
      return;
    case Kind::power_xer:
      registers.power->xer = word;
      return;
    case Kind::power_ctr:
      registers.power->ctr = word;
      return;
    case Kind::power_msr:
      registers.power->msr = word;
      return;
    case Kind::power_spefscr:
      registers.power->spefscr = word;
      return;
    case Kind::xpsr:
      registers.xpsr = word;
      break;
    case Kind::msp:
      registers.msp = word;
      break;
    case Kind::psp:
      registers.psp = word;
      break;
    case Kind::primask:
      registers.primask = word;
      return;
    case Kind::basepri:
      registers.basepri = word;
      return;
    case Kind::faultmask:
      registers.faultmask = word;
      return;
    case Kind::control:
      registers.control = word & 7;
      break;
    case Kind::fp_double:
      registers.s[entry.index * 2] = word;
      registers.s[entry.index * 2 + 1] = static_cast<std::uint32_t>(value >> 32);
      return;
    case Kind::fpscr:
      registers.fpscr = word;
      return;
  }
  registers.r[kStackPointer] = stack_in_use(registers);
}

}  // namespace mcusim::emulator::gdb
