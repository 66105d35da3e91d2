#pragma once

// `THRIFTPP_TAIL_CALL return f(...);` leaves this function before f starts, so that functions that
// hand on to each other without end need no more stack than one. g++ does so by itself when it
// optimises (no local may have its address taken, and the parameters must fit in registers), and
// clang where it is told to. Where neither does, in debug builds, a record takes a stack frame per
// field of a presence word, 64 at most.

#if defined(__clang__)
#define THRIFTPP_TAIL_CALL [[clang::musttail]]
#else
#define THRIFTPP_TAIL_CALL
#endif
