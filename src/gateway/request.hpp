#pragma once

// A request as the server holds it: its memory is used again by the next one.

#include <cstdint>
#include <string>
#include <string_view>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/gateway/http.hpp>
#include <vector>

namespace thrift::gateway {

class Request {
 public:
  [[nodiscard]] std::string_view method() const noexcept { return text(method_); }
  // Of a whole URL only what is behind its host.
  [[nodiscard]] std::string_view target() const noexcept { return text(target_); }
  [[nodiscard]] std::string_view path() const noexcept {
    return target().substr(0, target().find('?'));
  }
  [[nodiscard]] std::string_view query() const noexcept {
    const std::size_t at = target().find('?');
    return at == std::string_view::npos ? std::string_view() : target().substr(at + 1);
  }
  // The value of the first header field of that name; nothing where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
  [[nodiscard]] bool has_header(std::string_view name) const noexcept;
  // Of all of that name, in order, with `separator` between them.
  [[nodiscard]] std::string all_headers(std::string_view name,
                                        std::string_view separator = ", ") const;
  [[nodiscard]] std::string_view body() const noexcept { return body_.text(); }
  [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }
  // Chunks may be sent to the client.
  [[nodiscard]] bool is_http_1_1() const noexcept { return version_ >= 11; }
  [[nodiscard]] HttpRequest to_public() const;
  // The same request, as middleware may have changed it.
  void assign(const HttpRequest& changed);
  void clear() noexcept;

 private:
  friend class RequestParser;
  struct Piece {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct Field {
    Piece name;
    Piece value;
  };
  [[nodiscard]] std::string_view text(Piece piece) const noexcept {
    return std::string_view(head_).substr(piece.begin, piece.size);
  }
  Piece keep(std::string_view text) {
    const auto begin = static_cast<std::uint32_t>(head_.size());
    head_.append(text);
    return {begin, static_cast<std::uint32_t>(text.size())};
  }

  std::string head_;
  Piece method_;
  Piece target_;
  std::vector<Field> fields_;
  Buffer body_;
  int version_ = 11;
  bool keep_alive_ = true;
};

[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;
// Of a field's value that is a list: what stands between its commas, without blanks, but for empty
// ones.
[[nodiscard]] std::vector<std::string_view> list_elements(std::string_view value);

}  // namespace thrift::gateway
