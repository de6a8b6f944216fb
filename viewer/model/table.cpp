#include "viewer/model/table.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "profiler/reports/format.h"

namespace mcusim::viewer {

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  const auto lower = [](unsigned char c) { return std::tolower(c); };
  return !std::ranges::search(text, word, {}, lower, lower).empty() || word.empty();
}

Table::Table(std::vector<Column> columns, std::size_t row_count)
    : columns_(std::move(columns)), largest_(columns_.size(), 0), sorted_(row_count) {
  std::iota(sorted_.begin(), sorted_.end(), std::size_t{0});
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].bar) continue;
    largest_[i] = columns_[i].full_bar;
    for (const std::size_t row : sorted_)
      largest_[i] = std::max(largest_[i], columns_[i].value(row).value_or(0));
  }
  show_filtered();
}

void Table::arrange_like(const Table& other) {
  filter_ = other.filter_;
  const auto column = std::ranges::find(columns_, other.sorted_by_, &Column::name);
  if (!other.sorted_by_.empty() && column != columns_.end()) {
    sort(static_cast<std::size_t>(column - columns_.begin()), other.is_descending_);
  } else {
    show_filtered();
  }
}

void Table::sort(std::size_t column, bool descending) {
  sorted_by_ = columns_[column].name;
  is_descending_ = descending;
  std::iota(sorted_.begin(), sorted_.end(), std::size_t{0});
  const auto sort_by = [&](const auto& keys, const auto& is_known) {
    std::ranges::stable_sort(sorted_, [&](std::size_t a, std::size_t b) {
      if (!is_known(keys[a]) || !is_known(keys[b])) return is_known(keys[a]) && !is_known(keys[b]);
      return descending ? keys[b] < keys[a] : keys[a] < keys[b];
    });
  };
  if (columns_[column].value) {
    std::vector<std::optional<double>> keys(sorted_.size());
    for (const std::size_t row : sorted_) keys[row] = columns_[column].value(row);
    sort_by(keys, [](const auto& key) { return key.has_value(); });
  } else {
    std::vector<std::string> keys(sorted_.size());
    for (const std::size_t row : sorted_) keys[row] = columns_[column].text(row);
    sort_by(keys, [](const auto& key) { return !key.empty(); });
  }
  show_filtered();
}

void Table::filter(std::string_view text) {
  if (text == filter_) return;
  filter_ = text;
  show_filtered();
}

void Table::show_filtered() {
  shown_.clear();
  std::ranges::copy_if(sorted_, std::back_inserter(shown_), [&](std::size_t row) {
    return filter_.empty() || std::ranges::any_of(columns_, [&](const Column& column) {
             return !column.value && contains_ignoring_case(column.text(row), filter_);
           });
  });
}

std::optional<std::size_t> Table::position_of(std::size_t row) const {
  const auto found = std::ranges::find(shown_, row);
  if (found == shown_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - shown_.begin());
}

double Table::share(std::size_t row, std::size_t column) const {
  return largest_[column] <= 0 ? 0 : columns_[column].value(row).value_or(0) / largest_[column];
}

std::string Table::csv() const {
  std::string text;
  const auto add = [&](const auto& cell_of) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i != 0) text += ',';
      text += profiler::csv_field(cell_of(columns_[i]));
    }
    text += '\n';
  };
  add([](const Column& column) { return column.name; });
  for (const std::size_t row : shown_) {
    add([row](const Column& column) {
      const std::string cell = column.text(row);
      // Grouped digits are for readers; programs that take the file up want plain numbers.
      return column.value ? profiler::ungrouped(cell) : cell;
    });
  }
  return text;
}

}  // namespace mcusim::viewer
