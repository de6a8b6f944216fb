#include "profiler/stop_names.h"

#include <algorithm>
#include <iterator>

namespace mcusim::profiler {
namespace {

using emulator::FrameOrigin;
using emulator::StopReason;

template <typename T>
struct Named {
  T value;
  std::string_view name;
};

constexpr Named<StopReason> kStopReasons[] = {{StopReason::probe, "until_symbol"},
                                              {StopReason::self_branch, "self_branch"},
                                              {StopReason::sleep, "sleep"},
                                              {StopReason::fault, "fault"},
                                              {StopReason::cycle_limit, "cycle_limit"},
                                              {StopReason::exit_request, "exit_request"},
                                              {StopReason::requested, "until_uart"},
                                              {StopReason::idle, "until_idle"},
                                              {StopReason::step, "step"},
                                              {StopReason::watchpoint, "watchpoint"},
                                              {StopReason::breakpoint, "breakpoint"},
                                              {StopReason::killed, "killed"}};
constexpr Named<FrameOrigin> kFrameOrigins[] = {{FrameOrigin::stop, "stop"},
                                                {FrameOrigin::table, "table"},
                                                {FrameOrigin::exception, "exception"},
                                                {FrameOrigin::guess, "guess"}};

template <typename T, std::size_t N>
std::string_view find_name(const Named<T> (&table)[N], T value) {
  const auto found = std::ranges::find(table, value, &Named<T>::value);
  return found == std::end(table) ? "?" : found->name;
}

template <typename T, std::size_t N>
std::optional<T> find_value(const Named<T> (&table)[N], std::string_view name) {
  const auto found = std::ranges::find(table, name, &Named<T>::name);
  return found == std::end(table) ? std::nullopt : std::optional(found->value);
}

}  // namespace

std::string_view name_of(StopReason reason) { return find_name(kStopReasons, reason); }
std::string_view name_of(FrameOrigin origin) { return find_name(kFrameOrigins, origin); }
std::optional<StopReason> stop_reason(std::string_view name) { return find_value(kStopReasons, name); }
std::optional<FrameOrigin> frame_origin(std::string_view name) { return find_value(kFrameOrigins, name); }

}  // namespace mcusim::profiler
