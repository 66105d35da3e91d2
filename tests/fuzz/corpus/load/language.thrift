/**
 * A tour of the language: one example of each thing that may stand in a .thrift file.
 */

# Comments go by three names,
// to the end of the line,
/* or between marks. */

include "shared.thrift"
cpp_include "<vector>"

namespace cpp tour.of.the.language
namespace py tour (style = "dynamic")

// --- base types and typedefs ----------------------------------------------------------------------

/** Every type that has no parts. */
struct Scalars {
  1: bool flag
  2: byte tiny            // the old name of i8
  3: i8 small
  4: i16 medium
  5: i32 large
  6: i64 huge
  7: double real
  8: string text
  9: binary bytes
  10: uuid unique
}

typedef i32 Port
typedef Port HttpPort     // typedefs may stand on typedefs
typedef map<string, list<i64>> Series

// --- enums -----------------------------------------------------------------------------------------

/** Numbers count on from the value before. */
enum Level {
  LOW = -1
  NORMAL                  // 0
  HIGH = 0x10
  URGENT                  // 17
} (bits = "8")

// --- containers ------------------------------------------------------------------------------------

struct Containers {
  1: list<string> names
  2: set<i32> numbers
  3: map<Level, list<map<i64, binary>>> nested
  4: map<Point, string> by_point            // a key may be a struct
  5: set cpp_type "std::unordered_set<double>" <double> hints
  6: set<set<uuid>> sets
}

struct Point {
  1: double x
  2: double y
}

// --- requiredness, defaults, recursion -------------------------------------------------------------

struct Node {
  1: required string name
  2: optional Node & left                   // structs may hold themselves
  3: optional Node & right
  4: Level level = Level.NORMAL
  5: list<i32> weights = [1, 2, 3]
  6: Point at = {"x": 0.5}
  40: optional list<Node> more              // ids may have gaps
}

union Shape {
  1: Point point
  2: Circle circle = {"radius": 1}          // a new union is this, where its maker knows defaults
  3: list<Point> polygon
}

struct Circle {
  1: Point centre
  2: double radius
}

/** Keywords are good names for fields. */
struct Odd {
  1: string string
  2: i32 required
  3: list<bool> list, 4: bool optional; 5: double struct
}

// --- constants -------------------------------------------------------------------------------------

const bool YES = true
const i32 ANSWER = 42
const i64 MASK = 0xFF00FF
const i8 NEGATIVE = -0x10
const double AVOGADRO = 6.02214076e23
const double HALF = .5
const string GREETING = 'Hello, "world"'
const string TAB = "a\tb"
const binary BYTES = "raw"
const uuid NIL = "00000000-0000-0000-0000-000000000000"
const Level DEFAULT_LEVEL = Level.HIGH
const HttpPort PORT = 8080
const i32 SAME_ANSWER = ANSWER
const list<Level> LEVELS = [Level.LOW, Level.NORMAL]
const set<string> COLOURS = ["red", "green"]
const Series SERIES = {"primes": [2, 3, 5], "none": []}
const Node TREE = {"name": "root", "left": {"name": "leaf", "level": Level.LOW}}
const shared.Money PRICE = {"amount": 999}

// --- exceptions and services -----------------------------------------------------------------------

exception Refused {
  1: string why
} (deprecated)

service Tour extends shared.Operations {
  /** Documentation may go to each function. */
  Node grow(1: Node tree, 2: i32 times = 1) throws (1: Refused refused),

  Shape shape(1: Shape shape);

  Scalars scalars(1: Scalars scalars)
  Containers containers(1: Containers containers) (idempotent = "true")

  void nothing()
  oneway void tell(1: string text)
} (owner = "tour", stage = "sample")
