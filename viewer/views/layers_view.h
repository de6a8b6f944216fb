#pragma once

#include "viewer/views/view.h"

namespace mcusim::viewer {

/// Layers as a table to sort and to filter, or functions where firmware has no layers.
class LayersView : public View {
 public:
  explicit LayersView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;
  const Table* table() const override { return &table_; }

 private:
  const profiler::Profile& profile_;
  bool shows_layers_;
  Table table_;
  std::string filter_;
};

}  // namespace mcusim::viewer
