// thriftpp_bench: Google Benchmark's options apply. ratios.py runs it as it should be run, and
// prints what matters.

#include <benchmark/benchmark.h>

#include <exception>
#include <iostream>

#include "payload.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    bench::add_payloads();
    bench::add_rows();
  } catch (const std::exception& e) {
    std::cerr << "thriftpp_bench: " << e.what() << '\n';
    return 1;
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
