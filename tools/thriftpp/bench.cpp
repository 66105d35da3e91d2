// thriftpp bench FILE Service.method [DATA] --to URL: calls it many times, and says how that went.
//
// Without --rate as many calls as --connections times --depth are under way at any time: how much a
// service can take. With --rate calls begin at fixed times, whatever became of those before, and
// latency counts from the time at which a call was to begin: a service that stalls is seen to
// stall, since nobody waits for it politely.

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/rpc/client.hpp>

#include "argument_words.hpp"
#include "command.hpp"
#include "data.hpp"
#include "latencies.hpp"

namespace thrift::command {
namespace {

using Clock = std::chrono::steady_clock;

struct BenchArguments {
  std::string file;
  std::string method;
  std::vector<std::string> data;
  std::string to;
  unsigned connections = 1;
  unsigned depth = 1;
  double rate = 0;
  std::uint64_t calls = 0;
  Milliseconds duration;
  Milliseconds warm_up;
  Milliseconds timeout;
  Milliseconds connect_timeout;
  std::vector<std::string> headers;
  bool json = false;
  LoadArguments load;
  JsonArguments read;
};

/// What calls come to, besides results.
enum class CallEnd : unsigned { result, exception, error, timed_out, broken };
constexpr std::array end_names = {"results", "exceptions", "errors", "timed_out", "broken"};

CallEnd end_of(const Result<Value>& reply) {
  if (reply) return CallEnd::result;
  if (reply.error().as<ServiceExceptionDetail>() != nullptr) return CallEnd::exception;
  if (reply.error().as<ApplicationErrorDetail>() != nullptr) return CallEnd::error;
  const auto* const transport = reply.error().as<TransportErrorDetail>();
  return transport != nullptr && transport->kind == TransportErrorKind::timed_out
             ? CallEnd::timed_out
             : CallEnd::broken;
}

std::atomic<bool> interrupted = false;

/// Makes the calls. Replies come on the client's thread, which alone counts them.
class Load {
 public:
  Load(const Client& client, const Function& function, const Value& data,
       const BenchArguments& arguments)
      : client_(client),
        function_(function),
        data_(data),
        rate_(arguments.rate),
        calls_(arguments.calls),
        most_(std::size_t{arguments.connections} * arguments.depth) {
    warm_until_ = start_ + arguments.warm_up.value_or(std::chrono::milliseconds(0));
    if (arguments.calls == 0 || arguments.duration) {
      end_ = warm_until_ + arguments.duration.value_or(std::chrono::seconds(10));
    }
  }

  void run() {
    if (rate_ > 0) {
      keep_rate();
    } else {
      for (std::size_t i = 0; i < most_ && may_begin(); ++i) begin(Clock::now());
    }
    std::unique_lock lock(mutex_);
    // Each call ends by itself, within its time-out.
    changed_.wait(lock, [&] { return under_way_ == 0; });
  }

  [[nodiscard]] const Latencies& latencies() const { return latencies_; }
  [[nodiscard]] std::uint64_t count(CallEnd outcome) const {
    return counts_[static_cast<unsigned>(outcome)];
  }
  /// The first call that came to nothing, if one did.
  [[nodiscard]] const std::optional<Failure>& problem() const { return problem_; }
  /// From the end of the warm-up to the last reply.
  [[nodiscard]] double seconds() const {
    const std::chrono::duration<double> all = last_ - warm_until_;
    return all.count() > 0 ? all.count() : 0;
  }

 private:
  /// Whether one more may begin; it is then counted.
  bool may_begin() {
    if (interrupted || (end_ && Clock::now() >= *end_)) return false;
    return calls_ == 0 || begun_.fetch_add(1) < calls_;
  }

  void keep_rate() {
    const std::chrono::duration<double> between(1 / rate_);
    for (std::uint64_t i = 0;; ++i) {
      const Clock::time_point when =
          start_ + std::chrono::duration_cast<Clock::duration>(between * static_cast<double>(i));
      if (end_ && when >= *end_) return;
      while (!interrupted && Clock::now() < when) {
        std::this_thread::sleep_until(
            std::min(when, Clock::now() + std::chrono::milliseconds(100)));
      }
      {
        // What the client holds has a bound. A call that has to wait for it is late, and is counted
        // so.
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return under_way_ < most_waiting; });
      }
      if (!may_begin()) return;
      begin(when);
    }
  }

  void begin(Clock::time_point intended) {
    {
      const std::lock_guard lock(mutex_);
      ++under_way_;
    }
    client_.prepare_with(function_.name(), data_).start([this, intended](Result<Value> reply) {
      done(intended, reply);
    });
  }

  void done(Clock::time_point intended, const Result<Value>& reply) {
    last_ = Clock::now();
    if (intended >= warm_until_) {
      latencies_.add(last_ - intended);
      ++counts_[static_cast<unsigned>(end_of(reply))];
      if (!reply && !problem_) problem_ = reply.error();
    }
    if (rate_ == 0 && may_begin()) begin(last_);
    const std::lock_guard lock(mutex_);
    --under_way_;
    changed_.notify_one();
  }

  static constexpr std::size_t most_waiting = 100'000;

  const Client& client_;
  const Function& function_;
  const Value& data_;
  const double rate_;
  const std::uint64_t calls_;
  const std::size_t most_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point warm_until_;
  std::optional<Clock::time_point> end_;
  std::atomic<std::uint64_t> begun_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;

  // of the client's thread, until all calls are done
  Latencies latencies_;
  std::array<std::uint64_t, end_names.size()> counts_{};
  std::optional<Failure> problem_;
  Clock::time_point last_;
};

constexpr double percentiles[] = {50, 75, 90, 95, 99, 99.9, 99.99};

std::string name_of(double percentile) {
  char text[16];
  std::snprintf(text, sizeof text, "p%g", percentile);
  return text;
}

double per_second(const Load& load) {
  return load.seconds() > 0 ? static_cast<double>(load.latencies().count()) / load.seconds() : 0;
}

std::string as_json(const Load& load, const BenchArguments& arguments) {
  const Latencies& took = load.latencies();
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("calls").unsigned_integer(took.count());
  json.key("seconds").number(load.seconds());
  json.key("calls_per_second").number(per_second(load));
  json.key("connections").unsigned_integer(arguments.connections);
  if (arguments.rate > 0) {
    json.key("rate").number(arguments.rate);
  } else {
    json.key("depth").unsigned_integer(arguments.depth);
  }
  for (unsigned i = 0; i < end_names.size(); ++i) {
    json.key(end_names[i]).unsigned_integer(load.count(static_cast<CallEnd>(i)));
  }
  json.key("latency_us").begin_object();
  json.key("min").number(took.min());
  json.key("mean").number(took.mean());
  for (const double percent : percentiles) {
    json.key(name_of(percent)).number(took.percentile(percent));
  }
  json.key("max").number(took.max());
  json.end_object();
  json.end_object();
  return out + '\n';
}

std::string as_text(const Load& load) {
  const Latencies& took = load.latencies();
  char line[160];
  std::snprintf(line, sizeof line, "%llu calls in %.2f s: %.0f a second\n",
                static_cast<unsigned long long>(took.count()), load.seconds(), per_second(load));
  std::string out = line;
  for (unsigned i = 1; i < end_names.size(); ++i) {
    const std::uint64_t n = load.count(static_cast<CallEnd>(i));
    if (n == 0) continue;
    std::snprintf(line, sizeof line, "  %-10s %llu\n", end_names[i],
                  static_cast<unsigned long long>(n));
    out += line;
  }
  const auto row = [&](const std::string& name, double us) {
    std::snprintf(line, sizeof line, "  %-7s %10.3f ms\n", name.c_str(), us / 1e3);
    out += line;
  };
  out += "latency\n";
  row("min", took.min());
  row("mean", took.mean());
  for (const double percent : percentiles) row(name_of(percent), took.percentile(percent));
  row("max", took.max());
  return out;
}

/// As `call` would end for the gravest of what happened.
int exit_code_of(const Load& load) {
  if (load.count(CallEnd::broken) != 0) {
    const auto* const transport = load.problem()->as<TransportErrorDetail>();
    return transport != nullptr && transport->kind == TransportErrorKind::not_open ? cannot_connect
                                                                                   : broken;
  }
  if (load.count(CallEnd::timed_out) != 0) return timed_out;
  if (load.count(CallEnd::error) != 0) return application_error;
  return load.count(CallEnd::exception) != 0 ? declared_exception : success;
}

int run(const BenchArguments& arguments) {
  Endpoint endpoint = Endpoint::parse(arguments.to);
  if (arguments.timeout) endpoint.timeout = arguments.timeout;
  if (arguments.connect_timeout) endpoint.connect_timeout = arguments.connect_timeout;
  const Idl idl = load_for(arguments.load, arguments.file);
  const MethodName method(arguments.method);
  const Function& function = find_function(idl.service(method.service), method.function);
  ClientOptions options;
  options.connections = arguments.connections;
  options.encode.write_unset_defaults = true;  // as generated code sends them
  const Client client = Client(idl, method.service, endpoint.to_string(), options)
                            .with({.headers = read_headers(arguments.headers)});
  const Value data = read_arguments(arguments.data, function, arguments.read.read());
  client.connect();  // says at once where nobody is there; the calls have connections of their own
  client.close();

  std::signal(SIGINT, [](int) { interrupted = true; });
  Load load(client, function, data, arguments);
  load.run();
  print(arguments.json ? as_json(load, arguments) : as_text(load));
  if (load.problem()) {
    std::fprintf(stderr, "thriftpp: the first that failed: %s\n",
                 load.problem()->message().c_str());
  }
  return exit_code_of(load);
}

}  // namespace

void add_bench(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<BenchArguments>();
  CLI::App* const verb =
      app.add_subcommand("bench", "Call a method many times, and show how long that took");
  verb->add_option("FILE", arguments->file, "The .thrift file")->required();
  verb->add_option("METHOD", arguments->method, "Service.method")->required();
  verb->add_option("DATA", arguments->data, "The arguments, as `thriftpp call` takes them")
      ->type_name("");
  verb->add_option("--to", arguments->to, "Where the service is")->required()->type_name("URL");
  verb->add_option("-c,--connections", arguments->connections, "Connections")
      ->check(CLI::Range(1U, 10'000U))
      ->capture_default_str();
  verb->add_option("--depth", arguments->depth, "Calls under way on each connection")
      ->check(CLI::Range(1U, 10'000U))
      ->capture_default_str();
  verb->add_option("--rate", arguments->rate,
                   "Calls that begin in a second, whether those before have ended or not;\n"
                   "latency counts from the time at which a call was to begin")
      ->check(CLI::Range(0.001, 1e7))
      ->excludes("--depth");
  verb->add_option("-n,--calls", arguments->calls, "End after that many calls")
      ->check(CLI::PositiveNumber);
  add_duration(*verb, "-d,--duration", arguments->duration,
               "End after that time; 10s where --calls is not given");
  add_duration(*verb, "--warm-up", arguments->warm_up, "Before anything is counted");
  add_duration(*verb, "--timeout", arguments->timeout, "Of each call");
  add_duration(*verb, "--connect-timeout", arguments->connect_timeout, "Of connecting");
  verb->add_option("-H,--header", arguments->headers,
                   "A header to send along, where the transport has room for it; may repeat")
      ->type_name("NAME:VALUE")
      ->allow_extra_args(false);
  verb->add_flag("--json", arguments->json, "The figures as one line of JSON");
  arguments->load.add_to(*verb);
  verb->footer(
      "Ctrl-C ends it early. Latencies are right to a 64th of what they say. Exit codes are those\n"
      "of `thriftpp call`, for the gravest of what happened.\n"
      "Examples:\n"
      "  thriftpp bench user.thrift UserService.getUser userId=1 -c 16 --to "
      "'tcp://127.0.0.1:9090?transport=framed'\n"
      "  thriftpp bench user.thrift UserService.getUser userId=1 --rate 5000 -d 1min --json --to "
      "tcp://127.0.0.1:9090");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace thrift::command
