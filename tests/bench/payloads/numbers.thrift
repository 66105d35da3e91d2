// Long lists of numbers, and a map.
struct Numbers {
  1: required list<i32> ints; 2: required list<double> reals; 3: required list<i64> longs;
  4: required map<string, i64> counts
}
