// The Builder's part that reports mistakes and finds where to go on behind them.
//
// A mistake is found at one place, and text before it has been understood: so anything that is
// found wrong at or before the last such place only follows from it, and is kept quiet.

#include <algorithm>
#include <array>

#include "idl/builder.hpp"
#include "idl/tokens.hpp"

namespace thrift::syntax {

ErrorPlace Builder::place(const char* at) const noexcept {
  return {file_, offset(at), last_end_, open_.empty() ? nullptr : &open_.back()};
}

void Builder::stop_if_full() const {
  if (diagnostics_.full()) throw StopParsing{};
}

bool Builder::report(Diagnostic diagnostic, std::size_t at) {
  at = skip_blanks(text_, at);
  if (failed_ && at <= last_failure_) return false;
  if (rest_lost_ && at >= text_.size()) return false;
  failed_ = true;
  last_failure_ = at;
  diagnostics_.report(std::move(diagnostic));
  stop_if_full();
  return true;
}

void Builder::error(std::string_view id, SourceRange range, std::string message,
                    std::string suggestion, std::vector<DiagnosticNote> notes) {
  diagnostics_.error(id, range, std::move(message), std::move(suggestion), std::move(notes));
  stop_if_full();
}

void Builder::warning(std::string_view id, SourceRange range, std::string message,
                      std::string suggestion) {
  diagnostics_.warning(id, range, std::move(message), std::move(suggestion));
  stop_if_full();
}

void Builder::not_portable(SourceRange range, std::string_view what) {
  warning("not-portable", range, std::string(what) + " is refused by Apache's compiler");
}

void Builder::fail(Expect expected, const char* at) {
  fail(describe(expected, place(at)), at);
}

void Builder::fail(Diagnostic diagnostic, const char* at) {
  throw SyntaxFailure{std::move(diagnostic), offset(at)};
}

void Builder::missing(Expect expected, const char* at) {
  if (expected == Expect::definition_name) {
    std::visit([](auto& d) { d.damaged = true; }, program_.definitions.back());
  }
  report(describe(expected, place(at)), offset(at));
}

void Builder::open_missing(Expect expected, char bracket, const char* at) {
  missing(expected, at);
  open_.push_back({bracket, static_cast<std::uint32_t>(offset(at)), false, true});
}

void Builder::close_missing(Expect expected, const char* at) {
  // `throws 1: X x`: parentheses that are missing are one mistake.
  const bool both = !open_.empty() && open_.back().assumed && open_.back().bracket == '(';
  if (!both) missing(expected, at);
  close_bracket();
  if (value_depth > 0) value_damaged_ = true;
}

void Builder::too_deep(const char* at) {
  fail({Severity::error, "nesting-too-deep",
        "nested more than " + std::to_string(max_depth_) + " deep",
        file_.range(offset(at), next_token(text_, offset(at)).end)},
       at);
}

void Builder::stopped() {
  if (!in_definition_) return;
  const std::uint32_t begin =
      std::visit([](auto& d) { return d.range.begin; }, program_.definitions.back());
  program_.skipped.push_back(file_.range(begin, text_.size()));
  program_.definitions.pop_back();
  in_definition_ = false;
}

Mark Builder::mark() const noexcept {
  Mark mark{types_.size(),
            values_.size(),
            annotations_.size(),
            lists_.size(),
            lists_.empty() ? 0 : lists_.back().size(),
            open_.size(),
            program_.definitions.size(),
            0,
            0};
  if (in_definition_) {
    const ast::Definition& definition = program_.definitions.back();
    if (const auto* s = std::get_if<ast::Service>(&definition))
      mark.functions = s->functions.size();
    if (const auto* e = std::get_if<ast::Enum>(&definition)) mark.enum_values = e->values.size();
  }
  return mark;
}

void Builder::drop_beyond(const Mark& mark) {
  types_.resize(mark.types);
  values_.resize(mark.values);
  annotations_.resize(mark.annotations);
  lists_.resize(mark.lists);
  if (!lists_.empty()) lists_.back().resize(mark.list_size);
  open_.resize(mark.open);
}

void Builder::mark_damaged(Level level) {
  if (!in_definition_) return;
  std::visit([](auto& d) { d.damaged = true; }, program_.definitions.back());
  if (in_function_ && level != Level::function) function().damaged = true;
}

/// Drops the member that failed, unless it is known by a name: then what is known of it is kept.
void Builder::drop_member(Level level, const Mark& mark) {
  if (level == Level::definition && program_.definitions.size() > mark.definitions) {
    const bool named =
        std::visit([](auto& d) { return !d.name.text.empty(); }, program_.definitions.back());
    if (named) {
      definition_end();
    } else {
      program_.definitions.pop_back();
    }
  }
  if (level == Level::definition) in_definition_ = false;
  if (level == Level::enum_value) {
    auto& values = current<ast::Enum>().values;
    if (values.size() > mark.enum_values) {
      // One that has a name is there, whatever its number should be.
      if (values.back().name.text.empty()) {
        values.pop_back();
      } else {
        values.back().range.end = last_end_;
      }
    }
  }
  if (level == Level::function) {
    auto& functions = current<ast::Service>().functions;
    if (functions.size() > mark.functions) {
      if (functions.back().name.text.empty()) {
        functions.pop_back();
      } else {
        functions.back().damaged = true;
        functions.back().range.end = last_end_;
      }
    }
    in_function_ = false;
  }
}

void Builder::fail_before(Expect expected, std::size_t at) {
  last_end_ = static_cast<std::uint32_t>(text_.find_last_not_of(" \t\r\n", at - 1) + 1);
  fail(expected, text_.data() + at);
}

bool Builder::member_begins(std::size_t at) const {
  if (function_begins(text_, at) || next_field(text_.data() + at)) return true;
  return in_enum() && enum_value_begins(text_, at);
}

bool Builder::body_ends_first(std::size_t at) const {
  constexpr int farthest = 256;
  Token token = next_token(text_, at);
  for (int i = 0; i < farthest && token.kind != Token::Kind::end && token.in(text_) != ")"; ++i) {
    if (token.in(text_) == "}") return true;
    token = next_token(text_, token.end);
  }
  return false;
}

bool Builder::ends_body(std::size_t at) const {
  if (std::string_view(")]>").find(text_[at]) == std::string_view::npos) return false;
  const Token next = next_token(text_, at + 1);
  return next.kind == Token::Kind::end || definition_begins(text_, next.begin);
}

const char* Builder::end_body(Level level, const char* begin, const Mark& mark) {
  drop_member(level, mark);
  drop_beyond(mark);
  // `enum E [A, B]` is one mistake.
  if (!open_.back().assumed) report(describe(Expect::close_brace, place(begin)), offset(begin));
  token_end(begin + 1);
  failed_ = true;  // the `}` will be missed where the next definition begins
  last_failure_ = std::max(last_failure_, skip_blanks(text_, last_end_));
  return begin + 1;
}

namespace {

/// Every annotation of a long line may be wrong, so without an end to it the line would be read
/// again and again.
constexpr std::size_t longest_looked_back = 256;

bool is_member(Level level) {
  return level == Level::field || level == Level::enum_value || level == Level::function;
}

}  // namespace

const char* Builder::recover(Level level, const char* begin, const Mark& mark,
                             SyntaxFailure& failure) {
  const std::size_t item = offset(begin);
  if (level == Level::element && last_end_ != 0) {
    // A colon behind a number that begins a line: the next field, and an unclosed list before it.
    const std::size_t number = last_token(text_, last_end_).begin;
    if (number > 0 && text_.substr(skip_blanks(text_, last_end_), 1) == ":" &&
        starts_line(text_, number) && field_begins(text_, number)) {
      drop_beyond(mark);
      fail_before(Expect::close_bracket, number);
    }
  }
  if (level == Level::annotation) {
    // The same of annotations: what fails may be on the line of the next member.
    const std::size_t from = std::max<std::size_t>(open_[mark.open - 1].offset,
                                                   item - std::min(item, longest_looked_back));
    const std::size_t line_end = text_.substr(from, item - from).rfind('\n');
    const bool on_later_line = line_end != std::string_view::npos;
    const std::size_t first = on_later_line ? skip_blanks(text_, from + line_end) : item;
    if (on_later_line && member_begins(first)) {
      drop_beyond(mark);
      fail_before(Expect::close_paren, first);
    }
  }
  if (failure.at == item && is_member(level) && ends_body(item))
    return end_body(level, begin, mark);

  const std::size_t resume = resume_point(level, item, failure.at, mark);
  if ((level == Level::field || level == Level::argument) && failure.at == item &&
      next_token(text_, item).kind != Token::Kind::word) {
    // Nothing of a field is there: it is not its type that is missing.
    drop_beyond(mark);
    failure.diagnostic =
        describe(level == Level::field ? Expect::field : Expect::argument, place(begin));
  }
  mark_damaged(level);
  drop_member(level, mark);
  drop_beyond(mark);
  if (level != Level::element && level != Level::annotation) value_damaged_ = false;

  program_.skipped.push_back(file_.range(item, resume));
  report(std::move(failure.diagnostic), failure.at);
  last_end_ = static_cast<std::uint32_t>(resume);
  return text_.data() + resume;
}

namespace {

char opener_of(char c) {
  return c == '}' ? '{' : c == ')' ? '(' : c == ']' ? '[' : '<';
}

/// Whether `c`, met outside of all brackets that the failed item opened, closes what holds it.
bool ends_list(Level level, char c) {
  switch (level) {
    case Level::definition: return false;
    case Level::field:
    case Level::enum_value:
    case Level::function: return c == '}';
    case Level::argument:
    case Level::annotation: return c == ')' || c == '}';
    case Level::element: return c == ']' || c == '}' || c == ')';
  }
  return false;
}

/// "strcut A {": what a definition looks like whose keyword is misspelt.
bool brace_follows_two_words(std::string_view text, std::size_t at) {
  const Token first = next_token(text, at);
  const Token second = next_token(text, first.end);
  return first.kind == Token::Kind::word && second.kind == Token::Kind::word &&
         next_token(text, second.end).in(text) == "{";
}

}  // namespace

bool Builder::in_closed_body(std::size_t at) {
  if (at >= stretch_.begin && at < stretch_.end) return stretch_.closed;
  stretch_ = {at, text_.size(), false};
  std::size_t depth = 0;
  for (Token token = next_token(text_, at); token.kind != Token::Kind::end;
       token = next_token(text_, token.end)) {
    stretch_.end = token.end;
    const bool other_begins =
        token.kind == Token::Kind::word &&
        (definition_begins(text_, token.begin) ||
         (starts_line(text_, token.begin) && brace_follows_two_words(text_, token.begin)));
    if (other_begins) return false;
    const char c = text_[token.begin];
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return stretch_.closed = true;
  }
  return false;
}

std::size_t Builder::resume_point(Level level, std::size_t begin, std::size_t failure,
                                  const Mark& mark) {
  std::string open;                     // brackets within the item that are open at the token
  std::array<std::size_t, 4> counts{};  // of each kind, in `open`
  const auto count_of = [&](char bracket) -> std::size_t& {
    return counts[std::string_view("{([<").find(bracket)];
  };
  for (std::size_t i = mark.open; i < open_.size(); ++i) {
    open += open_[i].bracket;
    ++count_of(open_[i].bracket);
  }
  const auto only = [&](char bracket) {
    return open.find_first_not_of(bracket) == std::string::npos;
  };

  for (Token token = next_token(text_, failure); token.kind != Token::Kind::end;
       token = next_token(text_, token.end)) {
    const std::size_t at = token.begin;
    if (at > begin && token.kind == Token::Kind::word && definition_begins(text_, at)) return at;
    if (at > begin && starts_line(text_, at)) {
      switch (level) {
        case Level::definition:
          if (open.empty() && brace_follows_two_words(text_, at)) return at;
          break;
        case Level::field:
          if ((only('<') || at == failure) && field_begins(text_, at)) return at;
          if (next_field(text_.data() + at)) return at;
          break;
        case Level::argument:
          if (only('<') && (field_begins(text_, at) || function_begins(text_, at))) return at;
          if (next_field(text_.data() + at)) return at;
          break;
        case Level::enum_value:
          if (token.kind == Token::Kind::word && only('<')) return at;
          if (enum_value_begins(text_, at)) return at;
          break;
        case Level::function:
          if (function_begins(text_, at)) return at;
          break;
        case Level::element:
        case Level::annotation: break;
      }
    }
    if (token.kind != Token::Kind::symbol) continue;

    const char c = text_[at];
    if (c == '{' || c == '(' || c == '[' || c == '<') {
      open += c;
      ++count_of(c);
    } else if (c == '}' || c == ')' || c == ']' || c == '>') {
      std::size_t& waiting = count_of(opener_of(c));
      if (waiting > 0) {
        // What stands above it in `open` is dropped: each bracket is passed over once.
        for (bool found = false; !found; open.pop_back()) {
          found = open.back() == opener_of(c);
          --count_of(open.back());
        }
        if (level == Level::definition && open.empty() && c == '}') return token.end;
      } else if (ends_list(level, c)) {
        return std::max(at, begin);
      } else if (level == Level::definition && c == '}') {
        return token.end;
      }
    } else if ((c == ',' || c == ';') && open.empty()) {
      if (level != Level::definition) return token.end;
      if (c == ';' && !in_closed_body(token.end)) return token.end;
    }
  }
  return text_.size();
}

}  // namespace thrift::syntax
