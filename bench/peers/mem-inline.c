/* Counts memory accesses, inside the translated code. */
#include "peer.h"

static uint64_t accesses;

static void attach_block(struct qemu_plugin_tb *tb) { (void)tb; }

static void attach_instruction(struct qemu_plugin_insn *insn) {
    qemu_plugin_register_vcpu_mem_inline(insn, QEMU_PLUGIN_MEM_RW, QEMU_PLUGIN_INLINE_ADD_U64, &accesses, 1);
}

static void report(FILE *out) { fprintf(out, "{\"accesses\":%llu}\n", (unsigned long long)accesses); }
