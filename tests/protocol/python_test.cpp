// Values that Apache's Python runtime writes, read and written back. Needs Debian's
// thrift-compiler and python3-thrift; without them it says so and passes.

#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <thriftpp/load/load.hpp>

#include "samples.hpp"

using namespace thrift;
using samples::Bytes;

namespace {

/// What a command writes to its standard output; nothing where it fails.
Bytes output_of(const std::string& command) {
  Bytes bytes;
  std::FILE* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<std::byte, 65536> piece;
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), pipe)) {
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return pclose(pipe) == 0 ? bytes : Bytes();
}

}  // namespace

TEST_CASE("random values of Apache's Python runtime decode, and encode to the same bytes") {
  namespace fs = std::filesystem;
  const std::string folder = THRIFTPP_SOURCE_DIR "/tests/protocol/python";
  const fs::path generated =
      fs::temp_directory_path() / ("thriftpp_oracle_" + std::to_string(std::random_device{}()));
  fs::create_directories(generated);
  const std::string quoted = "'" + generated.string() + "'";
  constexpr int count = 500;
  const Bytes stream =
      output_of("thrift -nowarn --gen py -out " + quoted + " '" + folder + "/oracle.thrift' >&2" +
                " && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 '" + folder +
                "/write_samples.py' " + quoted + " " + std::to_string(count) + " 1");
  fs::remove_all(generated);
  if (stream.empty()) {
    std::cout << "skipped: Apache's Python runtime (no thrift-compiler or python3-thrift)\n";
    return;
  }

  const Idl idl = load(folder + "/oracle.thrift");
  const Type& type = idl.type("Every");
  const std::span<const std::byte> all(stream);
  std::size_t at = 0;
  int seen = 0;
  for (; at < all.size(); ++seen) {
    const Value size = decode(ProtocolId::binary, all.subspan(at, 4), base_type(TypeKind::i32));
    const auto bytes = all.subspan(at + 4, static_cast<std::size_t>(size.as<std::int32_t>()));
    at += 4 + bytes.size();
    const Value value = decode(ProtocolId::binary, bytes, type);
    CAPTURE(value);
    REQUIRE(samples::to_bytes(encode(ProtocolId::binary, value)) ==
            Bytes(bytes.begin(), bytes.end()));
  }
  CHECK(seen == count);
}
