#include <doctest/doctest.h>

#include <thriftpp/base/error.hpp>
#include <thriftpp/load/describe.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

Idl shop() {
  return load_files({{"m.thrift", R"(/** The shop.
 * It sells. */
namespace py shop
namespace py store
include "shared.thrift"
/** Names a product. */
typedef string Sku (x = "1")
/** How it is paid. Not here. */
enum Payment { CASH = 1, /** plastic */ CARD }
struct Order {
  /** Which one.
   * There are many. */
  1: required list<Sku> skus (b = "2", a, b = "3")
  2: optional Payment payment = Payment.CARD
  i32 count = 1
  4: map<shared.Id, set<double>> extra
}
union Answer { 1: Order order, 2: string text = "none" }
const map<Payment, list<uuid>> KEYS = {
  Payment.CASH: ["00112233-4455-6677-8899-AABBccddeeff"], 2: []}
const Order EMPTY = {"skus": [], "count": 7}
/** Sells things. */
service Shop extends shared.Base {
  /** Buys one. */
  Answer buy(1: Order order, bool now = true) throws (1: shared.Failed failed) (slow)
  oneway void poke()
})"},
                     {"shared.thrift",
                      "struct Id { 1: i64 n } (k = \"v\") exception Failed {} "
                      "service Base { void ping() }"}});
}

}  // namespace

TEST_CASE("Apache's JSON resolves typedefs and names classes") {
  const std::string json = describe_apache_json(shop());
  const auto has = [&](const std::string& text) { return json.find(text) != std::string::npos; };
  CHECK(json.starts_with("{\n  \"name\": \"m\",\n  \"doc\": \"The shop.\\nIt sells.\\n\","));
  CHECK(has("\"py\": \"store\""));
  CHECK_FALSE(has("\"py\": \"shop\""));
  CHECK(has("\"includes\": [\n    \"shared\"\n  ]"));
  CHECK(has(
      "\"name\": \"Sku\",\n      \"typeId\": \"string\",\n      \"doc\": \"Names a product.\\n\""));
  CHECK(has("\"elemTypeId\": \"string\""));
  CHECK(
      has("\"annotations\": {\n            \"a\": \"1\",\n            \"b\": \"2\",\n"
          "            \"b\": \"3\"\n          }"));
  CHECK(has("\"class\": \"shared.Id\""));
  CHECK(
      has("\"keyType\": {\n              \"typeId\": \"struct\",\n"
          "              \"annotations\": {\n                \"k\": \"v\"\n              },"));
  CHECK(has("\"key\": -1,\n          \"name\": \"count\""));
  CHECK(has("\"required\": \"req_out\",\n          \"default\": 1"));
  CHECK(has("\"default\": 2"));
  CHECK(has("\"isUnion\": true"));
  CHECK(has("\"extends\": \"shared.Base\""));
  CHECK(has("\"oneway\": true"));
}

TEST_CASE("Apache's JSON spells uuids and empty brackets as the file does") {
  const std::string json = describe_apache_json(loads(
      "const uuid U = \"{00112233-4455-6677-8899-AABBccddeeff}\" const set<i32> S = {} "
      "const list<i32> L = [] const map<i32,i32> M = [] const map<list<bool>,i32> K = {[true]: 2} "
      "const map<double,i32> D = {0.1: 1}"));
  const auto has = [&](const std::string& text) { return json.find(text) != std::string::npos; };
  CHECK(has("\"value\": \"00112233-4455-6677-8899-AABBccddeeff\""));
  CHECK(
      has("\"name\": \"S\",\n      \"typeId\": \"set\",\n      \"type\": {\n"
          "        \"typeId\": \"set\",\n        \"elemTypeId\": \"i32\"\n      },\n"
          "      \"value\": {}"));
  CHECK(has("\"elemTypeId\": \"i32\"\n      },\n      \"value\": []"));
  CHECK(has("\"[1]\": 2"));
  CHECK(has("\"0.1\": 1"));
}

TEST_CASE("our JSON keeps what Apache's leaves out") {
  const std::string json = describe_json(shop(), 0);
  const auto has = [&](const std::string& text) { return json.find(text) != std::string::npos; };
  CHECK(json.starts_with(
      "{\"format\":\"thriftpp-idl\",\"version\":1,\"programs\":[{\"name\":\"m\","));
  CHECK(has(R"("namespaces":[{"scope":"py","name":"shop"},{"scope":"py","name":"store"}])"));
  CHECK(has(R"("includes":[1])"));
  CHECK(has(R"("type":{"kind":"list","element":{"kind":"typedef","name":"Sku","program":0}})"));
  CHECK(has(R"("annotations":[{"name":"b","value":"2"},{"name":"a"},{"name":"b","value":"3"}])"));
  CHECK(has(R"("id":-1,"explicit_id":false,"name":"count","requiredness":"default")"));
  CHECK(has(R"("default":"CARD")"));
  CHECK(has(R"("value":{"CASH":["00112233-4455-6677-8899-aabbccddeeff"],"CARD":[]})"));
  CHECK(has(
      R"("inherited_functions":[{"name":"ping","service":{"kind":"service","name":"Base","program":1}}])"));
  CHECK(has(
      R"("name":"CARD","number":2,"explicit_number":false,"doc":"plastic\n","source":{"begin":[9,41],"end":[9,45]})"));
}

TEST_CASE("our JSON is one text of UTF-8 even where the file is not") {
  const Idl idl = loads("/** caf\xe9 */ struct A { 1: string s = \"\xff\" (a = \"\xe9\") }");
  const std::string json = describe_json(idl, 0);
  CHECK(json.find("caf\xc3\xa9") != std::string::npos);
  CHECK(json.find("{\"base64\":\"/w==\"}") != std::string::npos);
}

TEST_CASE("the listing shows everything that a file defines, a line each") {
  CHECK(describe_text(shop()) == R"(m.thrift  // The shop
namespace py shop
namespace py store
include "shared.thrift"

service Shop extends shared.Base  // Sells things
  Answer buy(1: Order order, bool now = true) throws (1: shared.Failed failed) (slow)  // Buys one
  oneway void poke()

typedef string Sku (x = "1")  // Names a product

enum Payment  // How it is paid
  CASH = 1
  CARD = 2  // plastic

struct Order
  1: required list<Sku> skus (b = "2", a, b = "3")  // Which one
  2: optional Payment payment = Payment.CARD
  i32 count = 1
  4: map<shared.Id, set<double>> extra

union Answer
  1: Order order
  2: string text = "none"

const map<Payment, list<uuid>> KEYS = {Payment.CASH: ["00112233-4455-6677-8899-aabbccddeeff"], Payment.CARD: []}
const Order EMPTY = {"skus": [], "count": 7}
)");
}

TEST_CASE("a definition is shown as IDL with its documentation") {
  const Idl idl = shop();
  CHECK(describe_text(idl, "Payment") == R"(/**
 * How it is paid. Not here.
 */
enum Payment {
  CASH = 1
  /**
   * plastic
   */
  CARD
}
)");
  CHECK(describe_text(idl, "shared.Id") == "struct Id {\n  1: i64 n\n} (k = \"v\")\n");
  CHECK(describe_text(idl, "Shop.poke") == "oneway void poke()\n");
  CHECK(describe_text(idl, "Shop.ping") == "void ping()\n");
  CHECK(describe_text(idl, "Order.count") == "i32 count = 1\n");
  CHECK(describe_text(idl, "Payment.CASH") == "CASH = 1\n");
  CHECK(describe_text(idl, "EMPTY") == "const Order EMPTY = {\"skus\": [], \"count\": 7}\n");
  CHECK(describe_text(idl, "Sku").ends_with("typedef string Sku (x = \"1\")\n"));
}

TEST_CASE("what is shown of a definition loads again as the same") {
  const Idl idl = loads(
      "struct S xsd_all { 1: required list<map<string,i8>> & a (x = \"q\\\"\\n\"), "
      "2: optional E e = E.B, 3: set<double> d = [-0.5, 3], i32 i } (y) "
      "enum E { A, B = 7 } union U { 1: S s, 2: bool b = true }");
  const std::string text =
      describe_text(idl, "S") + describe_text(idl, "E") + describe_text(idl, "U");
  const Idl again = loads(text);
  CHECK(describe_apache_json(again).find("\"name\": \"S\"") != std::string::npos);
  CHECK(first_difference(idl.type("S"), again.type("S")) == "");
  CHECK(first_difference(idl.type("U"), again.type("U")) == "");
  CHECK(describe_text(again, "S") == describe_text(idl, "S"));
}

TEST_CASE("a name that is nothing is an error with the nearest one") {
  CHECK_THROWS_WITH_AS(static_cast<void>(describe_text(shop(), "Shop.by")),
                       "`m.thrift` defines no `Shop.by`; did you mean `Shop.buy`?", TypeError);
  CHECK_THROWS_AS(static_cast<void>(describe_text(shop(), ".")), TypeError);
}
