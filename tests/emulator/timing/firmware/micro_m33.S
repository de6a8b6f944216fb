@ Sequences for Cortex-M33 whose cycles are known. Each stands behind eight no-operations, which issue in pairs,
@ begins on a word and ends with one move, which never pairs. NAME_from and NAME_to mark what is counted.
  .syntax unified
  .cpu cortex-m33
  .fpu fpv5-sp-d16
  .thumb
  .section .vectors, "a"
  .word 0x20001000, idle + 1
  .text
  .thumb_func
idle:
  b .

  .macro sequence name
  .balign 16
  .rept 8
  nop
  .endr
  .global \name\()_from, \name\()_to
\name\()_from:
  .endm
  .macro ends name
  mov r10, r10
\name\()_to:
  nop
  nop
  b .
  .endm
  .macro program name, code
  sequence \name
  \code
  ends \name
  .endm

  program moves, "mov r10, r10; mov r10, r10; mov r10, r10; mov r10, r10"
  program nops, "nop; nop; nop; nop"
  program sum_nop, "adds r4, r5; nop"
  program nop_sum, "nop; adds r4, r5"
  program load_nop, "ldr r4, [r0]; nop"
  program wide_nop, "add.w r4, r4, r5; nop"
  program sum_wide_nop, "adds r4, r5; nop.w"
  program sums, "adds r4, #1; adds r4, #1; adds r4, #1"
  program shifted_use, "add.w r4, r5, r6, lsl #2; adds r7, r7, r4"
  program shifted_no_use, "add.w r4, r5, r6, lsl #2; adds r7, r7, r5"
  program shifted_later, "add.w r4, r5, r6, lsl #2; mov r10, r10; adds r7, r7, r4"
  program rotated_use, "eor r4, r5, #0x1fc0; adds r7, r7, r4"
  program simple_constant, "add.w r4, r5, #1; adds r7, r7, r4"
  program wide_constant, "addw r4, r5, #0xff9; adds r7, r7, r4"
  program pattern_constant, "eor.w r4, r5, #0x1b1b1b1b; adds r7, r7, r4"
  program rotated_flags, "adds.w r4, r5, #0x1fc0"
  program shifted_flags, "adds.w r4, r5, r6, lsl #3"
  program move_rotated_flags, "movs.w r4, #0x1fc0"
  program shifted_carry, "adds.w r4, r5, r6, lsl #3; adcs r7, r7, r3"
  program muls, "muls r4, r5, r4"
  program mul_use, "mul r4, r5, r6; adds r7, r7, r4"
  program mla_chain, "mla r4, r5, r6, r4; mla r4, r5, r6, r4; mla r4, r5, r6, r4"
  program mla_factor, "mla r4, r5, r6, r4; mla r7, r4, r6, r7"
  program smlal_chain, "smull r4, r7, r5, r6; smlal r4, r7, r5, r6; smlal r4, r7, r5, r6"
  program smlad_chain, "smlad r4, r5, r6, r4; smlad r4, r5, r6, r4"
  program shifted_to_mla, "add.w r4, r5, r6, lsl #2; mla r4, r5, r6, r4"
  program extend_to_mla, "uxtab r4, r5, r6; mla r4, r5, r6, r4"
  program mla_to_extend, "mla r4, r5, r6, r4; uxtab r4, r4, r6"
  program extend_use, "uxtab r4, r5, r6; adds r7, r7, r4"
  program mla_to_shifted, "mla r4, r5, r6, r4; add.w r7, r4, r6, lsl #2"
  program simd_use, "uadd8 r4, r5, r6; adds r7, r7, r4"
  program simd_to_mla, "uadd8 r4, r5, r6; mla r4, r5, r6, r4"
  program saturate_use, "qsub r4, r5, r6; adds r7, r7, r4"
  program pack_use, "pkhbt r4, r5, r6; adds r7, r7, r4"
  program insert_use, "bfi r4, r5, #3, #4; adds r7, r7, r4"
  program load_use, "ldr r4, [r0]; adds r7, r7, r4"
  program load_later, "ldr r4, [r0]; mov r10, r10; adds r7, r7, r4"
  program load_to_mla, "ldr r4, [r0]; mla r4, r5, r6, r4"
  program load_to_factor, "ldr r4, [r0]; mla r7, r4, r6, r7"
  program load_to_extend, "ldr r4, [r0]; uxtab r4, r4, r6"
  program load_to_store, "ldr r4, [r0]; str r4, [r1]"
  program mla_to_store, "mla r4, r5, r6, r4; str r4, [r1]"
  program load_address, "ldr r4, [r0]; ldr r5, [r4]"
  program sum_address, "adds r0, #4; ldr r4, [r0]"
  program loads, "ldr r4, [r0]; ldr r5, [r0, #4]; ldr r6, [r1]"
  program store_load, "str r4, [r1]; ldr r5, [r0]; str r5, [r1, #4]"
  program load_double, "ldrd r4, r5, [r0]"
  program store_double, "strd r4, r5, [r0]"
  program load_multiple, "ldm r0, {r4, r5, r6, r7}"
  program multiple_first_use, "ldm r0, {r4, r5, r6, r7}; adds r3, r3, r4"
  program multiple_last_use, "ldm r0, {r4, r5, r6, r7}; adds r3, r3, r7"
  program store_multiple, "stm r0!, {r4, r5, r6}"
  program push_pop, "push {r4, r5}; pop {r4, r5}"
  program unaligned_load, "ldr.w r4, [r0, #2]"
  program unaligned_inside, "ldrh.w r4, [r0, #1]"
  program literal, "mov r10, r10; mov r10, r10; ldr.w r4, literal_word"
  program wide_literal_at_once, "ldr.w r4, literal_word"
  program two_buses, "mov r10, r10; mov r10, r10; ldr r4, [r0]; ldr r5, literal_word"
  program two_buses_apart, "mov r10, r10; mov r10, r10; ldr r4, [r0]; mov r10, r10; ldr r5, literal_word"
  program divide_small, "udiv r4, r3, r5"
  program divide_large, "udiv r4, r11, r12"
  program not_taken, "cmp r3, r5; beq 1f; 1:"
  program not_taken_wide, "cmp r3, r5; beq.w 1f; 1:"
  program not_taken_multiple, "ldm r0!, {r4, r5, r6, r7}; beq 1f; 1:"
  program folded_it, "mov r10, r10; it eq; moveq r4, r5"
  program it_after_wide, "add.w r4, r4, #1; it eq; moveq r4, r5"
  program passed_rotated, "cmp r3, r3; it eq; addseq.w r4, r5, #0x1fc0"
  program suppressed_rotated, "cmp r3, r5; it eq; addseq.w r4, r5, #0x1fc0"
  program passed_shifted, "cmp r3, r3; it eq; addeq.w r4, r5, r6, ror #23; adds r7, r7, r4"
  program suppressed_shifted, "cmp r3, r5; it eq; addeq.w r4, r5, r6, ror #23; adds r7, r7, r4"
  program example, "ldr r4, [r0]; ldr r5, [r0, #4]; mla r6, r4, r5, r6; mla r6, r4, r4, r6; adds r7, r7, r6; nop"

  sequence literal_at_once
  ldr r4, 1f
  ends literal_at_once
  .balign 4
1:
  .word 42
  sequence branch
  movs.w r4, #1
  b 1f
  .balign 4
1:
  ends branch
  sequence branch_paired
  mov r10, r10
  b 1f
  .balign 4
1:
  ends branch_paired
  sequence taken_after_flags
  cmp r3, r5
  bne 1f
  .balign 4
1:
  ends taken_after_flags
  sequence taken_after_move
  cmp r3, r5
  mov r10, r10
  bne 1f
  .balign 4
1:
  ends taken_after_move
  sequence taken_after_multiple
  cmp r3, r5
  ldmia r0!, {r4-r7}
  bne 1f
  .balign 4
1:
  ends taken_after_multiple
  sequence loop
  movs.w r3, #3
1:
  adds r4, r5
  subs r3, #1
  bne 1b
  ends loop
  sequence loop_apart
  movs.w r3, #3
1:
  subs r3, #1
  add.w r4, r5, #0
  mov r10, r10
  bne 1b
  ends loop_apart
  sequence branch_half
  movs.w r4, #1
  b 1f
  .balign 4
  nop
1:
  ends branch_half
  sequence branch_wide_half
  movs.w r4, #1
  b 1f
  .balign 4
  nop
1: add.w r4, r4, #1
  ends branch_wide_half
  sequence branch_wide_word
  movs.w r4, #1
  b 1f
  .balign 4
1: add.w r4, r4, #1
  ends branch_wide_word
  sequence no_pair_at_half
  movs.w r4, #1
  b 1f
  .balign 4
  nop
1: mov r10, r10
  nop
  ends no_pair_at_half
  sequence call
  bl returning
  ends call
  sequence zero_taken
  movs.w r4, #1
  cbz r7, 1f
  .balign 4
  nop
  nop
1:
  ends zero_taken

  program fp_load_use, "vldr s0, [r0]; vadd.f32 s1, s0, s2"
  program fp_early, "vmul.f32 s0, s1, s2; vadd.f32 s3, s0, s4"
  program fp_early_blocks, "vmul.f32 s0, s1, s2; vadd.f32 s3, s0, s4; vadd.f32 s5, s6, s7"
  program fp_independent, "vmul.f32 s0, s1, s2; vadd.f32 s3, s4, s5; vadd.f32 s6, s4, s5"
  program fp_early_store, "vmul.f32 s0, s1, s2; vadd.f32 s3, s0, s4; mov r10, r10; mov r10, r10; vstr s3, [r0]"
  program fp_mac_blocks, "vfma.f32 s0, s1, s2; vfma.f32 s3, s1, s2"
  program fp_mac_load, "vfma.f32 s0, s1, s2; vldr s3, [r0]"
  program fp_mac_chain, "vfma.f32 s0, s1, s2; mov r10, r10; mov r10, r10; vfma.f32 s0, s3, s4"
  program fp_mac_use, "vfma.f32 s0, s1, s2; mov r10, r10; mov r10, r10; vadd.f32 s30, s30, s31; vfma.f32 s4, s3, s0; vstr s5, [r0]"
  program fp_mac_early, "vadd.f32 s1, s4, s5; vfma.f32 s0, s1, s2; mov r10, r10; mov r10, r10; mov r10, r10; vfma.f32 s0, s1, s2"
  program fp_two_sums, "vmul.f32 s0, s1, s2; vmul.f32 s4, s5, s6; vadd.f32 s3, s3, s0; vadd.f32 s7, s7, s4"
  program fp_one_sum, "vmul.f32 s0, s1, s2; vmul.f32 s3, s4, s5; vadd.f32 s30, s30, s0; vmul.f32 s6, s7, s8; vadd.f32 s30, s30, s3; vmul.f32 s9, s10, s11; vadd.f32 s30, s30, s6; mov r10, r10; vadd.f32 s30, s30, s9"
  program fp_to_core, "vmov r4, s0; adds r7, r7, r4"
  program fp_from_core, "vmov s0, r4; vadd.f32 s1, s0, s2"
  program fp_pair_to_core, "vmov r4, r5, s0, s1; adds r7, r7, r5"
  program fp_pair_from_core, "vmov s0, s1, r4, r5; vstr s0, [r0]"
  program fp_double_load, "vldr d0, [r0]"
  program fp_multiple_load, "vldm r0, {s0-s3}"
  program fp_divide_hidden, "vdiv.f32 s0, s1, s2; mov r10, r10; mov r10, r10"

  .balign 4
literal_word:
  .word 42
  .thumb_func
  .balign 4
returning:
  bx lr
