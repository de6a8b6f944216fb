#include "emulator/peripherals/flash_interface.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "emulator/peripherals/bus_master.h"

namespace mcusim::emulator {
namespace {

/// The same in all families.
constexpr std::uint32_t kKeys[] = {0x45670123, 0xcdef89ab};

}  // namespace

FlashInterface::FlashInterface(const mcu_models::PeripheralModel& model, const Wiring& wiring)
    : RegisterFile(model), wiring_(wiring), interrupt_(model.interrupt) {
  for (const mcu_models::FlashProgramming& range : model.flash)
    ranges_.push_back({.model = range, .unit = {}});
}

void FlashInterface::reset() {
  RegisterFile::reset();
  for (Range& range : ranges_) {
    range.keys = 0;
    range.frozen = false;
    range.unit.clear();
    ++range.generation;
  }
  update_interrupt();
}

void FlashInterface::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  write_through_words(offset, width, value,
                      [this](std::uint32_t aligned, std::uint32_t bits, std::uint32_t mask) {
                        write_word(aligned, bits, mask);
                      });
  update_interrupt();
}

void FlashInterface::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  for (Range& range : ranges_) {
    const mcu_models::FlashProgramming& model = range.model;
    if (offset == model.key) return write_key(range, value);
    if (offset == model.control) return write_control(range, (store_.word(offset) & ~mask) | value);
    if (offset == model.clear || (!model.clear && offset == model.status)) {
      store_.set_word(model.status, store_.word(model.status) & ~(value & ~model.busy_flag));
      return;
    }
    if (offset == model.status) return;
  }
  store_.set_word(offset, (store_.word(offset) & ~mask) | value);
}

bool FlashInterface::control_has(const Range& range, std::uint32_t bits) const {
  return bits != 0 && (store_.word(range.model.control) & bits) == bits;
}

void FlashInterface::write_key(Range& range, std::uint32_t value) {
  if (range.frozen || !control_has(range, range.model.lock_bit)) return;
  if (value != kKeys[range.keys]) {
    range.frozen = true;
    return;
  }
  if (++range.keys < std::size(kKeys)) return;
  range.keys = 0;
  store_.set_word(range.model.control, store_.word(range.model.control) & ~range.model.lock_bit);
}

void FlashInterface::write_control(Range& range, std::uint32_t value) {
  if (control_has(range, range.model.lock_bit)) return;
  store_.set_word(range.model.control, value);
  if (!control_has(range, range.model.program_bit)) range.unit.clear();
  if (control_has(range, range.model.start_bit)) erase(range);
}

void FlashInterface::erase(Range& range) {
  const mcu_models::FlashProgramming& model = range.model;
  bool done = false;
  const std::size_t parts = model.erase_all_bits.size();
  for (std::size_t part = 0; part < parts; ++part) {
    if (!control_has(range, model.erase_all_bits[part])) continue;
    const Bytes size = model.size / parts;
    erase_bytes(range, model.base + static_cast<Address>(part * size), size);
    done = true;
  }
  if (!done && control_has(range, model.erase_bit)) done = erase_sector(range);
  if (!done) {
    store_.set_word(model.control, store_.word(model.control) & ~model.start_bit);
    return raise(range, model.sequence_flag);
  }
  begin(range, model.erase_ms * 1e-3);
}

void FlashInterface::erase_bytes(Range& range, Address base, Bytes size) {
  range.unit.clear();
  const std::vector<std::uint8_t> erased(size, 0xff);
  wiring_.memory->load(base, erased.data(), size);
}

// False: there is no such sector.
bool FlashInterface::erase_sector(Range& range) {
  const mcu_models::FlashProgramming& model = range.model;
  Address from = model.base;
  std::uint64_t wanted = 0;
  if (model.address) {
    const Address inside = store_.word(*model.address);
    if (inside - model.base >= model.size) return false;
    for (std::size_t sector = 0; sector < model.sectors.size(); ++sector) {
      const Bytes size = model.sectors[sector];
      if (inside - from < size || sector + 1 == model.sectors.size()) {
        erase_bytes(range, from + static_cast<Address>((inside - from) / size * size), size);
        return true;
      }
      from += static_cast<Address>(size);
    }
    return false;
  }
  wanted = store_.word(model.control) >> model.sector_shift & ((1u << model.sector_width) - 1);
  if (control_has(range, model.bank_bit)) {
    from += static_cast<Address>(model.size / 2);
    if (wanted >= model.bank_sector) wanted -= model.bank_sector;
  }
  for (std::size_t sector = 0; sector < wanted && sector + 1 < model.sectors.size(); ++sector) {
    from += static_cast<Address>(model.sectors[sector]);
  }
  const std::uint64_t repeats = wanted >= model.sectors.size() - 1 ? wanted - (model.sectors.size() - 1) : 0;
  const Bytes size = model.sectors[std::min<std::size_t>(wanted, model.sectors.size() - 1)];
  const std::uint64_t begin = from - model.base + repeats * size;
  if (begin + size > model.size) return false;
  erase_bytes(range, model.base + static_cast<Address>(begin), size);
  return true;
}

BusStatus FlashInterface::write_memory(std::uint32_t offset, unsigned width, std::uint32_t value) {
  if (ranges_.empty()) return BusStatus::read_only;
  const Address address = ranges_.front().model.base + offset;
  for (Range& range : ranges_) {
    if (address - range.model.base >= range.model.size) continue;
    const BusStatus status = program(range, address, width, value);
    update_interrupt();
    return status;
  }
  return BusStatus::read_only;
}

BusStatus FlashInterface::program(Range& range, Address address, unsigned width, std::uint32_t value) {
  const mcu_models::FlashProgramming& model = range.model;
  const std::uint32_t control = store_.word(model.control);
  if ((control & model.lock_bit) != 0 || (control & model.program_bit) == 0) {
    raise(range, model.sequence_flag);
    return BusStatus::ok;
  }
  unsigned expected = model.write_bytes;
  unsigned unit = model.unit_bytes;
  if (model.size_width != 0) {
    // A double word comes as two words.
    expected = 1u << (control >> model.size_shift & ((1u << model.size_width) - 1));
    expected = std::min(expected, 4u);
    unit = expected;
  }
  if (expected != 0 && width != expected) {
    range.unit.clear();
    raise(range, model.size_flag);
    return model.size_fault ? BusStatus::read_only : BusStatus::ok;
  }
  const Address unit_base = address / unit * unit;
  if (range.unit.empty()) range.unit_base = unit_base;
  if (unit_base != range.unit_base || address - unit_base != range.unit.size() ||
      address - unit_base + width > unit) {
    range.unit.clear();
    raise(range, model.align_flag);
    return BusStatus::ok;
  }
  for (unsigned i = 0; i < width; ++i) range.unit.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  if (range.unit.size() == unit) program_unit(range);
  return BusStatus::ok;
}

void FlashInterface::program_unit(Range& range) {
  const mcu_models::FlashProgramming& model = range.model;
  std::vector<std::uint8_t> bytes = std::move(range.unit);
  range.unit.clear();
  std::vector<std::uint8_t> old(bytes.size());
  wiring_.memory->fetch(range.unit_base, old.data(), old.size());
  const bool erased = std::ranges::all_of(old, [](std::uint8_t byte) { return byte == 0xff; });
  const bool zeros = std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
  // Where the family checks, only zeros may go over what is not erased.
  if (model.not_erased_flag != 0 && !erased && !zeros) return raise(range, model.not_erased_flag);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] &= old[i];
  wiring_.memory->load(range.unit_base, bytes.data(), bytes.size());
  begin(range, model.program_us * 1e-6);
}

void FlashInterface::begin(Range& range, double seconds) {
  const std::uint64_t generation = ++range.generation;
  if (wiring_.scheduler == nullptr || wiring_.time == nullptr) return end(range);
  raise(range, range.model.busy_flag);
  const auto cycles = static_cast<Cycles>(std::ceil(seconds * static_cast<double>(wiring_.time->clock())));
  wiring_.scheduler->at(wiring_.scheduler->now() + std::max<Cycles>(cycles, 1), [this, &range, generation] {
    if (generation != range.generation) return;
    end(range);
    update_interrupt();
  });
}

void FlashInterface::end(Range& range) {
  const mcu_models::FlashProgramming& model = range.model;
  store_.set_word(model.status, store_.word(model.status) & ~model.busy_flag);
  store_.set_word(model.control, store_.word(model.control) & ~model.start_bit);
  if (!model.end_needs_interrupt || control_has(range, model.end_interrupt_bit)) raise(range, model.end_flag);
}

void FlashInterface::raise(const Range& range, std::uint32_t flags) {
  store_.set_word(range.model.status, store_.word(range.model.status) | flags);
}

void FlashInterface::update_interrupt() {
  if (wiring_.interrupts == nullptr || interrupt_ < 0) return;
  bool level = false;
  for (const Range& range : ranges_) {
    const mcu_models::FlashProgramming& model = range.model;
    const std::uint32_t status = store_.word(model.status);
    const std::uint32_t errors =
        model.sequence_flag | model.not_erased_flag | model.size_flag | model.align_flag;
    level |= control_has(range, model.end_interrupt_bit) && (status & model.end_flag) != 0;
    level |= control_has(range, model.error_interrupt_bit) && (status & errors) != 0;
  }
  wiring_.interrupts->set(static_cast<unsigned>(interrupt_), level);
}

}  // namespace mcusim::emulator
