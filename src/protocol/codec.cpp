#include "protocol/codec.hpp"

#include <cstdlib>
#include <string_view>

#include "protocol/codec_table.hpp"

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

}  // namespace

constinit std::atomic<const CodecTable*> codec_table{nullptr};

const CodecTable* choose_codec_table() noexcept {
  // At the first use, whichever thread that is: all would choose the same.
  const char* const wish = std::getenv("THRIFTPP_ISA");
  const CodecTable* const chosen = choose(wish != nullptr && std::string_view(wish) == "portable");
  codec_table.store(chosen, std::memory_order_relaxed);
  return chosen;
}

void use_portable_codecs(bool portable) noexcept {
  codec_table.store(choose(portable), std::memory_order_relaxed);
}

std::string_view to_string(ProtocolId protocol) noexcept {
  switch (protocol) {
    case ProtocolId::binary: return "binary";
    case ProtocolId::compact: return "compact";
    case ProtocolId::json: return "json";
  }
  return "unknown";
}

Failure no_codec(ProtocolId protocol) {
  return make_failure<ProtocolErrorDetail>(
      ProtocolErrorKind::not_implemented,
      "protocol `" + std::string(to_string(protocol)) + "` is not implemented", 0, std::string());
}

}  // namespace thrift
