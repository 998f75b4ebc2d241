// args: -a -bvalue -c file1 --long=7 --flag -x file2 -b -- -d
// Short and long options, permutation, errors.
#include <getopt.h>
#include <stdio.h>

int main(int argc, char **argv) {
    argv[0] = "prog";
    int flag = 0, c;
    struct option options[] = {{"long", required_argument, NULL, 'l'}, {"flag", no_argument, &flag, 5}, {0}};
    while ((c = getopt_long(argc, argv, "ab:c", options, NULL)) != -1) {
        if (c == '?') printf("unknown %c\n", optopt);
        else if (c == 0) printf("flag %d\n", flag);
        else printf("%c %s\n", c, optarg ? optarg : "-");
    }
    while (optind < argc) printf("rest %s\n", argv[optind++]);
}
