#pragma once

// Writing responses.

#include <string_view>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/gateway/http.hpp>

namespace thrift::gateway {

// "Not Found".
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

// Whether responses of that status have no body, whatever there is to say.
[[nodiscard]] bool is_bodiless(int status) noexcept;

// What every response of an exchange has in common.
struct ResponseContext {
  bool keep_alive = true;
  bool is_http_1_1 = true;  // else that the connection stays must be told
  bool head_only = false;   // of HEAD: no body is sent, but its size told
  std::string_view request_id;
  std::string_view extra;  // whole lines, each with its end: CORS
};

// Appends the response. Fields of `headers` that would break out of their line, or that say how the
// response is sent, are left out; a Content-Type among them counts more than `content_type`.
void write_response(int status, std::string_view content_type, const Headers& headers,
                    std::string_view body, const ResponseContext& context, Buffer& out);
// The head of a response whose body comes in chunks.
void write_chunked_head(int status, std::string_view content_type, const Headers& headers,
                        const ResponseContext& context, Buffer& out);
void write_chunk(std::span<const std::byte> piece, Buffer& out);
void write_last_chunk(Buffer& out);

// "Date: ...\r\n", made anew once a second and thread.
[[nodiscard]] std::string_view date_line();
// Whether a header field may be sent like that.
[[nodiscard]] bool is_valid_header(std::string_view name, std::string_view value) noexcept;

}  // namespace thrift::gateway
