// Runs the attack that its argument names.
#include "attack.h"

extern struct attack __start_attacks[], __stop_attacks[];

int main(int count, char **arguments) {
    for (struct attack *at = __start_attacks; at < __stop_attacks; at++) {
        if (count > 1 && strcmp(at->name, arguments[1]) == 0) {
            at->run();
            return 0;
        }
    }
    puts("no such attack");
    return 99;
}
