#include "transport/zlib.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>

#include "transport/carrier.hpp"

namespace thrift::transport {

namespace {

constexpr std::size_t piece = 64 * 1024;

// One direction of a stream. zlib's own structure must not move.
class Deflater {
 public:
  Deflater() {
    if (::deflateInit(&stream_, Z_DEFAULT_COMPRESSION) != Z_OK) throw std::bad_alloc();
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { ::deflateEnd(&stream_); }

  // `flush` is Z_SYNC_FLUSH or Z_FINISH.
  void write(std::span<const std::byte> bytes, int flush, Buffer& out) {
    do {
      const std::size_t now = std::min<std::size_t>(bytes.size(), 1U << 30);
      // zlib takes no const, and changes nothing
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(now);
      bytes = bytes.subspan(now);
      const int mode = bytes.empty() ? flush : Z_NO_FLUSH;
      do {
        const std::size_t room = std::clamp<std::size_t>(now / 2, 512, piece);
        stream_.next_out = reinterpret_cast<Bytef*>(out.prepare(room));
        stream_.avail_out = static_cast<uInt>(room);
        ::deflate(&stream_, mode);  // cannot fail: the stream is good and there is room
        out.commit(room - stream_.avail_out);
      } while (stream_.avail_out == 0);
    } while (!bytes.empty());
  }

 private:
  z_stream stream_{};
};

class Inflater {
 public:
  Inflater() {
    if (::inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream_); }

  // Makes up to `room` bytes; how many of `bytes` that took.
  std::size_t read(std::span<const std::byte> bytes, std::size_t room, Buffer& out) {
    const std::size_t now = std::min<std::size_t>(bytes.size(), 1U << 30);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(now);
    stream_.next_out = reinterpret_cast<Bytef*>(out.prepare(room));
    stream_.avail_out = static_cast<uInt>(room);
    const int status = ::inflate(&stream_, Z_SYNC_FLUSH);
    out.commit(room - stream_.avail_out);
    finished_ = status == Z_STREAM_END;
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK && status != Z_BUF_ERROR && status != Z_STREAM_END) {
      throw CarrierError(std::string("bytes that are no zlib stream: ") +
                         (stream_.msg != nullptr ? stream_.msg : "a dictionary is needed"));
    }
    return now - stream_.avail_in;
  }
  // Whether there may be more without any more input.
  [[nodiscard]] bool is_full() const noexcept { return !finished_ && stream_.avail_out == 0; }
  [[nodiscard]] bool is_finished() const noexcept { return finished_; }

 private:
  z_stream stream_{};
  bool finished_ = false;
};

class Zlib final : public Carrier {
 public:
  Taken unwrap(std::span<const std::byte> bytes, Buffer& payload, Buffer& /*out*/) override {
    if (in_.is_finished()) throw CarrierError("bytes behind the end of a zlib stream");
    const std::size_t before = payload.size();
    const std::size_t used = in_.read(bytes, piece, payload);
    return {used, payload.size() != before};
  }
  void wrap(std::span<const std::byte> payload, const Headers& /*headers*/, Buffer& out) override {
    if (!payload.empty()) out_.write(payload, Z_SYNC_FLUSH, out);
  }
  [[nodiscard]] bool has_more() const noexcept override { return in_.is_full(); }

 private:
  Inflater in_;
  Deflater out_;
};

}  // namespace

void compress(std::span<const std::byte> bytes, Buffer& out) {
  Deflater().write(bytes, Z_FINISH, out);
}

void decompress(std::span<const std::byte> bytes, std::size_t limit, Buffer& out) {
  Inflater inflater;
  const std::size_t start = out.size();
  while (!inflater.is_finished()) {
    const std::size_t have = out.size() - start;
    if (have > limit) {
      throw CarrierError("compressed bytes hold more than the limit of " + std::to_string(limit) +
                         " bytes");
    }
    // One byte more than the limit may be made, to see that there is one.
    const std::size_t wanted = std::clamp<std::size_t>(2 * bytes.size(), 512, piece);
    const std::size_t used = inflater.read(bytes, std::min(wanted, limit - have + 1), out);
    bytes = bytes.subspan(used);
    if (used == 0 && out.size() - start == have) {
      throw CarrierError("compressed bytes that end too early");
    }
  }
  if (out.size() - start > limit) {
    throw CarrierError("compressed bytes hold more than the limit of " + std::to_string(limit) +
                       " bytes");
  }
  if (!bytes.empty()) throw CarrierError("bytes behind the compressed ones");
}

std::unique_ptr<Carrier> make_zlib() {
  return std::make_unique<Zlib>();
}

}  // namespace thrift::transport
