#pragma once

// A header that does not compile alone, to see that the check of headers finds it.

namespace planted {
std::string missing_include();
}  // namespace planted
