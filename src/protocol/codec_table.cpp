// The codecs, as compiled for one instruction set: this file is compiled once for each.

#include "protocol/codec_table.hpp"

#include "protocol/binary.hpp"
#include "protocol/compact.hpp"
#include "protocol/isa.hpp"
#include "protocol/tjson.hpp"

namespace thrift::THRIFTPP_ISA {

constinit const CodecTable codec_table{{
    {.decode = binary::decode, .skip = binary::skip, .encode = binary::encode},
    {.decode = compact::decode, .skip = compact::skip, .encode = compact::encode},
    // Text gains nothing from what newer processors have: there is one for all.
    {.decode = tjson::decode, .skip = tjson::skip, .encode = tjson::encode},
}};
static_assert(static_cast<int>(ProtocolId::binary) == 0 &&
              static_cast<int>(ProtocolId::compact) == 1 &&
              static_cast<int>(ProtocolId::json) == 2);

}  // namespace thrift::THRIFTPP_ISA
