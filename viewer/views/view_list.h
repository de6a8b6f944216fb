#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "profiler/compare/reference.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

struct ViewKind {
  std::string_view name;   ///< Of --view.
  std::string_view title;  ///< On its tab.
  /// `other` is what to compare with, or null.
  std::unique_ptr<View> (*make)(const profiler::Profile& profile, const profiler::Reference* other);
};

/// All views in the order of their tabs.
std::span<const ViewKind> view_kinds();

/// Position among view_kinds(). Throws InputError when there is no view of that name.
std::size_t find_view(std::string_view name);

}  // namespace mcusim::viewer
