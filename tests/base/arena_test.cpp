#include <doctest/doctest.h>

#include <thriftpp/base/arena.hpp>

using thrift::Arena;
using thrift::Buffer;

TEST_CASE("an arena aligns what it hands out") {
  Arena arena;
  CHECK(arena.allocate(1, 1) != nullptr);
  for (const std::size_t align : {2U, 4U, 8U, 16U}) {
    CHECK(reinterpret_cast<std::uintptr_t>(arena.allocate(3, align)) % align == 0);
  }
}

TEST_CASE("no bytes can be had of an arena that has none") {
  Arena arena;
  CHECK(arena.try_allocate(0, 1) != nullptr);
  CHECK(arena.allocate(0, 16) != nullptr);
  CHECK(arena.reserved() == 0);
  arena.reset();
  CHECK(arena.try_allocate(0) != nullptr);
}

TEST_CASE("an arena past its budget refuses, and keeps what it has") {
  Arena arena(64);
  arena.set_budget(256);
  auto* const first = static_cast<char*>(arena.allocate(16));
  *first = 'x';
  CHECK(arena.try_allocate(1000) == nullptr);
  CHECK_THROWS_AS((void)arena.allocate(1000), std::bad_alloc);
  CHECK(*first == 'x');
  CHECK(arena.try_allocate(100) != nullptr);
  CHECK(arena.reserved() <= 256);
  CHECK(arena.try_allocate(SIZE_MAX) == nullptr);
  CHECK(arena.try_allocate(SIZE_MAX - 8) == nullptr);
}

TEST_CASE("reset keeps the largest block and forgets the rest") {
  Arena arena(64);
  for (int i = 0; i < 100; ++i) (void)arena.allocate(100);
  CHECK(arena.used() >= 10000);
  arena.reset();
  CHECK(arena.used() == 0);
  const std::size_t kept = arena.reserved();
  CHECK(kept > 0);
  (void)arena.allocate(100);
  CHECK(arena.reserved() == kept);
}

TEST_CASE("an adopted buffer lives as long as the arena, at its old address") {
  Arena arena;
  Buffer buffer;
  buffer.append(std::string_view("hello"));
  const std::byte* const before = buffer.data();
  const auto bytes = arena.adopt(std::move(buffer));
  CHECK(bytes.data() == before);
  CHECK(bytes.size() == 5);
  CHECK(static_cast<char>(bytes[4]) == 'o');
}

TEST_CASE("an arena may lie in one piece with its first block") {
  const std::unique_ptr<Arena> arena = Arena::make(256);
  CHECK(arena->reserved() == 256);
  const auto* const object = reinterpret_cast<const std::byte*>(arena.get());
  for (int round = 0; round < 3; ++round) {
    auto* const first = static_cast<std::byte*>(arena->allocate(200));
    CHECK(first > object);
    CHECK(first < object + sizeof(Arena) + 256);
    CHECK(arena->reserved() == 256);
    std::memset(first, 1, 200);
    arena->reset();
  }
  std::memset(arena->allocate(200), 1, 200);
  void* const second = arena->allocate(1000);
  std::memset(second, 2, 1000);
  CHECK(arena->reserved() >= 256 + 1000);
  CHECK(arena->used() >= 1200);
  arena->reset();
  CHECK(arena->used() == 0);
  CHECK(arena->allocate(1000) == second);  // the largest block has been kept
}

TEST_CASE("memory that is used again and again ends up as one block") {
  Arena arena(64);
  std::size_t reserved = 0;
  for (int round = 0; round < 4; ++round) {
    arena.reset();
    for (int i = 0; i < 1000; ++i) std::memset(arena.allocate(1000), 3, 1000);
    reserved = arena.reserved();
  }
  arena.reset();
  CHECK(arena.reserved() == reserved);
}
