/* What every peer does alike: looks at each instruction when it is translated, and at the end writes its result, as
   one JSON object, to the file named by its argument out=FILE. A peer includes this and defines the three functions. */
#ifndef PEER_H
#define PEER_H

#include "qemu-plugin-api.h"
#include <stdio.h>
#include <string.h>

/* Called for each block when it is translated, before its instructions. */
static void attach_block(struct qemu_plugin_tb *tb);

/* Called for each instruction when it is translated. */
static void attach_instruction(struct qemu_plugin_insn *insn);

/* Writes the result, a JSON object. */
static void report(FILE *out);

static const char *out_path;

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    attach_block(tb);
    size_t count = qemu_plugin_tb_n_insns(tb);
    for (size_t i = 0; i < count; i++)
        attach_instruction(qemu_plugin_tb_get_insn(tb, i));
}

static void ended(qemu_plugin_id_t id, void *userdata) {
    (void)id;
    (void)userdata;
    FILE *out = fopen(out_path, "w");
    if (!out) {
        perror(out_path);
        return;
    }
    report(out);
    fclose(out);
}

int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
    (void)info;
    if (argc != 1 || strncmp(argv[0], "out=", 4)) {
        fprintf(stderr, "a peer needs one argument: out=FILE\n");
        return 1;
    }
    out_path = argv[0] + 4;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}

#endif
