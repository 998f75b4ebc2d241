// link: dynamic
// The loader is mapped where AT_BASE says, the program where AT_PHDR says.
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

static int objects, with_name;
static int each(struct dl_phdr_info *info, size_t size, void *data) {
    objects++;
    with_name += strstr(info->dlpi_name, "libc.so.6") != NULL;
    return 0;
}

int main(void) {
    const Elf64_Ehdr *loader = (const Elf64_Ehdr *)getauxval(AT_BASE);
    printf("%d %d\n", memcmp(loader->e_ident, ELFMAG, SELFMAG), loader->e_type == ET_DYN);
    const Elf64_Phdr *headers = (const Elf64_Phdr *)getauxval(AT_PHDR);
    int interpreter = 0;
    for (unsigned i = 0; i < getauxval(AT_PHNUM); i++) interpreter += headers[i].p_type == PT_INTERP;
    printf("%d\n", interpreter);
    dl_iterate_phdr(each, NULL);
    printf("%d %d\n", objects >= 3, with_name);
}
