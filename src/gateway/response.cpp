#include "gateway/response.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace thrift {

namespace gateway {

namespace {

void append_number(std::size_t n, Buffer& out, int base = 10) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), n, base);
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
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
  if (!content_type.empty()) {
    out.append("Content-Type: ");
    out.append(content_type);
    out.append("\r\n");
  }
  if (!context.request_id.empty()) {
    out.append("X-Request-Id: ");
    out.append(context.request_id);
    out.append("\r\n");
  }
  for (const auto& [name, value] : headers) {
    if (!is_valid_header(name, value)) continue;
    out.append(name);
    out.append(": ");
    out.append(value);
    out.append("\r\n");
  }
  out.append(context.extra);
  if (!context.keep_alive) out.append("Connection: close\r\n");
}

}  // namespace

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
  const bool bodiless = status == 204 || status == 304;
  write_head(status, bodiless ? std::string_view() : content_type, headers, context, out);
  if (!bodiless) {
    out.append("Content-Length: ");
    append_number(body.size(), out);
    out.append("\r\n");
  }
  out.append("\r\n");
  if (!context.head_only && !bodiless) out.append(body);
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
