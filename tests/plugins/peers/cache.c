/* Simulates caches as QEMU's stock plugin of this name does, with its arguments, for QEMU 7.2, which has no stock plugins
   installed: least recently used block goes, found by time stamps; every access by its first byte, every instruction by its
   address. Takes out=FILE as well, and writes one JSON object there. One vCPU. */
#include "qemu-plugin-api.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    uint64_t number, used; /* used 0: empty */
};

struct cache {
    uint64_t bytes, ways, block_bytes, sets, shift, now, accesses, misses;
    struct block *blocks;
};

struct site {
    struct site *next;
    uint64_t pc, data, fetch, l2;
};

static struct cache data = {.bytes = 16384, .ways = 8, .block_bytes = 64},
                    fetch = {.bytes = 16384, .ways = 8, .block_bytes = 64},
                    l2 = {.bytes = 2097152, .ways = 16, .block_bytes = 64};
static int with_l2;
static struct site *sites[65536];
static const char *out_path;

static struct site *site_of(uint64_t pc) {
    struct site **at = &sites[pc / 2 % 65536];
    while (*at && (*at)->pc != pc)
        at = &(*at)->next;
    if (!*at) {
        *at = calloc(1, sizeof **at);
        (*at)->pc = pc;
    }
    return *at;
}

static void prepare(struct cache *cache) {
    cache->sets = cache->bytes / (cache->ways * cache->block_bytes);
    while (UINT64_C(1) << cache->shift != cache->block_bytes)
        cache->shift++;
    cache->blocks = calloc(cache->sets * cache->ways, sizeof *cache->blocks);
}

/* Whether it was there. */
static int touch(struct cache *cache, uint64_t address) {
    uint64_t number = address >> cache->shift;
    struct block *set = cache->blocks + (number & (cache->sets - 1)) * cache->ways, *oldest = set;
    cache->accesses++;
    cache->now++;
    for (uint64_t way = 0; way < cache->ways; way++) {
        if (set[way].used && set[way].number == number) {
            set[way].used = cache->now;
            return 1;
        }
        if (set[way].used < oldest->used)
            oldest = set + way;
    }
    cache->misses++;
    oldest->number = number;
    oldest->used = cache->now;
    return 0;
}

static void accessed(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *userdata) {
    struct site *site = userdata;
    (void)vcpu;
    (void)info;
    if (touch(&data, address))
        return;
    site->data++;
    if (with_l2 && !touch(&l2, address))
        site->l2++;
}

static void executed(unsigned vcpu, void *userdata) {
    struct site *site = userdata;
    (void)vcpu;
    if (touch(&fetch, site->pc))
        return;
    site->fetch++;
    if (with_l2 && !touch(&l2, site->pc))
        site->l2++;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        struct site *site = site_of(qemu_plugin_insn_vaddr(insn));
        qemu_plugin_register_vcpu_mem_cb(insn, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, site);
        qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS, site);
    }
}

static void counts(FILE *out, const char *name, const struct cache *cache) {
    fprintf(out, "\"%s\":{\"accesses\":%llu,\"misses\":%llu}", name, (unsigned long long)cache->accesses,
            (unsigned long long)cache->misses);
}

static void ended(qemu_plugin_id_t id, void *userdata) {
    FILE *out = fopen(out_path, "w");
    const char *comma = "";
    (void)id;
    (void)userdata;
    if (!out) {
        perror(out_path);
        return;
    }
    fputc('{', out);
    counts(out, "data", &data);
    fputc(',', out);
    counts(out, "fetch", &fetch);
    fputc(',', out);
    counts(out, "l2", &l2);
    fprintf(out, ",\"sites\":[");
    for (int i = 0; i < 65536; i++)
        for (struct site *site = sites[i]; site; site = site->next) {
            if (site->data + site->fetch == 0)
                continue;
            fprintf(out, "%s{\"pc\":%llu,\"data\":%llu,\"fetch\":%llu,\"l2\":%llu}", comma, (unsigned long long)site->pc,
                    (unsigned long long)site->data, (unsigned long long)site->fetch, (unsigned long long)site->l2);
            comma = ",";
        }
    fprintf(out, "]}\n");
    fclose(out);
}

static int number(const char *option, const char *name, uint64_t *to) {
    size_t length = strlen(name);
    if (strncmp(option, name, length) || option[length] != '=')
        return 0;
    *to = strtoull(option + length + 1, NULL, 10);
    return 1;
}

int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (!strncmp(argv[i], "out=", 4))
            out_path = argv[i] + 4;
        else if (!strcmp(argv[i], "l2=on"))
            with_l2 = 1;
        else if (!number(argv[i], "dcachesize", &data.bytes) && !number(argv[i], "dassoc", &data.ways) &&
                 !number(argv[i], "dblksize", &data.block_bytes) && !number(argv[i], "icachesize", &fetch.bytes) &&
                 !number(argv[i], "iassoc", &fetch.ways) && !number(argv[i], "iblksize", &fetch.block_bytes) &&
                 !number(argv[i], "l2cachesize", &l2.bytes) && !number(argv[i], "l2assoc", &l2.ways) &&
                 !number(argv[i], "l2blksize", &l2.block_bytes)) {
            fprintf(stderr, "unknown argument: %s\n", argv[i]);
            return 1;
        }
    }
    if (!out_path) {
        fprintf(stderr, "out=FILE must be given\n");
        return 1;
    }
    prepare(&data);
    prepare(&fetch);
    prepare(&l2);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
