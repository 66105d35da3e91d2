#pragma once

// The arguments of a call from the words of a command line.

#include <string>
#include <thriftpp/json/read.hpp>
#include <thriftpp/schema/service.hpp>
#include <vector>

namespace thrift::command {

/// The arguments of `function`, a struct, from
///
///     nothing              no argument is set
///     one JSON object      `{"userId": "1"}`, `@file`, `@-`
///     words                userId=1  user.age=30  tags:='["a"]'  picture=@file
///
/// `name=text` is the text itself for strings, enums and uuids, base64 (or text, as the options
/// say) for binary, JSON for every other type; `name:=JSON` is JSON for all of them; `name=@file`
/// is what the file holds. A name is a path (value/path.hpp). Throws TypeError, or UsageError for
/// what is no word.
[[nodiscard]] Value read_arguments(const std::vector<std::string>& words, const Function& function,
                                   const FromJsonOptions& options);

}  // namespace thrift::command
