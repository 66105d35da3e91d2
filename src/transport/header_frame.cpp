#include "transport/header_frame.hpp"

#include <string>

#include "transport/carrier.hpp"
#include "transport/zlib.hpp"

namespace thrift::transport {

namespace {

constexpr std::size_t fixed_size = 10;
// The size of the header is told in words, in 16 bits of which Apache uses 14.
constexpr std::size_t max_header = std::size_t{16383} * 4;
constexpr std::uint32_t zlib_transform = 1;
constexpr std::uint32_t info_pairs = 1;

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }
  std::uint32_t varint() {
    std::uint32_t out = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      if (bytes_.empty()) throw CarrierError("a frame's header that ends too early");
      const auto byte = std::to_integer<std::uint32_t>(bytes_.front());
      bytes_ = bytes_.subspan(1);
      out |= (byte & 0x7f) << shift;
      if (byte < 0x80) return out;
    }
    throw CarrierError("a number in a frame's header that has no end");
  }
  std::string text() {
    const std::uint32_t size = varint();
    if (size > bytes_.size()) throw CarrierError("a frame's header that ends too early");
    std::string out(reinterpret_cast<const char*>(bytes_.data()), size);
    bytes_ = bytes_.subspan(size);
    return out;
  }

 private:
  std::span<const std::byte> bytes_;
};

template <class T>
T big(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out = out << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  }
  return static_cast<T>(out);
}

void put(std::uint32_t n, unsigned bytes, Buffer& out) {
  while (bytes-- > 0) out.push_back(static_cast<std::byte>(n >> 8 * bytes & 0xff));
}

void put_varint(std::uint64_t n, Buffer& out) {
  for (; n >= 0x80; n >>= 7) out.push_back(static_cast<std::byte>((n & 0x7f) | 0x80));
  out.push_back(static_cast<std::byte>(n));
}

void put_text(std::string_view text, Buffer& out) {
  put_varint(text.size(), out);
  out.append(text);
}

}  // namespace

HeaderFrame read_header_frame(std::span<const std::byte> bytes, std::size_t limit, Buffer& unpacked,
                              std::span<const std::byte>& message) {
  if (bytes.size() < fixed_size || big<std::uint16_t>(bytes, 0) != header_magic) {
    throw CarrierError("a frame without a header");
  }
  HeaderFrame out;
  out.flags = big<std::uint16_t>(bytes, 2);
  out.sequence_id = big<std::int32_t>(bytes, 4);
  const std::size_t size = std::size_t{4} * big<std::uint16_t>(bytes, 8);
  if (size > max_header || size > bytes.size() - fixed_size) {
    throw CarrierError("a header of " + std::to_string(size) + " bytes in a frame of " +
                       std::to_string(bytes.size()));
  }
  Reader reader(bytes.subspan(fixed_size, size));
  out.protocol = reader.varint();
  for (std::uint32_t n = reader.varint(); n > 0; --n) {
    const std::uint32_t transform = reader.varint();
    if (transform != zlib_transform || out.zlib) {
      throw CarrierError("a frame with transform " + std::to_string(transform) +
                         ", and only zlib is known, once");
    }
    out.zlib = true;
  }
  // What is no pairs is padding, or something newer that has no size to skip it by.
  while (!reader.at_end() && reader.varint() == info_pairs) {
    for (std::uint32_t n = reader.varint(); n > 0; --n) {
      std::string key = reader.text();
      std::string value = reader.text();
      out.headers.emplace_back(std::move(key), std::move(value));
    }
  }
  message = bytes.subspan(fixed_size + size);
  if (out.zlib) {
    unpacked.clear();
    decompress(message, limit, unpacked);
    message = unpacked.bytes();
  }
  return out;
}

void write_header_frame(const HeaderFrame& frame, std::span<const std::byte> message, Buffer& out) {
  const std::size_t start = out.size();
  put(header_magic, 2, out);
  put(frame.flags, 2, out);
  put(static_cast<std::uint32_t>(frame.sequence_id), 4, out);
  put(0, 2, out);
  put_varint(frame.protocol, out);
  put_varint(frame.zlib ? 1 : 0, out);
  if (frame.zlib) put_varint(zlib_transform, out);
  if (!frame.headers.empty()) {
    put_varint(info_pairs, out);
    put_varint(frame.headers.size(), out);
    for (const auto& [key, value] : frame.headers) {
      put_text(key, out);
      put_text(value, out);
    }
  }
  // Padded to whole words, with at least one zero, which ends the infos.
  do put(0, 1, out);
  while ((out.size() - start - fixed_size) % 4 != 0);
  const std::size_t size = out.size() - start - fixed_size;
  if (size > max_header) {
    out.truncate(start);
    throw CarrierError("headers of " + std::to_string(size) + " bytes are over the limit of " +
                       std::to_string(max_header));
  }
  out.data()[start + 8] = static_cast<std::byte>(size / 4 >> 8);
  out.data()[start + 9] = static_cast<std::byte>(size / 4 & 0xff);
  if (frame.zlib) {
    compress(message, out);
  } else {
    out.append(message);
  }
}

}  // namespace thrift::transport
