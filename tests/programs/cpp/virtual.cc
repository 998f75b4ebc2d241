// Virtual calls, multiple and virtual inheritance, dynamic_cast, typeid, pointers to members.
#include <cstdio>
#include <typeinfo>

struct Base {
    int b = 1;
    virtual ~Base() { printf("~Base "); }
    virtual int id() const { return 1; }
};
struct Left : virtual Base {
    int l = 2;
    ~Left() override { printf("~Left "); }
    int id() const override { return 2; }
};
struct Right : virtual Base {
    int r = 3;
    virtual int right() const { return r * 10; }
};
struct Both final : Left, Right {
    int id() const override { return Left::id() + 10; }
    int right() const override { return Right::right() + b; }
};

int main() {
    Base *p = new Both;
    printf("%d %s\n", p->id(), typeid(*p).name());
    Right *r = dynamic_cast<Right *>(p);
    printf("%d %d\n", r->right(), dynamic_cast<Left *>(r)->l);
    Base plain;
    printf("%d\n", dynamic_cast<Both *>(&plain) == nullptr);
    try {
        (void)dynamic_cast<Both &>(plain);
    } catch (const std::bad_cast &) {
        puts("bad cast");
    }
    int (Base::*method)() const = &Base::id;
    int Base::*member = &Base::b;
    printf("%d %d\n", (p->*method)(), p->*member);
    delete p;
    puts("");
}
