#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "common/units.h"
#include "emulator/bus/bus.h"

namespace mcusim::emulator {

/// Which pages a core may access without a check, one entry per 4 KiB page: host address minus guest
/// address, or 0 for "take the slow path". Entries are filled on first use, once bus, protection unit and
/// code cache agree, and forgotten when one of them changes its mind.
class PageTable {
 public:
  PageTable() : entries_(static_cast<std::uintptr_t*>(std::calloc(kPages, sizeof(std::uintptr_t)))) {
    if (!entries_) throw std::bad_alloc();
  }

  const std::uintptr_t* entries() const { return entries_.get(); }

  void fill(Address address, std::uint8_t* host_page) {
    const Address page = address >> Bus::kPageBits;
    if (entries_[page] == 0) filled_.push_back(page);
    entries_[page] = reinterpret_cast<std::uintptr_t>(host_page) - (page << Bus::kPageBits);
  }

  void clear() {
    for (const Address page : filled_) entries_[page] = 0;
    filled_.clear();
  }

  /// Forgets every guest page that shows the host page at `host_page`.
  void forget_host_page(std::uintptr_t host_page) {
    for (std::size_t i = 0; i < filled_.size();) {
      const Address page = filled_[i];
      if (entries_[page] + (page << Bus::kPageBits) == host_page) {
        entries_[page] = 0;
        filled_[i] = filled_.back();
        filled_.pop_back();
      } else {
        ++i;
      }
    }
  }

 private:
  static constexpr std::size_t kPages = std::size_t{1} << (32 - Bus::kPageBits);
  struct Free {
    void operator()(std::uintptr_t* entries) const { std::free(entries); }
  };
  std::unique_ptr<std::uintptr_t[], Free> entries_;
  std::vector<Address> filled_;
};

}  // namespace mcusim::emulator
