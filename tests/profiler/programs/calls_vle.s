# Programs for the e200 whose profile is known by construction: one for each number in `scenario`. What each
# function executes can be counted on the lines.
    .macro function name
    .global \name
    .type \name, @function
\name:
    .endm
    .macro end name
    .size \name, . - \name
    .endm
    .macro address reg, symbol          # 2
    e_lis  \reg, \symbol@ha
    e_add16i \reg, \reg, \symbol@l
    .endm
    .macro enter                        # 3
    se_mflr r0
    e_stwu r1, -16(r1)
    e_stw  r0, 20(r1)
    .endm
    .macro leave                        # 4
    e_lwz  r0, 20(r1)
    se_mtlr r0
    e_add16i r1, r1, 16
    se_blr
    .endm

    .section .boot, "a"
    .long 0x00a50001, reset_handler

# Handlers lie at the offsets that IVOR has at reset, those of hardware vectors 0x1000 behind.
    .section .vectors, "ax"
    .org 0x80
function system_call                    # 6
    e_stwu r1, -32(r1)
    e_stmvsprw 8(r1)
    e_bl   leaf
    e_lmvsprw 8(r1)
    e_add16i r1, r1, 32
    se_rfi
end system_call
    .org 0x1000
function vector0                        # 1
    e_b    irq0_handler
end vector0
function vector1                        # 1
    e_b    irq1_handler
end vector1

    .text
function reset_handler                  # 15, then the branch to itself
    address r1, stack_top
    e_lis  r3, vectors@h
    mtspr  63, r3
    e_lis  r3, scenario@ha
    e_lwz  r3, scenario@l(r3)
    se_slwi r3, 2
    address r4, scenarios
    lwzx   r4, r4, r3
    se_mtctr r4
    se_bctrl
    wrteei 0
    se_nop
    se_nop
stop:
    se_b   stop
end reset_handler

    .balign 4
scenarios:
    .long recursion, tail_calls, long_jump, interrupts, 0, switch_table, tail_loop, supervisor
    .long link_register, launch

function leaf                           # 2
    se_nop
    se_blr
end leaf

# --- recursion: 5 activations
function recursion                      # 9
    enter
    se_li  r3, 5
    e_bl   recurse
    leave
end recursion
function recurse                        # 10, the innermost 9
    enter
    se_subi. r3, 1
    e_beq  1f
    e_bl   recurse
1:  leave
end recurse

# --- tail calls: direct, by register and with a condition
function tail_calls                     # 9
    enter
    e_bl   first
    e_bl   leaf
    leave
end tail_calls
function first                          # 2
    se_nop
    e_b    second
end first
function second                         # 4
    address r3, third
    se_mtctr r3
    se_bctr
end second
function third                          # 2
    e_cmp16i r3, 0
    e_bne  fourth
end third
function fourth                         # 8
    enter
    e_bl   leaf
    leave
end fourth

# --- long jump out of two functions
function long_jump                      # 12
    enter
    se_mr  r31, r1
    address r30, landing
    e_bl   outer
    se_illegal
landing:
    e_bl   leaf
    leave
end long_jump
function outer                          # 4
    enter
    e_bl   inner
    leave
end outer
function inner                          # 4
    e_stwu r1, -16(r1)
    se_mr  r1, r31
    se_mtctr r30
    se_bctr
end inner

# --- source 0 interrupts victim, and source 1, which has a higher priority, the handler of source 0
function interrupts                     # 19
    enter
    e_lis  r4, 0xf404
    e_or2i r4, 0x4000
    se_li  r3, 1                        # BCR: hardware vectors
    e_stw  r3, 0(r4)
    e_lis  r3, 0x8005                   # PSR of both
    e_or2i r3, 0x8006
    e_stw  r3, 0x60(r4)
    se_li  r3, 0                        # CPR
    e_stw  r3, 0x10(r4)
    wrteei 1
    e_bl   victim
    e_bl   leaf
    leave
end interrupts
function victim                         # 5
    se_li  r3, 2
    e_stb  r3, 0x40(r4)
    se_nop
    se_nop
    se_blr
end victim
function irq0_handler                   # 20
    e_stwu r1, -80(r1)
    e_stmvsrrw 8(r1)
    e_stmvgprw 16(r1)
    e_stmvsprw 60(r1)
    e_lis  r4, 0xf404
    e_or2i r4, 0x4000
    se_li  r3, 1
    e_stb  r3, 0x40(r4)
    wrteei 1
    e_bl   leaf
    se_li  r3, 2
    e_stb  r3, 0x41(r4)
    e_bl   leaf
    wrteei 0
    e_stw  r3, 0x30(r4)                 # EOIR
    e_lmvsprw 60(r1)
    e_lmvgprw 16(r1)
    e_lmvsrrw 8(r1)
    e_add16i r1, r1, 80
    se_rfi
end irq0_handler
function irq1_handler                   # 8, with r4 as irq0_handler has it
    e_stwu r1, -16(r1)
    e_stw  r5, 8(r1)
    se_li  r5, 1
    e_stb  r5, 0x41(r4)
    e_stw  r5, 0x30(r4)
    e_lwz  r5, 8(r1)
    e_add16i r1, r1, 16
    se_rfi
end irq1_handler

# --- a jump table
function switch_table                   # 13
    enter
    address r3, places
    e_lwz  r4, 4(r3)
    se_mtctr r4
    se_bctr
    se_illegal
there:
    e_bl   leaf
    leave
    .balign 4
places:
    .long 0, there
end switch_table

# --- two functions that tail-call each other, ten times each
function tail_loop                      # 9
    enter
    se_li  r3, 20
    e_bl   ping
    leave
end tail_loop
function ping
    se_subi r3, 1
    e_b    pong
end ping
function pong
    se_subi. r3, 1
    e_bne  ping
    se_blr
end pong

function supervisor                     # 8
    enter
    se_sc
    leave
end supervisor

# --- a call through LR
function link_register                  # 11
    enter
    address r3, leaf
    se_mtlr r3
    se_blrl
    leave
end link_register

# --- rfi as a jump: how an operating system begins its first task
function launch                         # 9
    enter
    address r3, task
    mtspr  26, r3
    mfmsr  r4
    mtspr  27, r4
    se_rfi
end launch
function task                           # 5, in the frame of launch
    e_bl   leaf
    leave
end task

    .bss
    .global scenario
scenario:
    .long 0
