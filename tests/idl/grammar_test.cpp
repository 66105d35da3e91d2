// The grammar itself: PEGTL's analysis finds rules that could loop without reading.

#include "idl/grammar.hpp"

#include <doctest/doctest.h>

#include <tao/pegtl/contrib/analyze.hpp>

namespace g = thrift::grammar;

namespace tao::pegtl {

// What the rules written by hand read: nothing (they look, or report), or at least one character.
template <class Name, class Rule>
struct analyze_traits<Name, g::leaf<Rule>> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, g::leaf<g::string_literal>> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, g::leaf<g::stray>> : analyze_any_traits<> {};
template <class Name, class Keyword>
struct analyze_traits<Name, g::leaf<g::misspelt<Keyword>>> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, g::leaf<g::misspelt_requiredness>> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, g::leaf<g::misspelt_call>> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, g::leaf<g::misspelt_throws>> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, g::leaf<g::misspelt_extends>> : analyze_any_traits<> {};
template <class Name, const char* (g::Builder::*pass)(const char*)>
struct analyze_traits<Name, g::leaf<g::foreign<pass>>> : analyze_any_traits<> {};

}  // namespace tao::pegtl

TEST_CASE("no rule of the grammar loops without reading") {
  CHECK(tao::pegtl::analyze<g::program>(1) == 0);
  CHECK(tao::pegtl::analyze<g::type_program>(1) == 0);
}
