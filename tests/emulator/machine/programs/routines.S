@ One routine per behaviour; tests start at its symbol. The number behind an instruction is its cost in the table
@ of tests/emulator/test_mcu.h.
  .syntax unified
  .thumb
  .cpu cortex-m4
  .fpu fpv4-sp-d16

  .section .vectors, "a"
  .word stack_top
  .word reset_handler

  .text
  .macro routine name
  .balign 4
  .global \name
  .type \name, %function
  .thumb_func
\name:
  .endm
  .macro done name
  .size \name, . - \name
  .endm

routine reset_handler
  b .
done reset_handler

routine straight          @ 1+1+2+1+12+1+3 = 21
  movs r0, #100           @ 1
  movs r1, #7             @ 1
  ldr r2, =0x20000104     @ 2 (a literal)
  str r0, [r2]            @ 1 (the table has no row for it)
  udiv r3, r0, r1         @ 12
  mov r4, r3, lsl #2      @ 1
  ldrd r6, r7, [r2]       @ 3
straight_end:
  b .
done straight

routine multiples         @ 1+2+5+5+9+1+7 = 30 with the literal load
  mov r12, sp             @ 1
  ldr r2, =0x20000100     @ 2
  stm r2, {r4-r7}         @ 1+4
  ldm r2, {r4-r7}         @ 1+4
  push {r0-r7}            @ 1+8
  mov sp, r12             @ 1
  vldm r2, {d0-d2}        @ 1+6
  b .
done multiples

routine loop              @ 1 + 10 * (1 + 1) + 9 * 2 = 39
  movs r0, #10            @ 1
1:
  subs r0, #1             @ 1, 10 times
  bne 1b                  @ 1, 10 times, and 2 more when taken, 9 times
  b .
done loop

routine compare_branch    @ 1 + (1+2) + 1 + 1 = 6
  movs r0, #0             @ 1
  cbz r0, 1f              @ 1+2: taken
  movs r1, #1
1:
  cbnz r0, 2f             @ 1: not taken
  movs r1, #2             @ 1
2:
  b .
done compare_branch

routine if_then           @ 1+1+1 + 1+1 (executed) + 1 (skipped) = 6; 5 instructions, 1 skipped
  movs r3, #0             @ 1
  cmp r3, #0              @ 1
  itte eq                 @ 1
  addeq r3, #1            @ 1
  addeq r3, #2            @ 1
  addne r3, #4            @ skipped, 1
  b .
done if_then

routine if_then_skipped   @ 1+1+1 + 2 (skipped: a wide and a narrow one) = 5; 3 instructions, 2 skipped
  movs r3, #1             @ 1
  cmp r3, #0              @ 1
  itt eq                  @ 1
  addeq.w r3, r3, #1      @ skipped, 1
  addeq r3, #2            @ skipped, 1
  b .
done if_then_skipped

routine conditional_return  @ returns inside an IT block
  cmp r0, #0
  it eq
  bxeq lr
  movs r0, #99
  bx lr
done conditional_return

routine calls             @ 1 + (1+2) + 1 + (1+2) + 1 = 9
  movs r0, #5             @ 1
  bl callee               @ 1+2
after_call:
  mov r1, r0              @ 1, behind the callee's adds 1 and bx 1+2
  b .
done calls

routine callee
  adds r0, #1             @ 1
  bx lr                   @ 1+2
done callee

routine next_branch       @ a branch to the next instruction is taken: 1+2
  b 1f
1:
  b .
done next_branch

routine table_branch      @ 1 + (2+2) = 5
  movs r0, #1             @ 1
  tbb [pc, r0]            @ 2+2
  .byte 1, 2
1:
  nop
2:
  b .
done table_branch

routine pop_pc            @ 2 + (1+1) + (1+1+2) = 8
  ldr r0, =pop_pc_end + 1 @ 2
  push {r0}               @ 1+1
  pop {pc}                @ 1+1+2
  nop
pop_pc_end:
  b .
done pop_pc

routine fpu               @ the FPU is usable: (3.0f * 0.5f + 10.0f) -> r0 = 11
  vmov.f32 s0, #3.0
  vmov.f32 s1, #0.5
  vmov.f32 s2, #10.0
  vfma.f32 s2, s0, s1
  vcvt.s32.f32 s2, s2
  vmov r0, s2
  b .
done fpu

routine cycle_counter     @ r2 = difference of two readings around 3 nops
  ldr r0, =0xe000edfc
  ldr r1, [r0]
  orr r1, r1, #0x01000000
  str r1, [r0]
  ldr r0, =0xe0001000
  movs r1, #1
  str r1, [r0]
  ldr r2, [r0, #4]        @ 2
  nop                     @ 1
  nop                     @ 1
  nop                     @ 1
  ldr r3, [r0, #4]
  subs r2, r3, r2
  b .
done cycle_counter

routine timer             @ r2 = CNT of TIM5 at PSC = 9 after 100 cycles of nops and some
  ldr r0, =0x40000c00
  movs r1, #9
  str r1, [r0, #0x28]     @ PSC
  movs r1, #1
  str r1, [r0, #0x14]     @ EGR.UG takes the prescaler over
  str r1, [r0]            @ CEN
  .rept 100
  nop
  .endr
  ldr r2, [r0, #0x24]
  b .
done timer

routine write_flash
  ldr r0, =0x08000000
write_flash_at:
  str r0, [r0]
  b .
done write_flash

routine read_nothing
  ldr r0, =0x10000000
  movs r1, #0
read_nothing_at:
  ldrh r2, [r0, #4]
  b .
done read_nothing

routine write_nothing
  ldr r0, =0x90000000
write_nothing_at:
  strb r0, [r0]
  b .
done write_nothing

routine fetch_nothing
  ldr r0, =0x10000001
fetch_nothing_at:
  bx r0
done fetch_nothing

routine fetch_device
  ldr r0, =0x40000001
fetch_device_at:
  bx r0
done fetch_device

routine arm_state
  ldr r0, =0x20000000
arm_state_at:
  bx r0
done arm_state

routine supervisor_call
  nop
supervisor_call_at:
  svc #3
  b .
done supervisor_call

routine breakpoint
  nop
breakpoint_at:
  bkpt #7
  b .
done breakpoint

routine undefined
  nop
undefined_at:
  udf #9
  b .
done undefined

routine undefined_wide
  nop
undefined_wide_at:
  .inst.w 0xf7f0a000
  b .
done undefined_wide

routine exception_return
  mvn r0, #6
exception_return_at:
  bx r0
done exception_return

routine wait_for_interrupt
  nop
wait_for_interrupt_at:
  wfi
  b .
done wait_for_interrupt

routine events            @ the first WFE finds the event that SEV left, the second sleeps
  sev
  yield
  wfe
  movs r0, #1
events_at:
  wfe
  movs r0, #2
  b .
done events

routine endless
  movs r0, #0
1:
  adds r0, #1
  b 1b
done endless

routine from_ram          @ copies `adds r0, #1; bx lr` to RAM, runs it, changes it to adds r0, #5, runs it again
  ldr r4, =0x20000200
  ldr r1, =0x47703001
  str r1, [r4]
  movs r0, #0
  orr r5, r4, #1
  blx r5
  ldr r1, =0x47703005
  str r1, [r4]
  dsb
  isb
  blx r5
  b .
done from_ram

routine old_usart         @ prints "ok" over the USART of the older kind
  ldr r0, =0x40011000
  movw r1, #0x2008
  str r1, [r0, #12]
  movs r1, #'o'
  str r1, [r0, #4]
  movs r1, #'k'
  str r1, [r0, #4]
  b .
done old_usart

routine not_modelled      @ an unknown peripheral, twice, and an interrupt that is enabled
  ldr r0, =0x40020c04
not_modelled_at:
  str r0, [r0]
  ldr r1, [r0]
  ldr r2, =0xe000e100
  str r0, [r2]
  b .
done not_modelled

  .ltorg
