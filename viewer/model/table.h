#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcusim::viewer {

/// A column of a Table. Functions take the number of a row as the table was made.
struct Column {
  std::string name;
  std::function<std::string(std::size_t)> text;
  /// What the column is sorted by; null: by its text. Unknown values stand last in either direction.
  std::function<std::optional<double>(std::size_t)> value = nullptr;
  bool bar = false;     ///< Whether a bar shows the value's share of the column's largest..
  double full_bar = 0;  ///< ..or of this, if that is larger: columns to be compared have the same.
};

/// Rows that a reader sorts by a click on a column and filters by a word.
class Table {
 public:
  Table() = default;
  Table(std::vector<Column> columns, std::size_t row_count);

  /// Rows that are equal keep the order that the table was made with.
  void sort(std::size_t column, bool descending);
  /// Keeps rows with a text column that contains `text`, whatever its case; empty keeps all.
  void filter(std::string_view text);

  /// Sorted and filtered as another one is, as far as it has the same columns.
  void arrange_like(const Table& other);

  const std::vector<Column>& columns() const { return columns_; }
  /// Row numbers in the order shown.
  const std::vector<std::size_t>& rows() const { return shown_; }
  /// Position of a row among rows(), if it is shown.
  std::optional<std::size_t> position_of(std::size_t row) const;
  /// Between 0 and 1: the value of a cell, relative to the largest of its column.
  double share(std::size_t row, std::size_t column) const;
  /// The rows shown, with a line of column names (RFC 4180, lines end in LF).
  std::string csv() const;

 private:
  void show_filtered();

  std::vector<Column> columns_;
  std::vector<double> largest_;      ///< By column.
  std::vector<std::size_t> sorted_;  ///< All rows.
  std::vector<std::size_t> shown_;   ///< The part of sorted_ that the filter keeps.
  std::string filter_;
  std::string sorted_by_;  ///< Name of the column; empty: as made.
  bool is_descending_ = false;
};

/// Whether `text` contains `word`, with ASCII letters of either case being equal.
bool contains_ignoring_case(std::string_view text, std::string_view word);

}  // namespace mcusim::viewer
