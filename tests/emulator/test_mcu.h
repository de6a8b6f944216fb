#pragma once

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// A Cortex-M4F made up for tests: 128 KB of flash, 64 KB of RAM, a USART of the newer kind as the console
/// and one of the older, a 32-bit timer, and a clock control block whose ready bit follows its on bit. Costs
/// after the Cortex-M4 TRM (100166) table 3-1, with a pipeline refill of 2 cycles.
inline mcu_models::McuModel test_mcu() {
  using namespace mcu_models;
  McuModel mcu;
  mcu.name = "test-m4";
  mcu.core.name = "cortex-m4";
  mcu.core.dsp = true;
  mcu.core.mpu_regions = 8;
  mcu.core.cpuid = 0x410fc241;
  mcu.core.costs = {
      {"load", {2, 0, 0}},           {"load_register", {2, 0, 0}},    {"load_pc", {2, 0, 2}},
      {"load_multiple", {1, 1, 2}},  {"load_double", {3, 0, 0}},      {"store_double", {3, 0, 0}},
      {"store_multiple", {1, 1, 0}}, {"branch", {1, 0, 2}},           {"branch_conditional", {1, 0, 2}},
      {"branch_compare", {1, 0, 2}}, {"branch_link", {1, 0, 2}},      {"branch_register", {1, 0, 2}},
      {"branch_table", {2, 0, 2}},   {"divide", {12, 0, 0}},          {"fp_divide", {14, 0, 0}},
      {"fp_fused_mac", {3, 0, 0}},   {"fp_load_multiple", {1, 1, 0}},
  };
  mcu.fpu = Fpu::fpv4_sp;
  mcu.default_board = "test-board";
  mcu.memory = {{"FLASH", MemoryKind::flash, 0x08000000, 128 * 1024, true, {}},
                {"SRAM1", MemoryKind::ram, 0x20000000, 64 * 1024, true, {}}};
  PeripheralModel usart;
  usart.name = "USART3";
  usart.model = "usart_v2";
  usart.base = 0x40004800;
  PeripheralModel old_usart = usart;
  old_usart.name = "USART1";
  old_usart.model = "usart_v1";
  old_usart.base = 0x40011000;
  PeripheralModel timer;
  timer.name = "TIM5";
  timer.model = "timer";
  timer.base = 0x40000c00;
  PeripheralModel rcc;
  rcc.name = "RCC";
  rcc.base = 0x40023800;
  rcc.registers = {{"CR", 0, 0x83}, {"CFGR", 8, 0}};
  rcc.rules = {{0, 25, 1, 0, 24, 0}, {8, 2, 2, 8, 0, 0}};
  mcu.peripherals = {usart, old_usart, timer, rcc};
  return mcu;
}

inline mcu_models::BoardModel test_board() {
  mcu_models::BoardModel board;
  board.name = "test-board";
  board.mcu = "test-m4";
  board.core_clock = 100'000'000;
  board.console.peripheral = "USART3";
  return board;
}

}  // namespace mcusim::emulator
