#include "gateway/openapi_operation.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "gateway/bindings.hpp"

namespace thrift::gateway {
namespace {

constexpr std::string_view error_schema = "#/components/schemas/Error";
constexpr std::string_view error_docs =
    "The request is wrong, or the service cannot be reached or failed";

/// Up to the first full stop that ends a sentence, or the first empty line.
std::string_view first_sentence(std::string_view docs) {
  const std::size_t paragraph = docs.find("\n\n");
  docs = docs.substr(0, paragraph);
  for (std::size_t at = docs.find('.'); at != std::string_view::npos; at = docs.find('.', at + 1)) {
    if (at + 1 == docs.size() || docs[at + 1] == ' ' || docs[at + 1] == '\n') {
      return docs.substr(0, at);
    }
  }
  return docs;
}

bool is_in(const Binding& binding, std::initializer_list<Location> places) {
  return std::ranges::find(places, binding.location) != places.end();
}

class Writer {
 public:
  explicit Writer(const Operation& operation)
      : op_(operation),
        json_(operation.json),
        schemas_(operation.schemas),
        route_(operation.route) {}

  void write() {
    const Function& function = *route_.function;
    json_.begin_object();
    json_.key("operationId").string(op_.id);
    json_.key("tags").begin_array().string(route_.service->name()).end_array();
    if (!function.docs().empty()) {
      std::string summary = readable_docs(first_sentence(function.docs()));
      std::ranges::replace(summary, '\n', ' ');
      json_.key("summary").string(summary);
    }
    schemas_.describe(function.docs(), function.annotations());
    json_.key("x-thrift").begin_object();
    json_.key("service").string(route_.service->name());
    json_.key("method").string(function.name());
    if (!route_.direct) write_bindings();
    json_.end_object();
    if (route_.direct) {
      write_direct_body();
    } else {
      write_parameters();
      write_bound_body();
    }
    write_responses();
    json_.end_object();
  }

 private:
  /// From which part of a request each field comes, as the page needs it to make one: several of a
  /// field in their order. `unpacked` is the argument whose fields these are.
  void write_bindings() {
    if (route_.unpacked != nullptr) json_.key("unpacked").string(route_.unpacked->name());
    json_.key("bindings").begin_array();
    for (const Binding& binding : route_.bindings) {
      const bool in_path = binding.location == Location::path;
      json_.begin_object().key("field").string(binding.field->name());
      json_.key("in").string(to_string(binding.location));
      json_.key("name").string(in_path ? path_parameter(binding.name) : binding.name);
      json_.end_object();
    }
    json_.end_array();
  }

  /// All arguments are members of one object.
  void write_direct_body() {
    const auto fields = route_.function->arguments().fields();
    json_.key("requestBody").begin_object();
    json_.key("required").boolean(std::ranges::any_of(fields, &Field::is_required));
    json_.key("content").begin_object().key("application/json").begin_object().key("schema");
    schemas_.write_object(fields, false);
    json_.end_object().end_object().end_object();
  }

  /// Whether a request without this binding lacks something.
  [[nodiscard]] bool is_needed(const Binding& binding) const {
    return binding.field->is_required() &&
           std::ranges::count(route_.bindings, binding.field, &Binding::field) == 1;
  }

  /// The name in the path of a parameter: another route of the same path may have come first.
  [[nodiscard]] std::string_view path_parameter(std::string_view name) const {
    std::string_view rest = op_.path;
    for (const Segment& segment : route_.segments) {
      const std::string_view there = rest.substr(1, rest.find('/', 1) - 1);
      if (segment.kind != Segment::Kind::text && segment.text == name) {
        return there.substr(1, there.size() - 2);
      }
      rest.remove_prefix(there.size() + 1);
    }
    return name;
  }

  void write_parameters() {
    json_.key("parameters").begin_array();
    std::set<std::pair<Location, std::string_view>> names;
    for (const Binding& binding : route_.bindings) {
      if (!is_in(binding, {Location::path, Location::query, Location::header, Location::cookie}) ||
          !names.emplace(binding.location, binding.name).second) {
        continue;
      }
      const bool in_path = binding.location == Location::path;
      json_.begin_object();
      json_.key("name").string(in_path ? path_parameter(binding.name) : binding.name);
      json_.key("in").string(to_string(binding.location));
      json_.key("required").boolean(in_path || is_needed(binding));
      schemas_.describe(binding.field->docs(), binding.field->annotations());
      if (is_json_in_text(binding.field->type())) {
        write_content([&] { write_parameter_schema(binding); });
      } else {
        json_.key("schema");
        write_parameter_schema(binding);
      }
      json_.end_object();
    }
    json_.end_array();
  }

  void write_parameter_schema(const Binding& binding) {
    json_.begin_object();
    schemas_.write_type(binding.field->type_use(), binding.js_conv);
    schemas_.write_default(*binding.field, binding.js_conv);
    json_.end_object();
  }

  /// Whether a field is required that comes from nowhere but the body.
  [[nodiscard]] bool needs_body() const {
    const auto is_needed_there = [&](const Binding& binding) {
      return binding.field->is_required() &&
             std::ranges::all_of(route_.bindings, [&](const Binding& other) {
               return other.field != binding.field ||
                      is_in(other, {Location::body, Location::whole_body, Location::form,
                                    Location::raw_body});
             });
    };
    return std::ranges::any_of(route_.bindings, is_needed_there);
  }

  void write_bound_body() {
    const auto any = [&](Location location) {
      return std::ranges::find(route_.bindings, location, &Binding::location) !=
             route_.bindings.end();
    };
    if (!route_.reads_body()) return;
    json_.key("requestBody").begin_object();
    json_.key("required").boolean(needs_body());
    json_.key("content").begin_object();
    if (any(Location::whole_body)) {
      const Binding& whole =
          *std::ranges::find(route_.bindings, Location::whole_body, &Binding::location);
      json_.key("application/json").begin_object().key("schema");
      schemas_.write(whole.field->type_use(), whole.js_conv);
      json_.end_object();
    } else if (any(Location::body)) {
      json_.key("application/json").begin_object().key("schema");
      write_members(Location::body);
      json_.end_object();
    }
    if (any(Location::form)) {
      json_.key("application/x-www-form-urlencoded").begin_object().key("schema");
      write_members(Location::form);
      json_.end_object();
    }
    if (any(Location::raw_body)) {
      json_.key("application/octet-stream").begin_object().end_object();
    }
    json_.end_object().end_object();
  }

  /// The object of what is bound to members of the body, or of a form.
  void write_members(Location location) {
    json_.begin_object().key("type").string("object").key("properties").begin_object();
    std::vector<std::string_view> needed;
    std::set<std::string_view> names;
    for (const Binding& binding : route_.bindings) {
      if (binding.location != location || !names.insert(binding.name).second) continue;
      json_.key(binding.name);
      schemas_.write(*binding.field, binding.js_conv);
      if (is_needed(binding)) needed.push_back(binding.name);
    }
    json_.end_object();
    if (!needed.empty()) {
      json_.key("required").begin_array();
      for (const std::string_view name : needed) json_.string(name);
      json_.end_array();
    }
    // What else a form has is for nobody, and does no harm.
    if (location == Location::body) json_.key("additionalProperties").boolean(false);
    json_.end_object();
  }

  void write_responses() {
    const Function& function = *route_.function;
    json_.key("responses").begin_object();
    const int fine = function.is_oneway() ? 202 : fixed_status(function).value_or(200);
    const auto shape = shape_of(function.return_type());
    Exceptions exceptions = exceptions_by_status();
    std::vector<const Field*> alike;  // exceptions that come with the status of a result
    std::erase_if(exceptions.by_status, [&](const auto& entry) {
      const auto& [status, fields] = entry;
      if (tells_status(shape) ? status / 100 != 2 : status != fine) return false;
      alike.insert(alike.end(), fields.begin(), fields.end());
      return true;
    });
    json_.key(tells_status(shape) ? "2XX" : std::to_string(fine)).begin_object();
    std::string description = function.is_oneway() ? "Sent; nothing is ever answered"
                              : function.is_void() ? "Done"
                                                   : "The result";
    if (!alike.empty()) description += ", or " + names_of(alike);
    json_.key("description").string(description);
    if (shape) write_headers(*shape);
    if (!function.is_oneway() && has_content(fine)) {
      write_content([&] {
        if (alike.empty()) return write_shaped(function.return_type_use(), shape);
        json_.begin_object().key("anyOf").begin_array();
        write_shaped(function.return_type_use(), shape);
        for (const Field* exception : alike) write_exception(*exception);
        json_.end_array().end_object();
      });
    }
    json_.end_object();
    write_exceptions(exceptions);
    json_.end_object();
  }

  /// How a result or an exception is spread over the response.
  [[nodiscard]] std::optional<ResponseShape> shape_of(const Type& type) const {
    return route_.direct ? std::nullopt : response_shape(type);
  }
  /// Whether each value tells its own status.
  static bool tells_status(const std::optional<ResponseShape>& shape) {
    return shape && shape->find(Location::status) != nullptr;
  }
  static bool has_content(int status) { return status != 204 && status != 304; }

  void write_headers(const ResponseShape& shape) {
    if (shape.find(Location::header) == nullptr) return;
    json_.key("headers").begin_object();
    std::set<std::string_view> names;
    for (const Binding& binding : shape.bindings) {
      if (binding.location != Location::header || !names.insert(binding.name).second) continue;
      json_.key(binding.name).begin_object().key("schema");
      schemas_.write(binding.field->type_use(), binding.js_conv);
      json_.end_object();
    }
    json_.end_object();
  }

  /// What is left for the body of a struct that is spread over a response.
  void write_shaped(const TypeUse& use, const std::optional<ResponseShape>& shape) {
    if (!shape) return schemas_.write(use);
    if (const Binding* whole = shape->find(Location::whole_body)) {
      return schemas_.write(whole->field->type_use(), whole->js_conv);
    }
    json_.begin_object().key("type").string("object").key("properties").begin_object();
    std::set<std::string_view> names;
    for (const Binding& binding : shape->bindings) {
      if (binding.location != Location::body || !names.insert(binding.name).second) continue;
      json_.key(binding.name);
      schemas_.write(*binding.field, binding.js_conv);
    }
    json_.end_object().end_object();
  }

  template <class Write>
  void write_content(Write write_schema) {
    json_.key("content").begin_object().key("application/json").begin_object().key("schema");
    write_schema();
    json_.end_object().end_object();
  }

  struct Exceptions {
    std::map<int, std::vector<const Field*>> by_status;
    std::vector<const Field*> varying;  // each value tells its own
  };
  [[nodiscard]] Exceptions exceptions_by_status() const {
    Exceptions out;
    for (const Field& exception : route_.function->exceptions()) {
      const auto mapped = op_.options.status ? op_.options.status(exception) : std::nullopt;
      if (!mapped && tells_status(shape_of(exception.type()))) {
        out.varying.push_back(&exception);
        continue;
      }
      out.by_status[mapped ? *mapped : fixed_status(exception).value_or(500)].push_back(&exception);
    }
    return out;
  }

  /// Several may share a status, and those that tell theirs share all.
  void write_exceptions(const Exceptions& all) {
    const std::vector<const Field*>& varying = all.varying;
    for (auto [status, exceptions] : all.by_status) {
      exceptions.insert(exceptions.end(), varying.begin(), varying.end());
      json_.key(std::to_string(status)).begin_object();
      json_.key("description").string(names_of(exceptions));
      if (has_content(status)) write_content([&] { write_one_of(exceptions); });
      json_.end_object();
    }
    write_default(varying);
  }

  static std::string names_of(const std::vector<const Field*>& exceptions) {
    std::string out;
    for (const Field* exception : exceptions) {
      out.append(out.empty() ? "" : " or ").append(exception->type().name());
    }
    return out;
  }

  void write_one_of(const std::vector<const Field*>& exceptions) {
    if (exceptions.size() == 1) return write_exception(*exceptions.front());
    json_.begin_object().key("oneOf").begin_array();
    for (const Field* exception : exceptions) write_exception(*exception);
    json_.end_array().end_object();
  }

  /// What the gateway says itself, or an exception whose status is not known before.
  void write_default(const std::vector<const Field*>& exceptions) {
    json_.key("default").begin_object();
    if (exceptions.empty()) {
      json_.key("$ref").string("#/components/responses/Error");
    } else {
      json_.key("description").string(names_of(exceptions) + ". " + std::string(error_docs));
      write_content([&] {
        json_.begin_object().key("anyOf").begin_array().begin_object();
        json_.key("$ref").string(error_schema).end_object();
        for (const Field* exception : exceptions) write_exception(*exception);
        json_.end_array().end_object();
      });
    }
    json_.end_object();
  }

  /// `{"error": {"name": "NotFound", "status": 404, "exception": {...}}}`
  void write_exception(const Field& exception) {
    json_.begin_object().key("type").string("object").key("properties").begin_object();
    json_.key("error").begin_object().key("type").string("object");
    json_.key("properties").begin_object();
    json_.key("name").begin_object().key("const").string(exception.type().name()).end_object();
    json_.key("status").begin_object().key("type").string("integer").end_object();
    json_.key("exception");
    write_shaped(exception.type_use(), shape_of(exception.type()));
    json_.end_object();
    write_required({"name", "status", "exception"});
    json_.end_object().end_object();
    write_required({"error"});
    json_.end_object();
  }

  void write_required(std::initializer_list<std::string_view> names) {
    json_.key("required").begin_array();
    for (const std::string_view name : names) json_.string(name);
    json_.end_array();
  }

  const Operation& op_;
  JsonWriter& json_;
  SchemaWriter& schemas_;
  const Route& route_;
};

}  // namespace

void write_operation(const Operation& operation) {
  Writer(operation).write();
}

void write_error_schema(JsonWriter& json) {
  const auto member = [&](std::string_view name, std::string_view type, std::string_view docs) {
    json.key(name).begin_object().key("type").string(type);
    if (!docs.empty()) json.key("description").string(docs);
    json.end_object();
  };
  json.key("Error").begin_object();
  json.key("type").string("object");
  json.key("description").string("What went wrong.");
  json.key("properties").begin_object().key("error").begin_object();
  json.key("type").string("object").key("properties").begin_object();
  member("name", "string", "What kind it is, `bad_request` for example, or the exception's name.");
  member("status", "integer", "The status of the response.");
  member("message", "string", "");
  member("path", "string", "The field that is wrong.");
  member("line", "integer", "Where in the body, from 1.");
  member("column", "integer", "");
  member("suggestion", "string", "The name that was meant, perhaps.");
  json.key("exception").begin_object();
  json.key("description").string("The exception, where the service declares it.").end_object();
  json.end_object().key("required").begin_array().string("name").string("status").end_array();
  json.end_object().end_object();
  json.key("required").begin_array().string("error").end_array().end_object();
}

void write_error_response(JsonWriter& json) {
  json.key("Error").begin_object();
  json.key("description").string(error_docs);
  json.key("content").begin_object().key("application/json").begin_object();
  json.key("schema").begin_object().key("$ref").string(error_schema).end_object();
  json.end_object().end_object().end_object();
}

}  // namespace thrift::gateway
