# count-loop [ARG...]: a program whose number of executed instructions is known exactly.
#
# It runs 1000 iterations for every argument, its own name included, so with A = argc it executes
#
#     7 + 1000 A * 76 + 4 + 16 * 11 + 9 = 76000 A + 196
#
# instructions, the last being the ecall of exit_group: counted by hand below (in the margin, as
# "= how many"), and equal to what QEMU executes one by one. The file switches compression on and off
# so that both sizes of instruction occur, and uses no pseudo-instruction whose length the linker decides.

    .file   "count-loop.S"           # or the assembler records its input's random name
    .option norelax
    .option arch, rv64gc

    .section .bss
    .balign 16
cells:
    .space 64
text:
    .space 17

    .section .text
    .globl _start
    .type _start, @function
_start:                             # = 7
    .option rvc
    ld      s0, 0(sp)               # argc (c.ldsp)
    li      t0, 1000                # (addi)
    mul     s0, s0, t0              # iterations left
    lla     s1, cells               # (auipc, addi)
    c.li    s2, 0                   # checksum
    c.li    s3, 1                   # changes every iteration

iteration:                          # = 76
    .option norvc                   # the four widths, stored and loaded: = 16 full instructions
    sd      s3, 0(s1)
    sw      s3, 8(s1)
    sh      s3, 12(s1)
    sb      s3, 14(s1)
    ld      t0, 0(s1)
    lw      t1, 8(s1)
    lwu     t2, 8(s1)
    lh      t3, 12(s1)
    lhu     t4, 12(s1)
    lb      t5, 14(s1)
    lbu     t6, 14(s1)
    add     s2, s2, t0
    xor     s2, s2, t1
    add     s2, s2, t2
    sub     s2, s2, t3
    add     s2, s2, t4

    .option rvc                     # as many again: = 8 compressed instructions
    c.add   s2, t5
    c.add   s2, t6
    c.mv    a0, s1
    c.sd    s1, 16(a0)
    c.ld    a1, 16(a0)
    c.sub   a1, a0
    c.add   s2, a1
    c.slli  s2, 1

    addi    a2, s1, 24              # atomics: = 15, the branch not taken as nobody interferes
    amoadd.d a3, s3, (a2)
    amoxor.d a4, s2, (a2)
    amoor.d a5, s3, (a2)
    amoand.d a6, s2, (a2)
    amomaxu.w a7, s3, (a2)
    amomin.d t0, s2, (a2)
    amoswap.w.aqrl t1, s3, (a2)
1:
    lr.d.aq t2, (a2)
    add     t2, t2, s3
    sc.d.rl t3, t2, (a2)
    bne     t3, zero, 1b
    add     s2, s2, a3
    xor     s2, s2, t1
    add     s2, s2, t0

    li      t4, 5                   # an inner loop that branches back: = 1 + 5 * 4
2:
    mulh    t5, s2, s3
    remu    t6, s2, t4
    addi    t4, t4, -1
    bne     t4, zero, 2b

    andi    t5, s3, 1               # a branch forward that skips one way: = 4 either way
    beq     t5, zero, 3f
    xor     s2, s2, t6
    jal     zero, 4f
3:
    sub     s2, s2, t6
    addi    s2, s2, 7
4:
    call    mix                     # = 5 (auipc, jalr, and the next three), and 7 in mix
    addi    s3, s3, 3
    addi    s0, s0, -1
    bne     s0, zero, iteration

    lla     a1, text                # = 4 (auipc, addi)
    li      t0, 16
    addi    t1, a1, 0
6:                                  # = 11 for each of 16 digits; arithmetic instead of a branch
    srli    t2, s2, 60
    slli    s2, s2, 4
    sltiu   t3, t2, 10
    addi    t2, t2, 87              # 'a' - 10
    .option norvc
    sub     t4, zero, t3
    andi    t4, t4, -39             # '0' - ('a' - 10)
    .option rvc
    add     t2, t2, t4
    sb      t2, 0(t1)
    addi    t1, t1, 1
    addi    t0, t0, -1
    bne     t0, zero, 6b

    li      t2, 10                  # = 9, from the line's end to the exit
    sb      t2, 0(t1)
    li      a0, 1
    li      a2, 17
    li      a7, 64                  # write
    ecall
    li      a0, 0
    li      a7, 94                  # exit_group
    ecall
    .size _start, .-_start

    .type mix, @function
mix:                                # = 7
    srli    t0, s2, 29
    xor     s2, s2, t0
    slli    t0, s2, 13
    sub     s2, s2, t0
    rem     t1, s2, s3
    add     s2, s2, t1
    ret
    .size mix, .-mix
