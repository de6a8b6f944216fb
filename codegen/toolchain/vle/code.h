#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/toolchain/vle/condition_fields.h"
#include "codegen/toolchain/vle/instruction.h"

namespace mcusim::codegen::vle {

/// A line of the output. Branches to labels keep open which form they get until all sizes are known.
struct Line {
  /// count_nonzero and count_zero decrement CTR and branch on what is left.
  enum class Kind { directive, label, instruction, jump, branch, count_nonzero, count_zero };
  Kind kind = Kind::instruction;
  std::string text;          ///< Complete; of jump and branches the label they go to.
  unsigned size = 0;         ///< Bytes, of an instruction.
  Condition condition = {};  ///< Of a branch; in CR0 to CR3.
};

/// True where a 16-bit instruction can name the register: r0 to r7 and r24 to r31.
inline constexpr bool is_short(Gpr reg) { return reg < 8 || reg >= 24; }

inline std::string r(Gpr reg) { return fmt::format("r{}", reg); }

/// The VLE program in the making.
class Code {
 public:
  /// A 32-bit instruction; its operands joined by commas.
  template <typename... Operands>
  void wide(std::string_view mnemonic, const Operands&... operands) {
    add(mnemonic, 4, {fmt::format("{}", operands)...});
  }
  /// A 16-bit instruction.
  template <typename... Operands>
  void narrow(std::string_view mnemonic, const Operands&... operands) {
    add(mnemonic, 2, {fmt::format("{}", operands)...});
  }

  void directive(std::string text) { lines_.push_back({Line::Kind::directive, std::move(text)}); }
  void label(std::string name) { lines_.push_back({Line::Kind::label, std::move(name)}); }
  void jump(std::string target) { lines_.push_back({Line::Kind::jump, std::move(target)}); }
  void branch(Condition condition, std::string target) {
    lines_.push_back({Line::Kind::branch, std::move(target), 0, condition});
  }
  void count_branch(bool while_nonzero, std::string target) {
    lines_.push_back({while_nonzero ? Line::Kind::count_nonzero : Line::Kind::count_zero, std::move(target)});
  }

  void move(Gpr to, Gpr from);
  void load_constant(Gpr to, std::int32_t value);

  /// A label that no compiler writes.
  std::string new_label() { return fmt::format(".Lvle{}", ++labels_); }

  const std::vector<Line>& lines() const { return lines_; }

 private:
  void add(std::string_view mnemonic, unsigned size, const std::vector<std::string>& operands);

  std::vector<Line> lines_;
  unsigned labels_ = 0;
};

/// A value that an SCI8 field can hold: one byte at any place, all other bits equal.
bool is_sci8(std::uint32_t value);

}  // namespace mcusim::codegen::vle
