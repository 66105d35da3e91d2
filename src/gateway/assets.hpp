#pragma once

// The page for people: what lies in assets/, compiled in.
//
//     GET /docs            find_asset("index.html")
//     GET /docs/main.js    find_asset("main.js"), and so on
//
// The page reads `openapi.json` (openapi.hpp) and `idl.json`, an array with the `describe_json` of
// each IDL, both beside `docs`; and it calls `POST Service/method` there. All of its addresses are
// relative, so that a proxy may put the gateway anywhere.
//
// Threads: safe from several threads.

#include <string_view>
#include <thriftpp/base/export.hpp>

namespace thrift::gateway {

struct Asset {
  std::string_view name;
  std::string_view content_type;
  std::string_view bytes;
  std::string_view etag;  // in quotes, as the header field wants it
};

// nullptr where there is none.
[[nodiscard]] THRIFTPP_API const Asset* find_asset(std::string_view name) noexcept;

// The Content-Security-Policy that the page does with: nothing comes from elsewhere.
inline constexpr std::string_view asset_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

}  // namespace thrift::gateway
