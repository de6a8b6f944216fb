#pragma once

#include <string>
#include <vector>

#include "viewer/model/cache_heat.h"
#include "viewer/model/memory_map.h"
#include "viewer/model/tensor_map.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// The memories of the part, each to its own scale, with segments, symbols and peaks; below them all symbols,
/// or the network's tensors over its layers.
class MemoryView : public View {
 public:
  explicit MemoryView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;
  const Table* table() const override { return &symbols_; }

 private:
  struct ShownRegion {
    MappedRegion region;
    Axis axis;
  };
  void draw_region(Frame& frame, ShownRegion& shown);
  /// `heat`, by span, gives the colours, if there is any; otherwise names do.
  void draw_spans(Frame& frame, const std::vector<profiler::AddressSpan>& spans,
                  const std::vector<double>& heat, const Axis& axis, const Rectangle& box);

  void draw_symbols(Frame& frame);
  void draw_tensors(Frame& frame);
  void draw_tensor(Frame& frame, const TensorBox& tensor, const Rectangle& place);

  const profiler::Profile& profile_;
  const AccessesBySymbol accesses_;
  std::vector<ShownRegion> regions_;
  Table symbols_;
  std::string filter_;
  TensorMap tensors_;
  bool shows_tensors_;
  float share_ = 0.5f;
};

}  // namespace mcusim::viewer
