/* The USART of STM32F1, F2 and F4 (RM0008 chapter 27, RM0090 chapter 30). */
#include "board.h"
#include "console.h"
#include "registers.h"

#define USART_SR (CONSOLE_BASE + 0x00u)
#define USART_DR (CONSOLE_BASE + 0x04u)
#define USART_BRR (CONSOLE_BASE + 0x08u)
#define USART_CR1 (CONSOLE_BASE + 0x0Cu)
#define SR_TC (1u << 6)
#define SR_TXE (1u << 7)
#define CR1_TE (1u << 3)
#define CR1_UE (1u << 13)

void console_start(void) {
  register_write(USART_BRR, CONSOLE_BRR);
  register_write(USART_CR1, CR1_UE | CR1_TE);
}

void console_put(char character) {
  register_wait(USART_SR, SR_TXE, SR_TXE);
  register_write(USART_DR, (unsigned char)character);
}

void console_flush(void) { register_wait(USART_SR, SR_TC, SR_TC); }
