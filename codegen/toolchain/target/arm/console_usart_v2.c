/* The USART of STM32F7, G0, G4, H7, L4 and U5, and their LPUART, which differs in the unit of BRR only
 * (RM0433 chapters 48 and 49). */
#include "board.h"
#include "console.h"
#include "registers.h"

#define USART_CR1 (CONSOLE_BASE + 0x00u)
#define USART_BRR (CONSOLE_BASE + 0x0Cu)
#define USART_ISR (CONSOLE_BASE + 0x1Cu)
#define USART_TDR (CONSOLE_BASE + 0x28u)
#define CR1_UE (1u << 0)
#define CR1_TE (1u << 3)
#define ISR_TC (1u << 6)
#define ISR_TXE (1u << 7)
#define ISR_TEACK (1u << 21)

void console_start(void) {
  register_write(USART_BRR, CONSOLE_BRR); /* Writable only while UE is 0. */
  register_write(USART_CR1, CR1_UE | CR1_TE);
  register_wait(USART_ISR, ISR_TEACK, ISR_TEACK);
}

void console_put(char character) {
  register_wait(USART_ISR, ISR_TXE, ISR_TXE);
  register_write(USART_TDR, (unsigned char)character);
}

void console_flush(void) { register_wait(USART_ISR, ISR_TC, ISR_TC); }
