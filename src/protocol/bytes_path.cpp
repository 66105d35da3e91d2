#include <thriftpp/protocol/bytes_path.hpp>
#include <thriftpp/schema/struct_type.hpp>
#include <thriftpp/value/path.hpp>

#include "protocol/path_walk.hpp"

namespace thrift {
namespace {

/// A key of a path as a value of the key's type, with the rules of literals.
Value key_value(const Type& type, const PathKey& key) {
  if (const auto* number = std::get_if<std::int64_t>(&key.key)) return {type, *number};
  if (const auto* floating = std::get_if<double>(&key.key)) return {type, *floating};
  const auto& text = std::get<std::string>(key.key);
  if (!key.quoted && (text == "true" || text == "false")) return {type, text == "true"};
  return {type, text};
}

}  // namespace

CompiledPath::CompiledPath(const Type& root, std::string_view path) : root_(&root), type_(&root) {
  try {
    if (add_simple_steps(path)) return;
    steps_.clear();
    type_ = root_;
    const std::vector<PathStep> parsed = parse_path(path);
    keys_.reserve(parsed.size());
    for (const PathStep& step : parsed) {
      if (const auto* field = std::get_if<PathField>(&step)) {
        add_field(field->name);
      } else if (const auto* index = std::get_if<PathIndex>(&step)) {
        add_index(index->index);
      } else {
        if (type_->kind() != TypeKind::map) {
          throw TypeError("`" + std::string(type_->name()) + "` has no keys");
        }
        const ContainerType& map = type_->as_container();
        keys_.push_back(key_value(map.key(), std::get<PathKey>(step)));
        steps_.push_back({.kind = Step::Kind::key,
                          .key = std::as_const(keys_.back()).view().cell(),
                          .from = &map.slot()});
        type_ = &map.element();
      }
    }
  } catch (const TypeError& error) {
    const std::string prefix = "path `" + std::string(path) + "`";
    if (error.message().starts_with(prefix)) throw;
    throw TypeError(prefix, error.message());
  }
}

/// Paths of plain names and indices, without going through parse_path; false of all others.
bool CompiledPath::add_simple_steps(std::string_view path) {
  steps_.reserve(4);
  for (std::size_t at = 0; at < path.size();) {
    if (path[at] == '[') {
      std::uint64_t index = 0;
      const std::size_t digits = ++at;
      for (; at < path.size() && path[at] >= '0' && path[at] <= '9'; ++at) {
        index = index * 10 + static_cast<std::uint64_t>(path[at] - '0');
      }
      if (at == digits || at - digits > 18 || at == path.size() || path[at] != ']') return false;
      ++at;
      add_index(index);
      continue;
    }
    if (path[at] == '.' && at != 0) {
      ++at;
    } else if (at != 0) {
      return false;
    }
    const std::size_t end = std::min(path.find_first_of(".[{]} \"", at), path.size());
    if (end == at) return false;
    add_field(path.substr(at, end - at));
    at = end;
  }
  return true;
}

void CompiledPath::add_field(std::string_view name) {
  if (!type_->is_struct()) {
    throw TypeError("`" + std::string(type_->name()) + "` has no fields");
  }
  const Field& field = type_->as_struct().field(name);
  steps_.push_back({.kind = Step::Kind::field, .field = &field.layout(), .from = &type_->slot()});
  type_ = &field.type();
}

void CompiledPath::add_index(std::uint64_t index) {
  if (type_->kind() != TypeKind::list && type_->kind() != TypeKind::set) {
    throw TypeError("`" + std::string(type_->name()) + "` has no elements by number");
  }
  steps_.push_back({.kind = Step::Kind::index, .index = index, .from = &type_->slot()});
  type_ = &type_->as_container().element();
}

Failure no_wire(ProtocolId protocol) {
  return make_failure<ProtocolErrorDetail>(ProtocolErrorKind::not_implemented,
                                           "values of protocol `" +
                                               std::string(to_string(protocol)) +
                                               "` can be decoded, but not be looked into as bytes",
                                           0, std::string());
}

Result<std::optional<WireValue>> try_find(ProtocolId protocol, std::span<const std::byte> bytes,
                                          const CompiledPath& path, const DecodeOptions& options) {
  if (!has_wire(protocol)) return no_wire(protocol);
  DecodeState state(bytes, options);
  std::optional<WireValue> out;
  if (!find_into(protocol, state, 0, path, options, out)) {
    return state.failure(path.root().name());
  }
  return out;
}

std::optional<WireValue> find(ProtocolId protocol, std::span<const std::byte> bytes,
                              const CompiledPath& path, const DecodeOptions& options) {
  DecodeState state(bytes, options);
  std::optional<WireValue> out;
  if (!find_into(protocol, state, 0, path, options, out)) {
    state.failure(path.root().name()).raise();
  }
  return out;
}

std::optional<WireValue> find(ProtocolId protocol, std::span<const std::byte> bytes,
                              const Type& type, std::string_view path,
                              const DecodeOptions& options) {
  return find(protocol, bytes, CompiledPath(type, path), options);
}

bool find_into(ProtocolId protocol, DecodeState& state, std::size_t offset,
               const CompiledPath& path, const DecodeOptions& options,
               std::optional<WireValue>& out) {
  return with_wire(protocol, [&](auto wire) {
    PathWalk<decltype(wire)> walk(state, path.root().slot());
    const auto steps = path.steps();
    const Reached reached = walk.along(steps);
    if (reached != Reached::found) return reached == Reached::absent;
    const Place end = walk.end_of_value(steps);
    if (end == nullptr) return false;
    out.emplace(WireAccess::make(protocol, {walk.place(), end},
                                 offset + bytes_between(state.begin(), walk.place()), path.type(),
                                 options, walk.depth()));
    if (!walk.has_value()) WireAccess::set_in_header(*out, walk.header_value());
    return true;
  });
}

std::optional<WireValue> WireValue::find(const CompiledPath& path) const {
  if (&path.root() != type_) {
    throw TypeError({}, "the path does not start here", std::string(path.root().name()),
                    std::string(type_->name()));
  }
  if (path.steps().empty()) return *this;
  DecodeState state(bytes_, options_);
  std::optional<WireValue> out;
  if (!find_into(protocol_, state, offset_, path, options_, out)) {
    raise_at(state, type_->name(), offset_);
  }
  return out;
}

std::optional<WireValue> WireValue::find(std::string_view path) const {
  return find(CompiledPath(*type_, path));
}

}  // namespace thrift
