#include "codegen/toolchain/vle/rules.h"

#include <algorithm>
#include <vector>

namespace mcusim::codegen::vle {
namespace {

// The rules by mnemonic. Instruction sets: VLE Programming Interface Manual (NXP VLEPIM) for what exists,
// EREF for Book E's.
// clang-format off
const Rule kRules[] = {
    // mnemonic, handler, 32-bit form, 16-bit form, other, value, has a record form
    {"add", three_registers, "add", "se_add", "se_add", 0, true},
    {"addc", three_registers, "addc", {}, {}, 0, true},
    {"adde", three_registers, "adde", {}, {}, 0, true},
    {"addme", two_registers, "addme", {}, {}, 0, true},
    {"addze", two_registers, "addze", {}, {}, 0, true},
    {"sub", three_registers, "sub", "se_sub", "se_subf", 0, true},
    {"subf", three_registers, "subf", "se_subf", "se_sub", 0, true},
    {"subc", three_registers, "subc", {}, {}, 0, true},
    {"subfc", three_registers, "subfc", {}, {}, 0, true},
    {"subfe", three_registers, "subfe", {}, {}, 0, true},
    {"subfme", two_registers, "subfme", {}, {}, 0, true},
    {"subfze", two_registers, "subfze", {}, {}, 0, true},
    {"neg", two_registers, "neg", "se_neg", {}, 0, true},
    {"mullw", three_registers, "mullw", "se_mullw", "se_mullw", 0, true},
    {"mulhw", three_registers, "mulhw", {}, {}, 0, true},
    {"mulhwu", three_registers, "mulhwu", {}, {}, 0, true},
    {"divw", three_registers, "divw", {}, {}, 0, true},
    {"divwu", three_registers, "divwu", {}, {}, 0, true},

    {"and", three_registers, "and", "se_and", "se_and", 0, true},
    {"andc", three_registers, "andc", "se_andc", {}, 0, true},
    {"or", three_registers, "or", "se_or", "se_or", 0, true},
    {"orc", three_registers, "orc", {}, {}, 0, true},
    {"xor", three_registers, "xor", {}, {}, 0, true},
    {"nand", three_registers, "nand", {}, {}, 0, true},
    {"nor", three_registers, "nor", {}, {}, 0, true},
    {"eqv", three_registers, "eqv", {}, {}, 0, true},
    {"not", two_registers, "not", "se_not", {}, 0, true},
    {"mr", move_register, "mr", {}, {}, 0, true},
    {"extsb", two_registers, "extsb", "se_extsb", {}, 0, true},
    {"extsh", two_registers, "extsh", "se_extsh", {}, 0, true},
    {"cntlzw", two_registers, "cntlzw", {}, {}, 0, true},

    {"slw", three_registers, "slw", "se_slw", {}, 0, true},
    {"srw", three_registers, "srw", "se_srw", {}, 0, true},
    {"sraw", three_registers, "sraw", "se_sraw", {}, 0, true},
    {"slwi", shift_immediate, "e_slwi", "se_slwi", {}, 0, true},
    {"srwi", shift_immediate, "e_srwi", "se_srwi", {}, 0, true},
    {"srawi", shift_immediate, "srawi", "se_srawi", {}, 0, true},
    {"rotlwi", shift_immediate, "e_rlwi", {}, {}, 0, true},
    {"rlwinm", rotate_and_mask, "e_rlwinm", {}, {}, 0, true},
    {"rlwimi", rotate_and_mask, "e_rlwimi", {}, {}, 0, true},
    {"clrlwi", clear_left, "e_rlwinm", {}, {}, 0, true},
    {"rotlw", three_registers, "e_rlw", {}, {}, 0, true},
    {"rlwnm", rotate_by_register, "e_rlw"},

    {"li", load_immediate},
    {"lis", load_immediate_shifted, "e_lis"},
    {"addi", add_immediate, "e_add16i"},
    {"la", add_immediate, "e_add16i"},
    {"addis", add_immediate_shifted, "e_add2is"},
    {"addic", sci8_immediate, "e_addic", {}, "addc", 0, true},
    {"subfic", sci8_immediate, "e_subfic", {}, "subfc"},
    {"xori", sci8_immediate, "e_xori", {}, "xor"},
    {"mulli", multiply_immediate, "e_mulli", {}, "mullw"},
    {"ori", logical_immediate, "e_ori", {}, "e_or2i"},
    {"andi.", logical_immediate, "e_andi.", {}, "e_and2i."},
    {"oris", logical_immediate_shifted, "e_or2is"},
    {"andis.", logical_immediate_shifted, "e_and2is."},
    {"xoris", xor_immediate_shifted, "xor"},

    {"lbz", load_store, "e_lbz", "se_lbz", {}, 1},
    {"lhz", load_store, "e_lhz", "se_lhz", {}, 2},
    {"lha", load_store, "e_lha", {}, {}, 2},
    {"lwz", load_store, "e_lwz", "se_lwz", {}, 4},
    {"stb", load_store, "e_stb", "se_stb", {}, 1},
    {"sth", load_store, "e_sth", "se_sth", {}, 2},
    {"stw", load_store, "e_stw", "se_stw", {}, 4},
    {"lbzu", load_store_update, "e_lbzu", {}, "e_lbz", 0},
    {"lhzu", load_store_update, "e_lhzu", {}, "e_lhz", 0},
    {"lhau", load_store_update, "e_lhau", {}, "e_lha", 0},
    {"lwzu", load_store_update, "e_lwzu", {}, "e_lwz", 0},
    {"stbu", load_store_update, "e_stbu", {}, "e_stb", 1},
    {"sthu", load_store_update, "e_sthu", {}, "e_sth", 1},
    {"stwu", load_store_update, "e_stwu", {}, "e_stw", 1},
    {"lmw", load_store_multiple, "e_lmw"},
    {"stmw", load_store_multiple, "e_stmw"},
    {"evldd", load_store_pair, "e_lwz", "se_lwz"},
    {"evstdd", load_store_pair, "e_stw", "se_stw"},
    {"evlddx", load_store_pair_indexed, "e_lwz"},
    {"evstddx", load_store_pair_indexed, "e_stw"},
    {"lbzx", three_registers, "lbzx"}, {"lbzux", three_registers, "lbzux"},
    {"lhzx", three_registers, "lhzx"}, {"lhzux", three_registers, "lhzux"},
    {"lhax", three_registers, "lhax"}, {"lhaux", three_registers, "lhaux"},
    {"lwzx", three_registers, "lwzx"}, {"lwzux", three_registers, "lwzux"},
    {"stbx", three_registers, "stbx"}, {"stbux", three_registers, "stbux"},
    {"sthx", three_registers, "sthx"}, {"sthux", three_registers, "sthux"},
    {"stwx", three_registers, "stwx"}, {"stwux", three_registers, "stwux"},
    {"lhbrx", three_registers, "lhbrx"}, {"lwbrx", three_registers, "lwbrx"},
    {"sthbrx", three_registers, "sthbrx"}, {"stwbrx", three_registers, "stwbrx"},
    {"lwarx", three_registers, "lwarx"}, {"stwcx.", three_registers, "stwcx."},

    {"cmpw", compare_registers, "cmpw", "se_cmp"},
    {"cmplw", compare_registers, "cmplw", "se_cmpl"},
    {"cmpwi", compare_immediate, "e_cmp16i", "se_cmpi", "e_cmpi", 0},
    {"cmplwi", compare_immediate, "e_cmpl16i", "se_cmpli", "e_cmpli", 1},
    {"isel", select, "isel"},
    {"isellt", select_on_cr0, "isel", {}, {}, 0},
    {"iselgt", select_on_cr0, "isel", {}, {}, 1},
    {"iseleq", select_on_cr0, "isel", {}, {}, 2},
    {"crand", bit_logic, "e_crand"}, {"crandc", bit_logic, "e_crandc"},
    {"creqv", bit_logic, "e_creqv"}, {"crnand", bit_logic, "e_crnand"},
    {"crnor", bit_logic, "e_crnor"}, {"cror", bit_logic, "e_cror"},
    {"crorc", bit_logic, "e_crorc"}, {"crxor", bit_logic, "e_crxor"},
    {"crset", bit_alias, "e_creqv"}, {"crclr", bit_alias, "e_crxor"},
    {"crnot", bit_alias, "e_crnor"}, {"crmove", bit_alias, "e_cror"},
    {"mcrf", move_field, "e_mcrf"},
    {"mfcr", read_condition_register, "mfcr"},
    {"mtcrf", write_condition_register, "mtcrf"},

    {"b", branch_always},
    {"bl", call, "e_bl"},
    {"blr", unchanged, {}, "se_blr"}, {"blrl", unchanged, {}, "se_blrl"},
    {"bctr", unchanged, {}, "se_bctr"}, {"bctrl", unchanged, {}, "se_bctrl"},
    {"bc", branch_conditional},
    {"bclr", branch_conditional, {}, "se_blr"},
    {"bcctr", branch_conditional, {}, "se_bctr"},
    {"bdnz", branch_on_count, {}, {}, {}, 1},
    {"bdz", branch_on_count, {}, {}, {}, 0},

    {"mflr", one_register, "mflr", "se_mflr"}, {"mtlr", one_register, "mtlr", "se_mtlr"},
    {"mfctr", one_register, "mfctr", "se_mfctr"}, {"mtctr", one_register, "mtctr", "se_mtctr"},
    {"mfmsr", one_register, "mfmsr"}, {"mtmsr", one_register, "mtmsr"},
    {"mfspr", unchanged, "mfspr"}, {"mtspr", unchanged, "mtspr"},
    {"wrteei", unchanged, "wrteei"},
    {"trap", unchanged, "trap"}, {"nop", unchanged, "e_nop"}, {"sc", unchanged, {}, "se_sc"},
    {"msync", unchanged, "msync"}, {"sync", unchanged, "msync"}, {"isync", unchanged, {}, "se_isync"},
    {"eieio", unchanged, "mbar"}, {"mbar", unchanged, "mbar"},

    {"efsabs", two_registers, "efsabs"}, {"efsnabs", two_registers, "efsnabs"},
    {"efsneg", two_registers, "efsneg"}, {"efssqrt", two_registers, "efssqrt"},
    {"efsadd", three_registers, "efsadd"}, {"efssub", three_registers, "efssub"},
    {"efsmul", three_registers, "efsmul"}, {"efsdiv", three_registers, "efsdiv"},
    {"efscfsi", two_registers, "efscfsi"}, {"efscfui", two_registers, "efscfui"},
    {"efsctsi", two_registers, "efsctsi"}, {"efsctui", two_registers, "efsctui"},
    {"efsctsiz", two_registers, "efsctsiz"}, {"efsctuiz", two_registers, "efsctuiz"},
    {"efscmpgt", compare_float, "efscmpgt"}, {"efscmplt", compare_float, "efscmplt"},
    {"efscmpeq", compare_float, "efscmpeq"}, {"efststgt", compare_float, "efststgt"},
    {"efststlt", compare_float, "efststlt"}, {"efststeq", compare_float, "efststeq"},
};
// clang-format on

}  // namespace

const Rule* find_rule(std::string_view mnemonic) {
  static const std::vector<Rule> kSorted = [] {
    std::vector<Rule> rules(std::begin(kRules), std::end(kRules));
    std::ranges::sort(rules, {}, &Rule::mnemonic);
    return rules;
  }();
  const auto exact = [](std::string_view name) -> const Rule* {
    const auto found = std::ranges::lower_bound(kSorted, name, {}, &Rule::mnemonic);
    return found != kSorted.end() && found->mnemonic == name ? &*found : nullptr;
  };
  if (const Rule* rule = exact(mnemonic)) return rule;
  if (!mnemonic.ends_with('.')) return nullptr;
  const Rule* rule = exact(mnemonic.substr(0, mnemonic.size() - 1));
  return rule && rule->record ? rule : nullptr;
}

std::string with_record(std::string_view mnemonic, const Instruction& instruction) {
  return fmt::format("{}{}", mnemonic, is_record(instruction) ? "." : "");
}

unsigned Function::field(unsigned field) {
  const unsigned mapped = vle_field(field);
  used_fields_ |= 1u << mapped;
  return mapped;
}

unsigned Function::bit(unsigned bit) { return 4 * field(bit / 4) + bit % 4; }

}  // namespace mcusim::codegen::vle
