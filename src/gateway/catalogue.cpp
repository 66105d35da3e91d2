#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <thriftpp/gateway/catalogue.hpp>
#include <thriftpp/load/loader.hpp>

#include "gateway/breaking.hpp"

namespace thrift {

namespace {

// Every service once, by the file that defines it.
std::vector<const Service*> services_of(const std::vector<Idl>& idls) {
  std::vector<const Service*> out;
  std::set<std::pair<std::string, std::string_view>> seen;
  const auto add = [&](const Program& program) {
    std::error_code ignored;
    const std::string path =
        std::filesystem::weakly_canonical(std::string(program.path()), ignored).string();
    for (const Service* service : program.services()) {
      if (seen.emplace(path.empty() ? std::string(program.path()) : path, service->name()).second) {
        out.push_back(service);
      }
    }
  };
  for (const Idl& idl : idls) add(idl.program());
  for (const Idl& idl : idls) {
    for (const Program* program : idl.schema().programs()) add(*program);
  }
  return out;
}

}  // namespace

struct Catalogue::Shared {
  // What wakes the thread that looks for changes, and outlives the catalogue with it.
  struct Alarm {
    std::mutex mutex;
    std::condition_variable wake;
    bool stopping = false;
  };
  // Called under its mutex, so that once the handle is gone nothing of it runs any more.
  struct Follower {
    std::mutex mutex;
    Check check;
    Listener listener;
  };

  Shared(std::vector<std::string> its_paths, const CatalogueOptions& its_options)
      : paths(std::move(its_paths)), options(its_options), loader(its_options.load) {}
  explicit Shared(const Idl& idl) : loader(LoadOptions{}), state(make_state({idl}, 1)) {}
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() {
    if (!watcher.joinable()) return;
    {
      const std::lock_guard lock(alarm->mutex);
      alarm->stopping = true;
    }
    alarm->wake.notify_all();
    // a listener may have held the last copy
    if (watcher.get_id() == std::this_thread::get_id()) {
      watcher.detach();
    } else {
      watcher.join();
    }
  }

  static CatalogueStatePtr make_state(std::vector<Idl> idls, unsigned generation) {
    auto out = std::make_shared<CatalogueState>();
    out->services = services_of(idls);
    out->idls = std::move(idls);
    out->generation = generation;
    return out;
  }

  // All files that can be read; what is wrong with the others goes to `wrong`.
  std::vector<Idl> load_all(std::vector<Failure>& wrong) {
    std::vector<Idl> out;
    std::set<std::string> seen;
    for (const std::string& path : paths) {
      for (const std::string& file : idl_files(path)) {
        if (!seen.insert(file).second) continue;
        Result<Idl> idl = loader.try_load(file);
        if (idl) {
          out.push_back(*idl);
        } else {
          wrong.push_back(idl.error());
        }
      }
    }
    return out;
  }

  bool reload();
  void watch(const std::shared_ptr<Shared>& self);

  const std::vector<std::string> paths;
  const CatalogueOptions options;
  Loader loader;
  std::mutex reloading;  // one at a time

  std::mutex mutex;  // guards what follows
  CatalogueStatePtr state;
  std::string problems;
  std::vector<std::string> breaking;
  std::vector<std::weak_ptr<Follower>> followers;

  const std::shared_ptr<Alarm> alarm = std::make_shared<Alarm>();
  std::thread watcher;
};

bool Catalogue::Shared::reload() {
  if (paths.empty()) return false;
  const std::lock_guard one_at_a_time(reloading);
  std::vector<Failure> wrong;
  std::vector<Idl> idls = load_all(wrong);
  CatalogueStatePtr before;
  std::string problems_before;
  std::vector<std::shared_ptr<Follower>> all;
  {
    const std::lock_guard lock(mutex);
    before = state;
    problems_before = problems;
    std::erase_if(followers, [](const auto& follower) { return follower.expired(); });
    for (const auto& follower : followers) {
      if (auto alive = follower.lock()) all.push_back(std::move(alive));
    }
  }
  std::string now_wrong;
  for (const Failure& failure : wrong) now_wrong += failure.message();
  const bool same = std::ranges::equal(
      idls, before->idls, [](const Idl& a, const Idl& b) { return &a.schema() == &b.schema(); });
  if (now_wrong.empty() && same && problems_before.empty()) return false;
  CatalogueStatePtr after;
  std::vector<std::string> gone;
  if (now_wrong.empty() && !same) {
    after = make_state(std::move(idls), before->generation + 1);
    try {
      for (const auto& follower : all) {
        const std::lock_guard lock(follower->mutex);
        if (follower->check) follower->check(*after);
      }
      gone = gateway::breaking_changes(before->services, after->services);
    } catch (const Error& e) {
      now_wrong = e.message();
      after = nullptr;
    }
  }
  if (after == nullptr && now_wrong == problems_before) return false;  // it has been said
  {
    const std::lock_guard lock(mutex);
    problems = now_wrong;
    if (after) {
      state = after;
      breaking = std::move(gone);
    }
  }
  for (const auto& follower : all) {
    const std::lock_guard lock(follower->mutex);
    if (follower->listener) follower->listener();
  }
  return after != nullptr;
}

void Catalogue::Shared::watch(const std::shared_ptr<Shared>& self) {
  watcher = std::thread([weak = std::weak_ptr(self), bell = alarm, interval = options.interval] {
    for (;;) {
      {
        std::unique_lock lock(bell->mutex);
        if (bell->wake.wait_for(lock, interval, [&] { return bell->stopping; })) return;
      }
      const std::shared_ptr<Shared> shared = weak.lock();
      if (!shared) return;
      try {
        shared->reload();
      } catch (const std::exception& e) {  // memory ran out; the next look may succeed
        const std::lock_guard lock(shared->mutex);
        shared->problems = e.what();
      }
    }
  });
}

Catalogue::Catalogue(const std::string& path, const CatalogueOptions& options)
    : Catalogue(std::vector<std::string>{path}, options) {}

Catalogue::Catalogue(const std::vector<std::string>& paths, const CatalogueOptions& options)
    : shared_(std::make_shared<Shared>(paths, options)) {
  std::vector<Failure> wrong;
  std::vector<Idl> idls = shared_->load_all(wrong);
  if (wrong.size() == 1) wrong.front().raise();
  if (!wrong.empty()) {
    Diagnostics all(options.load.diagnostics);
    for (const Failure& failure : wrong) {
      const auto* const detail = failure.as<IdlErrorDetail>();
      if (detail == nullptr) failure.raise();
      for (const Diagnostic& diagnostic : detail->diagnostics.all()) all.report(diagnostic);
    }
    throw IdlError(std::move(all));
  }
  shared_->state = Shared::make_state(std::move(idls), 1);
  if (options.watch) shared_->watch(shared_);
}

Catalogue::Catalogue(const Idl& idl) : shared_(std::make_shared<Shared>(idl)) {}

CatalogueStatePtr Catalogue::state() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->state;
}

std::string Catalogue::problems() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->problems;
}

std::vector<std::string> Catalogue::breaking_changes() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->breaking;
}

bool Catalogue::reload() {
  return shared_->reload();
}

std::shared_ptr<void> Catalogue::follow(Check check, Listener listener) {
  auto follower = std::make_shared<Shared::Follower>();
  follower->check = std::move(check);
  follower->listener = std::move(listener);
  follower->check(*state());
  const std::lock_guard lock(shared_->mutex);
  shared_->followers.push_back(follower);
  return {follower.get(), [follower](void* /*handle*/) {
            const std::lock_guard quiet(follower->mutex);
            follower->check = nullptr;
            follower->listener = nullptr;
          }};
}

}  // namespace thrift
