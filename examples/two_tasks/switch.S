// The part of a task switch that C cannot say. On entry to PendSV the core has pushed R0 to R3, R12, LR, PC and
// xPSR of the task on its stack, and, of a task that uses floating point, made room for S0 to S15 and FPSCR.
// The rest is pushed here.
    .syntax unified
    .thumb
    .text

    .global PendSV_Handler
    .thumb_func
    .type PendSV_Handler, %function
PendSV_Handler:
    mrs   r0, psp
#if __ARM_ARCH >= 7
#ifdef __ARM_FP
    tst   lr, #0x10             // clear: the frame has room for floating point, so the task uses it
    it    eq
    vstmdbeq r0!, {s16-s31}     // the first of them makes the core save S0 to S15, too
#endif
    stmdb r0!, {r4-r11, lr}
    bl    next_task
    ldmia r0!, {r4-r11, lr}
#ifdef __ARM_FP
    tst   lr, #0x10
    it    eq
    vldmiaeq r0!, {s16-s31}
#endif
    msr   psp, r0
    bx    lr
#else
    // Armv6-M stores R0 to R7 only, and upwards.
    subs  r0, #36
    mov   r1, r0
    stmia r1!, {r4-r7}
    mov   r4, r8
    mov   r5, r9
    mov   r6, r10
    mov   r7, r11
    stmia r1!, {r4-r7}
    mov   r4, lr
    stmia r1!, {r4}
    bl    next_task
    mov   r1, r0
    adds  r1, #16
    ldmia r1!, {r4-r7}
    mov   r8, r4
    mov   r9, r5
    mov   r10, r6
    mov   r11, r7
    ldmia r1!, {r4}
    mov   lr, r4
    msr   psp, r1
    ldmia r0!, {r4-r7}
    bx    lr
#endif
    .size PendSV_Handler, . - PendSV_Handler

// void start_first_task(uint32_t* stack_pointer, void (*entry)(void)): leaves the main stack to the handlers.
    .global start_first_task
    .thumb_func
    .type start_first_task, %function
start_first_task:
    msr   psp, r0
    movs  r0, #2                // CONTROL.SPSEL
    msr   control, r0
    isb
    bx    r1
    .size start_first_task, . - start_first_task
