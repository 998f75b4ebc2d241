/* matmul [SIZE]: multiplies two SIZE x SIZE matrices of doubles. The compiler contracts the inner
   product to fmadd.d, so a multiply-add that rounds twice gives another checksum. */
#include "bits.h"
#include "number.h"
#include <stdio.h>
#include <stdlib.h>

static void multiply(double *restrict product, const double *a, const double *b, long n) {
    for (long i = 0; i < n; i++)
        for (long k = 0; k < n; k++) {
            double factor = a[i * n + k];
            for (long j = 0; j < n; j++)
                product[i * n + j] += factor * b[k * n + j];
        }
}

int main(int argc, char **argv) {
    long n = (long)number(argc, argv, 1, 330, 2000);
    size_t cells = (size_t)(n * n);
    double *a = malloc(cells * sizeof *a), *b = malloc(cells * sizeof *b);
    double *product = calloc(cells, sizeof *product);
    if (!a || !b || !product) {
        fprintf(stderr, "%s: not enough memory for size %ld\n", argv[0], n);
        return 1;
    }
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++) {
            a[i * n + j] = 1.0 / (double)(i + j + 1);
            b[i * n + j] = (double)((i * 7 + j * 13) % 101) / 3.0 - 16.0;
        }
    multiply(product, a, b, n);

    double trace = 0, checksum = 0;
    for (long i = 0; i < n; i++)
        trace += product[i * n + i];
    for (size_t i = 0; i < cells; i++)
        checksum = checksum * 0.999 + product[i];
    printf("size %ld\n", n);
    printf("trace:    %.17g %016llx\n", trace, bits_of(trace));
    printf("checksum: %.17g %016llx\n", checksum, bits_of(checksum));
    return 0;
}
