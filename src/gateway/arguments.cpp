#include "gateway/arguments.hpp"

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>

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

// A path of errors that begins with the field's name.
std::string path_of(const Field& field) {
  return std::string(field.name());
}

/// Puts the object together.
class Composer {
 public:
  Composer(const RouteTable::Match& match, const Request& request)
      : match_(match), route_(*match.route), request_(request) {}

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
    add_unused_members();
    out_ += '}';
    if (wrapped) out_ += '}';
    return std::move(out_);
  }

 private:
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
      try {
        const JsonDocument document(body);  // says what is wrong, and where
      } catch (const TypeError& error) {
        throw BadRequest(bad_input(error));
      }
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
        const std::string cookies = request_.all_headers("Cookie");
        const auto cookie = find_cookie(cookies, binding.name);
        if (!cookie) return false;
        auto text = percent_decode(*cookie, false);
        return add_texts(binding, {text ? std::move(*text) : std::string(*cookie)});
      }
      case Location::body: return bind_member(binding);
      case Location::whole_body: {
        if (!has_json_) return false;
        try {
          const JsonDocument document(request_.body());  // else it might be more than one value
        } catch (const TypeError& error) {
          throw BadRequest(bad_input(error));
        }
        return add(binding, request_.body());
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
                 path_of(*binding.field));
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
    if (type.kind() != TypeKind::list && type.kind() != TypeKind::set) {
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
      used_[i] = true;
      found = true;
      std::string_view value = members_[i].value;
      // numbers that JavaScript cannot hold come as strings
      if (binding.js_conv && value.size() > 2 && value.front() == '"' &&
          (binding.field->type().is_integer() ||
           binding.field->type().kind() == TypeKind::double_) &&
          is_number_text(value.substr(1, value.size() - 2), binding.field->type().is_integer())) {
        value = value.substr(1, value.size() - 2);
      }
      add(binding, value);
    }
    return found;
  }

  // Members that no binding takes: from_json knows whether and how they are wrong. Those of fields
  // that come from somewhere else are no way in.
  void add_unused_members() {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (used_[i]) continue;
      const Field* const field = route_.bound().find_field(members_[i].name);
      if (field == nullptr) {
        add_name(members_[i].name);
        out_ += members_[i].value;
        continue;
      }
      std::string places;
      for (const Binding& binding : route_.bindings) {
        if (binding.field != field) continue;
        if (binding.location == Location::body && binding.name == members_[i].name) continue;
        places += (places.empty() ? "" : " or ") + std::string(to_string(binding.location)) + " `" +
                  std::string(binding.name) + "`";
      }
      if (!is_bound_by_body(*field, members_[i].name)) {
        refuse(400,
               "`" + members_[i].name + "` is no member of this body: it comes from the " + places,
               members_[i].name);
      }
    }
  }
  [[nodiscard]] bool is_bound_by_body(const Field& field, std::string_view name) const noexcept {
    return std::ranges::any_of(route_.bindings, [&](const Binding& binding) {
      return binding.field == &field && binding.location == Location::body && binding.name == name;
    });
  }

  void add_name(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    append_json_string(out_, name);
    out_ += ':';
  }
  bool add(const Binding& binding, std::string_view json) {
    add_name(binding.field->name());
    out_ += json;
    return true;
  }

  bool add_texts(const Binding& binding, std::vector<std::string> texts) {
    const Type& type = binding.field->type();
    std::string json;
    if (is_scalar(type)) {
      append_scalar(type, texts.front(), binding, json);
    } else if (type.kind() == TypeKind::list || type.kind() == TypeKind::set) {
      const Type& element = type.as_container().element();
      if (!is_scalar(element)) return add_json(binding, texts.front());
      json += '[';
      for (const std::string& text : texts) {
        if (json.size() > 1) json += ',';
        append_scalar(element, text, binding, json);
      }
      json += ']';
    } else {
      return add_json(binding, texts.front());
    }
    return add(binding, json);
  }

  // Of a struct or a map.
  bool add_json(const Binding& binding, std::string_view json) {
    try {
      const JsonDocument document(json);
    } catch (const TypeError& error) {
      refuse(400, path_of(*binding.field) + ": " + error.message(), path_of(*binding.field));
    }
    return add(binding, json);
  }

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
          out += text;
          return;
        }
        // an enum's name, or "NaN"
        if (type.is_enum() || type.kind() == TypeKind::double_) break;
        refuse(400,
               path_of(*binding.field) + ": expected `" + std::string(type.name()) + "`, got `" +
                   std::string(text.substr(0, 60)) + "`",
               path_of(*binding.field));
      default: break;
    }
    append_text(text, out);
  }

  const RouteTable::Match& match_;
  const Route& route_;
  const Request& request_;
  std::string out_;
  bool has_json_ = false;
  std::vector<JsonMember> members_;
  std::vector<bool> used_;
  std::optional<std::vector<Pair>> query_;
  std::optional<std::vector<Pair>> form_;
};

// Where in the body the field is that an error names.
void locate(Problem& problem, const Route& route, std::string_view body) {
  if (problem.line != 0 || body.empty()) return;
  std::string path = problem.path;
  if (route.unpacked != nullptr) {
    const std::string prefix = std::string(route.unpacked->name());
    if (path.starts_with(prefix + ".")) path.erase(0, prefix.size() + 1);
  }
  // of a member that should not be there, the member
  constexpr std::string_view unknown = "has no field `";
  const std::size_t at = problem.message.find(unknown);
  if (at != std::string::npos) {
    const std::size_t begin = at + unknown.size();
    const std::size_t end = std::min(problem.message.find('`', begin), problem.message.size());
    path += (path.empty() ? "" : ".") + problem.message.substr(begin, end - begin);
  }
  const TextPosition position = position_of(body, path);
  problem.line = position.line;
  problem.column = position.column;
}

}  // namespace

std::string_view media_type(std::string_view content_type) noexcept {
  std::string_view out = content_type.substr(0, content_type.find(';'));
  while (out.ends_with(' ')) out.remove_suffix(1);
  return out;
}

void write_arguments(const RouteTable::Match& match, const Request& request, ProtocolId protocol,
                     const FromJsonOptions& options, Buffer& out) {
  const Route& route = *match.route;
  const StructType& type = route.function->arguments();
  try {
    if (route.direct) {
      const std::string_view content_type = media_type(request.header("Content-Type"));
      if (!request.body().empty() && !is_json_type(content_type)) {
        refuse(415, "the body is of type `" + std::string(content_type) +
                        "`; send JSON, with `Content-Type: application/json`");
      }
      const std::string_view body = request.body().empty() ? "{}" : request.body();
      return from_json(body, type, protocol, out, options);
    }
    const std::string text = Composer(match, request).run();
    from_json(text, type, protocol, out, options);
  } catch (const TypeError& error) {
    Problem problem = bad_input(error);
    if (!route.direct && problem.line != 0) {
      // It is no JSON; but the place is one in the text that was put together.
      try {
        const JsonDocument document(request.body());
        problem.line = problem.column = 0;
      } catch (const TypeError& in_body) {
        throw BadRequest(bad_input(in_body));
      }
    }
    const bool json_body = is_json_type(media_type(request.header("Content-Type")));
    if (json_body) locate(problem, route, request.body());
    throw BadRequest(std::move(problem));
  }
}

}  // namespace thrift::gateway
