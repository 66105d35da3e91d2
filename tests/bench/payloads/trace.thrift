// Many small structs of strings, as tracing sends them.
enum Kind { TEXT = 0, NUMBER = 1, FLAG = 2 }
struct Tag {
  1: required string key; 2: required Kind kind; 3: optional string text; 4: optional double number;
  5: optional bool flag; 6: optional i64 count
}
struct Event { 1: required i64 time; 2: required list<Tag> tags }
struct Span {
  1: required i64 trace; 2: required i64 id; 3: required i64 parent; 4: required string name;
  5: optional list<Tag> tags; 6: required i64 start; 7: required i64 duration; 8: optional list<Event> events
}
struct Origin { 1: required string program; 2: optional string host }
struct Trace { 1: required Origin origin; 2: required list<Span> spans }
