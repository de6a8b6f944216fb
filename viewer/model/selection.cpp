#include "viewer/model/selection.h"

#include <algorithm>

namespace mcusim::viewer {

using profiler::FunctionProfile;
using profiler::LayerProfile;
using profiler::Profile;

namespace {

template <typename Range, typename Member>
std::optional<std::size_t> index_of_largest(const Range& range, Member member) {
  if (range.empty()) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::max_element(range, {}, member) - range.begin());
}

template <typename Range, typename Test>
std::optional<std::size_t> index_of(const Range& range, Test test) {
  const auto found = std::ranges::find_if(range, test);
  if (found == range.end()) return std::nullopt;
  return static_cast<std::size_t>(found - range.begin());
}

}  // namespace

std::optional<std::size_t> function_at(const Profile& profile, Address address) {
  return index_of(profile.functions, [&](const FunctionProfile& function) {
    return address >= function.address && address - function.address < std::max<Bytes>(function.size, 1);
  });
}

Selection::Selection(const Profile& profile) {
  if (const auto layer = index_of_largest(profile.layers, &LayerProfile::cycles)) {
    select_layer(profile, *layer);
  } else if (const auto function = index_of_largest(profile.functions, &FunctionProfile::self_cycles)) {
    select_function(profile, *function);
  }
}

Selection::Selection(const Selection& selection, const Profile& before, const Profile& profile)
    : Selection(profile) {
  if (selection.layer_ && *selection.layer_ < profile.layers.size()) {
    select_layer(profile, *selection.layer_);
  } else if (selection.function_) {
    const Address address = before.functions[*selection.function_].address;
    const auto same = index_of(profile.functions,
                               [&](const FunctionProfile& function) { return function.address == address; });
    if (same) select_function(profile, *same);
  }
  address_ = selection.address_;
}

void Selection::select_layer(const Profile& profile, std::size_t index) {
  layer_ = index;
  function_ = index_of(profile.functions, [&](const FunctionProfile& function) {
    return function.name == profile.layers[index].layer.function;
  });
  address_.reset();
}

void Selection::select_function(const Profile& profile, std::size_t index) {
  function_ = index;
  layer_ = index_of(profile.layers, [&](const LayerProfile& layer) {
    return layer.layer.function == profile.functions[index].name;
  });
  address_.reset();
}

void Selection::select_address(const Profile& profile, Address address) {
  if (const auto function = function_at(profile, address)) select_function(profile, *function);
  address_ = address;
}

}  // namespace mcusim::viewer
