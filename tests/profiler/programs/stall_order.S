// Instructions that wait for two things at a time, at the end of a line of the flash, whatever its length. The
// number in `scenario` chooses whose flash interface is switched on.
    .syntax unified
    .thumb

    .macro function name
    .global \name
    .thumb_func
    .type \name, %function
\name:
    .endm
    .macro end name
    .size \name, . - \name
    .endm

    .section .vectors, "a"
    .word stack_top, reset_handler

    .text
function reset_handler
    ldr   r0, =scenario
    ldr   r0, [r0]
    ldr   r1, =settings
    add   r1, r1, r0, lsl #4
    ldm   r1, {r2-r5}
    str   r3, [r2]
    str   r5, [r4]
    dsb
    isb
    ldr   r2, =scenario
    ldr   r5, =far
    b     order
    .pool
    .balign 4
settings:                           // addresses and values of two registers
    .word 0x40023c00, 5, 0x40023c00, 5           // STM32F4: FLASH.ACR, five wait states
    .word 0x40022000, 4, 0x40030400, 5           // STM32U5: FLASH.ACR; ICACHE.CR, on with two ways
    .word 0x52002000, 0x37, 0x52002000, 0x37     // STM32H7: FLASH.ACR, seven wait states
end reset_handler

    .balign 64
function order
from_flash:
    ldr   r4, [r5]
    nop
    .rept 14
    nop.w                           // so long that no queue hides the next read of the flash
    .endr
    nop
late:
    ldr   r1, [r2]
    // --- a line begins
user:
    adds  r1, #1
    b     .
end order
    .global from_flash, user

    .balign 64
far:
    .word 1
    .balign 64

    .bss
    .global scenario
scenario:
    .space 4
