#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/bus/page_table.h"
#include "emulator/e200/decoder.h"
#include "emulator/instruction_count.h"

namespace mcusim::emulator::e200 {

/// The operations of one 4 KiB page of code, one per half-word, decoded when first reached.
struct CodePage {
  static constexpr std::size_t kSlots = Bus::kPageSize / 2;
  Address base = 0;
  std::uintptr_t host_page = 0;  ///< Identifies the bytes.
  /// Not all of it may be executed: each operation was asked for when it was decoded.
  bool checked = false;
  /// Two more, where an instruction at the end of the page continues on the next one.
  std::array<Operation, kSlots + 2> operations;
};

/// All decoded code. Writes to it must be told by written(); `writable_pages` loses the pages that hold code.
class CodeCache {
 public:
  /// `permitted`: whether everything in the page of an address may be executed.
  CodeCache(const Bus& bus, const Decoder& decoder, PageTable& writable_pages,
            std::function<bool(Address)> permitted);
  ~CodeCache();

  /// The operation at `pc`; one that faults when `pc` is not in a memory that can be executed.
  Operation* locate(Address pc) {
    CodePage* page = pages_[pc >> Bus::kPageBits];
    return page != nullptr ? &page->operations[(pc & (Bus::kPageSize - 1)) >> 1] : locate_slow(pc);
  }

  /// Decodes in place. False when its bytes are not in a memory.
  bool decode(Operation& operation);

  bool holds_code(std::uintptr_t host_page) const { return by_host_page_.contains(host_page); }
  /// Bytes changed.
  void changed(Address address, Bytes size);
  /// Permissions changed: every page is asked for again before it is entered.
  void hide_pages();
  void clear();

  /// From now on branches without link to the beginning of a function are Code::b_out_ and the like: of these
  /// functions, and of those that calls reach.
  void show_tail_calls(std::unordered_set<Address> functions);

  void add_probe(Address address);
  void remove_probe(Address address);
  /// What a patched operation did before.
  Code probed_code(Address address) const { return probes_.at(address).code; }

  /// In order of addresses; instructions that were never executed are left out.
  std::vector<InstructionCount> counts() const;

 private:
  Operation* locate_slow(Address pc);
  CodePage* make_page(Address pc, const Bus::Memory& memory);
  CodePage* find_page(Address address) const;
  void reset_slot(Address address);
  /// The same bytes, when they are reached.
  static void decode_again(CodePage& page);
  void show_tail_call(Operation& operation);

  const Bus& bus_;
  const Decoder& decoder_;
  PageTable& writable_pages_;
  std::function<bool(Address)> permitted_;
  std::vector<CodePage*> pages_;  ///< What locate() may enter without asking.
  std::unordered_map<Address, CodePage*> by_address_;
  std::vector<std::unique_ptr<CodePage>> owned_;
  std::unordered_map<std::uintptr_t, CodePage*> by_host_page_;
  struct Probe {
    Code code = Code::decode;  ///< What it took the place of.
    unsigned count = 0;        ///< How often it was added.
  };
  std::unordered_map<Address, Probe> probes_;
  Operation fault_operation_;
  bool shows_tail_calls_ = false;
  std::unordered_set<Address> functions_;  ///< Known to begin there.
};

}  // namespace mcusim::emulator::e200
