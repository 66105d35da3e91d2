#pragma once

// Which instruction set a file is compiled for.
//
// The codec's loops (the list in CMakeLists.txt) are compiled twice: for the machine that the whole
// library is for, and, on x86-64, for x86-64-v3 (AVX2, BMI2) in a library of objects of its own.
// Which of the two runs is decided once per process, by what the processor can: codec.cpp.
//
// What these files define goes into the inline namespace THRIFTPP_ISA, or has internal linkage.
// The trap: an inline function or template of a shared header that the compiler does not inline
// becomes a weak symbol in both objects, and the linker may take the one with AVX2 for code that
// runs everywhere. So what these files take from shared headers must be always_inline, constexpr in
// truth, or defined in another file; tests/lint/isa.py looks at the objects.

#ifdef THRIFTPP_V3
#define THRIFTPP_ISA v3
#else
#define THRIFTPP_ISA portable
#endif
