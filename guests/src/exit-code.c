/* exit-code [N]: ends with status N, of which Linux keeps the low eight bits. */
#include "bare.h"

int main(int argc, char **argv) { return argc > 1 ? (int)number_in(argv[1]) : 0; }
