#include "gateway/response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "gateway/request.hpp"

namespace thrift {

namespace gateway {

namespace {

void append_number(std::size_t n, Buffer& out, int base = 10) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), n, base);
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void write_field(std::string_view name, std::string_view value, Buffer& out) {
  out.append(name);
  out.append(": ");
  out.append(value);
  out.append("\r\n");
}

// The fields that only the gateway knows, and those that are written in their own place.
bool is_own_field(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> own{"Connection", "Content-Length", "Content-Type",
                                                "Date", "Transfer-Encoding"};
  return std::ranges::any_of(own, [&](std::string_view one) { return same_name(name, one); });
}

/// A result, or middleware, may give the response an id of its own.
bool has_request_id(const Headers& headers) {
  const std::string* const given = find_header(headers, "X-Request-Id");
  return given != nullptr && is_valid_header("X-Request-Id", *given);
}

void write_content_type(std::string_view usual, const Headers& headers, Buffer& out) {
  const std::string* const given = find_header(headers, "Content-Type");
  const std::string_view type = given != nullptr ? std::string_view(*given) : usual;
  if (!type.empty() && is_valid_header("Content-Type", type)) {
    write_field("Content-Type", type, out);
  }
}

void write_head(int status, std::string_view content_type, const Headers& headers,
                const ResponseContext& context, Buffer& out) {
  if (status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
  } else {
    out.append("HTTP/1.1 ");
    append_number(static_cast<std::size_t>(status), out);
    out.append(" ");
    out.append(reason_phrase(status));
    out.append("\r\n");
  }
  out.append(date_line());
  if (!is_bodiless(status)) write_content_type(content_type, headers, out);
  if (!context.request_id.empty() && !has_request_id(headers)) {
    write_field("X-Request-Id", context.request_id, out);
  }
  for (const auto& [name, value] : headers) {
    if (is_valid_header(name, value) && !is_own_field(name)) write_field(name, value, out);
  }
  out.append(context.extra);
  if (!context.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (!context.is_http_1_1) {
    out.append("Connection: keep-alive\r\n");
  }
}

}  // namespace

bool is_bodiless(int status) noexcept {
  return status == 204 || status == 205 || status == 304;
}

bool is_valid_header(std::string_view name, std::string_view value) noexcept {
  constexpr std::string_view special = "()<>@,;:\\\"/[]?={}";
  if (name.empty()) return false;
  for (const char c : name) {
    if (c <= ' ' || c >= 127 || special.find(c) != std::string_view::npos) return false;
  }
  for (const char c : value) {
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 127) return false;
  }
  return true;
}

std::string_view date_line() {
  struct Line {
    std::time_t made = 0;
    std::array<char, 48> text{};
    std::size_t size = 0;
  };
  thread_local Line line;  // NOLINT(misc-use-internal-linkage): it has none
  const std::time_t now = std::time(nullptr);
  if (now != line.made) {
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    line.size = std::strftime(line.text.data(), line.text.size(),
                              "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    line.made = now;
  }
  return {line.text.data(), line.size};
}

void write_response(int status, std::string_view content_type, const Headers& headers,
                    std::string_view body, const ResponseContext& context, Buffer& out) {
  write_head(status, content_type, headers, context, out);
  if (is_bodiless(status)) {
    // Clients know of the others that nothing comes.
    out.append(status == 205 ? "Content-Length: 0\r\n\r\n" : "\r\n");
    return;
  }
  out.append("Content-Length: ");
  append_number(body.size(), out);
  out.append("\r\n\r\n");
  if (!context.head_only) out.append(body);
}

void write_chunked_head(int status, std::string_view content_type, const Headers& headers,
                        const ResponseContext& context, Buffer& out) {
  write_head(status, content_type, headers, context, out);
  out.append("Transfer-Encoding: chunked\r\n\r\n");
}

void write_chunk(std::span<const std::byte> piece, Buffer& out) {
  if (piece.empty()) return;
  append_number(piece.size(), out, 16);
  out.append("\r\n");
  out.append(piece);
  out.append("\r\n");
}

void write_last_chunk(Buffer& out) {
  out.append("0\r\n\r\n");
}

}  // namespace gateway
}  // namespace thrift
