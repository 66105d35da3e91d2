#pragma once

/// @file
/// `Loader`: loads that are remembered.
///
/// A service that loads the same files again and again, or watches them for changes, keeps one
/// Loader. A file is known by its canonical path. Asked for it again, the Loader looks at every
/// file that took part, and at every place where one was looked for and not found; if all of that
/// is as it was, the same Idl is handed out. Otherwise a new one is made; who holds the old one
/// keeps it unchanged.
///
/// Threads: safe from several threads. Two that ask for the same file at once share one load;
/// different files load at the same time.

#include <memory>
#include <string>
#include <thriftpp/load/load.hpp>

namespace thrift {

class THRIFTPP_API Loader {
 public:
  explicit Loader(LoadOptions options = {});
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader();

  /// As the free functions. Failures are not remembered.
  [[nodiscard]] Idl load(const std::string& path);
  [[nodiscard]] Result<Idl> try_load(const std::string& path);

  /// Forgets everything. Handles that were given out stay valid.
  void clear();

 private:
  struct Entry;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thrift
