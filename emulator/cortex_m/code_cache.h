#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/bus/page_table.h"
#include "emulator/cortex_m/decoder.h"
#include "emulator/instruction_count.h"
#include "emulator/timing/beyond_one_cycle.h"

namespace mcusim::emulator::cortex_m {

/// The operations of one 4 KiB page of code, one per half-word, decoded when first reached.
struct CodePage {
  static constexpr std::size_t kSlots = Bus::kPageSize / 2;
  Address base = 0;
  std::uintptr_t host_page = 0;  ///< Identifies the bytes: aliases of one memory share it.
  /// Two more, where an instruction at the end of the page continues on the next one.
  std::array<Operation, kSlots + 2> operations;
};

/// All decoded code. Writes to it must be told by written(); `writable_pages` loses the pages that hold code.
class CodeCache {
 public:
  /// Whether a fetch is permitted: everywhere in the page, at the address itself, or not.
  enum class Fetch { page, address, refused };

  CodeCache(const Bus& bus, const Decoder& decoder, PageTable& writable_pages,
            std::function<Fetch(Address)> may_fetch);
  ~CodeCache();

  /// The operation at `pc`; one that faults when `pc` is not in a memory.
  Operation* locate(Address pc) {
    CodePage* page = pages_[pc >> Bus::kPageBits];
    return page != nullptr ? &page->operations[(pc & (Bus::kPageSize - 1)) >> 1] : locate_slow(pc);
  }

  /// Decodes in place under ITSTATE `it`. False when its bytes are not in a memory.
  bool decode(Operation& operation, std::uint8_t it);

  bool holds_code(std::uintptr_t host_page) const { return by_host_page_.contains(host_page); }
  /// Bytes at guest `address`, host `host`, changed.
  void written(Address address, const std::uint8_t* host, unsigned width);
  /// Bytes changed by other means than the core's own stores.
  void changed(Address address, Bytes size);
  /// Permissions changed: every page is asked for again before it is entered.
  void hide_pages();
  void clear();
  /// Forgets what was decoded and keeps the counts.
  void restart() { archive_all(); }

  void add_probe(Address address);
  void remove_probe(Address address);
  /// What a patched operation did before.
  Code probed_code(Address address) const { return probes_.at(address).code; }

  /// From now on branches to `functions`, and to what is called, take the operations that tell a listener.
  void show_tail_calls(std::unordered_set<Address> functions);

  /// Since reset.
  BeyondOneCycle beyond_one_cycle() const;

  /// In order of addresses; instructions that were never executed are left out.
  std::vector<InstructionCount> counts() const;

 private:
  Operation* locate_slow(Address pc);
  CodePage* make_page(Address pc, const Bus::Memory& memory);
  CodePage* find_page(Address address) const;
  void forget(CodePage& page, Address first, Address last);
  void reset_slot(CodePage& page, std::size_t slot);
  void archive_all();
  void show_tail_call(Operation& operation);

  /// 80 KiB each: enough for 8 MiB of code that is executed in every page.
  static constexpr std::size_t kMaxPages = 2048;

  const Bus& bus_;
  const Decoder& decoder_;
  PageTable& writable_pages_;
  std::function<Fetch(Address)> may_fetch_;
  std::vector<CodePage*> pages_;  ///< What locate() may enter without asking.
  std::unordered_map<Address, CodePage*> by_address_;
  std::vector<std::unique_ptr<CodePage>> owned_;
  std::unordered_map<std::uintptr_t, std::vector<CodePage*>> by_host_page_;
  struct Probe {
    Code code = Code::decode;  ///< What it took the place of.
    unsigned count = 0;        ///< How often it was added.
  };
  std::unordered_map<Address, Probe> probes_;
  bool shows_tail_calls_ = false;
  std::unordered_set<Address> functions_;
  std::map<Address, InstructionCount> archive_;  ///< Counts of pages that were given up.
  BeyondOneCycle archived_beyond_;               ///< The same, and of code that was overwritten.
  Operation fault_operation_;
};

}  // namespace mcusim::emulator::cortex_m
