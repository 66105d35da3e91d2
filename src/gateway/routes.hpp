#pragma once

// What the gateway answers to: which HTTP method and path calls which function, and which part of
// the request each argument comes from.
//
//     POST /Service/method                      always; the body is an object of all arguments
//     GET /users/{id}                           from an annotation of the function, as it is
//                                               written in IDLs: (api.get = "/users/:id")
//
// Function annotations: api.get, api.post, api.put, api.delete, api.patch, api.head, api.options,
// api.any; several make several routes. `:name` and `{name}` stand for one segment of the path,
// `*name` at its end for all that is left.
//
// A function with one argument that is a struct has its fields bound (unless the argument itself
// has annotations); of any other the arguments are. What a field's annotations say is tried in the
// order in which they are written, and the first that the request has counts:
//
//     api.path = "name"      the path's parameter         api.query = "name"   the query
//     api.header = "Name"    a header field               api.cookie = "name"  a cookie
//     api.body = "name"      a member of the JSON body; "*" is the whole body
//     api.form = "name"      a field of a form            api.raw_body         the body's bytes
//     api.raw_uri            the target as it was sent    api.none             nothing: stays unset
//
// Text for lists and sets: the query and forms repeat the name, header fields have commas. Text for
// structs and maps is JSON; a path holds neither. Without a name the field's own is meant. A field
// without any of these comes from the path where that has a parameter of its name, else from the
// query for methods that have no body (as far as text can hold its type), else from the body.
//
// Answers of annotated routes follow the annotations of the result's fields, where it is a struct,
// and of a declared exception's: api.http_code, api.header, api.body, api.none, api.js_conv.
//
// Lifetime: a table points into the schemas of its services, which must outlive it.
// Threads: immutable once built.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <thriftpp/schema/schema.hpp>
#include <vector>

namespace thrift::gateway {

enum class HttpMethod : std::uint8_t { get, post, put, delete_, patch, head, options, any };

// "GET"; "ANY" for any.
[[nodiscard]] THRIFTPP_API std::string_view to_string(HttpMethod method) noexcept;
// By its name on the wire, in capitals; nothing for those that no route can have.
[[nodiscard]] THRIFTPP_API std::optional<HttpMethod> find_http_method(
    std::string_view name) noexcept;
// Whether requests of that method usually have a body.
[[nodiscard]] constexpr bool has_body(HttpMethod method) noexcept {
  return method == HttpMethod::post || method == HttpMethod::put || method == HttpMethod::patch ||
         method == HttpMethod::any;
}

// Where in a request (or in a response) a field is.
enum class Location : std::uint8_t {
  path,
  query,
  header,
  cookie,
  body,        // a member of the JSON object
  whole_body,  // the JSON value itself
  form,
  raw_body,
  raw_uri,
  status,  // of responses only: the field is the status
  none,
};
// "path", "query", ...
[[nodiscard]] THRIFTPP_API std::string_view to_string(Location location) noexcept;

struct Binding {
  const Field* field;
  Location location;
  std::string_view name;  // in that location
  bool js_conv = false;   // 64-bit integers as strings
};

// A segment of a route's path.
struct Segment {
  enum class Kind : std::uint8_t { text, parameter, rest } kind;
  std::string_view text;  // or the parameter's name
};

struct Route {
  HttpMethod method;
  std::string path;               // "/users/{id}", "/files/{name*}"
  std::vector<Segment> segments;  // of it
  const Service* service;         // that is called: perhaps one that inherits the function
  const Function* function;
  std::size_t index = 0;  // in RouteTable::routes()
  bool direct = false;    // POST /Service/method: no bindings, the body has all arguments
  // The argument whose fields are bound, or nullptr where the arguments are.
  const Field* unpacked = nullptr;
  std::vector<Binding> bindings;  // in the order of the fields; of a field in that of precedence

  // The struct whose fields are bound.
  [[nodiscard]] const StructType& bound() const noexcept {
    return unpacked != nullptr ? unpacked->type().as_struct() : function->arguments();
  }
  // Whether anything is read from a body.
  [[nodiscard]] THRIFTPP_API bool reads_body() const noexcept;
};

// How a struct that is answered with is spread over the response; nothing where it is the body as
// it is. `bindings` has an entry a field.
struct ResponseShape {
  std::vector<Binding> bindings;
  [[nodiscard]] const Binding* find(Location location) const noexcept;
};
[[nodiscard]] THRIFTPP_API std::optional<ResponseShape> response_shape(const Type& type);

// The status that `api.http_code` fixes: on a field of `throws`, else on its exception; on a
// function for its results. Nothing where there is none, or it is no status.
[[nodiscard]] THRIFTPP_API std::optional<int> fixed_status(const Field& exception) noexcept;
[[nodiscard]] THRIFTPP_API std::optional<int> fixed_status(const Function& function) noexcept;

// A mistake in what the annotations of an IDL say.
struct RouteProblem {
  bool error = true;  // otherwise a warning
  std::string id;     // "route-conflict"
  std::string message;
  std::string file;
  SourceSpan place;
  std::string note = {};  // about another place, where there is one
  std::string note_file = {};
  SourceSpan note_place = {};
};
// `user.thrift:3:5: error: ... [route-conflict]`, and a line for the note; lines end with '\n'.
[[nodiscard]] THRIFTPP_API std::string render_text(const RouteProblem& problem);

class THRIFTPP_API RouteTable {
 public:
  // The services that are exposed. A function that several of them inherit is called of the one
  // that comes first; one whose own service is among them, of that.
  explicit RouteTable(std::span<const Service* const> services);
  // All services of all files.
  explicit RouteTable(const Schema& schema);
  RouteTable(RouteTable&&) noexcept;
  RouteTable& operator=(RouteTable&&) noexcept;
  ~RouteTable();

  [[nodiscard]] std::span<const std::unique_ptr<Route>> routes() const noexcept { return routes_; }
  [[nodiscard]] std::span<const Service* const> services() const noexcept { return services_; }
  [[nodiscard]] std::span<const RouteProblem> problems() const noexcept { return problems_; }
  [[nodiscard]] bool has_errors() const noexcept;
  // Adds a warning for each route that nothing reaches, since its path is taken before.
  void warn_of_hidden(bool (*is_taken)(std::string_view path));

  static constexpr std::size_t max_parameters = 16;
  struct Match {
    const Route* route = nullptr;
    // The parameters' text as it stands in the path (percent-encoded), in order.
    std::array<std::string_view, max_parameters> parameters;
    // Of the methods that the path knows, a bit each (bit_of); 0: there is no such path.
    std::uint16_t allowed = 0;
  };
  // `path` without query. No route and nothing allowed is 404, no route but something allowed 405.
  // A route for GET answers HEAD where nothing else does. Text comes before parameters, parameters
  // before the rest, the method itself before ANY.
  [[nodiscard]] Match match(HttpMethod method, std::string_view path) const;
  // The route's path that `path` is most likely a misspelling of, or nothing.
  [[nodiscard]] std::string near_path(std::string_view path) const;

 private:
  struct Node;
  void add_service(const Service& service);
  void add(std::unique_ptr<Route> route);

  std::vector<const Service*> services_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::vector<RouteProblem> problems_;
  std::unique_ptr<Node> root_;
};

// The method's bit in Match::allowed.
[[nodiscard]] constexpr std::uint16_t bit_of(HttpMethod method) noexcept {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(method));
}

// "GET, HEAD": for the Allow field. HEAD goes with GET, and OPTIONS is always allowed.
[[nodiscard]] THRIFTPP_API std::string allow_list(std::uint16_t allowed);

}  // namespace thrift::gateway
