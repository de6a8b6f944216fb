#pragma once

#include <vector>

namespace mcusim::viewer {

/// The part of a number line that is seen, with the arithmetic of zooming and panning. It never leaves the
/// whole and never shows less than `least_span` of it.
class Axis {
 public:
  Axis() = default;
  Axis(double whole_begin, double whole_end, double least_span = 1);

  /// factor > 1 shows less of the line. `about` stays where it is on the screen.
  void zoom(double factor, double about);
  void pan(double by);
  void show(double begin, double end);
  bool shows_all() const { return begin_ == whole_begin_ && end_ == whole_end_; }
  /// Shows what another axis shows; all, if that shows all.
  void show_as(const Axis& other) { other.shows_all() ? show_all() : show(other.begin_, other.end_); }
  void show_all() { show(whole_begin_, whole_end_); }

  double begin() const { return begin_; }
  double end() const { return end_; }
  double span() const { return end_ - begin_; }

  /// Where a value lies when the axis is `width` pixels long; outside 0..width when it is not seen.
  double to_pixel(double value, double width) const { return (value - begin_) / span() * width; }
  double to_value(double pixel, double width) const { return begin_ + pixel / width * span(); }

  /// Values within what is seen that are round (1, 2 or 5 times a power of ten apart) when counted in `unit`;
  /// at most `most` of them.
  std::vector<double> ticks(int most, double unit = 1) const;

 private:
  double whole_begin_ = 0, whole_end_ = 1, least_span_ = 1e-9;
  double begin_ = 0, end_ = 1;
};

}  // namespace mcusim::viewer
