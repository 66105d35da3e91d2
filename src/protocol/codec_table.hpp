#pragma once

#include "protocol/codec.hpp"

namespace thrift {

namespace portable {
extern const CodecTable codec_table;
}
namespace v3 {
extern const CodecTable codec_table;  // where THRIFTPP_HAS_V3 is defined
}

}  // namespace thrift
