/* Counts executed instructions by a call for each, and sums up their addresses. */
#include "peer.h"

static uint64_t insns, pcs;

static void attach_block(struct qemu_plugin_tb *tb) { (void)tb; }

static void executed(unsigned vcpu, void *pc) {
    (void)vcpu;
    insns++;
    pcs += (uintptr_t)pc;
}

static void attach_instruction(struct qemu_plugin_insn *insn) {
    qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS,
                                           (void *)(uintptr_t)qemu_plugin_insn_vaddr(insn));
}

static void report(FILE *out) {
    fprintf(out, "{\"insns\":%llu,\"pcs\":\"0x%x\"}\n", (unsigned long long)insns, (unsigned)pcs);
}
