#include "emulator/cortex_m/full_timing.h"

#include "emulator/cortex_m/instruction_use.h"

namespace mcusim::emulator::cortex_m {
namespace {

constexpr std::uint32_t bit(bool condition, unsigned number) { return condition ? 1u << (number & 31) : 0; }

std::uint32_t magnitude(std::uint32_t value) {
  return static_cast<std::int32_t>(value) < 0 ? 0u - value : value;
}

}  // namespace

void FullTiming::issue(Operation& op, Code code, Cycles& cycles) {
  const InstructionUse& use = use_of(code);
  const CpuState& s = core_.state;
  IssuedInstruction instruction{
      .pc = op.pc,
      .slots = op.slots,
      .instruction_class = op.instruction_class,
      .cycles = core_.costs().without_refill(op),
      .address_of = bit(use.address_n, op.n) | bit(use.address_m, op.m),
      .results = bit(use.result_d, op.d) | bit(use.result_a, op.a) | bit(use.result_sp, 13),
      .loads =
          bit(use.load_d, op.d) | bit(use.load_m, op.m) | bit(use.load_sp, 13) | (use.load_list ? op.imm : 0),
      .fp_operands = bit(use.fp_d, op.d) | bit(use.fp_n, op.n) | bit(use.fp_m, op.m),
      .fp_results = bit(use.fp_result, op.d),
  };
  if (op.instruction_class == InstructionClass::divide) {
    const bool is_signed = code == Code::sdiv_;
    instruction.cycles = pipeline_.divide_cycles(is_signed ? magnitude(s.r[op.n]) : s.r[op.n],
                                                 is_signed ? magnitude(s.r[op.m]) : s.r[op.m]);
  }
  const Cycles before = cycles;
  cycles = pipeline_.issue(instruction, cycles);
  ++op.count;
  op.cycles += cycles - before - op.cost;
}

void FullTiming::skipped(Operation& op, Cycles& cycles) {
  const Cycles before = cycles;
  cycles = pipeline_.skip(op.pc, op.slots, cycles);
  op.cycles += cycles - before;
}

void FullTiming::access(Operation& op, Address address, unsigned width, bool is_store, Cycles& cycles) {
  const Cycles before = cycles;
  cycles = pipeline_.access(address, width, is_store);
  op.cycles += cycles - before;
}

}  // namespace mcusim::emulator::cortex_m
