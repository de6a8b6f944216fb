#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "emulator/image/image.h"
#include "profiler/checks/check_result.h"

namespace mcusim::profiler {

/// One wrong access, as a check meets it.
struct WrongAccess {
  Address pc = 0;
  Address address = 0;
  unsigned width = 0;
  unsigned wrong = 0;  ///< Bytes of them.
  bool writes = false;
};

/// Collects wrong accesses by the instruction that makes them. Instructions beyond the first kMostFindings
/// are counted, not listed. A wholly wrong access takes the place of a partly wrong one of the same
/// instruction.
class FindingLog {
 public:
  static constexpr std::size_t kMostFindings = 100;

  FindingLog(std::string_view name, const emulator::Image& image) : image_(image) { result_.name = name; }

  void add(const WrongAccess& access, std::string_view rule);
  const CheckResult& result() const { return result_; }

 private:
  AccessFinding describe(const WrongAccess& access, std::string_view rule) const;

  const emulator::Image& image_;
  CheckResult result_;
  std::unordered_map<Address, std::size_t> by_pc_;  ///< Index into the findings, or beyond them.
};

}  // namespace mcusim::profiler
