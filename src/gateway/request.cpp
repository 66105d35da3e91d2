#include "gateway/request.hpp"

#include <algorithm>

namespace thrift::gateway {

namespace {

// A body that took more is given back.
constexpr std::size_t kept_body = 256 * 1024;

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::vector<std::string_view> list_elements(std::string_view value) {
  constexpr std::string_view blanks = " \t";
  std::vector<std::string_view> out;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    std::string_view element = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    const std::size_t begin = element.find_first_not_of(blanks);
    if (begin == std::string_view::npos) continue;
    element = element.substr(begin, element.find_last_not_of(blanks) + 1 - begin);
    out.push_back(element);
  }
  return out;
}

std::string_view Request::header(std::string_view name) const noexcept {
  for (const Field& field : fields_) {
    if (same_name(text(field.name), name)) return text(field.value);
  }
  return {};
}

bool Request::has_header(std::string_view name) const noexcept {
  for (const Field& field : fields_) {
    if (same_name(text(field.name), name)) return true;
  }
  return false;
}

std::string Request::all_headers(std::string_view name, std::string_view separator) const {
  std::string out;
  for (const Field& field : fields_) {
    if (!same_name(text(field.name), name)) continue;
    if (!out.empty()) out += separator;
    out += text(field.value);
  }
  return out;
}

HttpRequest Request::to_public() const {
  HttpRequest out;
  out.method = method();
  out.target = target();
  for (const Field& field : fields_) out.headers.emplace_back(text(field.name), text(field.value));
  out.body = body();
  return out;
}

void Request::assign(const HttpRequest& changed) {
  const int version = version_;
  const bool keep_alive = keep_alive_;
  clear();
  method_ = keep(changed.method);
  target_ = keep(changed.target);
  for (const auto& [name, value] : changed.headers) {
    const Piece kept_name = keep(name);
    const Piece kept_value = keep(value);
    fields_.push_back({kept_name, kept_value});
  }
  body_.append(std::string_view(changed.body));
  version_ = version;
  keep_alive_ = keep_alive;
}

void Request::clear() noexcept {
  head_.clear();
  fields_.clear();
  body_.clear();
  if (body_.capacity() > kept_body) body_ = Buffer();
  method_ = target_ = {};
  keep_alive_ = true;
  version_ = 11;
}

}  // namespace thrift::gateway
