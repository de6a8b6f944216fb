#pragma once

#include <unordered_map>
#include <vector>

#include "viewer/model/axis.h"
#include "viewer/model/call_tree.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// Who called whom: a flame graph above the same tree as rows that open and close.
class CallsView : public View {
 public:
  explicit CallsView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;

 private:
  void draw_flames(Frame& frame, const Rectangle& box);
  void draw_rows(Frame& frame);
  void draw_row(Frame& frame, std::uint32_t node);
  const CallTree& tree() const { return is_bottom_up_ ? bottom_up_ : top_down_; }
  std::string name_of(std::uint32_t node) const;

  const profiler::Profile& profile_;
  CallTree top_down_, bottom_up_;
  bool is_bottom_up_ = false;
  std::uint32_t focus_ = 0;
  float share_ = 0.5f;
};

}  // namespace mcusim::viewer
