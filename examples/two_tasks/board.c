#include "board.h"

#include <stdint.h>

#include "kernel.h"

// RM0390 and RM0383: the same addresses on all STM32F4.
#define REGISTER(address) (*(volatile uint32_t*)(address))
#define RCC_AHB1ENR REGISTER(0x40023830)
#define RCC_APB1ENR REGISTER(0x40023840)
#define GPIOA_MODER REGISTER(0x40020000)
#define GPIOA_AFRL REGISTER(0x40020020)
#define USART2_SR REGISTER(0x40004400)
#define USART2_DR REGISTER(0x40004404)
#define USART2_BRR REGISTER(0x40004408)
#define USART2_CR1 REGISTER(0x4000440c)
#define CPACR REGISTER(0xe000ed88)

#define SR_TC (1u << 6)
#define SR_TXE (1u << 7)

extern uint32_t data_image[], data_begin[], data_end[], bss_begin[], bss_end[], __stack_top[];
int main(void);

void board_start(void) {
  RCC_AHB1ENR |= 1u << 0;                              // GPIOA
  RCC_APB1ENR |= 1u << 17;                             // USART2
  GPIOA_MODER = (GPIOA_MODER & ~(3u << 4)) | 2u << 4;  // PA2: alternate function
  GPIOA_AFRL = (GPIOA_AFRL & ~(0xfu << 8)) | 7u << 8;  // 7, USART2_TX
  USART2_BRR = (BOARD_CLOCK + 115200 / 2) / 115200;
  USART2_CR1 = 1u << 13 | 1u << 3;  // on, transmitter on
}

void board_put(char letter) {
  while ((USART2_SR & SR_TXE) == 0) {
  }
  USART2_DR = (uint8_t)letter;
}

void board_print(const char* text) {
  while (*text) board_put(*text++);
}

void board_end(void) {
  while ((USART2_SR & SR_TC) == 0) {
  }
  __asm volatile("cpsid i");
  for (;;) {
  }
}

__attribute__((noreturn)) void reset_handler(void) {
  for (uint32_t *to = data_begin, *from = data_image; to != data_end;) *to++ = *from++;
  for (uint32_t* to = bss_begin; to != bss_end;) *to++ = 0;
  CPACR |= 0xfu << 20;  // floating point
  __asm volatile("dsb\n isb" ::: "memory");
  main();
  for (;;) {
  }
}

__attribute__((noreturn)) void fault_handler(void) {
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[16] = {__stack_top,
                                                                                   (void*)reset_handler,
                                                                                   (void*)fault_handler,
                                                                                   (void*)fault_handler,
                                                                                   (void*)fault_handler,
                                                                                   (void*)fault_handler,
                                                                                   (void*)fault_handler,
                                                                                   0,
                                                                                   0,
                                                                                   0,
                                                                                   0,
                                                                                   (void*)fault_handler,
                                                                                   (void*)fault_handler,
                                                                                   0,
                                                                                   (void*)PendSV_Handler,
                                                                                   (void*)SysTick_Handler};
