#pragma once

/// @file
/// Source files: the text of one `.thrift` file, places in it, and where files come from.
///
/// A `SourceFile` is made once and never changes; everything that points into it (ranges, the AST,
/// diagnostics) does so by byte offset, and only what is shown to a person is turned into a line
/// and a column. Its bytes are kept exactly as they were read:
///
/// - a UTF-8 byte order mark at the start is part of the text, but not of its first line;
/// - LF and CR LF end a line. A CR alone is a blank, as it is for Apache's compiler, which lets a
/// `//`
///   comment run over it: so does the parser, but not without a warning;
/// - bytes that are not UTF-8 stay as they are, in strings, names of files and documentation alike.
///
/// Ownership: files are shared (`SourcePtr`). A `SourceRange` points at its file without owning it;
/// an `ast::Program` and a `Diagnostics` keep the files alive that they speak of.
/// Threads: a SourceFile is immutable and safe from several threads; so are the providers here.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <thriftpp/base/source_position.hpp>
#include <vector>

namespace thrift {

class SourceFile;
using SourcePtr = std::shared_ptr<const SourceFile>;

/// Bytes [begin, end) of a file. Empty ranges are places between two characters. A range without a
/// file says "nowhere", e.g. the place of a part that was not written.
struct SourceRange {
  const SourceFile* file = nullptr;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  explicit operator bool() const noexcept { return file != nullptr; }
  /// The bytes themselves; empty where there is no file.
  [[nodiscard]] THRIFTPP_API std::string_view text() const noexcept;
  /// Where it begins. {1, 1} where there is no file.
  [[nodiscard]] THRIFTPP_API SourcePosition start() const;
  friend bool operator==(const SourceRange&, const SourceRange&) = default;
};

/// The text of one file. Offsets are 32 bits wide: text beyond 4 GiB - 1 is refused.
class THRIFTPP_API SourceFile : public std::enable_shared_from_this<SourceFile> {
  struct Private {};

 public:
  /// `name` is what messages call the file; `canonical_path` identifies it among all spellings of
  /// its path, and is `name` where it is left out.
  /// Throws std::length_error where `text` is too long for 32-bit offsets.
  [[nodiscard]] static SourcePtr create(std::string name, std::string text,
                                        std::string canonical_path = {});

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& canonical_path() const noexcept { return canonical_path_; }
  /// Every byte, the byte order mark included.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// Where the text begins behind the byte order mark: 3, or 0 without one.
  [[nodiscard]] std::uint32_t content_begin() const noexcept { return content_begin_; }

  [[nodiscard]] SourceRange range(std::size_t begin, std::size_t end) const noexcept {
    return {this, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  /// At least 1: an empty file has one empty line.
  [[nodiscard]] std::uint32_t line_count() const;
  /// Line `number` (from 1) without its line end and without the byte order mark; empty where there
  /// is no such line.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
  /// The offset of the first byte of line `number`, or the size of the text past the last one.
  [[nodiscard]] std::uint32_t line_begin(std::uint32_t number) const;
  /// Offsets past the end count as the end. Logarithmic in the size of the text; positions that are
  /// asked for in order are found at once.
  [[nodiscard]] SourcePosition position(std::uint32_t offset) const;

  SourceFile(Private, std::string name, std::string text, std::string canonical_path);

 private:
  // A known place. Each line has one at its begin, long lines have more, so that finding a position
  // never walks far, not even in a file that is one line.
  struct Mark {
    std::uint32_t offset;
    SourcePosition position;
  };
  void add_marks();
  // The place of the last one at or before the offset, which is not in the byte order mark.
  [[nodiscard]] std::size_t mark_before(std::uint32_t offset) const;

  std::string name_;
  std::string canonical_path_;
  std::string text_;
  std::uint32_t content_begin_ = 0;
  std::vector<Mark> marks_;  // in order
  mutable std::atomic<std::uint32_t> last_mark_ = 0;
};

/// What came of reading a file.
struct FileContent {
  enum class Status : std::uint8_t {
    found,       ///< `text` is the whole file.
    not_found,   ///< There is no such file: the next include directory may have one.
    unreadable,  ///< It exists but cannot be read; `problem` says why ("permission denied").
    too_large,   ///< It has more bytes than were allowed.
  };
  Status status = Status::not_found;
  std::string text;
  std::string problem;
};

/// Where files come from. Derive from it to load from an archive, a database, over HTTP.
/// Implementations must be safe to call from several threads.
class THRIFTPP_API FileProvider {
 public:
  virtual ~FileProvider();

  /// The bytes of `path`, at most `max_bytes` of them. Reports problems in its result and throws
  /// only where memory runs out.
  [[nodiscard]] virtual FileContent read(const std::string& path, std::size_t max_bytes) const = 0;

  /// One name for all spellings of a path, or nothing where there is no such file. It is what files
  /// are told apart by.
  [[nodiscard]] virtual std::optional<std::string> canonical(const std::string& path) const = 0;

  /// The same of `name`, which holds no `/`, in a directory whose canonical path is known. Worth
  /// overriding where it is cheaper than asking for the whole path.
  [[nodiscard]] virtual std::optional<std::string> canonical_in(const std::string& directory,
                                                                std::string_view name) const;

  /// The path of `file` as seen from `directory`; `file` itself where it is absolute or `directory`
  /// is empty. Not normalised, so that messages show the path as it was written.
  [[nodiscard]] virtual std::string join(std::string_view directory, std::string_view file) const;
  /// The directory that `path` lies in: what stands before its last `/`, "" where there is none.
  [[nodiscard]] virtual std::string directory(std::string_view path) const;
};

/// The file system. Canonical paths are absolute, with symbolic links resolved.
class THRIFTPP_API DiskFiles final : public FileProvider {
 public:
  [[nodiscard]] FileContent read(const std::string& path, std::size_t max_bytes) const override;
  [[nodiscard]] std::optional<std::string> canonical(const std::string& path) const override;
  [[nodiscard]] std::optional<std::string> canonical_in(const std::string& directory,
                                                        std::string_view name) const override;
};

/// Files in memory. Paths are normalised as text ("a/../b.thrift" is "b.thrift"), both those given
/// here and those asked for.
class THRIFTPP_API MemoryFiles final : public FileProvider {
 public:
  MemoryFiles() = default;
  /// `files` maps paths to texts.
  explicit MemoryFiles(const std::map<std::string, std::string>& files);

  /// Adds or replaces a file. Not safe while other threads read.
  void add(std::string_view path, std::string text);

  [[nodiscard]] FileContent read(const std::string& path, std::size_t max_bytes) const override;
  [[nodiscard]] std::optional<std::string> canonical(const std::string& path) const override;

 private:
  std::map<std::string, std::string, std::less<>> files_;
};

}  // namespace thrift
