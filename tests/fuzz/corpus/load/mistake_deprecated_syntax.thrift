service S {
  async void f(),
}
struct A {
  1: list<i32> cpp_type "std::deque<int>" a,
}
