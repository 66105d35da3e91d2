// Loader. Whether a remembered load still holds is found out by asking the file provider all the
// questions of that load again: which paths there are, and what they hold. That covers whatever may
// change a load, also a file that appears earlier in the search path.

#include <map>
#include <mutex>
#include <thriftpp/load/loader.hpp>
#include <unordered_map>
#include <variant>
#include <vector>

namespace thrift {
namespace {

const DiskFiles& disk() {
  static const DiskFiles files;
  return files;
}

}  // namespace

namespace loading {

/// Passes everything on and notes the answers.
class RecordedFiles final : public FileProvider {
 public:
  explicit RecordedFiles(const FileProvider& files) : files_(files) {}

  [[nodiscard]] FileContent read(const std::string& path, std::size_t max_bytes) const override {
    FileContent content = files_.read(path, max_bytes);
    reads_.push_back({path, max_bytes, content});
    return content;
  }
  [[nodiscard]] std::optional<std::string> canonical(const std::string& path) const override {
    auto answer = files_.canonical(path);
    paths_.emplace_back(path, answer);
    return answer;
  }
  [[nodiscard]] std::optional<std::string> canonical_in(const std::string& directory,
                                                        std::string_view name) const override {
    auto answer = files_.canonical_in(directory, name);
    names_.push_back({directory, std::string(name), answer});
    return answer;
  }
  [[nodiscard]] std::string join(std::string_view directory, std::string_view file) const override {
    return files_.join(directory, file);
  }
  [[nodiscard]] std::string directory(std::string_view path) const override {
    return files_.directory(path);
  }

  [[nodiscard]] bool still_hold() const {
    for (const auto& [path, answer] : paths_) {
      if (files_.canonical(path) != answer) return false;
    }
    for (const Named& asked : names_) {
      if (files_.canonical_in(asked.directory, asked.name) != asked.answer) return false;
    }
    for (const Read& read : reads_) {
      const FileContent now = files_.read(read.path, read.max_bytes);
      if (now.status != read.content.status || now.text != read.content.text) return false;
    }
    return true;
  }

 private:
  struct Read {
    std::string path;
    std::size_t max_bytes;
    FileContent content;
  };
  struct Named {
    std::string directory;
    std::string name;
    std::optional<std::string> answer;
  };
  const FileProvider& files_;
  mutable std::vector<Named> names_;
  mutable std::vector<Read> reads_;  // one load uses one recorder: one thread
  mutable std::vector<std::pair<std::string, std::optional<std::string>>> paths_;
};

}  // namespace loading

/// One root file. Its mutex is held while it loads, so that two who ask for it share the work.
struct Loader::Entry {
  std::mutex mutex;
  std::shared_ptr<const loading::RecordedFiles> questions;
  std::optional<Idl> idl;
};

struct Loader::State {
  LoadOptions options;
  std::mutex mutex;  // of `entries`
  std::map<std::string, std::shared_ptr<Entry>, std::less<>> entries;
};

Loader::Loader(LoadOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
}
Loader::~Loader() = default;

Result<Idl> Loader::try_load(const std::string& path) {
  const LoadOptions& shared = state_->options;
  const FileProvider& files = shared.provider != nullptr ? *shared.provider : disk();
  const std::string key = files.canonical(path).value_or(path);
  std::shared_ptr<Entry> entry;
  {
    const std::scoped_lock lock(state_->mutex);
    auto& known = state_->entries[key];
    if (known == nullptr) known = std::make_shared<Entry>();
    entry = known;
  }
  const std::scoped_lock lock(entry->mutex);
  if (entry->idl && entry->questions->still_hold()) return *entry->idl;
  LoadOptions options = shared;
  const auto recorder = std::make_shared<loading::RecordedFiles>(files);
  options.provider = recorder;
  Result<Idl> loaded = thrift::try_load(path, options);
  entry->questions = recorder;
  entry->idl.reset();
  if (loaded) entry->idl = *loaded;
  return loaded;
}

Idl Loader::load(const std::string& path) {
  return try_load(path).value();
}

void Loader::clear() {
  const std::scoped_lock lock(state_->mutex);
  state_->entries.clear();
}

}  // namespace thrift
