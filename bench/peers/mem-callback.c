/* Counts memory accesses by a call for each: the least that a memory trace does. */
#include "peer.h"

static uint64_t accesses;

static void attach_block(struct qemu_plugin_tb *tb) { (void)tb; }

static void accessed(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *userdata) {
    (void)vcpu;
    (void)info;
    (void)address;
    (void)userdata;
    accesses++;
}

static void attach_instruction(struct qemu_plugin_insn *insn) {
    qemu_plugin_register_vcpu_mem_cb(insn, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
}

static void report(FILE *out) { fprintf(out, "{\"accesses\":%llu}\n", (unsigned long long)accesses); }
