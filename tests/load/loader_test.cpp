#include <doctest/doctest.h>

#include <mutex>
#include <thread>
#include <thriftpp/load/describe.hpp>
#include <thriftpp/load/loader.hpp>
#include <vector>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

/// Files that may change while others read.
class ChangingFiles final : public FileProvider {
 public:
  void set(const std::string& path, const std::string& text) {
    const std::scoped_lock lock(mutex_);
    files_.add(path, text);
  }
  [[nodiscard]] FileContent read(const std::string& path, std::size_t max_bytes) const override {
    const std::scoped_lock lock(mutex_);
    return files_.read(path, max_bytes);
  }
  [[nodiscard]] std::optional<std::string> canonical(const std::string& path) const override {
    const std::scoped_lock lock(mutex_);
    return files_.canonical(path);
  }

 private:
  mutable std::mutex mutex_;
  MemoryFiles files_;
};

struct Fixture {
  std::shared_ptr<ChangingFiles> files = std::make_shared<ChangingFiles>();
  LoadOptions options() const {
    LoadOptions o;
    o.provider = files;
    o.include_dirs = {"near", "far"};
    return o;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a Loader hands out the same schema while the files stay the same") {
  files->set("m.thrift", "include \"b.thrift\" struct A { 1: b.B b }");
  files->set("far/b.thrift", "struct B {}");
  Loader loader(options());
  const Idl first = loader.load("m.thrift");
  CHECK(&loader.load("m.thrift").schema() == &first.schema());
  CHECK(&loader.load("x/../m.thrift").schema() == &first.schema());
  loader.clear();
  CHECK(&loader.load("m.thrift").schema() != &first.schema());
  CHECK(first.type("A").is_struct());
}

TEST_CASE_FIXTURE(Fixture, "a Loader notices that a file or what it includes has changed") {
  files->set("m.thrift", "include \"b.thrift\" struct A { 1: b.B b }");
  files->set("far/b.thrift", "struct B {}");
  Loader loader(options());
  const Idl first = loader.load("m.thrift");
  files->set("far/b.thrift", "struct B { 1: i32 x }");
  const Idl second = loader.load("m.thrift");
  CHECK(second.type("b.B").as_struct().fields().size() == 1);
  CHECK(first.type("b.B").as_struct().fields().empty());
  files->set("m.thrift", "struct A {}");
  CHECK(loader.load("m.thrift").struct_type("A").fields().empty());
}

TEST_CASE_FIXTURE(Fixture, "a Loader notices a file that appears earlier in the search path") {
  files->set("m.thrift", "include \"b.thrift\" struct A { 1: b.B b }");
  files->set("far/b.thrift", "struct B {}");
  Loader loader(options());
  static_cast<void>(loader.load("m.thrift"));
  files->set("near/b.thrift", "typedef i32 B");
  CHECK(loader.load("m.thrift").type("b.B").is_integer());
}

TEST_CASE_FIXTURE(Fixture, "a Loader does not remember failures") {
  files->set("m.thrift", "struct A { 1: Nope x }");
  Loader loader(options());
  CHECK_FALSE(loader.try_load("m.thrift"));
  CHECK_THROWS_AS(static_cast<void>(loader.load("no.thrift")), IdlError);
  files->set("m.thrift", "struct A { 1: i32 x }");
  CHECK(loader.try_load("m.thrift"));
}

TEST_CASE_FIXTURE(Fixture, "threads that load through one Loader get whole schemas") {
  files->set("m.thrift", "include \"b.thrift\" struct A { 1: b.B b }");
  files->set("far/b.thrift", "struct B { 1: i32 x }");
  Loader loader(options());
  std::vector<std::thread> threads;
  std::vector<SchemaPtr> schemas(8);
  for (std::size_t t = 0; t < schemas.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) schemas[t] = loader.load("m.thrift");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const SchemaPtr& schema : schemas) {
    CHECK(schema == schemas[0]);
    CHECK(schema->struct_type("A").field("b").type().is_struct());
  }
}

TEST_CASE_FIXTURE(Fixture, "files that change while threads load give one version or another") {
  const auto version = [](int n) {
    std::string text = "struct B {";
    for (int i = 1; i <= n; ++i) text += std::to_string(i) + ": i32 a" + std::to_string(i) + ' ';
    return text + '}';
  };
  for (const char* const root : {"m.thrift", "n.thrift"}) {
    files->set(root, "include \"b.thrift\" struct A { 1: b.B b = {\"a1\": 5} }");
  }
  files->set("far/b.thrift", version(1));
  Loader loader(options());
  std::vector<std::thread> threads;
  std::vector<std::size_t> sums(4);
  for (std::size_t t = 0; t < sums.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        const Idl idl = loader.load(t % 2 == 0 ? "m.thrift" : "n.thrift");
        const auto& fields = idl.type("b.B").as_struct().fields();
        // whole, whichever it is: names, default and description
        bool whole = fields.back().name() == "a" + std::to_string(fields.size());
        whole = whole && Value(idl.make("A"))["b"]["a1"].as<std::int32_t>() == 5;
        whole = whole && describe_json(idl).find(fields.back().name()) != std::string::npos;
        sums[t] += whole ? 1 : 0;
        if (t == 3 && i % 10 == 9) loader.clear();
      }
    });
  }
  for (int n = 1; n <= 20; ++n) files->set("far/b.thrift", version(n));
  for (std::thread& thread : threads) thread.join();
  CHECK(sums == std::vector<std::size_t>(4, 40));
  CHECK(loader.load("m.thrift").type("b.B").as_struct().fields().size() == 20);
}
