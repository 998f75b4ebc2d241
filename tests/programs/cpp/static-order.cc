// Construction and destruction of globals, function statics and temporaries, with atexit among them.
#include <cstdio>
#include <cstdlib>

struct Traced {
    const char *name;
    explicit Traced(const char *n) : name(n) { printf("make %s\n", name); }
    ~Traced() { printf("drop %s\n", name); }
};
static Traced first("first"), second("second");
static Traced &lazy() {
    static Traced it("lazy");
    return it;
}
static void handler() { puts("handler"); }

int main() {
    puts("main");
    atexit(handler);
    lazy();
    lazy();
    const Traced &kept = Traced("kept");
    Traced("temporary");
    printf("%s\n", kept.name);
    static Traced late("late");
    return 4;
}
