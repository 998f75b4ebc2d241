// Unwinding from a handler through the frame that the kernel made, and an exception thrown out of one.
// flags: -fnon-call-exceptions -fasynchronous-unwind-tables
#include <csignal>
#include <cstdio>
#include <cstdint>
#include <ucontext.h>
#include <unwind.h>
extern "C" int main();
static int frames;
static bool met_main, met_faulting;
static uintptr_t fault_pc;
static _Unwind_Reason_Code look(_Unwind_Context *context, void *) {
    frames++;
    uintptr_t at = _Unwind_GetIP(context);
    int before = 0;
    at = _Unwind_GetIPInfo(context, &before);
    if (before && at == fault_pc) met_faulting = true;
    if (_Unwind_FindEnclosingFunction((void *)(at - !before)) == (void *)main) met_main = true;
    return frames < 50 ? _URC_NO_REASON : _URC_END_OF_STACK;
}
static void handler(int sig, siginfo_t *info, void *context) {
    fault_pc = ((ucontext_t *)context)->uc_mcontext.__gregs[REG_PC];
    _Unwind_Backtrace(look, nullptr);
    std::printf("main %d faulting %d\n", met_main, met_faulting);
    throw sig;
}
__attribute__((noinline)) static int load(volatile int *p) { return *p; }
extern "C" int main() {
    struct sigaction sa = {};
    sa.sa_sigaction = handler;
    sa.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &sa, nullptr);
    for (int i = 0; i < 3; i++) {
        try {
            load(nullptr);
        } catch (int sig) {
            std::printf("caught %d\n", sig);
        }
    }
}
