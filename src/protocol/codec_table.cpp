// The codecs, as compiled for one instruction set: this file is compiled once for each.

#include "protocol/codec_table.hpp"

#include "protocol/binary.hpp"
#include "protocol/compact.hpp"
#include "protocol/isa.hpp"

namespace thrift::THRIFTPP_ISA {

const CodecTable codec_table{
    .binary = {.decode = binary::decode, .skip = binary::skip, .encode = binary::encode},
    .compact = {.decode = compact::decode, .skip = compact::skip, .encode = compact::encode}};

}  // namespace thrift::THRIFTPP_ISA
