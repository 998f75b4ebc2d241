/* Counts executed instructions, inside the translated code. */
#include "peer.h"

static uint64_t insns;

static void attach_block(struct qemu_plugin_tb *tb) { (void)tb; }

static void attach_instruction(struct qemu_plugin_insn *insn) {
    qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, &insns, 1);
}

static void report(FILE *out) { fprintf(out, "{\"insns\":%llu}\n", (unsigned long long)insns); }
