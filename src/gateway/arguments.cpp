#include "gateway/arguments.hpp"

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/base/near_name.hpp>

#include "base/backquoted.hpp"
#include "gateway/bindings.hpp"
#include "gateway/json_text.hpp"
#include "gateway/url.hpp"

namespace thrift::gateway {

namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

[[noreturn]] void refuse(int status, std::string message, std::string path = {}) {
  Problem problem;
  problem.status = status;
  problem.message = std::move(message);
  problem.path = std::move(path);
  throw BadRequest(std::move(problem));
}

bool is_json_type(std::string_view type) noexcept {
  return type.empty() || same_name(type, "application/json") || same_name(type, "text/json") ||
         (type.size() > 5 && same_name(type.substr(type.size() - 5), "+json"));
}

// As JSON has numbers; `whole`: without fraction and exponent.
bool is_number_text(std::string_view text, bool whole) noexcept {
  const auto digits = [&] {
    std::size_t n = 0;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
    const bool leading_zero = n > 1 && text[0] == '0';
    text.remove_prefix(n);
    return std::pair(n != 0, leading_zero);
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto [some, leading_zero] = digits();
  if (!some || leading_zero) return false;
  if (whole) return text.empty();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits().first) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!digits().first) return false;
  }
  return text.empty();
}

void append_text(std::string_view text, std::string& out) {
  if (is_utf8(text)) return append_json_string(out, text);
  out += R"({"base64":")";
  append_base64(out, text);
  out += "\"}";
}

// Says what is wrong with the body as JSON, and where, if anything is.
void check_json(std::string_view body) {
  try {
    const JsonDocument document(body);
  } catch (const TypeError& error) {
    throw BadRequest(bad_input(error));
  }
}

// Whether it is beyond the largest double: then it is no number to who reads JSON.
bool is_too_large(std::string_view number) {
  constexpr std::size_t surely_fine = 300;  // digits
  if (number.size() < surely_fine && number.find_first_of("eE") == std::string_view::npos) {
    return false;
  }
  try {
    const JsonDocument document(number);
    return false;
  } catch (const TypeError&) {
    return true;
  }
}

// Takes the first name of a path of errors off it: what is left begins with "." or "[".
std::string_view take_name(std::string_view& path) noexcept {
  if (path.starts_with('.')) path.remove_prefix(1);
  const std::string_view name = path.substr(0, path.find_first_of(".["));
  path.remove_prefix(name.size());
  return name;
}

void set_place(Problem& problem, std::string_view body, std::size_t offset) {
  const TextPosition position = position_at(body, offset);
  problem.line = position.line;
  problem.column = position.column;
}

/// Puts the object together, and knows afterwards where its parts are from.
class Composer {
 public:
  Composer(const RouteTable::Match& match, const Request& request, bool skip_unknown)
      : match_(match), route_(*match.route), request_(request), skip_unknown_(skip_unknown) {}

  std::string run() {
    read_body();
    const bool wrapped = route_.unpacked != nullptr;
    if (wrapped) {
      out_ += '{';
      append_json_string(out_, route_.unpacked->name());
      out_ += ':';
    }
    out_ += '{';
    const auto& bindings = route_.bindings;
    for (std::size_t i = 0; i < bindings.size();) {
      const Field* const field = bindings[i].field;
      bool found = false;
      for (; i < bindings.size() && bindings[i].field == field; ++i) {
        if (!found) found = bind(bindings[i]);
      }
    }
    check_unused_members();
    out_ += '}';
    if (wrapped) out_ += '}';
    return std::move(out_);
  }

  /// What is wrong with the object, in the words of the client: under the name that it used, and
  /// with the place in the body where the value is from there.
  [[nodiscard]] Problem explain(const TypeError& error) const {
    // Pieces of the body are all that may be no JSON.
    if (error.info().line != 0) check_json(request_.body());
    Problem out = bad_input(error);
    out.line = out.column = 0;
    std::string_view rest = error.path();
    if (route_.unpacked != nullptr) take_name(rest);
    const Field* const field = route_.bound().find_field(take_name(rest));
    const auto of_field = [&](const Origin& origin) { return origin.binding->field == field; };
    const auto origin = std::ranges::find_if(origins_, of_field);
    if (origin != origins_.end()) {
      out.path = client_path(*origin->binding, rest);
      locate(out, *origin, rest, error.info().unknown_field);
    } else {
      const auto binding = std::ranges::find(route_.bindings, field, &Binding::field);
      out.path = binding == route_.bindings.end() ? "" : client_path(*binding, rest);
    }
    out.message = (out.path.empty() ? "" : out.path + ": ") + error.problem();
    return out;
  }

 private:
  struct Origin {
    const Binding* binding;
    std::string_view text;  // of the body; empty where the value is from elsewhere
  };

  static std::string client_path(const Binding& binding, std::string_view rest) {
    if (binding.location != Location::whole_body) {
      return std::string(binding.name).append(rest);
    }
    return std::string(rest.substr(rest.starts_with('.') ? 1 : 0));
  }

  void locate(Problem& problem, const Origin& origin, std::string_view path,
              std::string_view member) const {
    if (origin.text.empty()) return;
    const auto begin = static_cast<std::size_t>(origin.text.data() - request_.body().data());
    set_place(problem, request_.body(), begin + find_place(origin.text, path, member).value_or(0));
  }

  void read_body() {
    bool json = false;
    bool form = false;
    bool other = false;
    for (const Binding& binding : route_.bindings) {
      json = json || binding.location == Location::body || binding.location == Location::whole_body;
      form = form || binding.location == Location::form;
      other = other || binding.location == Location::raw_body;
    }
    const std::string_view body = request_.body();
    if (body.empty() || (!json && !form)) return;
    const std::string_view type = media_type(request_.header("Content-Type"));
    if (form && same_name(type, form_type)) {
      form_ = parse_pairs(body);
      if (!form_) refuse(400, "the form is wrongly encoded");
      return;
    }
    if (!json || !is_json_type(type)) {
      if (other) return;
      refuse(415, "the body is of type `" + std::string(type) + "`; this route reads " +
                      (json ? (form ? "application/json or " + std::string(form_type)
                                    : std::string("application/json"))
                            : std::string(form_type)));
    }
    has_json_ = true;
    if (whole_body() != nullptr) return;
    auto members = object_members(body);
    if (!members) {
      check_json(body);
      refuse(400, "the body must be a JSON object");
    }
    members_ = std::move(*members);
    used_.resize(members_.size());
  }

  [[nodiscard]] const Binding* whole_body() const noexcept {
    const auto found = std::ranges::find(route_.bindings, Location::whole_body, &Binding::location);
    return found == route_.bindings.end() ? nullptr : &*found;
  }

  // Whether the request has it.
  bool bind(const Binding& binding) {
    switch (binding.location) {
      case Location::path: return bind_path(binding);
      case Location::query:
        if (!query_) {
          query_ = parse_pairs(request_.query());
          if (!query_) refuse(400, "the query is wrongly encoded");
        }
        return bind_pairs(binding, *query_);
      case Location::form: return form_ && bind_pairs(binding, *form_);
      case Location::header: return bind_header(binding);
      case Location::cookie: {
        const std::string cookies = request_.all_headers("Cookie", "; ");
        const auto cookie = find_cookie(cookies, binding.name);
        if (!cookie) return false;
        auto text = percent_decode(*cookie, false);
        return add_texts(binding, {text ? std::move(*text) : std::string(*cookie)});
      }
      case Location::body: return bind_member(binding);
      case Location::whole_body: {
        if (!has_json_) return false;
        check_json(request_.body());  // else it might be more than one value
        return add(binding, request_.body(), request_.body());
      }
      case Location::raw_body: {
        if (request_.body().empty()) return false;
        std::string text;
        append_bytes(binding.field->type(), request_.body(), text);
        return add(binding, text);
      }
      case Location::raw_uri: return add_texts(binding, {std::string(request_.target())});
      case Location::status:
      case Location::none: break;
    }
    return false;
  }

  bool bind_path(const Binding& binding) {
    std::size_t i = 0;
    for (const Segment& segment : route_.segments) {
      if (segment.kind == Segment::Kind::text) continue;
      if (segment.text == binding.name) {
        auto text = percent_decode(match_.parameters[i], false);
        if (!text) {
          refuse(400, "`" + std::string(binding.name) + "` is wrongly encoded in the path",
                 std::string(binding.name));
        }
        return add_texts(binding, {std::move(*text)});
      }
      ++i;
    }
    return false;
  }

  bool bind_pairs(const Binding& binding, const std::vector<Pair>& pairs) {
    std::vector<std::string> texts;
    for (const Pair& pair : pairs) {
      if (pair.name == binding.name) texts.push_back(pair.value);
    }
    return !texts.empty() && add_texts(binding, std::move(texts));
  }

  bool bind_header(const Binding& binding) {
    if (!request_.has_header(binding.name)) return false;
    const Type& type = binding.field->type();
    if (is_scalar(type) || is_json_in_text(type)) {
      return add_texts(binding, {std::string(request_.header(binding.name))});
    }
    std::vector<std::string> texts;
    const std::string all = request_.all_headers(binding.name);
    for (std::string_view rest = all; !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      std::string_view one = rest.substr(0, end);
      while (one.starts_with(' ')) one.remove_prefix(1);
      while (one.ends_with(' ')) one.remove_suffix(1);
      texts.emplace_back(one);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return add_texts(binding, std::move(texts));
  }

  bool bind_member(const Binding& binding) {
    bool found = false;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (members_[i].name != binding.name) continue;
      if (found) refuse_member(members_[i], "stands there twice");
      used_[i] = true;
      found = true;
      add(binding,
          binding.js_conv ? as_number(*binding.field, members_[i].value) : members_[i].value,
          members_[i].value);
    }
    return found;
  }

  // Numbers that JavaScript cannot hold come as strings.
  static std::string_view as_number(const Field& field, std::string_view json) {
    const bool whole = field.type().is_integer();
    if (!whole && field.type().kind() != TypeKind::double_) return json;
    if (json.size() < 2 || json.front() != '"') return json;
    const std::string_view text = json.substr(1, json.size() - 2);
    return is_number_text(text, whole) && !is_too_large(text) ? text : json;
  }

  // Members that no field was taken from: those of fields that come from somewhere else are no way
  // in, those of no field are mistakes, and those that something else came before are left out.
  void check_unused_members() {
    if (std::ranges::find(used_, false) == used_.end()) return;
    check_json(request_.body());  // nobody reads them afterwards
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (!used_[i]) check_unused(members_[i]);
    }
  }
  void check_unused(const JsonMember& member) const {
    std::vector<std::string_view> names;
    for (const Binding& binding : route_.bindings) {
      if (binding.location == Location::body) names.push_back(binding.name);
    }
    if (std::ranges::find(names, member.name) != names.end()) return;
    const Field* const field = route_.bound().find_field(member.name);
    if (field != nullptr) {
      refuse_member(member, "is no member of this body: " + places_of(*field));
    }
    if (skip_unknown_) return;
    refuse_member(member, "is no member of this body" + did_you_mean(member.name, names),
                  near_name(member.name, names));
  }
  [[nodiscard]] std::string places_of(const Field& field) const {
    std::string out;
    for (const Binding& binding : route_.bindings) {
      if (binding.field != &field || binding.location == Location::none) continue;
      out += (out.empty() ? "it comes from the " : " or ") +
             std::string(to_string(binding.location)) + " `" + std::string(binding.name) + "`";
    }
    return out.empty() ? "nothing sets it" : out;
  }
  [[noreturn]] void refuse_member(const JsonMember& member, std::string_view what,
                                  std::string_view suggestion = {}) const {
    Problem problem;
    problem.status = 400;
    problem.message = "`" + member.name + "` " + std::string(what);
    problem.path = member.name;
    problem.suggestion = suggestion;
    set_place(problem, request_.body(),
              static_cast<std::size_t>(member.value.data() - request_.body().data()));
    throw BadRequest(std::move(problem));
  }

  // `text`: the part of the body that it is, if it is one.
  bool add(const Binding& binding, std::string_view json, std::string_view text = {}) {
    if (out_.back() != '{') out_ += ',';
    append_json_string(out_, binding.field->name());
    out_ += ':';
    out_ += json;
    origins_.push_back({&binding, text});
    return true;
  }

  bool add_texts(const Binding& binding, std::vector<std::string> texts) {
    const Type& type = binding.field->type();
    if (is_json_in_text(type)) return add_json(binding, texts.front());
    std::string json;
    if (is_scalar(type)) {
      append_scalar(type, texts.front(), binding, json);
      return add(binding, json);
    }
    json += '[';
    for (const std::string& text : texts) {
      if (json.size() > 1) json += ',';
      append_scalar(type.as_container().element(), text, binding, json);
    }
    json += ']';
    return add(binding, json);
  }

  bool add_json(const Binding& binding, std::string_view json) {
    try {
      const JsonDocument document(json);
    } catch (const TypeError& error) {
      refuse_text(binding, error.message());
    }
    return add(binding, json);
  }

  [[noreturn]] static void refuse_text(const Binding& binding, const std::string& problem) {
    const std::string name(binding.name);
    refuse(400, name + ": " + problem, name);
  }

  static std::string shown(std::string_view text) { return backquoted(text.substr(0, 60)); }

  static void append_bytes(const Type& type, std::string_view bytes, std::string& out) {
    if (type.kind() == TypeKind::string) return append_text(bytes, out);
    out += '"';
    append_base64(out, bytes);
    out += '"';
  }

  static void append_scalar(const Type& type, std::string_view text, const Binding& binding,
                            std::string& out) {
    switch (type.kind()) {
      case TypeKind::bool_:
        if (text == "1") text = "true";
        if (text == "0") text = "false";
        if (text == "true" || text == "false") {
          out += text;
          return;
        }
        break;
      case TypeKind::i8:
      case TypeKind::i16:
      case TypeKind::i32:
      case TypeKind::i64:
      case TypeKind::enum_:
      case TypeKind::double_:
        if (is_number_text(text, type.kind() != TypeKind::double_)) {
          if (is_too_large(text)) {
            refuse_text(binding, shown(text) + " does not fit " + backquoted(type.name()));
          }
          out += text;
          return;
        }
        // an enum's name, or "NaN"
        if (type.is_enum() || type.kind() == TypeKind::double_) break;
        refuse_text(binding, "expected " + backquoted(type.name()) + ", got " + shown(text));
      default: break;
    }
    append_text(text, out);
  }

  const RouteTable::Match& match_;
  const Route& route_;
  const Request& request_;
  const bool skip_unknown_;
  std::string out_;
  std::vector<Origin> origins_;  // of what is in `out_`
  bool has_json_ = false;
  std::vector<JsonMember> members_;
  std::vector<bool> used_;
  std::optional<std::vector<Pair>> query_;
  std::optional<std::vector<Pair>> form_;
};

// The body is the object, as it is.
void write_direct(const StructType& type, const Request& request, ProtocolId protocol,
                  const FromJsonOptions& options, Buffer& out) {
  const std::string_view content_type = media_type(request.header("Content-Type"));
  const std::string_view body = request.body();
  if (!body.empty() && !is_json_type(content_type)) {
    refuse(415, "the body is of type `" + std::string(content_type) +
                    "`; send JSON, with `Content-Type: application/json`");
  }
  try {
    from_json(body.empty() ? "{}" : body, type, protocol, out, options);
  } catch (const TypeError& error) {
    Problem problem = bad_input(error);
    const auto place = find_place(body, error.path(), error.info().unknown_field);
    if (problem.line == 0 && place) set_place(problem, body, *place);
    throw BadRequest(std::move(problem));
  }
}

}  // namespace

std::string_view media_type(std::string_view content_type) noexcept {
  std::string_view out = content_type.substr(0, content_type.find(';'));
  while (out.ends_with(' ')) out.remove_suffix(1);
  return out;
}

void write_arguments(const RouteTable::Match& match, const Request& request, ProtocolId protocol,
                     const FromJsonOptions& options, Buffer& out) {
  const StructType& type = match.route->function->arguments();
  if (match.route->direct) return write_direct(type, request, protocol, options, out);
  Composer composer(match, request, options.skip_unknown_fields);
  const std::string text = composer.run();
  try {
    from_json(text, type, protocol, out, options);
  } catch (const TypeError& error) {
    throw BadRequest(composer.explain(error));
  }
}

bool is_bound_by_query(const Route& route, std::string_view name) noexcept {
  return std::ranges::any_of(route.bindings, [name](const Binding& binding) {
    return binding.location == Location::query && binding.name == name;
  });
}

}  // namespace thrift::gateway
