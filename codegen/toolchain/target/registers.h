/* Access to memory-mapped registers, for the generated start-up steps and the drivers. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

static inline void register_write(uint32_t address, uint32_t value) { REGISTER(address) = value; }

static inline void register_modify(uint32_t address, uint32_t mask, uint32_t value) {
  REGISTER(address) = (REGISTER(address) & ~mask) | value;
  /* A clock enable needs some bus cycles before the peripheral answers; reading back takes them. */
  (void)REGISTER(address);
}

static inline void register_wait(uint32_t address, uint32_t mask, uint32_t value) {
  while ((REGISTER(address) & mask) != value) {
  }
}

#endif
