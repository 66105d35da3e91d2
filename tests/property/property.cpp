// thriftpp_property FOLDER SEED COUNT: our side of run.py. For schema0.thrift, schema1.thrift, ...
// of the folder it
//
//   - reads schemaN.theirs, values that Apache's Python runtime wrote, and prints a line
//     `schemaN<tab>case<tab>protocol<tab>problem` for what is not as it should be;
//   - writes schemaN.ours, COUNT values of its own.
//
// Both files are cases of four pieces, each behind its size (4 bytes, big endian): a struct's name,
// and a value of it in binary, in compact, in JSON.

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <random>
#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/protocol.hpp>

#include "random_value.hpp"

namespace {

using thrift::ProtocolId;
constexpr std::array protocols{ProtocolId::binary, ProtocolId::compact, ProtocolId::json};
using Pieces = std::array<std::span<const std::byte>, protocols.size()>;

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    text_.assign(std::istreambuf_iterator<char>(file), {});
  }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  std::string_view piece() {
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(text_.at(at_++));
    const std::string_view found = std::string_view(text_).substr(at_, size);
    at_ += size;
    return found;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

void write_piece(std::ostream& out, std::string_view piece) {
  for (int shift = 24; shift >= 0; shift -= 8) out.put(static_cast<char>(piece.size() >> shift));
  out << piece;
}

/// What is wrong with bytes that Apache wrote for a value; `value` is the one they make in binary,
/// once that is known. Empty where all is well.
std::string problem(ProtocolId protocol, std::span<const std::byte> bytes, const thrift::Type& type,
                    thrift::Value& value) {
  thrift::Value read = thrift::decode(protocol, bytes, type);
  if (protocol == ProtocolId::binary) {
    value = read;
  } else if (read != value) {
    return "it reads as another value than in binary";
  }
  if (thrift::skip(protocol, bytes, type.slot().wire) != bytes.size()) {
    return "skip finds another size";
  }
  const thrift::Buffer again = thrift::encode(protocol, read);
  // Python's JSON has other padding and other digits: our own must read as the same.
  if (protocol == ProtocolId::json) {
    return thrift::decode(protocol, again, type) == value ? "" : "its copy is another value";
  }
  return std::ranges::equal(again.bytes(), bytes) ? "" : "thriftpp writes other bytes";
}

void check_theirs(const thrift::Idl& idl, const std::filesystem::path& path) {
  Reader reader(path);
  for (int index = 0; !reader.at_end(); ++index) {
    const thrift::Type& type = idl.type(reader.piece());
    thrift::Value value;
    for (const ProtocolId protocol : protocols) {
      std::string found;
      const std::string_view piece = reader.piece();
      try {
        found = problem(protocol, as_bytes(piece), type, value);
      } catch (const thrift::Error& e) {
        found = std::string("thriftpp: ") + e.what();
      }
      if (!found.empty()) {
        std::cout << path.stem().string() << '\t' << index << '\t' << to_string(protocol) << '\t'
                  << found << '\n';
      }
    }
  }
}

void write_ours(const thrift::Idl& idl, const std::filesystem::path& path, std::mt19937_64& random,
                int count) {
  std::ofstream file(path, std::ios::binary);
  const auto structs = idl.structs();
  for (int i = 0; i < count; ++i) {
    const thrift::StructType& type = *structs[random() % structs.size()];
    const thrift::Value value = property::random_value(type, std::ref(random));
    write_piece(file, type.name());
    for (const ProtocolId protocol : protocols) {
      write_piece(file, thrift::encode(protocol, value).text());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: thriftpp_property FOLDER SEED COUNT\n";
    return 2;
  }
  std::mt19937_64 random(std::strtoull(argv[2], nullptr, 10));
  const int count = std::atoi(argv[3]);
  try {
    for (int i = 0;; ++i) {
      const auto path = [&, folder = std::filesystem::path(argv[1])](const std::string& extension) {
        return folder / ("schema" + std::to_string(i) + extension);
      };
      if (!std::filesystem::exists(path(".thrift"))) break;
      const thrift::Idl idl = thrift::load(path(".thrift"));
      check_theirs(idl, path(".theirs"));
      write_ours(idl, path(".ours"), random, count);
    }
  } catch (const std::exception& e) {
    std::cerr << "thriftpp_property: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
