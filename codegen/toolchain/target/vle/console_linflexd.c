/* LINFlexD in UART mode (UM3100; register offsets as in ST's header of the SPC58 C line). */
#include "board.h"
#include "console.h"
#include "registers.h"

#define LINCR1 (CONSOLE_BASE + 0x00u)
#define UARTCR (CONSOLE_BASE + 0x10u)
#define UARTSR (CONSOLE_BASE + 0x14u)
#define LINFBRR (CONSOLE_BASE + 0x24u)
#define LINIBRR (CONSOLE_BASE + 0x28u)
#define BDRL (CONSOLE_BASE + 0x38u)
#define LINCR1_INIT (1u << 0)
#define UARTCR_UART (1u << 0)
#define UARTCR_8_BITS (1u << 1)
#define UARTCR_TXEN (1u << 4)
#define UARTSR_DTF (1u << 1) /* A byte has left; cleared by writing 1. */

void console_start(void) {
  register_write(LINCR1, LINCR1_INIT);
  register_write(UARTCR, UARTCR_UART); /* The others can be written only in UART mode. */
  register_write(UARTCR, UARTCR_UART | UARTCR_8_BITS | UARTCR_TXEN);
  register_write(LINIBRR, CONSOLE_BRR >> 4); /* The divider in sixteenths, as 16 samples make a bit. */
  register_write(LINFBRR, CONSOLE_BRR & 15u);
  register_write(LINCR1, 0);
}

void console_put(char character) {
  register_write(BDRL, (unsigned char)character);
  register_wait(UARTSR, UARTSR_DTF, UARTSR_DTF);
  register_write(UARTSR, UARTSR_DTF);
}

/* console_put() has waited. */
void console_flush(void) {}
