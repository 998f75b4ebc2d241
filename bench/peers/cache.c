/* Simulates a first-level data cache: 32 KiB, 8 ways, lines of 64 bytes, the least recently used line goes. An access
   counts by its first byte, stores like loads. */
#include "peer.h"

enum { SETS = 64, WAYS = 8, LINE_SHIFT = 6 };

/* Lines of each set, the latest first; numbers of lines plus 1, so that 0 is none. */
static uint64_t sets[SETS][WAYS];
static uint64_t accesses, misses;

static void attach_block(struct qemu_plugin_tb *tb) { (void)tb; }

static void accessed(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *userdata) {
    (void)vcpu;
    (void)info;
    (void)userdata;
    uint64_t line = (address >> LINE_SHIFT) + 1, *set = sets[(line - 1) % SETS];
    accesses++;
    if (set[0] == line)
        return;
    int way = 1;
    while (way < WAYS && set[way] != line)
        way++;
    if (way == WAYS) {
        misses++;
        way = WAYS - 1;
    }
    for (; way > 0; way--)
        set[way] = set[way - 1];
    set[0] = line;
}

static void attach_instruction(struct qemu_plugin_insn *insn) {
    qemu_plugin_register_vcpu_mem_cb(insn, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
}

static void report(FILE *out) {
    fprintf(out, "{\"accesses\":%llu,\"misses\":%llu}\n", (unsigned long long)accesses, (unsigned long long)misses);
}
