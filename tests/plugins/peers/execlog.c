/* Logs instructions and accesses as QEMU's stock plugin of this name does without arguments, for QEMU 7.2, which has no stock
   plugins installed; a compressed instruction's opcode has 16 bits, as in later versions. Takes out=FILE, and writes there;
   with log=on it writes to QEMU's log instead, as the stock plugin does (-d plugin -D FILE). One vCPU. */
#include "qemu-plugin-api.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *out;
static int to_log;
static char line[4096];
static size_t length;

static void put_line(void) {
    if (!length)
        return;
    line[length++] = '\n';
    line[length] = 0;
    if (to_log)
        qemu_plugin_outs(line);
    else
        fwrite(line, 1, length, out);
    length = 0;
}

static void executed(unsigned vcpu, void *facts) {
    put_line();
    length = sprintf(line, "%u, %s", vcpu, (char *)facts);
}

static void accessed(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *userdata) {
    (void)vcpu;
    (void)userdata;
    length += sprintf(line + length, ", %s, 0x%08llx", qemu_plugin_mem_is_store(info) ? "store" : "load",
                      (unsigned long long)address);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    size_t count = qemu_plugin_tb_n_insns(tb);
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint32_t opcode = 0;
        memcpy(&opcode, qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
        char *text = qemu_plugin_insn_disas(insn), *facts = malloc(strlen(text) + 64);
        sprintf(facts, "0x%llx, 0x%x, \"%s\"", (unsigned long long)qemu_plugin_insn_vaddr(insn), opcode, text);
        free(text);
        qemu_plugin_register_vcpu_mem_cb(insn, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
        qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS, facts);
    }
}

static void ended(qemu_plugin_id_t id, void *userdata) {
    (void)id;
    (void)userdata;
    put_line();
    fclose(out);
}

int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (!strncmp(argv[i], "out=", 4))
            out = fopen(argv[i] + 4, "w");
        else if (!strcmp(argv[i], "log=on"))
            to_log = 1;
    }
    if (!out) {
        fprintf(stderr, "out=FILE must be given, and must be a file that can be written\n");
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
