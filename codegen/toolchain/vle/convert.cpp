#include "codegen/toolchain/vle/convert.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <vector>

#include "codegen/toolchain/vle/code.h"
#include "codegen/toolchain/vle/instruction.h"
#include "codegen/toolchain/vle/layout.h"
#include "codegen/toolchain/vle/rules.h"

namespace mcusim::codegen::vle {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// What one line of the input says, in the order in which it stands there; all may be absent.
struct Item {
  std::string label;
  std::string directive;
  std::optional<Instruction> instruction;
};

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '$';
}

/// Removes a label with its colon from the front.
std::string take_label(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_name(text[end])) ++end;
  if (end == 0 || end == text.size() || text[end] != ':') return {};
  std::string label(text.substr(0, end));
  text.remove_prefix(end + 1);
  return label;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

/// One line; several instructions of inline assembly are parted by semicolons.
void parse_line(std::string_view text, const std::string& place, std::vector<Item>& items) {
  skip_blanks(text);
  if (std::string label = take_label(text); !label.empty()) items.push_back({std::move(label), {}, {}});
  skip_blanks(text);
  if (text.starts_with('.')) {  // Strings may hold what looks like a comment: the line stays as it is.
    items.push_back({{}, fmt::format("\t{}", text), {}});
    return;
  }
  text = text.substr(0, text.find('#'));
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    Instruction instruction = parse_instruction(text.substr(0, end), place);
    if (!instruction.mnemonic.empty()) items.push_back({{}, {}, std::move(instruction)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<Item> parse(std::string_view assembly, std::string_view name) {
  std::vector<Item> items;
  for (unsigned line = 1; !assembly.empty(); ++line) {
    const std::size_t end = std::min(assembly.find('\n'), assembly.size());
    parse_line(assembly.substr(0, end), fmt::format("{}:{}", name, line), items);
    assembly.remove_prefix(std::min(end + 1, assembly.size()));
  }
  return items;
}

bool starts_function(const Item& item) { return !item.label.empty() && !item.label.starts_with(".L"); }

/// The end of the function that begins at `begin`.
std::size_t function_end(const std::vector<Item>& items, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < items.size() && !starts_function(items[end])) ++end;
  return end;
}

void convert_instruction(const Instruction& instruction, Function& function) {
  if (const Rule* rule = find_rule(instruction.mnemonic)) {
    rule->handler(instruction, *rule, function);
  } else if (!convert_conditional_branch(instruction, function)) {
    instruction.refuse("the instruction is unknown");
  }
}

/// Registers that the function saves by evstdd.
std::set<std::int64_t> saved_as_pairs(const std::vector<Item>& items, std::size_t begin, std::size_t end) {
  std::set<std::int64_t> saved;
  for (std::size_t i = begin; i < end; ++i) {
    const auto& instruction = items[i].instruction;
    if (!instruction || instruction->mnemonic != "evstdd" || instruction->operands.empty()) continue;
    if (const auto reg = number(instruction->operands[0])) saved.insert(*reg);
  }
  return saved;
}

/// Of a pair the register is the second word, but call frame tables name the first.
std::string frame_directive(const std::string& directive, const std::set<std::int64_t>& pairs) {
  constexpr std::string_view kOffset = "\t.cfi_offset r";
  const std::size_t comma = directive.find(", ");
  if (!directive.starts_with(kOffset) || comma == std::string::npos) return directive;
  const std::string_view text = directive;
  const auto reg = number(text.substr(kOffset.size(), comma - kOffset.size()));
  const auto offset = number(text.substr(comma + 2));
  if (!reg || !offset || !pairs.contains(*reg)) return directive;
  return fmt::format("{}{}, {}", kOffset, *reg, *offset + 4);
}

void convert_items(const std::vector<Item>& items, std::size_t begin, std::size_t end, Function& function) {
  const std::set<std::int64_t> pairs = saved_as_pairs(items, begin, end);
  for (std::size_t i = begin; i < end; ++i) {
    const Item& item = items[i];
    if (!item.label.empty()) function.code().label(item.label);
    if (!item.directive.empty()) function.code().directive(frame_directive(item.directive, pairs));
    if (item.instruction) convert_instruction(*item.instruction, function);
  }
}

/// A volatile field that can be branched on and that the function leaves alone.
std::optional<unsigned> spare_field(const std::vector<Item>& items, std::size_t begin, std::size_t end) {
  Code discarded;
  Function function(discarded, std::nullopt);
  convert_items(items, begin, end, function);
  for (unsigned field = kBranchFields; field-- > 1;) {
    if ((function.used_fields() >> field & 1) == 0) return field;
  }
  return std::nullopt;
}

}  // namespace

std::string convert(std::string_view assembly, std::string_view name) {
  const std::vector<Item> items = parse(assembly, name);
  Code code;
  for (std::size_t begin = 0; begin < items.size();) {
    const std::size_t end = function_end(items, begin);
    Function function(code, spare_field(items, begin, end));
    convert_items(items, begin, end, function);
    begin = end;
  }
  return print(code.lines());
}

}  // namespace mcusim::codegen::vle
