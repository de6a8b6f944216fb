#pragma once

// What the writer and the reader of profile files share beyond the schema.

#include <cstdint>
#include <limits>
#include <optional>

#include "profile_generated.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// Raised when a field changes its meaning, not when one is added.
inline constexpr std::uint32_t kProfileVersion = 1;

/// Of a column of optional numbers.
inline constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

/// Registers of FaultRecord by the names that files give them.
struct FaultRegister {
  const char* name;
  std::optional<std::uint32_t> emulator::FaultRecord::*member;
};
inline constexpr FaultRegister kFaultRegisters[] = {{"CFSR", &emulator::FaultRecord::cfsr},
                                                    {"HFSR", &emulator::FaultRecord::hfsr},
                                                    {"MMFAR", &emulator::FaultRecord::mmfar},
                                                    {"BFAR", &emulator::FaultRecord::bfar}};

/// Columns of numbers of Timeline::windows that may be unknown.
struct WindowColumn {
  std::optional<std::uint64_t> Window::*member;
  std::vector<std::uint64_t> file::TimelineT::*written;
  const flatbuffers::Vector<std::uint64_t>* (file::Timeline::*read)() const;
};
inline constexpr WindowColumn kWindowColumns[] = {
    {&Window::stack, &file::TimelineT::window_stack, &file::Timeline::window_stack},
    {&Window::heap, &file::TimelineT::window_heap, &file::Timeline::window_heap},
    {&Window::instruction_misses, &file::TimelineT::window_instruction_misses,
     &file::Timeline::window_instruction_misses},
    {&Window::data_misses, &file::TimelineT::window_data_misses, &file::Timeline::window_data_misses}};

}  // namespace mcusim::profiler
