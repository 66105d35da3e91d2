// load/idl/NAME/...: what it costs to load a file of IDL, its includes included.
//
//   thriftpp       thrift::load(path): reading, parsing, checking, layouts, constants
//   recognise      the grammar alone over the file's text: no tree, no includes
//   nlohmann       nlohmann parsing the JSON that Apache's compiler writes for this file
//   nlohmann_all   the same for all files that are loaded; only where the file has includes
//
// The files are those of the payloads and the largest of the corpus of real files, where that is
// there, else our own samples. Apache's JSON lies beside the corpus; where it does not we write it.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thriftpp/load/describe.hpp>
#include <thriftpp/load/load.hpp>

#include "payload.hpp"
#include "recognise.hpp"

namespace fs = std::filesystem;

namespace bench {
namespace {

const fs::path corpus = fs::path(THRIFTPP_BENCH_SHARED) / "corpus";
constexpr std::size_t largest = 8;  // so many files of the corpus

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Sample {
  std::string path;
  thrift::LoadOptions options;
  thrift::SourcePtr source;
  std::vector<std::string> json;  ///< Apache's, of each file that is loaded; the first is its own.
};

std::string json_of(const std::string& path, const thrift::LoadOptions& options) {
  if (const fs::path relative = fs::path(path).lexically_relative(corpus / "files");
      !relative.empty() && *relative.begin() != "..") {
    if (std::string json = read(corpus / "oracle" / (relative.string() + ".json")); !json.empty()) {
      return json;
    }
  }
  return thrift::describe_apache_json(thrift::load(path, options));
}

void parse(const std::string& json) {
  // Apache writes some map keys as JSON that does not parse: parsing ends there.
  auto value = nlohmann::json::parse(json, nullptr, false);
  benchmark::DoNotOptimize(value);
}

void add(std::deque<Sample>& samples, std::string path, thrift::LoadOptions options) {
  Sample sample{std::move(path), std::move(options), nullptr, {}};
  const thrift::Idl idl = thrift::load(sample.path, sample.options);
  for (const thrift::Program* program : idl.schema().programs()) {
    sample.json.push_back(json_of(std::string(program->path()), sample.options));
  }
  sample.source = thrift::SourceFile::create(sample.path, read(sample.path));
  if (!recognise(sample.source)) throw std::runtime_error(sample.path + " is not recognised");
  samples.push_back(std::move(sample));
}

/// The accepted files of the corpus, the largest first, one of a name.
void add_largest(std::deque<Sample>& samples) {
  struct Entry {
    std::uintmax_t size;
    std::string path, include_dirs;
  };
  std::vector<Entry> entries;
  std::ifstream manifest(corpus / "MANIFEST.tsv");
  std::string line;
  std::getline(manifest, line);
  while (std::getline(manifest, line)) {
    std::istringstream cells(line);
    std::string path, dirs, want, kind, error, oracle;
    for (std::string* cell : {&path, &dirs, &want, &kind, &error, &oracle}) {
      std::getline(cells, *cell, '\t');
    }
    if (oracle == "yes") entries.push_back({fs::file_size(corpus / "files" / path), path, dirs});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.size > b.size; });
  std::set<std::string> names;
  for (const Entry& entry : entries) {
    if (!names.insert(fs::path(entry.path).stem()).second) continue;
    thrift::LoadOptions options;
    std::istringstream dirs(entry.include_dirs);
    for (std::string dir; std::getline(dirs, dir, ';');) {
      options.include_dirs.push_back(corpus / "files" / dir);
    }
    add(samples, corpus / "files" / entry.path, options);
    if (names.size() == largest) break;
  }
}

void add_load_rows() {
  static std::deque<Sample> samples;
  for (const auto& file : fs::directory_iterator(THRIFTPP_BENCH_FOLDER)) {
    if (file.path().extension() == ".thrift") add(samples, file.path(), {});
  }
  add_largest(samples);
  for (const Sample& sample : samples) {
    const std::string name = "load/idl/" + fs::path(sample.path).stem().string() + '/';
    benchmark::RegisterBenchmark((name + "thriftpp").c_str(), [&](benchmark::State& state) {
      for (auto _ : state) {
        const thrift::Idl idl = thrift::load(sample.path, sample.options);
        benchmark::DoNotOptimize(idl);
      }
    });
    benchmark::RegisterBenchmark((name + "recognise").c_str(), [&](benchmark::State& state) {
      for (auto _ : state) benchmark::DoNotOptimize(recognise(sample.source));
    });
    benchmark::RegisterBenchmark((name + "nlohmann").c_str(), [&](benchmark::State& state) {
      for (auto _ : state) parse(sample.json.front());
    });
    if (sample.json.size() == 1) continue;
    benchmark::RegisterBenchmark((name + "nlohmann_all").c_str(), [&](benchmark::State& state) {
      for (auto _ : state) std::for_each(sample.json.begin(), sample.json.end(), parse);
    });
  }
}

const Rows rows(add_load_rows);

}  // namespace
}  // namespace bench
