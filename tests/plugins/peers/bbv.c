/* Instructions by block in intervals of 5000. */
#include "peer.h"
#include <stdlib.h>

enum { INTERVAL = 5000 };

struct block {
    uint64_t pc, size, weight;
    struct block *next;
};

static struct block *blocks;
static uint64_t executed;
static char *text;
static size_t length;
static FILE *vectors;

static void run(unsigned vcpu, void *userdata) {
    (void)vcpu;
    struct block *block = userdata;
    block->weight += block->size;
    executed += block->size;
    if (executed < INTERVAL)
        return;
    executed -= INTERVAL;
    if (!vectors)
        vectors = open_memstream(&text, &length);
    fprintf(vectors, "%s[", ftell(vectors) ? "," : "");
    const char *separator = "";
    for (struct block *each = blocks; each; each = each->next) {
        if (!each->weight)
            continue;
        fprintf(vectors, "%s[%llu,%llu]", separator, (unsigned long long)each->pc, (unsigned long long)each->weight);
        separator = ",";
        each->weight = 0;
    }
    fprintf(vectors, "]");
}

static void attach_block(struct qemu_plugin_tb *tb) {
    struct block *block = calloc(1, sizeof *block);
    block->pc = qemu_plugin_tb_vaddr(tb);
    block->size = qemu_plugin_tb_n_insns(tb);
    block->next = blocks;
    blocks = block;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, run, QEMU_PLUGIN_CB_NO_REGS, block);
}

static void attach_instruction(struct qemu_plugin_insn *insn) { (void)insn; }

static void report(FILE *out) {
    if (vectors)
        fclose(vectors);
    fprintf(out, "[%s]", text ? text : "");
}
