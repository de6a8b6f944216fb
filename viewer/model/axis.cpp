#include "viewer/model/axis.h"

#include <algorithm>
#include <cmath>

namespace mcusim::viewer {

Axis::Axis(double whole_begin, double whole_end, double least_span)
    : whole_begin_(whole_begin),
      whole_end_(std::max(whole_end, whole_begin + least_span)),
      least_span_(least_span),
      begin_(whole_begin_),
      end_(whole_end_) {}

void Axis::zoom(double factor, double about) {
  const double span_after = std::clamp(span() / factor, least_span_, whole_end_ - whole_begin_);
  const double left_share = (about - begin_) / span();
  show(about - left_share * span_after, about + (1 - left_share) * span_after);
}

void Axis::pan(double by) { show(begin_ + by, end_ + by); }

void Axis::show(double begin, double end) {
  const double span_after = std::clamp(end - begin, least_span_, whole_end_ - whole_begin_);
  begin_ = std::clamp(begin, whole_begin_, whole_end_ - span_after);
  end_ = begin_ + span_after;
}

std::vector<double> Axis::ticks(int most, double unit) const {
  std::vector<double> values;
  if (most < 1) return values;
  const double least_step = span() / unit / most;
  double step = std::pow(10, std::floor(std::log10(least_step)));
  for (const double multiple : {1.0, 2.0, 5.0, 10.0}) {
    if (step * multiple < least_step) continue;
    step *= multiple;
    break;
  }
  step *= unit;
  for (double i = std::ceil(begin_ / step);
       i * step <= end_ && values.size() < static_cast<std::size_t>(most); ++i) {
    values.push_back(i * step);
  }
  return values;
}

}  // namespace mcusim::viewer
