#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "common/units.h"
#include "emulator/image/image.h"

namespace mcusim::profiler {

/// The functions of an image, numbered: those of its symbol table, and those that calls discover, which are
/// named sub_ADDRESS. The cold part of a function, which compilers put elsewhere, is the same function.
class FunctionTable {
 public:
  struct Function {
    std::string name;
    Address address = 0;
    Bytes size = 0;  ///< 0: unknown.
  };

  explicit FunctionTable(const emulator::Image& image);

  /// Of a call's target.
  std::uint32_t called_at(Address target);
  /// Of any code. Where no symbol covers it, the function that begins nearest before it.
  std::uint32_t containing(Address address);
  /// Whether a function is known to begin there.
  bool begins_at(Address address) const;

  const Function& operator[](std::uint32_t number) const { return functions_[number]; }
  std::size_t size() const { return functions_.size(); }
  /// Where the functions of the symbol table begin.
  std::unordered_set<Address> beginnings() const;

 private:
  struct Part {
    Bytes size = 0;
    std::uint32_t function = 0;
    bool is_beginning = true;
  };

  std::uint32_t discover(Address address);
  /// The part that covers `address`; null when none is known to.
  const Part* covering(Address address) const;

  const emulator::Image& image_;
  std::vector<Function> functions_;
  std::map<Address, Part> parts_;
  mutable std::unordered_map<Address, std::uint32_t> found_;  ///< Answers of containing() for known sizes.
};

}  // namespace mcusim::profiler
