#include "protocol/codec.hpp"

#include <atomic>
#include <cstdlib>
#include <string_view>

#include "protocol/codec_table.hpp"
#include "protocol/tjson.hpp"

namespace thrift {
namespace {

#ifdef THRIFTPP_HAS_V3
/// Whether to run what was compiled for x86-64-v3.
bool can_run_v3() noexcept {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
      !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("popcnt")) {
    return false;
  }
  // These have pext and pdep in microcode, slower than what the portable loops do instead.
  return !__builtin_cpu_is("znver1") && !__builtin_cpu_is("znver2");
}
#endif

const CodecTable* choose([[maybe_unused]] bool portable) noexcept {
#ifdef THRIFTPP_HAS_V3
  if (!portable && can_run_v3()) return &v3::codec_table;
#endif
  return &portable::codec_table;
}

/// Text gains nothing from what newer processors have, so that there is one for all.
constexpr Codec tjson_codec{.decode = tjson::decode, .skip = tjson::skip, .encode = tjson::encode};

/// Chosen at the first use, whichever thread that is: all would choose the same.
std::atomic<const CodecTable*> chosen_table{nullptr};

const CodecTable& table() noexcept {
  const CodecTable* chosen = chosen_table.load(std::memory_order_relaxed);
  if (chosen == nullptr) [[unlikely]] {
    const char* const wish = std::getenv("THRIFTPP_ISA");
    chosen = choose(wish != nullptr && std::string_view(wish) == "portable");
    chosen_table.store(chosen, std::memory_order_relaxed);
  }
  return *chosen;
}

}  // namespace

void use_portable_codecs(bool portable) noexcept {
  chosen_table.store(choose(portable), std::memory_order_relaxed);
}

std::string_view to_string(ProtocolId protocol) noexcept {
  switch (protocol) {
    case ProtocolId::binary: return "binary";
    case ProtocolId::compact: return "compact";
    case ProtocolId::json: return "json";
  }
  return "unknown";
}

const Codec* find_codec(ProtocolId protocol) noexcept {
  switch (protocol) {
    case ProtocolId::binary: return &table().binary;
    case ProtocolId::compact: return &table().compact;
    case ProtocolId::json: return &tjson_codec;
  }
  return nullptr;
}

Failure no_codec(ProtocolId protocol) {
  return make_failure<ProtocolErrorDetail>(
      ProtocolErrorKind::not_implemented,
      "protocol `" + std::string(to_string(protocol)) + "` is not implemented", 0, std::string());
}

const Codec& codec(ProtocolId protocol) {
  const Codec* const found = find_codec(protocol);
  if (found == nullptr) no_codec(protocol).raise();
  return *found;
}

}  // namespace thrift
