include "shared.thrift"
include "other.v1.thrift"
typedef shared.Items Basket
typedef Basket Again
const list<shared.Item> START = [{"name": "a", "color": GREEN}, {"name": "b"}]
const map<string, i32> M = {"x": shared.LIMIT, "y": 2}
struct Node { 1: Node left, 2: list<Node> rest = [], 3: other.v1.U u = {"a": 1}, i32 n }
service S extends shared.Base {
  oneway void ping(),
  Basket all(1: Again a, 2: shared.Color c = shared.Color.GREEN) throws (1: other.v1.Oops oops)
}
