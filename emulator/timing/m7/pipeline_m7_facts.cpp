#include "emulator/timing/m7/pipeline_m7_facts.h"

#include <bit>

#include "emulator/timing/m7/pipeline_m7.h"

namespace mcusim::emulator {
namespace {

using namespace m7;
using enum InstructionClass;

std::uint16_t properties_of(const InstructionFacts& instruction) {
  const std::uint16_t shifter = instruction.shifted_constant ? kShifter : 0;
  const std::uint16_t even_stores = instruction.items % 2 == 0 ? kEvenStores : 0;
  switch (instruction.instruction_class) {
    case alu:
      return shifter;
    case alu_shifted:
      return kShifter;
    case bit_field:
    case reverse:
    case extend_add:
    case pack:
      return kOneUnit | kExtender;
    case extend:
    case count_zeros:
    case saturate:
    case simd:
      return kOneUnit;
    case multiply:
    case multiply_accumulate:
    case multiply_long:
    case multiply_accumulate_long:
    case dsp_multiply:
    case dsp_accumulate:
      return kMultiply;
    case load:
    case load_register:
      return kLoad;
    case store:
    case store_register:
      return kStore;
    case load_multiple:
      return kLoad | kAlone | kMultiple;
    case load_pc:
    case load_double:
    case load_exclusive:
    case branch_table:
      return kLoad | kAlone;
    case store_multiple:
      return kStore | kAlone | kMultiple | even_stores;
    case store_double:
    case store_exclusive:
      return kStore | kAlone;
    case branch:
    case branch_conditional:
    case branch_compare:
    case branch_link:
    case branch_register:
      return kBranch;
    case fp_load:
      return kLoad | kFpMove;
    case fp_store:
      return kStore | kFpMove;
    case fp_load_double:
      return kLoad | kAlone | kBlockedByFusedMac;
    case fp_load_multiple:
      return kLoad | kAlone | kMultiple | kBlockedByFusedMac;
    case fp_store_multiple:
      return kStore | kAlone | kMultiple | kBlockedByFusedMac | even_stores;
    case fp_store_double:
      return kStore | kAlone | kBlockedByFusedMac;
    case fp_move:
      // A constant has no operand.
      return instruction.operands == 0 ? kFpMove | kFpConstant | kBlockedByFusedMac : kFpMove;
    case fp_move_core:
      return kFpMove;
    case fp_add:
      return kFpArithmetic | kBlockedByFusedMac;
    case fp_multiply:
    case fp_divide:
    case fp_square_root:
    case fp_compare:
    case fp_convert:
    case fp64_move:
      return kFpArithmetic;
    case fp_chained_mac:
    case fp_fused_mac:
      return kFpArithmetic | kFusedMac;
    case fp64_add:
    case fp64_multiply:
    case fp64_chained_mac:
    case fp64_fused_mac:
    case fp64_compare:
    case fp64_convert:
      return kFpArithmetic | kAlone;
    case shift:
    case move_wide:
    case nop:
    case if_then:
      return 0;
    default:
      return kAlone;
  }
}

std::uint16_t blocks_of(std::uint16_t properties) {
  // Never in the younger slot:
  std::uint16_t blocks = kAlone | kOneUnit;
  if ((properties & kAlone) != 0) return 0xffff;
  if ((properties & kStore) != 0) blocks |= kStore | kMultiply;
  if ((properties & kMultiply) != 0) blocks |= kMultiply | kStore;
  if ((properties & kBranch) != 0) blocks |= kBranch;
  if ((properties & kFpArithmetic) != 0) blocks |= kFpArithmetic;
  if ((properties & (kShifter | kExtender)) != 0) blocks |= kShifter;
  if ((properties & kFpConstant) != 0) blocks |= kFpConstant;
  return blocks;
}

std::uint8_t cycles_of(const InstructionFacts& instruction) {
  switch (instruction.instruction_class) {
    case load_multiple:
    case store_multiple:
    case fp_load_multiple:
    case fp_store_multiple:
      return static_cast<std::uint8_t>((instruction.items + 1) / 2);
    default:
      return instruction.cycles;
  }
}

StallCause further_of(InstructionClass instruction_class) {
  switch (instruction_class) {
    case divide:
      return StallCause::multiply_divide;
    case load_multiple:
    case store_multiple:
    case fp_load_multiple:
    case fp_store_multiple:
    case load_exclusive:
    case store_exclusive:
    case branch_table:
      return StallCause::transfer;
    default:
      return instruction_class >= fp_add ? StallCause::fpu : StallCause::system;
  }
}

}  // namespace

PipelineM7::Facts PipelineM7::prepare(const InstructionFacts& instruction) const {
  const auto& p = parameters_;
  const InstructionClass kind = instruction.instruction_class;
  Facts facts;
  facts.properties = properties_of(instruction);
  facts.blocks = blocks_of(facts.properties);
  facts.cycles = std::max<std::uint8_t>(1, cycles_of(instruction));
  facts.further = further_of(kind);
  facts.slots = instruction.slots;
  facts.backward = instruction.backward ? 1 : 0;
  facts.writes_flags = (instruction.results & kFlags) != 0 ? 1 : 0;

  const auto read = [&facts](RegisterSet set, Need need) {
    for (; set != 0 && facts.source_count < facts.sources.size(); set &= set - 1)
      facts.sources[facts.source_count++] = static_cast<std::uint8_t>(need | std::countr_zero(set));
  };
  const bool multiplies = (facts.properties & kMultiply) != 0;
  const bool branches = (facts.properties & kBranch) != 0;
  read(instruction.address, need_early);
  read(instruction.shifted, need_early);
  read(instruction.accumulators, need_accumulator);
  if (branches) {
    // Predicted: nothing is waited for.
  } else if (multiplies || (facts.properties & kFusedMac) != 0) {
    read(instruction.operands, need_factor);
  } else {
    read(instruction.operands, need_late);
  }
  // Core registers are stored later than anything produces them; the FPU's results are not. FP registers
  // have no early readers, so that this need stands for their stores.
  read(instruction.stored >> kFirstSingle << kFirstSingle, need_early);

  const auto set_distance = [&facts](unsigned late, unsigned early, unsigned factor, unsigned accumulator) {
    facts.distance = static_cast<std::uint8_t>(late);
    const auto more = [late](unsigned cycles) { return static_cast<std::int8_t>(cycles - late); };
    facts.more = {0, more(early), more(factor), more(accumulator)};
  };
  RegisterSet results = instruction.results & ~kFlags;
  if ((facts.properties & kLoad) != 0) {
    facts.produces = StallCause::load_use;
    const bool narrow = instruction.width < 4;
    const unsigned late = narrow ? p.narrow_load : p.load;
    if (kind >= fp_add)
      set_distance(p.load, p.load, p.load, p.fp_load_accumulate);
    else
      set_distance(late, late + p.early_operand, narrow ? late : late + p.load_to_multiplier,
                   late - p.late_accumulator);
    if (std::popcount(instruction.loaded) <= 4)
      results = instruction.loaded;
    else
      facts.loaded = instruction.loaded;
  } else if (multiplies) {
    facts.produces = StallCause::multiply_divide;
    set_distance(p.multiply, p.multiply + p.early_operand, p.multiply, p.accumulate);
  } else if ((facts.properties & kFusedMac) != 0) {
    facts.produces = StallCause::fpu;
    set_distance(p.fp_mac_operand, p.fp_mac_accumulate, p.fp_mac_operand, p.fp_mac_accumulate);
  } else if ((kind == fp_move || kind == fp_move_core) && results >= RegisterSet{1} << kFirstSingle) {
    facts.produces = StallCause::fpu;
    set_distance(p.fp_move, p.fp_move, p.fp_move, p.fp_move);
  } else if ((facts.properties & kFpArithmetic) != 0 && kind != fp64_move && kind != fp_divide &&
             kind != fp_square_root) {
    facts.produces = StallCause::fpu;
    set_distance(p.fp_result, p.fp_result_stored, p.fp_result, p.fp_result);
  } else if (kind == reverse) {
    // Always in the early ALU, behind which only the late one can read.
    set_distance(0, p.alu + p.early_operand, p.alu, 0);
  } else {
    set_distance(p.alu, p.alu + p.early_operand, p.alu, p.alu - p.late_accumulator);
    if (instruction.add_move_or_shift && facts.properties == 0)
      facts.early_alu = kind == shift ? Early::either_slot : Early::older_slot;
  }
  for (; results != 0 && facts.result_count < facts.results.size(); results &= results - 1)
    facts.results[facts.result_count++] = static_cast<std::uint8_t>(std::countr_zero(results));
  if (instruction.base != 0) facts.base = static_cast<std::uint8_t>(std::countr_zero(instruction.base));

  switch (kind) {
    case branch:
    case branch_link:
      facts.branch = Branch::direct;
      break;
    case branch_conditional:
    case branch_compare:
      facts.branch = Branch::conditional;
      break;
    case branch_register:
    case branch_table:
    case load_pc:
      facts.branch = Branch::indirect;
      break;
    case load_multiple:
      if ((instruction.loaded & 1u << 15) != 0) facts.branch = Branch::indirect;
      break;
    default:
      break;
  }
  return facts;
}

}  // namespace mcusim::emulator
