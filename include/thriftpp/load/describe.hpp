#pragma once

/// @file
/// What an Idl holds, as text: for people, for programs, and for those who have Apache's.
/// Threads: safe from several threads.

#include <string>
#include <string_view>
#include <thriftpp/load/idl.hpp>

namespace thrift {

/// The JSON value that Apache's newest compiler (0.25) writes for the file with `thrift -gen json`.
/// It leaves much out: includes are bare names, typedefs are resolved, annotations of base types,
/// enum values and namespaces are lost, as are `&`, `cpp_type` and `xsd_*`. Apache writes map keys
/// that are no scalars as JSON that does not parse; here they are the text of that JSON.
[[nodiscard]] THRIFTPP_API std::string describe_apache_json(const Idl& idl);

/// Everything, in our own format, which src/load/describe.schema.json defines: the loaded file and
/// all that it includes, with ids, three-state requiredness, typedefs kept, annotations at every
/// position, documentation, namespaces, source ranges, constants and defaults evaluated, services
/// with the functions that they inherit. `indent` spaces a level; 0 writes one line.
[[nodiscard]] THRIFTPP_API std::string describe_json(const Idl& idl, int indent = 2);

/// For people. Without `name` a listing of what the file defines: services with the signatures of
/// their functions, types, constants, each with the first sentence of its documentation. With one,
/// that definition as IDL with all of its documentation: "User", "shared.Item", "UserService",
/// "UserService.getUser", "User.id", a constant. Throws TypeError with a near name where there is
/// no such thing.
[[nodiscard]] THRIFTPP_API std::string describe_text(const Idl& idl, std::string_view name = {});

}  // namespace thrift
