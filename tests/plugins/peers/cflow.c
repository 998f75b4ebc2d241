/* Where control goes, by the rules of QEMU's stock plugin of this name, for QEMU 7.2, which has no stock plugins installed: a block
   that does not lie behind the one before it is a destination of the instruction that was executed last. One vCPU. */
#include "peer.h"
#include <stdlib.h>

struct block {
    uint64_t pc, end, behind;
};

struct edge {
    uint64_t from, to, count, early;
    struct edge *next;
};

enum { SLOTS = 1 << 14 };

static struct edge *edges[SLOTS];
static uint64_t last_pc, end_pc, behind_pc;

static void entered(unsigned vcpu, void *userdata) {
    (void)vcpu;
    struct block *block = userdata;
    if (behind_pc != block->pc && last_pc) {
        struct edge **slot = &edges[(last_pc / 2 * 31 + block->pc / 2) % SLOTS], *edge = *slot;
        while (edge && (edge->from != last_pc || edge->to != block->pc))
            edge = edge->next;
        if (!edge) {
            edge = calloc(1, sizeof *edge);
            edge->from = last_pc;
            edge->to = block->pc;
            edge->next = *slot;
            *slot = edge;
        }
        edge->count++;
        edge->early += last_pc != end_pc;
    }
    end_pc = block->end;
    behind_pc = block->behind;
}

static void executed(unsigned vcpu, void *userdata) {
    (void)vcpu;
    last_pc = (uint64_t)userdata;
}

static void attach_block(struct qemu_plugin_tb *tb) {
    struct block *block = calloc(1, sizeof *block);
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, qemu_plugin_tb_n_insns(tb) - 1);
    block->pc = qemu_plugin_tb_vaddr(tb);
    block->end = qemu_plugin_insn_vaddr(last);
    block->behind = block->end + qemu_plugin_insn_size(last);
    qemu_plugin_register_vcpu_tb_exec_cb(tb, entered, QEMU_PLUGIN_CB_NO_REGS, block);
}

static void attach_instruction(struct qemu_plugin_insn *insn) {
    qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS, (void *)qemu_plugin_insn_vaddr(insn));
}

static void report(FILE *out) {
    const char *separator = "";
    fprintf(out, "[");
    for (size_t slot = 0; slot < SLOTS; slot++)
        for (struct edge *edge = edges[slot]; edge; edge = edge->next) {
            fprintf(out, "%s{\"from\":%llu,\"to\":%llu,\"count\":%llu,\"early\":%llu}", separator,
                    (unsigned long long)edge->from, (unsigned long long)edge->to, (unsigned long long)edge->count,
                    (unsigned long long)edge->early);
            separator = ",";
        }
    fprintf(out, "]\n");
}
