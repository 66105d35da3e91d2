#include "secrets.hpp"

#include <openssl/crypto.h>

#include <sstream>
#include <stdexcept>

#include "data.hpp"

namespace thrift::command {

std::vector<std::string> read_secrets(const std::string& path, std::string_view what) {
  std::vector<std::string> out;
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty() && !line.starts_with('#')) out.push_back(std::move(line));
  }
  if (out.empty()) throw std::runtime_error(path + " holds no " + std::string(what));
  return out;
}

bool is_among(const std::vector<std::string>& secrets, std::string_view given) {
  bool found = false;
  for (const std::string& secret : secrets) {
    const bool same = secret.size() == given.size() &&
                      CRYPTO_memcmp(secret.data(), given.data(), given.size()) == 0;
    found = same || found;
  }
  return found;
}

}  // namespace thrift::command
