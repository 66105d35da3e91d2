// Bytes that other programs wrote, against what Apache's Python runtime reads in them, and the
// benchmark's payloads against their JSON. They are optional data (../shared).

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/message.hpp>

#include "samples.hpp"

using namespace thrift;
using nlohmann::json;
using samples::Bytes;
using samples::Exact;
using samples::to_bytes;

namespace {

const std::string real = THRIFTPP_SHARED_DIR "/real/";
const std::string payloads = THRIFTPP_SHARED_DIR "/bench/";

bool is_there(const std::string& folder, const char* test) {
  if (std::filesystem::is_directory(folder)) return true;
  std::cout << "skipped: " << test << " (no ../shared)\n";
  return false;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes read_bytes(const std::string& path) {
  return samples::Wire().raw(read_text(path)).bytes;
}

json read_json(const std::string& path) {
  return json::parse(read_text(path));
}

/// The bytes of a string in the truth: text, or {"base64": ...} where it is not UTF-8.
std::string truth_text(const json& truth) {
  if (truth.is_object()) return from_base64(truth.at("base64").get<std::string>()).value();
  return truth.get<std::string>();
}

bool matches(ValueView value, const json& truth);

bool map_matches(ValueView value, const json& truth) {
  if (value.size() != truth.size()) return false;
  auto expected = truth.begin();
  if (truth.is_array()) {  // [key, value] pairs
    for (const auto [key, element] : value.as_map()) {
      if (!matches(key, (*expected)[0]) || !matches(element, (*expected)[1])) return false;
      ++expected;
    }
    return true;
  }
  for (const auto [key, element] : value.as_map()) {
    const auto found = truth.find(key.as<std::string>());
    if (found == truth.end() || !matches(element, *found)) return false;
  }
  return true;
}

bool struct_matches(ValueView value, const json& truth) {
  std::size_t seen = 0;
  for (const Field& field : value.type().as_struct().fields()) {
    const auto expected = truth.find(std::string(field.name()));
    if (expected == truth.end()) {
      if (value.has(field)) return false;
      continue;
    }
    ++seen;
    // Python's objects show the IDL's default where nothing came.
    if (!value.has(field) && !field.has_default()) return false;
    if (!matches(value[field], *expected)) return false;
  }
  return seen == truth.size();
}

bool matches(ValueView value, const json& truth) {
  switch (value.type().kind()) {
    case TypeKind::bool_: return value.as<bool>() == truth.get<bool>();
    case TypeKind::i8:
    case TypeKind::i16:
    case TypeKind::i32:
    case TypeKind::i64:
    case TypeKind::enum_: return value.as<std::int64_t>() == truth.get<std::int64_t>();
    case TypeKind::double_: {
      if (truth.is_number()) return value.as<double>() == truth.get<double>();
      std::string text;  // NaN and infinities are strings
      append_json_number(text, value.as<double>());
      return text == truth.dump();
    }
    case TypeKind::string: return value.as<std::string>() == truth_text(truth);
    case TypeKind::binary:
      return value.as<std::string>() == from_base64(truth.get<std::string>()).value();
    case TypeKind::list:
    case TypeKind::set: {
      if (value.size() != truth.size()) return false;
      auto expected = truth.begin();
      for (const ValueView element : value.as_list()) {
        if (!matches(element, *expected++)) return false;
      }
      return true;
    }
    case TypeKind::map: return map_matches(value, truth);
    default: return value.type().is_struct() && struct_matches(value, truth);
  }
}

/// Decodes `bytes` as a whole, compares with the truth, encodes to the same bytes.
void check_value(ProtocolId protocol, const Bytes& bytes, const Type& type, const json& truth) {
  const Exact exact(bytes);
  const Value value = decode(protocol, exact.span(), type);
  CHECK(matches(value, truth));
  CHECK(to_bytes(encode(protocol, value)) == bytes);
  CHECK(skip(protocol, exact.span(), type.slot().wire) == bytes.size());
}

/// Each message of a capture, at the offsets that the truth gives.
int check_messages(ProtocolId protocol, const std::string& path, const json& truth,
                   const Service& service) {
  const Bytes bytes = read_bytes(path);
  int checked = 0;
  for (const json& message : truth.at("messages")) {
    CAPTURE(message.at("method").get<std::string>());
    const auto offset = message.at("offset").get<std::size_t>();
    const auto length = message.at("length").get<std::size_t>();
    const auto stream = std::span<const std::byte>(bytes).subspan(offset);
    REQUIRE(MessageScanner(protocol).scan(stream) == length);
    const auto whole = stream.first(length);
    const ReadHeader read = read_message_header(protocol, whole);
    CHECK(read.header.name == message.at("method").get<std::string>());
    CHECK(static_cast<int>(read.header.type) == message.at("message_type").get<int>());
    CHECK(read.header.sequence_id == message.at("seqid").get<std::int32_t>());
    Buffer again;
    write_message_header(protocol, read.header, again);
    CHECK(std::equal(again.data(), again.data() + again.size(), whole.begin(),
                     whole.begin() + static_cast<std::ptrdiff_t>(read.size)));
    const Function& function = service.function(read.header.name);
    const bool is_reply = read.header.type == MessageType::reply;
    REQUIRE(read.header.type != MessageType::exception);
    write_message_end(protocol, again);
    CHECK(again.size() == read.size);
    const auto body = message_body(protocol, whole, read);
    check_value(protocol, Bytes(body.begin(), body.end()),
                is_reply ? function.result() : function.arguments(), message.at("value"));
    ++checked;
  }
  return checked;
}

/// The captures of a folder that are messages of a service, in that protocol.
int check_folder(ProtocolId protocol, const std::string& folder, const std::string& idl_file,
                 const std::string& service) {
  const Idl idl = load(real + folder + "/" + idl_file);
  int checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(real + folder)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".json")) continue;
    const json truth = read_json(path);
    const bool is_compact =
        path.find("-compact.") != std::string::npos || truth.value("protocol", "b") == "c";
    const bool is_json = path.find("-json.") != std::string::npos;
    if (is_json || is_compact != (protocol == ProtocolId::compact)) continue;
    if (!truth.contains("messages")) continue;
    CAPTURE(path);
    checked +=
        check_messages(protocol, path.substr(0, path.size() - 5), truth, idl.service(service));
  }
  return checked;
}

}  // namespace

TEST_CASE("captured messages decode to their truth and encode to the same bytes") {
  if (!is_there(real, "captured messages")) return;
  constexpr auto binary = ProtocolId::binary;
  constexpr auto compact = ProtocolId::compact;
  CHECK(check_folder(binary, "hive", "TCLIService.thrift", "TCLIService") >= 20);
  CHECK(check_folder(binary, "jaeger", "agent.thrift", "Agent") >= 2);
  CHECK(check_folder(binary, "streams", "tutorial.thrift", "Calculator") >= 10);
  CHECK(check_folder(binary, "scribe", "scribe.thrift", "scribe") == 2);
  CHECK(check_folder(compact, "jaeger", "agent.thrift", "Agent") == 1);
  CHECK(check_folder(compact, "streams", "tutorial.thrift", "Calculator") == 10);
}

TEST_CASE("captured bare structs and lists decode to their truth and encode to the same bytes") {
  if (!is_there(real, "captured bare values")) return;
  int checked = 0;
  for (const auto& [folder, idl_file] :
       {std::pair{"jaeger", "jaeger.thrift"}, {"zipkin", "zipkinCore.thrift"}}) {
    const Idl idl = load(real + folder + "/" + idl_file);
    for (const auto& entry : std::filesystem::directory_iterator(real + folder)) {
      const std::string path = entry.path().string();
      if (!path.ends_with(".json")) continue;
      const json truth = read_json(path);
      std::string type = truth.value("struct", "");
      if (truth.contains("list")) type = "list<" + truth["list"].get<std::string>() + ">";
      if (type.empty()) continue;
      CAPTURE(path);
      check_value(ProtocolId::binary, read_bytes(path.substr(0, path.size() - 5)), idl.type(type),
                  truth.at("value"));
      ++checked;
    }
  }
  CHECK(checked == 5);
}

TEST_CASE("text that is not UTF-8 is kept to the byte") {
  if (!is_there(real, "invalid UTF-8")) return;
  const Idl idl = load(real + "scribe/scribe.thrift");
  const json truth = read_json(real + "scribe/scribe-node.c2s.json").at("messages").at(1);
  const Bytes bytes = read_bytes(real + "scribe/scribe-node.c2s");
  const auto message = std::span<const std::byte>(bytes).subspan(
      truth.at("offset").get<std::size_t>(), truth.at("length").get<std::size_t>());
  const ReadHeader read = read_message_header(ProtocolId::binary, message);
  const Value value = decode(ProtocolId::binary, message.subspan(read.size),
                             idl.service().function("Log").arguments());
  CHECK(value["messages"][0]["message"].as<std::string>() == "Zo\xeb \x15");
}

TEST_CASE("the benchmark's payloads decode to their JSON and encode to the same bytes") {
  if (!is_there(payloads, "benchmark payloads")) return;
  for (const auto& [name, type] : {std::pair<std::string, std::string>{"user", "User"},
                                   {"biz", "Order"},
                                   {"jaeger", "Batch"},
                                   {"parquet", "FileMetaData"},
                                   {"num", "Big"}}) {
    CAPTURE(name);
    const Idl idl = load(payloads + name + ".thrift");
    const json truth = read_json(payloads + name + ".json");
    check_value(ProtocolId::binary, read_bytes(payloads + name + ".binary"), idl.type(type), truth);
    const Exact compact(read_bytes(payloads + name + ".compact"));
    const Value from_compact = decode(ProtocolId::compact, compact.span(), idl.type(type));
    CHECK(matches(from_compact, truth));
  }
}

TEST_CASE("all Parquet footers decode to their truth and encode as it says") {
  if (!is_there(real, "Parquet footers")) return;
  const Idl idl = load(real + "parquet/parquet.thrift");
  const Type& type = idl.type("FileMetaData");
  int checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(real + "parquet/footers")) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    const std::string base = name.substr(0, name.size() - std::string(".FileMetaData.bin").size());
    const json truth = read_json(real + "parquet/truth/" + base + ".json");
    const Bytes bytes = read_bytes(entry.path().string());
    const Exact exact(bytes);
    Arena arena;
    for (const bool alias : {true, false}) {
      const auto decoded =
          try_decode_prefix(ProtocolId::compact, exact.span(), type, arena, {.alias_input = alias});
      REQUIRE_MESSAGE(decoded.has_value(), decoded.error().message());
      CHECK(decoded->consumed == truth.at("decoded_length").get<std::size_t>());
      CHECK(matches(decoded->value, truth.at("value")));
      // One that is odd holds a union without a member, which is read but not written.
      Buffer again;
      try {
        encode(ProtocolId::compact, decoded->value, again);
      } catch (const TypeError&) {
        CHECK(base == "parquet-testing__data__unknown-logical-type.parquet");
      }
      const bool same = std::ranges::equal(again.bytes(), exact.span().first(decoded->consumed));
      CHECK(same == truth.at("reencodes_identically").get<bool>());
    }
    ++checked;
  }
  CHECK(checked == 117);
}

TEST_CASE("strict reading names what is odd in the odd Parquet footers") {
  if (!is_there(real, "odd Parquet footers")) return;
  const Idl idl = load(real + "parquet/parquet.thrift");
  const Type& type = idl.type("FileMetaData");
  const std::map<std::string, std::string> expected{
      {"bad_data__ARROW-GH-41317",
       "the elements of `list<Encoding>` are i16 (6) on the wire, not i32 at offset 13783 in "
       "`FileMetaData.row_groups[1].columns[2].meta_data.encodings`"},
      {"bad_data__PARQUET-1481",
       "enum `Type` has no value -7 at offset 18 in `FileMetaData.schema[1].type`"},
      {"data__dict-page-offset-zero",
       "field `bloom_filter_length` of `ColumnMetaData` is list (15) on the wire, not i32 at "
       "offset 107 in "
       "`FileMetaData.row_groups[0].columns[0].meta_data.bloom_filter_length`"},
      {"data__unknown-logical-type",
       "union `LogicalType` has no member that its type knows at offset 87 in "
       "`FileMetaData.schema[2].logicalType`"}};
  std::map<std::string, std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(real + "parquet/footers")) {
    const Exact exact(read_bytes(entry.path().string()));
    Arena arena;
    const auto decoded = try_decode_prefix(ProtocolId::compact, exact.span(), type, arena,
                                           {.strictness = Strictness::strict()});
    if (decoded) continue;
    const std::string name = entry.path().filename().string();
    const std::size_t start = std::string("parquet-testing__").size();
    found[name.substr(start, name.find(".parquet") - start)] = decoded.error().message();
  }
  CHECK(found == expected);
}

TEST_CASE("captures cut short or with a flipped byte give a value or an error") {
  if (!is_there(real, "damaged captures")) return;
  const Idl jaeger = load(real + "jaeger/jaeger.thrift");
  const Idl zipkin = load(real + "zipkin/zipkinCore.thrift");
  const Idl hive = load(real + "hive/TCLIService.thrift");
  const Bytes reply = read_bytes(real + "hive/hive-driver-http-06-FetchResults.reply.bin");
  const std::size_t header = read_message_header(ProtocolId::binary, reply).size;
  using Case = std::pair<const Type*, Bytes>;
  for (const auto& [type, bytes] :
       {Case{&jaeger.type("Batch"), read_bytes(real + "jaeger/jaeger-client-http-1.bin")},
        Case{&zipkin.type("list<Span>"), read_bytes(real + "zipkin/py-zipkin-http-1.bin")},
        Case{&zipkin.type("Span"), read_bytes(real + "zipkin/zipkin-js-span-1.bin")},
        Case{&hive.service().function("FetchResults").result(),
             Bytes(reply.begin() + static_cast<std::ptrdiff_t>(header), reply.end())}}) {
    samples::check_hostile(bytes, *type);
  }
}

TEST_CASE("compact values cut short or with a flipped byte give a value or an error") {
  if (!is_there(real, "damaged compact values")) return;
  const Idl user = load(payloads + "user.thrift");
  const Idl biz = load(payloads + "biz.thrift");
  const Idl parquet = load(real + "parquet/parquet.thrift");
  using Case = std::pair<const Type*, Bytes>;
  for (const auto& [type, bytes] :
       {Case{&user.type("User"), read_bytes(payloads + "user.compact")},
        Case{&biz.type("Order"), read_bytes(payloads + "biz.compact")},
        Case{&parquet.type("FileMetaData"),
             read_bytes(real + "parquet/footers/" +
                        "parquet-testing__data__unknown-logical-type.parquet.FileMetaData.bin")}}) {
    samples::check_hostile(bytes, *type, ProtocolId::compact);
  }
}
