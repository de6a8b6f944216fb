#include "profiler/markers.h"

#include <fmt/format.h>

namespace mcusim::profiler {
namespace {

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

Markers::Markers(emulator::Machine& machine, const emulator::Image& image, Listener listener)
    : machine_(machine), listener_(std::move(listener)) {
  if (const emulator::Symbol* symbol = image.find_symbol(kFunction); symbol != nullptr) {
    function_ = symbol->address;
    machine.engine().add_probe(*function_);
  }
  machine.follow_stimulus([this](unsigned port, unsigned width, std::uint32_t value) {
    if (port == kPort) stimulus(width, value);
  });
}

Markers::~Markers() { machine_.follow_stimulus({}); }

void Markers::at_probe(Address pc) {
  if (function_ == pc) listener_(name_at(machine_.engine().registers().argument(0)));
}

std::string Markers::name_at(Address address) const {
  std::string name;
  char c = 0;
  while (address != 0 && name.size() < kLongestName && machine_.bus().fetch(address, &c, 1) &&
         is_printable(c)) {
    name += c;
    ++address;
  }
  return name;
}

void Markers::stimulus(unsigned width, std::uint32_t value) {
  if (width == 4) {
    listener_(value == 0 ? std::string() : fmt::format("marker {}", value));
  } else if (const char c = static_cast<char>(value); is_printable(c)) {
    if (letters_.size() < kLongestName) letters_ += c;
  } else {
    listener_(letters_);
    letters_.clear();
  }
}

}  // namespace mcusim::profiler
