#pragma once

// What the fuzzers of plain JSON share: types of every kind, and how results are compared.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thriftpp/base/error.hpp>
#include <thriftpp/load/load.hpp>
#include <vector>

namespace thrift::fuzz {

inline const std::vector<const Type*>& json_types() {
  static const Idl idl = [] {
    std::string text = R"(
      enum Color { RED = 1, ROT = 1, GREEN = 7, DEEP = -5 }
      union Choice { 1: i32 number; 2: string text; 3: Every every }
      struct Inner { 1: required string key; 30000: i64 n; -3: optional bool below }
      struct Every {
        1: bool yes; 2: i8 tiny; 3: i16 small; 4: i32 n; 5: i64 big; 6: double real;
        7: string text; 8: binary bytes; 9: uuid id; 10: Color color;
        11: list<bool> bools; 12: list<i32> numbers; 13: list<i64> bigs; 14: list<double> reals;
        15: list<string> texts; 16: set<i16> smalls; 17: set<string> names; 18: set<double> odd;
        19: map<string, i64> counts; 20: map<i64, string> by_number; 21: map<bool, Color> bits;
        22: map<Color, bool> colors; 23: map<double, i8> by_real; 24: map<binary, uuid> by_bytes;
        25: map<uuid, binary> by_id; 26: map<Inner, Choice> pairs; 27: list<Every> children;
        28: Inner inner; 29: Choice choice; 30: Every next; 31: set<Inner> inners;
        40: optional i32 with_default = 5; 41: string greeting = "hi"; 42: bool on = 1;
        43: set<set<set<i32>>> nested; 44: map<set<string>, map<i8, i8>> by_set;
        45: Defaults defaults; 46: set<Defaults> presets;
        200: list<list<map<i8, set<string>>>> deep
      }
      struct Defaults { 1: required i32 a = 5; 2: i64 b = -1; 3: string c = "x"; 9: list<i32> d = [1] }
      struct Wide {
    )";
    for (int i = 1; i <= 70; ++i) {
      text += std::to_string(i) + ": " + (i == 3 || i == 69 ? "required" : "optional") + " i8 f" +
              std::to_string(i) + ";\n";
    }
    return loads(text + "}");
  }();
  static const std::vector<const Type*> types = [] {
    std::vector<const Type*> all;
    for (const char* const name :
         {"Every", "Every", "Inner", "Choice", "Defaults", "Wide", "list<Every>",
          "map<string, Inner>", "list<double>", "list<i64>", "set<i32>", "map<i32, list<bool>>",
          "string", "binary", "double", "Color"}) {
      all.push_back(&idl.type(name));
    }
    return all;
  }();
  return types;
}

/// A result, or the error in its place.
template <class F>
std::string outcome(F f) {
  try {
    return f();
  } catch (const Error& e) {
    return std::string("error: ") + e.what();
  }
}

inline void require_same(const std::string& direct, const std::string& through_value) {
  if (direct == through_value) return;
  std::fprintf(stderr, "in one pass:    %s\nthrough values: %s\n", direct.c_str(),
               through_value.c_str());
  std::abort();
}

}  // namespace thrift::fuzz
