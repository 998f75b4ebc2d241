/* Counts accesses by page of 4096 bytes. */
#include "peer.h"
#include <stdlib.h>

enum { SLOTS = 1 << 16, PAGE = 4096 };

struct page {
    uint64_t address, reads, writes;
};

static struct page *pages[SLOTS];

static void accessed(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *userdata) {
    (void)vcpu;
    (void)userdata;
    address -= address % PAGE;
    uint64_t at = address * 0x9e3779b97f4a7c15u >> 48;
    while (pages[at] && pages[at]->address != address)
        at = (at + 1) % SLOTS;
    if (!pages[at]) {
        pages[at] = calloc(1, sizeof *pages[at]);
        pages[at]->address = address;
    }
    if (qemu_plugin_mem_is_store(info))
        pages[at]->writes++;
    else
        pages[at]->reads++;
}

static void attach_block(struct qemu_plugin_tb *tb) { (void)tb; }

static void attach_instruction(struct qemu_plugin_insn *insn) {
    qemu_plugin_register_vcpu_mem_cb(insn, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
}

static void report(FILE *out) {
    const char *separator = "";
    fprintf(out, "[");
    for (size_t i = 0; i < SLOTS; i++)
        if (pages[i]) {
            fprintf(out, "%s[%llu,%llu,%llu]", separator, (unsigned long long)pages[i]->address,
                    (unsigned long long)pages[i]->reads, (unsigned long long)pages[i]->writes);
            separator = ",";
        }
    fprintf(out, "]\n");
}
