#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <unordered_map>

#include "emulator/bus/bus.h"
#include "emulator/timing/classifier.h"
#include "emulator/timing/table_timing.h"

namespace mcusim::emulator {

/// What the engine must know of an instruction each time it is executed.
struct CodeEntry {
  enum Flag : std::uint16_t {
    decoded = 1 << 0,
    conditional = 1 << 1,  ///< `taken` is due only if execution goes elsewhere.
    writes_pc = 1 << 2,    ///< Where the next instruction is says nothing about skipped ones.
    probe = 1 << 3,
    self_branch = 1 << 4,
    wait_for_event = 1 << 5,
    wait_for_interrupt = 1 << 6,
    send_event = 1 << 7,
    undefined = 1 << 8,  ///< But Unicorn would execute it.
  };
  static constexpr std::uint16_t kSpecial =
      probe | self_branch | wait_for_event | wait_for_interrupt | send_event | undefined;

  std::uint32_t encoding = 0;  ///< First half-word low, second (or 0) high.
  std::uint16_t cycles = 0;
  std::uint16_t taken = 0;
  std::uint16_t flags = 0;
};

/// Decoded instructions by address, in pages that exist where code was executed.
class CodeCache {
 public:
  CodeCache(const Bus& bus, const mcu_models::CoreModel& core) : bus_(bus), timing_(core) {}

  /// The entry of the instruction at `address`, decoded again when its bytes have changed since.
  const CodeEntry& find(Address address, unsigned size) {
    if (address / kPageBytes != current_number_) select_page(address);
    CodeEntry& entry = current_->entries[address % kPageBytes / 2];
    if ((entry.flags & CodeEntry::decoded) == 0 || current_->writable) refresh(entry, address, size);
    return entry;
  }

  void add_probe(Address address);
  void remove_probe(Address address);
  void clear();

 private:
  static constexpr Address kPageBytes = 1024;
  struct Page {
    bool writable = true;
    std::array<CodeEntry, kPageBytes / 2> entries{};
  };

  void select_page(Address address);
  void refresh(CodeEntry& entry, Address address, unsigned size);
  void forget(Address address);

  const Bus& bus_;
  Classifier classifier_;
  TableTiming timing_;
  std::set<Address> probes_;
  std::unordered_map<Address, std::unique_ptr<Page>> pages_;
  Address current_number_ = ~Address{0};
  Page* current_ = nullptr;
};

}  // namespace mcusim::emulator
