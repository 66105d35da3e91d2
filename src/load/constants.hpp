#pragma once

// Evaluates constants and defaults into cells (schema/layout.hpp). The memory is the schema's, and
// never changes once it is written: values that refer to each other share it.

#include <string>

#include "load/load_state.hpp"

namespace thrift::loading {

/// Evaluates values for one place after the other. References go through `evaluate`, which comes
/// back here: both recursions are bounded by `max_chain` and `max_depth`.
class Evaluator {
 public:
  explicit Evaluator(Load& load) : load_(load) {}

  /// Evaluates the constant unless that was done before.
  void evaluate(ConstSymbol& symbol);
  /// Evaluates the default and sets it.
  void evaluate(const PendingDefault& value);

 private:
  /// Where a value is being written.
  struct Place {
    Unit& unit;           ///< Whose names it uses.
    SourceRange blame;    ///< Of the reference that led here; nowhere where there is none.
    std::uint32_t depth;  ///< Nesting so far.
    ValueSize& size;      ///< Of the whole value.
    bool is_key = false;  ///< Of a map.
  };

  // Each writes `value` into a zeroed cell of `type` and returns whether it could; if not, that was
  // reported, or follows from something that was.
  bool write(const ast::ConstValue& value, const Type& type, std::byte* cell, const Place& place);
  bool write_reference(const ast::ConstValue& value, const Type& type, std::byte* cell,
                       const Place& place);
  bool write_constant(ConstSymbol& symbol, const ast::ConstValue& value, const Type& type,
                      std::byte* cell, const Place& place);
  bool write_integer(std::int64_t number, const ast::ConstValue& value, const Type& type,
                     std::byte* cell, const Place& place);
  bool write_double(double number, const ast::ConstValue& value, const Type& type, std::byte* cell,
                    const Place& place);
  bool write_string(const ast::String& text, const ast::ConstValue& value, const Type& type,
                    std::byte* cell, const Place& place);
  bool write_list(const ast::ListValue& list, const ast::ConstValue& value, const Type& type,
                  std::byte* cell, const Place& place);
  bool write_map(const ast::MapValue& map, const ast::ConstValue& value, const Type& type,
                 std::byte* cell, const Place& place);
  bool write_entries(const ast::MapValue& map, const ast::ConstValue& value,
                     const ContainerType& type, std::byte* cell, const Place& place);
  bool write_struct(const ast::MapValue& map, const StructType& type, std::byte* record,
                    const Place& place);
  bool write_field(const ast::ConstValue& value, const Field& field, std::byte* record,
                   const Place& place);
  const Field* find_field(const ast::ConstValue& key, const StructType& type, const Place& place);

  /// One more value, or `count` of them; false, and reported, past a limit.
  bool count(std::uint64_t count, std::uint32_t depth, const ast::ConstValue& value,
             const Place& place);
  /// Zeroed memory; nullptr, and reported, past the limit.
  std::byte* allocate(std::size_t bytes, const ast::ConstValue& value, const Place& place);
  bool refuse(std::string_view id, const ast::ConstValue& value, const Place& place,
              std::string message, std::string suggestion = {});
  bool wrong_type(const ast::ConstValue& value, const Type& type, const Place& place);
  void report_cycle(const ConstSymbol& target);
  static SourceRange range_of(const ast::ConstValue& value, const Place& place) {
    return place.blame ? place.blame : value.range;
  }

  Load& load_;
  std::vector<ConstSymbol*> stack_;  // constants being evaluated
};

}  // namespace thrift::loading
