#include "recognise.hpp"

#include "idl/grammar.hpp"

namespace g = thrift::grammar;
namespace p = tao::pegtl;

namespace bench {
namespace {

/// The grammar's own rules ask this of a control where punctuation is missing.
template <class Rule>
struct control : p::normal<Rule> {
  template <class ParseInput>
  static void missing(const ParseInput& in, thrift::grammar::Builder&) {
    throw p::parse_error("punctuation is missing", in);
  }
  template <class ParseInput>
  static void unexpected(const ParseInput& in, thrift::grammar::Builder&) {
    throw p::parse_error("a character is unexpected", in);
  }
};

}  // namespace

bool recognise(const thrift::SourcePtr& source) {
  thrift::Diagnostics diagnostics;
  // The few rules written by hand look at the text through it.
  g::Builder builder(source, diagnostics, {});
  const std::string_view text = source->text();
  p::memory_input<p::tracking_mode::lazy, p::eol::lf_crlf, const char*> in(
      text.data() + source->content_begin(), text.data() + text.size(), "");
  try {
    return p::parse<g::program, p::nothing, control>(in, builder) && diagnostics.empty();
  } catch (const p::parse_error&) {
    return false;
  }
}

}  // namespace bench
