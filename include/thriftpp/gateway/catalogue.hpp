#pragma once

/// @file
/// `Catalogue`: `.thrift` files that are served, and followed as they change.
///
///     thrift::Catalogue idls("/etc/idl", {.watch = true});
///
/// A catalogue is files, and folders with all `.thrift` files in them and below. Watched, it looks
/// for changes now and then, parses what changed aside, and swaps everything in at once. Where that
/// has mistakes the old state stays, and `problems()` says why. What runs on the old state keeps it
/// alive; it is freed with its last user.
///
/// A service is served of the file that defines it: where several files of the catalogue include
/// one, each of its services counts once. Two files that define services of one name are a mistake.
///
/// Threads: copies share one state; everything is safe from several threads. A watched catalogue
/// has a thread of its own.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thriftpp/load/load.hpp>
#include <vector>

namespace thrift {

struct CatalogueOptions {
  bool watch = false;
  std::chrono::milliseconds interval{1000};  ///< Between two looks.
  LoadOptions load{};
};

/// One state of a catalogue; never changed.
struct CatalogueState {
  std::vector<Idl> idls;                 ///< Of the files, in order.
  std::vector<const Service*> services;  ///< Each once; belong to `idls`.
  unsigned generation = 1;               ///< Counts the states.
};
using CatalogueStatePtr = std::shared_ptr<const CatalogueState>;

class THRIFTPP_API Catalogue {
 public:
  /// Loads everything; throws IdlError.
  explicit Catalogue(const std::string& path, const CatalogueOptions& options = {});
  explicit Catalogue(const std::vector<std::string>& paths, const CatalogueOptions& options = {});
  /// Of one IDL that is there already.
  explicit Catalogue(const Idl& idl);

  [[nodiscard]] CatalogueStatePtr state() const;
  /// Why the newest files are not in use, as text with places; empty: they are.
  [[nodiscard]] std::string problems() const;
  /// What the last change took away from callers, or retyped, a line each; empty: nothing.
  [[nodiscard]] std::vector<std::string> breaking_changes() const;
  /// Looks for changes now; whether there is a new state.
  bool reload();

  /// Decides on a new state before it is taken: throws an Error where it cannot be. Called also
  /// with the state at hand, at once.
  using Check = std::function<void(const CatalogueState& state)>;
  /// Called after each change, and each failure to change, on the thread that found it.
  using Listener = std::function<void()>;
  /// Both until the returned handle goes, which waits for one that runs; so they must not let it
  /// go.
  [[nodiscard]] std::shared_ptr<void> follow(Check check, Listener listener);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace thrift
