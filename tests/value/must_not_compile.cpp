// What would dangle does not compile.

#include <thriftpp/value/value.hpp>

using thrift::Value;

Value make();

void dangling(const Value& kept) {
  (void)kept.as<std::string_view>();

#ifdef TEXT_OF_A_TEMPORARY  // error: use of deleted function|call to deleted member function
  (void)make().as<std::string_view>();
#endif
#ifdef TEXT_BELOW_A_TEMPORARY  // error: use of deleted function|call to deleted member function
  (void)make()["name"].as<std::string_view>();
#endif
#ifdef SPAN_OF_A_TEMPORARY  // error: use of deleted function|call to deleted member function
  (void)make()["ints"].as_span<std::int32_t>();
#endif
#ifdef VIEWS_IN_A_CONTAINER  // error: use of deleted function|call to deleted member function
  (void)make().as<std::vector<std::string_view>>();
#endif
#ifdef FIELDS_OF_A_TEMPORARY  // error: use of deleted function|call to deleted member function
  for (const auto& field : make().fields()) (void)field;
#endif
#ifdef VIEW_OF_A_TEMPORARY  // error: use of deleted function|call to deleted member function
  const thrift::ValueView view = make().view();
#endif
#ifdef TEMPORARY_AS_A_VIEW  // error: use of deleted function|uses deleted function|deleted
  const thrift::ValueView view = make();
#endif
#ifdef ASSIGNMENT_TO_A_TEMPORARY  // error: no match for|passing|no viable overloaded
  make() = 5;
#endif
#ifdef UNSIGNED_NUMBER  // error: Thrift's integers are signed
  (void)kept.as<std::uint32_t>();
#endif
}
