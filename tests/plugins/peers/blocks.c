/* The blocks that were executed: address, bytes and how often. */
#include "peer.h"
#include <stdlib.h>

struct block {
    uint64_t pc, bytes, count;
    struct block *next;
};

static struct block *blocks;

static void run(unsigned vcpu, void *userdata) {
    (void)vcpu;
    ((struct block *)userdata)->count++;
}

static void attach_block(struct qemu_plugin_tb *tb) {
    struct block *block = calloc(1, sizeof *block);
    block->pc = qemu_plugin_tb_vaddr(tb);
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
        block->bytes += qemu_plugin_insn_size(qemu_plugin_tb_get_insn(tb, i));
    block->next = blocks;
    blocks = block;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, run, QEMU_PLUGIN_CB_NO_REGS, block);
}

static void attach_instruction(struct qemu_plugin_insn *insn) { (void)insn; }

static void report(FILE *out) {
    const char *separator = "";
    fprintf(out, "[");
    for (struct block *each = blocks; each; each = each->next)
        if (each->count) {
            fprintf(out, "%s[%llu,%llu,%llu]", separator, (unsigned long long)each->pc,
                    (unsigned long long)each->bytes, (unsigned long long)each->count);
            separator = ",";
        }
    fprintf(out, "]\n");
}
