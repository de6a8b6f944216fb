    .syntax unified
    .thumb
    .section .text.assembly, "ax"
    .global assembly
    .type assembly, %function
assembly:
    nop
    bx lr                @ assembly returns
    .size assembly, . - assembly
