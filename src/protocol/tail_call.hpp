#pragma once

// `THRIFTPP_TAIL_CALL return f(...);` leaves this function before f starts, so that functions that
// hand on to each other without end need no more stack than one. g++ does so by itself when it
// optimises (no local may have its address taken, and the parameters must fit in registers), and
// clang where it is told to. Neither does in what g++ compiles for debugging or with sanitizers:
// there THRIFTPP_HAS_TAIL_CALLS is 0. Encoding takes a stack frame per field of a presence word
// then, 64 at most; decoding, which has no such bound, goes back to its caller between fields.

#if defined(__clang__)
#define THRIFTPP_HAS_TAIL_CALLS 1
#define THRIFTPP_TAIL_CALL [[clang::musttail]]
#else
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define THRIFTPP_HAS_TAIL_CALLS 1
#else
#define THRIFTPP_HAS_TAIL_CALLS 0
#endif
#define THRIFTPP_TAIL_CALL
#endif
