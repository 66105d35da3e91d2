#pragma once

// Places in JSON text, without a document: where an object's members lie, and where a path leads.
// Nothing is checked beyond what that needs; text that is wrong is found out by who reads it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thrift::gateway {

struct JsonMember {
  std::string name;        // escapes resolved
  std::string_view value;  // without blanks around it
};
// The members of the object that `text` is; nothing where it is none, or its brackets and quotes do
// not match, or a name's escapes are wrong. No value has a comma, or a bracket without its
// counterpart, outside of its own strings and brackets: put into another object it remains one
// member.
[[nodiscard]] std::optional<std::vector<JsonMember>> object_members(std::string_view text);

// Where the value begins that a path of errors ("users[3].age") leads to, or that value's member of
// the name `member`; else as much of the way as is there. Nothing where the text has not even the
// first step of it.
[[nodiscard]] std::optional<std::size_t> find_place(std::string_view text, std::string_view path,
                                                    std::string_view member = {});

struct TextPosition {
  unsigned line = 1;
  unsigned column = 1;  // in bytes
};
[[nodiscard]] TextPosition position_at(std::string_view text, std::size_t offset);

}  // namespace thrift::gateway
