#pragma once

#include "common/units.h"

namespace mcusim::emulator {

/// Hears of every access to a memory, byte by byte exact, in order.
class AccessListener {
 public:
  virtual ~AccessListener() = default;

  /// The instruction at `pc` reads; told before it does. What exception return takes from the stack is not
  /// told.
  virtual void loading(Address address, unsigned width, Address pc) = 0;
  /// The instruction at `pc` has written; or, where the core was interrupted at `pc`, exception entry has.
  virtual void stored(Address address, unsigned width, Address pc) = 0;
  /// Somebody else wrote: a device, a debugger, the host.
  virtual void changed(Address address, Bytes size) = 0;
};

}  // namespace mcusim::emulator
