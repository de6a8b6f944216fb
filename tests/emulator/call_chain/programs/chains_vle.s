# Ways into a fault on the e200: one for each number in `scenario`. Functions without .cfi have no call frame table.
    .macro function name
    .global \name
    .type \name, @function
\name:
    .endm
    .macro end name
    .size \name, . - \name
    .endm
    .macro address reg, symbol
    e_lis  \reg, \symbol@ha
    e_add16i \reg, \reg, \symbol@l
    .endm
    .macro enter
    se_mflr r0
    e_stwu r1, -16(r1)
    e_stw  r0, 20(r1)
    .endm
    .macro leave
    e_lwz  r0, 20(r1)
    se_mtlr r0
    e_add16i r1, r1, 16
    se_blr
    .endm

    .cfi_sections .debug_frame
    .section .boot, "a"
    .long 0x00a50001, reset_handler

    .section .vectors, "ax"
    .org 0x10
function machine_check
    se_b   machine_check
end machine_check
    .org 0x1000
function vector0
    e_b    irq0_handler
end vector0

    .text
function reset_handler
    address r1, stack_top
    e_li   r0, 0
    e_stwu r0, -16(r1)                  # the end of the back chain
    e_lis  r3, scenario@ha
    e_lwz  r3, scenario@l(r3)
    se_slwi r3, 2
    address r4, scenarios
    lwzx   r4, r4, r3
    se_mtctr r4
    se_bctrl
stop:
    se_b   stop
end reset_handler
    .balign 4
scenarios:
    .long nested, called_before, in_interrupt, other_stack, with_tables

function leaf                           # reads where nothing is
    e_lis  r5, 0x7000
    e_lwz  r5, 0(r5)
    se_blr
end leaf
function quiet
    se_blr
end quiet

# --- nested: leaf has no frame, its callers have
function nested
    enter
    e_bl   middle
    leave
end nested
function middle
    enter
    e_bl   leaf
    leave
end middle

# --- LR points into the function that faults, behind its own call
function called_before
    enter
    e_bl   calls_and_faults
    leave
end called_before
function calls_and_faults
    enter
    e_bl   quiet
    e_lis  r5, 0x7000
    e_lwz  r5, 0(r5)
    leave
end calls_and_faults

# --- source 0 interrupts victim; its handler calls leaf
function in_interrupt
    enter
    e_li   r6, 0
    e_bl   raise
    leave
end in_interrupt
function raise                          # 0: the handler stays on this stack
    enter
    e_lis  r3, vectors@h
    mtspr  63, r3
    e_lis  r4, 0xf404
    e_or2i r4, 0x4000
    se_li  r3, 1
    e_stw  r3, 0(r4)
    e_li   r3, 0x8005
    e_sth  r3, 0x60(r4)
    se_li  r3, 0
    e_stw  r3, 0x10(r4)
    wrteei 1
    e_bl   victim
    leave
end raise
function victim                         # a leaf without a frame
    se_li  r3, 2
    e_stb  r3, 0x40(r4)
    se_nop
    se_nop
    se_blr
end victim
function irq0_handler
    e_stwu r1, -80(r1)
    e_stmvsrrw 8(r1)
    e_stmvsprw 60(r1)
    e_cmp16i r6, 0
    e_beq  1f
    se_mr  r7, r1                       # to the interrupts' own stack, above the other
    address r1, interrupt_stack_top
    e_stwu r7, -16(r1)
1:  e_bl   leaf
    se_illegal
end irq0_handler

# --- the same with a handler that changes to a stack of its own
function other_stack
    enter
    e_li   r6, 1
    e_bl   raise
    leave
end other_stack

# --- functions with tables
function with_tables
    .cfi_startproc
    se_mflr r0
    e_stwu r1, -32(r1)
    .cfi_def_cfa_offset 32
    e_stw  r0, 36(r1)
    .cfi_offset lr, 4
    e_stw  r31, 28(r1)
    .cfi_offset r31, -4
    se_mr  r31, r1
    .cfi_def_cfa_register r31
    e_stwu r1, -64(r1)                  # as much as r31 alone knows of
    e_bl   leaf_with_table
    se_illegal
    .cfi_endproc
end with_tables
function leaf_with_table
    .cfi_startproc
    e_lis  r5, 0x7000
    e_lwz  r5, 0(r5)
    se_blr
    .cfi_endproc
end leaf_with_table

    .bss
    .global scenario
scenario:
    .long 0
