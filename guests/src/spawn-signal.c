/* spawn-signal [N]: sends itself signal N (15, SIGTERM, unless told), as raise() does. */
#include "bare.h"

int main(int argc, char **argv) {
    long signal = argc > 1 ? number_in(argv[1]) : 15;
    print("raising signal ");
    print_number(signal);
    print("\n");
    long result = system_call(SYS_tgkill, system_call(SYS_getpid, 0, 0, 0, 0, 0, 0),
                              system_call(SYS_gettid, 0, 0, 0, 0, 0, 0), signal, 0, 0, 0);
    print("survived, tgkill returned ");
    print_number(result);
    print("\n");
    return 0;
}
