#include "profiler/exports/instruction_index.h"

#include <algorithm>
#include <numeric>

namespace mcusim::profiler {

InstructionIndex::InstructionIndex(const Profile& profile)
    : profile_(profile), by_address_(profile.functions.size()) {
  std::iota(by_address_.begin(), by_address_.end(), 0u);
  std::ranges::stable_sort(by_address_, {}, [&](std::uint32_t i) { return profile.functions[i].address; });
}

std::uint32_t InstructionIndex::function_at(Address address) const {
  const auto behind = std::ranges::upper_bound(
      by_address_, address, {}, [this](std::uint32_t i) { return profile_.functions[i].address; });
  if (behind == by_address_.begin()) return CallPath::kRoot;
  const std::uint32_t index = *(behind - 1);
  const FunctionProfile& function = profile_.functions[index];
  const bool inside = function.size == 0 || address - function.address < function.size;
  return inside ? index : CallPath::kRoot;
}

const InstructionProfile* InstructionIndex::call_of(const CallPath& path) const {
  const auto behind =
      std::ranges::lower_bound(profile_.instructions, path.call_site, {}, &InstructionProfile::address);
  if (behind == profile_.instructions.begin()) return nullptr;
  const InstructionProfile& call = *(behind - 1);
  return call.address + call.size == path.call_site ? &call : nullptr;
}

const emulator::SourceLocation* InstructionIndex::source_of(const InstructionProfile* instruction) const {
  if (instruction == nullptr || instruction->place == InstructionProfile::kNoPlace) return nullptr;
  return &profile_.source_places[instruction->place];
}

}  // namespace mcusim::profiler
