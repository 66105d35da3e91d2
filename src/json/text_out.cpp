#include "json/text_out.hpp"

namespace thrift {

char* TextOut::make_room(char* p, std::size_t n) {
  auto written = static_cast<std::size_t>(p - begin_);
  if (sink_ != nullptr && written > piece_) {
    // The last byte stays: it may be a comma that becomes a bracket.
    sink_->write({reinterpret_cast<const std::byte*>(begin_), written - 1});
    *begin_ = p[-1];
    p = begin_ + 1;
    written = 1;
    if (static_cast<std::size_t>(limit_ - p) >= n) return p;
  }
  // Buffer keeps what is committed when it grows.
  const std::size_t before = buffer_.size();
  buffer_.commit(written);
  try {
    (void)buffer_.prepare(n > piece_ ? n : piece_);
  } catch (...) {
    buffer_.truncate(before);
    throw;
  }
  buffer_.truncate(before);
  begin_ = at(before);
  limit_ = at(buffer_.capacity());
  return begin_ + written;
}

}  // namespace thrift
