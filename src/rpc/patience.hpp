#pragma once

// Whether a thread without work should look for more for a moment before it sleeps. Going to sleep
// and being woken takes longer than many a call does, on virtual machines much longer; but looking
// keeps a processor busy. So it is done for as long as more than half of the looks find something:
// each that found nothing doubles how many waits are slept through at once, up to a number that
// makes looking cost nearly nothing, and each that found something halves it.

namespace thrift::rpc {

class Patience {
 public:
  static constexpr unsigned most_slept = 64;

  // Asked before each wait: whether to look. Whoever does says what came of it.
  [[nodiscard]] bool worth_looking() noexcept {
    if (slept_ < to_sleep_) {
      ++slept_;
      return false;
    }
    slept_ = 0;
    return true;
  }
  void found() noexcept { to_sleep_ /= 2; }
  void found_nothing() noexcept {
    to_sleep_ = to_sleep_ == 0 ? 1 : to_sleep_ < most_slept ? 2 * to_sleep_ : most_slept;
  }

 private:
  unsigned to_sleep_ = 0;  // waits between two looks
  unsigned slept_ = 0;     // since the last look
};

}  // namespace thrift::rpc
