#include "codegen/toolchain/vle/layout.h"

#include <charconv>
#include <map>

namespace mcusim::codegen::vle {
namespace {

using Kind = Line::Kind;

enum class Form { narrow, wide, far };

// Displacements (VLEPIM): BD8 and BD15, both counted in half words and signed.
constexpr std::int64_t kNarrowReach = 254;
constexpr std::int64_t kConditionalReach = 32766;

bool is_branch(const Line& line) {
  return line.kind != Kind::directive && line.kind != Kind::label && line.kind != Kind::instruction;
}

unsigned size_of_form(Kind kind, Form form) {
  if (form == Form::narrow) return 2;
  return form == Form::far && kind != Kind::jump ? 8 : 4;
}

/// The form with the best reach comes first, so that sizes only shrink while forms are chosen.
Form widest(Kind kind) { return kind == Kind::jump ? Form::wide : Form::far; }

bool has_narrow_form(const Line& line) {
  return line.kind == Kind::jump || (line.kind == Kind::branch && line.condition.field() == 0);
}

std::string_view word(std::string_view text, std::size_t index) {
  constexpr std::string_view kSeparators = " \t,";
  for (;; --index) {
    const std::size_t begin = text.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(kSeparators), text.size());
    if (index == 0) return text.substr(0, end);
    text.remove_prefix(end);
  }
}

/// Bytes that a directive can add to the section it stands in; negative where it may switch sections or adds
/// what this does not know.
std::int64_t largest_size(std::string_view directive) {
  constexpr std::string_view kWithoutBytes[] = {".globl",  ".type", ".size", ".weak", ".local",
                                                ".hidden", ".set",  ".loc",  ".file", ".addrsig"};
  const std::string_view name = word(directive, 0);
  if (name.empty() || name.starts_with(".cfi_")) return 0;
  for (const std::string_view known : kWithoutBytes) {
    if (name == known) return 0;
  }
  if (name != ".p2align") return -1;
  const std::string_view exponent = word(directive, 1);
  unsigned bits = 0;
  std::from_chars(exponent.begin(), exponent.end(), bits);
  return bits < 16 ? std::int64_t{1} << bits : -1;
}

class Layout {
 public:
  explicit Layout(const std::vector<Line>& lines) : lines_(lines) {
    for (const Line& line : lines) forms_.push_back(widest(line.kind));
  }

  std::string print() {
    while (shrink()) {
    }
    std::string text;
    for (std::size_t i = 0; i < lines_.size(); ++i) text += line_text(i);
    return text;
  }

 private:
  struct Place {
    std::int64_t stretch = 0;  ///< Places in different stretches have no known distance.
    std::int64_t offset = 0;   ///< At most; never less from one place to the next.
  };

  /// Chooses the forms that the sizes of now allow; true if one changed.
  bool shrink() {
    measure();
    bool changed = false;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!is_branch(lines_[i])) continue;
      const Form form = reachable_form(i);
      changed = changed || form != forms_[i];
      forms_[i] = form;
    }
    return changed;
  }

  void measure() {
    places_.clear();
    labels_.clear();
    Place place;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const Line& line = lines_[i];
      places_.push_back(place);
      if (line.kind == Kind::label) {
        labels_[line.text] = place;
      } else if (line.kind == Kind::directive) {
        const std::int64_t size = largest_size(line.text);
        place = size < 0 ? Place{place.stretch + 1, 0} : Place{place.stretch, place.offset + size};
      } else {
        place.offset += is_branch(line) ? size_of_form(line.kind, forms_[i]) : line.size;
      }
    }
  }

  Form reachable_form(std::size_t index) const {
    const Line& line = lines_[index];
    const auto label = labels_.find(line.text);
    if (label == labels_.end() || label->second.stretch != places_[index].stretch) {
      return widest(line.kind);
    }
    // A forward distance counts the branch itself, in the form that it would have.
    std::int64_t distance = label->second.offset - places_[index].offset;
    const bool forward = distance > 0;
    distance = forward ? distance - size_of_form(line.kind, forms_[index]) : -distance;
    const auto reaches = [&](Form form, std::int64_t reach) {
      return distance + (forward ? size_of_form(line.kind, form) : 0) <= reach;
    };
    if (has_narrow_form(line) && reaches(Form::narrow, kNarrowReach)) return Form::narrow;
    return reaches(Form::wide, kConditionalReach) ? Form::wide : widest(line.kind);
  }

  std::string line_text(std::size_t index) const {
    const Line& line = lines_[index];
    switch (line.kind) {
      case Kind::directive:
        return line.text + "\n";
      case Kind::label:
        return line.text + ":\n";
      case Kind::instruction:
        return "\t" + line.text + "\n";
      case Kind::jump:
        return fmt::format("\t{} {}\n", forms_[index] == Form::narrow ? "se_b" : "e_b", line.text);
      case Kind::branch:
        return branch_text(line, forms_[index]);
      case Kind::count_nonzero:
      case Kind::count_zero:
        return count_text(line, forms_[index]);
    }
    return {};
  }

  static std::string wide_branch(Condition condition, std::string_view target) {
    return fmt::format("\te_b{} cr{}, {}\n", condition.name(), condition.field(), target);
  }

  // ". + 8" is behind the two instructions.
  static std::string branch_text(const Line& line, Form form) {
    if (form == Form::narrow) return fmt::format("\tse_b{} {}\n", line.condition.name(), line.text);
    if (form == Form::wide) return wide_branch(line.condition, line.text);
    return wide_branch(line.condition.inverted(), ". + 8") + fmt::format("\te_b {}\n", line.text);
  }

  static std::string count_text(const Line& line, Form form) {
    const bool nonzero = line.kind == Kind::count_nonzero;
    if (form != Form::far) return fmt::format("\t{} {}\n", nonzero ? "e_bdnz" : "e_bdz", line.text);
    return fmt::format("\t{} . + 8\n\te_b {}\n", nonzero ? "e_bdz" : "e_bdnz", line.text);
  }

  const std::vector<Line>& lines_;
  std::vector<Form> forms_;
  std::vector<Place> places_;
  std::map<std::string, Place> labels_;
};

}  // namespace

std::string print(const std::vector<Line>& lines) { return Layout(lines).print(); }

}  // namespace mcusim::codegen::vle
