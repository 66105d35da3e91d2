// The .thrift files of a folder.

#include <algorithm>
#include <filesystem>
#include <thriftpp/load/load.hpp>

namespace thrift {

std::vector<std::string> idl_files(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied,
                                         error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code unknown;  // a link to nowhere is no file
    if (entry->path().extension() == ".thrift" && entry->is_regular_file(unknown)) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace thrift
