#include "viewer/views/layers_view.h"

#include "viewer/model/layer_table.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

LayersView::LayersView(const profiler::Profile& profile)
    : profile_(profile),
      shows_layers_(!profile.layers.empty()),
      table_(shows_layers_ ? layer_table(profile) : function_table(profile)) {}

void LayersView::take_over(const View& before) {
  const auto& other = dynamic_cast<const LayersView&>(before);
  filter_ = other.filter_;
  table_.arrange_like(other.table_);
}

void LayersView::draw(Frame& frame) {
  if (!shows_layers_ && profile_.functions.empty()) {
    empty_note(frame, "This profile has neither layers nor functions: run an ELF, whose symbols name them.");
    return;
  }
  draw_filter(frame, "layers", filter_, table_,
              shows_layers_ ? "filter by name, operator.." : "filter by name");
  if (!shows_layers_) {
    ImGui::SameLine();
    dim_text(frame, "no layers in this firmware (--region names some): its functions");
  }
  const Selection& selection = frame.selection;
  const bool shows_causes =
      shows_layers_ && selection.layer() && !profile_.layers[*selection.layer()].stalls.empty();
  const float room_below = shows_causes ? 3.6f * em() : 0;
  const auto chosen = draw_table(frame, "layers", table_,
                                 shows_layers_ ? selection.layer() : selection.function(), {0, -room_below});
  if (chosen && shows_layers_) frame.selection.select_layer(profile_, *chosen);
  if (chosen && !shows_layers_) frame.selection.select_function(profile_, *chosen);
  if (!shows_causes) return;
  const profiler::LayerProfile& layer = profile_.layers[*selection.layer()];
  dim_text(frame,
           "What layer " + std::to_string(layer.layer.index) + ", " + layer.layer.op + ", was spent on");
  draw_causes(frame, profile_, layer.stalls, ImGui::GetContentRegionAvail().x, false);
}

}  // namespace mcusim::viewer
