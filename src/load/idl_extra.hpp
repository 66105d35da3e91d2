#pragma once

// What an Idl holds beside its Schema, and the way in for those who make one.

#include <map>
#include <string>
#include <thriftpp/load/idl.hpp>
#include <thriftpp/schema/layout.hpp>

namespace thrift {

/// Uuids of constants that are not spelt in lower case; of two spellings the first. The schema
/// holds their bytes, Apache's JSON shows their text.
using UuidSpellings = std::map<Uuid, std::string>;

struct Idl::Extra {
  Diagnostics diagnostics;
  UuidSpellings uuids;
};

struct IdlAccess {
  static Idl make(SchemaPtr schema, Diagnostics diagnostics, UuidSpellings uuids) {
    return Idl(std::move(schema), std::make_shared<const Idl::Extra>(
                                      Idl::Extra{std::move(diagnostics), std::move(uuids)}));
  }
  static const UuidSpellings& uuids(const Idl& idl) noexcept { return idl.extra_->uuids; }
};

}  // namespace thrift
