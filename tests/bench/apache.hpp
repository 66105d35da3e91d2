#pragma once

// Apache's runtime as its users would set it up for speed.

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <memory>
#include <span>
#include <thriftpp/protocol/protocol.hpp>

namespace bench {

/// Bytes to read, again and again. resetBuffer would make a new configuration each time.
class Input : public apache::thrift::transport::TMemoryBuffer {
 public:
  explicit Input(std::span<const std::byte> bytes)
      : TMemoryBuffer(writable(bytes), static_cast<std::uint32_t>(bytes.size())), bytes_(bytes) {}
  void rewind() {
    setReadBuffer(writable(bytes_), static_cast<std::uint32_t>(bytes_.size()));
    resetConsumedMessageSize();
  }

 private:
  static std::uint8_t* writable(std::span<const std::byte> bytes) {  // it only reads
    return reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(bytes.data()));
  }
  std::span<const std::byte> bytes_;
};

using Output = apache::thrift::transport::TMemoryBuffer;

/// Apache's classes for a protocol: over any transport, and over one known when it is compiled.
template <thrift::ProtocolId>
struct Protocols;
template <>
struct Protocols<thrift::ProtocolId::binary> {
  using Any = apache::thrift::protocol::TBinaryProtocol;
  template <class Transport>
  using Of = apache::thrift::protocol::TBinaryProtocolT<Transport>;
};
template <>
struct Protocols<thrift::ProtocolId::compact> {
  using Any = apache::thrift::protocol::TCompactProtocol;
  template <class Transport>
  using Of = apache::thrift::protocol::TCompactProtocolT<Transport>;
};
template <>
struct Protocols<thrift::ProtocolId::json> {
  using Any = apache::thrift::protocol::TJSONProtocol;
  template <class Transport>
  using Of = apache::thrift::protocol::TJSONProtocol;  // it has no other
};

/// What `--gen cpp` code is used with: virtual calls to a protocol over any transport.
struct Plain {
  template <thrift::ProtocolId id>
  using InputProtocol = typename Protocols<id>::Any;
  template <thrift::ProtocolId id>
  using OutputProtocol = typename Protocols<id>::Any;
  static apache::thrift::protocol::TProtocol* as_argument(apache::thrift::protocol::TProtocol& p) {
    return &p;
  }
};

/// What `--gen cpp:templates` code is used with: everything known at compile time.
struct Templates {
  template <thrift::ProtocolId id>
  using InputProtocol = typename Protocols<id>::template Of<Input>;
  template <thrift::ProtocolId id>
  using OutputProtocol = typename Protocols<id>::template Of<Output>;
  template <class Protocol>
  static Protocol* as_argument(Protocol& p) {
    return &p;
  }
};

/// Reads objects of generated code from bytes.
template <class Flavour, thrift::ProtocolId id>
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes)
      : input_(std::make_shared<Input>(bytes)), protocol_(input_) {}
  template <class T>
  void read(T& object) {
    input_->rewind();
    object.read(Flavour::as_argument(protocol_));
  }

 private:
  std::shared_ptr<Input> input_;
  typename Flavour::template InputProtocol<id> protocol_;
};

/// Writes objects of generated code into memory that is used again.
template <class Flavour, thrift::ProtocolId id>
class Writer {
 public:
  Writer() : output_(std::make_shared<Output>()), protocol_(output_) {}
  template <class T>
  std::span<const std::uint8_t> write(const T& object) {
    output_->resetBuffer();
    object.write(Flavour::as_argument(protocol_));
    std::uint8_t* data = nullptr;
    std::uint32_t size = 0;
    output_->getBuffer(&data, &size);
    return {data, size};
  }

 private:
  std::shared_ptr<Output> output_;
  typename Flavour::template OutputProtocol<id> protocol_;
};

}  // namespace bench
