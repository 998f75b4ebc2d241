/* Counts executed blocks, inside the translated code. */
#include "peer.h"

static uint64_t blocks;

static void attach_block(struct qemu_plugin_tb *tb) {
    qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &blocks, 1);
}

static void attach_instruction(struct qemu_plugin_insn *insn) { (void)insn; }

static void report(FILE *out) { fprintf(out, "{\"blocks\":%llu}\n", (unsigned long long)blocks); }
