// Nested structs, lists, maps and optional fields, a kilobyte or two.
enum State { OPEN = 0, PAID = 1, SENT = 2 }
struct Amount { 1: required string currency; 2: required i64 units; 3: optional i32 nanos }
struct Place {
  1: required string street; 2: required string town; 3: optional string region;
  4: required string code; 5: optional double latitude; 6: optional double longitude
}
struct Line {
  1: required i64 article; 2: required string title; 3: required i32 count;
  4: required Amount price; 5: optional list<string> labels; 6: optional bool wrapped;
  7: optional map<string, string> choices
}
struct Buyer { 1: required i64 id; 2: required string name; 3: optional string mail; 4: required Place home }
struct Order {
  1: required i64 id; 2: required State state; 3: required Buyer buyer; 4: optional Line first_line;
  5: optional Place destination; 6: required i64 created; 7: optional string note;
  8: optional Amount total; 9: optional Amount tax; 10: optional bool express; 11: optional i16 rank;
  12: optional byte channel; 13: optional double score; 14: optional binary seal;
  15: optional Line second_line; 16: optional Line third_line
}
