#include "profiler/checks/uninit_check.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "profiler/stack_peak.h"

namespace mcusim::profiler {
namespace {

using emulator::AddressRange;

constexpr std::string_view kRule = "never written";

/// (destination, source, bytes): C's, and those of the Arm run-time ABI (IHI 0043 5.3.2).
constexpr std::array<std::string_view, 8> kCopies = {"memcpy",           "memmove",         "__aeabi_memcpy",
                                                     "__aeabi_memcpy4",  "__aeabi_memcpy8", "__aeabi_memmove",
                                                     "__aeabi_memmove4", "__aeabi_memmove8"};
/// Read whole words of a string: newlib's sources for Armv7-M take eight bytes at once.
constexpr std::array<std::string_view, 8> kReadsAhead = {"strlen",  "strcmp", "strncmp", "strcpy",
                                                         "strncpy", "strchr", "memchr",  "strnlen"};
constexpr Address kAhead = 8;

template <std::size_t count>
std::vector<AddressRange> find_all(const emulator::Image& image,
                                   const std::array<std::string_view, count>& names) {
  std::vector<AddressRange> found;
  for (const emulator::Symbol& symbol : image.symbols) {
    if (symbol.size != 0 && std::ranges::find(names, symbol.name) != names.end())
      found.push_back({symbol.address, symbol.size});
  }
  return found;
}

}  // namespace

UninitCheck::UninitCheck(emulator::Machine& machine, const emulator::Image& image)
    : machine_(machine),
      memory_(machine.bus()),
      log_("uninit", image),
      copies_(find_all(image, kCopies)),
      reads_ahead_(find_all(image, kReadsAhead)) {
  for (const emulator::Segment& segment : image.segments)
    memory_.set_all(segment.address, segment.bytes.size());
  for (const AddressRange& copy : copies_) machine.engine().add_probe(copy.begin);
  const emulator::Symbol *limit = image.find_symbol("__stack_limit"), *top = image.find_symbol("__stack_top");
  if (limit != nullptr && top != nullptr && limit->address < top->address)
    painted_stack_ = AddressRange{limit->address, top->address - limit->address};
}

bool UninitCheck::contains(const std::vector<AddressRange>& functions, Address pc) {
  return std::ranges::any_of(functions, [pc](const AddressRange& range) { return range.contains(pc); });
}

void UninitCheck::at_probe(Address pc) {
  if (std::ranges::find(copies_, pc, &AddressRange::begin) == copies_.end()) return;
  const emulator::Registers registers = machine_.engine().registers();
  const Address source = registers.argument(1), bytes = registers.argument(2);
  copy_.reset();
  // A size that makes no sense faults on its own.
  if (machine_.bus().find_memory(source, bytes) == nullptr) return;
  copy_ = Copy{registers.argument(0), {}};
  for (Address i = 0; i < bytes; ++i) copy_->written.push_back(memory_.written(source + i));
}

void UninitCheck::loading(Address address, unsigned width, Address pc) {
  unsigned missing = 0;
  for (unsigned i = 0; i < width; ++i) missing += memory_.written(address + i) ? 0 : 1;
  if (missing == 0 || contains(copies_, pc)) return;
  if (contains(reads_ahead_, pc)) {
    const Address begin = address & ~(kAhead - 1);
    for (Address i = 0; i < kAhead; ++i)
      if (memory_.written(begin + i)) return;
  }
  log_.add({pc, address, width, missing, false}, kRule);
}

// The paint by which start-up code makes the stack's depth visible is no content.
bool UninitCheck::is_paint(Address address, unsigned width) const {
  if (!painted_stack_ || !painted_stack_->contains(address) || width != sizeof kStackPaint) return false;
  std::uint32_t value = 0;
  return machine_.bus().fetch(address, &value, sizeof value) && value == kStackPaint;
}

void UninitCheck::stored(Address address, unsigned width, Address pc) {
  if (is_paint(address, width)) return;
  const bool copies = copy_ && contains(copies_, pc);
  for (unsigned i = 0; i < width; ++i) {
    const Address at = address + i;
    const bool copied = copies && at - copy_->destination < copy_->written.size();
    memory_.set(at, !copied || copy_->written[at - copy_->destination]);
  }
}

}  // namespace mcusim::profiler
