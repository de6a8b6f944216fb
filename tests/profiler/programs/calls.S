// Programs whose profile is known by construction: one for each number in `scenario`. What each function
// executes can be counted on the lines.
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
    .word stack_top, reset_handler, fault, fault, fault, fault, fault, 0, 0, 0, 0, svc_handler, 0, 0, fault, fault
    .word irq0_handler, irq1_handler, chained_handler

    .text
function reset_handler              // 7 instructions, then the branch to itself
    ldr   r0, =scenario
    ldr   r0, [r0]
    ldr   r1, =scenarios
    ldr   r1, [r1, r0, lsl #2]
    blx   r1
    cpsid i
stop:
    b     stop
end reset_handler

    .align 2
scenarios:
    .word recursion + 1, tail_calls + 1, long_jump + 1, interrupts + 1, chain + 1, switch_table + 1, tail_loop + 1
    .word supervisor + 1

function fault
    b     fault
end fault

function leaf                       // 2
    nop
    bx    lr
end leaf

// --- recursion: 5 activations
function recursion                  // 4
    push  {r4, lr}
    movs  r0, #5
    bl    recurse
    pop   {r4, pc}
end recursion
function recurse                    // 5, the innermost 4
    push  {r4, lr}
    subs  r0, #1
    beq   1f
    bl    recurse
1:  pop   {r4, pc}
end recurse

// --- tail calls, direct, in an IT block and by register
function tail_calls                 // 4
    push  {r4, lr}
    bl    first
    bl    leaf
    pop   {r4, pc}
end tail_calls
function first                      // 3
    cmp   r0, r0
    it    eq
    beq   second
end first
function second                     // 3
    ldr   r3, =third
    nop
    bx    r3
end second
function third                      // 2
    nop
    b     fourth
end third
function fourth                     // 3
    push  {r4, lr}
    bl    leaf
    pop   {r4, pc}
end fourth

// --- long jump out of two functions
function long_jump                  // 6
    push  {r4, lr}
    mov   r4, sp
    ldr   r6, =landing + 1
    bl    outer
    udf
landing:
    bl    leaf
    pop   {r4, pc}
end long_jump
function outer                      // 2
    push  {r0-r3, lr}
    bl    inner
    pop   {r0-r3, pc}
end outer
function inner                      // 3
    push  {lr}
    mov   sp, r4
    bx    r6
end inner

// --- IRQ0 interrupts victim, and IRQ1 IRQ0
#define NVIC_ISER 0xe000e100
#define NVIC_ISPR 0xe000e200
#define NVIC_IPR  0xe000e400
function interrupts                 // 10
    push  {r4, lr}
    ldr   r0, =NVIC_IPR
    ldr   r1, =0x804080
    str   r1, [r0]
    ldr   r0, =NVIC_ISER
    movs  r1, #7
    str   r1, [r0]
    bl    victim
    bl    leaf
    pop   {r4, pc}
end interrupts
function victim                     // 6
    ldr   r0, =NVIC_ISPR
    movs  r1, #1
    str   r1, [r0]
    dsb
    isb
    bx    lr
end victim
function irq0_handler               // 8
    push  {r4, lr}
    bl    leaf
    ldr   r0, =NVIC_ISPR
    movs  r1, #2
    str   r1, [r0]
    dsb
    bl    leaf
    pop   {r4, pc}
end irq0_handler
function irq1_handler               // 1
    bx    lr
end irq1_handler

// --- IRQ1, then IRQ2 without a return in between
function chain                      // 13
    push  {r4, lr}
    cpsid i
    ldr   r0, =NVIC_IPR
    ldr   r1, =0x804080
    str   r1, [r0]
    ldr   r0, =NVIC_ISER
    movs  r1, #6
    str   r1, [r0]
    ldr   r0, =NVIC_ISPR
    str   r1, [r0]
    cpsie i
    bl    leaf
    pop   {r4, pc}
end chain
function chained_handler            // 3
    push  {r4, lr}
    bl    leaf
    pop   {r4, pc}
end chained_handler

// --- a jump table by a helper that changes its return address, as compilers for Armv6-M use it, and by a load
function switch_table               // 7
    push  {r4, lr}
    movs  r0, #2
    bl    case_helper
    udf
    adr   r1, places
    ldr   pc, [r1, #4]
    udf
there:
    bl    leaf
    pop   {r4, pc}
    .align 2
places:
    .word 0, there + 1
end switch_table
function case_helper                // 3
    mov   r2, lr
    adds  r2, r2, r0
    bx    r2
end case_helper

// --- two functions that tail-call each other, ten times each
function tail_loop                  // 5
    push  {r4, lr}
    movs  r0, #20
    bl    ping
    nop
    pop   {r4, pc}
end tail_loop
function ping
    subs  r0, #1
    b     pong
end ping
function pong
    subs  r0, #1
    beq   1f
    b     ping
1:  bx    lr
end pong

// --- SVC, whose handler calls
function supervisor                 // 3
    push  {r4, lr}
    svc   #0
    pop   {r4, pc}
end supervisor
function svc_handler                // 3
    push  {r4, lr}
    bl    leaf
    pop   {r4, pc}
end svc_handler

    .bss
    .global scenario
scenario:
    .word 0
