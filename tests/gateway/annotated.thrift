/** Every place that an annotation can bind a field to. */
struct Query {
  1: required string id (api.path = "id")
  2: optional i32 limit = 10 (api.query = "limit")
  3: optional list<i64> ids (api.query = "ids", api.js_conv = "true")
  4: optional string token (api.header = "X-Token")
  5: optional string session (api.cookie = "session")
}

struct Answer {
  1: string token (api.header = "X-Token")
  2: i32 status (api.http_code)
  3: string text (api.body = "message")
  4: string hidden (api.none)
}

struct Form {
  1: required string name (api.form)
  2: optional binary file (api.form)
}

struct Upload {
  1: required string path (api.path)
  2: required binary content (api.raw_body)
}

struct Whole {
  1: required map<string, string> labels (api.body = "*")
}

exception NotFound {
  1: string what
} (api.http_code = "404")

exception Gone {
  1: string what
} (api.http_code = "404")

service Annotated {
  Answer get(1: Query query) throws (1: NotFound missing, 2: Gone gone) (api.get = "/items/:id")
  void erase(1: string name) (api.delete = "/items/{name}")
  void form(1: Form form) (api.post = "/forms")
  void upload(1: Upload upload) (api.put = "/files/*path")
  Whole label(1: Whole whole) (api.patch = "/labels")
  string any(1: string word) (api.any = "/any")
  string both(1: string word) (api.get = "/any", api.get = "/both", api.http_code = "201")
}
