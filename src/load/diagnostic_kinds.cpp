#include <thriftpp/load/load.hpp>

namespace thrift {
namespace {

constexpr DiagnosticKind kinds[] = {
    {"constant-chain-too-long", Severity::error,
     "More constants depend on each other, one after the other, than LoadLimits allow."},
    {"constant-cycle", Severity::error, "A constant depends on itself."},
    {"constant-range", Severity::error, "A number does not fit the integer type of its place."},
    {"constant-too-large", Severity::error,
     "Constants and defaults are nested deeper, hold more values or take more memory than "
     "LoadLimits allow."},
    {"constant-type", Severity::error, "A value is of another type than its place."},
    {"duplicate-constant", Severity::error, "A file defines two constants of one name."},
    {"duplicate-definition", Severity::error, "A file defines two types or services of one name."},
    {"duplicate-enum-value", Severity::error, "An enum has two values of one name."},
    {"duplicate-field-id", Severity::error, "Two fields, arguments or exceptions have one id."},
    {"duplicate-field-name", Severity::error, "Two fields, arguments or exceptions have one name."},
    {"duplicate-function", Severity::error,
     "A service has two functions of one name, or inherits one of that name."},
    {"duplicate-map-key", Severity::warning, "A map has a key twice; the last counts."},
    {"duplicate-set-element", Severity::warning, "A set has an element twice; one is dropped."},
    {"enum-value-range", Severity::error, "The number of an enum's value does not fit 32 bits."},
    {"field-id-range", Severity::error, "The id of a field does not fit 16 bits."},
    {"ignored-requiredness", Severity::warning,
     "`required` or `optional` stands where it means nothing."},
    {"include-cycle", Severity::error, "Files include each other."},
    {"includes-too-deep", Severity::error, "Includes are nested deeper than LoadLimits allow."},
    {"invalid-uuid", Severity::error, "A string is no uuid."},
    {"missing-field-id", Severity::error,
     "A field has no id, where LoadOptions::implicit_ids is `reject`."},
    {"missing-include", Severity::warning,
     "An included file was not found; an error where something of it is used."},
    {"nonpositive-field-id", Severity::warning,
     "An id of 0 or below is numbered anew, as Apache's compiler does."},
    {"not-a-service", Severity::error, "A service extends something that is none."},
    {"not-a-type", Severity::error, "A service stands where a type is wanted."},
    {"not-an-exception", Severity::error, "A function throws something that is no exception."},
    {"oneway-result", Severity::warning, "A oneway function has a result that never arrives."},
    {"oneway-throws", Severity::error, "A oneway function declares exceptions."},
    {"outside-roots", Severity::error, "An included file lies outside of LoadOptions::roots."},
    {"service-cycle", Severity::error, "A service extends itself."},
    {"string-exception", Severity::warning,
     "A function throws a string, which Apache's compiler refuses."},
    {"too-many-fields", Severity::error, "A struct has more fields than a layout can hold."},
    {"too-many-files", Severity::error, "More files are included than LoadLimits allow."},
    {"too-many-functions", Severity::error,
     "Services have, and inherit, more functions than LoadLimits allow."},
    {"type-too-large", Severity::error,
     "A type is nested deeper, or longer when it is spelt out, than LoadLimits allow."},
    {"typedef-chain-too-long", Severity::error,
     "More typedefs depend on each other, one after the other, than LoadLimits allow."},
    {"typedef-cycle", Severity::error, "A typedef depends on itself."},
    {"union-defaults", Severity::error, "More than one member of a union has a default."},
    {"union-members", Severity::error, "A union constant has more than one member."},
    {"unknown-constant", Severity::error, "A name in a value is no constant and no enum value."},
    {"unknown-enum-value", Severity::error, "A number is no value of the enum."},
    {"unknown-field", Severity::error, "A struct constant names a field that there is not."},
    {"unknown-service", Severity::error, "A service extends one that there is not."},
    {"unknown-type", Severity::error, "A name is no type."},
    {"unqualified-enum-value", Severity::warning,
     "An enum's value stands without the enum's name, which Apache's compiler refuses."},
    {"unquoted-string", Severity::warning,
     "A name that is nothing known stands where a string is wanted, and is read as one."},
    {"unreadable-file", Severity::error, "A file cannot be read."},
    {"unsigned-constant", Severity::warning,
     "A number fits its type's bits only without the sign; the bits are taken."},
    {"wrong-enum-name", Severity::warning,
     "A value of the enum that is wanted stands behind another enum's name."},
};

}  // namespace

std::span<const DiagnosticKind> load_diagnostics() noexcept {
  return kinds;
}

}  // namespace thrift
