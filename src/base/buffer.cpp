#include <algorithm>
#include <cstdlib>
#include <new>
#include <thriftpp/base/buffer.hpp>

namespace thrift {

void Buffer::Free::operator()(std::byte* p) const noexcept {
  std::free(p);
}

void Buffer::grow(std::size_t wanted) {
  const std::size_t capacity = std::max({wanted, 2 * capacity_, std::size_t{192}});
  // realloc may extend in place, which new and copy never do.
  void* const moved = std::realloc(data_.get(), capacity + slack);
  if (moved == nullptr) throw std::bad_alloc();
  data_.release();
  data_.reset(static_cast<std::byte*>(moved));
  capacity_ = capacity;
}

}  // namespace thrift
