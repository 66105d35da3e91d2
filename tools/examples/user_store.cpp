// The service of idl_samples/user.thrift with its users in memory: what a server looks like.
//
//     thriftpp_user_store idl_samples/user.thrift tcp://127.0.0.1:9090
//
// Prints where it listens, and serves until SIGINT or SIGTERM.

#include <csignal>
#include <iostream>
#include <map>
#include <thriftpp/thriftpp.hpp>

namespace {

/// Users by id. Handlers of a server with one thread need no lock.
class UserStore {
 public:
  std::string name_of(std::string_view id) const {
    const auto found = users_.find(id);
    if (found == users_.end()) {
      // The IDL declares no exception for this, so callers get a TApplicationException.
      throw thrift::ApplicationError(thrift::ApplicationErrorKind::internal_error,
                                     "no user `" + std::string(id) + "`");
    }
    return found->second["name"].as<std::string>();
  }
  void update(std::string_view id, thrift::ValueView user) {
    users_.insert_or_assign(std::string(id), thrift::Value(user));
  }
  std::vector<thrift::ValueView> all() const {
    std::vector<thrift::ValueView> users;
    users.reserve(users_.size());
    for (const auto& [id, user] : users_) users.push_back(user);
    return users;
  }

 private:
  std::map<std::string, thrift::Value, std::less<>> users_;
};

void serve(const std::string& idl_file, const std::string& url) {
  // Before there are other threads, so that the signals wait for sigwait below.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  UserStore store;
  const thrift::Idl idl = thrift::load(idl_file);
  thrift::Server server(idl, "UserService");
  server.on("getUser", [&](std::string_view id) { return store.name_of(id); })
      .on("updateUser",
          [&](std::string_view id, thrift::ValueView user) { store.update(id, user); })
      .on("getAllUsers", [&] { return store.all(); });
  server.start(url);
  std::cout << "listening on " << server.endpoint().to_string() << '\n' << std::flush;
  int signal = 0;
  sigwait(&ends, &signal);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: thriftpp_user_store FILE.thrift URL\n";
    return 2;
  }
  try {
    serve(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
