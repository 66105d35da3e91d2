// Wide structs of numbers, deeply nested, as the footers of column stores have.
enum Encoding { PLAIN = 0, DICTIONARY = 1, DELTA = 2 }
struct Statistics { 1: optional binary lowest; 2: optional binary highest; 3: optional i64 nulls; 4: optional i64 distinct }
struct Chunk {
  1: required i32 type; 2: required list<Encoding> encodings; 3: required list<string> path;
  4: required i64 values; 5: required i64 size; 6: required i64 packed_size; 7: optional i64 offset;
  8: optional i64 index_offset; 9: optional i64 dictionary_offset; 10: optional Statistics statistics
}
struct Group { 1: required list<Chunk> chunks; 2: required i64 size; 3: required i64 rows; 4: optional i64 offset }
struct Table { 1: required i32 version; 2: required i64 rows; 3: required list<Group> groups; 4: optional string writer }
