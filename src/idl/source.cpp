#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <thriftpp/idl/source.hpp>

#include "idl/utf8.hpp"

namespace thrift {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::uint32_t mark_distance = 128;  // bytes between two marks in a long line

// Where the line that holds `at` ends, its line end left out.
std::size_t end_of_line(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find('\n', at), text.size());
}

}  // namespace

std::string_view SourceRange::text() const noexcept {
  if (file == nullptr) return {};
  const std::string_view all = file->text();
  const std::size_t from = std::min<std::size_t>(begin, all.size());
  return all.substr(from, end > from ? end - from : 0);
}

SourcePosition SourceRange::start() const {
  return file == nullptr ? SourcePosition{} : file->position(begin);
}

SourcePtr SourceFile::create(std::string name, std::string text, std::string canonical_path) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("`" + name + "` is too large: its offsets must fit 32 bits");
  }
  return std::make_shared<const SourceFile>(Private{}, std::move(name), std::move(text),
                                            std::move(canonical_path));
}

SourceFile::SourceFile(Private, std::string name, std::string text, std::string canonical_path)
    : name_(std::move(name)),
      canonical_path_(canonical_path.empty() ? name_ : std::move(canonical_path)),
      text_(std::move(text)) {
  if (text_.starts_with(byte_order_mark)) content_begin_ = byte_order_mark.size();
  add_marks();
}

void SourceFile::add_marks() {
  const std::string_view text = text_;
  SourcePosition position;
  for (std::size_t at = content_begin_;; ++position.line) {
    position.column = 1;
    marks_.push_back({static_cast<std::uint32_t>(at), position});
    const std::size_t end = end_of_line(text, at);
    if (end - at > mark_distance) {
      for (std::size_t i = at; i < end; ++position.column) {
        if (i - marks_.back().offset >= mark_distance) {
          marks_.push_back({static_cast<std::uint32_t>(i), position});
        }
        i += utf8::decode(text, i).length;
      }
    }
    if (end == text.size()) break;
    at = end + 1;
  }
}

std::uint32_t SourceFile::line_count() const {
  return marks_.back().position.line;
}

std::uint32_t SourceFile::line_begin(std::uint32_t number) const {
  const auto at = std::partition_point(
      marks_.begin(), marks_.end(), [number](const Mark& m) { return m.position.line < number; });
  return at == marks_.end() ? static_cast<std::uint32_t>(text_.size()) : at->offset;
}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (number == 0 || number > line_count()) return {};
  const std::string_view text = text_;
  const std::size_t begin = line_begin(number);
  const std::string_view line = text.substr(begin, end_of_line(text, begin) - begin);
  return line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0));
}

// Definitions and fields are asked for in order: the mark is mostly near the last one.
std::size_t SourceFile::mark_before(std::uint32_t offset) const {
  const std::vector<Mark>& all = marks_;
  const auto is_next = [&](std::size_t i) {
    return all[i].offset <= offset && (i + 1 == all.size() || offset < all[i + 1].offset);
  };
  std::size_t i = last_mark_.load(std::memory_order_relaxed);
  for (int steps = 8; steps > 0 && i + 1 < all.size() && !is_next(i); --steps) ++i;
  if (!is_next(i)) {
    const auto after = std::partition_point(all.begin(), all.end(),
                                            [offset](const Mark& m) { return m.offset <= offset; });
    i = static_cast<std::size_t>(after - all.begin()) - 1;
  }
  last_mark_.store(static_cast<std::uint32_t>(i), std::memory_order_relaxed);
  return i;
}

SourcePosition SourceFile::position(std::uint32_t offset) const {
  const std::size_t wanted = std::min<std::size_t>(offset, text_.size());
  if (wanted < content_begin_) return {};  // in the byte order mark
  const Mark& mark = marks_[mark_before(static_cast<std::uint32_t>(wanted))];
  SourcePosition position = mark.position;
  for (std::size_t i = mark.offset; i < wanted; ++position.column) {
    if (static_cast<unsigned char>(text_[i]) < 0x80) {  // every definition and field comes by here
      ++i;
      continue;
    }
    i += utf8::decode(text_, i).length;
    if (i > wanted) break;  // inside of a code point
  }
  return position;
}

FileProvider::~FileProvider() = default;

std::string FileProvider::join(std::string_view directory, std::string_view file) const {
  if (directory.empty() || file.starts_with('/')) return std::string(file);
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  return path.append(file);
}

std::optional<std::string> FileProvider::canonical_in(const std::string& directory,
                                                      std::string_view name) const {
  return canonical(join(directory, name));
}

std::string FileProvider::directory(std::string_view path) const {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

namespace {

/// Closes a descriptor at the end of a scope.
class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

/// Where an open file lies, as the system knows it: one call instead of one for each folder on the
/// way. Empty where it does not say.
std::string path_of(const Descriptor& file) {
  const std::string link = "/proc/self/fd/" + std::to_string(file.number());
  std::array<char, 4096> path;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  if (size <= 0 || static_cast<std::size_t>(size) == path.size() || path[0] != '/') return {};
  const std::string_view found(path.data(), static_cast<std::size_t>(size));
  return found.ends_with(" (deleted)") ? std::string() : std::string(found);
}

FileContent unreadable(int error) {
  return {FileContent::Status::unreadable, {}, std::generic_category().message(error)};
}

}  // namespace

// Plain system calls: for a small file a stream costs more than all the rest of a load.
FileContent DiskFiles::read(const std::string& path, std::size_t max_bytes) const {
  using Status = FileContent::Status;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {Status::not_found, {}, {}};
    return unreadable(errno);
  }
  struct stat status = {};
  if (::fstat(file.number(), &status) != 0) return unreadable(errno);
  if (S_ISDIR(status.st_mode)) return {Status::unreadable, {}, "it is a directory"};
  // The size of a pipe or of a file under /proc is not known before, and that of a file may change
  // while it is read: so it is only where reading begins, and the end is where nothing more comes.
  const bool regular = S_ISREG(status.st_mode);
  if (regular && static_cast<std::uintmax_t>(status.st_size) > max_bytes) {
    return {Status::too_large, {}, {}};
  }
  FileContent content{Status::found, {}, {}};
  std::size_t size = 0;
  std::size_t step = regular ? static_cast<std::size_t>(status.st_size) + 1 : 1 << 16;
  for (;; step = std::size_t{1} << 16) {
    content.text.resize(size + step);
    const ssize_t count = ::read(file.number(), content.text.data() + size, step);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(errno);
    size += static_cast<std::size_t>(count);
    if (size > max_bytes) return {Status::too_large, {}, {}};
    if (count == 0 || (regular && size == static_cast<std::size_t>(status.st_size) && size != 0)) {
      break;
    }
  }
  content.text.resize(size);
  return content;
}

std::optional<std::string> DiskFiles::canonical(const std::string& path) const {
  {
    const Descriptor file(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (file.number() < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (file.number() >= 0) {
      std::string found = path_of(file);
      if (!found.empty()) return found;
    }
  }
  std::error_code error;
  const std::filesystem::path found = std::filesystem::canonical(path, error);
  if (error) return std::nullopt;
  return found.string();
}

std::optional<std::string> DiskFiles::canonical_in(const std::string& directory,
                                                   std::string_view name) const {
  std::string path = join(directory, name);
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  if (S_ISLNK(status.st_mode) || name == "." || name == ".." || directory.empty()) {
    return canonical(path);
  }
  return path;
}

namespace {

std::string normalised(std::string_view path) {
  return std::filesystem::path(path).lexically_normal().string();
}

}  // namespace

MemoryFiles::MemoryFiles(const std::map<std::string, std::string>& files) {
  for (const auto& [path, text] : files) add(path, text);
}

void MemoryFiles::add(std::string_view path, std::string text) {
  files_.insert_or_assign(normalised(path), std::move(text));
}

FileContent MemoryFiles::read(const std::string& path, std::size_t max_bytes) const {
  const auto at = files_.find(normalised(path));
  if (at == files_.end()) return {FileContent::Status::not_found, {}, {}};
  if (at->second.size() > max_bytes) return {FileContent::Status::too_large, {}, {}};
  return {FileContent::Status::found, at->second, {}};
}

std::optional<std::string> MemoryFiles::canonical(const std::string& path) const {
  std::string key = normalised(path);
  if (!files_.contains(key)) return std::nullopt;
  return key;
}

}  // namespace thrift
