// As echo.c, but everything happens in the interrupt of the USART, number 39; the program itself sleeps.
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t*)(address))
#define USART_CR1 REGISTER(0x40004800)
#define USART_BRR REGISTER(0x4000480c)
#define USART_RDR REGISTER(0x40004824)
#define USART_TDR REGISTER(0x40004828)
#define NVIC_ISER1 REGISTER(0xe000e104)

extern uint32_t stack_top[];

void reset_handler(void) {
  USART_BRR = 400;
  USART_CR1 = 1u << 5 | 1u << 3 | 1u << 2 | 1u << 0;
  NVIC_ISER1 = 1u << (39 - 32);
  for (;;) __asm volatile("wfi");
}

void usart_handler(void) {
  uint32_t byte = USART_RDR;
  USART_TDR = byte >= 'a' && byte <= 'z' ? byte - 32 : byte;
}

__attribute__((section(".vectors"), used)) const void* const vectors[16 + 40] = {
    [0] = stack_top, [1] = (const void*)reset_handler, [16 + 39] = (const void*)usart_handler};
