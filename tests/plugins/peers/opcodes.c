/* Counts executed instructions by their bits. */
#include "peer.h"
#include <stdlib.h>

enum { SLOTS = 1 << 16 };

struct opcode {
    uint64_t bits, count;
};

static struct opcode *opcodes[SLOTS];

static void attach_block(struct qemu_plugin_tb *tb) { (void)tb; }

static void attach_instruction(struct qemu_plugin_insn *insn) {
    uint32_t bits = 0;
    size_t size = qemu_plugin_insn_size(insn);
    memcpy(&bits, qemu_plugin_insn_data(insn), size);
    uint64_t at = bits * 0x9e3779b97f4a7c15u >> 48;
    while (opcodes[at] && opcodes[at]->bits != bits)
        at = (at + 1) % SLOTS;
    if (!opcodes[at]) {
        opcodes[at] = calloc(1, sizeof *opcodes[at]);
        opcodes[at]->bits = bits;
    }
    qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, &opcodes[at]->count, 1);
}

static void report(FILE *out) {
    const char *separator = "";
    fprintf(out, "[");
    for (size_t i = 0; i < SLOTS; i++)
        if (opcodes[i] && opcodes[i]->count) {
            fprintf(out, "%s[%llu,%llu]", separator, (unsigned long long)opcodes[i]->bits,
                    (unsigned long long)opcodes[i]->count);
            separator = ",";
        }
    fprintf(out, "]\n");
}
