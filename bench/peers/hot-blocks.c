/* Counts the executions of each block, inside the translated code, and lists the hottest. Blocks that begin at the same
   address and have as many instructions are one, however often they were translated. */
#include "peer.h"
#include <stdlib.h>

enum { SLOTS = 1 << 16, LISTED = 8 };

struct block {
    uint64_t pc, insns, count;
};

static struct block *blocks[SLOTS];

static struct block *block_of(uint64_t pc, uint64_t insns) {
    uint64_t at = (pc >> 1) * 0x9e3779b97f4a7c15u >> 48;
    for (; blocks[at]; at = (at + 1) % SLOTS)
        if (blocks[at]->pc == pc && blocks[at]->insns == insns)
            return blocks[at];
    blocks[at] = calloc(1, sizeof *blocks[at]);
    blocks[at]->pc = pc;
    blocks[at]->insns = insns;
    return blocks[at];
}

static void attach_block(struct qemu_plugin_tb *tb) {
    struct block *block = block_of(qemu_plugin_tb_vaddr(tb), qemu_plugin_tb_n_insns(tb));
    qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &block->count, 1);
}

static void attach_instruction(struct qemu_plugin_insn *insn) { (void)insn; }

/* The hottest first; of equally hot ones the lower address, then the shorter. */
static int hotter(const void *left, const void *right) {
    const struct block *a = *(struct block *const *)left, *b = *(struct block *const *)right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    if (a->pc != b->pc)
        return a->pc > b->pc ? 1 : -1;
    return (a->insns > b->insns) - (a->insns < b->insns);
}

static void report(FILE *out) {
    size_t count = 0;
    for (size_t i = 0; i < SLOTS; i++)
        if (blocks[i])
            blocks[count++] = blocks[i];
    qsort(blocks, count, sizeof *blocks, hotter);
    fprintf(out, "{\"hottest\":[");
    for (size_t i = 0; i < count && i < LISTED; i++)
        fprintf(out, "%s[%llu,%llu,%llu]", i ? "," : "", (unsigned long long)blocks[i]->pc,
                (unsigned long long)blocks[i]->insns, (unsigned long long)blocks[i]->count);
    fprintf(out, "]}\n");
}
