// Sends back in capitals what comes over a USART of the newer kind at 0x40004800, with
// 400 ticks per bit.
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t*)(address))
#define USART_CR1 REGISTER(0x40004800)
#define USART_BRR REGISTER(0x4000480c)
#define USART_ISR REGISTER(0x4000481c)
#define USART_RDR REGISTER(0x40004824)
#define USART_TDR REGISTER(0x40004828)

extern uint32_t stack_top[];

void reset_handler(void) {
  USART_BRR = 400;
  USART_CR1 = 1u << 3 | 1u << 2 | 1u << 0;
  for (;;) {
    while ((USART_ISR & 1u << 5) == 0) {
    }
    uint32_t byte = USART_RDR;
    USART_TDR = byte >= 'a' && byte <= 'z' ? byte - 32 : byte;
  }
}

__attribute__((section(".vectors"), used)) const void* const vectors[] = {stack_top, (void*)reset_handler};
