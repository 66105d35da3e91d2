#pragma once

/// @file
/// Reading and changing one place of a value that lies as bytes, by its path, without decoding the
/// rest.
///
///     if (const auto name = find(ProtocolId::compact, bytes, batch, "process.serviceName")) {
///       std::cout << name->as<std::string_view>();
///     }
///     Buffer renamed = set(ProtocolId::compact, bytes, batch, "process.serviceName", "frontend");
///     Buffer shorter = erase(ProtocolId::compact, bytes, batch, "spans[3].tags");
///     Buffer longer = insert(ProtocolId::compact, bytes, batch, "spans", span);  // at the end
///
/// Paths are those of value/path.hpp: `spans[3].tags{"x"}`. One that is used often is compiled
/// once:
///
///     const CompiledPath service(batch, "process.serviceName");
///     for (const Buffer& message : messages) count(find(ProtocolId::binary, message, service));
///
/// *Cost.* Finding skips what lies before the place, driven by the schema's tables, and stops
/// there. Changing copies the bytes once. Neither takes memory in proportion to what is skipped, or
/// to how many fields or entries go: beside what comes out there is the new value, encoded, and,
/// where it goes into a set, one element of the set at a time, decoded.
///
/// *What changes.* The place itself, the sizes of the container that it is an element of, and, in
/// compact, the header of the field behind it, which says its id relative to the one before.
/// Every other byte stays as it was: unknown fields, padded numbers, the order of fields.
///
/// *What no writer writes.* Of a field on the way that comes twice the first is looked into and
/// changed, whereas decoding takes the last; setting the field itself leaves one, erasing none. Of
/// a union with several members on the wire each is found, whereas decoding takes the last; setting
/// a member leaves that one.
///
/// *Errors.* ProtocolError where bytes that have to be looked at are wrong; TypeError where the
/// path does not fit the type, where the value does not fit the place, or where the place to change
/// is not there. Binary and compact; see wire_value.hpp for what counts as there.
///
/// Threads: free functions, safe from several threads; a CompiledPath is immutable.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thriftpp/protocol/wire_value.hpp>
#include <vector>

namespace thrift {

/// A path made ready for one type: names looked up, keys made values of the map's key type.
/// The type's schema must outlive it. Move-only.
class THRIFTPP_API CompiledPath {
 public:
  /// TypeError where the path is malformed or does not fit.
  CompiledPath(const Type& root, std::string_view path);
  CompiledPath(CompiledPath&&) noexcept = default;
  CompiledPath& operator=(CompiledPath&&) noexcept = default;
  CompiledPath(const CompiledPath&) = delete;
  CompiledPath& operator=(const CompiledPath&) = delete;
  ~CompiledPath() = default;

  [[nodiscard]] const Type& root() const noexcept { return *root_; }
  /// The type of what the path leads to.
  [[nodiscard]] const Type& type() const noexcept { return *type_; }

  /// One step; internal.
  struct Step {
    enum class Kind : std::uint8_t { field, index, key } kind = Kind::field;
    const FieldLayout* field = nullptr;
    std::uint64_t index = 0;
    const std::byte* key = nullptr;    // a cell of the key's type
    const SlotLayout* from = nullptr;  // the struct or container that the step leads into
  };
  [[nodiscard]] std::span<const Step> steps() const noexcept { return steps_; }

 private:
  void add_field(std::string_view name);
  void add_index(std::uint64_t index);
  bool add_simple_steps(std::string_view path);

  const Type* root_;
  const Type* type_;
  std::vector<Step> steps_;
  std::vector<Value> keys_;  // that the steps' cells lie in
};

/// The value at `path` in `bytes`, which are (or begin with) a value of `type`; nothing where a
/// field on the path is not set, an index is past the end or a key is absent.
[[nodiscard]] THRIFTPP_API std::optional<WireValue> find(ProtocolId protocol,
                                                         std::span<const std::byte> bytes,
                                                         const Type& type, std::string_view path,
                                                         const DecodeOptions& options = {});
[[nodiscard]] THRIFTPP_API std::optional<WireValue> find(ProtocolId protocol,
                                                         std::span<const std::byte> bytes,
                                                         const CompiledPath& path,
                                                         const DecodeOptions& options = {});
/// As above, without throwing ProtocolError.
[[nodiscard]] THRIFTPP_API Result<std::optional<WireValue>> try_find(
    ProtocolId protocol, std::span<const std::byte> bytes, const CompiledPath& path,
    const DecodeOptions& options = {});

/// The bytes with the value at `path` replaced. A field that is not set is added, before the first
/// one whose id is larger; of a union the other members go. A map's entry that is not there is
/// added at the end. What lies on the way to the last step must be there, and an element of a list
/// too. The empty path replaces all.
/// The limits of `options` are for what is read: what is written may pass them.
[[nodiscard]] THRIFTPP_API Buffer set(ProtocolId protocol, std::span<const std::byte> bytes,
                                      const CompiledPath& path, const Literal& value,
                                      const DecodeOptions& options = {});
/// The bytes without the field, element or entry at `path`; the same bytes where there is none.
/// TypeError where the field is required, or is a union's.
[[nodiscard]] THRIFTPP_API Buffer erase(ProtocolId protocol, std::span<const std::byte> bytes,
                                        const CompiledPath& path,
                                        const DecodeOptions& options = {});
/// The bytes with one element or entry more.
///
///     ...[i]            the value goes before element i; i may be the list's size
///     ...field          of type list or set: the value goes to its end, unless a set has it
///                       already; where the field is not set it is added, with this one element
///     anything else     as `set`
[[nodiscard]] THRIFTPP_API Buffer insert(ProtocolId protocol, std::span<const std::byte> bytes,
                                         const CompiledPath& path, const Literal& value,
                                         const DecodeOptions& options = {});

[[nodiscard]] inline Buffer set(ProtocolId protocol, std::span<const std::byte> bytes,
                                const Type& type, std::string_view path, const Literal& value,
                                const DecodeOptions& options = {}) {
  return set(protocol, bytes, CompiledPath(type, path), value, options);
}
[[nodiscard]] inline Buffer erase(ProtocolId protocol, std::span<const std::byte> bytes,
                                  const Type& type, std::string_view path,
                                  const DecodeOptions& options = {}) {
  return erase(protocol, bytes, CompiledPath(type, path), options);
}
[[nodiscard]] inline Buffer insert(ProtocolId protocol, std::span<const std::byte> bytes,
                                   const Type& type, std::string_view path, const Literal& value,
                                   const DecodeOptions& options = {}) {
  return insert(protocol, bytes, CompiledPath(type, path), value, options);
}

}  // namespace thrift
