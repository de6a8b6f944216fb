#pragma once

namespace mcusim::emulator {

/// The operation behind `op`. Not op + op->slots, for which the host would wait before it begins the next
/// handler, but a branch, which it predicts; the compiler must not make an addition of it again.
template <typename Operation>
[[gnu::always_inline]] inline Operation* successor(Operation* op) {
  if (op->slots != 1) return op + 2;
  ++op;
  asm("" : "+r"(op));
  return op;
}

}  // namespace mcusim::emulator
