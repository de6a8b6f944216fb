@ Written by hand, without call frame information.
    .syntax unified
    .thumb
    .section .text.no_tables, "ax"

    .global assembly_frame          @ uint32_t assembly_frame(callee, value): a frame, then the call
    .type assembly_frame, %function
assembly_frame:
    push {r4, r5, r6, lr}
    sub sp, #24
    mov r4, r0
    mov r0, r1
    blx r4
    add sp, #24
    pop {r4, r5, r6, pc}
    .size assembly_frame, . - assembly_frame

    .global assembly_leaf           @ faults with the return address in LR only
    .type assembly_leaf, %function
assembly_leaf:
    mov r1, #0x70000000
    str r0, [r1]
    bx lr
    .size assembly_leaf, . - assembly_leaf
