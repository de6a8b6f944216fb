#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/heap_functions.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// Names of the functions of an allocator that is none of the known ones: the size is the first argument of
/// the one, the address the first of the other.
struct HeapSymbols {
  std::string allocate, release;
};

/// alloc=SYM,free=SYM. Throws InputError.
HeapSymbols parse_heap(const std::string& text);

/// Follows what firmware asks an allocator for, by probes at its functions and behind their calls. Counts
/// bytes as they were asked for, without what the allocator adds.
class HeapRecorder {
 public:
  /// Throws InputError when `own` names symbols that the image does not have.
  HeapRecorder(emulator::Machine& machine, const emulator::Image& image,
               const std::optional<HeapSymbols>& own);

  /// False: the image has no allocator that is known.
  bool works() const { return !functions_.empty(); }
  void at_probe(Address pc);
  /// Hears how many bytes are allocated after each change.
  void set_listener(std::function<void(Cycles, Bytes)> listener) { listener_ = std::move(listener); }

  Bytes peak() const { return peak_; }
  /// By caller; the functions are left unknown.
  std::vector<AllocationSite> sites() const;

 private:
  struct Block {
    Bytes size = 0;
    Address caller = 0;
  };
  struct OpenCall {
    bool allocates = false;
    bool is_break = false;
    Bytes size = 0;
    std::optional<Address> freed;
    Address caller = 0;
    std::uint32_t sp = 0;
  };

  void add(const HeapFunction& function, Address address);
  void enter(const HeapFunction& function, const emulator::Registers& registers);
  void leave(std::uint32_t result);
  void release(Address address);
  void move_break(const OpenCall& call);

  emulator::Machine& machine_;
  std::map<Address, HeapFunction> functions_;
  std::optional<OpenCall> open_;  ///< The outermost; what it calls is its own business.
  std::map<Address, Block> blocks_;
  std::map<Address, AllocationSite> sites_;
  Bytes live_ = 0, peak_ = 0;
  std::function<void(Cycles, Bytes)> listener_;
};

}  // namespace mcusim::profiler
