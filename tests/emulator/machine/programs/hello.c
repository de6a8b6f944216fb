// Copies .data as start-up code does, switches on a USART of the newer kind at 0x40004800 and the cycle
// counter, and prints a sum that the FPU has computed.
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t*)(address))
#define USART_CR1 REGISTER(0x40004800)
#define USART_ISR REGISTER(0x4000481c)
#define USART_TDR REGISTER(0x40004828)
#define CPACR REGISTER(0xe000ed88)
#define DEMCR REGISTER(0xe000edfc)
#define DWT_CTRL REGISTER(0xe0001000)
#define DWT_CYCCNT REGISTER(0xe0001004)

extern uint32_t data_start[], data_end[], data_load[], stack_top[];

volatile float factors[2] = {1.5f, 28.0f};
volatile uint32_t cycles;
uint32_t table[64];

__attribute__((noinline)) void print(const char* text) {
  for (; *text != 0; ++text) {
    while ((USART_ISR & (1u << 7)) == 0) {
    }
    USART_TDR = (uint8_t)*text;
  }
}

__attribute__((noinline)) uint32_t product(void) { return (uint32_t)(factors[0] * factors[1]); }

void reset_handler(void) {
  const uint32_t* from = data_load;
  for (uint32_t* to = data_start; to < data_end; ++to) *to = *from++;
  CPACR |= 0xfu << 20;
  DEMCR |= 1u << 24;
  DWT_CYCCNT = 0;
  DWT_CTRL |= 1;
  USART_CR1 = 1u << 3 | 1u << 2 | 1u << 0;
  while ((USART_ISR & (3u << 21)) != 3u << 21) {
  }
  print("hello ");
  const uint32_t value = product();
  const char digits[] = {(char)('0' + value / 10), (char)('0' + value % 10), '\n', 0};
  print(digits);
  cycles = DWT_CYCCNT;
  table[0] = value;
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) const void* const vectors[] = {stack_top,
                                                                         (const void*)reset_handler};
