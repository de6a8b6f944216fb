/* The board's console UART, transmit only and polled. */
#ifndef CONSOLE_H
#define CONSOLE_H

void console_start(void);
void console_put(char character);
/* Returns when the last bit has left the pin. */
void console_flush(void);

#endif
